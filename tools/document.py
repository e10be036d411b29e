"""Writes what every code means and what to do, in Chinese.

``docs/codes.md`` is about the codes of every form, a page beside each edition of
``templates/`` about its checks: whoever copies an edition has its page too.

Run ``python -m tools.document`` after a change of a check or of the catalogue of
findings; a test compares the files with what this module makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from workbook_builder.definition.registry import Forms
from workbook_builder.language.words import remedy
from workbook_builder.model.answers import ALL_ZERO
from workbook_builder.model.catalogue import CATALOGUE, CatalogueEntry, catalogued
from workbook_builder.model.check import Check
from workbook_builder.model.expression import (
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
)
from workbook_builder.model.form import Form
from workbook_builder.model.values import grouped

FILE = Path(__file__).parent.parent / "docs" / "codes.md"
PAGE = "codes.md"
"""What the page of an edition is called, in the folder of its definition."""
COMMAND = "python -m tools.document"

#: Initial of a code of the catalogue → what those findings are about.
GROUPS = {
    "R": "文件无法读取",
    "N": "不是本次任务的报送表",
    "T": "表样被改动",
    "Y": "填写方式",
    "V": "同一单位报了几次",
    "D": "上下级之间",
    "I": "无需处理的文件",
    "J": "主管部门的决定",
    "P": "公布的年度报告",
    "X": "只提请主管部门注意的",
}
#: What stands in a message for the words of the case at hand.
BLANKS = {
    "seen": "〔现有内容〕",
    "expected": "〔应有内容〕",
    "detail": "〔具体情况〕",
    "link": "〔链接〕",
}

_MADE = f"<!-- 由 `{COMMAND}` 生成，不要手工修改。 -->"

_HEAD = f"""# 审核公式和问题代码

{_MADE}

代码长期不变，不会重复使用。

| 级别 | 意思 |
|---|---|
| 强制 | 必须满足；不满足的，报送表退回 |
| 核实 | 必须满足，或者在“审核”表的“说明”栏写明原因 |
| 提示 | 请核对，不影响通过 |

## 审核公式

每种报表、每个版本有自己的审核公式，写在它的定义旁边：`templates/<报表>/<版本>/{PAGE}`，
例如[政府信息公开工作年度报告](../templates/disclosure/2021/{PAGE})、
[政府信息公开申请办理情况季度统计表](../templates/requests_quarterly/2021/{PAGE})。

## 其他问题

〔〕里的字，在实际的问题里是具体内容。
"""

_PAGE = """# {title}：审核公式

{made}

依据：{authority}。代码长期不变，不会重复使用；级别和其他问题代码见
[codes.md](../../../docs/codes.md)。

说明不少于 {minimum} 个字（空格不算）。下面这些话不算说明：{empty}。

“依据”各是什么、在哪里能读到，见 [sources.md](../../../docs/sources.md)。

| 代码 | 级别 | 名称 |
|---|---|---|
"""


def codes() -> str:
    """The codes that every form has."""
    lines = [_HEAD.rstrip("\n")]
    for initial, title in GROUPS.items():
        lines += ["", f"### {initial}　{title}", ""]
        lines += [
            "| 代码 | 级别 | 问题 | 填报单位 | 主管部门 |",
            "|---|---|---|---|---|",
        ]
        lines += [
            _finding(code, entry)
            for code, entry in CATALOGUE.items()
            if code.startswith(initial)
        ]
    return "\n".join(lines) + "\n"


def page(form: Form) -> str:
    """The checks of an edition."""
    rule = form.explanation
    head = _PAGE.format(
        made=_MADE,
        title=form.title,
        authority=form.authority,
        minimum=rule.minimum,
        empty="、".join(f"“{phrase}”" for phrase in rule.empty),
    )
    lines = [head.rstrip("\n")]
    lines += [f"| {c.code} | {c.severity.word} | {c.title} |" for c in form.checks]
    for check in form.checks:
        lines += ["", *_check(form, check)]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Every file that this module makes, and what is to be in it."""
    forms = Forms.shipped()
    made = {FILE: codes()}
    for name in forms.names():
        for edition in forms.editions(name):
            made[edition.folder / PAGE] = page(forms.edition(name, edition.id))
    return made


def _check(form: Form, check: Check) -> Iterator[str]:
    yield f"## {check.code}　{check.title}（{check.severity.word}）"
    yield ""
    yield f"- 应满足：{requirement(form, check)}。"
    yield f"- 核对：{_where(form, check)}。"
    yield f"- 不满足时：{check.message}。"
    yield f"- 处理意见：{remedy(form, check).zh}"
    yield f"- 依据：{check.source}"


def _where(form: Form, check: Check) -> str:
    """The places of a check, as a clerk would look for them."""
    if check.lines[0].per_input:
        count = sum(len(line.instances) for line in check.lines)
        return f"{'、'.join(line.label for line in check.lines)}的每一个填报项（{count} 个单元格）"
    labels = [f"“{line.label}”" for line in check.lines if line.label]
    if not labels:
        return "整份报表"
    places = [line.instances[0].place for line in check.lines]
    sheets = dict.fromkeys(
        form.table(form.cells[place].table).sheet if place in form.cells else "文字部分"
        for place in places
    )
    if len(labels) > 12:
        labels = [f"{labels[0]}至{labels[-1]}（{len(labels)} 处）"]
    return f"{'、'.join(sheets)}的{'、'.join(labels)}"


def _finding(code: str, entry: CatalogueEntry) -> str:
    names = {name for _, name, _, _ in Formatter().parse(entry.message.zh) if name}
    finding = catalogued(code, **{name: BLANKS[name] for name in names})
    parts = (finding.message, finding.remedy, finding.desk)
    said = " | ".join(part.zh for part in parts)
    return f"| {code} | {entry.severity.word} | {said} |"


# ---------------------------------------------------------------- a rule in words


def requirement(form: Form, check: Check) -> str:
    """What must hold, in words, said of the first place of the check."""
    instance = check.lines[0].instances[0]
    words = _Words(form, check.code, instance.key, instance.place)
    rule = instance.expression
    if isinstance(rule, Compare):
        return words.compared(rule, "应")
    return words.truth(rule)


@dataclass(frozen=True)
class _Words:
    """Says the nodes of a rule; ``key`` and ``place`` are those of the instance."""

    form: Form
    code: str
    key: str
    place: str

    def truth(self, node: Node) -> str:
        match node:
            case Compare():
                return self.compared(node)
            case Either(left=left, right=right):
                return f"{self.truth(left)}；或者{self.truth(right)}"
            case Not(operand=Both(left=left, right=right)):
                return f"没有同时出现{self.truth(left)}、{self.truth(right)}"
            case Both(left=left, right=right):
                return "，并且".join(self._within(side) for side in (left, right))
            case Not(operand=operand):
                return self._negated(operand)
            case UnitTypeIn(types=types):
                return f"单位类型是{'、'.join(types)}"
            case Call():
                return self._asked(node, "")
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    def _within(self, node: Node) -> str:
        said = self.truth(node)
        return f"（{said}）" if isinstance(node, Either) else said

    def _negated(self, node: Node) -> str:
        match node:
            case Either(left=left, right=right):
                return f"{self._negated(left)}，并且{self._negated(right)}"
            case Compare(op=op, left=left, right=right):
                relation = {"<=": "大于", ">=": "小于", "==": "不等于"}[op]
                return f"{self.amount(left)}{relation}{self.amount(right)}"
            case UnitTypeIn(types=types):
                return f"单位类型不是{'、'.join(types)}"
            case Call():
                return self._asked(node, "没有")
            case _:
                return f"并非{self.truth(node)}"

    def _asked(self, node: Call, no: str) -> str:
        subject = self._subject(node.subject)
        match node.name:
            case "is_blank":
                return f"{subject}已经填写" if no else f"{subject}没有填"
            case "is_number":
                return f"{subject}{'不' if no else ''}是数字"
            case "on_grid":
                return f"{subject}{'超过' if no else '不超过'}规定的小数位数"
            case "zero_declared":
                return f"本表{no or '已经'}选“{ALL_ZERO}”"
            case "contains":
                return f"{subject}{no}写到{self._words(node)}"
            case "has_figure":
                return f"{subject}{no}写到件数"
            case "misplaced":
                return f"{subject}{no}以另一部分的标题开头"
            case "counts":
                return f"{subject}{no or '同时'}在一句话里写到{self._words(node)}和件数"
            case "says" if isinstance(node.argument, Node):
                return f"{subject}{no}写到{self.amount(node.argument)}的件数"
            case "mentions_year" if isinstance(node.argument, Node):
                return f"{subject}{no}写到{self.amount(node.argument)}的年份"
            case _:
                raise TypeError(f"not a yes/no expression: {node}")

    @staticmethod
    def _words(node: Call) -> str:
        assert isinstance(node.argument, tuple)
        quoted = "".join(f"“{each}”" for each in node.argument)
        return f"{quoted}之一" if len(node.argument) > 1 else quoted

    def compared(self, node: Compare, should: str = "") -> str:
        relation = {"==": "等于", "<=": "不大于", ">=": "不小于"}[node.op]
        left, right = self.amount(node.left), self.amount(node.right)
        if isinstance(node.left, PeriodPart) and isinstance(node.right, Number):
            right = str(node.right.value)  # 2021, not 2,021
        space = " " if right[0].isdigit() else ""
        return f"{left}{should}{relation}{space}{right}"

    def amount(self, node: Node) -> str:
        match node:
            case Number(value=value):
                return grouped(value)
            case CellRef(id=id_):
                return self._subject(id_)
            case LastPeriod(id=id_):
                return f"{self.form.frequency.last}的{self._subject(id_)}"
            case ByType(cases=cases, otherwise=otherwise):
                said = [f"{'、'.join(t.types)} {grouped(n.value)}" for t, n in cases]
                return f"限额（{'，'.join(said)}，其他 {grouped(otherwise.value)}）"
            case PeriodPart(name=name):
                return {"year": "报告年度", "quarter": "季度", "month": "月份"}[name]
            case Arithmetic(
                op="-", left=PeriodPart(name="year"), right=Number(value=value)
            ) if value == 1:
                return "上一年度"
            case Arithmetic(op="*", left=Number(value=value), right=right):
                return f"{self.amount(right)}的 {grouped(value)} 倍"
            case Arithmetic(op=op, left=left, right=right):
                sign = {"+": "加", "-": "减", "*": "乘以"}[op]
                then = self.amount(right)
                if op != "+" and isinstance(right, Arithmetic):
                    then = f"（{then}）"
                return f"{self.amount(left)}{sign}{then}"
            case Total(cells=cells, spans=spans, before=()) if spans == (
                (cells[0], cells[-1]),
            ):
                first, last = self.amount(cells[0]), self.amount(cells[-1])
                return f"{first}至{last}各项之和"
            case Total(cells=cells, before=before):
                parts: tuple[Node, ...] = (*cells, *before)
                return f"{'、'.join(map(self.amount, parts))}之和"
            case Call(name="maximum"):
                return "允许的最大值"
            case Call(name="minimum", subject=id_):
                return "允许的最小值" if id_ in self.form.cells else "规定的最少字数"
            case Call(name="like_last", subject=id_):
                return f"{self._subject(id_)}与{self.form.frequency.last}相同的百分比"
            case Call(name="length", subject=id_):
                return f"{self._subject(id_)}的字数"
            case _:
                raise TypeError(f"not a number: {node}")

    def _subject(self, id_: str) -> str:
        """“自然人” within its row, “表三·…” outside, 这个单元格 for the cell at hand."""
        listed = self.key == f"{self.code}.{self.place}"
        cell = self.form.cells.get(id_)
        if cell is None:
            fields = {each.id: f"“{each.title}”" for each in self.form.fields}
            return fields.get(id_, "这一项文字")
        if listed and id_ == self.place:
            return "这个单元格"
        if self.key == f"{self.code}.{cell.column}" and cell.row_labels:
            return f"“{cell.row_labels[-1]}”"
        if self.key == f"{self.code}.{cell.row}":
            return f"“{cell.column_labels[-1]}”"
        return f"{self.form.table(cell.table).sheet}“{cell.name}”"


def main() -> None:
    """Writes the files."""
    for file, text in pages().items():
        file.write_text(text, encoding="utf-8")
        print(f"written: {file}")


if __name__ == "__main__":
    main()
