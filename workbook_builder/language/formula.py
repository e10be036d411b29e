"""A rule as a spreadsheet formula: its first face.

Each yes/no expression becomes two formulas: whether it can be told at all, and
whether it holds. The second is only looked at when the first is true, and means
what :mod:`workbook_builder.language.value` means, blanks and texts included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbook_builder.language.figures import has_figure_formula, says_formula
from workbook_builder.language.headings import opens_with_formula
from workbook_builder.language.spelling import (
    ALWAYS,
    all_of,
    any_of,
    compact_length,
    compacted,
    has,
    if_,
    literals,
    position,
    quoted,
    sheet_prefix,
)
from workbook_builder.language.words import DECIMALS, Amount, Gap, Lacking, Said
from workbook_builder.model.answers import ALL_ZERO, REST_ZERO
from workbook_builder.model.expression import (
    FIGURES,
    Arithmetic,
    Both,
    ByType,
    Call,
    CellRef,
    Compare,
    Either,
    LastPeriod,
    Node,
    Not,
    Number,
    PeriodPart,
    Total,
    UnitTypeIn,
    walk,
)
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Design, Place
from workbook_builder.model.text import Text
from workbook_builder.model.values import NOISE, plain


class Guarded(NamedTuple):
    """Formulas for “can be told” and “holds”."""

    known: str
    holds: str


@dataclass(frozen=True, slots=True)
class Formulas:
    """Translates expressions for formulas that stand on the sheet ``home``.

    What is typed is looked up where the hidden sheet has it: there a blank that a
    declaration covers is 0.
    """

    form: Form
    layout: Design
    home: str
    known_as: Mapping[Place, str] = field(default_factory=dict)
    """Other words for some places, the same in many formulas, which keeps a file small."""

    def ref(self, place: Place) -> str:
        """``D8`` at home, ``表三!D8`` elsewhere."""
        if place in self.known_as:
            return self.known_as[place]
        spot = self._entry(place)
        return f"{self._sheet(spot)}{spot.address}"

    def fixed(self, place: Place) -> str:
        """``$D$8``, for what all formulas of a column look at: suites read them once."""
        spot = self._entry(place)
        return f"{self._sheet(spot)}{spot.absolute}"

    def typed(self, place: Place, home: Place) -> str:
        """What stands in a typed cell, for a formula in the cell ``home``. The reference
        holds whatever is cut or dragged where, since only two locked cells of its sheet
        are named in it. Neighbours have the same text, which keeps the file small."""
        first, last = self.layout.frames[place.sheet]
        frame = f"{self._sheet(first)}{first.absolute}:{last.absolute}"
        down = home.row - place.row + first.row
        across = home.column - place.column + first.column
        return f"INDEX({frame},{position('ROW', down)},{position('COLUMN', across)})"

    def amount(self, node: Node) -> str:
        """A numeric expression."""
        match node:
            case Number(value=value):
                return plain(value)
            case LastPeriod(id=id_, within_year=within_year):
                ref = self.ref(self.layout.last_period[id_])
                return f"IF({self._begins_year()},0,{ref})" if within_year else ref
            case ByType(cases=cases, otherwise=otherwise):
                text = plain(otherwise.value)
                for type_, each in reversed(cases):
                    text = f"IF({self.truth(type_).holds},{plain(each.value)},{text})"
                return text
            case PeriodPart(name=name):
                return self.fixed(self.layout.stamp[name])
            case Call(name="maximum", subject=id_):
                return str(self.form.cells[id_].type.maximum)
            case Call(name="minimum", subject=id_):
                return str(self.form.minimum(id_))
            case Call(name="length", subject=id_):
                return compact_length(self.written(id_))
            case Arithmetic(op="*", left=left, right=right):
                sides = (_factor(side, self.amount(side)) for side in (left, right))
                return "*".join(sides)
            case Call():
                raise TypeError(f"no formula can tell: {node}")
            case _:
                return self._chain(node)

    def total(self, id_: str) -> str:
        """The formula of a total cell: empty until all its parts are known; or the one
        that was pasted, which its check compares."""
        parts = self.form.totals[id_]
        known = all_of([self.known([parts]), self.last_period_known(parts)])
        total = f'IF({known},{self.amount(parts)},"")'
        spot = self.layout.pasted_totals[id_]
        pasted = f"{self._sheet(spot)}{spot.address}"
        return f'=IF({pasted}="",{total},{pasted})'

    def truth(self, node: Node, numbers: frozenset[str] = frozenset()) -> Guarded:
        """A yes/no expression. ``numbers`` are cells already known to be numbers."""
        match node:
            case Either(left=left, right=right):
                first, then = self.truth(left, numbers), self.truth(right, numbers)
                return Guarded(
                    if_(first.known, if_(first.holds, ALWAYS, then.known), "FALSE"),
                    if_(first.holds, ALWAYS, then.holds),
                )
            case Both(left=left, right=right):
                proved = numbers | _proved(left)
                first, then = self.truth(left, numbers), self.truth(right, proved)
                return Guarded(
                    if_(first.known, if_(first.holds, then.known, ALWAYS), "FALSE"),
                    if_(first.holds, then.holds, "FALSE"),
                )
            case Not(operand=operand):
                inner = self.truth(operand, numbers)
                return Guarded(inner.known, f"NOT({inner.holds})")
            case Compare():
                return self._compare(node, numbers)
            case UnitTypeIn(types=types):
                unit_type = self.fixed(self.layout.stamp["unit_type"])
                cases = ",".join(f"{unit_type}={quoted(type_)}" for type_ in types)
                return Guarded(ALWAYS, f"OR({cases})")
            case Call():
                return self._predicate(node, numbers)
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    def known(
        self, nodes: Iterable[Node], numbers: frozenset[str] = frozenset()
    ) -> str:
        """Whether every cell in the expressions is a number, or a declared blank."""
        cells = dict.fromkeys(
            node.id
            for root in nodes
            for node in walk(root)
            if isinstance(node, CellRef) and node.id not in numbers
        )
        return self._count([self.layout.cells[id_] for id_ in cells])

    def last_period_known(self, node: Node) -> str:
        """Whether all figures of the period before that the rule needs are there."""
        asked = dict.fromkeys(n for n in walk(node) if isinstance(n, LastPeriod))
        always, later = (
            [self.layout.last_period[n.id] for n in asked if n.within_year is within]
            for within in (False, True)
        )
        parts = [self._count(always)]
        if later:
            parts.append(f"IF({self._begins_year()},TRUE,{self._count(later)})")
        return all_of(parts)

    def _begins_year(self) -> str:
        """Whether the period is the first of its year."""
        return f"{self.fixed(self.layout.stamp[self.form.frequency.parts[-1]])}=1"

    def declared(self, table: str) -> str:
        """Whether the blanks of the table are declared to be 0."""
        chosen = self.fixed(self.layout.declarations[table])
        return f'OR({chosen}="{ALL_ZERO}",{chosen}="{REST_ZERO}")'

    def all_zero(self, table: str) -> str:
        """Whether the whole table is declared to be 0."""
        return f'{self.fixed(self.layout.declarations[table])}="{ALL_ZERO}"'

    def _chain(self, node: Node) -> str:
        """``SUM(a,b)-SUM(c)``."""
        plus, minus = self._signed(node)
        text = self._sum(plus)
        return f"{text}-{self._sum(minus)}" if minus else text

    @staticmethod
    def _sum(terms: Sequence[str]) -> str:
        if len(terms) == 1 and terms[0].isdecimal():
            return terms[0]
        return f"SUM({','.join(terms)})"

    def _signed(self, node: Node) -> tuple[list[str], list[str]]:
        match node:
            case Arithmetic(op="*"):
                return [self.amount(node)], []
            case Arithmetic(op=op, left=left, right=right):
                plus, minus = self._signed(left)
                more, less = self._signed(right)
                if op == "-":
                    more, less = less, more
                return plus + more, minus + less
            case Total(cells=cells, before=before):
                places = [self.layout.cells[cell.id] for cell in cells]
                return [*self.ranges(places), *map(self.amount, before)], []
            case CellRef(id=id_):
                return [self.ref(self.layout.cells[id_])], []
            case _:
                return [self.amount(node)], []

    def _compare(self, node: Compare, numbers: frozenset[str]) -> Guarded:
        known = self.known([node.left, node.right], numbers)
        left, right = (
            self.ref(self.layout.cells[side.id])
            if isinstance(side, CellRef) and side.id in numbers
            else self.amount(side)
            for side in (node.left, node.right)
        )
        slack = plain(self.form.tolerance(node))
        zero = "" if right == "0" else f"-{_operand(node.right, right)}"
        match node.op:
            case "==":
                return Guarded(known, f"ABS({left}{zero})<{slack}")
            case "<=":
                return Guarded(known, f"{left}{zero}<{slack}")
            case _:
                return Guarded(known, f"{right}-{_operand(node.left, left)}<{slack}")

    def _predicate(self, node: Call, numbers: frozenset[str]) -> Guarded:
        id_ = node.subject
        if id_ not in self.form.cells:
            return self._text_predicate(node, numbers)
        cell = self.form.cells[id_]
        ref = self.ref(self.layout.cells[id_])
        match node.name:
            case "is_blank":
                return Guarded(ALWAYS, f'{ref}=""')
            case "is_number":
                return Guarded(ALWAYS, f"ISNUMBER({ref})")
            case "on_grid":
                known = self.known([CellRef(id_)], numbers)
                off = f"ABS({ref}-ROUND({ref},{cell.type.decimals}))"
                return Guarded(known, f"{off}<{plain(NOISE)}")
            case "zero_declared":
                return Guarded(ALWAYS, self.all_zero(cell.table))
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    def _text_predicate(self, node: Call, numbers: frozenset[str]) -> Guarded:
        known = ALWAYS
        if node.name == "is_blank":
            return Guarded(known, self.unwritten(node.subject))
        if node.name in FIGURES:
            ref = self.ref(self.layout.prepared[node.subject])
        else:
            ref = self.written(node.subject)
        if node.name == "has_figure":
            return Guarded(known, has_figure_formula(ref))
        if node.name == "misplaced":
            others = self.form.headings_but(node.subject)
            return Guarded(known, opens_with_formula(ref, others))
        if isinstance(node.argument, tuple):
            return Guarded(known, any_of([has(ref, quoted(w)) for w in node.argument]))
        assert node.argument is not None
        amount = self.amount(node.argument)
        if node.name == "says":
            known = self.known([node.argument], numbers)
            return Guarded(known, says_formula(ref, f"({amount})"))
        return Guarded(known, has(compacted(ref), f'({amount})&"年"'))

    def written(self, id_: str) -> str:
        """What stands in a text or a field."""
        fields = self.layout.fields
        return self.ref(fields[id_] if id_ in fields else self.layout.texts[id_])

    def unwritten(self, id_: str) -> str:
        """Whether nothing is written there."""
        return f'{compacted(self.written(id_))}=""'

    def _count(self, places: Sequence[Place]) -> str:
        """Whether all of them hold numbers."""
        if not places:
            return ALWAYS
        return f"COUNT({','.join(self.ranges(places))})={len(places)}"

    def spoken(self, parts: Iterable[Said]) -> str:
        """A sentence, its amounts live."""
        return "&".join(
            text_of
            for part in parts
            for text_of in (
                literals(part.zh) if isinstance(part, Text) else [self._part(part)]
            )
        )

    def _part(self, part: Amount | Gap | Lacking) -> str:
        if not isinstance(part, Lacking):
            return self._figure(part)
        names = (
            f'IF({self.unwritten(each.id)},"、{each.title}","")' for each in part.fields
        )
        return f"MID({'&'.join(names)},2,255)"

    def _figure(self, part: Amount | Gap) -> str:
        """A number with separators and the decimals it has, as ``grouped`` says it."""
        if isinstance(part, Amount) and part.plain:
            return f"({self.amount(part.node)})"
        if isinstance(part, Amount):
            amount = self.amount(part.node)
        else:
            less = _operand(part.right, self.amount(part.right))
            amount = f"ABS({self.amount(part.left)}-{less})"
        pattern = f"#,##0.{'#' * DECIMALS}"
        shown = f'TEXT({amount},"{pattern}")&"|"'  # “5.” in most suites
        return f'SUBSTITUTE(SUBSTITUTE({shown},".|",""),"|","")'

    def blanks(self, places: Sequence[Place]) -> str:
        """How many of them are blank, declarations apart."""
        ranges = self.ranges(places)
        return "+".join(f'SUMPRODUCT(({each}="")*1)' for each in ranges)

    def ranges(self, places: Sequence[Place]) -> list[str]:
        """References, with neighbours in a row or column as one range."""
        if len(places) == 1:
            return [self.ref(places[0])]
        ranges: list[str] = []
        for first, last in runs([self._entry(place) for place in places]):
            text = f"{self._sheet(first)}{first.address}"
            ranges.append(text if first == last else f"{text}:{last.address}")
        return ranges

    def _entry(self, place: Place) -> Place:
        return self.layout.entries.get(place, place)

    def _sheet(self, place: Place) -> str:
        return "" if place.sheet == self.home else sheet_prefix(place.sheet)


def runs(places: Sequence[Place]) -> list[tuple[Place, Place]]:
    """Neighbouring places in one row or column, as (first, last)."""
    found: list[list[Place]] = []
    for place in places:
        if found and _continues(found[-1], place):
            found[-1].append(place)
        else:
            found.append([place])
    return [(run[0], run[-1]) for run in found]


def _continues(run: list[Place], place: Place) -> bool:
    last, first = run[-1], run[0]
    if place.sheet != last.sheet:
        return False
    down = place.column == last.column == first.column and place.row == last.row + 1
    along = place.row == last.row == first.row and place.column == last.column + 1
    return down or along


def _proved(node: Node) -> frozenset[str]:
    """Cells that are numbers wherever the expression holds."""
    match node:
        case Call(name="is_number", subject=id_):
            return frozenset({id_})
        case _:
            return frozenset()


def _operand(node: Node, text: str) -> str:
    """What follows a minus sign; a difference needs brackets there, or less than 0."""
    less = text.startswith("-") or (isinstance(node, Arithmetic) and "-" in text)
    return f"({text})" if less else text


def _factor(node: Node, text: str) -> str:
    """A sum or a difference needs brackets beside “*”."""
    plain_ = not isinstance(node, Arithmetic) or node.op == "*"
    return text if plain_ else f"({text})"
