"""How much longer LibreOffice takes to open a unit's workbook than an empty one.

``python benchmarks/opening.py`` prints the least of several runs each, in seconds of
processor time, so that a busy machine does not count.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support import campaign, form, plain_workbook, unit
from workbook_builder.workbook.build import build_workbook

RUNS = 5


def seconds(file: Path, profile: Path) -> float:
    """Processor time of opening a file and saving its first sheet as text."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            str(profile),
            str(file),
        ],
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    last_period = {id_: Decimal(7) for id_ in form().cells}
    books = {
        "empty": plain_workbook(),
        "blank return": build_workbook(form(), unit(), campaign()),
        "with last year": build_workbook(
            form(), unit(), campaign(), last_period=last_period
        ),
    }
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder)
        for name, data in books.items():
            file = profile / f"{name}.xlsx"
            file.write_bytes(data)
            seconds(file, profile)  # the first run makes the profile
            least = min(seconds(file, profile) for _ in range(RUNS))
            print(f"{name:16}{len(data):8,} bytes  {least:5.2f} s")


if __name__ == "__main__":
    main()
