"""The form: tables, cells, texts and checks, as one edition defines them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Protocol

from workbook_builder.model.check import Check, Line
from workbook_builder.model.explanation import ExplanationRule
from workbook_builder.model.expression import (
    FIGURES,
    Call,
    CellRef,
    Compare,
    LastPeriod,
    Node,
    walk,
)
from workbook_builder.model.layout import Layout
from workbook_builder.model.period import Frequency, Period
from workbook_builder.model.unit import Unit
from workbook_builder.model.wording import Wording


class Kind(StrEnum):
    """填报项 is typed by the unit, 合计项 is computed by the form."""

    INPUT = "input"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class CellType:
    """What a cell counts: its unit, decimals (step 10^-decimals), and from what to what.

    ``name`` is what people call such a figure: 件数, 金额. ``also`` is a smaller unit
    and how many of it make one: 元, 10,000.
    """

    id: str
    name: str
    unit: str
    decimals: int
    minimum: int
    maximum: int
    also: tuple[str, int] | None = None

    @property
    def signed(self) -> bool:
        """Whether less than nothing can be meant."""
        return self.minimum < 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. ``labels`` is the printed label path, outermost first."""

    id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``span`` is how many grid columns its cells cover."""

    id: str
    labels: tuple[str, ...]
    type: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Rows × columns under one head. ``band`` is the shaded line above it."""

    band: str
    head: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """指标单元. ``id`` is ``table.row.column`` and permanent.

    ``row_labels`` and ``column_labels`` are the label paths as printed beside and
    above the cell; a table printed side by side has no labels beside its cells.
    """

    id: str
    table: str
    row: str
    column: str
    kind: Kind
    type: CellType
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    meaning: str

    @property
    def name(self) -> str:
        """How a message names the cell: its innermost labels."""
        parts = (*self.row_labels[-1:], *self.column_labels[-1:])
        if not self.row_labels:
            parts = self.column_labels[-2:]
        return "·".join(parts)


@dataclass(frozen=True, slots=True)
class Table:
    """One official table.

    ``side_by_side`` tables print their rows next to each other, the row labels as
    the upper heads (table 四). ``widths`` are Excel column widths in characters,
    ``page_widths`` relative ones on the page of the report, empty where they are alike.
    """

    id: str
    title: str
    sheet: str
    blocks: tuple[Block, ...]
    widths: tuple[float, ...]
    side_by_side: bool = False
    landscape: bool = False
    stub_columns: int = 1
    page_widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text of the report. ``minimum`` is the fewest characters it needs."""

    id: str
    section: str
    title: str
    hint: str
    minimum: int

    @property
    def label(self) -> str:
        """What stands beside the text in the workbook."""
        return (
            self.title
            if self.title == self.section
            else f"{self.section}\n{self.title}"
        )


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the summary. ``kind`` is parts, units or years.

    ``parts``: a bar for each label; cells whose ``labels`` (row or column) have the
    same text at ``level`` of the path are one bar. ``units``: the ten units with most
    in the first cell. ``years``: each cell under a name of ``names``, this year
    beside last year.
    """

    kind: str
    title: str
    cells: tuple[str, ...]
    labels: str = "row"
    level: int = -1
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A line asked for once, outside the tables.

    ``group`` is ``preamble`` (printed at the head of the report) or
    ``signature``. ``prefill`` names what the roster knows: ``phone`` or ``email``.
    ``in_report`` is what the report calls it, where that is something else. Only where it
    ``is_date`` may a cell hold a date: elsewhere one came of something else.
    """

    id: str
    group: str
    title: str
    hint: str = ""
    prefill: str = ""
    in_report: str = ""
    is_date: bool = False

    @property
    def printed(self) -> str:
        """Its name in the report."""
        return self.in_report or self.title


@dataclass(frozen=True, slots=True)
class Due:
    """By when returns have to be in: so many days after the period, and who says so."""

    days: int
    source: str

    @property
    def law(self) -> str:
        """Who says so, without what is said."""
        return self.source.partition("：")[0]

    def day(self, period: Period) -> date:
        """The last day of a period's returns."""
        return period.last_day + timedelta(days=self.days)


_FIGURES = (CellRef, LastPeriod)

#: Just under half a step. Exactly half would be a tie for a figure like 10.5 in a
#: cell of whole numbers, which doubles and decimals break differently.
HALF_STEP = Decimal("0.49997")


@dataclass(frozen=True, eq=False)
class Form:
    """报表: one edition of a form. Built and proved by ``definition.load``."""

    id: str
    edition: str
    title: str
    authority: str
    first_year: int
    frequency: Frequency
    """How often it is filled in."""
    tables: tuple[Table, ...]
    cells: Mapping[str, Cell]
    narratives: tuple[Narrative, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    totals: Mapping[str, Node]
    """Total cell id → the expression that computes it, in an order that works."""
    unit_types: tuple[str, ...]
    explanation: ExplanationRule
    not_applicable: frozenset[str]
    """What units type for “does not apply”: ``/``, ``—``, ``不适用`` …"""
    steps: tuple[str, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Label → what published reports print in its place."""
    wording: Wording | None = None
    """None for a form that makes no report."""
    charts: tuple[Chart, ...] = ()
    due: Due | None = None
    reported_elsewhere: tuple[str, ...] = ()
    """Types of unit whose figures another office adds up as a rule."""
    sample: tuple[Unit, ...] = ()
    """Units to begin a roster with: each column and the tree are to be seen."""
    published: Mapping[str, Layout] = field(default_factory=dict)
    """Layouts of workbooks that were sent out, by fingerprint."""

    _tolerances: dict[int, tuple[Compare, Decimal]] = field(
        default_factory=dict, repr=False
    )

    # One form serves thousands of files in every process, so what can be said of
    # it once is kept.
    @cached_property
    def first_period(self) -> Period:
        """The first period it serves; stands in where the period does not matter."""
        return Period(self.first_year, self.frequency)

    @cached_property
    def inputs(self) -> tuple[Cell, ...]:
        """The cells a unit fills in, in the order of the tables."""
        return tuple(c for c in self.cells.values() if c.kind is Kind.INPUT)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Cell id → its place among all cells, from 0."""
        return {id_: at for at, id_ in enumerate(self.cells)}

    @cached_property
    def lines(self) -> tuple[tuple[Check, Line], ...]:
        """Every row of the 审核 sheet, the gravest first, then in order."""
        rows = [(check, line) for check in self.checks for line in check.lines]
        return tuple(sorted(rows, key=lambda pair: pair[0].severity.rank))

    @cached_property
    def used_last_period(self) -> tuple[str, ...]:
        """Cells of the period before that checks refer to, in table order."""
        used = {
            node.id
            for _, line in self.lines
            for instance in line.instances
            for node in instance.last_period
        }
        return tuple(id_ for id_ in self.cells if id_ in used)

    @cached_property
    def counting_texts(self) -> tuple[str, ...]:
        """Texts that checks look for figures in, in order."""
        asked = {
            node.subject
            for _, line in self.lines
            for instance in line.instances
            for node in walk(instance.expression)
            if isinstance(node, Call) and node.name in FIGURES
        }
        return tuple(text.id for text in self.narratives if text.id in asked)

    def headings_but(self, id_: str) -> list[str]:
        """The titles of all texts but this one."""
        return [text.title for text in self.narratives if text.id != id_]

    @cached_property
    def running(self) -> frozenset[str]:
        """Totals that reach into the period before: no figures of this one give them."""
        found: set[str] = set()
        for id_, rule in self.totals.items():  # each after those it is made of
            reaches = any(isinstance(node, LastPeriod) for node in walk(rule))
            if reaches or found.intersection(self.parts(id_)):
                found.add(id_)
        return frozenset(found)

    @cached_property
    def computed(self) -> frozenset[str]:
        """Totals that the form computes from sums of returns; all else is added up."""
        return frozenset(self.totals) - self.running

    def parts(self, total: str) -> tuple[str, ...]:
        """The cells a total adds up, in order; some may be totals themselves."""
        return tuple(n.id for n in walk(self.totals[total]) if isinstance(n, CellRef))

    def tolerance(self, comparison: Compare) -> Decimal:
        """Half a step of the finest cell the comparison looks at."""
        # Thousands of files are compared with the same few expressions. The
        # comparison is kept beside its tolerance: an id alone may be reused.
        kept = self._tolerances.get(id(comparison))
        if kept is not None and kept[0] is comparison:
            return kept[1]
        decimals = [
            self.cells[node.id].type.decimals
            for node in walk(comparison)
            if isinstance(node, _FIGURES)
        ]
        slack = HALF_STEP.scaleb(-max(decimals, default=0))
        self._tolerances[id(comparison)] = comparison, slack
        return slack

    @property
    def grounds(self) -> str:
        """Why it has to be filled in: the law and the notice, as a letter names them."""
        law = self.due.law if self.due else ""
        return "和".join(filter(None, (law, self.authority)))

    def fields_of(self, group: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.group == group)

    def table(self, id_: str) -> Table:
        return next(table for table in self.tables if table.id == id_)

    def narrative(self, id_: str) -> Narrative:
        return next(text for text in self.narratives if text.id == id_)

    def minimum(self, id_: str) -> int:
        """The least of a cell, or the fewest characters of a text."""
        cell = self.cells.get(id_)
        return cell.type.minimum if cell else self.narrative(id_).minimum

    def check(self, code: str) -> Check:
        return next(check for check in self.checks if check.code == code)

    def table_cells(self, table: str) -> Iterator[Cell]:
        return (cell for cell in self.cells.values() if cell.table == table)


class Library(Protocol):
    """Where forms are looked up by what a file says of itself.

    It is ``definition.registry.Forms``; whoever judges files need not know how forms
    are defined.
    """

    def get(self, form: str, edition: str) -> Form | None: ...

    def all_of(self, form: str) -> tuple[Form, ...]: ...
