"""填报说明: opens first; who, what, until when, how, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.language.formula import sheet_prefix
from workbook_builder.language.words import instruction
from workbook_builder.model.form import Form, Table
from workbook_builder.model.period import day_words
from workbook_builder.model.severity import Severity
from workbook_builder.workbook.job import FAIL, Job, asks_for_entry
from workbook_builder.workbook.place import AUDIT, AUDIT_TOP, GUIDE, SIGN, TEXTS
from workbook_builder.workbook.plan import (
    Area,
    Content,
    Formula,
    Highlight,
    Item,
    Link,
    Sheet,
)
from workbook_builder.workbook.sheets.fit import LINE, height
from workbook_builder.workbook.sheets.helpers import (
    failing_rows,
    first_failing,
    flags_area,
)

WIDTHS = (16, 22, 22, 40)
ACROSS = sum(WIDTHS)
#: Columns of the 审核 sheet with the severity and the state of a line.
_SEVERITY, _STATE = "B", "G"
STATUS_ROW = 7

FULL = "已填满"
NO_ERRORS = "强制问题 0，"

SMALL = 12.0
"""Points a line of small print takes."""


class _Page:
    """Fills a sheet from top to bottom."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.heights: dict[int, float] = {}
        self.row = 0

    def line(self, content: Content, style: str, points: float = 0) -> None:
        """One line across the whole width."""
        self.items.append(Item(self.row, 0, content, style, columns=len(WIDTHS)))
        size = SMALL if style == "small" else LINE
        fit = (
            height(content, ACROSS * LINE / size, size) - 4
            if isinstance(content, str)
            else 20
        )
        self.heights[self.row] = points or fit
        self.row += 1

    def cells(self, *cells: tuple[Content, str], wide: int = 1) -> None:
        """Cells side by side; the last one covers ``wide`` columns."""
        for column, (content, style) in enumerate(cells):
            columns = wide if column == len(cells) - 1 else 1
            self.items.append(Item(self.row, column, content, style, columns=columns))
        self.heights[self.row] = 22
        self.row += 1


def guide_sheet(job: Job) -> Sheet:
    """Everything a clerk needs to begin, on one page."""
    page = _Page()
    page.line(f"{job.form.title}　填报说明", "title", 34)
    page.line(job.code_formula(), "meta_right", 16)
    _who(page, job)
    page.row = STATUS_ROW
    page.line(status(job), "status", 26)
    _progress(page, job)
    page.row += 1
    page.line("怎么填", "heading", 22)
    for number, step in enumerate(job.form.steps, 1):
        page.line(f"{number}. {step}", "wrap")
    page.row += 1
    _legend(page, job)
    page.row += 1
    page.line(f"审核公式（依据：{job.form.authority}）", "heading", 22)
    for check in job.form.checks:
        page.line(instruction(job.form, check), "small")
    mark = Area(STATUS_ROW, 0, STATUS_ROW, 0)
    cell = f"$A${STATUS_ROW + 1}"
    inputs, texts = len(job.form.inputs), len(job.form.narratives)
    done = _said(inputs, inputs, texts, texts, 0, 0)
    # The rules look at nothing but the line itself: older Excels allow no other
    # sheet in a conditional format.
    wrong = f'LEN({cell})=LEN(SUBSTITUTE({cell},"{NO_ERRORS}",""))'
    return Sheet(
        name=GUIDE,
        items=tuple(page.items),
        widths=dict(enumerate(WIDTHS)),
        heights=page.heights,
        highlights=(
            Highlight(mark, wrong, "bad"),
            Highlight(mark, f'{cell}="{done}"', "good"),
        ),
    )


def _who(page: _Page, job: Job) -> None:
    campaign = job.campaign
    deadline = campaign.deadline
    until = day_words(deadline) if deadline else "见通知"
    whom = "　".join(filter(None, (campaign.contact, campaign.phone, campaign.email)))
    name = job.unit.name + (f"（{job.unit.code}）" if job.unit.code else "")
    period = campaign.period
    for label, text in (
        ("填报单位", name),
        (period.frequency.label, f"{period.words}（统计期限：{period.days}）"),
        ("报送截止", f"{until}，报送{campaign.district}"),
        ("咨询联系", whom or "见通知"),
    ):
        page.cells((label, "head"), (text, "stub"), wide=len(WIDTHS) - 1)


def status(job: Job) -> Formula:
    """“已填 132/166，文字 5/7，强制问题 2，待说明 1”, live."""
    inputs, texts = len(job.form.inputs), len(job.form.narratives)
    errors, warnings = (each for each in Severity if each.asks)
    written = ""
    if texts:
        written = f'文字 "&({texts}-({_unwritten(job)}))&"/{texts}，'
    text = (
        f'="已填 "&({inputs}-({_blank(job)}))&"/{inputs}，{written}强制问题 "&'
        f'{_open(job, errors)}&"，待说明 "&{_open(job, warnings)}'
    )
    filled = inputs - sum(job.evaluator.is_blank(cell.id) for cell in job.form.inputs)
    said = _said(
        filled,
        inputs,
        _written(job),
        texts,
        _count(job, errors),
        _count(job, warnings),
    )
    return Formula(text, said)


def _said(
    filled: int, inputs: int, written: int, texts: int, errors: int, warnings: int
) -> str:
    told = f"文字 {written}/{texts}，" if texts else ""
    return f"已填 {filled}/{inputs}，{told}强制问题 {errors}，待说明 {warnings}"


def _blank(job: Job) -> str:
    return "+".join(_blanks(job, table) for table in job.form.tables)


def _blanks(job: Job, table: Table) -> str:
    """How many inputs of a table are blank; none once it is declared all zero."""
    inputs = [job.layout.cells[c.id] for c in job.form.inputs if c.table == table.id]
    return job.formulas(GUIDE).blanks(inputs)


def _open(job: Job, severity: Severity) -> str:
    """How many lines of that severity are ✘."""
    last = AUDIT_TOP + len(job.form.lines)
    columns = (
        f"'{AUDIT}'!${letter}${AUDIT_TOP + 1}:${letter}${last}"
        for letter in (_SEVERITY, _STATE)
    )
    grades, states = columns
    return f'SUMPRODUCT(({grades}="{severity.word}")*({states}="{FAIL}"))'


def _count(job: Job, severity: Severity) -> int:
    return sum(
        check.severity is severity and job.state(check, line) == FAIL
        for check, line in job.form.lines
    )


def _progress(page: _Page, job: Job) -> None:
    page.cells(*((head, "head") for head in ("工作表", "进度", "接着填", "内容")))
    for table in job.form.tables:
        page.cells(
            (Link(table.sheet, "A1", table.sheet), "line_link"),
            (_filled(job, table), "line_centre"),
            (_next_input(job, table), "line_link"),
            (table.title, "line"),
        )
    if job.has_texts:
        page.cells((Link(TEXTS, "A1", TEXTS), "line_link"), *_texts_progress(job))
    others: list[tuple[str, Content, str]] = [
        (AUDIT, _next_failing(job), "逐条列出审核结果；在这里写说明")
    ]
    if job.form.fields_of("signature"):
        others.append((SIGN, None, "打印出来签字、盖章"))
    for sheet, following, text in others:
        page.cells(
            (Link(sheet, "A1", sheet), "line_link"),
            (None, "line"),
            (following, "line_link" if following else "line"),
            (text, "line"),
        )


def _texts_progress(job: Job) -> Iterator[tuple[Content, str]]:
    """How many texts are written, the next that is not, and what there is to write."""
    texts = len(job.form.narratives)
    written: Content = None
    if texts:
        text = f'="已写 "&({texts}-({_unwritten(job)}))&"/{texts}"'
        written = Formula(text, f"已写 {_written(job)}/{texts}")
    yield written, "line_centre"
    yield (_next_text(job) if texts else None), "line_link"
    yield _texts_in_words(job.form), "line"


def _texts_in_words(form: Form) -> str:
    """报告首部，第一、五、六部分的文字: by the numbers of the sections, or their names."""
    sections = tuple(dict.fromkeys(text.section for text in form.narratives))
    numbers = [section.partition("、") for section in sections]
    said = (
        f"第{'、'.join(number for number, _, _ in numbers)}部分的文字"
        if numbers and all(mark for _, mark, _ in numbers)
        else "、".join(sections)
    )
    head = "报告首部" if form.fields_of("preamble") else ""
    return "，".join(filter(None, (head, said)))


def _next_input(job: Job, table: Table) -> Content:
    """A jump to the first blank of a table; nothing where no check asks for entries."""
    inputs = {cell.id for cell in job.form.inputs if cell.table == table.id}
    for _, line in job.form.lines:
        if line.instances[0].place in inputs and asks_for_entry(line):
            address = first_failing(job, line)
            target = f'"#{sheet_prefix(table.sheet)}"&{address}'
            said = f'IF(COUNT({flags_area(job, line)})=0,"{FULL}","空格 "&{address})'
            blank = (i.place for i in line.instances if job.evaluator.is_blank(i.place))
            first = next(blank, None)
            now = f"空格 {job.layout.cells[first].address}" if first else FULL
            return Formula(f"=HYPERLINK({target},{said})", now)
    return None


def _next_text(job: Job) -> Formula:
    """A jump to the first text that is not written yet."""
    places = [job.layout.texts[text.id] for text in job.form.narratives]
    here, formulas = sheet_prefix(TEXTS), job.formulas(GUIDE)
    address = f'"{places[0].address}"'
    for place in reversed(places):
        blank = f'{formulas.ref(place)}=""'
        address = f'IF({blank},"{place.address}",{address})'
    full = f"{_unwritten(job)}=0"
    said = f'IF({full},"{FULL}","未写 "&{address})'
    unwritten = (t for t in job.form.narratives if not job.answers.texts.get(t.id))
    first = next(unwritten, None)
    now = f"未写 {job.layout.texts[first.id].address}" if first else FULL
    return Formula(f'=HYPERLINK("#{here}"&{address},{said})', now)


def _next_failing(job: Job) -> Formula:
    """A jump to the first check with a ✘ on the 审核 sheet."""
    rows = failing_rows(job)
    first = f"IF(COUNT({rows})=0,{AUDIT_TOP + 1},MIN({rows}))"
    said = f'IF(COUNT({rows})=0,"没有 {FAIL}","第一处 {FAIL}")'
    failing = any(job.state(*pair) == FAIL for pair in job.form.lines)
    now = f"第一处 {FAIL}" if failing else f"没有 {FAIL}"
    return Formula(f'=HYPERLINK("#{sheet_prefix(AUDIT)}A"&{first},{said})', now)


def _written(job: Job) -> int:
    return sum(bool(job.answers.texts.get(text.id)) for text in job.form.narratives)


def _unwritten(job: Job) -> str:
    """How many texts are not written yet."""
    places = [job.layout.texts[text.id] for text in job.form.narratives]
    return job.formulas(GUIDE).blanks(places)


def _filled(job: Job, table: Table) -> Formula:
    inputs = [cell for cell in job.form.inputs if cell.table == table.id]
    filled = len(inputs) - sum(job.evaluator.is_blank(cell.id) for cell in inputs)
    total = len(inputs)
    return Formula(
        f'="已填 "&({total}-({_blanks(job, table)}))&"/{total}"',
        f"已填 {filled}/{total}",
    )


def _legend(page: _Page, job: Job) -> None:
    page.line("图例", "heading", 22)
    last = f"浅绿色斜体：{job.form.frequency.last_figures}，供核对，不用填"
    for sample, style, text in (
        (12, "input_sample", "浅黄色：填报项，由您填写"),
        (12, "total_count", "灰色加粗：合计项，自动计算，不用填"),
        (12, "last_period", last),
        ("✘12", "wrong_sample", "红色并带 ✘：强制问题，必须改正"),
        ("？12", "doubt_sample", "橙色并带 ？：核实问题，改正或在“审核”里写说明"),
    ):
        page.cells((sample, style), (text, "plain"), wide=3)
