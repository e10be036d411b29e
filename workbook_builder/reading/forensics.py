"""What was done to a returned .xlsx besides filling it in.

Asked only of files that have to go back, to tell a clerk how it came about: protection
taken off, limits of cells pasted over, comments left, another program. It changes no
verdict. A library would do for this, but the one there is hangs on some files, and in a
worker that would cost the file its verdict; so it is read as everything else is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import ClassVar

from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.formats.budget import Budget
from workbook_builder.formats.xlsx_book import WorkbookReader, relations_of, target_of
from workbook_builder.formats.xlsx_cell import position
from workbook_builder.formats.xlsx_package import Package
from workbook_builder.formats.xlsx_xml import Attributes, PartReader, flag
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.grid import Position, RawBook
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.text import Text
from workbook_builder.reading.locate import locate
from workbook_builder.workbook.place import ENTRIES, HELPERS, NOTED_BY

#: More comments than these say nothing more.
MOST_COMMENTS = 20
#: What the builder's own files say they were saved by.
_BUILT_BY = "Microsoft Excel 12.0000"
_PROPERTIES = "docProps/app.xml"

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
#: Outside quotes the bar stands for nothing else.
_DDE = re.compile(r"\||\bDDE\s*\(", re.IGNORECASE)

#: Sheets on which nobody types, so large that they cost more than all others.
_UNSEEN = {ENTRIES, HELPERS}
_FORMULA_OF = attrgetter("formula")

_Area = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a cell; ``author`` is empty where the file does not say."""

    place: Place
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Traces:
    """By sheet name: whether it is protected, and which areas limit what is typed.

    ``program`` is what saved the file last, as it calls itself.
    """

    protected: frozenset[str]
    limited: Mapping[str, tuple[_Area, ...]]
    comments: tuple[Comment, ...]
    program: str


def hints(
    form: Form, layout: Layout, book: RawBook, data: bytes
) -> tuple[Finding, ...]:
    """What a person should know who asks the unit to fill the workbook in again.

    Nothing where the file cannot be read to the end.
    """
    if book.format != "xlsx":
        return ()
    try:
        found = traces(data)
    except UnreadableFile:
        return ()
    return (*_tampering(form, layout, book, found), *_comments(found), *_program(found))


def in_every_file(book: RawBook) -> tuple[Finding, ...]:
    """What is noted of a file whatever becomes of it; nothing is run or followed."""
    told = (
        ("X03", book.macros),
        ("X04", book.external_links or _asks_programs(book)),
        ("X07", book.objects),
    )
    return tuple(catalogued(code) for code, there in told if there)


def _asks_programs(book: RawBook) -> bool:
    """Whether a formula has another program run."""
    formulas = set[str | None]()  # many cells have the same
    for sheet in book.sheets:
        formulas.update(map(_FORMULA_OF, sheet.cells.values()))
    return any(map(_asks_program, filter(None, formulas)))


@lru_cache(maxsize=1 << 9)  # every file has the same
def _asks_program(formula: str) -> bool:
    """``app|topic!item``, or its function."""
    may = "|" in formula or "DDE" in formula.upper()
    return may and bool(_DDE.search(_QUOTED.sub("", formula)))


def _tampering(
    form: Form, layout: Layout, book: RawBook, found: Traces
) -> Iterator[Finding]:
    sheets = locate(layout, book)
    open_ = [s.name for s in sheets.values() if s.name not in found.protected]
    if open_:
        names = "、".join(open_)
        yield catalogued("X01", detail=Text(names, ", ".join(open_)))
    spots = (layout.cells[cell.id] for cell in form.inputs)
    there = [
        spot
        for wanted in spots
        if wanted.sheet in sheets and (spot := sheets[wanted.sheet].find(wanted))
    ]
    free = [spot for spot in there if not _is_limited(spot, found)]
    if free:
        yield catalogued(
            "X02",
            detail=str(len(free)),
            sheet=free[0].sheet,
            address=free[0].address,
        )


def _is_limited(spot: Place, found: Traces) -> bool:
    return any(
        top <= spot.row <= bottom and left <= spot.column <= right
        for (top, left), (bottom, right) in found.limited.get(spot.sheet, ())
    )


def _comments(found: Traces) -> Iterator[Finding]:
    for comment in found.comments:
        spot = comment.place
        yield catalogued(
            "X05", seen=comment.text, sheet=spot.sheet, address=spot.address
        )


def _program(found: Traces) -> Iterator[Finding]:
    if found.program not in {"", _BUILT_BY}:
        yield catalogued("X06", seen=found.program)


# ---------------------------------------------------------------- reading


def traces(data: bytes) -> Traces:
    """What the parts say that hold no values. Raises UnreadableFile."""
    package, budget = Package(data, WORKBOOK), Budget(WORKBOOK)
    main = target_of(relations_of(package, "", budget), "officeDocument") or ""
    book = WorkbookReader(budget)
    book.read(package.pieces(main))
    links = relations_of(package, main, budget)
    protected, limited, comments = set(), {}, list[Comment]()
    for entry in book.sheets:
        part = links[entry.relation].target if entry.relation in links else ""
        if part not in package or entry.name in _UNSEEN:
            continue
        marks = _SheetMarks(budget)
        marks.read(package.pieces(part))
        if marks.protected:
            protected.add(entry.name)
        limited[entry.name] = tuple(marks.limited)
        comments += _comments_of(package, part, entry.name, budget)
    return Traces(
        frozenset(protected),
        limited,
        tuple(comments[:MOST_COMMENTS]),
        _program_of(package, budget),
    )


def _comments_of(
    package: Package, part: str, sheet: str, budget: Budget
) -> list[Comment]:
    """Those of other people: what the builder writes beside a cell is no answer."""
    target = target_of(relations_of(package, part, budget), "comments") or ""
    if target not in package:
        return []
    reader = _Comments(sheet, budget)
    reader.read(package.pieces(target))
    return [each for each in reader.comments if each.text and each.author != NOTED_BY]


def _program_of(package: Package, budget: Budget) -> str:
    if _PROPERTIES not in package:
        return ""
    reader = _Properties(budget)
    reader.read(package.pieces(_PROPERTIES))
    named = (reader.found.get(key, "") for key in ("Application", "AppVersion"))
    # LibreOffice goes on with the system it runs on and the day it was made.
    name, version = (re.sub(r"\s+", " ", text.partition("$")[0]) for text in named)
    return f"{name} {version}".strip()


class _SheetMarks(PartReader):
    """Whether a sheet is protected, and where something limits what is typed."""

    content_depth: ClassVar[int | None] = 4

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.protected = False
        self.limited: list[_Area] = []
        self._limits = False

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if name == "sheetData":
            self.skip()
        elif name == "sheetProtection":
            self.protected = flag(attributes.get("sheet"))
        elif name == "dataValidation":
            self._limits = attributes.get("type", "none") != "none"
            self._limit(attributes.get("sqref", ""))

    def prepared(self, piece: bytes) -> bytes:
        """Without the cells: nothing is asked of them here, and they are most of it."""
        before, begins, rest = piece.partition(b"<sheetData>")
        _, ends, after = rest.rpartition(b"</sheetData>")
        return before + begins + ends + after if begins and ends else piece

    def end(self, tag: str) -> None:
        self.depth -= 1
        # Newer files have the area as an element within the extensions.
        if self.local[tag] == "sqref":
            self._limit("".join(self.text))
        self.text.clear()

    def _limit(self, areas: str) -> None:
        for area in areas.split() if self._limits else ():
            first, _, last = area.replace("$", "").partition(":")
            self.limited.append((position(first), position(last or first)))
        if len(self.limited) > self.budget.limits.records:
            raise UnreadableFile("too_large", "too many limits of cells")


class _Comments(PartReader):
    """The comments of one sheet."""

    content_depth: ClassVar[int | None] = 3

    def __init__(self, sheet: str, budget: Budget) -> None:
        super().__init__(budget)
        self.comments: list[Comment] = []
        self._sheet = sheet
        self._authors: dict[str, str] = {}
        self._at: tuple[Position, str]

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        name = self.local[tag]
        if name == "comment":
            author = self._authors.get(attributes.get("authorId", ""), "")
            self._at = position(attributes.get("ref", "A1")), author
        if name in {"comment", "author"}:
            self.text.clear()

    def end(self, tag: str) -> None:
        self.depth -= 1
        name, text = self.local[tag], "".join(self.text).strip()
        if name == "author":
            self._authors[str(len(self._authors))] = text
        elif name == "comment":
            at, author = self._at
            if author.startswith("tc="):
                author, text = "", _threaded(text)
            self.comments.append(Comment(Place(self._sheet, *at), author, text))


def _threaded(text: str) -> str:
    """What was said in a thread: Excel writes an advertisement before it, and a word such
    as “批注:” before each turn."""
    turns = re.split(r"\n *\n", text)[2:]
    said = (turn.partition("\n")[2].strip() or turn.strip() for turn in turns)
    return "；".join(filter(None, said)) or text


class _Properties(PartReader):
    """The texts of the file's properties."""

    content_depth: ClassVar[int | None] = 2

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: dict[str, str] = {}

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        self.text.clear()
        if self.depth > 2:
            self.skip()

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.depth == 1:
            self.found[self.local[tag]] = "".join(self.text).strip()
        self.text.clear()
