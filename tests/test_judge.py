"""One file, one verdict: every kind of file that has come back or may."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import (
    BUSY,
    REASON,
    YEAR,
    Raw,
    Typed,
    campaign,
    codes,
    compound_file,
    encrypted_zip,
    expected,
    finding,
    form,
    formula,
    is_a_sentence_for_clerks,
    judged,
    knowing,
    ods,
    plain_workbook,
    put,
    receive_file,
    resaved,
    restamped,
    roster,
    spot,
    typed,
    unit,
    without_sheet,
    workbook,
    zipped,
)
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Verdict
from workbook_builder.model.severity import Severity
from workbook_builder.model.unit import Roster, UnitChange
from workbook_builder.model.values import State
from workbook_builder.reading.judge import LONGEST
from workbook_builder.workbook.place import place

COUNT = "applications.received.natural"
#: A total of each table that has some, with the check that defines it.
TOTALS = {
    "applications.closed.natural": "A2",
    "applications.received.total": "A3",
    "disputes.review.total": "A4",
}

# ---------------------------------------------------------------- files that are none

NO_WORKBOOKS = {
    "empty": (b"", "R01", "空"),
    "one blank": (b" ", "R05", "不是 Excel 工作簿"),
    "encrypted": (
        compound_file("EncryptionInfo", "EncryptedPackage"),
        "R02",
        "密码",
    ),
    "zip with a password": (encrypted_zip(plain_workbook("a")), "R02", "密码"),
    ".xls of zeros": (compound_file("Workbook"), "R03", "内部结构有错误"),
    ".xls of Excel 5 of zeros": (compound_file("Book"), "R03", "内部结构有错误"),
    ".xls of Excel 3": (b"\x09\x02\x06\x00" + bytes(600), "R06", "早期 Excel"),
    ".ods without a sheet": (ods(), "R03", "内部结构有错误"),
    "XML spreadsheet": (
        b'<?xml version="1.0"?><Workbook '
        b'xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "R06",
        "XML 表格 2003",
    ),
    ".fods": (
        b'<?xml version="1.0"?><office:document '
        b'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"/>',
        "R06",
        ".fods",
    ),
    "Numbers": (zipped({"Index/Document.iwa": b""}), "R06", "Numbers"),
    ".doc": (compound_file("WordDocument"), "R05", "这是文字处理文档"),
    ".docx": (zipped({"word/document.xml": b"<document/>"}), "R05", "这是文字处理文档"),
    ".msg": (compound_file("__properties_version1.0"), "R05", "这是邮件"),
    "HTML": (b"<html><table><tr><td>1</td></tr></table></html>", "R05", "这是网页"),
    "HTML of WPS": (b"\xef\xbb\xbf<html xmlns:x='urn:x'>", "R05", "这是网页"),
    "MHTML": (b"MIME-Version: 1.0\nContent-Type: multipart/related", "R05", "网页"),
    "RTF": (rb"{\rtf1\ansi}", "R05", "这是 RTF 文档"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "R05", "这是 PDF 文件"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "R05", "这是图片"),
    "letter": ("请查收附件。".encode("gb18030"), "R05", "这是纯文本或 CSV 文件"),
    "CSV": ("\ufeff项目,数\n新收,1\n".encode(), "R05", "这是纯文本或 CSV 文件"),
    "CSV in UTF-16": ("项目,数\n".encode("utf-16"), "R05", "这是纯文本或 CSV 文件"),
    "SYLK": (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\nE\r\n", "R05", "这是 SYLK 文件"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(50), "R05", "这是压缩包"),
    "noise": (bytes(range(256)) * 2, "R05", "这是无法识别的文件"),
    "zip": (zipped({"报送表/说明.txt": b"x"}), "R05", "这是压缩包"),
    "empty zip": (zipped({}), "R05", "这是压缩包"),
}


@pytest.mark.parametrize("name", NO_WORKBOOKS)
def test_what_is_no_workbook_is_unreadable_and_says_why(name: str) -> None:
    data, code, words = NO_WORKBOOKS[name]
    submission = judged(data, expected())
    assert submission.verdict is Verdict.UNREADABLE
    assert codes(submission.findings) == [code]
    message, remedy = submission.findings[0].message, submission.findings[0].remedy
    assert words in message.zh
    assert is_a_sentence_for_clerks(message.zh)
    assert is_a_sentence_for_clerks(remedy.zh)
    assert message.en.isascii()
    assert not submission.facts


@pytest.mark.parametrize("part", range(1, 25))
def test_a_workbook_cut_off_anywhere_is_unreadable(part: int) -> None:
    whole = workbook(BUSY)
    submission = judged(whole[: len(whole) * part // 25], expected())
    assert submission.verdict is Verdict.UNREADABLE
    assert codes(submission.findings) == ["R03"]
    assert is_a_sentence_for_clerks(submission.findings[0].message.zh)


@pytest.mark.parametrize("missing", [1, 2, 21, 22, 100])
def test_a_workbook_without_its_last_bytes_is_unreadable(missing: int) -> None:
    submission = judged(workbook(BUSY)[:-missing], expected())
    assert submission.verdict is Verdict.UNREADABLE
    assert codes(submission.findings) == ["R03"]


@settings(max_examples=60, deadline=None)
@given(where=st.integers(0, 10**9), what=st.binary(min_size=1, max_size=40))
def test_damage_never_changes_a_figure_in_silence(where: int, what: bytes) -> None:
    whole = workbook(BUSY)
    at = where % len(whole)
    submission = judged(whole[:at] + what + whole[at + len(what) :], expected())
    if submission.verdict is Verdict.ACCEPTED:
        assert submission.facts == judged(whole, expected()).facts
    else:
        assert submission.findings


# ---------------------------------------------------------------- not ours


def test_a_workbook_of_somebodys_own_is_not_ours() -> None:
    submission = judged(plain_workbook("单位", "12"), expected())
    assert submission.verdict is Verdict.NOT_OURS
    assert codes(submission.findings) == ["N01"]


STRANGERS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "another year": (
        lambda: workbook(within=campaign(year=YEAR - 1)),
        "N03",
        f"{YEAR - 1}年度政府信息公开工作年度报告",
    ),
    "another campaign": (
        lambda: workbook(within=campaign("other")),
        "N03",
        "任务 other",
    ),
    "another edition": (lambda: restamped(workbook(), edition="1999"), "N05", "1999"),
    "another form": (lambda: restamped(workbook(), form="census"), "N05", "census"),
    "a unit not on the roster": (lambda: workbook(of=unit("X9")), "N04", "X9"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_workbook_of_another_task_is_not_ours(name: str) -> None:
    build, code, words = STRANGERS[name]
    submission = judged(build(), expected("U1"))
    assert submission.verdict is Verdict.NOT_OURS
    assert submission.findings[0].code == code
    assert words in submission.findings[0].message.zh


@pytest.mark.parametrize("name", ["another campaign", "a unit not on the roster"])
def test_without_a_campaign_a_file_speaks_for_itself(name: str) -> None:
    build, _, _ = STRANGERS[name]
    assert judged(build()).verdict is Verdict.ACCEPTED


# ---------------------------------------------------------------- good returns


def test_a_return_that_agrees_is_accepted_with_its_figures() -> None:
    submission = judged(workbook(BUSY), expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert codes(submission.findings) == []
    assert submission.unit_code == "U1"
    assert submission.facts["applications.received.total"].number == 11
    assert submission.facts["proactive.fees.amount"].number == Decimal("3.25")
    assert all(fact.state is State.NUMBER for fact in submission.facts.values())


def test_a_return_saved_by_another_program_is_accepted_alike() -> None:
    """It has no results of formulas any more; they are not needed."""
    submission = judged(resaved(workbook(BUSY)), expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.facts == judged(workbook(BUSY), expected()).facts


def test_a_declared_table_may_stay_blank() -> None:
    blanks: dict[str, Typed] = {
        cell.id: None for cell in form().inputs if cell.table == "disputes"
    }
    declared = typed(workbook(), {**blanks, "disputes": "是"})
    submission = judged(declared, expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.facts["disputes.review.total"].number == 0


@pytest.mark.parametrize("word", ["否", None])
def test_without_a_declaration_blanks_are_not_zero(word: str | None) -> None:
    cell = "disputes.review.upheld"
    submission = judged(typed(workbook(), {cell: None, "disputes": word}), expected())
    assert submission.verdict is Verdict.REJECTED
    assert finding(submission, "A6").cell == cell
    assert submission.facts[cell].state is State.BLANK
    assert submission.facts["disputes.review.total"].state is State.BLANK


# ---------------------------------------------------------------- odd figures

ODD: dict[str, tuple[Typed, State, str]] = {
    "12件": ("12件", State.TEXT, "12件"),
    "negative": (-1, State.NUMBER, "-1"),
    "half a case": (Decimal("1.5"), State.NUMBER, "1.5"),
    "more than there can be": (10**9, State.NUMBER, "1000000000"),
    "/": ("/", State.NOT_APPLICABLE, "/"),
    "TRUE": (Raw("b", "<v>1</v>"), State.TEXT, "TRUE"),
    "#REF!": (Raw("e", "<v>#REF!</v>"), State.ERROR, "#REF!"),
    "=1/0": (Raw("e", "<f>1/0</f><v>#DIV/0!</v>"), State.ERROR, "#DIV/0!"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_count_is_rejected_and_shown(name: str) -> None:
    entry, state, seen = ODD[name]
    submission = judged(typed(workbook(BUSY), {COUNT: entry}), expected())
    found = finding(submission, "A5")
    assert submission.verdict is Verdict.REJECTED
    assert (found.cell, found.sheet, found.address) == (COUNT, "表三", "D7")
    assert found.seen == seen
    assert seen in found.message.zh
    assert seen in found.message.en
    assert submission.facts[COUNT].state is state


def test_a_page_pasted_into_a_cell_makes_no_page_of_a_message() -> None:
    submission = judged(typed(workbook(), {COUNT: "长" * 32_767}), expected())
    found = finding(submission, "A5")
    assert found.seen is not None
    assert found.seen.startswith("长长长")
    assert max(map(len, (found.seen, *found.message))) < LONGEST + 10


def test_a_formula_without_a_result_is_rejected_once() -> None:
    data = typed(workbook(BUSY), {COUNT: formula("4+5")})
    submission = judged(data, expected())
    assert submission.verdict is Verdict.REJECTED
    assert [f.code for f in submission.findings if f.cell == COUNT] == ["T06"]
    assert submission.facts[COUNT].number is None


def test_a_formula_with_a_result_is_taken_and_remarked() -> None:
    data = typed(workbook(BUSY), {COUNT: formula("4+5", "9")})
    submission = judged(data, expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert finding(submission, "Y01").seen == "9"
    assert submission.facts[COUNT].number == 9


def test_an_odd_word_in_a_zero_declaration_is_rejected() -> None:
    submission = judged(typed(workbook(), {"disputes": "全部没有"}), expected())
    found = finding(submission, "Y02")
    where = spot("disputes")
    assert submission.verdict is Verdict.REJECTED
    assert (found.sheet, found.address) == (where.sheet, where.address)
    assert found.seen == "全部没有"


def test_a_declared_table_with_a_figure_is_rejected() -> None:
    submission = judged(typed(workbook(BUSY), {"disputes": "是"}), expected())
    found = finding(submission, "A7")
    assert found.severity is Severity.ERROR
    assert submission.verdict is Verdict.REJECTED
    assert (found.cell, found.seen) == ("disputes.review.upheld", "1")


# ---------------------------------------------------------------- changed workbooks


@pytest.mark.parametrize("total", TOTALS)
def test_a_total_typed_over_with_the_right_figure_is_noted(total: str) -> None:
    right = judged(workbook(BUSY)).facts[total].number
    submission = judged(typed(workbook(BUSY), {total: right}), expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert codes(submission.findings) == ["Y15"]
    assert submission.findings[0].cell == total


@pytest.mark.parametrize("total", TOTALS)
def test_a_total_typed_over_with_a_wrong_figure_is_told_by_its_check(
    total: str,
) -> None:
    right = judged(workbook(BUSY)).facts[total].number
    assert right is not None
    submission = judged(typed(workbook(BUSY), {total: right + 5}), expected())
    (found,) = [f for f in submission.findings if f.code == TOTALS[total]]
    assert submission.verdict is Verdict.REJECTED
    assert "Y15" not in codes(submission.findings)
    assert (found.cell, found.seen, found.expected, found.difference) == (
        total,
        str(right + 5),
        str(right),
        "5",
    )
    assert submission.facts[total].number == right


@pytest.mark.parametrize("entry", ["十一", None, Raw("e", "<v>#N/A</v>")])
def test_a_total_that_is_no_figure_any_more_is_rejected(entry: Typed) -> None:
    total = "applications.received.total"
    submission = judged(typed(workbook(BUSY), {total: entry}), expected())
    assert submission.verdict is Verdict.REJECTED
    assert finding(submission, "T01").cell == total
    assert submission.facts[total].number == 11


def test_a_remark_about_a_total_does_not_hide_that_it_was_typed_over() -> None:
    """F7 asks about the same cell whether there really were no applications."""
    total = "applications.received.total"
    before = {"U1": {total: Decimal(3)}}
    known = replace(expected(), last_period=before)
    submission = judged(typed(workbook(), {total: 0}), known)
    assert {"Y15", "F7"} <= set(codes(submission.findings))


def test_the_figures_beside_another_label_are_not_read() -> None:
    where, label = next(
        (where, text)
        for where, text in place(form()).labels.items()
        if text == "一、本年新收政府信息公开申请数量"
    )
    submission = judged(put(workbook(BUSY), {where: "本年收到"}), expected())
    found = finding(submission, "T02")
    assert submission.verdict is Verdict.REJECTED
    assert (found.sheet, found.address) == (where.sheet, where.address)
    assert (found.seen, found.expected) == ("本年收到", label)
    assert [f.code for f in submission.findings if f.sheet == "表三"] == ["T02"]
    read = {id_ for id_, fact in submission.facts.items() if fact.number is not None}
    assert not any(id_.startswith("applications.received.") for id_ in read)
    assert submission.facts["applications.granted.natural"].number == 8
    assert "disputes.review.upheld" in read


def test_spaces_and_line_breaks_in_a_label_do_not_matter() -> None:
    where = next(w for w, text in place(form()).labels.items() if text == "行政许可")
    data = put(workbook(BUSY), {where: " 行政\n许可　"})
    assert judged(data, expected()).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("sheet", ["表二", "表三", "表四", "文字部分"])
def test_a_missing_sheet_is_rejected_by_name(sheet: str) -> None:
    submission = judged(without_sheet(workbook(BUSY), sheet), expected())
    found = finding(submission, "T03")
    assert submission.verdict is Verdict.REJECTED
    assert (found.sheet, found.expected) == (sheet, sheet)
    assert sheet in found.message.zh


def test_without_its_explanations_a_return_is_judged_all_the_same() -> None:
    submission = judged(without_sheet(workbook(BUSY), "审核"), expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert codes(submission.findings) == ["Y16"]


def test_another_layout_fingerprint_is_rejected() -> None:
    submission = judged(restamped(workbook(BUSY), layout="0" * 16), expected())
    assert submission.verdict is Verdict.REJECTED
    assert "T04" in codes(submission.findings)


def test_a_stamp_changed_by_hand_is_rejected() -> None:
    submission = judged(restamped(workbook(BUSY), unit_type="部门"), expected())
    assert submission.verdict is Verdict.REJECTED
    assert codes(submission.findings) == ["T05"]


def test_a_stamp_turned_into_that_of_another_unit_waits() -> None:
    data = restamped(workbook(BUSY), unit_code="U2")
    submission = judged(data, expected("U1", "U2"))
    assert submission.verdict is Verdict.WAITING
    assert codes(submission.findings) == ["N09", "T05"]


def test_a_workbook_signed_by_somebody_else_is_rejected() -> None:
    data = workbook(BUSY, within=campaign(key="guessed"))
    assert codes(judged(data, expected()).findings) == ["T05"]


@pytest.mark.parametrize("year", ["", "2025年", "20255", "abcd"])
def test_a_stamp_that_is_not_whole_is_none(year: str) -> None:
    data = restamped(workbook(BUSY), year=year)
    assert codes(judged(data).findings) == ["N01"]


# ---------------------------------------------------------------- the campaign knows


def carried(last_period: int | None = None) -> Expected:
    """A campaign that knows what U1 carried out last year."""
    known = (
        {} if last_period is None else {"applications.carried_out.natural": last_period}
    )
    before = {"U1": {id_: Decimal(amount) for id_, amount in known.items()}}
    return replace(expected(), last_period=before if known else {})


def test_last_period_of_the_campaign_outranks_what_the_file_carries() -> None:
    data = workbook(BUSY, last_period={"applications.carried_out.natural": 2})
    assert finding(judged(data), "B1").expected == "2"
    assert finding(judged(data, carried()), "B1").expected == "2"
    assert finding(judged(data, carried(3)), "B1").expected == "3"
    assert codes(judged(data, carried(0)).findings) == []


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (None, Verdict.NEEDS_EXPLANATION),
        ("数据无误", Verdict.NEEDS_EXPLANATION),
        (REASON, Verdict.ACCEPTED),
    ],
)
def test_a_doubt_needs_a_reason(said: str | None, verdict: Verdict) -> None:
    data = typed(workbook(BUSY), {"B1.natural": said})
    submission = judged(data, carried(1))
    assert submission.verdict is verdict
    found = finding(submission, "B1")
    assert found.explanation == said
    assert (found.seen, found.expected, found.difference) == ("0", "1", "-1")


def test_the_roster_outranks_the_type_of_unit_in_the_file() -> None:
    data = workbook({"proactive.regulations.issued": 1})
    known = expected()
    city = replace(known.roster.by_code["U1"], type="设区的市")
    units = tuple(city if u.code == "U1" else u for u in known.roster.units)
    assert "C1" in codes(judged(data, known).findings)
    as_city = replace(known, roster=replace(known.roster, units=units))
    assert "C1" not in codes(judged(data, as_city).findings)


def test_a_unit_that_was_dissolved_is_no_stranger() -> None:
    known = expected()
    known = replace(known, roster=replace(known.roster, gone=(unit("X9"),)))
    (found,) = judged(workbook(of=unit("X9")), known).findings
    assert (found.code, "撤销" in found.message.zh) == ("N10", True)


@pytest.mark.parametrize(
    ("change", "zh"),
    [(None, "并入"), (UnitChange.MERGED, "并入"), (UnitChange.RENAMED, "更名")],
)
def test_what_became_of_a_unit_is_as_the_roster_says(
    change: UnitChange | None, zh: str
) -> None:
    now = replace(unit("U1"), former=("X9",), change=change)
    known = replace(expected(), roster=Roster((now,)))
    (found,) = judged(workbook(of=unit("X9")), known).findings
    assert found.code == "N10"
    assert f"{zh}“{now.name}”（U1）" in found.message.zh


def test_a_roll_up_is_signed_by_the_campaign_below_even_under_our_name() -> None:
    """Two offices that call their folders alike have campaigns of one name."""
    below = campaign(key="the key of the district")
    data = workbook(BUSY, unit("D1"), below, kind="rollup")
    known = knowing(campaign(key="the key of the city"), roster("D1"))
    submission = judged(data, known)
    assert submission.verdict is Verdict.WAITING
    (found,) = submission.findings  # nobody here can verify it
    assert found.code == "T08"
    assert "名录里该单位没有下级，没有防伪码" in found.message.zh


# ---------------------------------------------------------------- files on disk


@pytest.mark.parametrize(
    "name",
    [
        "~$报送表.xlsx",
        ".~lock.报送表.xlsx#",
        ".DS_Store",
        "Thumbs.db",
        "._a.xlsx",
        "a.tmp",
    ],
)
def test_lock_and_system_files_are_ignored(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x05user")
    (submission,) = receive_file(path, name, expected())
    assert submission.verdict is Verdict.IGNORED
    assert codes(submission.findings) == ["I01"]


def test_a_workbook_under_the_name_of_a_lock_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "~$报送表.xlsx"
    path.write_bytes(workbook(BUSY))
    (submission,) = receive_file(path, path.name, expected())
    assert submission.verdict is Verdict.ACCEPTED


def test_a_file_that_cannot_be_opened_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "报送表.xlsx"
    path.symlink_to(tmp_path / "gone.xlsx")
    (submission,) = receive_file(path, path.name, expected())
    assert submission.verdict is Verdict.UNREADABLE
    assert codes(submission.findings) == ["R07"]
    assert is_a_sentence_for_clerks(submission.findings[0].message.zh)


def test_a_file_beyond_all_bounds_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "录像.xlsx"
    with path.open("wb") as file:
        file.truncate(10**11)
    (submission,) = receive_file(path, path.name, expected())
    assert submission.verdict is Verdict.UNREADABLE
    assert codes(submission.findings) == ["R04"]
    assert is_a_sentence_for_clerks(submission.findings[0].message.zh)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
def test_a_pipe_in_the_inbox_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "报送表.xlsx"
    os.mkfifo(path)
    (submission,) = receive_file(path, path.name, expected())
    assert codes(submission.findings) == ["R07"]


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "报送表.xls"
    path.write_bytes(workbook(BUSY))
    (submission,) = receive_file(path, "shown", expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert submission.path == "shown"
    assert re.fullmatch(r"[0-9a-f]{64}", submission.sha256)
