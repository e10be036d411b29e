"""The next year: what is taken along, what is not, and that nothing is asked twice."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import (
    BUSY,
    FORMS,
    PERIOD,
    REASON,
    YEAR,
    Shell,
    campaign,
    contents,
    deliver,
    filled,
    folder,
    form,
    judged,
    roster,
    unit,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.last_period import read_last_period
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.renewal import months_on, renewed
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import SUMMARY, build, collect, renew
from workbook_builder.workbook.build import build_workbook

SAID = {
    "address": "示例路 1 号",
    "postcode": "000100",
    "telephone": "+86-10-1234",
    "email": "bgs@example.cn",
    "download": "=网址",
    "prepared_by": "张三",
}
RECEIVED = "applications.received.natural"
TOTAL = "applications.received.total"


def said(code: str, **fields: str) -> bytes:
    """A return with something at the head of its report."""
    return headed(code, {**SAID, **fields})


def headed(code: str, fields: Mapping[str, str]) -> bytes:
    answers = replace(
        filled(form(), **BUSY), fields=fields, explanations={"F12": REASON}
    )
    return build_workbook(form(), unit(code, "Q"), campaign(), answers)


@pytest.fixture
def old(tmp_path: Path) -> Folder:
    """U1 and U2 returned, U3 did not."""
    of = replace(campaign(), deadline=date(2026, 2, 3), unit_code="310113")
    made = folder(tmp_path / "2025", roster("U1", "U2", "U3"), of=of)
    deliver(made, "1.xlsx", said("U1"))
    deliver(made, "2.xlsx", headed("U2", {}), hour=1)
    return made


# ---------------------------------------------------------------- taken along


def test_the_next_year_begins_with_what_the_last_one_leaves(
    tmp_path: Path, old: Folder
) -> None:
    collect(old)
    before = contents(old.path)
    made = renew(tmp_path / "2026", old)
    assert contents(old.path) == before
    was, now = old.campaign(), made.folder.campaign()
    assert (now.year, now.id, now.deadline) == (YEAR + 1, "2026", date(2027, 2, 3))
    assert now.key
    assert now.key != was.key
    assert now.rollup_key == was.sealing, "the level above need not agree again"
    same = {"id": "", "period": PERIOD, "deadline": None, "key": "", "rollup_key": ""}
    assert replace(now, **same) == replace(was, **same)  # type: ignore[arg-type]
    assert made.folder.roster() == old.roster()

    known = made.folder.last_period()
    assert known.keys() == {"U1", "U2", "Q"}
    assert known["U1"][RECEIVED] == 9
    assert known["Q"][RECEIVED] == 18
    assert known["Q"][TOTAL] == known["U1"][TOTAL] + known["U2"][TOTAL]
    assert [text.zh for text in made.missing] == [
        "没有上年数的：示例街道办事处U3。",
        "没有单位信息的：示例街道办事处U2、示例街道办事处U3。",
    ]
    assert any("上年数：2 个单位" in text.zh for text in made.taken)


def test_without_results_the_returns_that_count_are_taken(
    tmp_path: Path, old: Folder
) -> None:
    fresh = contents(renew(tmp_path / "a", old).folder.path / "last-year")
    collect(old)
    assert contents(renew(tmp_path / "b", old).folder.path / "last-year") == fresh
    assert not (old.path / "results" / "no").exists()


def test_what_was_published_outranks_what_lies_in_the_inbox(
    tmp_path: Path, old: Folder
) -> None:
    collect(old)
    (old.inbox / "1.xlsx").unlink()
    assert "U1" in renew(tmp_path / "2026", old).folder.last_period()


def test_an_old_campaign_without_anything_says_so(tmp_path: Path) -> None:
    made = renew(tmp_path / "2026", folder(tmp_path / "2025"))
    (missing,) = made.missing
    assert missing.zh.startswith("没有上年数：")
    assert made.folder.last_period() == {}
    assert len(build(made.folder).files) == 3


def test_another_year_takes_no_figures(tmp_path: Path, old: Folder) -> None:
    made = renew(tmp_path / "2030", old, Period(2030))
    assert made.folder.campaign().deadline == date(2031, 2, 3)
    assert made.folder.last_period() == {}
    assert made.missing


def test_workbooks_begin_with_what_the_unit_said_last_period(
    tmp_path: Path, old: Folder
) -> None:
    """Addresses and all that, but nobody's signature; the roster outranks it."""
    made = renew(tmp_path / "2026", old).folder
    units = (
        Unit("Q", "示例区Q", type="区县"),
        Unit("U1", "示例街道办事处U1", "Q", "街道", emails=("new@example.cn",)),
        Unit("U2", "示例街道办事处U2", "Q", "街道"),
    )
    rows = "\n".join(
        f"{u.code},{u.name},{u.parent},{';'.join(u.emails)}" for u in units
    )
    (made.path / "roster.xlsx").unlink()
    (made.path / "roster.csv").write_text(f"代码,名称,上级,邮箱\n{rows}\n", "utf-8")
    assert Roster(units).by_code.keys() == made.roster().by_code.keys()
    first, second = (judged(path.read_bytes()).answers for path in build(made).files)
    assert first.fields == {
        **{key: text for key, text in SAID.items() if key != "prepared_by"},
        "email": "new@example.cn",
    }
    assert second.fields == {}


def test_last_periods_workbooks_say_it_as_well(tmp_path: Path) -> None:
    path = tmp_path / "1.xlsx"
    path.write_bytes(said("U1"))
    before = read_last_period([path], PERIOD, form(), FORMS)
    assert before.said["U1"] == {k: v for k, v in SAID.items() if k != "prepared_by"}
    assert before.figures["U1"][RECEIVED] == Decimal(9)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_a_list_that_excel_saved_anew_is_read(
    tmp_path: Path, old: Folder, encoding: str
) -> None:
    collect(old)
    path = tmp_path / "fields.csv"
    text = (old.results / "fields.csv").read_text("utf-8-sig")
    path.write_bytes(text.encode(encoding))
    assert (
        read_last_period([path], PERIOD, form(), FORMS).said["U1"]["download"]
        == "=网址"
    )
    assert read_last_period([path], PERIOD.before, form(), FORMS).said == {}


# ---------------------------------------------------------------- settings

WRITTEN = """\
# 张三写的说明
id = "a"   # 编号
year = 2025
district = "区 year = 2"
deadline = 2024-02-29

[mail]
id = "b"
year = 1
"""


def test_settings_are_changed_line_by_line_and_nothing_else_is() -> None:
    text = renewed(WRITTEN, {"id": "甲“\\", "year": 2026, "stamp_key": "k"}, Path("x"))
    assert text == (
        'stamp_key = "k"\n'
        + WRITTEN.replace('id = "a"   # 编号', 'id = "甲“\\\\"').replace("2025", "2026")
    )
    assert tomllib.loads(text)["mail"] == {"id": "b", "year": 1}


@pytest.mark.parametrize(
    "text", ['id = """\nyear = 1\n"""\nyear = 2025\n', '"id" = "a"\nyear = 2025\n']
)
def test_settings_written_oddly_are_not_guessed_at(text: str) -> None:
    with pytest.raises(CampaignError) as caught:
        renewed(text, {"id": "b", "year": 2026}, Path("campaign.toml"))
    assert "写法不常见" in caught.value.text.zh


def test_a_year_after_a_leap_day() -> None:
    assert months_on(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_on(date(2024, 2, 29), 48) == date(2028, 2, 29)


def test_a_quarter_after_the_end_of_a_month() -> None:
    assert months_on(date(2026, 1, 31), 3) == date(2026, 4, 30)
    assert months_on(date(2026, 10, 20), 3) == date(2027, 1, 20)
    assert months_on(date(2027, 1, 20), -12) == date(2026, 1, 20)


# ---------------------------------------------------------------- the command


def test_the_command_says_what_was_taken_and_what_was_missing(
    shell: Shell, old: Folder
) -> None:
    collect(old)
    assert shell("init", "2026年报", "--from", old.path) == 0
    assert "2026年度" in shell.out
    assert "截止日期2027年2月3日" in shell.out
    assert "缺：没有上年数的：示例街道办事处U3。" in shell.out
    assert shell("build", "2026年报") == 0
    assert shell("init", "2026年报", "--from", old.path) == 2
    assert "已经有填报任务" in shell.sentence
    assert shell("init", "b", "--from", "nowhere", lang="en") == 2
    assert not Path("b").exists()
    assert shell("init", "c") == 2
    assert "--from" in shell.err


def test_nothing_is_made_from_a_campaign_that_cannot_be_used(
    shell: Shell, old: Folder
) -> None:
    (old.path / "roster.xlsx").unlink()
    assert shell("init", "2026", "--from", old.path) == 2
    assert "没有单位名录" in shell.sentence
    assert (
        not (shell.path / "2026").exists()
        or not (shell.path / "2026" / SETTINGS).exists()
    )


def test_every_file_of_the_period_before_is_spoken_of(
    tmp_path: Path, old: Folder, shell: Shell
) -> None:
    """What is used, what is not and why; the program's own 汇总.xlsx is read."""
    collect(old)
    made = folder(tmp_path / "2026", roster("U1", "U2"), of=campaign(year=YEAR + 1))
    (made.last / "facts.csv").write_text("a,b\n1,2\n")
    (made.last / "说明.docx").write_bytes(b"PK nothing")
    (made.last / "早.xlsx").write_bytes(
        build_workbook(form(), unit("U1", "Q"), campaign(year=YEAR - 1), filled(form()))
    )
    (made.last / "全区.xlsx").write_bytes((old.results / SUMMARY).read_bytes())
    built = build(made)
    assert made.last_period() == {
        code: dict(old_figures)
        for code, old_figures in read_last_period(
            [old.results / "facts.csv"], PERIOD, form(), FORMS
        ).figures.items()
    }
    listed, summed, earlier, other = sorted(each.zh for each in built.past)
    assert summed == "“全区.xlsx”：2 个单位的数。"
    assert listed.startswith("“facts.csv”没有采用：里面没有2025年度的数。")
    assert earlier == "“早.xlsx”是2024年度的，没有采用；这里要2025年度的。"
    assert other.startswith("“说明.docx”没有采用：")
    # Whoever asks how things stand is told of those that are not used, in the same words.
    shell("status", made.path)
    shown = {line for line in shell.out.splitlines() if "last-year：" in line}
    assert shown == {f"  last-year：{said}" for said in (earlier, other, listed)}
    assert {*shell.json("status", made.path)["unused"]} == {earlier, other, listed}
