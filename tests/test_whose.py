"""Only the right file counts: what names another unit, or proves nothing, waits."""

from __future__ import annotations

import io
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support import (
    BUSY,
    PERIOD,
    TEXT,
    Shell,
    campaign,
    codes,
    deliver,
    edited,
    folder,
    form,
    reprinted,
    restamped,
    typed,
    workbook,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.decision import Ruling
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import (
    Wish,
    build,
    collect,
    decide,
    list_decisions,
    plan,
    use,
    withdraw,
)
from workbook_builder.workbook.place import HIDDEN, heading

CASES = tomllib.loads((Path(__file__).parent / "whose.toml").read_text("utf-8"))["case"]
COUNT, TOTAL = "applications.received.natural", "disputes.review.total"
START = datetime(2026, 1, 12, 9, tzinfo=CHINA)


def of(code: str, name: str, parent: str = "Q", *more: str) -> Unit:
    own = f"{code.lower()}@x.cn"
    return Unit(code, name, parent, "街道", emails=(own, *more), reports=True)


UNITS = Roster(
    (
        replace(of("Q", "示例区", ""), type="区县", reports=None),
        of("T1", "七星镇", "Q", "shared@x.cn"),
        of("T2", "七星镇卫生院", "Q", "shared@x.cn"),
        of("J1", "教育局"),
        of("J2", "第一小学", "J1"),
    )
)


@cache
def book(code: str, count: int) -> bytes:
    figures = {**BUSY, COUNT: 9 + count, "applications.granted.natural": 8 + count}
    return workbook(figures, UNITS.by_code[code], OURS)


OURS = replace(campaign(), email="desk@x.cn", deadline=date(2026, 1, 20))


def made(entry: Mapping[str, Any]) -> bytes:
    """The workbook of an entry, after what was done to it."""
    code = entry["of"]
    data = book(code, entry["count"])
    if "text" in entry:
        text = form().narratives[0].id
        data = typed(data, {text: f"{entry['text']}，{TEXT}"})
    period = Period(entry.get("year", PERIOD.year))
    if "prints" in entry or "year" in entry:
        name = entry.get("prints", UNITS.by_code[code].name)
        data = edited(data, reprinted(heading(name, period)))
    match entry.get("done"):
        case "lost":
            data = edited(data, lambda book: book.remove(book[HIDDEN]))
        case "changed":
            data = restamped(data, signature="0" * 16)
        case "total":
            data = typed(data, {TOTAL: 4})
    return data


def mailed(entry: Mapping[str, Any], data: bytes, hour: int) -> bytes:
    message = EmailMessage()
    at = format_datetime(START + timedelta(hours=hour))
    message["Received"] = f"from a by b; {at}"
    message["From"], message["Date"] = entry["from"], at
    message["Subject"] = entry.get("subject", "报送表")
    message.set_content("见附件。")
    name = entry.get("as", "报送表.xlsx")
    message.add_attachment(
        data, maintype="application", subtype="octet-stream", filename=name
    )
    return message.as_bytes()


def put_in(to: Folder, entry: Mapping[str, Any], hour: int) -> str:
    """Its place in the inbox, as results name it."""
    data, name = made(entry), entry.get("as", "报送表.xlsx")
    if "from" in entry:
        deliver(to, f"{hour}.eml", mailed(entry, data, hour), hour)
        return f"{hour}.eml/{name}"
    path = f"{hour}/{name}"
    deliver(to, path, data, hour)
    return path


def played(case: Mapping[str, Any], path: Path) -> tuple[Folder, list[str]]:
    to = folder(path, UNITS, of=OURS)
    files = case["file"]
    wanted = {
        entry.get("among", at + 1): at
        for at, entry in enumerate(files)
        if "use" in entry
    }
    places: list[str] = []
    for hour, entry in enumerate(files):
        places.append(put_in(to, entry, hour))
        if hour + 1 in wanted:
            at = wanted[hour + 1]
            use(to, files[at]["of"], places[at])
    return to, places


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_counts_is_the_units_own(case: Mapping[str, Any], tmp_path: Path) -> None:
    to, places = played(case, tmp_path)
    summary = collect(to).summary
    found = {each.path: each for each in summary.submissions}
    assert found.keys() == set(places)
    for place, entry in zip(places, case["file"], strict=True):
        submission = found[place]
        assert submission.verdict.value == entry["is"], place
        if "codes" in entry:
            assert codes(submission.findings) == entry["codes"], place
    counted = {code: each.facts[COUNT].number for code, each in summary.counted.items()}
    assert counted == {code: 9 + count for code, count in case["counts"].items()}
    total = summary.totals.get(COUNT)
    assert total == (sum(map(int, filter(None, counted.values()))) if counted else None)
    again = collect(to).summary
    assert again.submissions == summary.submissions


# ---------------------------------------------------------------- what goes back


def inbox(path: Path, *entries: Mapping[str, Any]) -> Folder:
    to = folder(path, UNITS, of=OURS)
    for hour, entry in enumerate(entries):
        put_in(to, entry, hour)
    return to


def shown(data: bytes) -> set[str]:
    """Every text and number of a workbook but what its formulas compute, and the parts
    that say it was sent back."""
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = (cell for sheet in sheets for row in sheet.iter_rows() for cell in row)
    return {str(cell.value) for cell in cells if cell.value is not None}


MINE = {"of": "T1", "count": 70_000, "done": "changed", "from": "t1@x.cn"}
STRANGE = {"of": "T1", "count": 70_000, "done": "changed"}


@pytest.mark.parametrize(("entry", "own"), [(MINE, True), (STRANGE, False)])
def test_no_figures_go_to_a_unit_that_may_be_anothers(
    tmp_path: Path, entry: Mapping[str, Any], own: bool
) -> None:
    """Also where the clerk rejects it: on the disk, in the mail, in what the mail says."""
    to = inbox(tmp_path, {**entry, "text": "只有别的单位才知道的事"})
    build(to)
    decide(to, Wish("T1", Ruling.REJECT, "请核对"))
    collect(to)
    (back,) = (to.results / "退回").glob("T1_*.xlsx")
    (sent,) = plan(to, Occasion.RETURN).entries
    assert sent.letter is not None
    letter = sent.letter.message.text
    for data in (back.read_bytes(), sent.letter.attachments[0].data):
        said = shown(data)
        assert ("70009" in said) is own
        assert any("只有别的单位才知道的事" in each for each in said) is own
        assert any("请核对" in each for each in said), "the reason is told"
    assert "请核对" in letter
    assert "T05" in letter or "与下发时不一致" in letter


def test_whoever_filled_in_a_neighbours_workbook_is_told_and_the_neighbour_is_chased(
    tmp_path: Path,
) -> None:
    to = inbox(tmp_path, {"of": "T1", "count": 70_000, "from": "j1@x.cn"})
    build(to)
    (told,) = plan(to, Occasion.RETURN).entries
    assert told.unit.code == "J1"
    assert told.letter is not None
    assert "七星镇" in told.letter.message.text
    assert told.letter.attachments[0].name.startswith("J1_教育局")
    chased = {each.unit.code: each for each in plan(to, Occasion.REMIND).entries}
    assert chased.keys() == {"T1", "T2", "J1", "J2"}
    for each in chased.values():
        assert each.letter is not None
        for attachment in each.letter.attachments:
            assert "70009" not in shown(attachment.data)


def test_a_later_version_that_takes_no_place_goes_back_for_that(tmp_path: Path) -> None:
    broken = {"of": "T1", "count": 2, "from": "t1@x.cn", "done": "total"}
    to = inbox(tmp_path, {"of": "T1", "count": 1, "from": "t1@x.cn"}, broken)
    build(to)
    (told,) = plan(to, Occasion.RETURN).entries
    assert told.unit.code == "T1"
    assert told.letter is not None
    assert "没有代替它" in told.letter.message.text
    assert "T1" not in {each.unit.code for each in plan(to, Occasion.REMIND).entries}


# ---------------------------------------------------------------- the clerk's choice


def test_a_file_is_chosen_only_for_the_unit_it_was_sent_out_to(tmp_path: Path) -> None:
    to = inbox(tmp_path, {"of": "T1", "count": 2, "from": "j1@x.cn"})
    with pytest.raises(CampaignError, match="there are none"):
        use(to, "J1", "0.eml/报送表.xlsx")
    with pytest.raises(CampaignError, match=r"there are: 0\.eml/报送表\.xlsx"):
        use(to, "T1", "1.xlsx")
    with pytest.raises(CampaignError):
        use(to, "不在名录里的单位", "0.eml/报送表.xlsx")
    assert list_decisions(to)[1] == ()


def test_a_choice_is_taken_back_like_any_decision(tmp_path: Path) -> None:
    to = inbox(
        tmp_path,
        {"of": "T1", "count": 1, "from": "t1@x.cn"},
        {"of": "T1", "count": 2, "from": "j1@x.cn"},
    )
    assert use(to, "七星镇", "1.eml/报送表.xlsx", "电话核实").others == 1
    (made,) = list_decisions(to)[1]
    assert (made.in_force, made.decision.why) == (True, "电话核实")
    assert made.decision.place == "1.eml/报送表.xlsx"
    assert collect(to).summary.totals[COUNT] == 11
    assert len(withdraw(to, "T1", "use").decisions) == 1
    assert collect(to).summary.totals[COUNT] == 10
    (made,) = list_decisions(to)[1]
    assert not made.in_force
    # Where the file is here no longer, the choice says so and does nothing.
    use(to, "T1", "1.eml/报送表.xlsx")
    (to.inbox / "1.eml").unlink()
    assert collect(to).summary.totals[COUNT] == 10
    _, (_, gone) = list_decisions(to)
    assert gone.fell is not None
    assert "不在收件箱" in gone.fell.zh


def test_the_commands_say_what_waits_and_take_the_clerks_word(
    tmp_path: Path, shell: Shell
) -> None:
    inbox(
        tmp_path / "a",
        {"of": "T1", "count": 1, "from": "t1@x.cn"},
        {"of": "T1", "count": 2, "from": "j1@x.cn"},
    )
    assert shell("collect", "a") == 1
    assert "待确认" in shell.out
    assert "发件人却是“教育局”" in shell.out
    assert shell("use", "a", "T1", "1.eml/报送表.xlsx") == 0
    assert "七星镇（T1）以“1.eml/报送表.xlsx”为准，另有 1 份不采用" in shell.out
    shell("collect", "a")
    assert "待确认" not in shell.out
    assert shell("decide", "a", "--list") == 0
    assert "指定" in shell.out
    assert shell("decide", "a", "T1", "withdraw", "use") == 0


def test_what_a_zip_is_called_speaks_too(tmp_path: Path) -> None:
    to = folder(tmp_path, UNITS, of=OURS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.xlsx", book("T1", 2))
    deliver(to, "教育局.zip", packed.getvalue())
    deliver(to, "七星镇.zip", packed.getvalue(), 1)
    summary = collect(to).summary
    assert {each.path: each.verdict.value for each in summary.submissions} == {
        "七星镇.zip/1.xlsx": "accepted",
        "教育局.zip/1.xlsx": "ignored",
    }
