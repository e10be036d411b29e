"""A whole collection, a third of it bad: counted, added up and killed on the way.

``COLLECTION_FILES=1000`` and ``KILLS=200`` make them as large as the real thing.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tests.returned import make
from tests.support import (
    BUSY,
    campaign,
    contents,
    deliver,
    folder,
    form,
    spot,
    unit,
    unzipped,
    workbook,
    zipped,
)
from workbook_builder.campaign.files import remove_leftovers
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.placing import NEW
from workbook_builder.model.finding import Verdict
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import State
from workbook_builder.pipeline import collect
from workbook_builder.workbook.place import HIDDEN, place

FILES = int(os.environ.get("COLLECTION_FILES", "240"))
KILLS = int(os.environ.get("KILLS", "20"))
BAD = 0.3

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

#: Cells that may hold anything without contradicting another.
FREE = ("proactive.licences.decisions", "proactive.penalties.decisions")
AMOUNT = "proactive.fees.amount"

#: Bad files by the verdict they get, and how each is made of a good one.
SPOILT: Mapping[str, tuple[Verdict, str, str]] = {
    "blank": (Verdict.REJECTED, "disputes.review.upheld", ""),
    "text": (Verdict.REJECTED, "disputes.review.upheld", "<v>12件</v>"),
    "balance": (Verdict.REJECTED, "applications.received.natural", "<v>999</v>"),
}


@cache
def template() -> Mapping[str, bytes]:
    return unzipped(workbook(BUSY))


@cache
def sheet_parts() -> Mapping[str, str]:
    names = re.findall(r'<sheet name="([^"]+)"', template()["xl/workbook.xml"].decode())
    return {name: f"xl/worksheets/sheet{at}.xml" for at, name in enumerate(names, 1)}


def return_of(code: str, typed: Mapping[str, str], year: int = 2025) -> bytes:
    """A workbook of that unit with other cells, made of one that was built.

    ``typed`` are the contents of cells by id, as the XML has them.
    """
    of = unit(code)
    parts = dict(template())
    for id_, xml in typed.items():
        where = spot(id_)
        part = sheet_parts()[where.sheet]
        kind = "str" if re.search("[^0-9.<>/v]", xml) else "n"
        pattern = rf'<c r="{where.address}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)'
        cell = rf'<c r="{where.address}"\1 t="{kind}">{xml}</c>'
        parts[part] = re.sub(pattern, cell, parts[part].decode(), count=1).encode()
    stamp = Stamp(
        form().id, form().edition, place(form()).fingerprint, campaign().id, "return",
        of.code, of.name, of.type, Period(year),
    ).signed(campaign().key)  # fmt: skip
    part = sheet_parts()[HIDDEN]
    xml = parts[part].decode()
    for key, word in stamp.entries.items():
        address = place(form()).stamp[key].address
        said = f'<c r="{address}" t="str"><v>{word}</v></c>'
        xml = re.sub(rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)', said, xml, count=1)
    parts[part] = xml.encode()
    words, printed = "xl/sharedStrings.xml", unit().name.encode()
    parts[words] = parts[words].replace(printed, of.name.encode())
    return zipped(parts)


def figures(number: int) -> dict[str, str]:
    """What the unit of that number has to report; an amount with all its digits."""
    chance = random.Random(number)
    typed = {id_: f"<v>{chance.randrange(100)}</v>" for id_ in FREE}
    return typed | {AMOUNT: f"<v>{chance.randrange(50)}.{number % 10}5</v>"}


@cache
def strange() -> tuple[tuple[str, bytes, Verdict], ...]:
    """Files that are no return of a unit, with the verdict on each."""
    good = make.good()
    return (
        ("空的.xlsx", b"", Verdict.UNREADABLE),
        ("一半.xlsx", good[: len(good) // 2], Verdict.UNREADABLE),
        ("网页.xls", b"<html><table></table></html>", Verdict.UNREADABLE),
        ("密码.xlsx", make.with_a_password(), Verdict.UNREADABLE),
        ("笑.xlsx", make.billion_laughs(), Verdict.UNREADABLE),
        ("重名.xlsx", make.two_of_one_part(), Verdict.UNREADABLE),
        ("锁.xls", make.old_file(how="password"), Verdict.UNREADABLE),
        ("名单.xlsx", make.own_workbook(text="名单"), Verdict.NOT_OURS),
        ("去年.xlsx", return_of("A0000", {}, 2024), Verdict.NOT_OURS),
        ("外单位.xlsx", return_of("Z9999", {}), Verdict.NOT_OURS),
        ("扫描.pdf", b"%PDF-1.7", Verdict.IGNORED),
        ("~$锁.xlsx", b"x" * 165, Verdict.IGNORED),
    )


def collection(path: Path) -> tuple[Folder, Counter[Verdict], dict[str, Decimal]]:
    """The folder, the verdict counts there must be, and the totals there must be."""
    chance = random.Random(FILES)
    bad = int(FILES * BAD)
    codes = [f"A{number:04}" for number in range(FILES)]
    units = [Unit("Q", "示例区", type="区县"), *(unit(code, "Q") for code in codes)]
    made = folder(path, Roster(tuple(units)))
    verdicts: Counter[Verdict] = Counter()
    totals = dict.fromkeys((*FREE, AMOUNT), Decimal(0))
    for number, code in enumerate(codes):
        name, typed = f"{code}.xlsx", figures(number)
        if number >= bad:
            data, verdict = return_of(code, typed), Verdict.ACCEPTED
            for id_, xml in typed.items():
                totals[id_] += Decimal(re.sub("<.*?>", "", xml))
        elif number % 2:
            verdict, id_, xml = chance.choice(list(SPOILT.values()))
            data = return_of(code, {**typed, id_: xml})
        else:
            kind, data, verdict = chance.choice(strange())
            name = f"{kind[:2]}{code}{Path(kind).suffix}"
        deliver(made, name, data, number)
        verdicts[verdict] += 1
    return made, verdicts, totals


Whole = tuple[Folder, Counter[Verdict], dict[str, Decimal]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return collection(tmp_path_factory.mktemp("collection"))


def hashes(path: Path) -> dict[str, str]:
    return {n: hashlib.sha256(data).hexdigest() for n, data in contents(path).items()}


def read_again(path: Path) -> Iterator[dict[str, Decimal]]:
    """The figures of the accepted files, by another reader."""
    for each in sorted(path.iterdir()):
        if re.fullmatch(r"A\d{4}\.xlsx", each.name):
            book = openpyxl.load_workbook(io.BytesIO(each.read_bytes()), read_only=True)
            yield {
                id_: Decimal(str(book[spot(id_).sheet][spot(id_).address].value))
                for id_ in (*FREE, AMOUNT)
            }


def test_a_mixed_collection_adds_up_and_survives_being_killed(whole: Whole) -> None:
    made, verdicts, totals = whole
    before = hashes(made.inbox)
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook_builder", "collect", str(made.path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    chance = random.Random(time.time_ns())
    time.sleep(chance.uniform(0.5, 4))
    process.kill()
    process.wait()
    collected = collect(made)
    print(f"{FILES} files in {time.monotonic() - started:.0f} s: {dict(verdicts)}")
    found = Counter(each.verdict for each in collected.submissions)
    assert found == verdicts
    assert sum(found.values()) == len(before) == FILES
    assert all(each.findings for each in collected.submissions if not each.facts)
    assert hashes(made.inbox) == before
    after = contents(made.results)
    assert collect(made).submissions == collected.submissions
    assert contents(made.results) == after
    found_totals = collected.nodes["Q"].totals
    assert {id_: found_totals[id_] for id_ in totals} == totals
    accepted = [s for s in collected.submissions if s.verdict is Verdict.ACCEPTED]
    for id_ in form().cells:
        values = [each.facts[id_] for each in accepted]
        assert all(value.state is State.NUMBER for value in values)
        assert found_totals[id_] == sum(v.number or 0 for v in values)


def test_another_reader_finds_the_same_sums(whole: Whole) -> None:
    made, _, totals = whole
    bad = int(FILES * BAD)
    rows = list(read_again(made.inbox))[-(FILES - bad) :]
    assert len(rows) == FILES - bad
    assert {id_: sum(row[id_] for row in rows) for id_ in totals} == totals


# ---------------------------------------------------------------- killed at any time

_LOOP = """
import sys
from pathlib import Path
from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.files import remove_leftovers
from workbook_builder.campaign.folder import Folder
from workbook_builder.pipeline import collect
path, *versions = map(Path, sys.argv[1:])
print("ready", flush=True)
while True:
    for version in versions:
        write_atomically(path / "inbox" / "1.xlsx", version.read_bytes())
        collect(Folder(path))
"""


def is_whole(name: str, data: bytes) -> bool:
    """Whether a file of the results can be read to its end."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return package.testzip() is None
    if name.endswith(".json"):
        return isinstance(json.loads(data), list | dict)
    if name.endswith(".parquet"):
        return data[:4] == data[-4:] == b"PAR1"
    if name.endswith(".sqlite"):
        with contextlib.closing(sqlite3.connect(":memory:")) as base:
            base.deserialize(data)
            return bool(base.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    return data.decode("utf-8-sig").endswith("\n")


def test_no_kill_leaves_half_a_result(tmp_path: Path) -> None:
    versions = [tmp_path / "good.xlsx", tmp_path / "bad.xlsx"]
    versions[0].write_bytes(workbook(BUSY))
    versions[1].write_bytes(workbook({"applications.received.natural": 3}))
    units = Roster((Unit("Q", "示例区", type="区县"), unit("U1", "Q")))
    made = folder(tmp_path / "campaign", units)
    undisturbed = []
    for version in versions:
        deliver(made, "1.xlsx", version.read_bytes())
        collect(made)
        undisturbed.append(contents(made.results))
    chance = random.Random(KILLS)
    command = [sys.executable, "-c", _LOOP, str(made.path), *map(str, versions)]
    torn, leftovers = [], 0
    for number in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0, 0.6))
            process.kill()
        for name, data in contents(made.results).items():
            # What waits for its place is no result yet, and is thrown away.
            if name.endswith(".tmp") or name.startswith(f"{NEW}/"):
                leftovers += 1
            elif not is_whole(name, data) or (
                # The time of the file in the inbox is now, and stands in some.
                name.startswith(("退回/", "上报/"))
                and data not in [state.get(name) for state in undisturbed]
            ):
                torn.append((number, name))
    print(f"{KILLS} kills, {leftovers} files that were being written")
    assert torn == []
    remove_leftovers(made.inbox)  # what the loop itself was putting there
    deliver(made, "1.xlsx", versions[1].read_bytes())
    collect(made)
    assert contents(made.results) == undisturbed[1]
