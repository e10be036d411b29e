"""Lines of figures in tables: which row of the form each is, and which columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

from workbook_builder.model.document import Precision
from workbook_builder.published.figures import looks_like_figure
from workbook_builder.published.heads import ENOUGH, ColumnHead, Placing
from workbook_builder.published.lines import PrintedItem, PrintedLine
from workbook_builder.published.vocabulary import LabelledRows, NamedColumn, Vocabulary
from workbook_builder.published.words import Match


class Naming(IntEnum):
    """How well the row of a figure is known."""

    PLACE = 0
    """Only because it is the one line left between two that are known."""
    LIKELY = 1
    """By a damaged label that fits its place between two others."""
    LABEL = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """A figure as it was found: the cell it may belong to, and why."""

    cell: str
    item: PrintedItem
    naming: Naming
    placing: Placing


@dataclass(slots=True)
class _Row:
    """A line that has figures. ``rows`` is None until its label is understood."""

    table: str
    rows: LabelledRows | None
    naming: Naming
    items: tuple[PrintedItem, ...]
    """What is right of the label."""
    head: ColumnHead
    label: PrintedItem | None = None


@dataclass(slots=True)
class Tables:
    """What was found in the tables of a document. ``twice`` are the rows that two
    lines claim to be."""

    sightings: list[Sighting] = field(default_factory=list)
    twice: set[LabelledRows] = field(default_factory=set)


def read_tables(
    vocabulary: Vocabulary, lines: Sequence[PrintedLine], precision: Precision
) -> Tables:
    """Every figure that stands in a line of a table of the form."""
    found = Tables()
    reader = _Reader(vocabulary, precision)
    for line in lines:
        reader.take(line)
    for rows in reader.tables():
        named = _placed(vocabulary, rows, found.twice)
        for row in named:
            found.sightings.extend(_sightings(vocabulary, row, precision))
    for head, items in reader.side_by_side:
        found.sightings.extend(_beside(vocabulary, head, items, precision))
    _drop_doubles(found)
    return found


class _Reader:
    """Goes through the lines once, remembering the head and the table it is in."""

    def __init__(self, vocabulary: Vocabulary, precision: Precision) -> None:
        self.vocabulary = vocabulary
        self.precision = precision
        self.side_by_side: list[tuple[ColumnHead, tuple[PrintedItem, ...]]] = []
        self._rows: list[_Row] = []
        self._head = ColumnHead()
        self._table = ""

    def tables(self) -> Iterator[list[_Row]]:
        """The lines of each table that has rows, in order."""
        for table in dict.fromkeys(row.table for row in self._rows if row.table):
            yield [row for row in self._rows if row.table == table]

    def take(self, line: PrintedLine) -> None:
        row = self._row(line)
        if row is not None:
            self._rows.append(row)
            self._head.closed = True
        elif line.table and self._names_columns(line):
            if self._head.closed:
                self._head = ColumnHead()
            self._head.lines.append(line)
        elif line.table:
            self._nameless(line)

    def _row(self, line: PrintedLine) -> _Row | None:
        """The line as a row of figures with a label, if it is one."""
        for at in range(len(line.items) - 1, -1, -1):
            label = line.items[at]
            if not label.text or at == len(line.items) - 1:
                continue
            rest = line.items[at + 1 :]
            match, rows = self._understood(label.text)
            if rows is None:
                continue
            if not all(self._may_be_figure(item) for item in rest):
                return None
            naming = Naming.LABEL if match is Match.EXACT else Naming.LIKELY
            if match is Match.EXACT:
                self._table = rows.table
            return _Row(rows.table, rows, naming, rest, self._head, label)
        return None

    def _understood(self, text: str) -> tuple[Match, LabelledRows | None]:
        match, rows = self.vocabulary.rows.find(text)
        if match is not Match.EXACT:
            inner, group = self.vocabulary.grouped.find(text)
            if inner > match:
                return inner, group
        if match is not Match.EXACT and rows and rows.table != self._table:
            return Match.NONE, None
        return match, rows

    def _may_be_figure(self, item: PrintedItem) -> bool:
        return not item.text or looks_like_figure(self.vocabulary.form, item.text)

    def _names_columns(self, line: PrintedLine) -> bool:
        find = self.vocabulary.heads.find
        return any(find(item.text)[1] for item in line.items if item.text)

    def _nameless(self, line: PrintedLine) -> None:
        """A line of figures whose label was not understood, or that needs none."""
        if all(self._may_be_figure(item) for item in line.items):
            self.side_by_side.append((self._head, line.items))
            self._head.closed = self._head.closed or any(i.text for i in line.items)
        labels = [
            at for at, item in enumerate(line.items) if not self._may_be_figure(item)
        ]
        rest = line.items[max(labels, default=-1) + 1 :]
        if self._table and any(item.text for item in rest):
            self._rows.append(_Row(self._table, None, Naming.PLACE, rest, self._head))


# ---------------------------------------------------------------- rows


def _placed(
    vocabulary: Vocabulary, rows: list[_Row], twice: set[LabelledRows]
) -> list[_Row]:
    """The rows whose place is known; damaged labels must fit between good ones."""
    known = _anchors(rows, twice)
    for at, row in enumerate(rows):
        if at in known or row.rows is None:
            continue
        before, after = _neighbours(known, at)
        first = row.rows.first
        if row.rows.is_one and before < first < after:
            known[at] = row.rows
        else:
            row.rows = None
    return _completed(vocabulary, rows, known)


def _anchors(rows: list[_Row], twice: set[LabelledRows]) -> dict[int, LabelledRows]:
    """The lines whose label is as it should be. A line whose innermost label is that
    of several rows stands for all of them only if none of them has a line."""
    known: dict[int, LabelledRows] = {}
    seen: dict[LabelledRows, int] = {}
    for at, row in enumerate(rows):
        if row.rows is None or row.naming is not Naming.LABEL:
            continue
        if row.rows in seen:
            twice.add(row.rows)
            known.pop(seen[row.rows], None)
            continue
        seen[row.rows] = at
        known[at] = row.rows
    single = {id_ for each in known.values() if each.is_one for id_ in each.ids}
    for at, each in list(known.items()):
        if not each.is_one and single & set(each.ids):
            del known[at]
            rows[at].rows = None
    return known


def _neighbours(known: dict[int, LabelledRows], at: int) -> tuple[int, int]:
    """The last position taken before a line and the first one after it."""
    before = [known[n] for n in known if n < at]
    after = [known[n] for n in known if n > at]
    last = max((each.first + len(each.ids) - 1 for each in before), default=-1)
    first = min((each.first for each in after), default=10**6)
    return last, first


def _completed(
    vocabulary: Vocabulary, rows: list[_Row], known: dict[int, LabelledRows]
) -> list[_Row]:
    """With the lines that are the only ones left between two that are known."""
    if not known:
        return []
    by_place = {
        each.first: each for each in vocabulary.singles if each.table == rows[0].table
    }
    result = []
    for at, row in enumerate(rows):
        if at in known:
            row.rows = known[at]
            result.append(row)
            continue
        before, after = _neighbours(known, at)
        start = max((n for n in known if n < at), default=-1)
        end = min((n for n in known if n > at), default=len(rows))
        if after - before == end - start and before + at - start in by_place:
            guessed = by_place[before + at - start]
            result.append(replace(row, rows=guessed, naming=Naming.PLACE))
    return result


# ---------------------------------------------------------------- columns


def _sightings(
    vocabulary: Vocabulary, row: _Row, precision: Precision
) -> Iterator[Sighting]:
    assert row.rows is not None
    wanted = vocabulary.columns[row.rows.table, row.rows.ids[0]]
    named = row.head.columns(vocabulary, wanted)
    for column, item, placing in _columns(wanted, named, row.items, precision):
        yield Sighting(row.rows.cell(column.id), item, row.naming, placing)


def _beside(
    vocabulary: Vocabulary,
    head: ColumnHead,
    items: tuple[PrintedItem, ...],
    precision: Precision,
) -> Iterator[Sighting]:
    """A line of figures of a table whose rows stand side by side."""
    for table in vocabulary.form.tables:
        if not table.side_by_side:
            continue
        wanted = vocabulary.columns[table.id, table.blocks[0].rows[0].id]
        named = head.columns(vocabulary, wanted)
        if not named:
            continue
        for column, item, placing in _columns(wanted, named, items, precision):
            cell = f"{table.id}.{column.row}.{column.id}"
            yield Sighting(cell, item, Naming.LABEL, placing)


def _columns(
    wanted: Sequence[NamedColumn],
    named: list[tuple[NamedColumn, PrintedItem]],
    items: Sequence[PrintedItem],
    precision: Precision,
) -> Iterator[tuple[NamedColumn, PrintedItem, Placing]]:
    """The column of each figure, by the names above and by counting."""
    values = _right_of_labels(named, items)
    values = _trimmed(values, len(named) or len(wanted))
    if not named:
        if len(values) == len(wanted):
            for column, item in zip(wanted, values, strict=True):
                yield column, item, Placing.NONE
        return
    counted = len(values) == len(named)
    for at, item in enumerate(values):
        under = [column for column, name in named if _is_under(item, name)]
        if counted:
            column = named[at][0]
            if column in under:
                yield column, item, Placing.TWICE
            elif not under or precision is Precision.TYPED:
                yield column, item, Placing.ONCE
        elif len(under) == 1:
            yield under[0], item, Placing.ONCE


def _right_of_labels(
    named: list[tuple[NamedColumn, PrintedItem]], items: Sequence[PrintedItem]
) -> list[PrintedItem]:
    """Without empty cells of the label columns, where the head tells their width."""
    if not named or not items or named[0][1].frame != items[0].frame:
        return list(items)
    left = min(item.left for _, item in named)
    return [item for item in items if item.text or item.middle > left]


def _trimmed(items: list[PrintedItem], count: int) -> list[PrintedItem]:
    """Without blanks at the ends that are more than there are columns."""
    while len(items) > count and not items[0].text:
        items = items[1:]
    while len(items) > count and not items[-1].text:
        items = items[:-1]
    return items


def _is_under(item: PrintedItem, name: PrintedItem) -> bool:
    return item.frame == name.frame and item.overlap(name) >= ENOUGH


def _drop_doubles(found: Tables) -> None:
    """A cell that two figures claim belongs to neither."""
    count: dict[str, int] = {}
    for each in found.sightings:
        count[each.cell] = count.get(each.cell, 0) + 1
    found.sightings = [each for each in found.sightings if count[each.cell] == 1]
