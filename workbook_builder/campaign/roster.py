"""单位名录: forgiving about the look of the table, strict about its content."""

from __future__ import annotations

import difflib
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import count

from workbook_builder.campaign.agreements import agreement_in_row
from workbook_builder.campaign.codes import given, wrong_codes
from workbook_builder.campaign.reorganisation import (
    change_in_row,
    double_uses,
    former_codes,
)
from workbook_builder.model.errors import CampaignError, RosterError
from workbook_builder.model.form import Form
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit, UnitChange

#: Column → the headers it may have, as :func:`plain_head` reads them; the first is what we
#: write. Of two columns for one thing, the one named earlier here is taken.
HEADERS: dict[str, tuple[str, ...]] = {
    "code": (
        "单位代码", "单位编码", "机构代码", "机构编码", "代码", "编码", "单位编号",
        "统一社会信用代码", "code",
    ),
    "name": ("单位名称", "机构名称", "名称", "单位全称", "填报单位", "单位", "name"),
    "parent": (
        "上级代码", "上级单位代码", "上级编码", "上级机构代码", "上级单位", "上级单位名称",
        "上级机构", "主管单位", "上级", "parent",
    ),
    "type": ("单位类型", "单位类别", "机构类型", "类型", "类别", "type"),
    "contact": ("联系人", "联络员", "经办人", "填表人", "姓名", "contact"),
    "emails": (
        "邮箱", "电子邮箱", "邮箱地址", "电子邮件", "邮件", "email", "e-mail", "mail",
    ),
    "phone": ("电话", "联系电话", "办公电话", "手机", "手机号", "手机号码", "phone"),
    "reports": ("是否填报", "填报", "是否报送", "reports"),
    "until": ("延期至", "延期到", "延期报送至", "报送期限", "until"),
    "excused": ("免报", "是否免报", "免于填报", "excused"),
    "agreed_by": ("同意人", "批准人", "审批人", "by"),
    "agreed_why": ("延期或免报理由", "延期理由", "免报理由", "why"),
    "change": ("变动", "变动情况", "机构变动", "change"),
    "former": ("原代码", "原单位代码", "曾用代码", "former"),
}  # fmt: skip
#: Several columns of these are taken together: 办公电话 and 手机.
_JOINED = {"contact", "emails", "phone"}
_YES, _NO = {"是", "1", "yes", "y", "true"}, {"否", "0", "no", "n", "false"}
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: A name and the address in brackets behind it; it begins where the last one ended.
_NAMED = re.compile(r"(?<![^;；,，、<>])[^;；,，、<>]*<([^<>]*)>")
_EMAIL = re.compile(
    rf"{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


def roster_from_rows(
    rows: Sequence[Sequence[str]], file: str, *, give_codes: bool = False
) -> Roster:
    """The roster in a table whose head is among the first ten rows.

    A parent may be given by its code or its name. With ``give_codes`` units without a
    code are given one. Raises RosterError with every problem, each with its row and
    remedy.
    """
    top, columns = _find_head(rows, file, {"name"} if give_codes else {"code", "name"})
    problems: list[Text] = []
    units: list[Unit] = []
    numbers: list[int] = []
    for index, row in enumerate(rows[top + 1 :], top + 2):
        cells = {name: _cell(row, each) for name, each in columns.items()}
        if any(cells.values()):
            units.append(_unit(cells, index, problems))
            numbers.append(index)
    if give_codes:
        units = list(_with_codes(units))
    here = [at for at, unit in enumerate(units) if unit.change is not UnitChange.GONE]
    gone = tuple(unit for unit in units if unit.change is UnitChange.GONE)
    problems += wrong_codes(units, numbers)
    units, numbers = [units[at] for at in here], [numbers[at] for at in here]
    problems += double_uses(units, numbers)
    if problems:
        raise RosterError(file, tuple(problems))
    return Roster(tuple(_parents_by_code(units)), file, tuple(numbers), gone)


def _with_codes(units: Sequence[Unit]) -> Iterator[Unit]:
    taken = {unit.code for unit in units}
    fresh = (code for number in count(1) if (code := given(number)) not in taken)
    yield from (
        unit if unit.code else replace(unit, code=next(fresh)) for unit in units
    )


def _cell(row: Sequence[str], columns: Sequence[int]) -> str:
    texts = [row[column].strip() for column in columns if column < len(row)]
    return "；".join(dict.fromkeys(filter(None, texts)))


def _parents_by_code(units: Sequence[Unit]) -> Iterator[Unit]:
    """The units with the code of the unit above, also where its name was written."""
    codes = {unit.code for unit in units}
    named: dict[str, list[str]] = {}
    for unit in units:
        named.setdefault(unit.name, []).append(unit.code)
    for unit in units:
        above = named.get(unit.parent, [])
        known = not unit.parent or unit.parent in codes or len(above) != 1
        yield unit if known else replace(unit, parent=above[0])


def _find_head(
    rows: Sequence[Sequence[str]], file: str, needed: Set[str]
) -> tuple[int, dict[str, list[int]]]:
    for index, row in enumerate(rows[:10]):
        columns = _columns(row)
        if needed <= columns.keys():
            return index, columns
    heads = "、".join(names[0] for names in HEADERS.values())
    raise RosterError(
        file,
        (
            Text(
                "没有找到表头。前十行里要有“单位代码”和“单位名称”两列"
                f"（可用的列：{heads}）。",
                "No header row with 单位代码 and 单位名称 in the first ten rows "
                f"(known columns: {heads}).",
            ),
        ),
    )


def _columns(row: Sequence[str]) -> dict[str, list[int]]:
    """Column → where it stands; several places only for what is taken together."""
    heads = [plain_head(text) for text in row]
    found: dict[str, list[int]] = {}
    for name, variants in HEADERS.items():
        places = [
            column
            for variant in variants
            for column, head in enumerate(heads)
            if head == variant
        ]
        if places:
            found[name] = places if name in _JOINED else places[:1]
    return found


def plain_head(text: str) -> str:
    """A header without spaces, marks and remarks: ``* 单位代码（必填）：`` is 单位代码."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return re.sub(r"\([^()]*\)", "", plain).strip("*:").casefold()


def _unit(cells: dict[str, str], row: int, problems: list[Text]) -> Unit:
    emails = addresses(cells.get("emails", ""))
    problems += [
        Text(
            f"第{row}行：邮箱“{email}”不像邮箱地址，请改正；几个地址之间用分号隔开。",
            f"Row {row}: {email} is not an e-mail address; correct it, and separate "
            "several with semicolons.",
        )
        for email in emails
        if not is_address(email)
    ]
    excused = _yes_or_no(cells, "excused", row, problems)
    return Unit(
        code=cells.get("code", ""),
        name=cells["name"],
        # Of very many units, the few things that all of them say are in memory once.
        parent=sys.intern(cells.get("parent", "")),
        type=sys.intern(cells.get("type", "")),
        contact=cells.get("contact", ""),
        emails=emails,
        phone=cells.get("phone", ""),
        reports=_yes_or_no(cells, "reports", row, problems),
        agreement=agreement_in_row(cells, row, excused, problems),
        change=change_in_row(cells, row, problems),
        former=former_codes(cells.get("former", "")),
    )


def _yes_or_no(
    cells: dict[str, str], column: str, row: int, problems: list[Text]
) -> bool | None:
    said = cells.get(column, "").casefold()
    if said not in _YES | _NO | {""}:
        head = HEADERS[column][0]
        problems.append(
            Text(
                f"第{row}行：“{head}”只能填“是”或“否”，现在是“{said}”。",
                f"Row {row}: {head} takes 是 or 否, not {said}.",
            )
        )
    return None if not said else said in _YES


def addresses(text: str) -> tuple[str, ...]:
    """The e-mail addresses in a cell, each once: ``张三 <a@b.cn>；c@d.cn``.

    Full-width letters and signs become what a mail server takes.
    """
    bare = _NAMED.sub(r"\1;", text)
    parts = re.split(r"[;；,，、\s]+", unicodedata.normalize("NFKC", bare))
    return tuple(dict.fromkeys(filter(None, parts)))


def is_address(text: str) -> bool:
    """Whether a mail server would take it for an address, as far as form goes."""
    return (
        bool(_EMAIL.fullmatch(text))
        and len(text) <= 254
        and len(text.split("@")[0]) <= 64
    )


def find_unit(roster: Roster, said: str) -> Unit:
    """The unit of that code or name. Raises CampaignError with the likely ones."""
    wanted = said.strip()
    if wanted in roster.by_code:
        return roster.by_code[wanted]
    named = [unit for unit in roster.units if unit.name == wanted]
    if len(named) == 1:
        return named[0]
    if named:
        raise CampaignError(
            f"名录里叫“{said}”的单位不止一个：{_listed(named)}。请用单位代码。",
            f"Several units are called {said}: {_listed(named)}. Use the code.",
        )
    likely = _likely(roster, wanted)
    zh, en = "请核对单位代码或名称。", "Check the code or the name."
    if likely:
        zh, en = (
            f"您是不是要找：{_listed(likely)}？",
            f"Did you mean {_listed(likely)}?",
        )
    raise CampaignError(
        f"名录里没有“{said}”这个单位。{zh}", f"No unit {said} on the roster. {en}"
    )


def _listed(units: Sequence[Unit]) -> str:
    return "、".join(f"{unit.code} {unit.name}" for unit in units)


def _likely(roster: Roster, wanted: str) -> list[Unit]:
    """Units whose name holds the words, else those spelled much the same."""
    holding = [unit for unit in roster.units if wanted and wanted in unit.name]
    if holding:
        return holding[:5]
    spellings = {text: unit for unit in roster.units for text in (unit.name, unit.code)}
    near = difflib.get_close_matches(wanted, spellings, n=3, cutoff=0.5)
    return list({spellings[text].code: spellings[text] for text in near}.values())


def prove_types(roster: Roster, form: Form) -> None:
    """Refuses unit types the form's checks do not know. Raises RosterError."""
    problems = tuple(
        Text(
            f"{roster.where(index)}：单位“{unit.name}”的类型“{unit.type}”无法识别，"
            f"请改为：{'、'.join(form.unit_types)}。",
            f"{roster.where(index)}: {unit.type} is no unit type; "
            f"use one of {', '.join(form.unit_types)}.",
        )
        for index, unit in enumerate(roster.units)
        if unit.type and unit.type not in form.unit_types
    )
    if problems and form.unit_types:
        raise RosterError(roster.source, problems)
