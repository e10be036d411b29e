"""The annual report as a value: what it says, in order, before any file is written.

One Report becomes a Word document and a web page, so that the two cannot differ. What
is missing is marked where it belongs; nothing is made up and no blank becomes a 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Literal, NamedTuple

from workbook_builder.model.drawing import Drawing, Figure, Label, draw
from workbook_builder.model.form import Form, Narrative, Table
from workbook_builder.model.period import Period
from workbook_builder.model.text import printable
from workbook_builder.model.values import plain
from workbook_builder.model.worded import about
from workbook_builder.model.wording import OFFICE, Phrase, Slot, Wording

NUMERALS = "〇一二三四五六七八九十"
_NUMBERED = re.compile(rf"^[{NUMERALS}]+、")
#: A line of a text that is a heading of its own: “（一）存在的主要问题”.
_HEADING = re.compile(rf"[（(][{NUMERALS}]+[）)][^。；;]{{1,40}}")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


#: How a missing part begins; whoever writes a text may mark one too.
MARK = "【待补充"


def mark(what: str = "") -> str:
    """How a missing part is shown."""
    return f"{MARK}：{what}】" if what else f"{MARK}】"


class TextRun(NamedTuple):
    """Words of one paragraph; ``missing`` ones are to stand out."""

    text: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``role`` is body, heading (of a part of a section) or address (whom a letter is
    to)."""

    runs: tuple[TextRun, ...]
    role: Literal["body", "heading", "address"] = "body"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell of a printed table, over ``rows`` × ``columns`` of its grid.

    ``role`` is that of the label, or ``figure``; ``cell`` is the id of a figure's
    cell. ``headers`` are the keys of the labels a figure stands under and beside.
    ``wide`` heads hold a sentence.
    """

    key: str
    role: str
    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    cell: str = ""
    headers: tuple[str, ...] = ()
    missing: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class ReportGrid:
    """An official table. ``widths`` are relative.

    ``head_rows`` are to be repeated on each page, none where every block has a head of
    its own; ``blocks`` are the first and last row of each block.
    """

    id: str
    caption: str
    widths: tuple[float, ...]
    rows: int
    head_rows: int
    blocks: tuple[tuple[int, int], ...]
    stub_columns: int
    spots: tuple[Spot, ...]

    @property
    def shares(self) -> tuple[str, ...]:
        """The widths in per cent of the whole, with two decimals."""
        whole = sum(self.widths)
        return tuple(f"{100 * width / whole:.2f}" for width in self.widths)

    def line(self, row: int) -> tuple[Spot, ...]:
        """The spots that begin in a row, from left to right."""
        found = [spot for spot in self.spots if spot.row == row]
        return tuple(sorted(found, key=lambda spot: spot.column))


@dataclass(frozen=True, slots=True)
class Section:
    """One of the numbered parts of the report."""

    title: str
    parts: tuple[Paragraph | ReportGrid, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``warnings`` stand above everything: why this must not be published as it is.

    ``missing`` names every part that is still marked.
    """

    unit: str
    period: Period
    name: str
    title: tuple[Paragraph, ...]
    warnings: tuple[str, ...]
    preamble: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    signature: tuple[Paragraph, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What one body reports: figures by cell id (a missing one is unknown), its own
    texts and fields by id, and what speaks against publishing.
    """

    unit: str
    period: Period
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def report(form: Form, wording: Wording, contents: Contents) -> Report:
    """The report of one body. Pure; every text is made printable here."""
    return _Writer(form, wording, contents).report()


@dataclass(slots=True)
class _Writer:
    """Writes one report and remembers what was missing."""

    form: Form
    wording: Wording
    contents: Contents
    missing: list[str] = field(default_factory=list)

    def report(self) -> Report:
        title = self.lines(self.wording.title)
        unit = printable(self.contents.unit)
        return Report(
            unit=unit,
            period=self.contents.period,
            name="".join(line.text for line in title),
            title=title,
            warnings=tuple(map(printable, self.contents.warnings)),
            preamble=self.lines(self.wording.preamble),
            sections=tuple(self.sections()),
            signature=self.lines(self.wording.signature),
            missing=tuple(dict.fromkeys(self.missing)),
        )

    def lines(self, phrases: Iterable[Phrase]) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(tuple(self.runs(phrase))) for phrase in phrases)

    def runs(self, phrase: Phrase) -> Iterator[TextRun]:
        for part in phrase:
            if isinstance(part, str):
                yield TextRun(part)
            elif isinstance(part, Slot):
                yield self.slot(part.name)

    def slot(self, name: str) -> TextRun:
        known = {
            "unit": self.contents.unit,
            **about(self.form, self.contents.period),
            "sections": "、".join(_unnumbered(name) for name, _ in self.grouped()),
            "count": _chinese(len(self.grouped())),
        }
        if name in known:
            return TextRun(printable(known[name]))
        said = one_line(self.contents.fields.get(name, ""))
        if name == OFFICE:
            said = said or one_line(self.contents.unit)
        if said:
            return TextRun(said)
        return self.lacking(next(f.printed for f in self.form.fields if f.id == name))

    def lacking(self, what: str) -> TextRun:
        self.missing.append(what)
        return TextRun(mark(what), missing=True)

    def grouped(self) -> list[tuple[str, list[Narrative | Table]]]:
        """Section title → its tables and texts."""
        tables = {table.id: table for table in self.form.tables}
        parts: list[Narrative | Table] = [
            tables.get(id_) or self.form.narrative(id_) for id_ in self.wording.order
        ]
        return [(title, list(group)) for title, group in groupby(parts, _section)]

    def sections(self) -> Iterator[Section]:
        for title, parts in self.grouped():
            written: list[Paragraph | ReportGrid] = []
            for part in parts:
                if isinstance(part, Table):
                    written.append(self.grid(part))
                else:
                    written += self.text(part)
            yield Section(title, tuple(written))

    def text(self, text: Narrative) -> Iterator[Paragraph]:
        """A heading where the text is one of several, then a paragraph a line."""
        alone = text.title == text.section
        if not alone:
            yield Paragraph((TextRun(text.title),), "heading")
        said = printable(self.contents.texts.get(text.id, ""))
        lines = [line.strip() for line in said.split("\n") if line.strip()]
        if not lines:
            yield Paragraph((self.lacking(text.title),))
        if any(MARK in line for line in lines):
            self.missing.append(text.title)
        for line in lines:
            heading = alone and len(lines) > 1 and _HEADING.fullmatch(line)
            run = TextRun(line, MARK in line)
            yield Paragraph((run,), "heading" if heading else "body")

    def grid(self, table: Table) -> ReportGrid:
        drawn = grid(table, self.contents.figures)
        blank = sum(spot.missing for spot in drawn.spots)
        if blank:
            self.missing.append(f"{table.sheet} {blank} 个数字")
        return drawn


def grid(table: Table, figures: Mapping[str, Decimal]) -> ReportGrid:
    """An official table with its figures, by cell id; a missing one is marked."""
    drawing = draw(table)
    one_head = len(table.blocks) == 1
    return ReportGrid(
        id=table.id,
        caption=_unnumbered(table.title),
        widths=table.page_widths or table.widths,
        rows=drawing.rows,
        head_rows=drawing.head[1] + 1 if one_head else 0,
        blocks=drawing.blocks,
        stub_columns=table.stub_columns,
        spots=(
            *(_label(table, label) for label in drawing.labels),
            *(
                _figure(table, drawing, id_, at, figures.get(id_))
                for id_, at in drawing.figures.items()
            ),
        ),
    )


def _figure(
    table: Table, drawing: Drawing, id_: str, at: Figure, amount: Decimal | None
) -> Spot:
    return Spot(
        key=_key(table, at.row, at.column),
        role="figure",
        text=mark() if amount is None else plain(amount),
        row=at.row,
        column=at.column,
        columns=at.columns,
        cell=id_,
        headers=tuple(
            _key(table, label.row, label.column) for label in drawing.labels_of(at)
        ),
        missing=amount is None,
    )


def _label(table: Table, label: Label) -> Spot:
    return Spot(
        key=_key(table, label.row, label.column),
        role=label.role,
        text=label.text,
        row=label.row,
        column=label.column,
        rows=label.rows,
        columns=label.columns,
        wide=label.role == "head" and label.column == 0 and table.stub_columns > 1,
    )


def _key(table: Table, row: int, column: int) -> str:
    return f"{table.id}-{row + 1}-{column + 1}"


def one_line(text: str) -> str:
    """What was typed for a field, without line ends and surrounding spaces.

    A date cell was read as 2026-01-15; it is printed as reports print dates.
    """
    said = " ".join(printable(text).split())
    date = _DATE.fullmatch(said)
    return f"{date[1]}年{int(date[2])}月{int(date[3])}日" if date else said


def _section(part: Narrative | Table) -> str:
    return part.title if isinstance(part, Table) else part.section


def _unnumbered(title: str) -> str:
    return _NUMBERED.sub("", title)


def _chinese(count: int) -> str:
    return NUMERALS[count] if count < len(NUMERALS) else str(count)
