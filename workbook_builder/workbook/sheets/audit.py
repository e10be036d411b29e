"""审核: a line for every check and place, live, with the place for the 说明."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from workbook_builder.language.value import Unknown
from workbook_builder.language.words import compared, remedy
from workbook_builder.model.check import Check, Line
from workbook_builder.model.expression import Node
from workbook_builder.model.layout import Place
from workbook_builder.workbook.job import (
    EXPLAINED,
    FAIL,
    HINT,
    LATER,
    OPEN,
    PASS,
    Job,
    of_the_form,
)
from workbook_builder.workbook.place import (
    ADDRESS_COLUMN,
    AUDIT,
    AUDIT_HEADS,
    AUDIT_TOP,
    CODE,
    EXPLANATION,
    GAP,
    KEY,
    LEFT,
    LINK,
    META_ROW,
    RIGHT,
    SEVERITY,
    STATE,
    STATE_COLUMN,
    WORDS,
)
from workbook_builder.workbook.plan import (
    Area,
    Content,
    Formula,
    Highlight,
    Item,
    Sheet,
    Validation,
)
from workbook_builder.workbook.sheets.fit import height
from workbook_builder.workbook.sheets.lines import flags_area
from workbook_builder.workbook.sheets.problems import (
    lines_column,
    open_problems,
    problems,
    to_first_line,
)

GO = "定位"
#: All of them, the 说明 too, are on a screen of 1366 pixels.
WIDTHS = (6, 6, 33, 10, 10, 9, 8, 6, 28)


def audit_sheet(job: Job) -> Sheet:
    """What is open first, then the gravest; what is wrong, by how much, and where."""
    last = AUDIT_TOP + len(job.lines) - 1
    folded = _folded(job)
    heights = {
        job.layout.lines[line.key].row: 0.0
        if line.key in folded
        else max(20.0, height(check.words(line), WIDTHS[WORDS], 14))
        for check, line in job.lines
    }
    return Sheet(
        name=AUDIT,
        items=(
            *_top(job, folded),
            *(item for check, line in job.lines for item in _line(job, check, line)),
        ),
        widths={**dict(enumerate(WIDTHS)), KEY: 20},
        unseen_columns=frozenset({KEY}),
        print_area=Area(0, 0, last, EXPLANATION),
        heights={0: 30, META_ROW: 18, META_ROW + 1: 20, AUDIT_TOP - 1: 22, **heights},
        validations=tuple(_prompts(job)),
        highlights=tuple(_marks(last)),
        landscape=True,
        repeat_rows=(0, AUDIT_TOP - 1),
        freeze=(AUDIT_TOP, 0),
        filter=Area(AUDIT_TOP - 1, 0, last, EXPLANATION),
        select=(AUDIT_TOP, EXPLANATION),
    )


def _folded(job: Job) -> set[str]:
    """Lines whose state nothing that is typed can change, unless there is something to
    be said of them. None other: a protected sheet cannot be unfolded in Excel, and a link
    to a folded line leads nowhere.
    """
    said = {finding.line for finding in job.findings} | job.answers.explanations.keys()
    states = ((line.key, job.state(line)) for _, line in job.lines)
    return {key for key, now in states if now in (LATER, job.unknown)} - said


def _top(job: Job, folded: set[str]) -> Iterator[Item]:
    yield Item(0, 0, "审核", "title", columns=LEFT)
    yield Item(META_ROW, 0, job.heading, "whose", columns=GAP)
    yield Item(META_ROW, GAP, job.code_formula(), "meta_right", columns=4)
    count = open_problems(job)
    said = f'IF({count}=0,"","还有 "&{count}&" 处待处理，转到第一处 →")'
    number = len(problems(job))
    now = f"还有 {number} 处待处理，转到第一处 →" if number else ""
    go = to_first_line(job, said, now)
    yield Item(0, LEFT, go, "status_link", columns=len(AUDIT_HEADS) - LEFT)
    yield Item(
        META_ROW + 1,
        0,
        "✘ 强制：必须改正。✘ 核实：数字有误就改，确属实情就在右边说明原因（不少于"
        f" {job.form.explanation.minimum} 个字，“核实无误”“情况属实”不算说明）。"
        + _left_out(job, folded),
        "small",
        columns=len(AUDIT_HEADS),
    )
    for column, head in enumerate(AUDIT_HEADS):
        yield Item(AUDIT_TOP - 1, column, head, "head")


def _left_out(job: Job, folded: set[str]) -> str:
    states = [job.state(line) for _, line in job.lines if line.key in folded]
    reasons = {LATER: "收到后才审核", job.unknown: f"没有{job.unknown[1:]}"}
    said = "、".join(
        f"{reason}的" for state, reason in reasons.items() if state in states
    )
    return f"另有 {len(states)} 条无需处理，没有列出（{said}）。" if states else ""


def _line(job: Job, check: Check, line: Line) -> Iterator[Item]:
    row = job.layout.lines[line.key].row
    *named, link, key = _always(job, check, line)
    yield from named
    amounts = (None, None, None) if check.reader_only else _amounts(job, line)
    for column, amount in enumerate(amounts, LEFT):
        yield Item(row, column, amount, "line_number")
    state = Formula(_state(job), job.state(line))
    yield Item(row, STATE, state, "line_centre")
    yield link
    explained = job.answers.explanations.get(line.key) or None
    can_explain = line.key in job.layout.explanations
    style = "explanation" if can_explain else "line"
    yield Item(row, EXPLANATION, explained if can_explain else None, style)
    yield key


@of_the_form
def _always(job: Job, check: Check, line: Line) -> tuple[Item, ...]:
    """What a line says in every workbook, from left to right."""
    row = job.layout.lines[line.key].row
    return (
        Item(row, CODE, check.code, "line_centre"),
        Item(row, SEVERITY, check.severity.word, "line_centre"),
        Item(row, WORDS, check.words(line), "line"),
        Item(row, LINK, _link(job, line), "line_link"),
        Item(row, KEY, line.key, ""),
    )


@of_the_form
def _state(job: Job) -> str:
    return f"={_of_line(job, STATE_COLUMN)}"


def _link(job: Job, line: Line) -> Formula:
    """A jump to the cell; for a check of every input, to the first that fails."""
    said = GO if job.layout.place_of(line.instances[0].place) else "查看"
    return Formula(f'=HYPERLINK("#"&{_of_line(job, ADDRESS_COLUMN)},"{said}")', said)


def _of_line(job: Job, column: int) -> str:
    """What ``_calc`` has for the line on the row of the formula: the same text on every
    row, which keeps the file small."""
    return f"INDEX({lines_column(job, column)},ROW()-{AUDIT_TOP})"


def _amounts(job: Job, line: Line) -> tuple[Content, Content, Content]:
    """Left, right and difference; empty while unknown or where none is compared."""
    if line.per_input:
        count = job.failing(line)
        left = Formula(f"=COUNT({flags_area(job, line)})", count)
        return left, 0, Formula(f"={_gap(job)}", count)
    pair = _pair(job, line)
    if pair is None:
        return None, None, None
    first, second = (amount_formula(job, AUDIT, node) for node in pair)
    results = [side.result for side in (first, second)]
    gap: Decimal | str = ""
    if isinstance(results[0], Decimal) and isinstance(results[1], Decimal):
        gap = round(results[0] - results[1], 6)
    return first, second, Formula(_known_gap(job), gap)


@of_the_form
def _pair(job: Job, line: Line) -> tuple[Node, Node] | None:
    return compared(line.instances[0])


@of_the_form
def _gap(job: Job) -> str:
    return f"ROUND({_side(job, LEFT)}-{_side(job, RIGHT)},6)"


@of_the_form
def _known_gap(job: Job) -> str:
    known = f"COUNT({_side(job, LEFT)},{_side(job, RIGHT)})=2"
    return f'=IF({known},{_gap(job)},"")'


def _side(job: Job, column: int) -> str:
    """What is in a column on the row of the formula, the same text on every row."""
    last = AUDIT_TOP + len(job.lines) - 1
    spots = (Place(AUDIT, row, column).absolute for row in (AUDIT_TOP, last))
    return f"INDEX({':'.join(spots)},ROW()-{AUDIT_TOP})"


def amount_formula(job: Job, home: str, node: Node) -> Formula:
    """An amount on the sheet ``home``; empty while it cannot be told."""
    amount = job.evaluator.amount(node)
    text = _amount_text(job, home, node)
    return Formula(text, "" if isinstance(amount, Unknown) else amount)


@of_the_form
def _amount_text(job: Job, home: str, node: Node) -> str:
    formulas = job.formulas(home)
    conditions = [formulas.known([node]), formulas.last_period_known(node)]
    text = formulas.amount(node)
    for condition in conditions:
        if condition != "TRUE":
            text = f'IF({condition},{text},"")'
    return f"={text}"


def _prompts(job: Job) -> Iterator[Validation]:
    """The last words of a check, where the clerk decides what to write."""
    for check, lines in groupby(job.lines, key=lambda pair: pair[0]):
        places = [job.layout.explanations.get(line.key) for _, line in lines]
        first, last = places[0], places[-1]
        if first is not None and last is not None:  # lines of a check are neighbours
            yield Validation(
                Area(first.row, first.column, last.row, last.column),
                "any",
                f"{check.code} 说明",
                f"{check.message}。{remedy(job.form, check).zh}",
            )


def _marks(last: int) -> Iterator[Highlight]:
    area = Area(AUDIT_TOP, STATE, last, STATE)
    first = Place(AUDIT, AUDIT_TOP, STATE).address
    for words, style in (
        ((FAIL,), "bad"),
        ((PASS, EXPLAINED), "good"),
        ((OPEN, HINT), "open"),
    ):
        cases = ",".join(f'{first}="{word}"' for word in words)
        yield Highlight(area, f"OR({cases})", style)
