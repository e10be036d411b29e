"""A campaign on disk: build, collect, add up, hand on, and never lose a file."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import example, given, settings
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
    contents,
    deliver,
    finding,
    folder,
    form,
    judged,
    plain_workbook,
    put,
    roster,
    spot,
    tree,
    typed,
    unit,
    workbook,
)
from workbook_builder.bounds.many import WORTH_A_POOL
from workbook_builder.campaign.files import OLDER, write_atomically
from workbook_builder.campaign.folder import Folder, create
from workbook_builder.campaign.placing import NEW
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import RawKind
from workbook_builder.model.naming import safe_name
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import (
    FACTS,
    FIELDS,
    FINDINGS,
    PROGRESS,
    RETURNED,
    SUMMARY,
    UPWARD,
    Collection,
    build,
    check,
    collect,
    trust,
)
from workbook_builder.pipeline.collecting import data_files
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import place

COUNT, TOTAL = "applications.received.natural", "applications.received.total"
#: Wrong on purpose: one application more than was handled.
UNBALANCED = {**BUSY, COUNT: 10}
MORE = {**BUSY, COUNT: 19, "applications.granted.natural": 18}


def good(code: str = "U1") -> bytes:
    return workbook(BUSY, unit(code, "Q"))


def bad(code: str = "U1") -> bytes:
    return workbook(UNBALANCED, unit(code, "Q"))


def verdicts(collection: Collection) -> dict[str, str]:
    return {each.path: each.verdict.value for each in collection.submissions}


def returned_names(results: Path) -> list[str]:
    return sorted(path.name[:2] for path in (results / RETURNED).glob("*.xlsx"))


# ---------------------------------------------------------------- a full inbox

INBOX: dict[str, tuple[Callable[[], bytes], str]] = {
    "甲/U1.xlsx": (lambda: good("U1"), "accepted"),
    "U2 第一版.xlsx": (lambda: good("U2"), "superseded"),
    "U2 第二版.xlsx": (lambda: workbook(MORE, unit("U2", "Q")), "accepted"),
    "U3.xlsx": (lambda: good("U3"), "superseded"),
    "U3 改.xlsx": (lambda: bad("U3"), "rejected"),
    "U4.xlsx": (lambda: good("U4"), "superseded"),
    "U4 副本.xlsx": (lambda: good("U4"), "accepted"),
    "U5.xlsx": (lambda: typed(good("U5"), {"problems": None}), "needs_explanation"),
    "去年的.xlsx": (lambda: workbook(within=campaign(year=YEAR - 1)), "not_ours"),
    "别的区的.xlsx": (lambda: workbook(BUSY, unit("Z1")), "not_ours"),
    "自己的表.xlsx": (lambda: plain_workbook("单位", "1"), "not_ours"),
    "加密.xlsx": (lambda: compound_file("EncryptedPackage"), "unreadable"),
    "没传完.xlsx": (lambda: good("U6")[:20_000], "unreadable"),
    "空.xlsx": (lambda: b"", "unreadable"),
    "~$U1.xlsx": (lambda: b"\x05lock", "ignored"),
    ".DS_Store": (lambda: b"\0\0\0\1Bud1", "ignored"),
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    files = {name: make() for name, (make, _) in INBOX.items()}
    units = roster("U1", "U2", "U3", "U4", "U5", "U6")
    return folder(tmp_path_factory.mktemp("full"), units, files)


@pytest.fixture(scope="module")
def collected(full: Folder) -> Collection:
    return collect(full)


def test_every_file_of_the_inbox_has_exactly_one_verdict(collected: Collection) -> None:
    wanted = {name: verdict for name, (_, verdict) in INBOX.items()}
    assert verdicts(collected) == wanted
    counted = Counter(each.verdict for each in collected.submissions)
    assert sum(counted.values()) == len(INBOX)


def test_only_what_is_accepted_is_added_up(collected: Collection) -> None:
    assert sorted(collected.summary.counted) == ["U1", "U2", "U4"]
    node = collected.nodes["Q"]
    assert (node.returned, node.accepted, node.expected) == (5, 3, 6)
    assert node.totals[COUNT] == 9 + 19 + 9
    assert collected.nodes["U3"].totals == {}


def test_a_later_version_replaces_the_one_before(collected: Collection) -> None:
    by_path = {each.path: each for each in collected.submissions}
    later = finding(by_path["U2 第一版.xlsx"], "V01")
    assert "U2 第二版.xlsx" in later.message.zh
    assert "V02" in codes(by_path["U4.xlsx"].findings)
    assert "V01" in codes(by_path["U3.xlsx"].findings)


def test_each_unit_with_something_to_do_gets_its_workbook_back(
    full: Folder, collected: Collection
) -> None:
    assert collected.summary.counted.keys().isdisjoint({"U3", "U5"})
    assert returned_names(full.results) == ["U3", "U5"]


def test_the_lists_name_every_file_and_every_figure(
    full: Folder, collected: Collection
) -> None:
    findings = rows_of(full.results / FINDINGS)
    assert {row["file"] for row in findings} == {
        each.path for each in collected.submissions if each.findings
    }
    every = rows_of(full.results / FACTS)
    assert {row["unit"] for row in every} == {"U1", "U2", "U3", "U4", "U5"}
    facts = [row for row in every if row["counted"] == "true"]
    assert len(facts) == 3 * len(form().cells)
    assert {row["unit"] for row in facts} == {"U1", "U2", "U4"}
    added = sum(Decimal(row["value"]) for row in facts if row["cell"] == TOTAL)
    assert added == collected.nodes["Q"].totals[TOTAL]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_the_summary_opens_and_names_every_file(full: Folder) -> None:
    book = openpyxl.load_workbook(full.results / SUMMARY, data_only=True)
    shown = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert INBOX.keys() <= shown


def test_collecting_changes_nothing_in_the_inbox_and_repeats_itself(
    full: Folder, collected: Collection
) -> None:
    inbox, results = contents(full.inbox), contents(full.results)
    times = {path: path.stat().st_mtime_ns for path in full.inbox.rglob("*")}
    again = collect(full)
    assert verdicts(again) == verdicts(collected)
    assert contents(full.results) == results
    assert (
        contents(full.inbox) == inbox == {n: make() for n, (make, _) in INBOX.items()}
    )
    assert {path: path.stat().st_mtime_ns for path in full.inbox.rglob("*")} == times


def test_many_files_are_read_in_several_processes_alike(tmp_path: Path) -> None:
    files = {
        f"{i:02}.xlsx": good() if i % 2 else bad() for i in range(2 * WORTH_A_POOL)
    }
    made = folder(tmp_path, roster("U1"), files)
    seen: list[tuple[int, int]] = []
    collection = collect(made, lambda done, of: seen.append((done, of)))
    alone = {Path(each.path).name: each.sha256 for each in check([made.inbox])}
    assert {each.path: each.sha256 for each in collection.submissions} == alone
    assert Counter(verdicts(collection).values()) == {
        "superseded": len(files) - 1,
        "accepted": 1,
    }
    assert seen == [(done, len(files)) for done in range(1, len(files) + 1)]


def test_an_empty_inbox_gives_a_summary_and_no_sum(tmp_path: Path) -> None:
    made = folder(tmp_path)
    collection = collect(made)
    assert collection.submissions == ()
    assert not (made.results / UPWARD).exists()
    assert (made.results / SUMMARY).exists()


# ---------------------------------------------------------------- one level up


def test_a_districts_own_return_is_accepted_and_adds_up_in_the_city(
    tmp_path: Path,
) -> None:
    district = folder(
        tmp_path / "区",
        roster("U1", "U2", top="D1"),
        {
            "1.xlsx": workbook(BUSY, unit("U1", "D1")),
            "2.xlsx": workbook(BUSY, unit("U2", "D1")),
        },
    )
    below = collect(district)
    (upward,) = (district.results / UPWARD).glob("*.xlsx")
    (alone,) = check([upward])
    assert alone.verdict is Verdict.ACCEPTED
    assert alone.unit_code == "D1"

    # The city's campaign has the same name, as folders often do, but not the key.
    city_campaign = campaign(key="of the city")
    other = workbook({**BUSY, "proactive.fees.amount": 100}, unit("D2"), city_campaign)
    city = folder(
        tmp_path / "市",
        tree(C="", D1="C", D2="C"),
        {"区.xlsx": upward.read_bytes(), "D2.xlsx": other},
        city_campaign,
    )
    assert verdicts(collect(city)) == {"区.xlsx": "waiting", "D2.xlsx": "accepted"}
    trust(city, "D1")
    above = collect(city)
    assert verdicts(above) == {"区.xlsx": "accepted", "D2.xlsx": "accepted"}
    assert above.nodes["D1"].totals == below.nodes["D1"].totals
    for cell, total in above.nodes["C"].totals.items():
        assert total == below.nodes["D1"].totals[cell] + above.nodes["D2"].totals[cell]
    assert above.nodes["C"].totals["proactive.fees.amount"] == Decimal("106.5")


@pytest.fixture(scope="module")
def control(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Returns of two units, and the roll-up of them and of a third."""
    path = tmp_path_factory.mktemp("control")
    units = {f"U{n}.xlsx": workbook(BUSY, unit(f"U{n}", "D")) for n in (1, 2)}
    made = folder(path, tree(D="", U1="D", U2="D"), units)
    collect(made)
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    return {**units, "D.xlsx": upward.read_bytes()}


def test_a_roll_up_with_its_parts_is_a_control_total(
    tmp_path: Path, control: Mapping[str, bytes]
) -> None:
    made = folder(tmp_path, tree(C="", D="C", U1="D", U2="D"), control)
    trust(made, "D")
    collection = collect(made)
    node = collection.nodes["C"]
    assert set(verdicts(collection).values()) == {"accepted"}
    assert (node.returned, node.accepted, node.expected) == (2, 2, 2)
    assert node.totals[TOTAL] == 22


def test_a_roll_up_that_differs_from_its_parts_goes_back_as_a_roll_up(
    tmp_path: Path, control: Mapping[str, bytes]
) -> None:
    files = {name: data for name, data in control.items() if name != "U2.xlsx"}
    made = folder(tmp_path, tree(C="", D="C", U1="D", U2="D"), files)
    trust(made, "D")
    collection = collect(made)
    (own,) = [each for each in collection.submissions if each.path == "D.xlsx"]
    found = own.findings[0]
    assert own.verdict is Verdict.REJECTED
    assert (found.code, found.difference) == ("D01", "12")
    assert collection.nodes["C"].totals[TOTAL] == 11
    (back,) = (made.results / RETURNED).glob("*.xlsx")
    stamp = judged(back.read_bytes()).stamp
    assert stamp is not None
    assert stamp.kind == "rollup"


def test_explanations_too_long_for_one_cell_do_not_stop_the_roll_up(
    tmp_path: Path,
) -> None:
    long = "上年多计。" + "查对台账后更正。" * 2_500
    files = {
        f"{code}.xlsx": typed(good(code), {"B1.natural": long, "B1.total": long})
        for code in ("U1", "U2")
    }
    made = folder(tmp_path, roster("U1", "U2"), files)
    lines = ["unit,year,cell,value"] + [
        f"{code},{YEAR - 1},applications.carried_out.{column},4"
        for code in ("U1", "U2", "Q")
        for column in ("natural", "total")
    ]
    (tmp_path / "last-year" / "facts.csv").write_text("\n".join(lines))
    collect(made)
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    said = judged(upward.read_bytes()).answers.explanations["B1.natural"]
    assert said.startswith("示例街道办事处U1：上年多计。")


# ---------------------------------------------------------------- what goes back

NASTY: dict[str, Typed] = {
    "a figure beyond all spreadsheets": Raw("n", "<v>1e300</v>"),
    "more digits than there are": Raw("n", "<v>12345678901234567890</v>"),
    "a page of text": "长" * 32_767,
    "a formula typed as text": "=HYPERLINK(1)",
    "a formula said to be an error": Raw("e", "<v>HYPERLINK(1)</v>"),
    "an error": Raw("e", "<v>#REF!</v>"),
    "a formula without a result": Raw("n", "<f>1+1</f>"),
    "control characters": "a_x0000__x001B__xD800_b",
}


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("cell", [COUNT, TOTAL])
def test_no_entry_of_one_unit_stops_the_others_or_comes_back_as_a_formula(
    tmp_path: Path, name: str, cell: str
) -> None:
    data = typed(good("U1"), {cell: NASTY[name]})
    made = folder(tmp_path, roster("U1", "U2"), {"1.xlsx": data, "2.xlsx": good("U2")})
    collection = collect(made)
    assert "U2" in collection.summary.counted
    if cell == COUNT:
        assert returned_names(made.results) == ["U1"]
        (back,) = (made.results / RETURNED).glob("*.xlsx")
        where = spot(cell)
        sheet = read_grid(back.read_bytes()).sheet(where.sheet)
        assert sheet is not None
        raw = sheet.cells.get((where.row, where.column))
        assert raw is None or raw.formula is None or raw.kind is RawKind.ERROR


@pytest.mark.parametrize("hours", [(0, 1), (1, 0), (0, 0)])
def test_a_workbook_nobody_filled_in_never_replaces_one_that_was(
    tmp_path: Path, hours: tuple[int, int]
) -> None:
    """An answer often carries the workbook that was sent out as well."""
    made = folder(tmp_path, roster("U1"))
    blank = build_workbook(form(), unit("U1", "Q"), campaign())
    deliver(made, "a 填了的.xlsx", good(), hours[0])
    deliver(made, "z 原表.xlsx", blank, hours[1])
    found = {each.path: each for each in collect(made).submissions}
    assert found["a 填了的.xlsx"].verdict is Verdict.ACCEPTED
    assert found["z 原表.xlsx"].verdict is Verdict.IGNORED
    assert codes(found["z 原表.xlsx"].findings) == ["I11"]


def test_a_figure_that_was_not_read_goes_back_blank(tmp_path: Path) -> None:
    label = next(w for w, t in place(form()).labels.items() if t == "行政许可")
    made = folder(tmp_path, roster("U1"), {"1.xlsx": put(good(), {label: "别的"})})
    collect(made)
    (back,) = (made.results / RETURNED).glob("*.xlsx")
    again = judged(back.read_bytes())
    assert set(codes(again.findings)) == {"A6"}
    assert again.facts[COUNT].number == 9


def test_a_total_typed_over_goes_back_as_a_formula(tmp_path: Path) -> None:
    """Totals are locked: a unit could not put it right itself."""
    data = typed(good(), {TOTAL: 12})
    made = folder(tmp_path, roster("U1"), {"1.xlsx": data})
    assert verdicts(collect(made)) == {"1.xlsx": "rejected"}
    (back,) = (made.results / RETURNED).glob("*.xlsx")
    deliver(made, "2.xlsx", back.read_bytes(), hour=1)
    assert verdicts(collect(made)) == {"1.xlsx": "superseded", "2.xlsx": "accepted"}
    assert returned_names(made.results) == []


def test_what_goes_back_says_which_of_the_versions_it_is(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1", "U2"))
    for hour, (name, code) in enumerate([("甲", "U1"), ("乙", "U2"), ("丙", "U1")]):
        deliver(made, f"{name}.xlsx", typed(bad(code), {"problems": name}), hour)
    collect(made)
    said = []
    for back in sorted((made.results / RETURNED).glob("*.xlsx")):
        with zipfile.ZipFile(back) as parts:
            strings = parts.read("xl/sharedStrings.xml").decode()
        said += re.findall("第 ([0-9]) 次报送：.*?“(.*?)”", strings)
    assert said == [("2", "丙.xlsx"), ("1", "乙.xlsx")]


def test_what_was_typed_comes_back_with_the_workbook(tmp_path: Path) -> None:
    data = typed(
        bad(), {"problems": "本年度没有问题，以后改进。", "B1.natural": REASON}
    )
    made = folder(tmp_path, roster("U1"), {"1.xlsx": data})
    (before,) = collect(made).submissions
    (back,) = (made.results / RETURNED).glob("*.xlsx")
    after = judged(back.read_bytes(), made.expected())
    assert after.answers == before.answers
    assert codes(after.findings) == codes(before.findings)


def test_lists_hold_nothing_an_office_suite_would_run(tmp_path: Path) -> None:
    one, other = typed(good(), {COUNT: "=1+1"}), typed(good("U2"), {COUNT: "-2"})
    made = folder(tmp_path, roster("U1", "U2"), {"1.xlsx": one, "2.xlsx": other})
    collect(made)
    seen = [row["seen"] for row in rows_of(made.results / FINDINGS)]
    assert "'=1+1" in seen
    assert "-2" in seen  # a number stays one


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode there")
def test_a_name_that_is_no_unicode_stops_nothing(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1"))
    name = "报送表.xlsx".encode("gb18030")
    Path(os.fsdecode(os.fsencode(made.inbox) + b"/" + name)).write_bytes(good())
    assert list(verdicts(collect(made)).values()) == ["accepted"]


# ---------------------------------------------------------------- the results folder


def test_stale_workbooks_to_send_back_go_and_foreign_files_stay(tmp_path: Path) -> None:
    made = folder(
        tmp_path, roster("U1", "U2"), {"1.xlsx": bad("U1"), "2.xlsx": bad("U2")}
    )
    collect(made)
    note = made.results / RETURNED / "U1 电话记录.xlsx"
    note.write_bytes(b"mine")
    (made.results / "批示.docx").write_bytes(b"mine too")
    deliver(made, "3.xlsx", good("U1"), hour=9)
    collect(made)
    assert returned_names(made.results) == ["U1", "U2"]
    assert note.read_bytes() == b"mine"
    assert (made.results / "批示.docx").read_bytes() == b"mine too"


@pytest.mark.parametrize("absolute", [False, True])
def test_the_list_of_generated_files_reaches_nothing_outside(
    tmp_path: Path, absolute: bool
) -> None:
    made = folder(tmp_path)
    outside = made.outbox / "a"
    outside.write_bytes(b"a")
    noted = str(outside) if absolute else "../outbox/a"
    for listed in ([noted], {noted: ["0" * 64]}):
        (made.results / ".generated.json").write_text(json.dumps(listed))
        collect(made)
    assert outside.exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[1, null]", '"a"', "\0", '{"a": "b", "汇总.xlsx": [1]}']
)
def test_a_broken_list_of_generated_files_does_no_harm(
    tmp_path: Path, text: str
) -> None:
    made = folder(tmp_path)
    (made.results / ".generated.json").write_text(text)
    collect(made)
    names = list(json.loads((made.results / ".generated.json").read_text()))
    (tmp_path / "data").mkdir()
    data_files(collect(made).summary, tmp_path / "data")
    data = {each.name for each in (tmp_path / "data").iterdir()}
    assert names == sorted([SUMMARY, PROGRESS, *data])
    assert {FACTS, FIELDS, FINDINGS} <= data


def test_what_cannot_be_written_is_one_sentence_and_the_old_result_stays(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path, roster("U1"), {"1.xlsx": good()})
    collect(made)
    (made.results / SUMMARY).unlink()
    (made.results / SUMMARY / "in the way").mkdir(parents=True)
    before = contents(made.results)
    deliver(made, "2.xlsx", bad(), hour=5)
    with pytest.raises(CampaignError) as caught:
        collect(made)
    assert SUMMARY in caught.value.text.zh
    assert "\n" not in caught.value.text.zh
    after = contents(made.results)
    assert {name: after[name] for name in before if name[0] != "."} == {
        name: data for name, data in before.items() if name[0] != "."
    }
    assert [name for name in after if name.endswith(".tmp")] == []


def test_a_run_that_failed_half_way_leaves_nothing_stale_behind(tmp_path: Path) -> None:
    made = folder(
        tmp_path, roster("U1", "U2"), {"1.xlsx": bad("U1"), "2.xlsx": bad("U2")}
    )
    names = [path.name for path in build(made).files]
    obstacle = made.results / RETURNED / names[1] / "in the way"
    obstacle.mkdir(parents=True)
    with pytest.raises(CampaignError):
        collect(made)
    assert not (made.results / RETURNED / names[0]).exists()
    obstacle.rmdir()
    obstacle.parent.rmdir()
    deliver(made, "3.xlsx", good("U1"), hour=9)
    collect(made)
    assert returned_names(made.results) == ["U2"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays in the way")
def test_results_are_replaced_not_written_over(tmp_path: Path) -> None:
    """Whoever reads an old result while a new one is made sees all of the old."""
    made = folder(tmp_path, roster("U1"), {"1.xlsx": good()})
    collect(made)
    before = contents(made.results)
    with contextlib.ExitStack() as stack:
        opened = {
            name: stack.enter_context((made.results / name).open("rb"))
            for name in before
        }
        deliver(made, "2.xlsx", bad(), hour=5)
        collect(made)
        assert contents(made.results)[SUMMARY] != before[SUMMARY]
        assert {name: file.read() for name, file in opened.items()} == before


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
from workbook_builder.cli import run
sys.exit(run(["--lang", "zh", "collect", sys.argv[1]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_is_one_sentence_and_the_old_results_stay(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1"), {"1.xlsx": good()})
    collect(made)
    before = contents(made.results)
    deliver(made, "2.xlsx", bad(), hour=5)
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(made.path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.strip().startswith(f"“{SUMMARY}”无法写入")
    assert "Traceback" not in ended.stderr
    after = contents(made.results)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} <= {
        ".generated.json"
    }


# ---------------------------------------------------------------- killed


KILLED = {"1.xlsx": (bad, "U1"), "2.xlsx": (good, "U1"), "3.xlsx": (bad, "U2")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Mapping[str, bytes]]:
    """The results of undisturbed runs: with one file in the inbox, and with three."""
    results = []
    for count in (1, 3):
        files = {name: make(code) for name, (make, code) in KILLED.items()}
        some = dict(list(files.items())[:count])
        made = folder(tmp_path_factory.mktemp("whole"), roster("U1", "U2"), some)
        collect(made)
        results.append(contents(made.results))
    return results


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
@pytest.mark.parametrize("before", [False, True], ids=["first", "again"])
@pytest.mark.parametrize("changes", [1, 3, 5])
def test_a_run_that_is_killed_leaves_whole_files_and_can_be_repeated(
    tmp_path: Path, whole: Sequence[Mapping[str, bytes]], before: bool, changes: int
) -> None:
    files = {name: make(code) for name, (make, code) in KILLED.items()}
    made = folder(tmp_path, roster("U1", "U2"), files)
    older, undisturbed = whole[0] if before else {}, whole[1]
    for name, data in older.items():
        write_atomically(made.results / name, data)
    known = inodes(made.results)
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook_builder", "collect", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    new: set[tuple[str, int]] = set()
    while process.poll() is None and len(new) < changes:
        new |= inodes(made.results) - known
    time.sleep(random.Random(changes).random() / 200)
    process.kill()
    process.wait()
    for name, data in contents(made.results).items():
        if not name.startswith(f"{NEW}/") and not name.endswith((".tmp", ".json")):
            assert data in (older.get(name), undisturbed.get(name))
    collect(made)
    assert contents(made.results) == undisturbed


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_worker_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    files = {f"{i:02}.xlsx": good() for i in range(8 * WORTH_A_POOL)}
    made = folder(tmp_path, roster("U1"), files)
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook_builder", "collect", str(made.path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers: list[str] = []
    while process.poll() is None and not workers:
        workers = children.read_text().split()
    process.kill()
    process.wait()
    assert workers
    until = time.monotonic() + 20
    while time.monotonic() < until and any(map(running, workers)):
        time.sleep(0.05)
    left = [worker for worker in workers if running(worker)]
    for worker in left:
        os.kill(int(worker), signal.SIGKILL)
    assert left == []


def running(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    except FileNotFoundError:
        return False
    return not state.startswith("Z")


def inodes(path: Path) -> set[tuple[str, int]]:
    found = set()
    for each in path.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            found.add((each.name, each.stat().st_ino))
    return found


# ---------------------------------------------------------------- build


def test_every_reporting_unit_gets_a_workbook_that_knows_it(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1", "U2"))
    built = build(made)
    assert [path.name for path in built.files] == [
        f"{code}_示例街道办事处{code}_{YEAR}年政府信息公开工作年度报告.xlsx"
        for code in ("U1", "U2")
    ]
    assert built.changed == built.files
    for path, code in zip(built.files, ("U1", "U2"), strict=True):
        blank = judged(path.read_bytes(), made.expected())
        assert blank.unit_code == code
        assert set(codes(blank.findings)) == {"A6", "F1", "F12", "F13"}


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1"))
    (path,) = build(made).files
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert build(made).changed == ()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before
    assert list(contents(made.outbox)) == [path.name]


def test_building_anew_puts_every_different_older_workbook_aside(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path, roster("U1"))
    settings = tmp_path / "campaign.toml"
    older = []
    for contact in ("甲", "乙", "丙"):
        text = settings.read_text(encoding="utf-8")
        lines = [
            f'contact = "{contact}"' if line.startswith("contact") else line
            for line in text.splitlines()
        ]
        settings.write_text("\n".join(lines), encoding="utf-8")
        (path,) = build(made).files
        older.append(path.read_bytes())
    aside = contents(made.outbox / OLDER)
    assert len(set(older)) == 3
    assert sorted(aside.values()) == sorted(older[:2])


def test_last_periods_figures_come_from_lists_and_from_workbooks(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path, roster("U1", "U2"))
    last = campaign("last", YEAR - 1)
    cell = "applications.carried_out.natural"
    before = tmp_path / "last-year"
    (before / "U1.xlsx").write_bytes(workbook(BUSY, unit("U1", "Q"), last))
    (before / "this year.xlsx").write_bytes(good("U2"))
    (before / "~$U1.xlsx").write_bytes(b"\x05lock")
    (before / "notes.csv").write_text("a,b\n1,2\n")
    (before / "facts.csv").write_text(
        f"unit,year,cell,value\nU2,{YEAR - 1},{cell},7\n"
        f"U2,{YEAR - 2},{cell},8\nU2,{YEAR - 1},no.such.cell,9\nU2,{YEAR - 1},{TOTAL},\n"
    )
    known = made.last_period()
    assert known["U1"][cell] == 1
    assert known["U2"] == {cell: 7}


@pytest.mark.parametrize("value", ["七", "1,000", "NaN", "-Infinity", "0x7"])
def test_last_periods_list_with_a_word_for_a_figure_is_refused(
    tmp_path: Path, value: str
) -> None:
    made = folder(tmp_path)
    rows = [["unit", "year", "cell", "value"], ["U1", str(YEAR - 1), COUNT, value]]
    with (tmp_path / "last-year" / "facts.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(CampaignError) as caught:
        made.last_period()
    assert f"第2行：“{value}”不是数字" in caught.value.text.zh


def test_a_damaged_list_of_the_last_period_is_a_sentence_with_its_row(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path)
    list_ = tmp_path / "last-year" / "facts.csv"
    for data, said in (
        (
            f"unit,year,cell,value\nU1,{YEAR - 1},x,1\n{'9' * 200_000}\n".encode(),
            "第3行",
        ),
        (b"unit,year\0,cell\n" + bytes(range(256)), "编码"),
    ):
        list_.write_bytes(data)
        with pytest.raises(CampaignError) as caught:
            made.last_period()
        assert said in caught.value.text.zh
    list_.write_bytes(b"")
    assert made.last_period() == {}


# ---------------------------------------------------------------- settings and files


@settings(max_examples=25, deadline=None)
@example('甲区\n“"\\\t\x7f\x00')
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_settings_hold_any_text(text: str) -> None:
    wanted = replace(campaign(), district=text, phone=text, deadline=date(2026, 1, 20))
    with TemporaryDirectory() as path:
        assert create(Path(path), wanted, roster("U1")).campaign() == wanted


WRONG_SETTINGS: dict[str, tuple[bytes, str]] = {
    "no TOML": (b'id = "a"\nyear = 2025\ndistrict =\n', "第3行"),
    "a quote missing": ('id = "a"\nyear = 2025\ndistrict = 甲区\n'.encode(), "第3行"),
    "a key missing": (b'id = "a"\nyear = 2025\n', "“district”"),
    "no period": (b'id = "a"\ndistrict = "b"\n', "“period”"),
    "a period of no calendar": (
        b'id = "a"\ndistrict = "b"\nperiod = "2025Q5"\n',
        "“period”",
    ),
    "two periods": (
        b'id = "a"\ndistrict = "b"\nperiod = 2025\nyear = 2024\n',
        "“period”",
    ),
    "a key too many": (b'id = "a"\nyear = 2025\ndistrict = "b"\nx = 1\n', "“x”"),
    "a word for the year": (b'id = "a"\nyear = "b"\ndistrict = "c"\n', "“year”"),
    "no date": (b'id = "a"\nyear = 1\ndistrict = "c"\ndeadline = 1\n', "“deadline”"),
    "no such form": (
        b'id = "a"\nyear = 2025\ndistrict = "b"\nform = "census"\n',
        "“census”",
    ),
    "no such edition": (
        b'id = "a"\nyear = 2025\ndistrict = "b"\nedition = "1999"\n',
        "“disclosure 1999”",
    ),
    "not in UTF-8": ('district = "甲区"'.encode("gb18030"), "UTF-8"),
}


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_wrong_settings_are_one_sentence_that_says_where(
    tmp_path: Path, name: str
) -> None:
    data, words = WRONG_SETTINGS[name]
    (tmp_path / "campaign.toml").write_bytes(data)
    with pytest.raises(CampaignError) as caught:
        Folder(tmp_path).campaign()
    text = caught.value.text
    assert words in text.zh
    assert "\n" not in text.zh
    assert text.zh.endswith("。")
    assert name == "not in UTF-8" or words.strip("“”第行") in text.en


def test_a_campaign_is_never_made_over_another(tmp_path: Path) -> None:
    folder(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(CampaignError, match="already holds a campaign"):
        create(tmp_path, campaign("new"), roster("U9"))
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["roster.xlsx", "roster.csv"])
def test_a_roster_that_is_there_already_is_kept(tmp_path: Path, name: str) -> None:
    data = "单位代码,单位名称\nU7,庚街道\n".encode()
    (tmp_path / name).write_bytes(data)
    made = create(tmp_path, campaign(), roster("U1"))
    assert (tmp_path / name).read_bytes() == data
    assert [each.code for each in made.roster().units] == ["U7"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_text_makes_a_safe_file_name(text: str) -> None:
    name = safe_name(text)
    assert 1 <= len(name) <= 121
    assert not set(name) & set('<>:"/\\|?*\0\n\u202e')
    assert name.strip(" .") == name
    assert name.partition(".")[0].upper() not in {"CON", "NUL", "COM1", "LPT1"}


@pytest.mark.parametrize("name", ["con", "NUL.xlsx", "aux.a.b", "Com1", "lpt9.txt"])
def test_names_of_devices_are_no_file_names(name: str) -> None:
    assert safe_name(name) == f"_{name}"


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    (tmp_path / "b" / "c").mkdir(parents=True)
    for blocked in (tmp_path / "b", path / "below a file"):
        with pytest.raises(CampaignError):
            write_atomically(blocked, b"x")
    assert contents(tmp_path) == {"a": b"new"}


def test_a_workbook_goes_out_with_what_the_roster_knows(tmp_path: Path) -> None:
    one = Unit("U1", "示例局", "Q", "部门", "联系人", ("a@b.cn", "c@d.cn"), "000-1")
    made = folder(tmp_path, Roster((Unit("Q", "示例区", type="区县"), one)))
    (path,) = build(made).files
    sent = judged(path.read_bytes()).answers
    assert sent.fields == {"telephone": "000-1", "email": "a@b.cn"}


@pytest.mark.parametrize("phone", ["13812345678", "+86 138-1234-5678"])
def test_no_mobile_number_goes_into_the_public_preamble(
    tmp_path: Path, phone: str
) -> None:
    one = Unit("U1", "示例局", "Q", "部门", "联系人", ("a@b.cn",), phone)
    made = folder(tmp_path, Roster((Unit("Q", "示例区", type="区县"), one)))
    (path,) = build(made).files
    assert judged(path.read_bytes()).answers.fields == {"email": "a@b.cn"}


# ---------------------------------------------------------------- several at the top


def test_a_roster_with_several_units_at_the_top_needs_the_districts_code(
    tmp_path: Path,
) -> None:
    made = folder(tmp_path, tree(A="", B=""))
    for code in "AB":
        deliver(made, f"{code}.xlsx", workbook(BUSY, unit(code)))
    collection = collect(made)
    assert collection.summary.counted.keys() == {"A", "B"}
    assert not list((made.results / UPWARD).glob("*"))

    path = made.path / "campaign.toml"
    path.write_text(
        path.read_text("utf-8").replace('unit_code = ""', 'unit_code = "Q7"')
    )
    collect(made)
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    stamp = judged(upward.read_bytes()).stamp
    assert stamp is not None
    assert (stamp.unit_code, stamp.unit_name) == ("Q7", "示例区人民政府办公室")


def test_a_district_may_have_another_code_one_level_up(tmp_path: Path) -> None:
    made = folder(tmp_path, roster("U1"), of=replace(campaign(), unit_code="310113"))
    deliver(made, "1.xlsx", workbook(BUSY, unit("U1", "Q")))
    collect(made)
    (upward,) = (made.results / UPWARD).glob("*.xlsx")
    stamp = judged(upward.read_bytes()).stamp
    assert stamp is not None
    assert (stamp.unit_code, stamp.unit_name, stamp.unit_type) == (
        "310113", "示例区Q", "区县",
    )  # fmt: skip
