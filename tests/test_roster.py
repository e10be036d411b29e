"""The roster: any look of a table is read, no wrong tree gets through."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import folder, form, unit
from workbook_builder.campaign.roster import (
    HEADERS,
    addresses,
    find_unit,
    is_address,
    prove_types,
    roster_from_rows,
)
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.formats.sheet_rows import read_rows
from workbook_builder.model.errors import CampaignError, RosterError
from workbook_builder.model.times import day_of
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.workbook.write import write

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


SAID = {
    "reports": "是",
    "emails": "a@b.cn",
    "parent": "",
    "until": "2026年2月10日",
    "excused": "是",
    "change": "新设",
}
#: What of a unit a column comes to, where it is called otherwise.
READ: dict[str, Callable[[Unit], object]] = {
    "until": attrgetter("agreement.until"),
    "excused": attrgetter("is_excused"),
    "agreed_by": attrgetter("agreement.by"),
    "agreed_why": attrgetter("agreement.why"),
}


@pytest.mark.parametrize(
    "head", [(name, variant) for name in HEADERS for variant in HEADERS[name]], ids=str
)
def test_every_spelling_of_a_head_is_known(head: tuple[str, str]) -> None:
    name, variant = head
    heads = {"code": "单位代码", "name": "单位名称", name: variant}
    values = {"code": "U1", "name": "甲街道"} | {name: SAID.get(name, "U1")}
    if name in ("agreed_by", "agreed_why"):
        heads["excused"], values["excused"] = "免报", "是"
    if name == "former":
        heads["change"], values["change"] = "变动", "更名"
    units = roster_from_rows(
        [list(heads.values()), [values[key] for key in heads]], "roster.xlsx"
    )
    assert READ.get(name, attrgetter(name))(units.units[0]) == {
        "reports": True,
        "emails": ("a@b.cn",),
        "parent": "",
        "until": date(2026, 2, 10),
        "excused": True,
        "change": "新设",
        "former": ("U1",),
    }.get(name, "U1")


@pytest.mark.parametrize(
    ("until", "excused", "why", "problem"),
    [
        ("2月10日", "", "", "第2行：“延期至”不是日期"),
        ("2026-02-30", "", "", "第2行：“延期至”不是日期"),
        ("2026-02-10", "是", "", "请只留一项"),
        ("", "机构撤销", "", "“免报”只能填“是”或“否”"),
        ("", "", "搬迁", "没有填“延期至”或“免报”"),
    ],
)
def test_what_was_agreed_is_said_whole(
    until: str, excused: str, why: str, problem: str
) -> None:
    head = ["单位代码", "单位名称", "延期至", "免报", "理由", "延期理由"]
    row = ["U1", "甲街道", until, excused, "", why]
    with pytest.raises(RosterError) as caught:
        roster_from_rows([head, row], "roster.xlsx")
    (found,) = caught.value.problems
    assert problem in found.zh


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
    "columns by semicolons": as_csv(ROWS, ";").encode("utf-8-sig"),
    "Unicode text of Excel": as_csv(ROWS, "\t").encode("utf-16"),
    "Unicode text of a Mac": b"\xfe\xff" + as_csv(ROWS, "\t").encode("utf-16-be"),
    ".xlsx": write(roster_book(read(*ROWS[1:]), form())),
}


@pytest.mark.parametrize("name", FILES)
def test_a_roster_is_read_alike_from_every_kind_of_file(name: str) -> None:
    units = roster_from_rows(read_rows(FILES[name]), "roster")
    assert units.units == read(*ROWS[1:]).units
    assert units.units[1].code == "007"


def filled_in(row: Sequence[str | int | date]) -> list[list[str]]:
    """A roster that somebody filled in with a suite, read."""
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    heads = [names[0] for names in HEADERS.values()]
    rows: tuple[Sequence[str | int | date], ...] = (heads, DISTRICT[:4], row)
    for number, cells in enumerate(rows, 1):
        for column, content in enumerate(cells, 1):
            book.active.cell(number, column, content)
    book.save(buffer)
    return read_rows(buffer.getvalue())


def test_an_error_in_a_roster_is_no_blank() -> None:
    with pytest.raises(RosterError, match="#N/A"):
        roster_from_rows(filled_in(["U1", "甲街道", "#N/A", "街道"]), "roster.xlsx")


def test_a_date_and_a_number_are_taken_as_they_are_shown() -> None:
    row: list[str | int | date] = [
        1001,
        "甲街道",
        "Q",
        "街道",
        *[""] * 4,
        date(2026, 2, 10),
    ]
    row += ["", "张三", "系统升级"]
    unit = roster_from_rows(filled_in(row), "roster.xlsx").by_code["1001"]
    assert unit.agreement is not None
    assert unit.agreement.until == date(2026, 2, 10)


def test_a_province_may_have_its_roster_in_a_workbook() -> None:
    many = [Unit(f"U{n:05}", f"单位{n}", "Q", "街道", "张三") for n in range(15_000)]
    units = Roster((Unit("Q", "示例区", type="区县"), *many))
    again = roster_from_rows(read_rows(write(roster_book(units, form()))), "roster")
    assert again.units == units.units


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


def test_no_spelling_of_a_head_means_two_things() -> None:
    spellings = [variant for variants in HEADERS.values() for variant in variants]
    assert len(set(spellings)) == len(spellings)


def test_heads_may_carry_marks_and_remarks() -> None:
    units = roster_from_rows(
        [
            ["* 机构 代码（必填）", "名称：", "Ｅ－ｍａｉｌ", "上级(可空)"],
            ["U1", "甲", "a@b.cn"],
        ],
        "roster.csv",
    )
    assert units.units == (Unit("U1", "甲", emails=("a@b.cn",)),)


def test_several_columns_for_one_thing_are_taken_together_or_the_best_is() -> None:
    head = ["单位", "单位名称", "代码", "办公电话", "手机", "邮箱", "电子邮箱"]
    row = ["别的", "甲街道", "U1", "010-1", "138", "a@b.cn", "c@d.cn；a@b.cn"]
    (only,) = roster_from_rows([head, row], "roster.csv").units
    assert only.name == "甲街道"
    assert only.phone == "010-1；138"
    assert only.emails == ("a@b.cn", "c@d.cn")


def test_a_parent_may_be_given_by_its_name() -> None:
    units = read(DISTRICT, ["D", "东片", "示例区"], ["U1", "甲街道", "东片"])
    assert [each.parent for each in units.units] == ["", "Q", "D"]
    twice = refusal(DISTRICT, ["D", "示例区", "Q"], ["U1", "甲街道", "示例区"])
    assert "“示例区”不在名录里" in twice.text.zh


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("a@b.cn", ["a@b.cn"]),
        ("a@b.cn;c@d.cn；e@f.cn", ["a@b.cn", "c@d.cn", "e@f.cn"]),
        ("a@b.cn，c@d.cn、e@f.cn", ["a@b.cn", "c@d.cn", "e@f.cn"]),
        ("a@b.cn c@d.cn\ne@f.cn", ["a@b.cn", "c@d.cn", "e@f.cn"]),
        ("张三 <a@b.cn>, 李四<c@d.cn>", ["a@b.cn", "c@d.cn"]),
        ("ａ＠ｂ．ｃｎ", ["a@b.cn"]),
        ("A.b-c+d_1@x-y.gov.cn", ["A.b-c+d_1@x-y.gov.cn"]),
        ("a@b.cn; a@b.cn", ["a@b.cn"]),
        ("", []),
    ],
)
def test_addresses_may_be_separated_by_anything(said: str, found: list[str]) -> None:
    assert list(addresses(said)) == found
    assert all(is_address(each) for each in found)


@pytest.mark.parametrize(
    "said",
    [
        "张三", "a@b", "a@@b.cn", "a@b..cn", ".a@b.cn", "a.@b.cn", "a..b@c.cn", "@b.cn",
        "a@-b.cn", "a@b-.cn", "a@b.c", "a@b.1", "张三@b.cn", "a@示例.cn", "a@b.cn.",
        f"{'a' * 65}@b.cn", f"a@{'b.' * 130}cn", "a@b_c.cn", "a@b.cn\u202e",
    ],
)  # fmt: skip
def test_what_no_server_would_take_is_refused(said: str) -> None:
    error = refusal(DISTRICT, ["U1", "甲街道", "Q", "", f"x@y.cn；{said}"])
    (problem,) = error.problems
    assert problem.zh.startswith("第3行：邮箱“")
    assert "x@y.cn" not in problem.zh


def test_the_roster_we_write_helps_to_fill_it_in() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(write(roster_book(read(DISTRICT), form())))
    )
    found = {
        str(each.sqref).split(":")[0]: (each.type, each.formula1)
        for each in book.worksheets[0].data_validations.dataValidation
    }
    assert found["A2"] == ("custom", "SUMPRODUCT(($A$2:$A$301=A2)*1)=1")
    assert found["D2"][0] == found["H2"][0] == "list"
    assert "街道" in str(found["D2"][1])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("U1", None),
        ("甲街道", None),
        (" 甲街道 ", None),
        ("甲", "您是不是要找：U1 甲街道"),
        ("U3", "您是不是要找：U2 乙街道、U1 甲街道？"),
        ("示例", "您是不是要找：Q 示例区"),
        ("丁戊己", "请核对单位代码或名称"),
        ("", "请核对单位代码或名称"),
    ],
)
def test_a_unit_is_found_by_code_or_name_or_a_likely_one_is_named(
    said: str, words: str | None
) -> None:
    units = read(DISTRICT, ["U1", "甲街道", "Q"], ["U2", "乙街道", "Q"])
    if words is None:
        assert find_unit(units, said).code == "U1"
        return
    with pytest.raises(CampaignError) as caught:
        find_unit(units, said)
    assert words in caught.value.text.zh


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


def test_two_rosters_are_refused(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (tmp_path / "roster.csv").write_text("单位代码,单位名称\nU1,甲\n", "utf-8")
    with pytest.raises(CampaignError) as caught:
        made.roster()
    assert "roster.xlsx、roster.csv" in caught.value.text.zh


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


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-02-10 00:00:00", date(2026, 2, 10)),
        ("2026/2/10", date(2026, 2, 10)),
        ("2026.02.10", date(2026, 2, 10)),
        ("２０２６年２月１０日", date(2026, 2, 10)),
        ("20260210", date(2026, 2, 10)),
        ("2026-02-29", None),
        ("26-2-10", None),
        ("2月10日", None),
        ("46063", None),
        ("2026-02-10前", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(said: str, day: date | None) -> None:
    assert day_of(said) == day
