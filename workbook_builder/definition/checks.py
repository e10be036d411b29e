"""Turns the entries of ``checks.toml`` into Checks, one line for every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.definition.schema import CheckEntry
from workbook_builder.model.errors import DefinitionError, RuleError
from workbook_builder.model.expression import (
    Call,
    CellRef,
    Compare,
    LastYear,
    Node,
    parse,
    read,
    walk,
)
from workbook_builder.model.form import (
    Block,
    Cell,
    Check,
    Instance,
    Kind,
    Line,
    Narrative,
    Row,
    Severity,
    Table,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry applies: names of the rule → ids, and what to call it."""

    key: str
    label: str
    names: Mapping[str, str]
    target: str
    """Cell or text a finding points at; empty where the rule itself says it."""


def totals_of(
    file: str, tables: Sequence[Table], entries: Sequence[CheckEntry]
) -> frozenset[str]:
    """Ids of the cells that a check with ``defines_totals`` computes."""
    ids: set[str] = set()
    for entry in entries:
        if entry.defines_totals:
            left = entry.rule.partition("==")[0].strip()
            for place in _table_places(file, entry, tables):
                if left not in place.names:
                    raise DefinitionError(
                        file,
                        f"{entry.code}.rule",
                        f"“{left}” is not in “{place.label}”",
                        "A total is defined as <total> == sum(…)",
                    )
                ids.add(place.names[left])
    return frozenset(ids)


def checks_of(
    file: str,
    tables: Sequence[Table],
    cells: Mapping[str, Cell],
    narratives: Sequence[Narrative],
    entries: Sequence[CheckEntry],
) -> tuple[tuple[Check, ...], dict[str, Node]]:
    """All checks, and for each total cell the expression that computes it."""
    codes = [entry.code for entry in entries]
    for code in codes:
        if codes.count(code) > 1:
            raise DefinitionError(
                file, code, "is used twice", "A code is permanent: take a new one"
            )
    builder = _Builder(file, tables, cells, narratives)
    checks = tuple(builder.check(entry) for entry in entries)
    totals: dict[str, Node] = {}
    for check in checks:
        if check.defines_totals:
            for line in check.lines:
                rule = line.instances[0].expression
                if isinstance(rule, Compare) and isinstance(rule.left, CellRef):
                    # Where two checks meet (the corner of a table), the first
                    # computes the cell and the second checks it.
                    totals.setdefault(rule.left.id, rule.right)
    return checks, totals


@dataclass(frozen=True, slots=True)
class _Builder:
    file: str
    tables: Sequence[Table]
    cells: Mapping[str, Cell]
    narratives: Sequence[Narrative]

    def check(self, entry: CheckEntry) -> Check:
        if entry.severity not in set(Severity):
            raise self._wrong(
                entry,
                "severity",
                f"“{entry.severity}” is no severity",
                f"They are {', '.join(Severity)}",
            )
        lines = (
            tuple(self._input_lines(entry))
            if entry.each == "input"
            else tuple(
                Line(place.key, place.label, (self._instance(entry, place),))
                for place in self._places(entry)
            )
        )
        if not lines:
            raise self._wrong(
                entry, "only", "leaves nothing to check", "Name rows or columns"
            )
        return Check(
            code=entry.code,
            title=entry.title,
            title_en=entry.title_en,
            severity=Severity(entry.severity),
            rule=entry.rule,
            source=entry.source,
            message=entry.message,
            message_en=entry.message_en,
            remedy=entry.remedy,
            remedy_en=entry.remedy_en,
            lines=lines,
            defines_totals=entry.defines_totals,
        )

    def _places(self, entry: CheckEntry) -> Iterator[_Place]:
        match entry.each:
            case "row" | "column":
                yield from _table_places(self.file, entry, self.tables)
            case "narrative":
                for text in self.narratives:
                    yield self._text_place(entry, text)
            case "form":
                yield _Place(entry.code, "", {}, "")
            case str():
                raise self._wrong(
                    entry,
                    "each",
                    f"“{entry.each}” is not known",
                    "Write row, column, input, narrative, form or a list of ids",
                )
            case ids:
                for id_ in ids:
                    yield self._listed_place(entry, id_)

    def _listed_place(self, entry: CheckEntry, id_: str) -> _Place:
        for text in self.narratives:
            if text.id == id_:
                return self._text_place(entry, text)
        if id_ not in self.cells:
            raise self._wrong(
                entry,
                "each",
                f"there is no cell or text “{id_}”",
                "“workbook-builder form show” lists all ids",
            )
        return _Place(f"{entry.code}.{id_}", self.cells[id_].name, {"it": id_}, id_)

    @staticmethod
    def _text_place(entry: CheckEntry, text: Narrative) -> _Place:
        return _Place(f"{entry.code}.{text.id}", text.title, {"it": text.id}, text.id)

    def _input_lines(self, entry: CheckEntry) -> Iterator[Line]:
        for table in self.tables:
            inputs = [
                cell
                for cell in self.cells.values()
                if cell.table == table.id and cell.kind is Kind.INPUT
            ]
            instances = tuple(
                self._instance(
                    entry, _Place(f"{entry.code}.{c.id}", c.name, {"it": c.id}, c.id)
                )
                for c in inputs
            )
            yield Line(f"{entry.code}.{table.id}", table.sheet, instances, True)

    def _instance(self, entry: CheckEntry, place: _Place) -> Instance:
        def resolve(kind: str, name: str) -> str:
            id_ = place.names.get(name, name)
            texts = {text.id for text in self.narratives}
            if id_ not in (texts if kind == "text" else self.cells):
                raise RuleError(f"there is no {kind} “{name}” for “{place.label}”")
            return id_

        try:
            expression = read(parse(entry.rule), resolve, self._between)
        except RuleError as error:
            raise self._wrong(
                entry,
                "rule",
                str(error),
                "“workbook-builder form show” lists all ids",
            ) from None
        seen = dict.fromkeys(
            node.subject if isinstance(node, Call) else node.id
            for node in walk(expression)
            if isinstance(node, CellRef | LastYear | Call)
        )
        ids = tuple(id_ for id_ in seen if id_ in self.cells)
        target = place.target or _target(expression, ids)
        last_year = tuple(
            node.id for node in walk(expression) if isinstance(node, LastYear)
        )
        return Instance(place.key, expression, ids, target, last_year)

    def _between(self, first: str, last: str) -> tuple[str, ...]:
        """Down a column or along a row, never across a block."""
        a, b = self.cells[first], self.cells[last]
        same = [
            cell.id
            for cell in self.cells.values()
            if cell.table == a.table
            and (cell.column == a.column if a.column == b.column else cell.row == a.row)
        ]
        ids = same[same.index(first) : same.index(last) + 1] if last in same else []
        if not ids:
            raise RuleError(f"span({first}, {last}) is no part of a row or column")
        return tuple(ids)

    def _wrong(
        self, entry: CheckEntry, key: str, problem: str, remedy: str
    ) -> DefinitionError:
        return DefinitionError(self.file, f"{entry.code}.{key}", problem, remedy)


def _target(expression: Node, ids: tuple[str, ...]) -> str:
    """The left side of the rule, or the first cell it names."""
    if isinstance(expression, Compare) and isinstance(expression.left, CellRef):
        return expression.left.id
    return ids[0] if ids else ""


def _table_places(
    file: str, entry: CheckEntry, tables: Sequence[Table]
) -> Iterator[_Place]:
    table = next((table for table in tables if table.id == entry.table), None)
    if table is None:
        raise DefinitionError(
            file,
            f"{entry.code}.table",
            f"there is no table “{entry.table}”",
            f"The tables are {', '.join(table.id for table in tables)}",
        )
    places = {place.key: place for place in _each(entry, table)}
    known = [key.removeprefix(f"{entry.code}.") for key in places]
    for name in entry.only + entry.except_:
        if name not in known:
            raise DefinitionError(
                file,
                f"{entry.code}.only",
                f"there is no {entry.each} “{name}” in {table.id}",
                f"They are {', '.join(known)}",
            )
    for name, place in zip(known, places.values(), strict=True):
        if (not entry.only or name in entry.only) and name not in entry.except_:
            yield place


def _each(entry: CheckEntry, table: Table) -> Iterator[_Place]:
    if entry.each == "row":
        for block in table.blocks:
            for row in block.rows:
                names = {c.id: f"{table.id}.{row.id}.{c.id}" for c in block.columns}
                yield _Place(f"{entry.code}.{row.id}", row.labels[-1], names, "")
        return
    labels = {c.id: c.labels[-1] for block in table.blocks for c in block.columns}
    for column, label in labels.items():
        names = {
            row.id: f"{table.id}.{row.id}.{column}"
            for row, block in _rows(table)
            if any(c.id == column for c in block.columns)
        }
        yield _Place(f"{entry.code}.{column}", label, names, "")


def _rows(table: Table) -> Iterator[tuple[Row, Block]]:
    return ((row, block) for block in table.blocks for row in block.rows)
