"""How long it takes to collect 1,000 returned workbooks.

    python benchmarks/collect.py [--files 1000]

Prints seconds for the whole command as a clerk gives it: starting, reading, judging,
adding up and writing. About six seconds of it are reading and judging on two
quiet cores; the target for the whole is 10 s. Not a test: machines are noisy.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workbook_builder.campaign.folder import create
from workbook_builder.definition.registry import Forms
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import number
from workbook_builder.workbook.build import build_workbook

FORM = Forms.shipped().edition("disclosure", "2021")
TEXT = "本年度按照要求做好本项工作，情况正常。"


def answers(chance: random.Random) -> Answers:
    """A return that is accepted: every application was granted."""
    values = {cell.id: number(0) for cell in FORM.inputs}
    for column in ("natural", "business"):
        count = chance.randrange(0, 5000)
        values[f"applications.received.{column}"] = number(count)
        values[f"applications.granted.{column}"] = number(count)
    values["proactive.penalties.decisions"] = number(chance.randrange(0, 100_000))
    return Answers(values=values, texts={text.id: TEXT for text in FORM.narratives})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    count = parser.parse_args().files
    chance = random.Random(1)
    units = [Unit(f"U{n:05}", f"单位{n}", "R", "部门") for n in range(count)]
    roster = Roster((Unit("R", "某区", type="区县"), *units))
    campaign = Campaign(
        "bench", FORM.id, FORM.edition, Period(2025), "某区人民政府办公室", key="k"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = create(Path(name) / "campaign", campaign, roster)
        started = time.perf_counter()
        for unit in units:
            data = build_workbook(FORM, unit, campaign, answers(chance))
            (folder.inbox / f"{unit.code}.xlsx").write_bytes(data)
        built = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "workbook_builder",
            "collect",
            str(folder.path),
        ]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        done = time.perf_counter()
    print(f"built {count} in {built - started:.1f} s")
    print(f"collected {count} in {done - built:.1f} s")


if __name__ == "__main__":
    main()
