"""Spoiled returns: no crash, no hang, a verdict each, and no change goes unnoticed.

The numbers of mutants are fixed, so every run is the same. ``FUZZ_SECONDS=600`` goes on
for that long instead, and ``FUZZ_SEED`` gives other mutants.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

import pytest

from tests.support import (
    BUSY,
    REASON,
    Raw,
    expected,
    form,
    judged,
    spot,
    typed,
    unzipped,
    workbook,
)
from workbook_builder.model.answers import ALL_ZERO
from workbook_builder.model.layout import Place
from workbook_builder.model.submission import Submission
from workbook_builder.workbook.place import place

SEED = os.environ.get("FUZZ_SEED", "2025")
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
MUTANTS = 300
#: What any process needs at most, but for the reader that is only compared with.
MEGABYTES = 400


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux does")
def test_spoiled_returns_never_crash_hang_or_go_without_a_verdict() -> None:
    command = [sys.executable, "-m", "tests.fuzz", SEED, str(MUTANTS), str(SECONDS)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=SECONDS + 300,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    print(f"seed {SEED}: {said}")
    assert said["faults"] == {}
    assert sum(said["verdicts"].values()) == said["count"] >= MUTANTS
    assert {"accepted", "rejected", "unreadable"} <= said["verdicts"].keys()
    assert said["megabytes"] < MEGABYTES
    assert said["megabytes judging"] < MEGABYTES


# ---------------------------------------------------------------- no silent change


def stored(number: str) -> Raw:
    return Raw("n", f"<v>{number}</v>")


#: What somebody may put into a place, as the XML has it.
ENTRIES: tuple[Raw, ...] = (
    *map(stored, ("7", "12.5", "-3", "99999999", "1e308", "0.000001", "0.25")),
    *map(stored, ("1e309", "NaN", "1_0", "七", "123456789012345678")),
    *(Raw("str", f"<v>{text}</v>") for text in ("8", "12件", "　", "无", "#REF!", "0")),
    *(Raw("e", f"<v>{error}</v>") for error in ("#REF!", "#N/A", "#GETTING_DATA")),
    *(Raw("b", f"<v>{value}</v>") for value in "01"),
    Raw("d", "<v>2025-01-02</v>"),
    Raw("inlineStr", "<is><r><t>1</t></r><r><t>2</t></r></is>"),
    Raw("inlineStr", '<is><t xml:space="preserve"> 12 </t></is>'),
    Raw("inlineStr", "<is><t>=cmd|'/C calc'!A0</t></is>"),
    Raw("s", "<v>0</v>"),
    Raw("n", "<f>1+1</f><v>2</v>"),
    Raw("str", "<f>A1</f><v>甲</v>"),
    Raw("n", "<f>1+1</f>"),
    Raw("e", "<f>1/0</f><v>#DIV/0!</v>"),
    Raw("n", '<f t="shared" si="0"/><v>3</v>'),
    Raw("unknown", "<v>5</v>"),
)
#: Nothing there. In a place that was blank before it is no change.
EMPTY: tuple[Raw, ...] = (Raw("n", ""), Raw("n", "<v></v>"), Raw("inlineStr", "<is/>"))


@cache
def blank_tables() -> bytes:
    """Nothing typed into the tables, each declared to be without business."""
    book = workbook({cell.id: None for cell in form().inputs})
    return typed(book, dict.fromkeys(place(form()).declarations, ALL_ZERO))


def base(name: str) -> bytes:
    return workbook(BUSY) if name == "filled" else blank_tables()


@cache
def parts_of(name: str) -> Mapping[str, bytes]:
    return unzipped(base(name))


@cache
def part_names() -> Mapping[str, str]:
    """Sheet → its part."""
    book = parts_of("filled")["xl/workbook.xml"].decode()
    names = re.findall(r'<sheet name="([^"]+)"', book)
    return {n: f"xl/worksheets/sheet{i}.xml" for i, n in enumerate(names, 1)}


def with_entry(name: str, where: Place, entry: Raw) -> bytes:
    """The workbook with another cell, packed without compression to save time."""
    part = part_names()[where.sheet]
    xml = parts_of(name)[part].decode()
    found = re.search(rf'<c r="{where.address}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', xml)
    assert found is not None
    cell = (
        f'<c r="{where.address}"{found[1] or ""} t="{escape(entry.type)}">'
        f"{entry.xml}</c>"
    )
    spoiled = (xml[: found.start()] + cell + xml[found.end() :]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for each, content in parts_of(name).items():
            info = zipfile.ZipInfo(each)
            archive.writestr(info, spoiled if each == part else content)
    return buffer.getvalue()


def said(submission: Submission) -> tuple[object, ...]:
    """Everything that tells one return from another."""
    answers = submission.answers
    return (
        dict(submission.facts),
        dict(answers.values),
        answers.declared,
        dict(answers.texts),
        dict(answers.explanations),
        sorted(
            (f.code, f.cell or "", f.sheet or "", f.address or "", f.seen or "")
            for f in submission.findings
        ),
    )


@cache
def unspoiled(name: str) -> tuple[object, ...]:
    return said(judged(base(name), expected()))


#: Where nothing stands anyway, such an entry is as good as none.
SHOWS_NOTHING = [Raw("str", "<v>\u3000</v>")]


def changes() -> Iterator[tuple[str, str, Raw]]:
    """(workbook, place, what is put there).

    For each place one entry drawn by the seed, or all of them if there is time.
    """
    layout = place(form())
    inputs = [cell.id for cell in form().inputs]
    chance = random.Random(SEED)
    for name in ("filled", "declared"):
        for id_ in (*inputs, *layout.texts, *layout.explanations):
            is_blank = id_ in layout.explanations or (
                name == "declared" and id_ in form().cells
            )
            usual = ENTRIES if is_blank else ENTRIES + EMPTY
            if id_ in layout.explanations:
                usual = tuple(e for e in usual if e not in SHOWS_NOTHING)
            for entry in usual if SECONDS else [chance.choice(usual)]:
                yield name, id_, entry


def test_no_change_of_anything_a_clerk_types_goes_unnoticed() -> None:
    """Another entry in a place gives other facts or answers, or a finding."""
    unnoticed, failed, count = [], [], 0
    for name, id_, entry in changes():
        submission = judged(with_entry(name, spot(id_), entry), expected())
        count += 1
        if said(submission) == unspoiled(name):
            unnoticed.append((name, id_, entry))
        if any(finding.code == "R08" for finding in submission.findings):
            failed.append((name, id_, entry))
    assert failed == []
    assert unnoticed == []
    assert count >= 2 * len(form().inputs)


def test_what_is_no_change_is_none() -> None:
    """The test of the tests: the same entry again is the same return."""
    same = with_entry("filled", spot("applications.received.natural"), stored("9"))
    assert said(judged(same, expected())) == unspoiled("filled")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.type} {e.xml}")
def test_every_entry_in_a_place_for_each_kind(entry: Raw) -> None:
    """All entries, in one place of each kind: a count, an amount, a text, a 说明."""
    line = next(iter(place(form()).explanations))
    text = form().narratives[0].id
    for id_ in ("disputes.review.upheld", "proactive.fees.amount", text, line):
        if id_ == line and entry in SHOWS_NOTHING:
            continue
        submission = judged(with_entry("filled", spot(id_), entry), expected())
        assert said(submission) != unspoiled("filled"), id_


def test_an_error_is_no_reason_and_no_text() -> None:
    """A text that begins with = becomes #NAME?, which says nothing."""
    data = workbook(BUSY, last_period={"applications.carried_out.natural": 5})
    doubt = judged(data, expected())
    assert [f.code for f in doubt.findings if f.is_open]
    line = next(f.line for f in doubt.findings if f.is_open)
    explained = judged(typed(data, {line: REASON}), expected())
    assert not [f for f in explained.findings if f.is_open]
    for error in (Raw("e", "<v>#NAME?</v>"), Raw("n", "<f>A1</f>")):
        submission = judged(typed(data, {line: error}), expected())
        assert {"Y07", "T06"} & {f.code for f in submission.findings}
        assert [f for f in submission.findings if f.is_open and f.line == line]
