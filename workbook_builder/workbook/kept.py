"""Workbooks that differ from one written before in what some cells hold.

Those of a campaign's units do, in names, stamp and figures of the year before, and those
that go back to them in what is said of each. The parts of the one that was written are
kept, cut where cells begin and end; of the next, only cells that hold something else are
written, by XlsxWriter as before, and only parts that they stand in are packed. A plain
sheet that is longer or shorter is written anew, and so are notes. Whatever else differs
(a row that is higher, a style) makes a workbook that is written from the beginning. Either
way the bytes are the same (tests/test_kept.py).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields
from functools import cached_property
from threading import Lock

from workbook_builder.model.grid import Position
from workbook_builder.workbook.pack import Packed, packed
from workbook_builder.workbook.plan import (
    Book,
    Content,
    Formula,
    Item,
    Link,
    Note,
    Sheet,
    Validation,
)
from workbook_builder.workbook.stored import storable
from workbook_builder.workbook.xlsx import CORE, STRINGS, BookWriter, SheetWriter

#: Workbooks of more cells are made once.
MANY_CELLS = 20_000
#: Workbooks that are kept: units of a campaign have some shapes, by kind and long names,
#: and what goes back by the tables in which cells are marked.
SHAPES = 12

#: Puts something into the sheet.
Put = Callable[[SheetWriter, Item | Validation | Note], None]
#: Gives a sheet anew as it stands in the part, in the place of one that was written; None
#: where there is something to it that the workbook does not have.
Draw = Callable[[Sheet, SheetWriter], bytes | None]
#: Gives a shared string its number.
Numbering = Callable[[str], int]

_CUT = {"items", "validations", "notes"}
_FRAME = [each.name for each in fields(Sheet) if each.name not in _CUT]
#: How a plain sheet is as well as another one, whatever it holds.
_KIND = [each for each in _FRAME if each != "heights"]
#: So many notes of a sheet are numbered in a way of their own.
MANY_NOTES = 1024
_OF_BOOK = [e.name for e in fields(Book) if e.name not in {"sheets", "title"}]


def repeats(book: Book) -> bool:
    """Whether another workbook like this one may follow."""
    if book.macros or any(s.blocks or s.charts or s.buttons for s in book.sheets):
        return False
    cells = [(n, i.row, i.column) for n, s in enumerate(book.sheets) for i in s.items]
    return len(set(cells)) == len(cells) < MANY_CELLS


class Shelf:
    """The workbooks written last, by what can be told of their shape at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, KeptBook] = OrderedDict()

    def like(self, book: Book) -> list[Packed] | None:
        """The parts of the workbook, if one like it is kept and nobody uses it now."""
        if not self._kept or not self._lock.acquire(blocking=False):
            return None
        try:
            kept = self._kept.get(_shape(book))
            return kept.like(book) if kept else None
        finally:
            self._lock.release()

    def keep(self, kept: KeptBook) -> None:
        if self._lock.acquire(blocking=False):
            try:
                shape = _shape(kept.book)
                self._kept.pop(shape, None)
                self._kept[shape] = kept
                if len(self._kept) > SHAPES:
                    self._kept.popitem(last=False)
            finally:
                self._lock.release()


def _shape(book: Book) -> Hashable:
    return tuple(
        (s.name,)
        if _is_plain(s)
        else (
            *(s.name, bool(s.notes), len(s.items)),
            *(*s.heights.values(), *s.fitted.values()),
        )
        for s in book.sheets
    )


def _is_plain(sheet: Sheet) -> bool:
    """Whether nothing but its own part says how long it is, and what it holds."""
    more = sheet.validations, sheet.highlights, sheet.notes, sheet.filter
    return not (sheet.hidden or sheet.print_area or any(more))


class KeptBook:
    """A workbook that was written. ``put`` is how what it holds was put into it."""

    def __init__(self, book: Book, workbook: BookWriter, put: Put, draw: Draw) -> None:
        self.book = book
        self._workbook, self._put, self._draw = workbook, put, draw
        self._contents = dict(workbook.parts())
        self.parts = [packed(name, part, True) for name, part in self._contents.items()]

    @cached_property
    def _sheets(self) -> dict[str, _KeptSheet]:
        """In pieces, once another like it is wanted: of many workbooks there is none."""
        sheets = {
            f"xl/worksheets/sheet{number}.xml": _KeptSheet(sheet, writer, self._put)
            for number, (sheet, writer) in enumerate(
                zip(self.book.sheets, self._workbook.worksheets(), strict=True), 1
            )
        }
        number = self._workbook.count_strings_anew()
        for name, sheet in sheets.items():
            sheet.number(number)
            sheet.cut(self._contents[name])
        self._contents.clear()
        return sheets

    def _notes(self) -> Iterator[tuple[str, bytes]]:
        """The parts that say them, by their names."""
        noted = (each for each in self._sheets.values() if each.sheet.notes)
        for number, sheet in enumerate(noted, 1):
            said, shapes = sheet.writer.notes_parts()
            yield f"xl/comments{number}.xml", said
            yield f"xl/drawings/vmlDrawing{number}.vml", shapes

    def like(self, book: Book) -> list[Packed] | None:
        """The parts of another workbook; None where more than what cells hold differs."""
        if any(getattr(book, each) != getattr(self.book, each) for each in _OF_BOOK):
            return None
        sheets = self._sheets.items()
        number, anew = self._workbook.count_strings_anew(), dict[str, bytes]()
        for (name, kept), sheet in zip(sheets, book.sheets, strict=True):
            if kept.has_frame_of(sheet):
                content = kept.with_changes(sheet, number)
            elif kept.is_kind_of(sheet):
                content = self._draw(sheet, kept.writer)
            else:
                return None
            if content is None:
                return None
            anew[name] = content
        anew |= self._notes()
        anew[STRINGS] = self._workbook.strings_part()
        if bool(anew[STRINGS]) != any(part.name == STRINGS for part in self.parts):
            return None
        anew[CORE] = self._workbook.core_part(book.title)
        return [
            packed(part.name, anew[part.name], part.name in self._sheets)
            if anew.get(part.name)
            else part
            for part in self.parts
        ]


class _KeptSheet:
    """A sheet's part in pieces: what stands before a cell, the cell, and so on."""

    def __init__(self, sheet: Sheet, writer: SheetWriter, put: Put) -> None:
        self.sheet, self.writer, self._put = sheet, writer, put
        self._links = _links(sheet)
        self._texts = [_shared(item.content) for item in sheet.items]
        self._numbers: list[int | None] = []
        self._pieces: list[bytes] = []
        self._places: dict[Position | int, int] = {}

    def cut(self, part: bytes) -> None:
        spans = self.writer.spans or {}
        text, at = part.decode(), 0
        for begin, end in spans.values():
            self._pieces += text[at:begin].encode(), text[begin:end].encode()
            at = end
        self._pieces.append(text[at:].encode())
        self._places = {what: 2 * n + 1 for n, what in enumerate(spans)}

    def number(self, number: Numbering) -> None:
        """Which shared strings the sheet as it was written refers to."""
        self._numbers = [None if t is None else number(t) for t in self._texts]

    def has_frame_of(self, sheet: Sheet) -> bool:
        """Whether only what its cells hold may differ, and no link: those stand elsewhere
        in the part as well."""
        if _counts(sheet) != _counts(self.sheet) or not self._agrees(sheet, _FRAME):
            return False
        return _links(sheet) == self._links

    def is_kind_of(self, sheet: Sheet) -> bool:
        """Whether only its part differs, as a whole: a link without a style has one that
        the workbook may be without."""
        plain = _is_plain(sheet) and _is_plain(self.sheet)
        styled = all(item.style for item in _links(sheet))
        return plain and styled and self._agrees(sheet, _KIND)

    def _agrees(self, sheet: Sheet, names: list[str]) -> bool:
        return all(getattr(sheet, each) == getattr(self.sheet, each) for each in names)

    def with_changes(self, sheet: Sheet, number: Numbering) -> bytes | None:
        """The part with the pieces that are others, empty if none is; None if more than
        pieces differ."""
        before, found = self.sheet, dict[int, bytes]()
        items = zip(sheet.items, before.items, self._texts, self._numbers, strict=True)
        for item, old, text, known in items:
            if item is not old and not _same(item.content, old.content):
                if not _fits(item, old) or (sheet.hidden and _another(item, old)):
                    return None
                self._put(self.writer, item)
            elif item is not old and _where(item) != _where(old):
                return None
            elif text is None or (now := number(text)) == known:
                continue
            else:
                self.writer.refer(item.row, item.column, now)
            place = self._places[item.row, item.column]
            found[place] = self.writer.cell_part(item.row, item.column)
        for n, limit in enumerate(sheet.validations):
            if limit != before.validations[n]:
                self._put(self.writer, limit)
                found[self._places[n]] = self.writer.limit_part()
        if not self._places.keys() >= {(note.row, note.column) for note in sheet.notes}:
            return None
        self.writer.forget_notes()
        for note in sheet.notes:
            self._put(self.writer, note)
        return self._content(found) if found else b""

    def _content(self, changes: dict[int, bytes]) -> bytes:
        pieces = self._pieces.copy()
        for place, piece in changes.items():
            pieces[place] = piece
        return b"".join(pieces)


def _counts(sheet: Sheet) -> tuple[int, int, int]:
    """Of what it holds: of notes, whether there are any, or so many."""
    notes = min(len(sheet.notes), 1) + len(sheet.notes) // MANY_NOTES
    return len(sheet.items), len(sheet.validations), notes


def _links(sheet: Sheet) -> list[Item]:
    return [item for item in sheet.items if isinstance(item.content, Link)]


def _shared(content: Content) -> str | None:
    """The text of a cell that is a shared string."""
    if isinstance(content, Link):
        return content.text
    return storable(content) if isinstance(content, str) else None


def _same(one: Content, other: Content) -> bool:
    """Whether both are written alike. TRUE is not 1, though Python says so."""
    if one is other:
        return True
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, Formula) and isinstance(other, Formula):
        return type(one.result) is type(other.result)
    return True


def _where(item: Item) -> tuple[object, ...]:
    return item.row, item.column, item.rows, item.columns, item.style


def _fits(item: Item, old: Item) -> bool:
    """Whether only what the cell holds differs: what holds nothing and has no style is
    not there at all."""
    is_there = bool(item.style or None not in (item.content, old.content))
    return is_there and _where(item) == _where(old)


def _another(item: Item, old: Item) -> bool:
    """Whether the formula is another one, which cells below may have shared."""
    one, other = (
        each.content.text if isinstance(each.content, Formula) else None
        for each in (item, old)
    )
    return one != other
