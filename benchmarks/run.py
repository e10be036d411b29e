"""How long it takes, as ratios measured in one run on the same files.

    python -m benchmarks.run [--files 40] [--collect 1000] [--rounds 3] [--keep]

Makes its data, prints a page, and with ``--keep`` leaves it under ``benchmarks/results/``
by its date. Not a test: machines are noisy, so look at the ratios, and at processor time.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from benchmarks import made
from benchmarks.ways import Cost, in_processes, measured

RESULTS = Path(__file__).parent / "results"

READING = (
    "unzip",
    "python-calamine, the sheets that are read",
    "ours, bytes → cells",
    "ours, bytes → verdict",
    "openpyxl, a loop over all cells",
    "pandas.read_excel, all sheets",
)
BUILDING = (
    "plan alone",
    "plan + plain XlsxWriter, same cells",
    "ours, build_workbook",
)
REPORTS = ("ours, report → figures", "python-docx, every cell of every table")


#: So many files are read in each round of one process and two: to start one costs as much
#: as to read some fifty.
READ = 1_000
#: Units of a district, many of which make mistakes at first.
DISTRICT = 200
#: Turns of the loop by which machines and builds of Python are compared.
TURNS = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--collect", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true")
    asked = parser.parse_args()
    lines = []
    for line in page(asked.files, asked.collect, asked.rounds):
        print(line, flush=True)
        lines.append(line)
    if asked.keep:
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{date.today().isoformat()}.md"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def page(files: int, many: int, rounds: int) -> Iterator[str]:
    yield f"# Measured on {date.today().isoformat()}"
    yield ""
    yield machine()
    yield ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = made.units(files)
        returns = [
            _put(folder, f"{n}.xlsx", made.returned(u)) for n, u in enumerate(known)
        ]
        reports = [
            _put(folder, f"{n}.docx", made.published(u)) for n, u in enumerate(known)
        ]
        size = sum(each.stat().st_size for each in returns) / files / 1024
        yield f"## Reading {files} filled returns of {size:.0f} KB"
        yield from table(READING, returns, rounds, "ours, bytes → verdict")
        yield f"## The same in one process and in two, {rounds} times in turn"
        yield from processes(returns, rounds)
        yield f"## Building {files} workbooks, with figures of the year before"
        yield from table(BUILDING, returns, rounds, "ours, build_workbook")
        yield f"## Reading {files} published reports (.docx)"
        yield from table(REPORTS, reports, rounds, "ours, report → figures")
        yield "## Whole commands"
        yield from commands(folder, returns[0], many, rounds)


def machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{cpu}, {os.cpu_count()} cores; {platform.system()}, Python "
        f"{platform.python_version()}, which takes {_turns():.0f} ms "
        f"for {TURNS:,} turns of a plain loop; load before the run {load}. The least of "
        "several rounds; everything else on the machine makes it slower, and all alike."
    )


def _turns() -> float:
    """Milliseconds of a loop that uses no library: what this machine and this build of
    Python are worth, of which one may be half as fast again as another."""

    def turn() -> float:
        begun, seen = time.process_time(), {}
        for number in range(TURNS):
            seen[number % 1000] = str(number)
        return 1000 * (time.process_time() - begun)

    return min(turn() for _ in range(5))


def table(
    ways: Sequence[str], files: Sequence[Path], rounds: int, ours: str
) -> Iterator[str]:
    costs: Mapping[str, Cost] = {way: measured(way, files, rounds) for way in ways}
    yield ""
    yield "| way | CPU ms a file | wall ms | files a second | × ours | peak MB |"
    yield "|---|---|---|---|---|---|"
    for way, cost in costs.items():
        yield (
            f"| {way} | {cost.cpu:.1f} | {cost.wall:.1f} | {1000 / cost.wall:.0f} "
            f"| {cost.cpu / costs[ours].cpu:.2f} | {cost.memory:.0f} |"
        )
    yield ""


def processes(files: Sequence[Path], rounds: int) -> Iterator[str]:
    """Where other work has the second core, wall times say nothing: the processor time
    that a second process costs bounds what it can gain."""
    times = -(-READ // len(files))
    pairs = [[in_processes(n, files, times) for n in (1, 2)] for _ in range(rounds)]
    yield ""
    yield "| round | CPU ms, one | two | wall ms, one | two | × faster | × CPU |"
    yield "|---|---|---|---|---|---|---|"
    for number, (one, two) in enumerate(pairs, 1):
        yield (
            f"| {number} | {one.cpu:.1f} | {two.cpu:.1f} | {one.wall:.1f} "
            f"| {two.wall:.1f} | {one.wall / two.wall:.2f} | {two.cpu / one.cpu:.2f} |"
        )
    yield ""


def commands(folder: Path, file: Path, many: int, rounds: int) -> Iterator[str]:
    campaign = made.campaign(folder / "campaign", many)
    yield ""
    yield "| command | CPU s | wall s | peak MB |"
    yield "|---|---|---|---|"
    for words in (["--help"], ["check", str(file)]):
        runs = [_run(*words) for _ in range(rounds)]
        yield _row(words[0], min(runs))
    yield _row(f"collect, {many} returns", _run("collect", str(campaign.path)))
    yield _row("collect again, nothing new", _run("collect", str(campaign.path)))
    (campaign.inbox / "U000000.xlsx").write_bytes(made.blank(made.units(1)[0]))
    yield _row("collect again, one file changed", _run("collect", str(campaign.path)))
    district = made.campaign(folder / "district", DISTRICT, 2 * DISTRICT // 3)
    row = f"collect, {DISTRICT} returns, a third of them sent back"
    yield _row(row, _run("collect", str(district.path)))


def _row(what: str, cost: tuple[float, float, float]) -> str:
    cpu, wall, memory = cost
    return f"| {what} | {cpu:.2f} | {wall:.2f} | {memory:.0f} |"


#: Runs a command in a process that is itself small: a child counts its parent's memory
#: as its own until it is another program.
_SMALL = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, _, used = os.wait4(process.pid, 0)
print(used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024)
"""


def _run(*words: str) -> tuple[float, float, float]:
    """Processor and wall time of a command with all its processes, and the largest."""
    command = [sys.executable, "-m", "workbook_builder", *words]
    # As it is installed: what was compiled once is there.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    told = subprocess.run(
        [sys.executable, "-c", _SMALL, *command],
        capture_output=True,
        check=True,
        text=True,
        env=kept,
    ).stdout
    cpu, wall, memory = map(float, told.split())
    return cpu, wall, memory


def _put(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


if __name__ == "__main__":
    main()
