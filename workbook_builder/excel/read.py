"""Raw cells → stamp, answers, and findings about what was tampered with.

Nothing is searched for: the stamp names the form, the form gives the layout, and
the layout gives the addresses. Where the labels that should stand beside the
figures are gone, the figures of that table are not read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from workbook_builder.excel.formula import NO, YES, Formulas
from workbook_builder.excel.place import AUDIT, GUIDE, HELPERS, HIDDEN, TEXTS, place
from workbook_builder.model.answers import Answers
from workbook_builder.model.finding import Finding, catalogued
from workbook_builder.model.form import Cell, Form, Kind
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.stamp import STAMP_KEYS, Stamp
from workbook_builder.model.values import BLANK, State, Value, from_double, number
from workbook_builder.rules.evaluate import facts

#: Stands in for the figures of a table whose labels were changed.
NOT_READ = Value(State.ERROR, text="表样被改动，没有读取")


class _Wanted:
    """Every sheet but those that hold nothing a clerk types, and cost the most."""

    def __contains__(self, name: object) -> bool:
        return name not in {HELPERS, GUIDE}


#: For ``read_grid``: the sheets whose cells are looked at.
WANTED = _Wanted()


def read_stamp(book: RawBook) -> Stamp | None:
    """The stamp, or None where there is none or it is not whole."""
    sheet = book.sheet(HIDDEN)
    if sheet is None:
        return None
    found: dict[str, str] = {}
    for row, key in enumerate(STAMP_KEYS):
        if _text(sheet.cells.get((row, 0)), False) != key:
            return None
        found[key] = _text(sheet.cells.get((row, 1)), False)
    year = found.pop("year")
    if not re.fullmatch(r"\d{4}(\.0)?", year):
        return None
    return Stamp(year=int(year[:4]), **found)


@dataclass(slots=True)
class Reading:
    """What a stamped workbook says. ``unread`` are tables that were not read."""

    answers: Answers
    findings: tuple[Finding, ...]
    last_year: Mapping[str, Decimal]
    unread: frozenset[str] = frozenset()


def read_answers(form: Form, book: RawBook) -> Reading:
    """Everything a clerk typed, from the places where it belongs."""
    return _Reader(form, place(form), book).read()


def read_older_edition(form: Form, book: RawBook) -> str:
    """The edition whose labels a workbook without stamp carries, or empty."""
    texts = {
        _squashed(cell.value)
        for sheet in book.sheets
        for cell in sheet.cells.values()
        if cell.kind is RawKind.TEXT
    }
    for edition, labels in form.older_labels.items():
        if sum(label in texts for label in labels) >= 2:
            return edition
    return ""


@dataclass(slots=True)
class _Reader:
    form: Form
    layout: Layout
    book: RawBook
    findings: list[Finding] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    printed: dict[str, Value] = field(default_factory=dict)
    rewritten: dict[str, Value] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def read(self) -> Reading:
        self._prove_layout()
        declared = frozenset(self._declared())
        for cell in self.form.cells.values():
            if cell.kind is Kind.INPUT:
                value = self._input(cell)
                if value is not BLANK:
                    self.values[cell.id] = value
            elif cell.table not in self.unread:
                self._total(cell)
        answers = Answers(
            values=self.values,
            declared=declared,
            texts=self._texts(self.layout.texts),
            fields=self._texts(self.layout.fields),
            explanations=self._texts(self.layout.explanations),
            printed=self.printed,
        )
        self._prove_rewritten(answers)
        return Reading(
            answers, tuple(self.findings), self._last_year(), frozenset(self.unread)
        )

    def _prove_layout(self) -> None:
        """Refuses to read a table whose labels are not where they belong."""
        for name in (TEXTS, AUDIT):
            if self.book.sheet(name) is None:
                self.findings.append(catalogued("T03", expected=name, sheet=name))
        for table in self.form.tables:
            sheet = self.book.sheet(table.sheet)
            if sheet is None:
                self.unread.add(table.id)
                self.findings.append(
                    catalogued("T03", expected=table.sheet, sheet=table.sheet)
                )
                continue
            wrong = next(self._moved_labels(sheet), None)
            if wrong is not None:
                self.unread.add(table.id)
                spot, label, seen = wrong
                self.findings.append(
                    catalogued(
                        "T02",
                        expected=label,
                        seen=seen or "空白",
                        sheet=table.sheet,
                        address=spot.address,
                    )
                )

    def _moved_labels(self, sheet: RawSheet) -> Iterator[tuple[Place, str, str]]:
        for spot, label in self.layout.labels.items():
            if spot.sheet == sheet.name:
                seen = _text(sheet.cells.get((spot.row, spot.column)), False)
                if _squashed(seen) != _squashed(label):
                    yield spot, label, seen

    def _declared(self) -> Iterator[str]:
        for table, spot in self.layout.declarations.items():
            said = self._said(spot).strip()
            if said == YES:
                yield table
            elif said not in {"", NO}:
                self.findings.append(
                    catalogued("Y02", seen=said, sheet=spot.sheet, address=spot.address)
                )

    def _input(self, cell: Cell) -> Value:
        if cell.table in self.unread:
            return NOT_READ
        spot = self.layout.cells[cell.id]
        raw = self._raw(spot)
        if raw is None:
            return BLANK
        where = {"cell": cell.id, "sheet": spot.sheet, "address": spot.address}
        if raw.formula is not None and not raw.has_result:
            self.findings.append(catalogued("T06", **where))
            return Value(State.ERROR, text="公式无结果")
        value = value_of(raw, cell, self.form, self.book.date1904)
        if raw.formula is not None and value.number is not None:
            self.findings.append(catalogued("Y01", seen=str(value.shown), **where))
        return value

    def _total(self, cell: Cell) -> None:
        """A total must still be computed by its formula; its result is never used."""
        spot = self.layout.cells[cell.id]
        raw = self._raw(spot)
        if raw is not None and raw.formula is not None:
            ours = _total_formulas(self.form)[cell.id]
            if raw.has_result and _plain_formula(raw.formula) != ours:
                self.rewritten[cell.id] = value_of(raw, cell, self.form, False)
            return
        where = {"cell": cell.id, "sheet": spot.sheet, "address": spot.address}
        if raw is None:
            self.printed[cell.id] = BLANK
        else:
            self.printed[cell.id] = value_of(raw, cell, self.form, False)
            where["seen"] = raw.value
        self.findings.append(catalogued("T01", **where))

    def _prove_rewritten(self, answers: Answers) -> None:
        """A formula in other words (suites share and shorten them) must still give
        what ours gives; otherwise its result counts as typed over."""
        if self.rewritten:
            ours = facts(self.form, answers)
            for id_, value in self.rewritten.items():
                if value != ours[id_]:
                    spot = self.layout.cells[id_]
                    self.printed[id_] = value
                    self.findings.append(
                        catalogued(
                            "T01",
                            cell=id_,
                            sheet=spot.sheet,
                            address=spot.address,
                            seen=value.shown or "",
                        )
                    )

    def _texts(self, places: Mapping[str, Place]) -> dict[str, str]:
        said = {key: self._said(spot) for key, spot in places.items()}
        return {key: text for key, text in said.items() if text}

    def _last_year(self) -> dict[str, Decimal]:
        found = {}
        for id_, spot in self.layout.last_year.items():
            raw = self._raw(spot)
            if raw is not None and raw.kind is RawKind.NUMBER:
                decimals = self.form.cells[id_].type.decimals
                found[id_] = from_double(raw.value, decimals)
        return found

    def _said(self, spot: Place) -> str:
        return _text(self._raw(spot), self.book.date1904)

    def _raw(self, spot: Place) -> RawCell | None:
        sheet = self.book.sheet(spot.sheet)
        return sheet.cells.get((spot.row, spot.column)) if sheet else None


def value_of(raw: RawCell, cell: Cell, form: Form, date1904: bool) -> Value:
    """What a raw cell means in a place for a number."""
    match raw.kind:
        case RawKind.NUMBER:
            return number(from_double(raw.value, cell.type.decimals))
        case RawKind.ERROR:
            return Value(State.ERROR, text=raw.value)
        case RawKind.EMPTY:
            return BLANK
        case _:
            text = _text(raw, date1904)
            if not text:
                return BLANK
            if text.strip() in form.not_applicable:
                return Value(State.NOT_APPLICABLE, text=text)
            return Value(State.TEXT, text=text)


def _text(raw: RawCell | None, date1904: bool) -> str:
    """What a cell shows, for places where text is expected."""
    if raw is None:
        return ""
    if raw.kind is RawKind.DATE:
        return _date(raw.value, date1904)
    if raw.kind is RawKind.NUMBER:
        return raw.value.removesuffix(".0")
    return raw.value


def _date(serial: str, date1904: bool) -> str:
    """A date serial as 2025-01-02; the number itself where it is none."""
    start = (
        datetime.datetime(1904, 1, 1) if date1904 else datetime.datetime(1899, 12, 30)
    )
    try:
        moment = start + datetime.timedelta(days=float(serial))
    except (ValueError, OverflowError):
        return serial
    return f"{moment:%Y-%m-%d}"


@cache
def _total_formulas(form: Form) -> dict[str, str]:
    """The formula of each total, ready to compare: every file has the same."""
    layout = place(form)
    return {
        id_: _plain_formula(Formulas(form, layout, layout.cells[id_].sheet).total(id_))
        for id_ in form.totals
    }


def _plain_formula(text: str) -> str:
    """Without “=”, spaces, quotes, dollars and case, which suites rewrite."""
    text = text.removeprefix("=")
    return re.sub(r"[\s'$]", "", text).upper()


def _squashed(text: str) -> str:
    return "".join(text.split())
