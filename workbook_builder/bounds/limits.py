"""How much of what comes back is read before it is refused, in one place.

The readers must answer within seconds and within 256 MB whatever a file says about
itself. So everything a sender can make large has a bound here, and each bound is far
above what office suites write: of some 4,000 real workbooks the largest unpacks to
114 MB in 1,033 parts, and 99 % unpack to less than 2 MB. ``docs/limits.md`` is made of
this module by ``python -m tools.limits``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from workbook_builder.model.text import Text

MEGABYTE: Final = 1024 * 1024

# Excel's own grid and cell; a file beyond them was not written by an office suite.
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_TEXT: Final = 32_767


def _limit(value: int, zh: str, en: str) -> int:
    """A bound, and what it bounds in the documentation."""
    bound: int = field(default=value, metadata={"text": Text(zh, en), "bytes": False})
    return bound


def _size(value: int, zh: str, en: str) -> int:
    """A bound in bytes."""
    bound: int = field(default=value, metadata={"text": Text(zh, en), "bytes": True})
    return bound


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """Upper bounds of one workbook. Reaching one refuses the file."""

    file_size: int = _size(
        100 * MEGABYTE, "文件大小", "bytes of the file as it lies in the folder"
    )
    entries: int = _limit(
        5_000, "压缩包里的部件数", "parts in the package, used or not"
    )
    unpacked: int = _size(
        200 * MEGABYTE, "解压后的总大小", "bytes of all parts together, unpacked"
    )
    part: int = _size(
        64 * MEGABYTE, "每个要读的部件的大小", "bytes of any part that is read"
    )
    ratio: int = _limit(200, "单个部件的压缩比", "unpacked to packed size of an entry")
    ratio_from: int = _size(
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
    token: int = _size(
        MEGABYTE, "一个 XML 标记或 .xlsb 记录的长度", "bytes of one XML tag or record"
    )
    # Excel itself has at most 65,490 cell styles.
    records: int = _limit(
        70_000, "工作表、关系、样式各自的数目", "sheets, relations, styles: each"
    )
    # The form fills some 1,200; a column filled down to the last row has a million.
    cells: int = _limit(
        60_000,
        "有内容的单元格数（只有格式的空单元格不算）",
        "cells with a value or a formula; blank formatted ones are free",
    )
    # A library that lays sheets out whole takes some 60 bytes for each.
    grid: int = _limit(
        2_000_000,
        "损坏的 .xls 换一个程序库再读时，全部工作表从第一个到最末一个有内容的单元格",
        "cells from the first to the last that holds anything, all sheets together, "
        "where a second library is to read a damaged .xls",
    )
    strings: int = _limit(
        500_000, "共享字符串数", "entries of the table of shared strings"
    )
    characters: int = _limit(
        20_000_000, "所有单元格的字符总数", "characters kept, all cells together"
    )


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """Upper bounds of an archive or mail and all that is in it.

    All but ``depth`` and ``entry`` are shared by the whole tree. A district's inbox as
    one zip has some 200 workbooks of 60 KB.
    """

    depth: int = _limit(3, "一层套一层的层数", "containers within one another")
    entries: int = _limit(5_000, "里面的文件总数", "files in all of them together")
    unpacked: int = _size(
        500 * MEGABYTE, "全部解开后的大小", "all that is unpacked, containers included"
    )
    # As large as one in the inbox may be.
    entry: int = _size(100 * MEGABYTE, "里面一个文件的大小", "one file in them")
    # Parsing takes ten times that; mail servers take 50 MB.
    mail: int = _size(64 * MEGABYTE, "一封邮件的大小", "one mail")
    ratio: int = _limit(200, "一个文件的压缩比", "unpacked to packed size of a file")
    ratio_from: int = _size(
        5 * MEGABYTE,
        "小于此数的文件不看压缩比",
        "below which the ratio does not matter",
    )
    # The library keeps them all.
    marks: int = _limit(100_000, "压缩包目录里的项数", "entries a zip may announce")
    # The standard library's parser of mails is slow; these keep it below two seconds.
    # 64 MB of an encoded attachment have 830,000 lines.
    mail_lines: int = _limit(1_000_000, "一封邮件的行数", "lines of a mail")
    # Two for each file, if every one has brackets of its own.
    mail_parts: int = _limit(10_000, "一封邮件的部分数", "parts of a mail")
    mail_head: int = _size(
        MEGABYTE, "信头的长度", "what is before the first empty line"
    )
    mail_work: int = _limit(
        10_000_000,
        "邮件的行数乘以各部分的嵌套层数",
        "lines times parts within one another",
    )
    names: int = _size(
        MEGABYTE,
        "写有附件文件名的信头，总长",
        "headers that name attachments, together",
    )


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a process that reads may take before it is ended."""

    seconds: int = _limit(
        20,
        "在单独的进程里读一个文件的秒数",
        "seconds for one file in a process of its own",
    )
    memory: int = _size(
        1024 * MEGABYTE,
        "在单独的进程里读一个文件的内存",
        "bytes of memory for one file in a process of its own",
    )


@dataclass(frozen=True, slots=True)
class ScanLimits(ProcessLimits):
    """The same for a process that looks at pictures of pages."""

    seconds: int = _limit(600, "认读一份扫描件的秒数", "seconds for one scan or photo")
    memory: int = _size(
        3072 * MEGABYTE, "认读一份扫描件的内存", "bytes of memory for one scan or photo"
    )


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """Upper bounds of a published report, on top of those of its package.

    A report has some 600 cells of tables, 60,000 characters and 40 pages.
    """

    table_cells: int = _limit(20_000, "表格单元格数", "cells of tables")
    text: int = _limit(1_000_000, "文字总字符数", "characters, all text together")
    span: int = _limit(200, "一个单元格最多跨的列数", "columns that one cell spans")
    tags: int = _limit(400_000, "网页的标记数", "tags of a web page")
    nesting: int = _limit(40, "表格嵌套层数", "tables within one another")
    pages: int = _limit(200, "PDF 的页数", "pages of a PDF")
    marks: int = _limit(
        100_000, "PDF 里画的文字和线条数", "texts and lines a PDF draws"
    )


WORKBOOK: Final = WorkbookLimits()
#: Of a list that the office itself keeps: a country's roster has some hundred thousand rows.
LIST: Final = replace(WORKBOOK, cells=1_500_000, elements=6_000_000)
CONTAINER: Final = ContainerLimits()
DOCUMENT: Final = DocumentLimits()
PROCESS: Final = ProcessLimits()
SCAN: Final = ScanLimits()
