"""What ``collect`` takes of very many returns, reading them aside.

    python -m benchmarks.large [1000 10000 …] [--long 400]

Verdicts are made up in the workers that would read the files, from one return that was
judged: other units, figures and texts (of so many characters each, which nobody else
wrote). Everything after that is as ever, in a process of its own for each number.
"""

from __future__ import annotations

import argparse
import csv
import pickle
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import made
from workbook_builder.bounds.many import each_apart
from workbook_builder.campaign.folder import Folder, create
from workbook_builder.language.value import facts
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline.collecting import collect
from workbook_builder.reading.receive import Source, receive

#: Units of one district.
TOGETHER = 100
#: A file of a campaign, which is of no use to anybody else: the return that was judged.
JUDGED = "judged"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("many", nargs="*", type=int, default=[1000, 10_000])
    parser.add_argument("--long", type=int, default=400)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder:
        print(row(asked.folder, asked.long), flush=True)
        return
    print("| returns | wall s | CPU s, this process | its peak MB | largest worker |")
    print("|---|---|---|---|---|", flush=True)
    for many in asked.many:
        with tempfile.TemporaryDirectory() as name:
            campaign(Path(name), many)
            words = ["--long", str(asked.long), "--folder", name]
            subprocess.run([sys.executable, "-m", __spec__.name, *words], check=True)


def campaign(path: Path, many: int) -> None:
    """Whose inbox holds a file of some bytes for each unit."""
    rows = [["单位代码", "单位名称", "上级代码", "单位类型"], ["R", "某省", "", "区县"]]
    for at, unit in enumerate(made.units(many)):
        district = f"D{at // TOGETHER:04}"
        if not at % TOGETHER:
            rows.append([district, f"第{at // TOGETHER}区", "R", "区县"])
        rows.append([unit.code, unit.name, district, unit.type])
    with (path / "roster.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)
    folder = create(path, made.CAMPAIGN, Roster((Unit("R", "某省"),)))
    for code, *_, type_ in rows[2:]:
        if type_ == "部门":
            (folder.inbox / f"{code}.xlsx").write_bytes(code.encode())
    (unit,) = made.units(1)
    data = made.returned(unit)
    (found,) = receive(Source("0.xlsx", data), folder.expected())
    (path / JUDGED).write_bytes(pickle.dumps(found))


def row(path: Path, long: int) -> str:
    judged = pickle.loads((path / JUDGED).read_bytes())

    def received(
        then: Callable[..., Any], sources: Sequence[Source], _: object
    ) -> Iterator[Any]:
        made_up = partial(_as_kept, then, partial(verdict, judged, long))
        return each_apart(made_up, sources, _lost)

    wall = time.perf_counter()
    with patch("workbook_builder.pipeline.inbox.received_as", received):
        found = collect(Folder(path))
    wall = time.perf_counter() - wall
    assert len(found.summary.counted) == len(found.submissions)
    own, workers = map(
        resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return (
        f"| {len(found.submissions):,} | {wall:.1f} | {own.ru_utime + own.ru_stime:.1f} "
        f"| {own.ru_maxrss / 1024:.0f} | {workers.ru_maxrss / 1024:.0f} |"
    )


def _as_kept(then: Callable[..., Any], make: Callable[..., Any], file: Source) -> Any:
    return then(make(file))


def verdict(judged: Submission, long: int, source: Source) -> tuple[Submission, ...]:
    """Of the unit that the file is called after."""
    assert isinstance(source.file, Path)
    assert judged.stamp is not None
    code = source.file.stem
    unit = Unit(code, f"单位{int(code[1:])}", "R", "部门")
    answers, words = made.answers(unit), random.Random(code)
    texts = {id_: _text(words, long) for id_ in answers.texts}
    answers = replace(answers, texts=texts)
    digest = sha256(source.file.read_bytes()).hexdigest()
    stamp = replace(judged.stamp, unit_code=code, unit_name=unit.name)
    found = replace(
        judged,
        path=source.shown,
        sha256=digest,
        stamp=stamp,
        answers=answers,
        facts=facts(made.FORM, answers),
        received=source.file.stat().st_mtime,
        arrival=replace(judged.arrival, within=digest),
    )
    return (found,)


def _text(chance: random.Random, long: int) -> str:
    return "".join(map(chr, chance.choices(range(0x4E00, 0x9FA0), k=long)))


def _lost(_: Source, error: WorkerLost) -> tuple[Submission, ...]:
    raise error


if __name__ == "__main__":
    main()
