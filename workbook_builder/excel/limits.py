"""How much of a returned file is read before it is refused, in one place.

The readers must answer within seconds and within 256 MB whatever the file says about
itself. So everything a sender can make large has a bound here, and each bound is far
above what office suites write: of some 4,000 real workbooks the largest unpacks to
114 MB in 1,033 parts, and 99 % unpack to less than 2 MB. ``docs/limits.md`` is made of
this module by ``python -m tools.limits``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.text import Text

MEGABYTE: Final = 1024 * 1024

# Excel's own grid and cell; a file beyond them was not written by an office suite.
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_TEXT: Final = 32_767


def _limit(value: int, zh: str, en: str) -> int:
    """A bound, and what it bounds in the documentation."""
    bound: int = field(default=value, metadata={"text": Text(zh, en)})
    return bound


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file; sizes in bytes. Reaching one refuses the file."""

    file_size: int = _limit(
        100 * MEGABYTE, "文件大小", "bytes of the file as it lies in the folder"
    )
    entries: int = _limit(
        5_000, "压缩包里的部件数", "parts in the package, used or not"
    )
    unpacked: int = _limit(
        200 * MEGABYTE, "解压后的总大小", "bytes of all parts together, unpacked"
    )
    part: int = _limit(
        64 * MEGABYTE, "每个要读的部件的大小", "bytes of any part that is read"
    )
    ratio: int = _limit(200, "单个部件的压缩比", "unpacked to packed size of an entry")
    ratio_from: int = _limit(
        5 * MEGABYTE,
        "解压后小于此数的部件不看压缩比",
        "bytes below which the ratio of an entry does not matter",
    )
    # A million formatted rows without anything in them do occur.
    elements: int = _limit(
        1_200_000,
        "XML 元素数，.xlsb、.xls 记录数",
        "XML elements, or .xlsb or .xls records, of all parts read",
    )
    depth: int = _limit(100, "XML 嵌套层数", "XML elements within one another")
    # The parser keeps them.
    names: int = _limit(
        20_000, "一个部件里不同的 XML 名称数", "different XML names in one part"
    )
    # Expat rereads an unfinished one.
    token: int = _limit(
        MEGABYTE, "一个 XML 标记或 .xlsb 记录的长度", "bytes of one XML tag or record"
    )
    # Excel itself has at most 65,490 cell styles.
    records: int = _limit(
        70_000, "工作表、关系、样式各自的数目", "sheets, relations, styles: each"
    )
    # The form fills some 1,200; a column filled down to the last row has a million.
    cells: int = _limit(
        60_000,
        "有内容的单元格数（只有格式的空格不算）",
        "cells with a value or a formula; blank formatted ones are free",
    )
    strings: int = _limit(
        500_000, "共享字符串数", "entries of the table of shared strings"
    )
    characters: int = _limit(
        20_000_000, "所有单元格的字符总数", "characters kept, all cells together"
    )
    seconds: int = _limit(
        20,
        "在单独的进程里读一个文件的秒数",
        "seconds for one file in a process of its own",
    )
    memory: int = _limit(
        1024 * MEGABYTE,
        "在单独的进程里读一个文件的内存",
        "bytes of memory for one file in a process of its own",
    )


LIMITS: Final = Limits()


def described() -> dict[str, Text]:
    """Each bound by its name, in words."""
    return {bound.name: bound.metadata["text"] for bound in fields(Limits)}


class Budget:
    """What is left of the limits that all parts of one file share."""

    __slots__ = ("cells", "characters", "elements", "limits")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.elements = limits.elements
        self.cells = limits.cells
        self.characters = limits.characters

    def spend_elements(self, count: int) -> None:
        self.elements -= count
        if self.elements < 0:
            raise UnreadableFile("too_large", f"over {self.limits.elements} elements")

    def spend_cells(self, count: int) -> None:
        self.cells -= count
        if self.cells < 0:
            raise UnreadableFile("too_large", f"over {self.limits.cells} cells")

    def check_characters(self) -> None:
        """Readers subtract from ``characters`` directly, and ask here now and then."""
        if self.characters < 0:
            raise UnreadableFile(
                "too_large", f"over {self.limits.characters} characters"
            )


def check_length(text: str) -> None:
    """Raises UnreadableFile for a text that no cell can hold."""
    if len(text) > MAX_TEXT:
        raise UnreadableFile("damaged", f"a text of {len(text)} characters")
