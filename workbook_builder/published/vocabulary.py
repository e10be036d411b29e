"""The labels of a form as they may stand on paper, ready to be looked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from workbook_builder.model.form import Block, Form, Row, Table
from workbook_builder.published.words import Lexicon


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column of figures by its label path; ``row`` is set where rows stand side by
    side and the column belongs to one of them."""

    row: str
    id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """A line of a table, or several that a report may print as one: the rows that
    share an inner label."""

    table: str
    ids: tuple[str, ...]
    label: str
    first: int
    """Position of its first row in the table."""

    @property
    def is_one(self) -> bool:
        return len(self.ids) == 1

    def cell(self, column: str) -> str:
        """The id of its cell; that of several rows names them all."""
        return f"{self.table}.{'+'.join(self.ids)}.{column}"


class Vocabulary:
    """What can be found of a form, and under which names."""

    def __init__(self, form: Form) -> None:
        self.form = form
        plain = [table for table in form.tables if not table.side_by_side]
        self.singles = [each for table in plain for each in _singles(table)]
        self.groups = [each for table in plain for each in _groups(table)]
        self.rows = Lexicon(self._named(self.singles))
        self.grouped = Lexicon(self._named(self.groups))
        self.columns = {
            (table.id, row.id): columns_of(table, block)
            for table in form.tables
            for block in table.blocks
            for row in block.rows
        }
        self.heads = Lexicon(
            (label, spelling)
            for label in self._head_labels()
            for spelling in self.spellings(label)
        )

    def spellings(self, label: str) -> tuple[str, ...]:
        """The label and what may stand in its place."""
        return (label, *self.form.aliases.get(label, ()))

    def _named(self, rows: list[LabelledRows]) -> Iterator[tuple[LabelledRows, str]]:
        for each in rows:
            for spelling in self.spellings(each.label):
                yield each, spelling

    def _head_labels(self) -> list[str]:
        found = {
            label: None
            for columns in self.columns.values()
            for column in columns
            for label in column.labels
        }
        return list(found)


@lru_cache(maxsize=32)
def vocabulary(form: Form) -> Vocabulary:
    """That of a form; forms are few and live as long as the program."""
    return Vocabulary(form)


def sections(form: Form) -> tuple[str, ...]:
    """The titles of the numbered parts of a report: its tables, and those of texts."""
    titles = [table.title for table in form.tables]
    return tuple(dict.fromkeys(titles + [text.section for text in form.narratives]))


def columns_of(table: Table, block: Block) -> tuple[NamedColumn, ...]:
    """The columns of a line of figures, in the order of the form."""
    if not table.side_by_side:
        return tuple(NamedColumn("", each.id, each.labels) for each in block.columns)
    return tuple(
        NamedColumn(row.id, each.id, row.labels + each.labels)
        for row in block.rows
        for each in block.columns
    )


def _singles(table: Table) -> Iterator[LabelledRows]:
    rows = [row for block in table.blocks for row in block.rows]
    for at, row in enumerate(rows):
        yield LabelledRows(table.id, (row.id,), row.labels[-1], at)


def _groups(table: Table) -> Iterator[LabelledRows]:
    rows = [row for block in table.blocks for row in block.rows]
    paths: dict[tuple[str, ...], list[tuple[int, Row]]] = {}
    for at, row in enumerate(rows):
        for depth in range(1, len(row.labels)):
            paths.setdefault(row.labels[:depth], []).append((at, row))
    for path, members in paths.items():
        ids = tuple(row.id for _, row in members)
        if len(ids) > 1:
            yield LabelledRows(table.id, ids, path[-1], members[0][0])
