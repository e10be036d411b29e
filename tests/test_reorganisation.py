"""Units that were merged, renamed, founded or closed since the year before, and codes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.support import (
    BUSY,
    PERIOD,
    Shell,
    codes,
    deliver,
    folder,
    roster,
    unit,
    workbook,
)
from workbook_builder.campaign.codes import given as given_code
from workbook_builder.campaign.codes import miscopied, spoilt
from workbook_builder.campaign.files import OLDER
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster import roster_from_rows
from workbook_builder.formats.sheet_rows import read_rows
from workbook_builder.model.errors import CampaignError, RosterError
from workbook_builder.model.finding import Verdict
from workbook_builder.pipeline import SUMMARY, build, collect, renew
from workbook_builder.rules.shape import shape

HEAD = ["单位代码", "单位名称", "上级代码", "变动", "原代码"]
TOP = ["Q", "示例区", "", "", ""]
CARRIED_IN, CARRIED_OUT, RECEIVED = (
    f"applications.{each}.natural" for each in ("carried_in", "carried_out", "received")
)
#: What each unit carried out of last year, and received in it; Q published the total.
BEFORE = {
    "U1": (1, 40),
    "A2": (2, 30),
    "A3": (4, 20),
    "OLD": (8, 10),
    "U5": (16, 5),
    "Q": (31, 105),
}

#: What U1 returns: it carries in what the three units carried out.
BALANCED = {**BUSY, RECEIVED: 9, CARRIED_IN: 7, "applications.granted.natural": 15}


def put_roster(made: Folder, *rows: Sequence[str]) -> None:
    lines = [",".join(row) for row in (HEAD, TOP, *rows)]
    (made.path / "roster.xlsx").unlink(missing_ok=True)
    (made.path / "roster.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    """A2 and A3 are merged into U1, OLD is U2 now, U3 is new, A2 stands as closed."""
    made = folder(tmp_path, roster("U1", "A2", "A3"))
    build(made)
    put_roster(
        made,
        ["U1", "示例街道办事处U1", "Q", "并入", "A2；A3"],
        ["U2", "示例街道办事处U2", "Q", "更名", "OLD"],
        ["U3", "示例街道办事处U3", "Q", "新设", ""],
        ["U5", "示例街道办事处U5", "Q", "", ""],
        ["A2", "示例街道办事处A2", "Q", "撤销", ""],
    )
    lines = [
        f"{code},{PERIOD.year - 1},{cell},{value}"
        for code, figures in BEFORE.items()
        for cell, value in zip((CARRIED_OUT, RECEIVED), figures, strict=True)
    ]
    text = "\n".join(["unit,year,cell,value", *lines])
    (made.path / "last-year" / "facts.csv").write_text(text)
    return made


def test_figures_of_last_year_are_those_of_the_units_there_are_now(
    made: Folder,
) -> None:
    known = made.last_period()
    assert {code: each[CARRIED_OUT] for code, each in known.items()} == {
        "U1": 1 + 2 + 4,
        "U2": 8,
        "U5": 16,
        "Q": 31,
    }
    assert sum(known[code][RECEIVED] for code in ("U1", "U2", "U5")) == 105


def test_workbooks_of_units_that_are_gone_leave_the_outbox(made: Folder) -> None:
    before = {path.name: path.read_bytes() for path in made.outbox.glob("*A[23]*.xlsx")}
    built = build(made)
    assert {path.name for path in built.gone} == before.keys()
    kept = {path.read_bytes() for path in (made.outbox / OLDER).glob("*A[23]*.xlsx")}
    assert kept == set(before.values())
    assert len(list(made.outbox.glob("*.xlsx"))) == len(built.files) == 4
    assert not build(made).gone
    tree = "\n".join(each.zh for each in built.tree)
    assert "5 个单位，4 个填报；最上级：示例区。" in tree
    assert "示例街道办事处U1（并入，原 A2、A3）" in tree
    assert "示例街道办事处A2（撤销）" in tree


def test_a_merged_unit_is_compared_with_the_sum_and_the_total_with_what_was_published(
    made: Folder,
) -> None:
    deliver(made, "1.xlsx", workbook(BALANCED, unit("U1", "Q")))
    deliver(made, "2.xlsx", workbook(BUSY, unit("A2", "Q")))
    deliver(made, "3.xlsx", workbook(BUSY, unit("A9", "Q")))
    summary = collect(made).summary
    one, gone, strange = sorted(summary.submissions, key=lambda each: each.path)
    assert one.verdict is Verdict.ACCEPTED  # no B1: 7 is what the three carried out
    assert (gone.verdict, codes(gone.findings)) == (Verdict.NOT_OURS, ["N10"])
    assert "并入“示例街道办事处U1”（U1）" in gone.findings[0].message.zh
    assert codes(strange.findings) == ["N04"]
    sheet = openpyxl.load_workbook(made.results / SUMMARY, data_only=True)["同比"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=6, values_only=True)}
    name = summary.form.cells[RECEIVED].name
    assert rows[name][2:6] == (9, 1, 9, 90)
    assert rows[name][10] == 105


def test_a_sum_of_units_of_which_one_is_unknown_is_no_sum(made: Folder) -> None:
    file = made.path / "last-year" / "facts.csv"
    for missing in ("A3,", "A2,"):  # one of them, then all but the unit's own
        file.write_text(file.read_text().replace(missing, "A4,"))
        assert "U1" not in made.last_period()
    (said,) = (each.zh for each in build(made).precautions if "原代码" in each.zh)
    assert said.startswith("注意：示例街道办事处U1由别的单位并入")


def test_a_year_later_the_figures_are_those_of_the_merged_unit(
    made: Folder, tmp_path: Path
) -> None:
    """The roster still tells of the merger; it is not made up for twice."""
    deliver(made, "1.xlsx", workbook(BALANCED, unit("U1", "Q")))
    collect(made)
    later = renew(tmp_path / "later", made).folder
    assert later.roster() == made.roster()
    assert later.last_period()["U1"][RECEIVED] == BALANCED[RECEIVED]
    # Another merger, in the new year, counts: and its figures are not there.
    roster_file = later.path / "roster.csv"
    text = roster_file.read_text("utf-8").replace("A2；A3", "A2；A3；A7")
    roster_file.write_text(text, "utf-8")
    assert "U1" not in later.last_period()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["U1", "甲", "Q", "并入", ""]], "第3行：“变动”是并入，请在“原代码”"),
        ([["U1", "甲", "Q", "更名", "A;B"]], "第3行：“变动”是更名，“原代码”只能有一个"),
        ([["U1", "甲", "Q", "新设", "A"]], "第3行：有“原代码”的"),
        ([["U1", "甲", "Q", "合并", "A"]], "第3行：“变动”只能填并入、更名、新设、撤销"),
        (
            [["U1", "甲", "Q", "并入", "U2"], ["U2", "乙", "Q", "", ""]],
            "第3行：原代码“U2”还是第4行的单位",
        ),
        (
            [["U1", "甲", "Q", "并入", "A"], ["U2", "乙", "Q", "更名", "A"]],
            "第4行：原代码“A”第3行也写了，上年数会重复计算",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(
    rows: list[list[str]], said: str
) -> None:
    with pytest.raises(RosterError) as caught:
        roster_from_rows([HEAD, TOP, *rows], "roster.xlsx")
    assert said in caught.value.text.zh


# ---------------------------------------------------------------- the look of a roster


def merged_cells() -> bytes:
    """The usual habit: one name of the unit above, merged over the rows below it."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "示例区单位名录")
        sheet.write_row(1, 0, ["上级单位", "单位名称", "单位代码"])
        sheet.write_row(2, 0, ["", "示例区", "Q"])
        sheet.merge_range(3, 0, 5, 0, "示例区")
        for row, name in enumerate("甲乙丙", 3):
            sheet.write_row(row, 1, [name, f"U{row}"])
        sheet.write_row(6, 0, ["丙", "丙一组", "U9"])
    return saved.getvalue()


def test_merged_cells_stand_for_every_row_they_cover() -> None:
    units = roster_from_rows(read_rows(merged_cells()), "roster.xlsx")
    assert {each.code: each.parent for each in units.units} == {
        "Q": "",
        "U3": "Q",
        "U4": "Q",
        "U5": "Q",
        "U9": "U5",
    }
    first, *branches = (each.zh for each in shape(units))
    assert first == "名录读取结果：5 个单位，3 个填报；最上级：示例区。"
    assert branches == ["示例区：下面 3 个：甲、乙、丙", "　丙：下面 1 个：丙一组"]


def test_what_a_roster_may_not_have_meant_is_asked_about(made: Folder) -> None:
    put_roster(
        made,
        ["U1", "城关镇", "Q", "", ""],
        ["U2", "城关镇", "", "", ""],
    )
    said = [each.zh for each in build(made).precautions]
    assert any("城关镇没有上级，下面也没有单位" in each for each in said)
    assert any("2 个单位都叫“城关镇”（代码U1、U2）" in each for each in said)


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize(
    "code",
    ["1.13E+17", "2026-01-02", "2026-01-02 00:00:00", "2026/1/2", "1月2日", "2-Jan"],
)
def test_a_code_that_excel_changed_is_refused_with_row_and_remedy(code: str) -> None:
    with pytest.raises(RosterError) as caught:
        roster_from_rows([HEAD, TOP, [code, "甲", "Q", "", ""]], "roster.xlsx")
    assert f"第3行：单位代码“{code}”被 Excel 改过" in caught.value.text.zh
    assert "设为“文本”" in caught.value.text.zh


def test_a_long_number_in_a_cell_is_one_that_excel_changed() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    rows = (["单位代码", "单位名称"], [113101010000000000, "甲"], [310113001001, "乙"])
    for row in rows:
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(RosterError) as caught:
        roster_from_rows(read_rows(saved.getvalue()), "roster.xlsx")
    assert "第2行：单位代码“1.13E+17”" in caught.value.text.zh
    assert "第3行" not in caught.value.text.zh


def test_zeros_that_were_lost_are_missed(made: Folder) -> None:
    with pytest.raises(RosterError) as caught:
        roster_from_rows(
            [HEAD, ["001", "甲"], ["12", "乙"], ["0123", "丙"], ["9", "丁"]], "r.csv"
        )
    assert "第3行" in caught.value.text.zh
    assert "第5行" in caught.value.text.zh
    assert "第2行" not in caught.value.text.zh, "a code that begins with 0 lost none"
    # Codes of one, two and three digits are nobody's fault.
    roster_from_rows([HEAD, ["1", "甲"], ["12", "乙"], ["123", "丙"]], "r.csv")
    # All of them lost theirs: only what was built before can tell.
    put_roster(made, ["007", "甲", "Q", "", ""])
    build(made)
    put_roster(made, ["7", "甲", "Q", "", ""])
    with pytest.raises(RosterError, match="007"):
        build(made)


def test_figures_of_last_year_under_a_changed_code_are_refused(made: Folder) -> None:
    put_roster(made, ["007", "甲", "Q", "", ""])
    file = made.path / "last-year" / "facts.csv"
    for code, what in (("7", "原来是“007”"), ("1.13E+17", "科学记数")):
        file.write_text(f"unit,year,cell,value\n{code},2024,{RECEIVED},1\n")
        with pytest.raises(CampaignError) as caught:
            made.last_period()
        assert "第2行" in caught.value.text.zh
        assert what in caught.value.text.zh


@given(st.integers(1, 99_999), st.data())
def test_a_given_code_that_was_copied_wrongly_is_seen(
    number: int, data: st.DataObject
) -> None:
    code = given_code(number)
    assert spoilt(code) is None
    others = [given_code(each) for each in range(1, 6)]
    assert not list(miscopied([code, *others]))
    at = data.draw(st.integers(1, len(code) - 1))
    other = data.draw(
        st.sampled_from(
            "0123456789" if at < len(code) - 1 else "ABCDEFGHJKLMNPQRSTUVWXY"
        )
    )
    wrong = code[:at] + other + code[at + 1 :]
    assert list(miscopied([wrong, *others])) == ([0] if wrong != code else [])
    swapped = f"{code[:at]}{code[at + 1 :][:1]}{code[at]}{code[at + 2 :]}"
    if swapped != code and at < len(code) - 2:
        assert list(miscopied([swapped, *others])) == [0]


def test_init_gives_codes_to_a_list_of_names(tmp_path: Path, shell: Shell) -> None:
    names = tmp_path / "名单.csv"
    names.write_text(
        "单位,上级\n示例区,\n甲街道,示例区\n乙街道,示例区\n", encoding="utf-8"
    )
    place = tmp_path / "2025"
    assert shell("init", place, "--year", 2025, "--roster", names) == 0
    units = Folder(place).roster().units
    first, second, third = (given_code(number) for number in (1, 2, 3))
    assert [(each.code, each.parent) for each in units] == [
        (first, ""),
        (second, first),
        (third, first),
    ]
    assert len(build(Folder(place)).files) == 2
