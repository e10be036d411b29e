"""The roster: any look of a table is read, no wrong tree gets through."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import folder, form, unit
from workbook_builder.campaign.roster import (
    HEADERS,
    prove_types,
    roster_book,
    roster_from_rows,
)
from workbook_builder.excel.sheet_rows import read_rows
from workbook_builder.excel.write import write
from workbook_builder.model.errors import CampaignError, RosterError
from workbook_builder.model.unit import Roster, Unit

HEAD = ["单位代码", "单位名称", "上级代码", "单位类型", "邮箱", "是否填报"]
DISTRICT = ["Q", "示例区", "", "区县", "", "否"]


def read(*rows: Sequence[str]) -> Roster:
    """Units below the usual head; the first of them stands in row 2."""
    return roster_from_rows([HEAD, *rows], "roster.xlsx")


def refusal(*rows: Sequence[str]) -> RosterError:
    with pytest.raises(RosterError) as caught:
        read(*rows)
    return caught.value


# ---------------------------------------------------------------- forgiving


def test_a_roster_is_a_tree_of_units_in_the_order_of_its_rows() -> None:
    units = read(DISTRICT, ["U2", "乙街道", "Q"], ["U1", "甲街道", "Q", "街道"])
    assert [each.code for each in units.units] == ["Q", "U2", "U1"]
    assert [each.code for each in units.reporting] == ["U2", "U1"]
    assert units.by_code["U1"] == Unit("U1", "甲街道", "Q", "街道")


def test_the_head_may_stand_lower_and_be_spelled_otherwise() -> None:
    units = roster_from_rows(
        [
            ["示例区单位名录"],
            [],
            ["序号", " 单位 名称 ", "代码*", "上级：", "E-mail"],
            ["1", "示例区", "1001", "", ""],
            ["2", "甲街道", "1002", "1001", "a@b.cn；c@d.cn, e@f.cn"],
        ],
        "roster.xlsx",
    )
    assert units.by_code["1002"].parent == "1001"
    assert units.by_code["1002"].emails == ("a@b.cn", "c@d.cn", "e@f.cn")


@pytest.mark.parametrize(
    "head", [(name, variant) for name in HEADERS for variant in HEADERS[name]], ids=str
)
def test_every_spelling_of_a_head_is_known(head: tuple[str, str]) -> None:
    name, variant = head
    heads = {"code": "单位代码", "name": "单位名称", name: variant}
    values = {"code": "U1", "name": "甲街道"} | {
        name: {"reports": "是", "emails": "a@b.cn", "parent": ""}.get(name, "U1")
    }
    units = roster_from_rows(
        [list(heads.values()), [values[key] for key in heads]], "roster.xlsx"
    )
    read_back = getattr(units.units[0], name)
    assert read_back == {
        "reports": True,
        "emails": ("a@b.cn",),
        "parent": "",
    }.get(name, "U1")


@pytest.mark.parametrize(
    ("said", "reports"),
    [("", None), ("是", True), ("否", False), ("YES", True), ("0", False)],
)
def test_a_unit_may_be_told_to_report_or_not(said: str, reports: bool | None) -> None:
    units = read(DISTRICT, ["U1", "甲街道", "Q", "", "", said])
    assert units.by_code["U1"].reports is reports


def test_a_unit_with_subordinates_adds_up_unless_it_reports_too() -> None:
    parents = {"C": "", "D": "C", "U": "D"}
    silent = Roster(tuple(unit(code, above) for code, above in parents.items()))
    assert [each.code for each in silent.reporting] == ["U"]
    speaking = Roster(
        tuple(
            unit(code, above, reports=True if code == "D" else None)
            for code, above in parents.items()
        )
    )
    assert [each.code for each in speaking.reporting] == ["D", "U"]


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()


ROWS = [HEAD, DISTRICT, ["007", "甲街道，“东”", "Q", "街道", "a@b.cn", ""]]
FILES = {
    "CSV in UTF-8": as_csv(ROWS).encode(),
    "CSV of Excel": as_csv(ROWS).encode("utf-8-sig"),
    "CSV of an old Excel": as_csv(ROWS).encode("gb18030"),
    "columns by tabs": as_csv(ROWS, "\t").encode(),
    ".xlsx": write(roster_book(read(*ROWS[1:]), form())),
}


@pytest.mark.parametrize("name", FILES)
def test_a_roster_is_read_alike_from_every_kind_of_file(name: str) -> None:
    units = roster_from_rows(read_rows(FILES[name]), "roster")
    assert units.units == read(*ROWS[1:]).units
    assert units.units[1].code == "007"


def test_what_we_write_we_read_back() -> None:
    units = Roster(
        (
            Unit("Q", "示例区", type="区县", reports=False),
            Unit(
                "U1", "甲街道", "Q", "街道", "张三", ("a@b.cn", "c@d.cn"), "010-1", True
            ),
        )
    )
    again = roster_from_rows(read_rows(write(roster_book(units, form()))), "roster")
    assert again.units == units.units


# ---------------------------------------------------------------- strict

REFUSED = {
    "a duplicate code": (
        [DISTRICT, ["U1", "甲街道", "Q"], ["U1", "乙街道", "Q"]],
        ["第4行", "“U1”", "第3行", "重复"],
    ),
    "a missing parent": (
        [DISTRICT, ["U1", "甲街道", "X"]],
        ["第3行", "“X”", "不在名录里"],
    ),
    "its own parent": ([DISTRICT, ["U1", "甲街道", "U1"]], ["第3行", "“U1”", "绕回"]),
    "no code": ([DISTRICT, ["", "甲街道", "Q"]], ["第3行", "单位代码"]),
    "no name": ([DISTRICT, ["U1", "", "Q"]], ["第3行", "单位名称"]),
    "no e-mail address": (
        [DISTRICT, ["U1", "甲街道", "Q", "", "张三"]],
        ["第3行", "“张三”", "邮箱"],
    ),
    "neither yes nor no": (
        [DISTRICT, ["U1", "甲街道", "Q", "", "", "也许"]],
        ["第3行", "“也许”", "是否填报"],
    ),
    "no unit at all": ([], ["没有单位"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_roster_is_refused_with_row_and_remedy(name: str) -> None:
    rows, words = REFUSED[name]
    error = refusal(*rows)
    assert len(error.problems) == 1
    assert all(word in error.problems[0].zh for word in words)
    assert error.text.zh.startswith("roster.xlsx\n")
    assert error.problems[0].zh.endswith("。")
    assert error.problems[0].en.endswith(".")


def test_a_cycle_is_refused_with_each_of_its_rows() -> None:
    error = refusal(
        DISTRICT,
        ["A", "甲", "B"],
        ["B", "乙", "C"],
        ["C", "丙", "A"],
        ["D", "丁", "A"],
    )
    rows = [problem.zh.partition("：")[0] for problem in error.problems]
    assert rows == ["第3行", "第4行", "第5行"]
    assert all("绕回" in problem.zh for problem in error.problems)


def test_all_problems_are_told_at_once_and_blank_rows_are_counted() -> None:
    error = refusal(
        DISTRICT, [], ["U1", "甲街道", "X"], ["", "  "], ["U1", "乙街道", "Q"]
    )
    rows = [problem.zh.partition("：")[0] for problem in error.problems]
    assert sorted(rows) == ["第4行", "第6行"]


def test_a_table_without_a_head_is_refused_with_the_heads_there_are() -> None:
    with pytest.raises(RosterError) as caught:
        roster_from_rows([["U1", "甲街道"]], "roster.csv")
    assert "“单位代码”" in caught.value.text.zh
    assert "上级代码" in caught.value.text.zh


def test_a_type_the_form_does_not_know_is_refused_with_the_types_there_are() -> None:
    units = read(DISTRICT, ["U1", "甲街道", "Q", "大街"])
    with pytest.raises(RosterError) as caught:
        prove_types(units, form())
    (problem,) = caught.value.problems
    assert problem.zh.startswith("第3行：")
    assert "“大街”" in problem.zh
    assert "街道、镇" in problem.zh


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
        b"\xff\0",
    ],
    ids=["empty", "half a zip", "half an .xls", "noise"],
)
def test_a_roster_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, data: bytes
) -> None:
    made = folder(tmp_path)
    (tmp_path / "roster.xlsx").write_bytes(data)
    with pytest.raises(CampaignError) as caught:
        made.roster()
    assert "roster.xlsx" in caught.value.text.zh
    assert caught.value.text.zh.endswith("另存为 .xlsx 再试。")
    assert "\n" not in caught.value.text.zh


def test_a_campaign_without_a_roster_says_so(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (tmp_path / "roster.xlsx").unlink()
    with pytest.raises(CampaignError, match=r"no roster\.xlsx or roster\.csv"):
        made.roster()


# ---------------------------------------------------------------- properties

CODES = [f"U{index}" for index in range(8)]
FORESTS = st.tuples(
    *(st.sampled_from(["", *CODES[:index]]) for index in range(len(CODES)))
).map(list)
TANGLES = st.lists(
    st.sampled_from(["", *CODES]), min_size=len(CODES), max_size=len(CODES)
)


@given(FORESTS | TANGLES)
def test_a_roster_is_accepted_if_and_only_if_every_unit_reaches_the_top(
    parents: list[str],
) -> None:
    above = dict(zip(CODES, parents, strict=True))
    rising = [code for code in CODES if reaches_the_top(code, above)]
    units = tuple(unit(code, parent) for code, parent in above.items())
    if rising == CODES:
        made = Roster(units)
        assert all(list(made.above(code))[-1] in names(made.roots) for code in CODES)
        assert sum(len(below) for below in made.children.values()) == len(
            [parent for parent in parents if parent]
        )
    else:
        with pytest.raises(RosterError):
            Roster(units)


def reaches_the_top(code: str, above: dict[str, str]) -> bool:
    for _ in CODES:
        code = above[code] if code else ""
    return not code


def names(units: Sequence[Unit]) -> list[str]:
    return [each.code for each in units]
