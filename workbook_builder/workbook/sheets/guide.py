"""填报说明: opens first. The verdict, what is still open, then who, until when and how."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.language.spelling import quoted, sheet_prefix
from workbook_builder.language.words import instruction
from workbook_builder.model.form import Form, Table
from workbook_builder.model.period import day_words
from workbook_builder.model.severity import Severity
from workbook_builder.workbook.job import Job, asks_for_entry
from workbook_builder.workbook.place import (
    ADDRESS_COLUMN,
    AUDIT,
    GUIDE,
    PASTE,
    PRINTED,
    REMEDY_COLUMN,
    SAID_COLUMN,
    SEVERITY_COLUMN,
    SIGN,
    TEXTS,
)
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
from workbook_builder.workbook.sheets.lines import first_failing, flags_area
from workbook_builder.workbook.sheets.problems import (
    open_problems,
    problems,
    shown,
    to_first_line,
)
from workbook_builder.workbook.sheets.verdict import (
    NOT_READY,
    READY,
    blanks,
    status,
)

WIDTHS = (12, 11, 48, 43)
ACROSS = sum(WIDTHS)
STATUS_ROW = 1

FULL = "已填满"
NOT_CHOSEN = "未选（整张表都是 0、或只有几项有数的，点这里选，不必逐个填 0）"
#: How many of the open problems the first page shows.
SHOWN = 10

SMALL = 12.0
"""Points a line of small print takes."""
_THREE_LINES = 42.0


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

    def cells(
        self, *cells: tuple[Content, str], wide: int = 1, points: float = 20
    ) -> None:
        """Cells side by side; the last one covers ``wide`` columns."""
        for column, (content, style) in enumerate(cells):
            columns = wide if column == len(cells) - 1 else 1
            self.items.append(Item(self.row, column, content, style, columns=columns))
        self.heights[self.row] = points
        self.row += 1


def guide_sheet(job: Job) -> Sheet:
    """Everything a clerk needs to begin, and all that is left to do."""
    page = _Page()
    page.line(f"{job.form.title}　填报说明", "title", 30)
    page.items.append(Item(STATUS_ROW, 0, status(job), "status", columns=3))
    page.items.append(Item(STATUS_ROW, 3, _next(job), "status_link"))
    page.heights[STATUS_ROW] = 26
    page.row += 1
    page.items.append(Item(page.row, 0, job.heading, "whose", columns=3))
    page.items.append(Item(page.row, 3, job.code_formula(), "meta_right"))
    page.heights[page.row] = 18
    page.row += 1
    _progress(page, job)
    problems_top = page.row
    _problems(page, job)
    page.row += 1
    _who(page, job)
    page.row += 1
    page.line("填报步骤", "heading", 22)
    for number, step in enumerate(job.form.steps, 1):
        page.line(f"{number}. {step}", "wrap")
    page.row += 1
    _legend(page, job)
    page.row += 1
    page.line(f"审核公式（依据：{job.form.authority}）", "heading", 22)
    for check in job.form.checks:
        page.line(instruction(job.form, check), "small")
    mark = Area(STATUS_ROW, 0, STATUS_ROW, len(WIDTHS) - 1)
    begins = f"LEFT($A${STATUS_ROW + 1},2)"
    levels = Area(problems_top + 1, 1, problems_top + SHOWN, 1)
    level = f"B{problems_top + 2}"
    errors, warnings = (each.word for each in Severity if each.asks)
    # The rules look at nothing but the line itself: older Excels allow no other
    # sheet in a conditional format.
    return Sheet(
        name=GUIDE,
        items=tuple(page.items),
        widths=dict(enumerate(WIDTHS)),
        heights=page.heights,
        landscape=True,
        highlights=(
            Highlight(mark, f'{begins}="{NOT_READY[:2]}"', "bad"),
            Highlight(mark, f'{begins}="{READY[:2]}"', "good"),
            Highlight(levels, f'{level}="{errors}"', "bad"),
            Highlight(levels, f'{level}="{warnings}"', "open"),
        ),
        select=(STATUS_ROW, 3),
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


def _next(job: Job) -> Formula:
    """A jump to the first open problem."""
    found = problems(job)
    where = shown(job, ADDRESS_COLUMN)
    some = f"{open_problems(job)}>0"
    link = f'HYPERLINK("#"&{where},"转到第一处 →")'
    return Formula(f'=IF({some},{link},"")', "转到第一处 →" if found else "")


def _problems(page: _Page, job: Job) -> None:
    """The first open problems, as 退回意见 would have them."""
    heads = ("定位", "级别", f"待处理（前 {SHOWN} 处，全部见“{AUDIT}”）", "处理意见")
    page.cells(*((head, "head") for head in heads))
    found = problems(job)
    number = f"(ROW()-{page.row})"  # the same text in every row keeps the file small
    where = shown(job, ADDRESS_COLUMN, number)
    some = f"{open_problems(job)}>={number}"
    for index in range(SHOWN):
        now = found[index] if index < len(found) else None
        label = f'SUBSTITUTE({where},"\'","")'
        link = f'=IF({some},HYPERLINK("#"&{where},{label}),"")'
        page.cells(
            (Formula(link, now.target.replace("'", "") if now else ""), "line_link"),
            *(
                (
                    Formula(
                        f'=IF({some},{shown(job, column, number)},"")',
                        said if now else "",
                    ),
                    style,
                )
                for column, said, style in (
                    (SEVERITY_COLUMN, now.severity if now else "", "line_centre"),
                    (SAID_COLUMN, now.sentence if now else "", "line"),
                    (REMEDY_COLUMN, now.remedy if now else "", "line"),
                )
            ),
            points=_THREE_LINES,
        )


def _progress(page: _Page, job: Job) -> None:
    """Each sheet with its progress, what is blank next, and how to type no zeros."""
    page.cells(*((head, "head") for head in ("工作表", "进度", "零报告", "下一处未填")))
    for table in job.form.tables:
        page.cells(
            (Link(table.sheet, "A1", table.sheet), "line_link"),
            (_filled(job, table), "line_centre"),
            (_declaration(job, table), "line_link"),
            (_next_input(job, table), "line_link"),
        )
    if job.has_texts:
        page.cells((Link(TEXTS, "A1", TEXTS), "line_link"), *_texts_progress(job))
    links: dict[str, Content] = {
        sheet: Link(sheet, "A1", sheet) for sheet in (SIGN, PRINTED, PASTE)
    }
    links[AUDIT] = to_first_line(job, quoted(AUDIT), AUDIT)
    others = [(AUDIT, "逐条列出审核结果；在这里写说明")]
    if job.form.fields_of("signature"):
        others.append((SIGN, "填写填报人、审核人和负责人"))
    others.append((PASTE, "表已在 Word 或者别的工作簿里填好的，整张粘贴到这里"))
    others.append((PRINTED, "由各表生成，打印这一张，签字、盖章"))
    for sheet, text in others:
        page.cells(
            (links[sheet], "line_link"),
            (None, "line"),
            (text, "line"),
            wide=2,
        )


def _declaration(job: Job, table: Table) -> Formula:
    """What was chosen above the table, as a jump there."""
    place = job.layout.declarations[table.id]
    chosen = job.answers.declaration(table.id)
    ref = job.formulas(GUIDE).ref(place)
    target = f'"#{sheet_prefix(place.sheet)}{place.address}"'
    text = f'=HYPERLINK({target},IF({ref}="","{NOT_CHOSEN}","已选“"&{ref}&"”"))'
    return Formula(text, f"已选“{chosen}”" if chosen else NOT_CHOSEN)


def _texts_progress(job: Job) -> Iterator[tuple[Content, str]]:
    """How many texts are written, what there is to write, and the next that is not."""
    texts = len(job.form.narratives)
    written: Content = None
    if texts:
        text = f'="已写 "&({texts}-({_unwritten(job)}))&"/{texts}"'
        written = Formula(text, f"已写 {texts - _unwritten_now(job)}/{texts}")
    yield written, "line_centre"
    yield _texts_in_words(job.form), "line"
    yield (_next_text(job) if texts else None), "line_link"


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
    for _, line in job.lines:
        if line.instances[0].place in inputs and asks_for_entry(line):
            address = first_failing(job, line)
            target = f'"#{sheet_prefix(table.sheet)}"&{address}'
            said = f'IF(COUNT({flags_area(job, line)})=0,"{FULL}","未填 "&{address})'
            blank = (i.place for i in line.instances if job.evaluator.is_blank(i.place))
            first = next(blank, None)
            now = f"未填 {job.layout.cells[first].address}" if first else FULL
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
    left = (t for t in job.form.narratives if not job.answers.texts.get(t.id))
    first = next(left, None)
    now = f"未写 {job.layout.texts[first.id].address}" if first else FULL
    return Formula(f'=HYPERLINK("#{here}"&{address},{said})', now)


def _unwritten(job: Job) -> str:
    """How many texts are not written yet; nothing where there are none to write."""
    places = [job.layout.texts[text.id] for text in job.form.narratives]
    return job.formulas(GUIDE).blanks(places)


def _unwritten_now(job: Job) -> int:
    return sum(not job.answers.texts.get(text.id) for text in job.form.narratives)


def _filled(job: Job, table: Table) -> Formula:
    inputs = [cell for cell in job.form.inputs if cell.table == table.id]
    filled = len(inputs) - sum(job.evaluator.is_blank(cell.id) for cell in inputs)
    total = len(inputs)
    return Formula(
        f'="已填 "&({total}-({blanks(job, table)}))&"/{total}"',
        f"已填 {filled}/{total}",
    )


def _legend(page: _Page, job: Job) -> None:
    page.line("图例", "heading", 22)
    last = f"浅绿色斜体：{job.form.frequency.last_figures}，供核对，不用填"
    for sample, style, text in (
        (12, "input_sample", "浅黄色：填报项，由您填写"),
        (12, "total_count", "灰色加粗：合计项，自动计算，不用填"),
        (12, "last_period", last),
        ("✘12", "wrong_sample", "红色并带 ✘：强制性错误，必须改正"),
        ("？12", "doubt_sample", "橙色并带 ？：核实性问题，改正或在“审核”里写说明"),
    ):
        page.cells((sample, style), (text, "plain"), wide=len(WIDTHS) - 1)
