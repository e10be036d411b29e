"""Raw cells → stamp, answers, and findings about what was tampered with.

The stamp names form and layout, and the layout gives the addresses. Only where labels
are not where they should be, cells are looked for by their labels
(``reading.locate``); a cell nobody can find for certain is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import TypeVar

from workbook_builder.language.formula import Formulas
from workbook_builder.language.labels import bare_label
from workbook_builder.language.typed import number_in
from workbook_builder.language.value import Evaluator
from workbook_builder.model.answers import (
    ALL_ZERO,
    NO,
    REST_PASTED,
    REST_ZERO,
    YES,
    Answers,
    Circumstances,
)
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Cell, Form, Kind
from workbook_builder.model.grid import RawBook, RawCell, RawKind, text_of
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.period import Frequency, Period
from workbook_builder.model.stamp import ROLLUP_KEYS, Coverage, Stamp, stamp_keys
from workbook_builder.model.text import Text
from workbook_builder.model.values import (
    BLANK,
    State,
    Value,
    from_double,
    number,
    number_from_double,
    on_grid,
)
from workbook_builder.reading.locate import locate
from workbook_builder.reading.sheets import Sheets
from workbook_builder.reading.written import no_text, visible
from workbook_builder.workbook.place import (
    ENTRIES,
    GUIDE,
    HELPERS,
    HIDDEN,
    LAST_PERIOD_COLUMN,
    PASTE_WIDE,
    PRINTED,
    place,
)

#: Stands in for the figures of a table whose labels were changed.
_Key = TypeVar("_Key")

NOT_READ = Value(State.ERROR, text="表样被改动，没有读取")


#: What of a cell may round the number in it.
_FORMATS = frozenset(("format", "condition"))


class _Wanted:
    """Every sheet but those that hold nothing a clerk types, and cost the most."""

    def __contains__(self, name: object) -> bool:
        return name not in {HELPERS, ENTRIES, PRINTED, GUIDE}


#: For ``read_grid``: the sheets whose cells are looked at.
WANTED = _Wanted()


def read_stamp(book: RawBook) -> Stamp | None:
    """The stamp, or None where there is none or it is not whole."""
    sheet = book.sheet(HIDDEN)
    if sheet is None:
        return None
    for frequency in Frequency:
        keys = stamp_keys(frequency)
        labels, values = (
            [text_of(sheet.cells.get((row, column))) for row in range(len(keys))]
            for column in (0, 1)
        )
        head = keys[: -len(ROLLUP_KEYS)]
        for own in (keys, head):  # a return says nothing of what only a roll-up has
            if labels == [*own, *[""] * (len(keys) - len(own))]:
                return _stamp(frequency, dict(zip(own, values, strict=False)))
    return None


def _stamp(frequency: Frequency, found: dict[str, str]) -> Stamp | None:
    numbers = [found.pop(part).removesuffix(".0") for part in frequency.parts]
    covers = Coverage.read(found.pop("coverage", ""), found.pop("missing", ""))
    try:
        year, *number = map(int, numbers)
        period = Period(year, frequency, *number)
    except ValueError:
        return None
    return Stamp(period=period, coverage=covers, **found)


@dataclass(slots=True)
class Reading:
    """What a workbook says. ``unread`` are cells whose place nobody can tell,
    and fields in which something else stands than what somebody typed."""

    answers: Answers
    findings: tuple[Finding, ...]
    last_period: Mapping[str, Decimal]
    unread: frozenset[str] = frozenset()


def read_answers(
    form: Form, layout: Layout, book: RawBook, period: Period | None = None
) -> Reading:
    """Everything a clerk typed, from the places where it belongs. Without its ``period``
    it is taken for the first one of the form."""
    sheets = Sheets(form, layout, book, locate(layout, book))
    return _Reader(form, layout, book, sheets, period or form.first_period).read()


@dataclass(slots=True)
class _Reader:
    form: Form
    layout: Layout
    book: RawBook
    sheets: Sheets
    period: Period
    findings: list[Finding] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    printed: dict[str, Value] = field(default_factory=dict)
    results: dict[str, Value] = field(default_factory=dict)
    rewritten: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    pasted: set[str] = field(default_factory=set)
    """Tables whose blanks are what was pasted."""
    copied: dict[Place, Place] = field(default_factory=dict)
    """Of these, where each printed cell is on the page for copied tables."""
    pasted_totals: dict[str, Value] = field(default_factory=dict)

    def read(self) -> Reading:
        self.findings += self.sheets.changed()
        chosen = dict(self._declared())
        asked = [t for t, said in chosen.items() if said == REST_PASTED]
        self.pasted |= {table for table in asked if self._lines_up(table)}
        chosen = {t: said for t, said in chosen.items() if t not in asked}
        for cell in self.form.cells.values():
            spot = self.sheets.find(self.layout.cells[cell.id])
            if spot is None:
                self.unread.add(cell.id)
            if cell.kind is Kind.INPUT:
                value = self._input(cell, spot)
                if value is not BLANK:
                    self.values[cell.id] = value
            elif spot is not None:
                self._total(cell, spot)
        answers = Answers(
            values=self.values,
            declared=frozenset(chosen),
            rest_zero=frozenset(t for t, said in chosen.items() if said == REST_ZERO),
            texts=self._texts(),
            fields=self._written(self.sheets.places(self.layout.fields)),
            explanations=self._written(self.sheets.explained()),
            printed=self._printed(),
        )
        last_period = self._last_period()
        self._prove_totals(answers, last_period)
        answers = replace(answers, printed=self._printed())
        self.findings += self.sheets.unseen()
        found = tuple(self.findings)
        return Reading(answers, found, last_period, frozenset(self.unread))

    def _printed(self) -> dict[str, Value]:
        """Totals that somebody typed or pasted."""
        return {**self.pasted_totals, **self.printed}

    def _note(self, code: str, detail: Text | str = "", **fields: str) -> None:
        self.findings.append(catalogued(code, detail, **fields))

    def _note_at(self, code: str, cell: Cell, spot: Place, **fields: str) -> None:
        where = {"cell": cell.id, "sheet": spot.sheet, "address": spot.address}
        self._note(code, **where, **fields)

    def _declared(self) -> Iterator[tuple[str, str]]:
        """The tables above which something was chosen, each with that."""
        for table, wanted in self.layout.declarations.items():
            spot = self.sheets.find(wanted)
            raw = self.sheets.at(spot)
            said = text_of(raw).strip()
            if spot and raw and not raw.has_result:
                self._note("T06", sheet=spot.sheet, address=spot.address)
            elif said in {ALL_ZERO, REST_ZERO, REST_PASTED, YES}:
                if spot and raw and raw.unlike:
                    self._note("Y20", sheet=spot.sheet, address=spot.address)
                yield table, said
            elif spot is not None and said not in {"", NO}:
                self._note("Y02", seen=said, sheet=spot.sheet, address=spot.address)

    def _lines_up(self, table: str) -> bool:
        """Whether the page for copied tables has every row as it is printed, but for
        cells that hold nothing; says the first place where it has not."""
        for row in self.layout.printed_rows(table) if self.layout.pasted else ():
            twin = self.layout.pasted_at(table, row[0])
            held = [Place(twin.sheet, twin.row, c) for c in range(PASTE_WIDE)]
            held = [spot for spot in held if self._holds(spot)]
            expected = f"{len(row)} 个单元格有内容"
            if len(held) != len(row):
                self._unlike(replace(twin, column=0), expected, f"{len(held)} 个")
                return False
            for spot, there in zip(row, held, strict=True):
                label = self.layout.labels.get(spot)
                seen = text_of(self.sheets.at(there))
                if label is not None and bare_label(seen) != bare_label(label):
                    self._unlike(self.layout.pasted_at(table, spot), label, seen)
                    return False
                self.copied[spot] = there
        return bool(self.layout.pasted)

    def _unlike(self, spot: Place, expected: str, seen: str) -> None:
        where = {"sheet": spot.sheet, "address": spot.address}
        self._note("Y18", spot.address, expected=expected, seen=seen, **where)

    def _holds(self, spot: Place) -> bool:
        raw = self.sheets.at(spot)
        return raw is not None and bool(raw.value)

    def _input(self, cell: Cell, spot: Place | None) -> Value:
        if spot is None:
            return NOT_READ
        raw = self.sheets.at(spot)
        if cell.table in self.pasted and (raw is None or not raw.value):
            spot = self.copied[self.layout.cells[cell.id]]
            raw = self.sheets.at(spot)
        if raw is None:
            return BLANK
        if raw.formula is not None and not raw.has_result:
            self._note_at("T06", cell, spot)
            return Value(State.ERROR, text="公式无结果")
        value = value_of(raw, cell, self.form, self.book.date1904)
        self._prove_shown(raw, cell, value, spot)
        if raw.formula is not None and value.number is not None:
            self._note_at("Y01", cell, spot, seen=str(value.shown))
        elif raw.kind is RawKind.TEXT and value.number is not None:
            expected = str(value.shown)
            self._note_at("Y06", cell, spot, seen=raw.value, expected=expected)
        return value

    def _value(self, raw: RawCell, cell: Cell) -> Value:
        return value_of(raw, cell, self.form, self.book.date1904)

    def _prove_shown(self, raw: RawCell, cell: Cell, value: Value, spot: Place) -> None:
        """What is read must be what is seen. A number finer than its cell may be is
        refused as that, however it is shown."""
        if not raw.unlike:
            return
        is_finer = value.number is not None and not on_grid(
            value.number, cell.type.decimals
        )
        if not (is_finer and raw.unlike in _FORMATS):
            code = {"format": "Y12", "runs": "Y13", "condition": "Y19"}[raw.unlike]
            self._note_at(code, cell, spot, seen=raw.value)

    def _total(self, cell: Cell, spot: Place) -> None:
        """A total must still be computed by its formula; its result is never used."""
        raw = self.sheets.at(spot)
        if cell.table in self.pasted:
            there = self.sheets.at(self.copied[self.layout.cells[cell.id]])
            said = self._value(there, cell) if there else BLANK
            if said.number is not None:
                self.pasted_totals[cell.id] = said
        if raw is not None and raw.formula is not None:
            said = self._value(raw, cell)
            self._prove_shown(raw, cell, said, spot)
            if raw.has_result:
                self.results[cell.id] = said
                ours = _total_formulas(self.form)[cell.id]
                if _plain_formula(raw.formula) != ours:
                    self.rewritten.add(cell.id)
            return
        seen = {} if raw is None else {"seen": raw.value}
        self.printed[cell.id] = BLANK if raw is None else self._value(raw, cell)
        # The check that defines it says where the number is wrong.
        is_number = self.printed[cell.id].number is not None
        self._note_at("Y15" if is_number else "T01", cell, spot, **seen)

    def _prove_totals(
        self, answers: Answers, last_period: Mapping[str, Decimal]
    ) -> None:
        """What a formula came to must be the total that is counted: it is printed and
        signed. Otherwise it counts as typed over, and so does one in other words (suites
        share and shorten them) that gives anything else than ours."""
        if not self.results:
            return
        known = Circumstances(self.period, last_period=last_period)
        evaluator = Evaluator(self.form, answers, known)
        for id_, value in self.results.items():
            ours = self.pasted_totals.get(id_) or evaluator.total_fact(id_)
            spot = self.sheets.find(self.layout.cells[id_])
            # LibreOffice stores 0 for a result of "" in an .xls.
            if self.book.format == "xls" and value.number == 0:
                value = BLANK if ours == BLANK else value
            known_total = ours.number is not None or id_ in self.rewritten
            if known_total and value != ours and spot is not None:
                self.printed[id_] = value
                cell = self.form.cells[id_]
                self._note_at("T01", cell, spot, seen=value.shown or "")

    def _texts(self) -> dict[str, str]:
        """Every text, its paragraphs below each other."""
        said = self._written(self.sheets.places(self.layout.paragraphs_at))
        written: dict[str, list[str]] = {}
        for (id_, _), text in said.items():
            written.setdefault(id_, []).append(text)
        return {id_: "\n".join(parts) for id_, parts in written.items()}

    def _written(self, spots: Mapping[_Key, Place]) -> dict[_Key, str]:
        """Texts that count: what somebody typed, and nothing that became of it."""
        said, dates = {}, {each.id for each in self.form.fields if each.is_date}
        for key, spot in spots.items():
            raw = self.sheets.at(spot)
            if raw is None:
                continue
            where = {"sheet": spot.sheet, "address": spot.address}
            if isinstance(key, tuple):
                where["cell"] = key[0]
            trouble = no_text(raw, may_be_date=key in dates)
            shown = text_of(raw, self.book.date1904)
            if trouble is not None:
                if isinstance(key, str):
                    self.unread.add(key)
                self._note(trouble, seen=shown, **where)
            elif text := visible(shown):
                said[key] = text
                if raw.unlike:
                    self._note("Y20", **where)
        return said

    def _last_period(self) -> dict[str, Decimal]:
        """The figures on the hidden sheet, each beside its id."""
        sheet, found = self.book.sheet(HIDDEN), {}
        for (row, column), said in sheet.cells.items() if sheet else ():
            if column != LAST_PERIOD_COLUMN or said.value not in self.form.cells:
                continue
            raw = self.sheets.at(Place(HIDDEN, row, column + 1))
            if raw is not None and raw.kind is RawKind.NUMBER:
                decimals = self.form.cells[said.value].type.decimals
                found[said.value] = from_double(raw.value, decimals)
        return found


def value_of(raw: RawCell, cell: Cell, form: Form, date1904: bool) -> Value:
    """What a raw cell means in a place for a number."""
    match raw.kind:
        case RawKind.NUMBER:
            return number_from_double(raw.value, cell.type.decimals)
        case RawKind.ERROR:
            return Value(State.ERROR, text=raw.value)
        case RawKind.EMPTY:
            return BLANK
        case _:
            text = text_of(raw, date1904)
            if not text:
                return BLANK
            if text.strip() in form.not_applicable:
                return Value(State.NOT_APPLICABLE, text=text)
            meant = None
            if raw.kind is RawKind.TEXT:
                meant = number_in(text, cell.type.signed)
            return Value(State.TEXT, text=text) if meant is None else number(meant)


@cache
def _total_formulas(form: Form) -> dict[str, str]:
    """The formula of each total, ready to compare: every file has the same."""
    layout = place(form)
    return {
        id_: _plain_formula(Formulas(form, layout, layout.cells[id_].sheet).total(id_))
        for id_ in form.totals
    }


@lru_cache(maxsize=1 << 9)  # every file has the same
def _plain_formula(text: str) -> str:
    """Without “=”, spaces, quotes, dollars and case, which suites rewrite."""
    text = text.removeprefix("=")
    return re.sub(r"[\s'$]", "", text).upper()
