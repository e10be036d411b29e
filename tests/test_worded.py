"""Slots in the texts of a form are filled by the period, wherever the texts are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import support
from tests.definitions import define
from tests.support import Shell
from workbook_builder.campaign.own_texts import write_own_texts
from workbook_builder.definition.lint import lint
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.language.words import instruction
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.worded import IN_CHECKS, texts_of, texts_of_check, worded
from workbook_builder.model.wording import IN_TEXTS
from workbook_builder.pipeline import build, collect, to_json
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import Job

#: A text of each kind, and what it is to say instead.
SLOTTED = (
    ("浅黄色单元格是填报项", "{period}：浅黄色单元格是填报项"),  # steps
    ("以个人名义提出的申请。", "{first_day}至{last_day}以个人名义提出的。"),  # meaning
    ("本单位地址", "{year}年底的地址"),  # the hint of a field
    ("写本年主动公开", "写{year}年主动公开"),  # the hint of a text
    ('title = "收办平衡"', 'title = "{year}年收办平衡"'),
    ("第一项加第二项之和，不等于", "{period}第一项加第二项之和，不等于"),
    ('message = "没有填"', 'message = "到{last_day}没有填"'),
    ("没有发生的填 0", "{year}年没有发生的填 0"),  # a remedy
    ("{types}；", "{year}年{types}；"),
)


def said(root: Path) -> list[tuple[str, str]]:
    """Those of them that the shipped definition has, in its words of today."""
    texts = "".join(
        file.read_text(encoding="utf-8") for file in sorted(root.glob("*.toml"))
    )
    return [pair for pair in SLOTTED if pair[0] in texts]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a definition whose texts have slots in all their kinds."""
    shipped = Forms.shipped().folder("disclosure", "2021")
    assert shipped is not None
    words = said(shipped)
    assert len(words) >= len(SLOTTED) - 2
    define(tmp_path / "forms", words=tuple(words))
    return tmp_path


def form(own: Path) -> Form:
    return load_folder(own / "forms" / "disclosure" / "2021")


def every_text(of: Form) -> Iterator[str]:
    yield from (text for _, text in texts_of(of))
    for check in of.checks:
        yield from (text for _, text in texts_of_check(check))


# ---------------------------------------------------------------- the mechanism


def test_a_form_without_slots_is_itself_in_every_period() -> None:
    for name in Forms.shipped().names():
        for each in Forms.shipped().all_of(name):
            assert worded(each, each.first_period) is each


def test_every_kind_of_text_is_filled_and_keeps_what_is_filled_later(own: Path) -> None:
    made = form(own)
    before, after = list(every_text(made)), list(every_text(worded(made, Period(2025))))
    filled = [pair for pair in zip(before, after, strict=True) if len(set(pair)) == 2]
    assert len(filled) > len(said(own / "forms" / "disclosure" / "2021"))
    assert not [text for text in after if "{" in text.replace("{types}", "")]
    assert any("2025年1月1日至2025年12月31日以个人名义" in text for text in after)
    assert any("{types}" in text for text in after)


def test_each_period_has_its_own_words_and_one_form(own: Path) -> None:
    made = form(own)
    one, other = worded(made, Period(2025)), worded(made, Period(2026))
    assert one is not other
    assert one is worded(made, Period(2025))
    assert "2026年" in other.check("A1").title
    assert one.checks[0].lines is made.checks[0].lines  # the rules are the same ones


def test_english_words_are_filled_in_english(tmp_path: Path) -> None:
    define(tmp_path, words=(('title_en = "', 'title_en = "{period} to {last_day}: '),))
    made = worded(load_folder(tmp_path / "disclosure" / "2021"), Period(2025))
    assert all(c.title_en.startswith("2025 to 2025-12-31: ") for c in made.checks)


@pytest.mark.parametrize("key", IN_CHECKS)
def test_every_slot_is_known_in_every_text(key: str, tmp_path: Path) -> None:
    slots = "".join(f"{{{slot}}}" for slot in IN_TEXTS)
    # Not the title of the form, which is the same in every period.
    begins = 'title = "收办平衡' if key == "title" else f'{key} = "'
    define(tmp_path, words=((begins, begins.replace('"', f'"{slots}')),))
    made = worded(load_folder(tmp_path / "disclosure" / "2021"), Period(2025))
    said = [getattr(check, key).replace("{types}", "") for check in made.checks]
    assert not [text for text in said if "{" in text]


# ---------------------------------------------------------------- where they are read


def test_no_sheet_of_a_workbook_shows_a_slot(own: Path) -> None:
    job = Job(form(own), support.unit(), support.campaign())
    made = book(job)
    prompts = (each.prompt for sheet in made.sheets for each in sheet.validations)
    listing = "\n".join((*made.listing(), *prompts))
    assert "{" not in listing
    for words in ("2025年：浅黄色", "2025年12月31日以个人名义", "2025年收办平衡"):
        assert words in listing


@pytest.fixture
def returned(own: Path) -> Submission:
    """A return with a blank, an imbalance and a word in a number cell."""
    folder = support.folder(own, support.roster("U1"))
    (path, *_) = build(folder).files
    entries: dict[str, support.Typed] = {
        "applications.received.natural": 3,
        "proactive.licences.decisions": "十件",
    }
    support.deliver(folder, "1.xlsx", support.typed(path.read_bytes(), entries))
    (submission,) = collect(folder).submissions
    return submission


def test_no_finding_shows_a_slot(returned: Submission) -> None:
    said = [
        text
        for each in returned.findings
        for text in (*each.message, *each.remedy, *each.desk)
    ]
    assert not [text for text in said if "{" in text]
    assert any("到2025年12月31日没有填" in text for text in said)


def test_without_a_campaign_a_workbook_is_said_of_its_own_period(own: Path) -> None:
    made = form(own)
    data = build_workbook(made, support.unit(), support.campaign(year=2026))
    found = judge("1.xlsx", data, Forms((own / "forms",))).findings
    assert any("到2026年12月31日没有填" in each.message.zh for each in found)


def test_the_hints_of_the_own_texts_and_the_list_of_cells_are_filled(own: Path) -> None:
    made = support.folder(own, support.roster("U1")).form()
    write_own_texts(own / "报告文字.txt", made, "示例区", {}, {})
    assert "{" not in (own / "报告文字.txt").read_text(encoding="utf-8-sig")
    assert "2025年12月31日以个人名义" in str(to_json(made))
    assert not re.search(r"\{\w+_day\}", str(to_json(made)))


@pytest.mark.parametrize(
    ("asked", "words"),
    [((), "{year}年收办平衡"), (("--period", "2025"), "2025年收办平衡")],
)
def test_form_show_says_texts_of_the_period_that_is_asked_for(
    asked: tuple[str, ...], words: str, own: Path, shell: Shell
) -> None:
    folder = own / "forms" / "disclosure" / "2021"
    assert shell("form", "show", folder, *asked) == 0
    assert words in shell.out
    shown = shell.json("form", "show", folder, *asked)
    assert words in {check["title"] for check in shown["checks"]}


def test_instructions_are_said_of_the_period(own: Path) -> None:
    made = worded(form(own), Period(2025))
    assert instruction(made, made.check("A1")).startswith("A1（强制）2025年收办平衡")


def test_lint_knows_slots(own: Path) -> None:
    assert not [each for each in lint(form(own)) if each.level == "error"]
