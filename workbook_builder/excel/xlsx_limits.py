"""How much of a returned file is read before it is refused, in one place.

The reader must answer within seconds and within 256 MB whatever the file says about
itself. So everything a sender can make large has a bound here, and each bound is far
above what office suites write: of some 4,000 real workbooks the largest unpacks to
114 MB in 1,033 parts, and 99 % unpack to less than 2 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from workbook_builder.model.errors import UnreadableFile

MEGABYTE: Final = 1024 * 1024

# Excel's own grid and cell; a file beyond them was not written by an office suite.
MAX_ROWS: Final = 1_048_576
MAX_COLUMNS: Final = 16_384
MAX_TEXT: Final = 32_767


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one file; sizes in bytes. Reaching one refuses the file."""

    file_size: int = 100 * MEGABYTE  # as it lies in the folder
    entries: int = 5_000  # parts in the package, used or not
    unpacked: int = 200 * MEGABYTE  # all parts together
    part: int = 64 * MEGABYTE  # any part that is read
    ratio: int = 200  # unpacked to packed, of entries above ratio_from
    ratio_from: int = 5 * MEGABYTE
    tags: int = 5_000_000  # XML tags, opening and closing, of all parts read
    depth: int = 100  # XML elements within one another
    names: int = 20_000  # different XML names in one part: the parser keeps them
    token: int = MEGABYTE  # one tag or comment: expat rereads an unfinished one
    records: int = 70_000  # sheets, relations, styles (Excel has 65,490 cell styles)
    cells: int = 500_000  # with a value or a formula; blank styled ones are free
    strings: int = 500_000  # entries of the shared string table
    characters: int = 20_000_000  # text kept, all cells together


LIMITS: Final = Limits()


class Budget:
    """What is left of the limits that all parts of one file share."""

    __slots__ = ("cells", "characters", "limits", "tags")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.tags = limits.tags
        self.cells = limits.cells
        self.characters = limits.characters

    def spend_tags(self, count: int) -> None:
        self.tags -= count
        if self.tags < 0:
            raise UnreadableFile("too_large", f"over {self.limits.tags} XML tags")

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
