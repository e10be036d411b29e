"""Units that wrote the same texts are told to the desk, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import support
from tests.growth import grows_linearly
from tests.support import deliver, folder, roster, typed, workbook
from workbook_builder.language.likeness import runs, share
from workbook_builder.model.answers import Answers
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.pipeline import collect, surveying
from workbook_builder.rules.alike import likeness, with_likeness

FORM = support.form()
PROBLEMS, PLATFORM = "problems", "overview_platform"
#: Different words for each number.
_WORDS = "公开内容网站培训制度机构人员考核评议咨询窗口热线公报解读查阅目录指南"


def text(seed: int, length: int = 200) -> str:
    """Words of its own for each seed."""
    size = len(_WORDS)
    return "".join(
        chr(0x4E00 + (seed * 7919 + at * (seed + 31)) % 20000) if at % 3 else
        _WORDS[(at * 7 + seed) % size]
        for at in range(length)
    )  # fmt: skip


def alike(*texts: dict[str, str]) -> list[str]:
    """What is said of units U1, U2 … who wrote these."""
    units, files = returned(*texts)
    found = with_likeness(FORM, units, files, range(len(files)))
    assert [each.path for each in found] == [each.path for each in files]
    return [f"{e.unit_code} {f.message.zh}" for e in found for f in e.findings]


def returned(*texts: dict[str, str]) -> tuple[Roster, list[Submission]]:
    """U1, U2 … with a return of each."""
    codes = [f"U{n}" for n in range(1, len(texts) + 1)]
    assert ACCEPTED.stamp is not None
    return roster(*codes), [
        replace(
            ACCEPTED,
            path=f"{code}.xlsx",
            stamp=replace(ACCEPTED.stamp, unit_code=code),
            answers=Answers(texts=said),
            findings=(),
        )
        for code, said in zip(codes, texts, strict=True)
    ]


ACCEPTED = support.judged(workbook(support.BUSY))


@pytest.mark.parametrize("few", [1, 99])
def test_two_processes_find_what_one_finds(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surveying, "FEW", few)
    ids = [each.id for each in FORM.narratives]
    copied = [{ids[0], ids[-1]}, {ids[-1]}, {ids[0], ids[1]}]
    first = {id_: text(at) for at, id_ in enumerate(ids)}
    others = [
        {id_: first[id_] if id_ in same else text(99 * n) for id_ in ids}
        for n, same in enumerate(copied, 1)
    ]
    units, files = returned(first, *others, first)
    standing = {each.unit_code: each for each in files}
    found = surveying._likeness(FORM, units, standing)
    assert found == likeness(FORM, units, standing)
    assert len(found) == 1 + len(copied)


def test_a_copied_text_is_told_with_whose_it_is() -> None:
    said = alike(
        {PROBLEMS: text(1), PLATFORM: text(2)},
        {PROBLEMS: text(3), PLATFORM: text(4)},
        {PROBLEMS: "2025年，" + text(1), PLATFORM: text(2)},
    )
    (only,) = said
    assert only == (
        "U3 “（四）政府信息公开平台建设”“五、存在的主要问题及改进情况”的文字"
        f"一半以上与{support.unit('U1').name}的相同。"
    )


def test_each_of_many_copies_is_told_once() -> None:
    said = alike(*({PROBLEMS: text(1)} for _ in range(50)))
    assert len(said) == 49


def test_of_several_that_are_as_much_alike_the_first_is_told() -> None:
    whole = text(1) + text(2)
    said = alike({PROBLEMS: whole}, {PROBLEMS: whole[:200]}, {PROBLEMS: whole})
    assert [each[:2] for each in said] == ["U2", "U3"]
    assert all(support.unit("U1").name in each for each in said)


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (text(1), text(1)[:120] + text(2)[:80], True),
        (text(1), text(1)[:80] + text(2)[:120], False),
        (
            text(1)[:130],
            text(1)[:130] + text(2, 600),
            True,
        ),  # all of the first is in it
        (text(1)[:60], text(1)[:60], False),  # a sentence or two
        (text(1)[:60] * 9, text(1)[:60] * 9, False),  # the same, said again
        ("", "", False),
    ],
)
def test_more_than_half_of_the_shorter_one(one: str, other: str, told: bool) -> None:
    assert bool(alike({PROBLEMS: one}, {PROBLEMS: other})) is told


def test_the_one_of_whom_most_is_the_same_is_named_not_who_wrote_most() -> None:
    short, long = text(1)[:110], text(5, 600)
    both = short + long[:190]
    (said,) = alike({PROBLEMS: short}, {PROBLEMS: long}, {PROBLEMS: both})
    assert said.startswith("U3")
    assert support.unit("U1").name in said


def test_years_spaces_and_stops_make_no_text_another() -> None:
    now, then = "2025年，共 公开12条信息；及时回应。", "2024年共公开9条信息,及时回应！"
    assert share(runs(now), runs(then)) == 100


def test_the_time_is_linear_in_the_units() -> None:
    def run(units: int) -> Callable[[], object]:
        texts = [{PROBLEMS: text(1) + text(n)} for n in range(units)]
        return lambda: alike(*texts)

    assert grows_linearly(run, 60)


def test_only_the_desk_is_told(tmp_path: Path) -> None:
    made = folder(tmp_path / "a", roster("U1", "U2"))
    for code in ("U1", "U2"):
        data = workbook(support.BUSY, support.unit(code))
        deliver(made, f"{code}.xlsx", typed(data, {PROBLEMS: text(1)}))
    found = collect(made).summary
    assert "X08" in [each.code for each in found.standing["U2"].findings]
    assert "X08" not in [each.code for each in found.standing["U1"].findings]
    assert found.standing["U2"].verdict is found.standing["U1"].verdict
    assert support.finding(found.standing["U2"], "X08").is_for_the_desk
