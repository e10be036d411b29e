"""``lift``: what a clerk typed arrives in a fresh workbook, the rest is listed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support import (
    BUSY,
    REASON,
    YEAR,
    campaign,
    codes,
    deliver,
    edited,
    expected,
    folder,
    form,
    judged,
    plain_workbook,
    restamped,
    roster,
    spot,
    typed,
    unit,
    without_sheet,
    workbook,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import run
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.period import Period
from workbook_builder.pipeline import Lifted, lift
from workbook_builder.reading.strays import strays
from workbook_builder.workbook.place import HIDDEN, place

FIGURES = {cell.id: 1000 + n for n, cell in enumerate(form().inputs)}


def lifted(data: bytes, made: Folder, unit_code: str = "") -> Lifted:
    return lift(deliver(made, "来件.xlsx", data), made, unit_code)


def test_what_lies_outside_is_an_entry_where_it_has_a_figure() -> None:
    """And is told with the nearest words to the left, and above."""
    said: dict[tuple[int, int], RawCell] = {
        (0, 0): RawCell(RawKind.TEXT, "表头"),
        (0, 3): RawCell(RawKind.TEXT, "本 年"),
        (1, 3): RawCell(RawKind.NUMBER, "9", formula="A1"),
        (2, 0): RawCell(RawKind.TEXT, "1" * 21),
        (2, 1): RawCell(RawKind.TEXT, "其中：乡镇"),
        (2, 3): RawCell(RawKind.NUMBER, "5"),
        (3, 0): RawCell(RawKind.TEXT, "1" * 20),
        (4, 0): RawCell(RawKind.TEXT, "自己的1"),
        (5, 0): RawCell(RawKind.EMPTY, ""),
    }
    book = RawBook((RawSheet("别的", "visible", said),))
    first, second = strays(form(), place(form()), book, {"自己的1"})
    assert (first.place.address, first.content) == ("D3", "5")
    assert first.beside == ("其中：乡镇", "本年")
    assert (second.place.address, second.beside) == ("A4", ("1" * 20,))


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    return folder(tmp_path / "任务", roster("U1", "U2"))


def test_a_sound_workbook_comes_out_as_it_was(made: Folder) -> None:
    line = next(line.key for check, line in form().lines if check.code == "F7")
    data = typed(workbook(BUSY), {line: REASON})
    before, result = judged(data), lifted(data, made)
    after = judged(result.data, made.expected())
    assert (result.lost, result.strays) == ((), ())
    assert after.verdict is Verdict.ACCEPTED
    assert after.answers == before.answers
    assert after.print_code == before.print_code
    assert result.signed


def test_a_damaged_one_keeps_all_that_is_certain_and_lists_the_rest(
    made: Folder,
) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["表三"]
        row = spot("applications.refused_security.natural").row + 1
        sheet.delete_rows(row)
        sheet.insert_rows(row + 5)
        sheet.cell(row + 5, 4, 77)
        book["文字部分"].insert_rows(5)
        book["文字部分"]["B5"] = "附注：另有说明"
        sheet.title = "Sheet3"

    result = lifted(edited(workbook(FIGURES), edit), made)
    after = judged(result.data, made.expected())
    gone = {id_ for id_ in FIGURES if id_.startswith("applications.refused_security.")}
    assert {cell.id for cell in result.lost} == gone
    assert {(s.place.sheet, s.content) for s in result.strays} == {
        ("Sheet3", "77"),
        ("文字部分", "附注：另有说明"),
    }
    for id_, figure in FIGURES.items():
        expected = None if id_ in gone else Decimal(figure)
        assert after.answers.value(id_).number == expected, id_


def test_what_was_typed_in_other_words_is_moved_as_it_stands(made: Folder) -> None:
    data = typed(workbook(), {"applications.received.natural": "12件"})
    after = judged(lifted(data, made).data)
    assert after.answers.value("applications.received.natural").text == "12件"


def test_without_stamp_the_sheets_tell_the_unit(made: Folder) -> None:
    result = lifted(without_sheet(workbook(BUSY), HIDDEN), made)
    assert result.unit.code == "U1"
    assert judged(result.data, made.expected()).verdict is Verdict.ACCEPTED


def test_the_clerk_may_name_the_unit(made: Folder) -> None:
    def edit(book: Workbook) -> None:
        book.remove(book[HIDDEN])
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=3):
                for cell in row:
                    if "填报单位" in str(cell.value or ""):
                        cell.value = None

    data = edited(workbook(BUSY), edit)
    with pytest.raises(CampaignError, match="--unit"):
        lifted(data, made)
    assert lifted(data, made, "U2").unit.code == "U2"


def test_an_older_layout_is_lifted_by_its_labels(made: Folder) -> None:
    data = restamped(workbook(FIGURES), layout="0" * 16)
    assert judged(data, made.expected()).verdict is Verdict.REJECTED
    after = judged(lifted(data, made).data, made.expected())
    assert "T04" not in {finding.code for finding in after.findings}
    assert after.answers.values == judged(data).answers.values


#: As the tables of 2019 were printed: the rows of 表三 are mostly the same.
OLD = ("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")


def test_the_edition_of_2019_gives_what_has_the_same_meaning(made: Folder) -> None:
    def edit(book: Workbook) -> None:
        book.remove(book[HIDDEN])
        two = book["表二"]
        for column, label in enumerate(OLD, 1):
            two.cell(5, column, label)

    result = lifted(edited(workbook(FIGURES), edit), made, "U1")
    after = judged(result.data)
    lost = {cell.id for cell in result.lost}
    assert {s.content for s in result.strays} >= {
        str(FIGURES[id_]) for id_ in lost if id_.startswith("proactive.regulations.")
    }
    assert after.answers.value("applications.received.natural").number is not None
    assert not any(id_.startswith("disputes.") for id_ in lost)


def test_last_periods_workbook_is_not_this_years(made: Folder) -> None:
    data = workbook(BUSY, within=campaign("2024", YEAR - 1))
    with pytest.raises(CampaignError, match=f"{YEAR - 1}"):
        lifted(data, made)


def test_this_years_figures_in_last_periods_workbook_are_taken_when_somebody_says_so(
    made: Folder,
) -> None:
    """What that workbook says of its own last period is not this year's last."""
    before = {"applications.carried_out.natural": 7}
    data = workbook(BUSY, within=campaign("2024", YEAR - 1), last_period=before)
    file = deliver(made, "来件.xlsx", data)
    with pytest.raises(CampaignError, match=f"{YEAR - 1}"):
        lift(file, made, stamped=Period(YEAR - 2))
    fresh = lift(file, made, stamped=Period(YEAR - 1))
    after = judged(fresh.data, expected())
    assert after.verdict is Verdict.ACCEPTED
    assert after.answers.value("applications.received.natural").number == 9
    assert "B1" not in codes(after.findings)


def test_what_is_no_report_has_nothing_to_lift(made: Folder) -> None:
    with pytest.raises(CampaignError, match="nothing to lift"):
        lifted(plain_workbook("别的表"), made)
    with pytest.raises(CampaignError, match="来件"):
        lifted(b"not a workbook", made)


# ---------------------------------------------------------------- the command


def test_the_command_finds_its_campaign_and_touches_nothing_else(
    made: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = deliver(made, "来件.xlsx", workbook(BUSY))
    before, new = file.read_bytes(), tmp_path / "新表.xlsx"
    assert run(["--lang", "zh", "lift", str(file), "-o", str(new)]) == 0
    assert (
        "已移入 166 个单元格、7 段文字、10 项报告首部和签章、0 条说明"
        in capsys.readouterr().out
    )
    assert judged(new.read_bytes(), made.expected()).verdict is Verdict.ACCEPTED
    assert file.read_bytes() == before


def test_an_existing_file_is_not_overwritten(
    made: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, new = deliver(made, "来件.xlsx", workbook(BUSY)), tmp_path / "新表.xlsx"
    new.write_bytes(b"mine")
    assert run(["--lang", "zh", "lift", str(file), "-o", str(new)]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert new.read_bytes() == b"mine"


def test_what_was_left_is_listed_and_told_by_the_status(
    made: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = edited(workbook(FIGURES), lambda book: book["表三"].delete_cols(5))
    file = deliver(made, "来件.xlsx", data)
    new = str(tmp_path / "新表.xlsx")
    assert run(["--lang", "en", "lift", str(file), "-o", new, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == "U1"
    assert told["moved"]["figures"] == len(FIGURES) - len(told["not_found"])
    assert all(id_.endswith(".business") for id_ in told["not_found"])


def test_outside_a_campaign_the_new_workbook_is_not_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "来件.xlsx"
    file.write_bytes(workbook(BUSY))
    new = tmp_path / "新表.xlsx"
    assert run(["--lang", "zh", "lift", str(file), "-o", str(new)]) == 0
    assert "没有任务信息" in capsys.readouterr().out
    again = judged(new.read_bytes())
    assert (again.unit_code, again.verdict) == (unit().code, Verdict.ACCEPTED)
