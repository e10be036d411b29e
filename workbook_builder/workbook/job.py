"""One workbook to be made: the form, the unit, and what is already known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from workbook_builder.language.formula import Formulas
from workbook_builder.language.value import Evaluator, Outcome
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.check import Check, Line
from workbook_builder.model.expression import Both, Call, Node, Not
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Design, Place
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.unit import Unit
from workbook_builder.model.worded import worded
from workbook_builder.rules.print_code import print_code, seed
from workbook_builder.workbook.place import HELPERS, heading, place
from workbook_builder.workbook.plan import Formula

PASS, FAIL, HINT = "✔", "✘", "提示"
EXPLAINED, OPEN = "已说明", "未填"
#: What no formula can tell.
LATER = "收后审核"

CODE_PLACE = Place(HELPERS, 0, 1)


@dataclass(frozen=True)
class Job:
    """Everything the sheets are made from. ``kind`` is ``return`` or ``rollup``."""

    form: Form
    unit: Unit
    campaign: Campaign
    answers: Answers = field(default_factory=Answers)
    last_period: dict[str, Decimal] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    kind: str = "return"
    about: str = ""
    """Of a workbook sent back, in a sentence, which version of the return it is."""

    def __post_init__(self) -> None:
        """Whoever calls for a workbook need not word its form."""
        object.__setattr__(self, "form", worded(self.form, self.campaign.period))

    @cached_property
    def layout(self) -> Design:
        return place(self.form)

    @cached_property
    def told(self) -> _Told:
        """What :func:`of_the_form` keeps."""
        return _TOLD.setdefault(self.form, {})

    @property
    def lines(self) -> tuple[tuple[Check, Line], ...]:
        """The lines of 审核 from top to bottom."""
        return _lines(self)

    @cached_property
    def evaluator(self) -> Evaluator:
        known = Circumstances(self.campaign.period, self.unit.type, self.last_period)
        return Evaluator(self.form, self.answers, known)

    @cached_property
    def stamp(self) -> Stamp:
        return Stamp(
            form=self.form.id,
            edition=self.form.edition,
            layout=self.layout.fingerprint,
            campaign=self.campaign.id,
            kind=self.kind,
            unit_code=self.unit.code,
            unit_name=self.unit.name,
            unit_type=self.unit.type,
            period=self.campaign.period,
        ).signed(self.campaign.key)

    @cached_property
    def seed(self) -> int:
        return seed(self.unit.code, self.campaign.period)

    @cached_property
    def code(self) -> str:
        """核对码 of the answers as they are now."""
        return print_code(self.form, self.answers, self.seed)

    def formulas(self, sheet: str) -> Formulas:
        return Formulas(self.form, self.layout, sheet)

    def code_formula(self) -> Formula:
        """The 核对码, for the head of every printed page."""
        ref = f"'{CODE_PLACE.sheet}'!{CODE_PLACE.absolute}"
        return Formula(f'="核对码 "&{ref}', f"核对码 {self.code}")

    @property
    def unknown(self) -> str:
        """The state of a line that needs figures of the period before: 无上年数."""
        return f"无{self.form.frequency.last_figures}"

    @property
    def heading(self) -> str:
        """Unit and period, as they stand under the title of every sheet."""
        return heading(self.unit.name, self.campaign.period)

    @property
    def has_texts(self) -> bool:
        """Whether there is anything to write outside the tables, but for signatures."""
        return bool(self.form.narratives or self.form.fields_of("preamble"))

    def failing(self, line: Line) -> int:
        """How many instances of a line fail now."""
        return self.outcomes[line.key].count(Outcome.FAIL)

    @cached_property
    def outcomes(self) -> dict[str, list[Outcome]]:
        """Of each line, what its check says of each of its places."""
        outcome = self.evaluator.outcome
        return {
            line.key: [outcome(instance) for instance in line.instances]
            for _, line in self.form.lines
        }

    def state(self, line: Line) -> str:
        """What the 审核 sheet says of a line now."""
        return self._states[line.key]

    @cached_property
    def _states(self) -> dict[str, str]:
        return {line.key: self._state(check, line) for check, line in self.form.lines}

    def _state(self, check: Check, line: Line) -> str:
        if check.reader_only:
            return LATER
        outcomes = set(self.outcomes[line.key])
        if Outcome.FAIL in outcomes:
            return self._breach(check, line)
        if line.per_input or outcomes == {Outcome.PASS}:
            return PASS
        return self.unknown if Outcome.NO_LAST_PERIOD in outcomes else OPEN

    def _breach(self, check: Check, line: Line) -> str:
        said = self.answers.explanations.get(line.key, "")
        if check.severity.can_be_explained and self.form.explanation.accepts(said):
            return EXPLAINED
        if asks_for_entry(line):
            return OPEN
        text = self.text_of(line)
        if text is not None and not self.answers.texts.get(text):
            return OPEN
        return FAIL if check.severity.asks else HINT

    def text_of(self, line: Line) -> str | None:
        """The text a line is about; while it is not written the line is 未填."""
        place = line.instances[0].place
        return place if place in self.layout.texts else None


P = ParamSpec("P")
R = TypeVar("R")
#: By a function and the ids of what it is about: what it gave, and what that is.
_Told = dict[tuple[object, ...], tuple[Any, tuple[object, ...]]]
_TOLD: WeakKeyDictionary[Form, _Told] = WeakKeyDictionary()


def of_the_form(
    function: Callable[Concatenate[Job, P], R],
) -> Callable[Concatenate[Job, P], R]:
    """For what depends on the form alone, such as the text of a formula: worked out for
    the first of its workbooks, and the same for all. What it is about besides, a line, a
    cell, is a part of the form, told by its id: so it is kept, and no other has that id.
    """

    def once(job: Job, /, *args: P.args, **kwargs: P.kwargs) -> R:
        about = function, *map(id, args)
        if about not in job.told:
            job.told[about] = function(job, *args, **kwargs), args
        found: R = job.told[about][0]
        return found

    return once


@of_the_form
def _lines(job: Job) -> tuple[tuple[Check, Line], ...]:
    rows = job.layout.lines
    return tuple(sorted(job.form.lines, key=lambda pair: rows[pair[1].key].row))


def asks_for_entry(line: Line) -> bool:
    """Whether the line only says that something is not filled in yet."""
    return _only_asks(line.instances[0].expression)


def _only_asks(rule: Node) -> bool:
    match rule:
        case Both(left, right):
            return _only_asks(left) and _only_asks(right)
        case Not(Call("is_blank")):
            return True
        case _:
            return False
