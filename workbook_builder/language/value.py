"""The value of an expression: the second face of a rule.

Every answer is a value or UNKNOWN. A blank, a text or an error makes what is
computed from it UNKNOWN; it never counts as zero. Comparisons allow half a step
of the cell's grid, so that the office suites' doubles and our decimals agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from weakref import WeakKeyDictionary

from workbook_builder.language import compiled, figures
from workbook_builder.language.alone import Alone, alone
from workbook_builder.language.compiled import UNKNOWN as UNKNOWN
from workbook_builder.language.compiled import Figures, NotKnown
from workbook_builder.language.compiled import Unknown as Unknown
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.explanation import compact
from workbook_builder.model.expression import Node
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.values import BLANK, State, Value, number


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
    failing: dict[Period, dict[_Said, frozenset[int]]] = field(default_factory=dict)
    """Of the checks that look at one input, which fail for what it says in a period."""


_COMPILED: WeakKeyDictionary[Form, _Compiled] = WeakKeyDictionary()


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions over one return; remembers what it computed."""

    form: Form
    answers: Answers
    known: Circumstances
    figures: Figures = field(init=False)
    """What each cell stands for: a blank under a zero declaration is 0, a total is what
    the form prints, the sum of its parts or what was typed over it."""
    _compiled: _Compiled = field(init=False)
    _recomputed: Figures | None = None
    _compact: dict[str, str] = field(default_factory=dict)
    _prepared: dict[str, str] = field(default_factory=dict)
    _outcomes: dict[int, tuple[Instance, Outcome]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._compiled = _COMPILED.setdefault(self.form, _Compiled())
        self._count()

    def _count(self) -> None:
        """Every input and total that is known, each total after its parts."""
        totals, printed, answers = self.form.totals, self.answers.printed, self.answers
        found = self.figures = Figures()
        for id_, value in answers.values.items():
            if value.number is not None and id_ not in totals:
                found[id_] = value.number
        for cell in self.form.inputs if answers.declared else ():
            if self._declared_blank(cell.id, answers.value(cell.id)):
                found[cell.id] = Decimal(0)
        for id_, total in totals.items():
            if id_ in printed:
                amount: Decimal | Unknown | None = printed[id_].number
            else:
                amount = self.amount(total)
            if isinstance(amount, Decimal):
                found[id_] = amount

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
        told = self._compiled.alone
        failing = self._failing_alone(told.by_input)
        others = told.others if self.answers.printed else told.not_computed
        for check, line in self.form.lines if failing else others:
            is_told = id(line) in told.lines
            for instance in line.instances:
                if id(instance) in failing if is_told else self._fails(instance):
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
        try:
            return known[1](self)
        except NotKnown:
            return UNKNOWN

    def amount(self, node: Node) -> Decimal | Unknown:
        """The value of a numeric expression, exact."""
        known = self._compiled.amounts.get(id(node))
        if known is None:
            known = node, compiled.amount(self.form, node)
            self._compiled.amounts[id(node)] = known
        try:
            return known[1](self)
        except NotKnown:
            return UNKNOWN

    def cell(self, id_: str) -> Decimal | Unknown:
        """The number a cell stands for, see :attr:`figures`."""
        return self.figures.get(id_, UNKNOWN)

    @property
    def recomputed(self) -> Mapping[str, Decimal]:
        """The same, but each total is the sum of its parts, whatever was typed over it."""
        if not self.answers.printed:
            return self.figures
        if self._recomputed is None:
            untouched = replace(self.answers, printed={})
            self._recomputed = Evaluator(self.form, untouched, self.known).figures
        return self._recomputed

    def total(self, id_: str) -> Decimal | Unknown:
        """A total recomputed from inputs, UNKNOWN while a part is unknown; an input as it
        is."""
        return self.recomputed.get(id_, UNKNOWN)

    def facts(self) -> dict[str, Value]:
        """Every cell of the form, see :func:`facts`."""
        values, totals = self.answers.values, self.form.totals
        known, told = self.recomputed, dict.fromkeys(self.form.cells, BLANK)
        for id_ in told:
            said = BLANK if id_ in totals else values.get(id_, BLANK)
            if said.state is State.BLANK and id_ in known:
                said = number(known[id_])
            told[id_] = said
        return told

    def total_fact(self, id_: str) -> Value:
        """A total recomputed; a blank while a part is unknown."""
        amount = self.total(id_)
        return BLANK if isinstance(amount, Unknown) else number(amount)

    def _declared_blank(self, id_: str, value: Value) -> bool:
        table = self.form.cells[id_].table
        return value.state is State.BLANK and table in self.answers.declared

    def written(self, id_: str) -> str:
        """What stands in a text or a field."""
        answers = self.answers
        return answers.texts.get(id_, "") or answers.fields.get(id_, "")

    def compact(self, id_: str) -> str:
        """What stands in a text or a field, without spaces."""
        if id_ not in self._compact:
            self._compact[id_] = compact(self.written(id_))
        return self._compact[id_]

    def prepared(self, id_: str) -> str:
        """A text as figures are looked for in it."""
        if id_ not in self._prepared:
            self._prepared[id_] = figures.prepared(self.written(id_))
        return self._prepared[id_]

    def is_blank(self, id_: str) -> bool:
        """Whether nothing is written in a field, or an input is a blank that no zero
        declaration covers."""
        if id_ not in self.form.cells:
            return id_ not in self.known.unread and not self.compact(id_)
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
