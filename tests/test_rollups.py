"""A roll-up counts one level up once its seal is agreed to, for the units it holds."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support import (
    BUSY,
    Shell,
    campaign,
    codes,
    deliver,
    filled,
    folder,
    form,
    judged,
    resaved,
    restamped,
    roster,
    tree,
    typed,
    workbook,
)
from workbook_builder.campaign.decisions import decisions
from workbook_builder.campaign.folder import Folder
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.decision import Ruling
from workbook_builder.model.errors import CampaignError, MissingExtra
from workbook_builder.model.stamp import Coverage
from workbook_builder.outputs import rollup
from workbook_builder.outputs.rollup import RollupJob
from workbook_builder.pipeline import (
    Collection,
    Wish,
    collect,
    decide,
    make_reports,
    renew,
    trace,
    trust,
    use,
    withdraw,
)
from workbook_builder.reading import proof
from workbook_builder.reading.read import read_stamp
from workbook_builder.rules.seal import fingerprint
from workbook_builder.workbook.build import book
from workbook_builder.workbook.write import write

PATH = Path(__file__).parent / "rollups.toml"
CASES = tomllib.loads(PATH.read_text("utf-8"))["case"]
COUNT, GRANTED = "applications.received.natural", "applications.granted.natural"
CITY = tree(C="", D1="C", D2="C", S1="D1", S2="D1")
OURS = campaign(key="of the city")


def figures(count: int) -> dict[str, Any]:
    return {**BUSY, COUNT: 9 + count, GRANTED: 8 + count}


def made(entry: Mapping[str, Any]) -> bytes:
    """The roll-up of an entry, after what was done to it."""
    of, done = CITY.by_code[entry["of"]], entry.get("done", "")
    below = campaign(f"2025-{of.code}", key=entry.get("by", of.code))
    if done == "earlier":
        return workbook(figures(entry["count"]), of, below, kind="rollup")
    if done == "ours":
        return workbook(figures(entry["count"]), of, OURS, kind="rollup")
    if done == "return":
        data = workbook(figures(entry["count"]), of, OURS)
        return restamped(data, kind="rollup")
    counted, due = map(int, entry.get("covers", "2/2").split("/"))
    missing = "" if counted == due else "乙街道、丙街道"
    data = sealed(of.code, entry["count"], below.key, Coverage(due, counted, missing))
    match done:
        case "figure":
            return typed(
                data, {COUNT: 20 + entry["count"], GRANTED: 19 + entry["count"]}
            )
        case "stamp":
            return restamped(data, **entry["with"])
        case "saved":
            return resaved(data)
    return data


@cache
def sealed(code: str, count: int, key: str, covers: Coverage) -> bytes:
    job = RollupJob(
        form(),
        CITY.by_code[code],
        campaign(f"2025-{code}", key=key),
        filled(form(), **figures(count)),
        kind="rollup",
        coverage=covers,
    )
    return write(book(job))


def seal_of(data: bytes) -> str:
    stamp = read_stamp(read_grid(data))
    assert stamp is not None
    return fingerprint(stamp.public_key)


def played(case: Mapping[str, Any], path: Path) -> Folder:
    to = folder(path, CITY, of=OURS)
    for hour, entry in enumerate(case["file"]):
        data = made(entry)
        deliver(to, f"{hour}.xlsx", data, hour)
        if "trust" in entry:
            trust(to, entry["of"], seal_of(data))
        if "use" in entry:
            use(to, entry["of"], f"{hour}.xlsx")
        if "waive" in entry:
            decide(to, Wish(entry["of"], Ruling.WAIVE, "已核实", entry["waive"]))
    return to


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_roll_up_counts_where_it_is_proved(
    case: Mapping[str, Any], tmp_path: Path
) -> None:
    summary = collect(played(case, tmp_path)).summary
    found = {each.path: each for each in summary.submissions}
    for hour, entry in enumerate(case["file"]):
        submission = found[f"{hour}.xlsx"]
        assert submission.verdict.value == entry["is"], hour
        if "codes" in entry:
            assert codes(submission.findings) == entry["codes"], hour
        said = "".join(each.message.zh for each in submission.findings)
        assert entry.get("says", "") in said
    counted = {code: each.facts[COUNT].number for code, each in summary.counted.items()}
    assert counted == {code: 9 + count for code, count in case["counts"].items()}
    assert str(summary.coverage) == case["all"]
    node = summary.nodes["C"]
    assert f"{node.accepted}/{node.expected}" == case["all"], "said alike everywhere"


# ---------------------------------------------------------------- three levels


def level(path: Path, top: str, *units: str) -> Folder:
    of = replace(campaign(f"2025-{top}", key=f"secret of {top}"), district=top)
    return folder(path / top, roster(*units, top=top), of=of)


def sent_up(of: Folder, to: Folder, name: str) -> bytes:
    (upward,) = (of.results / "上报").glob("*.xlsx")
    deliver(to, f"{name}.xlsx", upward.read_bytes())
    return upward.read_bytes()


def printed(data: bytes) -> set[str]:
    """What stands beside unit and period on the sheets that a person sees."""
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    seen = [each for each in sheets if each.sheet_state == "visible"]
    said: set[str] = set()
    for sheet in seen:
        texts = (str(cell.value) for row in sheet.iter_rows() for cell in row)
        heads = {each for each in texts if each.startswith("填报单位：")}
        assert heads, sheet.title
        said |= {text.split("　")[-1] for text in heads}
    return said


def shown(of: Folder) -> openpyxl.Workbook:
    """汇总.xlsx with what its formulas come to."""
    return openpyxl.load_workbook(of.results / "汇总.xlsx", data_only=True)


def under_titles(of: Folder) -> list[str]:
    """What each of the tables says of how many units it is the sum."""
    book = shown(of)
    return [str(book[table.sheet].cell(3, 1).value) for table in form().tables]


def branches(of: Folder) -> dict[Any, Any]:
    """层级: by code, how many are due, returned and counted."""
    rows = shown(of)["层级"].iter_rows(min_row=5, max_col=7, values_only=True)
    return {row[0]: row[3:6] for row in rows if row[6] == "合计"}


def counted(collection: Collection) -> dict[Any, Any]:
    children = collection.summary.roster.children
    nodes = [n for n in collection.summary.nodes.values() if n.code in children]
    return {n.code: (n.expected, n.returned, n.accepted) for n in nodes}


def first(collection: Collection) -> tuple[str, list[str]]:
    (one,) = collection.submissions
    return one.verdict.value, codes(one.open_findings)


def test_three_levels_know_what_is_missing_at_the_lowest(
    tmp_path: Path, shell: Shell
) -> None:
    """省 ← 市 ← two 区 with five and two 街道, of which three are in at first."""
    counts = {"S1": 1, "S2": 2, "S3": 4, "S4": 8, "S5": 16, "T1": 32, "T2": 64}
    east = level(tmp_path, "D1", "S1", "S2", "S3", "S4", "S5")
    west = level(tmp_path, "D2", "T1", "T2")
    city, province = level(tmp_path, "C", "D1", "D2"), level(tmp_path, "P", "C")

    def comes(to: Folder, *units: str) -> None:
        for code in units:
            own = to.roster().by_code[code]
            data = workbook(figures(counts[code]), own, to.campaign())
            deliver(to, f"{code}.xlsx", data)

    comes(east, "S1")
    comes(west, "T1", "T2")
    assert shell("collect", east.path) == 1
    assert "上报表不完整：应报 5 个单位，只计入 1 个" in shell.out
    assert "防伪码是" in shell.out
    seal = collect(west).seal
    up = sent_up(east, city, "东区")
    sent_up(west, city, "西区")
    assert printed(up) == {"汇总：1/5 个单位"}

    assert not collect(city).summary.counted, "nobody agreed to any key"
    assert trust(city, "D2").seal == seal
    trust(city, "D1")
    done = collect(city)
    assert done.summary.counted.keys() == {"D2"}
    assert (
        "缺：示例街道办事处S2、" in done.summary.standing["D1"].findings[0].message.zh
    )
    assert "逐级算到最基层，应报 7 个单位，计入 2 个" in done.summary.counts.zh
    decide(city, Wish("D1", Ruling.WAIVE, "该区其余街道年底撤并", "D03"))
    done = collect(city)
    assert str(done.summary.coverage) == "3/7"
    assert done.summary.totals[COUNT] == 3 * 9 + 1 + 32 + 64
    found = trace(city, COUNT).trace
    assert (found.due, found.counted) == (7, 3)
    assert "示例街道办事处S2" in found.left_out[0].name
    assert shell("trace", city.path, COUNT) == 0
    assert "没有计入 4 个单位（应报 7 个，计入 3 个）" in shell.out
    assert "完全相符" not in shell.out
    through = "计入 2 个单位，应报 2 个；逐级算到最基层，计入 3 个，应报 7 个；"
    assert all(text.startswith(through) for text in under_titles(city))
    assert branches(city) == {"C": (7, 3, 3)} == counted(done)
    assert shell("check", city.inbox, "--campaign", city.path) == 1
    assert "T08" not in shell.out, "the keys are agreed to"
    make_reports(city)
    (page,) = (city.results / "报告").glob("*.html")
    warning = "请勿公布：应报 7 个单位，尚有 4 个没有计入（示例街道办事处D1（"
    assert warning in page.read_text("utf-8")
    assert printed(sent_up(city, province, "市")) == {"汇总：3/7 个单位"}

    trust(province, "C")
    done = collect(province)
    assert first(done) == ("needs_explanation", ["D03"])
    message = done.submissions[0].findings[0].message.zh
    assert (
        "应报 7 个单位，只计入 3 个，缺：示例街道办事处D1（示例街道办事处S2、"
        in message
    )

    comes(east, "S2", "S3", "S4", "S5")
    collect(east)
    sent_up(east, city, "东区 新")
    assert collect(city).summary.coverage.is_whole, "the key is known"
    assert printed(sent_up(city, province, "市")) == {"汇总：7/7 个单位"}
    done = collect(province)
    assert first(done) == ("accepted", [])
    assert branches(province) == {"P": (7, 7, 7)} == counted(done)
    assert shell("trace", province.path, COUNT) == 0
    assert "完全相符" in shell.out
    assert str(done.summary.coverage) == "7/7"
    assert done.summary.totals[COUNT] == 7 * 9 + sum(counts.values())


def test_a_key_is_agreed_to_once_for_all_periods(tmp_path: Path) -> None:
    case = {"file": [{"of": "D1", "count": 3, "trust": True}]}
    city = played(case, tmp_path / "2025")
    below = level(tmp_path, "D1", "S1")
    after = renew(tmp_path / "下一年", below).folder.campaign()
    assert after.key != below.campaign().key
    assert after.sealing == below.campaign().sealing, "the office below keeps its key"
    # What was agreed to goes along, what was taken back does not.
    there = renew(tmp_path / "2026", city).folder
    (kept,) = decided_keys(there)
    assert kept == ("D1", seal_of(made(case["file"][0])))
    withdraw(city, "D1", "trust")
    assert collect(city).submissions[0].verdict.value == "waiting"
    assert decided_keys(renew(tmp_path / "2026b", city).folder) == []


def decided_keys(of: Folder) -> list[tuple[str, str]]:
    return [
        (each.decision.unit, fingerprint(each.decision.grounds["key"]))
        for each in decisions(of.history())
        if each.in_force
    ]


def test_the_command_agrees_to_the_key_the_unit_tells(
    tmp_path: Path, shell: Shell
) -> None:
    entries = [
        {"of": "D1", "count": 3},
        {"of": "D1", "count": 4, "by": "somebody"},
        {"of": "D2", "count": 4, "done": "earlier"},
    ]
    to = played({"file": entries}, tmp_path / "a")
    right, wrong = (seal_of(made(entry)) for entry in entries[:2])
    assert shell("trust", to.path, "D1") == 2
    assert right in shell.sentence
    assert wrong in shell.sentence
    assert shell("trust", to.path, "D1", "1111-2222-3333-4444") == 2
    assert "没有这个防伪码" in shell.sentence
    assert shell("trust", to.path, "D2") == 2
    assert "没有带防伪码的上报表" in shell.sentence
    assert shell("trust", to.path, "示例街道办事处D1", right.upper()) == 0
    assert right in shell.out
    summary = collect(to).summary
    assert summary.counted["D1"].facts[COUNT].number == 12
    assert shell("decide", to.path, "--list") == 0
    assert "认可防伪码" in shell.out
    assert shell("decide", to.path, "D1", "withdraw", "trust") == 0
    assert not collect(to).summary.counted
    with pytest.raises(CampaignError):
        trust(to, "没有这个单位")


def test_without_the_library_a_roll_up_is_made_and_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made({"of": "D1", "count": 3})

    def missing(*_: object) -> Any:
        raise MissingExtra("seal")

    monkeypatch.setattr(proof, "fits", missing)
    monkeypatch.setattr(rollup, "sealed", missing)
    to = folder(tmp_path, CITY, of=OURS)
    deliver(to, "1.xlsx", data)
    submission = proof_of(to, data)
    assert "workbook-builder[seal]" in submission
    use(to, "D1", "1.xlsx")
    done = collect(to)
    assert done.seal == ""
    assert [each.extra for each in done.skipped] == ["seal"]
    (upward,) = (to.results / "上报").glob("*.xlsx")
    assert seal_of(upward.read_bytes()) == ""


def proof_of(to: Folder, data: bytes) -> str:
    (finding,) = judged(data, to.expected()).findings
    return finding.message.zh
