"""What a person changed in the results is kept, and 计入 becomes a decision."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from tests.support import BUSY, deliver, folder, form, put, roster, unit, workbook
from workbook_builder.campaign.files import OLDER
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.decision import Ruling
from workbook_builder.pipeline import (
    RETURNED,
    SUMMARY,
    UPWARD,
    Collection,
    Wanted,
    Wish,
    collect,
    decide,
    make_reports,
    withdraw,
)
from workbook_builder.public import receive
from workbook_builder.workbook.place import place

#: U1 and U2 are accepted, U3 is explained by nobody (B1), U4 returned nothing.
ODD = {
    "applications.carried_in.natural": 2,
    "applications.received.natural": 1,
    "applications.granted.natural": 3,
}
LAST = {"applications.carried_out.natural": 3}


@pytest.fixture
def made(tmp_path: Path) -> Folder:
    made = folder(tmp_path, roster("U1", "U2", "U3", "U4"))
    for code in ("U1", "U2"):
        deliver(made, f"{code}.xlsx", workbook(BUSY, unit(code, "Q")))
    deliver(made, "U3.xlsx", workbook(ODD, unit("U3", "Q"), last_period=LAST))
    collect(made)
    return made


def set_switches(made: Folder, **switches: int) -> None:
    """As Excel does: opened, some 计入 changed, the lines sorted, saved."""
    path = made.results / SUMMARY
    book = openpyxl.load_workbook(path)
    sheet = book["明细"]
    sheet.insert_cols(1)
    for row in sheet.iter_rows(min_row=7):
        if (code := str(row[1].value)) in switches:
            row[4].value = switches[code]
    book.save(path)


def decided(collection: Collection) -> list[tuple[str, Ruling]]:
    return [
        (each.decision.unit, each.decision.ruling)
        for each in collection.summary.decisions
        if each.in_force
    ]


def said(collection: Collection) -> str:
    return "\n".join(each.zh for each in collection.by_hand)


def test_results_that_somebody_changed_are_kept_and_those_nobody_changed_are_not(
    made: Folder,
) -> None:
    assert not collect(made).by_hand, "nobody changed anything"
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    (back,) = (made.results / RETURNED).glob("*.xlsx")
    for path in (upward, back):
        path.write_bytes(path.read_bytes() + b"mine")
    changed = {path: path.read_bytes() for path in (upward, back)}
    decide(made, Wish("U3", Ruling.ACCEPT, "电话核实，情况属实"))
    collection = collect(made)  # U3 is no longer sent back: even so its notes stay
    for path, data in changed.items():
        (kept,) = (path.parent / OLDER).iterdir()
        assert kept.read_bytes() == data
        assert f"{path.parent.name}/{OLDER}/{kept.name}" in said(collection)
    assert len(collection.by_hand) == 2
    assert not back.exists()
    assert not collect(made).by_hand
    assert not (made.results / OLDER).exists()


def test_what_the_district_wrote_into_its_roll_up_goes_on(made: Folder) -> None:
    """Texts and its own explanations, also when sums change and change again."""
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    spots = place(form())
    wrote = {
        spots.texts["overview_proactive"]: "本区全年主动公开信息三千条。",
        spots.fields["address"]: "解放路1号",
    }
    upward.write_bytes(put(upward.read_bytes(), wrote))
    assert "自己写的文字、说明已经带到新的一份" in said(collect(made))
    for ruling in (Ruling.ACCEPT, Ruling.EXCLUDE):
        decide(made, Wish("U3", ruling, "电话核实，情况属实"))
        collect(made)
        (read,) = receive(upward.read_bytes(), upward.name)
        assert read.answers.texts == {
            "overview_proactive": wrote[spots.texts["overview_proactive"]]
        }
        assert read.answers.fields["address"] == "解放路1号"
        counted = 3 if ruling is Ruling.ACCEPT else 2
        coverage = read.stamp.coverage if read.stamp else None
        assert coverage is not None
        assert coverage.counted == counted
        assert (
            read.facts["applications.received.natural"].number
            == {
                3: 19,
                2: 18,
            }[counted]
        )


def test_a_changed_switch_is_a_decision_that_asks_for_its_reason(made: Folder) -> None:
    set_switches(made, U1=0, U2=1, U3=1, U4=1)
    collection = collect(made)
    assert decided(collection) == [("U1", Ruling.EXCLUDE), ("U3", Ruling.ACCEPT)]
    assert collection.summary.counted.keys() == {"U2", "U3"}
    assert collection.nodes["Q"].accepted == 2
    told = said(collection)
    assert f"decide {made.path} U1 exclude --why" in told
    assert f"decide {made.path} U3 accept --why" in told
    assert "U4的“计入”在汇总.xlsx 里改成了 1，没有沿用" in told
    assert (made.results / OLDER).is_dir(), "the workbook itself is kept as well"
    # Asked until somebody answers; what was taken up is not taken up again.
    again = collect(made)
    assert decided(again) == decided(collection)
    assert len(again.by_hand) == 2
    decide(made, Wish("U1", Ruling.EXCLUDE, "该街道 12 月已撤销"))
    decide(made, Wish("U3", Ruling.ACCEPT, "电话核实，情况属实"))
    last = collect(made)
    assert decided(last) == decided(collection)
    assert not last.by_hand
    # A return that is left out goes back to nobody, and is said on every list.
    assert not list((made.results / RETURNED).glob("*.xlsx"))
    findings = (made.results / "findings.csv").read_text("utf-8-sig")
    assert "经办人决定不计入汇总：该街道 12 月已撤销" in findings


def test_a_switch_set_back_takes_the_decision_back(made: Folder) -> None:
    set_switches(made, U1=0)
    assert decided(collect(made)) == [("U1", Ruling.EXCLUDE)]
    set_switches(made, U1=1)
    assert collect(made).summary.counted.keys() == {"U1", "U2"}
    set_switches(made, U1=0)
    collect(made)
    withdraw(made, "U1")
    assert collect(made).summary.counted.keys() == {"U1", "U2"}


def test_a_switch_is_for_the_file_it_was_set_for(made: Folder) -> None:
    set_switches(made, U1=0)
    newer = {
        **BUSY,
        "applications.received.natural": 13,
        "applications.granted.natural": 13,
    }
    deliver(made, "U1b.xlsx", workbook(newer, unit("U1", "Q")), hour=1)
    collection = collect(made)
    assert not decided(collection)
    assert "又报了一份" in said(collection)


def test_what_decide_changed_in_the_meantime_is_no_switch(made: Folder) -> None:
    decide(made, Wish("U3", Ruling.ACCEPT, "电话核实，情况属实"))
    set_switches(made)  # saved, nothing changed: 计入 of U3 is 0 there
    assert decided(collect(made)) == [("U3", Ruling.ACCEPT)]


def test_a_report_does_not_count_what_was_switched_off(made: Folder) -> None:
    set_switches(made, U1=0)
    reports = make_reports(made, Wanted())
    assert "U1 exclude --why" in reports.by_hand[0].zh
    assert decided(collect(made)) == [("U1", Ruling.EXCLUDE)]


def test_a_summary_that_cannot_be_read_is_kept_all_the_same(made: Folder) -> None:
    book = openpyxl.Workbook()
    saved = io.BytesIO()
    book.save(saved)
    for data in (b"PK\3\4 cut", saved.getvalue()):
        (made.results / SUMMARY).write_bytes(data)
        assert len(collect(made).by_hand) == 1
