"""What a workbook is to hold, before any file is written.

Sheets are described here as plain values; ``workbook.write`` alone turns them into a
file. Rows and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.layout import column_letters

#: Inches of a printed page that stay white, but for a sheet with narrow margins.
MARGINS = {"left": 0.6, "right": 0.6, "top": 0.7, "bottom": 0.8}
MAX_TITLE, MAX_MESSAGE, MAX_LIST, MAX_SHEET, MAX_TEXT = 32, 255, 255, 31, 32_767
MAX_FORMULA = 8_192


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula (with ``=``) and the result it has now, which is stored with it.

    Mailed files open in Protected View and on phones, where nothing is computed.
    """

    text: str
    result: Decimal | int | str | bool

    def __post_init__(self) -> None:
        if len(self.text) > MAX_FORMULA:
            raise WorkbookError(f"a formula of {len(self.text)} characters")
        if isinstance(self.result, str) and len(self.result) > MAX_TEXT:
            raise WorkbookError(f"a result of {len(self.result)} characters")


@dataclass(frozen=True, slots=True)
class Link:
    """A jump inside the workbook."""

    sheet: str
    address: str
    text: str

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT:
            raise WorkbookError(f"a link of {len(self.text)} characters")


Content = str | int | Decimal | Formula | Link | None


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a cell, or in a merged block of ``rows`` × ``columns``.

    An empty style is the suite's own.
    """

    row: int
    column: int
    content: Content
    style: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, corners included."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def address(self) -> str:
        first = f"{column_letters(self.column)}{self.row + 1}"
        last = f"{column_letters(self.last_column)}{self.last_row + 1}"
        return first if first == last else f"{first}:{last}"


@dataclass(frozen=True, slots=True)
class Validation:
    """What a cell accepts: numbers between two bounds, or one of a list.

    Longer texts than Excel takes are refused here, because XlsxWriter would leave
    the whole validation out without a word.
    """

    area: Area
    kind: str
    """``integer``, ``decimal``, ``list``, ``custom`` or ``any``."""
    title: str
    prompt: str
    error: str = ""
    minimum: int = 0
    maximum: int = 0
    choices: tuple[str, ...] = ()
    formula: str = ""
    """What ``custom`` cells must fulfil, written for the first of them; of a ``list``
    without choices, where they stand."""

    def __post_init__(self) -> None:
        for text, limit in (
            (self.title, MAX_TITLE),
            (self.prompt, MAX_MESSAGE),
            (self.error, MAX_MESSAGE),
            (",".join(self.choices), MAX_LIST),
        ):
            if len(text) > limit:
                raise WorkbookError(f"{len(text)} characters, at most {limit}: {text}")
        if any("," in choice for choice in self.choices):
            raise WorkbookError(f"a choice with a comma: {self.choices}")


@dataclass(frozen=True, slots=True)
class Highlight:
    """Cells that look different while a formula (relative to the first) holds."""

    area: Area
    formula: str
    style: str


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on a cell."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button over the cells of ``area`` that starts a macro of the book."""

    area: Area
    text: str
    macro: str


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """Many cells of one style, row by row from a corner: a table of figures.

    What a sheet of hundreds of thousands of figures is made of; an Item for each
    would take several times the room.
    """

    row: int
    column: int
    rows: Sequence[Sequence[Content]]
    style: str


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: areas of the sheet the chart's data stand on."""

    name: str
    labels: Area
    values: Area


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart of the suite's own over cells of ``sheet``.

    ``kind`` is ``bar`` (across, the first label on top) or ``column``. ``width`` and
    ``height`` are pixels, from the corner of the cell it stands at.
    """

    row: int
    column: int
    kind: str
    title: str
    sheet: str
    series: tuple[Series, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. ``widths`` are in characters, ``heights`` in points."""

    name: str
    items: tuple[Item, ...]
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    fitted: Mapping[int, float] = field(default_factory=dict)
    """Heights until something is typed: the rows follow it."""
    unseen_columns: frozenset[int] = frozenset()
    columns: Mapping[int, str] = field(default_factory=dict)
    """Styles of whole columns, for cells that are filled in later."""
    validations: tuple[Validation, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    notes: tuple[Note, ...] = ()
    buttons: tuple[Button, ...] = ()
    blocks: tuple[FigureBlock, ...] = ()
    charts: tuple[PlacedChart, ...] = ()
    page_breaks: tuple[int, ...] = ()
    """Rows that begin a new page."""
    landscape: bool = False
    narrow: bool = False
    """Printed with narrow margins."""
    pages_wide: int = 1
    """Pages a print is across; 0 for as many as it takes."""
    pages_tall: int = 0
    """Pages a print is down at most; 0 for as many as it takes."""
    print_area: Area | None = None
    repeat_rows: tuple[int, int] | None = None
    repeat_columns: tuple[int, int] | None = None
    freeze: tuple[int, int] | None = None
    filter: Area | None = None
    protected: bool = True
    hidden: bool = False
    grid: bool = False
    select: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        odd = set(self.name) & set("[]:*?/\\") or "'" in self.name[:1] + self.name[-1:]
        if not 0 < len(self.name) <= MAX_SHEET or odd:
            raise WorkbookError(f"“{self.name}” cannot be the name of a sheet")


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook. ``created`` is fixed: same input, same bytes."""

    sheets: tuple[Sheet, ...]
    title: str
    names: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    """Defined name → absolute reference. Older Excels let a conditional format look
    at another sheet only through a name."""
    subject: str = ""
    created: date = date(2021, 9, 26)
    password: str = ""
    macros: bytes = b""
    """A VBA project (``vbaProject.bin``); with one, the file is an .xlsm."""

    def __post_init__(self) -> None:
        names = [sheet.name.casefold() for sheet in self.sheets]
        if len(set(names)) != len(names):
            raise WorkbookError(f"two sheets of one name: {', '.join(names)}")

    def listing(self) -> Iterator[str]:
        """The workbook as text, one cell a line, for goldens and for reading."""
        for sheet in self.sheets:
            yield f"[{sheet.name}]"
            for item in sorted(_items(sheet), key=lambda item: (item.row, item.column)):
                last = (item.row + item.rows - 1, item.column + item.columns - 1)
                area = Area(item.row, item.column, *last).address
                yield f"{area} {item.style} {_shown(item.content)}"


def _items(sheet: Sheet) -> Iterator[Item]:
    """Every cell of a sheet, those of blocks included."""
    yield from sheet.items
    for block in sheet.blocks:
        for down, row in enumerate(block.rows):
            for across, content in enumerate(row):
                yield Item(
                    block.row + down, block.column + across, content, block.style
                )


def _shown(content: Content) -> str:
    match content:
        case None:
            return ""
        case Formula(text=text, result=result):
            return f"{text} → {result}"
        case Link(sheet=sheet, address=address, text=text):
            return f"{text} → {sheet}!{address}"
        case _:
            return str(content)
