"""The value of an expression: the second face of a rule.

Every answer is a value or UNKNOWN. A blank, a text or an error makes what is
computed from it UNKNOWN; it never counts as zero. Comparisons allow half a step
of the cell's grid, so that the office suites' doubles and our decimals agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from weakref import WeakKeyDictionary

from workbook_builder.language import compiled, figures, headings
from workbook_builder.language.alone import Alone, alone
from workbook_builder.language.compiled import UNKNOWN as UNKNOWN
from workbook_builder.language.compiled import Unknown as Unknown
from workbook_builder.language.likeness import runs, share
from workbook_builder.model.answers import ALL_ZERO, Answers, Circumstances
from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.explanation import compact
from workbook_builder.model.expression import (
    ByType,
    Call,
    LastPeriod,
    Node,
    PeriodPart,
    Total,
    UnitTypeIn,
)
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.period import Period
from workbook_builder.model.values import BLANK, ZERO, State, Value, number, on_grid


class Outcome(StrEnum):
    """What a check says of one place."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    """A cell it needs is not filled in, or holds no number."""
    NO_LAST_PERIOD = "no_last_period"


#: An input, its figure (none for a blank), and what was chosen above its table.
_Said = tuple[str, Decimal | None, str]
#: So many are known of a period, of which most are zeros, and of so many periods.
SAID, PERIODS = 1 << 13, 16


@dataclass(slots=True)
class _Compiled:
    """The expressions of a form by their ids, with what they are of."""

    truths: dict[int, tuple[Node, compiled.TruthOf]] = field(default_factory=dict)
    amounts: dict[int, tuple[Node, compiled.AmountOf]] = field(default_factory=dict)
    alone: Alone | None = None
    totals: tuple[tuple[str, tuple[str, ...], tuple[LastPeriod, ...]], ...] = ()
    """Id and parts, and those of the period before; each after its parts."""
    failing: dict[Period, dict[_Said, frozenset[int]]] = field(default_factory=dict)
    """Of the checks that look at one input, which fail for what it says in a period."""


_COMPILED: WeakKeyDictionary[Form, _Compiled] = WeakKeyDictionary()


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions over one return; remembers what it computed."""

    form: Form
    answers: Answers
    known: Circumstances
    _compiled: _Compiled = field(init=False)
    _cells: dict[str, Decimal | Unknown] = field(default_factory=dict)
    _sums: dict[str, Decimal] | None = None
    _period_parts: dict[str, Decimal] = field(init=False)
    _prepared: dict[str, str] = field(default_factory=dict)
    _outcomes: dict[int, tuple[Instance, Outcome]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._compiled = _COMPILED.setdefault(self.form, _Compiled())
        if not self._compiled.totals:
            self._compiled.totals = tuple(_parts(self.form))
        parts = self.known.period.parts
        self._period_parts = {name: Decimal(number) for name, number in parts.items()}

    def outcome(self, instance: Instance) -> Outcome:
        """What a check says of one place; a workbook asks for each some twenty times."""
        told = self._outcomes.get(id(instance))
        if told is None:  # kept with its instance, whose id it is as long as it lives
            told = self._outcomes[id(instance)] = instance, self._outcome(instance)
        return told[1]

    def _outcome(self, instance: Instance) -> Outcome:
        for node in instance.last_period:
            if self.amount(node) is UNKNOWN:
                return Outcome.NO_LAST_PERIOD
        holds = self.truth(instance.expression)
        if isinstance(holds, Unknown):
            return Outcome.UNKNOWN
        return Outcome.PASS if holds else Outcome.FAIL

    def failing(self) -> Iterator[tuple[Check, Line, Instance]]:
        """Every place where a check fails, the gravest first."""
        if self._compiled.alone is None:
            self._compiled.alone = alone(self.form)
        lines = self._compiled.alone.lines
        failing = self._failing_alone(self._compiled.alone.by_input)
        for check, line in self.form.lines:
            if id(line) not in lines:
                for instance in line.instances:
                    if self._fails(instance):
                        yield check, line, instance
            elif failing:
                for instance in line.instances:
                    if id(instance) in failing:
                        yield check, line, instance

    def _failing_alone(
        self, by_input: Mapping[tuple[str, str], tuple[Instance, ...]]
    ) -> frozenset[int]:
        """Of the checks that look at one input, the ids of those that fail."""
        every = self._compiled.failing
        if len(every) >= PERIODS and self.known.period not in every:
            every.clear()
        known = every.setdefault(self.known.period, {})
        values, failing = self.answers.values, set[int]()
        chosen = {
            table.id: self.answers.declaration(table.id) for table in self.form.tables
        }
        for (id_, table), instances in by_input.items():
            value = values.get(id_, BLANK)
            if value.number is None and value.state is not State.BLANK:
                failing |= self._failing_of(instances)
                continue
            said = id_, value.number, chosen[table]
            told = known.get(said)
            if told is None:
                if len(known) >= SAID:
                    known.clear()
                told = known[said] = self._failing_of(instances)
            if told:
                failing |= told
        return frozenset(failing)

    def _failing_of(self, instances: Iterable[Instance]) -> frozenset[int]:
        return frozenset(id(each) for each in instances if self._fails(each))

    def _fails(self, instance: Instance) -> bool:
        # Most hold, and nothing else is asked of those.
        holds = self.truth(instance.expression)
        return holds is False and self.outcome(instance) is Outcome.FAIL

    def truth(self, node: Node) -> bool | Unknown:
        """The value of a yes/no expression."""
        known = self._compiled.truths.get(id(node))
        if known is None:
            known = node, compiled.truth(self.form, node)
            self._compiled.truths[id(node)] = known
        return known[1](self)

    def amount(self, node: Node) -> Decimal | Unknown:
        """The value of a numeric expression, exact."""
        known = self._compiled.amounts.get(id(node))
        if known is None:
            known = node, compiled.amount(self.form, node)
            self._compiled.amounts[id(node)] = known
        return known[1](self)

    def truth_of(self, node: Node) -> bool | Unknown:
        """Of an expression that asks for more than cells."""
        match node:
            case Call():
                return self._predicate(node)
            case UnitTypeIn(types=types):
                return self.known.unit_type in types
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    def amount_of(self, node: Node) -> Decimal | Unknown:
        """Of an expression that asks for more than cells."""
        match node:
            case LastPeriod(within_year=True) if self.known.period.number == 1:
                return Decimal(0)
            case LastPeriod(id=id_):
                return self.known.last_period.get(id_, UNKNOWN)
            case ByType(cases=cases, otherwise=otherwise):
                own = (each.value for type_, each in cases if self.truth(type_))
                return next(own, otherwise.value)
            case PeriodPart(name=name):
                return self._period_parts[name]
            case Call(name="maximum", subject=id_):
                return Decimal(self.form.cells[id_].type.maximum)
            case Call(name="length", subject=id_):
                return Decimal(len(compact(self.written(id_))))
            case Call(name="like_last", subject=id_):
                then = runs(self.known.texts_before.get(id_, ""))
                now = runs(self.answers.texts.get(id_, ""))
                return Decimal(share(now, then)) if then else UNKNOWN
            case Call(name="minimum", subject=id_):
                return Decimal(self.form.minimum(id_))
            case _:
                raise TypeError(f"not a number: {node}")

    def cell(self, id_: str) -> Decimal | Unknown:
        """The number a cell stands for.

        A blank under a zero declaration is 0. A total is what the form prints: the
        sum of its parts, or what was typed over it.
        """
        told = self._cells.get(id_)
        if told is None:
            told = self._cells[id_] = self._cell(id_)
        return told

    def _cell(self, id_: str) -> Decimal | Unknown:
        printed = self.answers.printed  # of totals
        if id_ in printed:
            number = printed[id_].number
            return UNKNOWN if number is None else number
        # What is typed over one total is seen in those made of it.
        if printed and id_ in self.form.totals:
            return self.amount(self.form.totals[id_])
        return self.total(id_)

    def added(
        self, cells: Iterable[str], before: Iterable[LastPeriod]
    ) -> Decimal | Unknown:
        """The sum of cells, those of the period before among them."""
        return _sum([*map(self.cell, cells), *map(self.amount, before)])

    def total(self, id_: str) -> Decimal | Unknown:
        """A total recomputed from inputs, UNKNOWN while a part is unknown; an input as it
        is."""
        if self._sums is None:
            self._sums = self._added()
        return self._sums.get(id_, UNKNOWN)

    def _added(self) -> dict[str, Decimal]:
        """Every input and total that is known."""
        found = {
            id_: value.number
            for id_, value in self.answers.values.items()
            if value.number is not None and id_ not in self.form.totals
        }
        for cell in self.form.inputs if self.answers.declared else ():
            if self._declared_blank(cell.id, self.answers.value(cell.id)):
                found[cell.id] = Decimal(0)
        for id_, parts, before in self._compiled.totals:
            amount = _sum([*map(found.get, parts), *map(self.amount, before)])
            if not isinstance(amount, Unknown):
                found[id_] = amount
        return found

    def facts(self) -> dict[str, Value]:
        """Every cell of the form, see :func:`facts`."""
        return {
            id_: self.total_fact(id_)
            if cell.kind is Kind.TOTAL
            else self._input_fact(id_)
            for id_, cell in self.form.cells.items()
        }

    def total_fact(self, id_: str) -> Value:
        """A total recomputed; a blank while a part is unknown."""
        amount = self.total(id_)
        return BLANK if isinstance(amount, Unknown) else number(amount)

    def _input_fact(self, id_: str) -> Value:
        value = self.answers.values.get(id_, BLANK)
        if value.number is not None or not self._declared_blank(id_, value):
            return value
        return ZERO

    def _declared_blank(self, id_: str, value: Value) -> bool:
        table = self.form.cells[id_].table
        return value.state is State.BLANK and table in self.answers.declared

    def _predicate(self, node: Call) -> bool | Unknown:
        id_ = node.subject
        match node.name:
            case "is_blank":
                return self.is_blank(id_)
            case "is_number":
                return not isinstance(self.cell(id_), Unknown)
            case "on_grid":
                value = self.cell(id_)
                decimals = self.form.cells[id_].type.decimals
                return UNKNOWN if value is UNKNOWN else on_grid(value, decimals)
            case "zero_declared":
                table = self.form.cells[id_].table
                return self.answers.declaration(table) == ALL_ZERO
            case "contains":
                assert isinstance(node.argument, tuple)
                return any(each in self.written(id_) for each in node.argument)
            case "says":
                assert isinstance(node.argument, Node)
                amount = self.amount(node.argument)
                if isinstance(amount, Unknown):
                    return UNKNOWN
                return figures.says(self.prepared(id_), amount)
            case "has_figure":
                return figures.has_figure(self.prepared(id_))
            case "misplaced":
                others = self.form.headings_but(id_)
                return headings.opens_with(self.written(id_), others)
            case "counts":
                assert isinstance(node.argument, tuple)
                return figures.counts(self.written(id_), node.argument)
            case "mentions_year":
                assert isinstance(node.argument, Node)
                return f"{self.amount(node.argument)}年" in compact(self.written(id_))
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    def written(self, id_: str) -> str:
        """What stands in a text or a field."""
        answers = self.answers
        return answers.texts.get(id_, "") or answers.fields.get(id_, "")

    def prepared(self, id_: str) -> str:
        """A text as figures are looked for in it."""
        if id_ not in self._prepared:
            self._prepared[id_] = figures.prepared(self.written(id_))
        return self._prepared[id_]

    def is_blank(self, id_: str) -> bool:
        """Whether nothing is written in a field, or an input is a blank that no zero
        declaration covers."""
        if id_ not in self.form.cells:
            return id_ not in self.known.unread and not compact(self.written(id_))
        value = self.answers.values.get(id_, BLANK)
        return value.state is State.BLANK and not self._declared_blank(id_, value)


def summed(form: Form, figures: Mapping[str, Decimal]) -> Answers:
    """Sums of returns as answers. A total that reaches into the period before stands as
    it was added up; the others are left to the form."""
    given = {id_: number(amount) for id_, amount in figures.items()}
    return Answers(
        values={id_: value for id_, value in given.items() if id_ not in form.totals},
        printed={id_: given[id_] for id_ in form.running if id_ in given},
    )


def facts(
    form: Form, answers: Answers, known: Circumstances | None = None
) -> Mapping[str, Value]:
    """Every cell of the form as this program vouches for it.

    Inputs as typed (blanks of a declared table are 0), totals recomputed; a total
    with an unknown part is blank, and so is, where nothing is ``known`` of the period
    before, a total that reaches into it.
    """
    told = Evaluator(form, answers, known or Circumstances(form.first_period)).facts()
    return told if known else told | dict.fromkeys(form.running, BLANK)


def _parts(
    form: Form,
) -> Iterator[tuple[str, tuple[str, ...], tuple[LastPeriod, ...]]]:
    for id_, total in form.totals.items():
        assert isinstance(total, Total)
        yield id_, tuple(cell.id for cell in total.cells), total.before


def _sum(values: Iterable[Decimal | Unknown | None]) -> Decimal | Unknown:
    try:
        total: Decimal = sum(values, Decimal(0))  # type: ignore[type-var,assignment]
    except TypeError:  # one of them is not known, which adds to nothing
        return UNKNOWN
    return total
