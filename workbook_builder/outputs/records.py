"""Facts, fields and findings as rows: what every data file of the results holds.

The columns are documented here, once; CSV, data package, Parquet and docs/data.md
follow. ``facts`` has a row for each cell of each return that stands, counted or not;
``findings`` a row for each finding of each file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Field, Form, Narrative
from workbook_builder.model.later import at_once
from workbook_builder.model.severity import Severity
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Change, Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.values import State, Value
from workbook_builder.workbook.place import layout_of, where

ListContent = str | int | bool | Decimal | None
ListRecord = tuple[ListContent, ...]
ListColumns = Sequence[Sequence[ListContent]]

#: Rows of a listing that are not told return by return, made at a time.
_AT_ONCE = 1000
_NUMBER = State.NUMBER.value


@dataclass(frozen=True, slots=True)
class ListColumn:
    """``type`` is string, integer, number or boolean, as a Table Schema names them.

    ``required`` columns are never empty; ``words`` are all that may stand in one.
    """

    name: str
    type: str
    title: str
    meaning: str
    required: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One table of the results: its name, what it is, columns and primary key."""

    name: str
    title: str
    columns: tuple[ListColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRows:
    """Some rows of a listing: columns of their own, what all of them begin with before
    these, and what all of them end with."""

    own: ListColumns
    before: ListRecord = ()
    after: ListRecord = ()

    @property
    def columns(self) -> ListColumns:
        """All of them."""
        many = len(self.own[0]) if self.own else 0
        return [
            *((content,) * many for content in self.before),
            *self.own,
            *((content,) * many for content in self.after),
        ]


#: Which file of which unit, and how it came: in several tables.
_FILE = ListColumn("file", "string", "文件", "收件箱里的文件，相对路径", required=True)
_WHOSE = (
    ListColumn("unit", "string", "单位代码", "名录里的单位代码", required=True),
    ListColumn("unit_name", "string", "单位名称", "报送表里的单位名称", required=True),
    ListColumn("year", "integer", "年度", "统计年度", required=True),
    ListColumn(
        "period",
        "string",
        "统计期",
        "年、季度或月：2025、2025Q1、2025-01",
        required=True,
    ),
    _FILE,
)
_CAME = (
    ListColumn("sender", "string", "发件人", "随邮件来的，邮件的发件人"),
    ListColumn("sent", "string", "发送时间", "随邮件来的，邮件的发送时间（UTC）"),
)

FACTS = Listing(
    "facts",
    "数据：每个单位每个指标单元一行",
    (
        *_WHOSE,
        ListColumn("cell", "string", "指标单元", "永久编号：表.行.列", required=True),
        ListColumn("label", "string", "名称", "行和列的名称", required=True),
        ListColumn(
            "kind",
            "string",
            "种类",
            "input 填报项，total 合计项（由程序重新计算，不用文件里的合计）",
            required=True,
            words=("input", "total"),
        ),
        ListColumn("sheet", "string", "工作表", "读出处的工作表", required=True),
        ListColumn("address", "string", "单元格", "读出处的地址", required=True),
        ListColumn(
            "state",
            "string",
            "状态",
            "number 数字，blank 空，not_applicable 不适用，text 文字，error 错误值",
            required=True,
            words=tuple(state.value for state in State),
        ),
        ListColumn(
            "value", "number", "数值", "准确的十进制数；不是数字的为空，不当作 0"
        ),
        ListColumn("text", "string", "原文", "不是数字时，单元格里写的是什么"),
        ListColumn("sha256", "string", "文件指纹", "文件内容的 SHA-256", required=True),
        ListColumn("edition", "string", "版本", "报表版本", required=True),
        ListColumn(
            "counted",
            "boolean",
            "计入",
            "是否计入汇总；没有通过的、只作核对的不计入",
            required=True,
        ),
        *_CAME,
    ),
    ("unit", "cell"),
)

FINDINGS = Listing(
    "findings",
    "问题：每个文件每个问题一行",
    (
        ListColumn("number", "integer", "序号", "从 1 起", required=True),
        _FILE,
        ListColumn("unit", "string", "单位代码", "文件自称的单位；读不出的为空"),
        ListColumn("unit_name", "string", "单位名称", "文件自称的单位名称"),
        ListColumn(
            "verdict",
            "string",
            "结论",
            "文件的结论",
            required=True,
            words=tuple(verdict.value for verdict in Verdict),
        ),
        ListColumn("code", "string", "代码", "见 docs/codes.md", required=True),
        ListColumn(
            "severity",
            "string",
            "级别",
            "，".join(f"{severity.value} {severity.word}" for severity in Severity),
            required=True,
            words=tuple(severity.value for severity in Severity),
        ),
        ListColumn("cell", "string", "指标单元", "指标单元或文字的编号"),
        ListColumn("others", "string", "其他单元", "同一问题的其他指标单元，空格隔开"),
        ListColumn("sheet", "string", "工作表", "问题所在的工作表"),
        ListColumn("address", "string", "单元格", "问题所在的地址"),
        ListColumn("seen", "string", "所见", "看到的数或文字"),
        ListColumn("expected", "string", "应为", "应有的数"),
        ListColumn("difference", "string", "相差", "所见减应为"),
        ListColumn("message", "string", "问题", "一句话", required=True),
        ListColumn("remedy", "string", "处理意见", "一句话", required=True),
        ListColumn("explanation", "string", "单位说明", "单位在“说明”栏写的话"),
        ListColumn("waived", "string", "免改理由", "经办人准予免改的，理由"),
        ListColumn("open", "boolean", "待处理", "是否还要改正或说明", required=True),
        ListColumn(
            "sha256", "string", "文件指纹", "文件内容的 SHA-256；无法打开的为空"
        ),
        *_CAME,
    ),
    ("number",),
)

FIELDS = Listing(
    "fields",
    "报告首部和文字：每个单位每项一行；首部下一期预先填好，文字下一期用来比较",
    (
        *_WHOSE,
        ListColumn("field", "string", "项目", "编号", required=True),
        ListColumn("title", "string", "名称", "项目的名称", required=True),
        ListColumn("value", "string", "内容", "单位写的内容", required=True),
    ),
    ("unit", "field"),
)

LISTINGS = (FACTS, FIELDS, FINDINGS)


def records(summary: Summary, listing: Listing) -> Iterator[ListRows]:
    """A listing in the order of the roster and the inbox, some rows at a time."""
    if listing is FACTS:
        return _facts(summary)
    makers = {FIELDS: field_records, FINDINGS: finding_records}
    waiting = makers[listing](summary)
    some = iter(lambda: list(islice(waiting, _AT_ONCE)), [])
    return (ListRows(list(zip(*each, strict=True))) for each in some)


def fact_records(summary: Summary) -> Iterator[ListRecord]:
    """Every cell of every return that stands and could be read."""
    for rows in _facts(summary):
        yield from zip(*rows.columns, strict=True)


def _facts(summary: Summary) -> Iterator[ListRows]:
    """The same return by return, because most columns are alike in all rows of one."""
    form = summary.form
    for unit in summary.roster.in_tree_order:
        submission = summary.standing.get(unit.code)
        if submission is None or submission.stamp is None or not submission.facts:
            continue
        stamp = submission.stamp
        whose = (*_unit(unit.code, stamp), submission.path)
        source = (submission.sha256, stamp.edition, unit.code in summary.counted)
        values = [*map(at_once(submission.facts).__getitem__, form.cells)]
        own = (*_cells(form, stamp.layout), *said(values))
        yield ListRows(own, whose, (*source, *_mail(submission)))


def _unit(code: str, stamp: Stamp) -> ListRecord:
    return code, stamp.unit_name, stamp.year, str(stamp.period)


@lru_cache(maxsize=16)
def _cells(form: Form, layout: str) -> ListColumns:
    """What is said of each cell, with its place in workbooks of that layout."""
    places = layout_of(form, layout).cells
    cells = (
        (cell.id, cell.name, cell.kind.value, places[id_].sheet, places[id_].address)
        for id_, cell in form.cells.items()
    )
    return list(zip(*cells, strict=True))


def said(
    values: Sequence[Value],
) -> tuple[list[str], list[Decimal | None], list[str | None]]:
    """States of facts, their numbers and their texts; of each there is one of the two at
    most."""
    numbers = [value.number for value in values]
    return (
        [_NUMBER if v.number is not None else v.state.value for v in values],
        numbers,
        [None if value.number is not None else value.shown for value in values],
    )


def field_records(summary: Summary) -> Iterator[ListRecord]:
    """What units said at the head of their reports, with which the next workbooks begin,
    and their texts, with which the next ones are compared.

    Signatures are not carried along: who signs, signs for one period.
    """
    fields: list[Field | Narrative] = list(summary.form.fields_of("preamble"))
    texts = summary.form.narratives
    for unit in summary.answering:
        submission = summary.standing[unit.code]
        stamp = submission.stamp
        if stamp is None:
            continue
        head = at_once(submission.answers.fields)
        written = at_once(submission.answers.texts)
        said = [(each, head.get(each.id, "")) for each in fields]
        said += [(text, written.get(text.id, "")) for text in texts]
        whose = (*_unit(unit.code, stamp), submission.path)
        yield from ((*whose, each.id, each.title, text) for each, text in said if text)


def finding_records(summary: Summary) -> Iterator[ListRecord]:
    """Every finding of every file, and every cell that a later version changed.

    A line of a changed cell has the code V03, in ``seen`` what stood there before and
    in ``expected`` what the version that counts has.
    """
    found = (
        (submission, what)
        for submission in summary.submissions
        for what in (
            *(_what(summary.form, each) for each in submission.findings),
            *map(_changed, submission.changes),
        )
    )
    for number, (submission, what) in enumerate(found, 1):
        sha256 = submission.sha256 or None
        yield (number, *_whose(submission), *what, sha256, *_mail(submission))


def _mail(submission: Submission) -> ListRecord:
    return submission.arrival.sender or None, submission.arrival.sent_utc or None


def _changed(change: Change) -> ListRecord:
    entry = CATALOGUE["V03"]
    return (
        *("V03", entry.severity.value, change.id, None),
        *(change.sheet, change.address),
        *(change.before, change.after, None, change.text.zh, entry.desk.zh),
        *(None, None, False),
    )


def _whose(submission: Submission) -> ListRecord:
    name = submission.stamp.unit_name if submission.stamp else None
    code = submission.unit_code or None
    return submission.path, code, name, submission.verdict.value


def _what(form: Form, finding: Finding) -> ListRecord:
    return (
        finding.code,
        finding.severity.value,
        finding.cell,
        " ".join(finding.others) or None,
        *where(form, finding),
        finding.seen,
        finding.expected,
        finding.difference,
        finding.message.zh,
        finding.desk.zh,
        finding.explanation,
        finding.waived,
        finding.is_open,
    )
