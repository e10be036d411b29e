"""A rule in words: the third and fourth face.

:func:`breach` says with numbers why a check fails; :func:`instruction` is the
check's line in the 填报说明.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from workbook_builder.language.value import Evaluator, Unknown
from workbook_builder.model.check import Check, Instance, Line
from workbook_builder.model.expression import (
    Arithmetic,
    Call,
    CellRef,
    Compare,
    Either,
    LastPeriod,
    Node,
    Number,
    PeriodPart,
    Total,
    main_comparison,
    walk,
)
from workbook_builder.model.form import CellType, Field, Form
from workbook_builder.model.text import Text
from workbook_builder.model.values import grouped, plain

#: How many terms of a sum a message writes out; none of longer ones.
TERMS = 6
#: How many decimals of an amount a message shows.
DECIMALS = 6


class Sides(NamedTuple):
    """The two amounts a check compares; None where it compares none, or unknown."""

    left: Decimal | None = None
    right: Decimal | None = None

    @property
    def difference(self) -> Decimal | None:
        if self.left is None or self.right is None:
            return None
        return self.left - self.right


def compared(instance: Instance) -> tuple[Node, Node] | None:
    """What a check shows as left and right.

    That is its main comparison, or, for a rule of several, the cell it is about
    and the year before.
    """
    comparison = main_comparison(instance.expression)
    if comparison is not None:
        return comparison.left, comparison.right
    for node in walk(instance.expression):
        if isinstance(node, LastPeriod):
            return CellRef(instance.place), node
    return None


def sides(evaluator: Evaluator, instance: Instance) -> Sides:
    """The amounts of :func:`compared`."""
    pair = compared(instance)
    if pair is None:
        return Sides()
    amounts = [evaluator.amount(node) for node in pair]
    return Sides(*(None if isinstance(a, Unknown) else a for a in amounts))


def breach(evaluator: Evaluator, check: Check, line: Line, instance: Instance) -> Text:
    """Why the check fails, with the numbers: “1,204 应等于 1,211（1,180 + 31），相差 7”."""
    chinese, english = opening(evaluator.form, check, line, instance)
    if line.per_input:
        seen = evaluator.answers.value(instance.place).shown
        if seen is not None:
            return Text(f"{chinese}：“{seen}”。", f"{english}: “{seen}”.")
        return Text(f"{chinese}。", f"{english}.")
    numbers = _numbers(evaluator, instance)
    return Text(
        f"{chinese}：{numbers.zh}。" if numbers.zh else f"{chinese}。",
        f"{english}: {numbers.en}." if numbers.en else f"{english}.",
    )


def opening(form: Form, check: Check, line: Line, instance: Instance) -> Text:
    """What stands before the numbers: “平衡【总计】：两边不等”."""
    where = f"【{_where(form, line, instance)}】" if line.label else ""
    return Text(
        f"{check.title}{where}：{check.message}",
        f"{check.title_en}{where}: {check.message_en}",
    )


#: How many cells a sentence about several of them names.
NAMED = 5


def breaches(check: Check, line: Line, seen: Sequence[tuple[str, str | None]]) -> Text:
    """The same trouble of several inputs of a table, as (address, what stands there):
    “填报完整【表三】：144 个单元格没有填。”"""
    where = f"【{line.label}】" if line.label else ""
    shown = [(address, text) for address, text in seen if text is not None]
    listed = "、".join(f"{address}“{text}”" for address, text in shown[:NAMED])
    english = ", ".join(f"{address} “{text}”" for address, text in shown[:NAMED])
    rest, more = ("等", " …") if len(shown) > NAMED else ("", "")
    tail = f"：{listed}{rest}" if shown else ""
    tail_en = f": {english}{more}" if shown else ""
    return Text(
        f"{check.title}{where}：{len(seen)} 个单元格{check.message}{tail}。",
        f"{check.title_en}{where}: {len(seen)} cells {check.message_en}{tail_en}.",
    )


def instruction(form: Form, check: Check) -> str:
    """One line for the 填报说明: code, severity, title and what must hold."""
    expression = check.lines[0].instances[0].expression
    comparison = expression if isinstance(expression, Compare) else None
    if comparison is None or not _names_cells(comparison) or check.lines[0].per_input:
        said = remedy(form, check).zh
        later = "（收后审核）" if check.reader_only else ""
        return f"{check.code}（{check.severity.word}）{check.title}{later}。{said}"
    rule = _sentence(form, comparison, check)
    return f"{check.code}（{check.severity.word}）{check.title}：{rule}。"


#: The slot of a remedy that says what the cells take.
TYPES = "types"
REMEDIES = ("remedy", "remedy_en")


def remedy(form: Form, check: Check, at: Sequence[Instance] = ()) -> Text:
    """What to do about a breach in some places or, without them, wherever it may be."""
    instances = at or [i for line in check.lines for i in line.instances]
    types = dict.fromkeys(form.cells[id_].type for i in instances for id_ in i.cells)
    named = not at or len(types) > 1
    said, slot = [asked(type_, named) for type_ in types], f"{{{TYPES}}}"
    return Text(
        check.remedy.replace(slot, "；".join(each.zh for each in said)),
        check.remedy_en.replace(slot, "; ".join(each.en for each in said)),
    )


def asked(type_: CellType, named: bool = False) -> Text:
    """What a cell takes: “填 0 或正数（万元，最多 6 位小数）”, with the name of its type
    “金额填 0 或正数（…）”."""
    whole, least = not type_.decimals, type_.minimum
    zh, en = ("整数", "whole number") if whole else ("数", "number")
    if type_.signed:
        zh, en = f"{zh}，可以是负数", f"{en}, also below 0"
    elif least:
        zh, en = f"不小于 {grouped(Decimal(least))} 的{zh}", f"{en} ≥ {least}"
    else:
        zh, en = f" 0 或正{zh}", f"{en} ≥ 0"
    zh_detail, en_detail = [type_.unit], [type_.unit]
    if not whole:
        zh_detail.append(f"最多 {type_.decimals} 位小数")
        en_detail.append(f"up to {type_.decimals} decimals")
    name, id_ = (type_.name, f"{type_.id}: ") if named else ("", "")
    return Text(
        f"{name}填{zh}（{'，'.join(zh_detail)}）", f"{id_}{en} ({', '.join(en_detail)})"
    )


def _names_cells(comparison: Compare) -> bool:
    """Whether both sides can be said with the form's own labels."""
    return all(
        any(isinstance(node, CellRef | LastPeriod) for node in walk(side))
        for side in (comparison.left, comparison.right)
    )


def _where(form: Form, line: Line, instance: Instance) -> str:
    return form.cells[instance.place].name if line.per_input else line.label


_RELATIONS = {"==": ("应等于", "should equal"), "<=": ("应不大于", "should not exceed")}
_AT_LEAST = ("应不小于", "should be at least")


class Amount(NamedTuple):
    """A number in a sentence; a year is written without separators."""

    node: Node
    plain: bool = False


class Gap(NamedTuple):
    """How far two amounts are apart, in a sentence."""

    left: Node
    right: Node


class Lacking(NamedTuple):
    """The names of those fields in which nothing is written, in a sentence."""

    fields: tuple[Field, ...]

    def blank(self, evaluator: Evaluator) -> tuple[Field, ...]:
        return tuple(each for each in self.fields if evaluator.is_blank(each.id))


Said = Text | Amount | Gap | Lacking


def lacking(form: Form, instance: Instance) -> Lacking:
    """Of the fields that a rule wants to be filled in."""
    asked = {
        node.subject
        for node in walk(instance.expression)
        if isinstance(node, Call) and node.name == "is_blank"
    }
    return Lacking(tuple(each for each in form.fields if each.id in asked))


def numbers_said(form: Form, instance: Instance) -> tuple[Said, ...]:
    """“1,204 应等于 1,211（1,180 + 31），相差 7” in parts, for every face that says it."""
    pair = compared(instance)
    if pair is None:
        wanted = lacking(form, instance)
        if not wanted.fields:
            return _told(instance.expression)
        return Text("缺", "missing "), wanted
    left, right = map(Amount, pair)
    match pair[0]:
        case Call(name="like_last"):
            most = Text("%，不宜超过 ", "%, at most ")
            return Text("相同部分约占 ", ""), left, most, right, Text("%", "%")
        case Call(name="length"):
            needs = Text(" 字，至少 ", " characters, needs ")
            return Text("现有 ", ""), left, needs, right, Text(" 字", "")
    about_years = any(
        isinstance(node, PeriodPart) for side in pair for node in walk(side)
    )
    left, right = (Amount(side, about_years) for side in pair)  # 2020, not 2,020
    comparison = main_comparison(instance.expression)
    if comparison is None:
        often = form.frequency
        first = Text(f"{often.this} ", f"this {often} ")
        return first, left, Text(f"，{often.last} ", f", last {often} "), right
    zh, en = _RELATIONS.get(comparison.op, _AT_LEAST)
    return (
        left,
        *(_breakdown(pair[0]) or (Text(" ", ""),)),
        Text(f"{zh} ", f" {en} "),
        right,
        *_breakdown(pair[1]),
        Text("，相差 ", ", off by "),
        Gap(*pair),
    )


def _told(rule: Node) -> tuple[Said, ...]:
    """What a text should have said: “表里是 15，或 17（15 + 2）”."""
    said: list[Said] = []
    for figure in _figures_of(rule):
        before = Text("，或 ", ", or ") if said else Text("表里是 ", "the tables say ")
        said += [before, Amount(figure), *_breakdown(figure)]
    return tuple(said)


def _figures_of(rule: Node) -> Iterator[Node]:
    """The figures of an ``or`` chain of which a text has to say one."""
    match rule:
        case Either(left=left, right=right):
            yield from _figures_of(left)
            yield from _figures_of(right)
        case Call(name="says", argument=figure) if isinstance(figure, Node):
            yield figure


def _numbers(evaluator: Evaluator, instance: Instance) -> Text:
    """The same, said of a return; nothing where an amount cannot be told."""
    said: list[Text] = []
    for part in numbers_said(evaluator.form, instance):
        text = _figure(evaluator, part)
        if text is None:
            return Text("", "")
        said.append(text)
    return Text("".join(each.zh for each in said), "".join(each.en for each in said))


def _figure(evaluator: Evaluator, part: Said) -> Text | None:
    if isinstance(part, Text):
        return part
    if isinstance(part, Lacking):
        names = [each.title for each in part.blank(evaluator)]
        return Text("、".join(names), ", ".join(names))
    nodes = [part.node] if isinstance(part, Amount) else [part.left, part.right]
    amounts = [evaluator.amount(node) for node in nodes]
    known = [amount for amount in amounts if not isinstance(amount, Unknown)]
    if len(known) < len(nodes):
        return None
    if isinstance(part, Gap):
        shown = _rounded(abs(known[0] - known[1]))
    else:
        shown = plain(known[0]) if part.plain else _rounded(known[0])
    return Text(shown, shown)


def summed(node: Node) -> tuple[Node, ...]:
    """The terms of a sum; nothing where anything is taken off."""
    terms = _terms(node)
    return tuple(t for _, t in terms) if all(sign == "+" for sign, _ in terms) else ()


def shown(evaluator: Evaluator, node: Node) -> str:
    """An amount as messages say it; nothing where it cannot be told."""
    amount = evaluator.amount(node)
    return "" if isinstance(amount, Unknown) else _rounded(amount)


def _rounded(amount: Decimal) -> str:
    """As a sheet shows it: six decimals are more than any cell may have."""
    step = Decimal(1).scaleb(-DECIMALS)
    huge = abs(amount) >= 10**15  # more digits than a Decimal takes
    return grouped(amount if huge else amount.quantize(step, ROUND_HALF_UP))


def _breakdown(node: Node) -> tuple[Said, ...]:
    """``（1,180 + 31）`` for a short sum, nothing for a single amount."""
    terms = _terms(node)
    if not 2 <= len(terms) <= TERMS:
        return ()
    said: list[Said] = [Text("（", " (")]
    for index, (sign, term) in enumerate(terms):
        before = f" {sign} " if index else "- " if sign == "-" else ""
        said += [Text(before, before), Amount(term)]
    return (*said, Text("）", ")"))


def _terms(node: Node) -> list[tuple[str, Node]]:
    match node:
        case Arithmetic(op="+", left=left, right=right):
            return _terms(left) + _terms(right)
        case Arithmetic(op="-", left=left, right=right):
            return [*_terms(left), ("-", right)]
        case Total(cells=cells, before=before):
            parts: tuple[Node, ...] = (*cells, *before)
            return [("+", part) for part in parts]
        case _:
            return [("+", node)]


def _sentence(form: Form, comparison: Compare, check: Check) -> str:
    zh, _ = _RELATIONS.get(comparison.op, _AT_LEAST)
    by_column = (
        len({id_.split(".")[1] for id_ in check.lines[0].instances[0].cells}) > 1
    )
    left, right = (
        _name(form, node, by_column) for node in (comparison.left, comparison.right)
    )
    return f"{left}{zh}{right}"


def _name(form: Form, node: Node, by_row_label: bool) -> str:
    match node:
        case CellRef(id=id_):
            cell = form.cells[id_]
            labels = cell.row_labels if by_row_label else cell.column_labels
            return f"“{(labels or cell.column_labels)[-1]}”"
        case LastPeriod(id=id_, within_year=within_year):
            name = _name(form, CellRef(id_), by_row_label)
            since = "（每年从 0 算起）" if within_year else ""
            return f"{form.frequency.last}{name}{since}"
        case Total():
            return f"{'、'.join(_parts(form, node, by_row_label))}之和"
        case Arithmetic(op=op, left=left, right=right):
            word = {"+": "加", "-": "减", "*": "乘以"}[op]
            first, second = (_name(form, side, by_row_label) for side in (left, right))
            if op == "*" and isinstance(left, Arithmetic):
                first = f"（{first}）"
            if op != "+" and isinstance(right, Arithmetic):
                second = f"（{second}）"
            return f"{first}{word}{second}"
        case Number(value=value):
            return grouped(value)
        case Call(name="maximum", subject=id_):
            return grouped(Decimal(form.cells[id_].type.maximum))
        case Call(name="minimum", subject=id_) if id_ in form.cells:
            return grouped(Decimal(form.minimum(id_)))
        case _:
            return ""


def _parts(form: Form, total: Total, by_row_label: bool) -> list[str]:
    """“甲”至“丙”各项 for a span, “丁” for a cell of its own."""
    last_of = dict(total.spans)
    parts: list[str] = []
    until: CellRef | None = None
    for cell in total.cells:
        if until is None and cell in last_of:
            until = last_of[cell]
            names = (_name(form, end, by_row_label) for end in (cell, until))
            parts.append(f"{'至'.join(names)}各项")
        elif until is None:
            parts.append(_name(form, cell, by_row_label))
        if cell == until:
            until = None
    parts += [_name(form, each, by_row_label) for each in total.before]
    return parts
