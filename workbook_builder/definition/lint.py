"""What is odd about a definition that hangs together.

An ``error`` will hurt a unit: a check nobody can satisfy, a label or prompt that
does not fit. A ``remark`` is for the maintainer to know: an input nothing checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from workbook_builder.language.value import Evaluator, Outcome
from workbook_builder.language.words import remedy
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.check import Instance
from workbook_builder.model.expression import CellRef, LastPeriod, Number, Total, walk
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.text import Text
from workbook_builder.model.values import number
from workbook_builder.model.worded import SLOT, worded

LONGEST_LABEL = 60
LONGEST_PROMPT = 170
LONGEST_MESSAGE = 255
"""What Excel takes. A cell's prompt says its innermost labels, its meaning, and in
some 40 characters what to type; that of a 说明 the message and the remedy."""

TRIALS, PERIODS = 400, 36


@dataclass(frozen=True, slots=True)
class Remark:
    """``level`` is ``error`` or ``remark``; ``key`` says where."""

    level: str
    key: str
    problem: Text
    remedy: Text


def lint(form: Form) -> tuple[Remark, ...]:
    """Everything odd, errors first."""
    # The last period of a year has the longest words.
    longest = form.frequency.per_year - 1
    said = worded(form, form.first_period.later(longest))
    found = (
        *_unsatisfiable(form),
        *_untouched(form),
        *_too_long(said),
        *_never_filled(form),
    )
    return tuple(sorted(found, key=lambda remark: remark.level))


def _untouched(form: Form) -> Iterator[Remark]:
    """Inputs that only the checks of every input look at."""
    touched = {
        id_
        for _, line in form.lines
        if not line.per_input
        for instance in line.instances
        for id_ in instance.cells
    }
    for rule in form.totals.values():
        touched |= {node.id for node in walk(rule) if isinstance(node, CellRef)}
    for cell in form.cells.values():
        if cell.kind is Kind.INPUT and cell.id not in touched:
            yield Remark(
                "remark",
                cell.id,
                Text(
                    "没有一条审核公式、一个合计用到这个填报项",
                    "no check or total touches this input",
                ),
                Text(
                    "看看它同别的数有没有应当成立的关系",
                    "Is there a relation it should satisfy?",
                ),
            )


def _too_long(form: Form) -> Iterator[Remark]:
    for cell in form.cells.values():
        for label in (*cell.row_labels, *cell.column_labels):
            if len(label) > LONGEST_LABEL:
                yield Remark(
                    "error",
                    cell.id,
                    Text(
                        f"栏目名称有 {len(label)} 个字：{label}",
                        f"a label of {len(label)} characters: {label}",
                    ),
                    Text(
                        f"照印的写，最多 {LONGEST_LABEL} 个字",
                        f"Keep labels to {LONGEST_LABEL} characters, as printed",
                    ),
                )
        labels = "·".join((*cell.row_labels[-1:], *cell.column_labels[-1:]))
        room = min(LONGEST_PROMPT, LONGEST_MESSAGE - 40 - len(labels))
        if len(cell.meaning) > room:
            yield Remark(
                "error",
                cell.id,
                Text(
                    f"含义有 {len(cell.meaning)} 个字",
                    f"a meaning of {len(cell.meaning)} characters",
                ),
                Text(
                    f"单元格的提示里最多放 {room} 个字",
                    f"The prompt has room for {room}",
                ),
            )
    for check in form.checks:
        length = len(f"{check.message}。{remedy(form, check).zh}")
        if length > LONGEST_MESSAGE and not check.severity.must_hold:
            yield Remark(
                "error",
                check.code,
                Text(
                    f"问题和处理意见共 {length} 个字",
                    f"message and remedy of {length} characters",
                ),
                Text(
                    f"“说明”的提示里最多放 {LONGEST_MESSAGE} 个字",
                    f"The prompt of its 说明 has room for {LONGEST_MESSAGE}",
                ),
            )


def _never_filled(form: Form) -> Iterator[Remark]:
    """Slots in what is the same in every period, because cells are found by it."""
    for key, text in _printed(form):
        if SLOT.search(text):
            yield Remark(
                "error",
                key,
                Text(
                    f"各期都一样的印刷文字里有随统计期填入的字段：{text}",
                    f"a slot in what is printed in every period alike: {text}",
                ),
                Text(
                    "这种字段只用在填报步骤、含义、提示、审核公式和报告里",
                    "Slots stand in steps, meanings, hints, checks and the report",
                ),
            )


def _printed(form: Form) -> Iterator[tuple[str, str]]:
    yield from (("title", form.title), ("authority", form.authority))
    for table in form.tables:
        yield from ((f"tables.{table.id}", text) for text in (table.title, table.sheet))
        for block in table.blocks:
            yield from (
                (f"tables.{table.id}", text) for text in (block.band, block.head)
            )
    for cell in form.cells.values():
        yield from ((cell.id, label) for label in cell.row_labels + cell.column_labels)
    for narrative in form.narratives:
        yield narrative.id, f"{narrative.section}{narrative.title}"
    yield from ((field.id, field.title) for field in form.fields)
    yield from (("charts", chart.title) for chart in form.charts)


def _unsatisfiable(form: Form) -> Iterator[Remark]:
    for check, line in form.lines:
        # The instances of a check of every input differ only in the cell.
        if not _satisfiable(form, line.instances[0]):
            yield Remark(
                "error",
                line.key,
                Text(
                    f"试了 {TRIALS} 组数，都不满足“{check.rule}”",
                    f"no trial of {TRIALS} satisfies “{check.rule}”",
                ),
                Text("核对公式是否自相矛盾", "Is the rule contradictory?"),
            )


def _satisfiable(form: Form, instance: Instance) -> bool:
    """Tries figures that the rule itself suggests; seeded, so always the same."""
    random = Random(instance.key)
    nodes = list(walk(instance.expression))
    literals = [int(node.value) for node in nodes if isinstance(node, Number)]
    inputs = [id_ for cell in instance.cells for id_ in _inputs(form, cell)]
    literals += [form.cells[id_].type.minimum for id_ in inputs]
    pool = sorted({0, 1, 2, 10, *(n + d for n in literals for d in (-1, 0, 1))})
    before = [node.id for node in nodes if isinstance(node, LastPeriod)]
    for trial in range(TRIALS):
        figures = pool if trial else [0]
        answers = Answers(
            values={id_: number(random.choice(figures)) for id_ in inputs},
            texts={t.id: _TEXTS[trial % len(_TEXTS)] for t in form.narratives},
            fields={f.id: _TEXTS[trial % len(_TEXTS)] for f in form.fields},
            declared=frozenset(t.id for t in form.tables)
            if trial % 5 == 4
            else frozenset(),
        )
        known = Circumstances(
            form.first_period.later(trial % PERIODS),
            unit_type=random.choice(["", *form.unit_types]),
            last_period={id_: Decimal(random.choice(figures)) for id_ in before},
        )
        if Evaluator(form, answers, known).outcome(instance) is Outcome.PASS:
            return True
    return False


_TEXTS = ("", "无其他需要报告的事项，信息处理费未收取。" * 20)


def _inputs(form: Form, cell: str) -> Iterator[str]:
    rule = form.totals.get(cell)
    if isinstance(rule, Total):
        for part in rule.cells:
            yield from _inputs(form, part.id)
    else:
        yield cell
