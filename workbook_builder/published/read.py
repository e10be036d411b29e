"""A document → the report it is: figures with their certainty, texts, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.document import Document
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import CellType, Form
from workbook_builder.model.period import Period
from workbook_builder.model.published_report import (
    Certainty,
    PublishedFact,
    PublishedReport,
    ReportKind,
)
from workbook_builder.model.text import Text
from workbook_builder.model.values import State, Value, grouped, plain
from workbook_builder.model.worded import worded
from workbook_builder.published.certainty import (
    Evidence,
    contradictions,
    evidence,
    judged,
)
from workbook_builder.published.figures import figure
from workbook_builder.published.glued import pieces
from workbook_builder.published.heads import Placing
from workbook_builder.published.lines import PrintedItem, PrintedLine, lines
from workbook_builder.published.relations import SumRule, relations, with_groups
from workbook_builder.published.running import Found, read_running
from workbook_builder.published.tables import read_tables
from workbook_builder.published.texts import texts_of
from workbook_builder.published.titles import Title, title_of
from workbook_builder.published.vocabulary import LabelledRows, vocabulary

_ASK = Text(
    "报告里的数自相矛盾，请对照原文，向该单位核实。",
    "The report contradicts itself: look at it, and ask the unit.",
)
#: Fewer cells than these make no report; more rows than these twice make two.
FEWEST_CELLS, MOST_TWICE = 10, 4


@dataclass(slots=True)
class _Reading:
    """What one edition makes of a document."""

    form: Form
    known: dict[str, Evidence] = field(default_factory=dict)
    items: dict[str, PrintedItem] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    relations: list[SumRule] = field(default_factory=list)
    twice: int = 0

    @property
    def worth(self) -> int:
        """How many cells it explains."""
        return sum(
            1
            for cell, each in self.known.items()
            if cell in self.form.cells and each.named and each.placing > Placing.NONE
        )


def read(document: Document, forms: Sequence[Form]) -> PublishedReport:
    """The report, by the edition whose labels it prints.

    Where two explain it equally well, the one that serves its year.
    """
    said = lines(document)
    titles = [title_of(form, document, said) for form in forms]
    readings = [_reading(form, document, said) for form in forms]
    best = max(
        range(len(forms)),
        key=lambda n: (readings[n].worth, _serves(forms[n], titles[n])),
    )
    reading, title = readings[best], titles[best]
    if reading.twice > MOST_TWICE:
        return _none(title, "P02")
    if len(reading.known) < FEWEST_CELLS:
        return _none(title, "P01")
    return _report(reading, title, said)


def _serves(form: Form, title: Title) -> int:
    year = title.year or title.period
    return form.first_year if year and form.first_year <= year else -1


def _none(title: Title, code: str) -> PublishedReport:
    return PublishedReport(
        ReportKind.NOT_A_REPORT, title.unit, title.year, findings=(catalogued(code),)
    )


# ---------------------------------------------------------------- figures


def _reading(form: Form, document: Document, said: Sequence[PrintedLine]) -> _Reading:
    tables = read_tables(vocabulary(form), said, document.precision)
    running = read_running(form, said)
    reading = _Reading(form, twice=len(tables.twice) + running.twice)
    for sighting in tables.sightings:
        value = figure(form, _type(form, sighting.cell), sighting.item.text)
        reading.known[sighting.cell] = evidence(sighting, value, document.precision)
        reading.items[sighting.cell] = sighting.item
    found = [f for f in running.found if not reading.known.keys() & set(f.run.cells)]
    reading.relations = with_groups(relations(form), _groups(form, reading, found))
    for piece in pieces(found, reading.relations):
        value = figure(form, _type(form, piece.cell), piece.text)
        placing = piece.placing
        if placing is Placing.NONE or value.state is State.TEXT:
            value, placing = Value(State.TEXT, text=piece.text), Placing.NONE
        reading.known[piece.cell] = Evidence(value, True, placing, True)
        reading.words[piece.cell] = piece.found.words
    return reading


def _type(form: Form, cell: str) -> CellType:
    """That of the cell, or of the first of those that are printed as one."""
    table, rows, column = cell.split(".")
    return form.cells[f"{table}.{rows.split('+')[0]}.{column}"].type


def _groups(
    form: Form, reading: _Reading, found: Sequence[Found]
) -> list[LabelledRows]:
    """The rows that the report prints as one line."""
    printed = {*reading.known, *(cell for each in found for cell in each.run.cells)}
    lines = {cell.rpartition(".")[0] for cell in printed}
    return [
        rows
        for rows in vocabulary(form).groups
        if f"{rows.table}.{'+'.join(rows.ids)}" in lines
    ]


def _report(
    reading: _Reading, title: Title, said: Sequence[PrintedLine]
) -> PublishedReport:
    form, year = reading.form, title.year or title.period
    if year is not None:
        form = worded(form, Period(year, form.frequency))
    certainty = judged(reading.known, reading.relations)
    facts = {cell: _fact(reading, certainty, cell) for cell in form.cells}
    texts = texts_of(form, said, title.unit)
    findings = [
        *(
            _contradiction(form, reading, r)
            for r in contradictions(reading.known, reading.relations)
        ),
        *_notes(reading, title, facts, texts.undivided),
    ]
    return PublishedReport(
        ReportKind.REPORT,
        title.unit,
        year,
        form.id,
        form.edition,
        facts,
        texts.texts,
        tuple(sorted(findings, key=lambda each: each.severity.rank)),
    )


def _fact(
    reading: _Reading, certainty: Mapping[str, Certainty], cell: str
) -> PublishedFact:
    if cell not in reading.known:
        return PublishedFact()
    item = reading.items.get(cell)
    return PublishedFact(
        reading.known[cell].value,
        certainty[cell],
        item.text if item else reading.words[cell],
        item.where if item else "正文",
        item.region if item else None,
    )


# ---------------------------------------------------------------- findings


def _contradiction(form: Form, reading: _Reading, relation: SumRule) -> Finding:
    check = form.check(relation.check.code)
    values = {cell: each.value for cell, each in reading.known.items()}
    left, right = relation.sides(values)
    cell = reading.form.cells.get(relation.place)
    where = f"【{cell.name}】" if cell else ""
    return Finding(
        check.code,
        check.severity,
        Text(
            f"{check.title}{where}：{check.message}："
            f"印出的是 {grouped(left)} 与 {grouped(right)}，相差 {grouped(left - right)}。",
            f"{check.title_en}{where}: {check.message_en}: "
            f"printed are {grouped(left)} and {grouped(right)}.",
        ),
        Text(check.remedy, check.remedy_en),
        _ASK,
        cell=relation.place or None,
        seen=plain(left),
        expected=plain(right),
        difference=plain(left - right),
    )


def _notes(
    reading: _Reading,
    title: Title,
    facts: Mapping[str, PublishedFact],
    undivided: Iterable[str],
) -> Iterator[Finding]:
    """What else a person should know of the document."""
    form = reading.form
    year = title.year or title.period
    if not title.unit:
        yield catalogued("P03")
    if year is None:
        yield catalogued("P04")
    if title.year and title.period and title.year != title.period:
        yield catalogued("P05", seen=str(title.period), expected=str(title.year))
    for rows in _groups(form, reading, ()):
        yield catalogued("P06", detail=rows.label)
    for section in undivided:
        yield catalogued("P07", detail=section)
    count = Counter(fact.certainty for fact in facts.values())
    if count[Certainty.UNSURE]:
        yield catalogued("P08", detail=str(count[Certainty.UNSURE]))
    if count[Certainty.MISSING]:
        yield catalogued("P09", detail=str(count[Certainty.MISSING]))
