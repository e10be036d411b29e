"""From a published total back to files and cells, and whether they are still those."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.sums import COUNT, MONEY, TOTAL, submission, summarised
from tests.support import BUSY, deliver, folder, form, put, tree, unit, workbook, zipped
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.published import Published
from workbook_builder.cli import run
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.layout import Place
from workbook_builder.model.values import plain
from workbook_builder.outputs.database import database
from workbook_builder.pipeline import DATABASE, SUMMARY, Collection, collect, trace
from workbook_builder.pipeline.tracing import cell_of
from workbook_builder.workbook.place import place

#: A city with two districts, the first with two units and a figure of its own.
CITY = tree(C="", D1="C", D2="C", U1="D1", U2="D1", U3="D2")
MORE = {**BUSY, "applications.received.natural": 19, "applications.granted.natural": 18}


@pytest.fixture
def city(tmp_path: Path) -> Folder:
    files = {
        "甲.xlsx": workbook(BUSY, unit("U1", "D1")),
        "乙/乙.xlsx": workbook(MORE, unit("U2", "D1")),
        "D1.xlsx": workbook({**BUSY, COUNT: 28 + 1}, unit("D1", "C"), kind="rollup"),
    }
    made = folder(tmp_path / "市", CITY, files)
    collect(made)
    return made


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Collection]:
    files = {
        "甲.xlsx": workbook(BUSY, unit("U1", "D1")),
        "乙.xlsx": workbook(MORE, unit("U2", "D1")),
        "丙.xlsx": workbook(BUSY, unit("U3", "D2")),
    }
    made = folder(tmp_path_factory.mktemp("trace"), CITY, files)
    return made, collect(made)


@pytest.mark.parametrize("node", ["", "C", "D1", "D2", "U1"])
def test_every_cell_of_every_node_adds_up_again_exactly(
    collection: tuple[Folder, Collection], node: str
) -> None:
    made, collected = collection
    published = Published(made.results / DATABASE)
    for cell in form().cells:
        found = published.trace(cell, node)
        assert found.is_exact, cell
        known = collected.nodes[node or "C"].totals.get(cell)
        assert found.added_again == found.recorded == known


def test_the_trace_names_file_hash_sheet_address_and_edition(city: Folder) -> None:
    traced = trace(city, TOTAL)
    found = traced.trace
    assert (found.sheet, found.address) == ("表三", "J7")
    assert found.recorded == 11 + 21
    by_unit = {each.unit: each for each in found.contributors}
    assert set(by_unit) == {"U1", "U2"}
    one = by_unit["U2"]
    data = (city.inbox / "乙" / "乙.xlsx").read_bytes()
    assert one.sha256 == hashlib.sha256(data).hexdigest()
    assert (one.file, one.edition) == ("乙/乙.xlsx", form().edition)
    assert one.amount == 21
    assert [each.unit for each in found.left_out] == ["U3"]
    assert traced.is_clean


def test_the_total_is_what_the_workbook_shows(city: Folder) -> None:
    book = openpyxl.load_workbook(city.results / SUMMARY, data_only=True)
    for id_, spot in place(form()).cells.items():
        traced = trace(city, id_) if id_ in (TOTAL, MONEY) else None
        shown = Decimal(repr(book[spot.sheet][spot.address].value))
        if traced is not None:
            assert traced.in_workbook == traced.trace.recorded == shown


def test_a_branch_takes_what_is_below_it_and_no_control_total(city: Folder) -> None:
    assert trace(city, COUNT, "D1").trace.recorded == 28
    found = trace(city, COUNT, "D2").trace
    assert (found.recorded, found.added_again, found.contributors) == (None, None, ())
    assert trace(city, COUNT, unit("U1").name).trace.recorded == 9


def test_what_changed_since_is_said_by_hash(city: Folder) -> None:
    published = trace(city, TOTAL).trace
    deliver(city, "甲.xlsx", workbook(MORE, unit("U1", "D1")))
    (city.inbox / "乙" / "乙.xlsx").unlink()
    deliver(city, "丁.xlsx", workbook(BUSY, unit("U3", "D2")))
    traced = trace(city, TOTAL)
    assert traced.trace == published
    assert traced.changed == ("甲.xlsx",)
    assert traced.gone == ("乙/乙.xlsx",)
    assert traced.new == ("丁.xlsx",)
    assert not traced.is_clean
    collect(city)
    assert trace(city, TOTAL).is_clean


def test_a_file_in_an_archive_is_known_by_its_own_hash(tmp_path: Path) -> None:
    one, other = (workbook(each, unit("U1", "D1")) for each in (BUSY, MORE))
    made = folder(tmp_path / "包", CITY, {"回复.zip": zipped({"甲.xlsx": one})})
    collect(made)
    traced = trace(made, TOTAL)
    (contributor,) = traced.trace.contributors
    assert contributor.file == "回复.zip/甲.xlsx"
    assert contributor.sha256 == hashlib.sha256(one).hexdigest()
    assert traced.is_clean
    deliver(made, "回复.zip", zipped({"甲.xlsx": other}))
    assert trace(made, TOTAL).changed == ("回复.zip/甲.xlsx",)
    deliver(made, "回复.zip", zipped({"乙.xlsx": other}))
    assert trace(made, TOTAL).gone == ("回复.zip/甲.xlsx",)


def test_a_figure_changed_in_the_workbook_is_said(city: Folder) -> None:
    path = city.results / SUMMARY
    path.write_bytes(put(path.read_bytes(), {Place("表三", 6, 9): 99}))
    traced = trace(city, TOTAL)
    assert traced.in_workbook == 99
    assert traced.differs_from_workbook
    assert traced.trace.is_exact
    path.unlink()
    assert trace(city, TOTAL).in_workbook is None


def test_a_blank_of_one_unit_does_not_spoil_the_trace_of_a_total(
    tmp_path: Path,
) -> None:
    """Its own total is unknown, but what it did fill in is part of the sum."""
    returns = [
        submission(
            unit("U1", "D1"), {COUNT: None, "applications.received.business": 4}
        ),
        submission(unit("U2", "D1"), {COUNT: 5}),
    ]
    made = summarised(CITY, returns)
    assert made.totals[TOTAL] == 9
    file = tmp_path / DATABASE
    database(made, file)
    found = Published(file).trace(TOTAL)
    assert [each.amount for each in found.contributors] == [4, 5]
    assert found.is_exact
    blank = Published(file).trace(COUNT)
    assert [each.amount for each in blank.contributors] == [None, 5]
    assert blank.is_exact


# ---------------------------------------------------------------- naming a cell


@pytest.mark.parametrize(
    "text",
    [TOTAL, TOTAL.upper(), "表三 J7", "表三!J7", "'表三'!J7", "表三J7", "表三!$J$7",
     " 表三 j7 ", "表三！J7"],
)  # fmt: skip
def test_a_cell_is_named_by_id_or_address(text: str) -> None:
    assert cell_of(form(), text) == TOTAL


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("applications.recieved.total", TOTAL),
        ("信访举报投诉", "applications.rejected_petition.natural"),
        ("表四 A1", "disputes."),
        ("???", "proactive."),
        ("", "proactive."),
    ],
)
def test_an_unknown_cell_gets_suggestions(text: str, near: str) -> None:
    with pytest.raises(CampaignError) as error:
        cell_of(form(), text)
    assert near in error.value.text.zh
    assert near in error.value.text.en


# ---------------------------------------------------------------- the command


def say(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = run([*map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_the_command_says_it_in_both_languages(
    city: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = say(capsys, "--lang", "zh", "trace", city.path, "表三", "J7")
    assert status == 0
    assert "32 件，由 2 个单位重新相加，与记录相符，但不完整。" in text
    assert "没有计入 1 个单位（应报 3 个，计入 2 个）：示例街道办事处U3（未报）" in text
    status, text = say(capsys, "--lang", "en", "trace", city.path, TOTAL)
    assert (status, "added up again from 2 units: exact, but incomplete" in text) == (
        0,
        True,
    )
    deliver(city, "丁.xlsx", b"")
    status, text = say(capsys, "--lang", "zh", "trace", city.path, TOTAL)
    assert (status, "汇总以后新收到：丁.xlsx" in text) == (1, True)


def test_the_json_holds_every_contributor(
    city: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = say(capsys, "trace", city.path, TOTAL, "--unit", "D1", "--json")
    found: dict[str, Any] = json.loads(text)
    assert status == 0
    assert (found["total"], found["added_again"], found["exact"]) == ("32", "32", True)
    parts = [Decimal(each["value"]) for each in found["contributors"]]
    assert plain(sum(parts, Decimal(0))) == found["total"]
    assert all(len(each["sha256"]) == 64 for each in found["contributors"])


def test_before_any_results_and_for_an_unknown_unit_it_says_what_to_do(
    city: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, text = say(
        capsys, "--lang", "zh", "trace", city.path, TOTAL, "--unit", "D9"
    )
    assert (status, "D1" in text) == (2, True)
    (city.results / DATABASE).write_bytes(b"no database")
    status, text = say(capsys, "--lang", "zh", "trace", city.path, TOTAL)
    assert (status, "重新运行 workbook-builder collect" in text) == (2, True)
    empty = folder(tmp_path / "空", CITY)
    status, text = say(capsys, "--lang", "zh", "trace", empty.path, TOTAL)
    assert (status, "先运行 workbook-builder collect" in text) == (2, True)
