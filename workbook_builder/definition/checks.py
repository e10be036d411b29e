"""Turns the entries of ``checks.toml`` into Checks, one line for every place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from workbook_builder.definition.places import (
    OF_TABLE,
    RulePlace,
    between,
    table_places,
)
from workbook_builder.definition.schema import CheckEntry, FormFile
from workbook_builder.language.parse import parse, read
from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.errors import DefinitionError, RuleError
from workbook_builder.model.expression import (
    FUNCTIONS,
    READER_ONLY,
    Call,
    CellRef,
    Compare,
    LastPeriod,
    Node,
    PeriodPart,
    Total,
    UnitTypeIn,
    is_amount,
    walk,
)
from workbook_builder.model.form import Cell, Field, Kind, Narrative, Table
from workbook_builder.model.period import Frequency
from workbook_builder.model.severity import Severity


def totals_of(
    file: str, tables: Sequence[Table], entries: Sequence[CheckEntry]
) -> frozenset[str]:
    """Ids of the cells that a check with ``defines_totals`` computes."""
    ids: set[str] = set()
    for entry in entries:
        if entry.defines_totals:
            if entry.each not in OF_TABLE:
                raise DefinitionError(
                    file,
                    f"{entry.code}.each",
                    "totals stand in each row or column of a table",
                    "Write each = “row” or “column”",
                )
            left = entry.rule.partition("==")[0].strip()
            for place in table_places(file, entry, tables):
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
    source: FormFile,
    tables: Sequence[Table],
    cells: Mapping[str, Cell],
    narratives: Sequence[Narrative],
    fields: Sequence[Field],
    entries: Sequence[CheckEntry],
) -> tuple[tuple[Check, ...], dict[str, Node]]:
    """All checks, and for each total cell the expression that computes it.

    A total comes after those it is made of.
    """
    codes = [entry.code for entry in entries]
    for code in codes:
        if codes.count(code) > 1 or code in CATALOGUE:
            raise DefinitionError(
                file, code, "is used twice", "A code is permanent: take a new one"
            )
    types, period = source.unit_types, source.period
    ids = {
        "cell": cells.keys(),
        "text": {text.id for text in narratives},
        "field": {field.id for field in fields},
    }
    known = {
        kind: frozenset().union(*(ids[each] for each in kind.split(" or ")))
        for kind in ("cell", *(kind for kind, _, _ in FUNCTIONS.values()))
    }
    builder = _Builder(file, tables, cells, narratives, fields, known, types, period)
    checks = tuple(builder.check(entry) for entry in entries)
    return checks, _in_order(file, _totals(file, checks))


def _totals(file: str, checks: Sequence[Check]) -> dict[str, tuple[str, Total]]:
    """Total cell → the check that computes it, and its parts.

    Where two checks meet (the corner of a table), the first computes the cell and
    the second checks it.
    """
    rules: dict[str, tuple[str, Total]] = {}
    for check in checks:
        for line in check.lines if check.defines_totals else ():
            match line.instances[0].expression:
                case Compare(op="==", left=CellRef(id=id_), right=Total() as parts):
                    rules.setdefault(id_, (check.code, parts))
                case _:
                    raise DefinitionError(
                        file,
                        f"{check.code}.rule",
                        "does not say of what the total is the sum",
                        "A total is defined as <total> == sum(…)",
                    )
    return rules


def _in_order(file: str, rules: Mapping[str, tuple[str, Total]]) -> dict[str, Node]:
    """Every total after those it is made of; refuses one that is part of itself."""
    ordered: dict[str, Node] = {}

    def add(id_: str, above: tuple[str, ...]) -> None:
        if id_ in ordered or id_ not in rules:
            return
        code, parts = rules[id_]
        if id_ in above:
            circle = " → ".join((*above[above.index(id_) :], id_))
            raise DefinitionError(
                file,
                f"{code}.rule",
                f"a total is part of itself: {circle}",
                "Take it out of its own sum()",
            )
        for part in parts.cells:
            add(part.id, (*above, id_))
        ordered[id_] = parts

    for id_ in rules:
        add(id_, ())
    return ordered


@dataclass(frozen=True, slots=True)
class _Builder:
    file: str
    tables: Sequence[Table]
    cells: Mapping[str, Cell]
    narratives: Sequence[Narrative]
    fields: Sequence[Field]
    known: Mapping[str, Set[str]]
    unit_types: Sequence[str]
    frequency: Frequency

    def check(self, entry: CheckEntry) -> Check:
        if entry.severity not in set(Severity):
            raise self._wrong(
                entry,
                "severity",
                f"“{entry.severity}” is no severity",
                f"They are {', '.join(Severity)}",
            )
        self._prove_keys(entry)
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
                entry, "each", "leaves nothing to check", "Name rows, columns or ids"
            )
        check = Check(
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
        if check.reader_only and (check.defines_totals or lines[0].per_input):
            raise self._wrong(
                entry,
                "rule",
                "asks what no formula can tell, and the workbook has to",
                f"Leave out {', '.join(sorted(READER_ONLY))}",
            )
        return check

    def _prove_keys(self, entry: CheckEntry) -> None:
        """Refuses what would be ignored, and one place named twice."""
        narrowing = {
            "table": entry.table, "only": entry.only, "except": entry.except_
        }  # fmt: skip
        for key, given in narrowing.items():
            if given and entry.each not in OF_TABLE:
                raise self._wrong(
                    entry, key, "goes with each = row or column only", "Leave it out"
                )
        if not isinstance(entry.each, str):
            for id_ in entry.each:
                if entry.each.count(id_) > 1:
                    raise self._wrong(
                        entry, "each", f"“{id_}” is named twice", "Name it once"
                    )

    def _places(self, entry: CheckEntry) -> Iterator[RulePlace]:
        match entry.each:
            case "row" | "column":
                yield from table_places(self.file, entry, self.tables)
            case "narrative":
                for text in self.narratives:
                    yield self._text_place(entry, text)
            case "form":
                yield RulePlace(entry.code, "", {}, "")
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

    def _listed_place(self, entry: CheckEntry, id_: str) -> RulePlace:
        texts: list[Narrative | Field] = [*self.narratives, *self.fields]
        for text in texts:
            if text.id == id_:
                return self._text_place(entry, text)
        if id_ not in self.cells:
            raise self._wrong(
                entry,
                "each",
                f"there is no cell, text or field “{id_}”",
                "“workbook-builder form show” lists all ids",
            )
        return RulePlace(f"{entry.code}.{id_}", self.cells[id_].name, {"it": id_}, id_)

    @staticmethod
    def _text_place(entry: CheckEntry, text: Narrative | Field) -> RulePlace:
        return RulePlace(
            f"{entry.code}.{text.id}", text.title, {"it": text.id}, text.id
        )

    def _input_lines(self, entry: CheckEntry) -> Iterator[Line]:
        for table in self.tables:
            inputs = [
                cell
                for cell in self.cells.values()
                if cell.table == table.id and cell.kind is Kind.INPUT
            ]
            instances = tuple(
                self._instance(
                    entry, RulePlace(f"{entry.code}.{c.id}", c.name, {"it": c.id}, c.id)
                )
                for c in inputs
            )
            yield Line(f"{entry.code}.{table.id}", table.sheet, instances, True)

    def _instance(self, entry: CheckEntry, place: RulePlace) -> Instance:
        def resolve(kind: str, name: str) -> str:
            id_ = place.names.get(name, name)
            if id_ not in self.known[kind]:
                raise RuleError(f"there is no {kind} “{name}” for “{place.label}”")
            return id_

        def span(first: str, last: str) -> tuple[str, ...]:
            return between(self.tables, self.cells, first, last)

        try:
            expression = read(parse(entry.rule), resolve, span)
            if is_amount(expression):
                raise RuleError("a rule compares or asks; this one is only a number")
        except RuleError as error:
            raise self._wrong(
                entry,
                "rule",
                str(error),
                "“workbook-builder form show” lists all ids",
            ) from None
        seen: dict[str, None] = {}
        last_period: dict[LastPeriod, None] = {}
        for node in walk(expression):
            match node:
                case CellRef(id=id_) | Call(subject=id_):
                    seen[id_] = None
                case LastPeriod(id=id_):
                    seen[id_] = last_period[node] = None
                case UnitTypeIn(types=types):
                    self._prove_types(entry, types)
                case PeriodPart(name=name):
                    self._prove_part(entry, name)
        ids = tuple(id_ for id_ in seen if id_ in self.cells)
        target = place.target or _target(expression, tuple(seen))
        if any(node.within_year for node in last_period):
            self._prove_within_year(entry)
        return Instance(place.key, expression, ids, target, tuple(last_period))

    def _prove_within_year(self, entry: CheckEntry) -> None:
        if self.frequency is Frequency.YEAR:
            raise self._wrong(
                entry,
                "rule",
                "so_far() is what earlier periods of a year said; a year has none",
                "Write last(), or say period = “quarter” or “month” in form.toml",
            )

    def _prove_part(self, entry: CheckEntry, name: str) -> None:
        if name not in self.frequency.parts:
            raise self._wrong(
                entry,
                "rule",
                f"a form of the {self.frequency} knows no {name}",
                f"It may ask for {', '.join(self.frequency.parts)}",
            )

    def _prove_types(self, entry: CheckEntry, types: Sequence[str]) -> None:
        for type_ in types:
            if type_ not in self.unit_types:
                raise self._wrong(
                    entry,
                    "rule",
                    f"“{type_}” is not a type of unit",
                    f"unit_types in form.toml are {'、'.join(self.unit_types)}",
                )

    def _wrong(
        self, entry: CheckEntry, key: str, problem: str, remedy: str
    ) -> DefinitionError:
        return DefinitionError(self.file, f"{entry.code}.{key}", problem, remedy)


def _target(expression: Node, ids: tuple[str, ...]) -> str:
    """The left side of the rule, or the first cell it names."""
    if isinstance(expression, Compare) and isinstance(expression.left, CellRef):
        return expression.left.id
    return ids[0] if ids else ""
