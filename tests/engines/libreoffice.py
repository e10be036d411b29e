"""LibreOffice Calc, headless, driven over UNO.

What a test writer must know:
- a typed TRUE is a logical value only where the cell's format is General; elsewhere it
  is the number 1. COUNT and SUM take even a logical cell for a number; Excel doesn't;
- formula errors that .xlsx has no name for come as `Err:` and LibreOffice's number;
- a very hidden sheet is saved as a hidden one;
- its interface is English and its locale Chinese (zh-CN);
- in VBA, SaveAs writes the old .xls format whatever the name; a message box or an input
  box nobody sees is answered as if it was closed.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ._worker import WorkerEngine, files

_PROFILE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Recovery/AutoSave">
<prop oor:name="Enabled" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
</oor:items>
"""  # OOXMLRecalcMode 0: recalculate on load, whoever wrote the file


@functools.cache
def soffice() -> str | None:
    """The program that starts the office."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@functools.cache
def uno_python() -> str | None:
    """An interpreter that has `uno`: this one, the system's or the office's own."""
    office = soffice()
    own = Path(office).resolve().with_name("python") if office else None
    for candidate in (sys.executable, "/usr/bin/python3", str(own)):
        if Path(candidate).is_file() and _has_uno(candidate):
            return candidate
    return None


def _has_uno(python: str) -> bool:
    done = subprocess.run([python, "-c", "import uno"], capture_output=True)
    return done.returncode == 0


def installed() -> bool:
    """Whether LibreOffice and a Python to drive it are there."""
    return soffice() is not None and uno_python() is not None


def _command(folder: Path) -> list[str]:
    office, python = soffice(), uno_python()
    assert office is not None
    assert python is not None
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
    script = Path(__file__).with_name("_uno_worker.py")
    return [python, str(script), office, str(user.parent)]


class LibreOffice(WorkerEngine):
    """One office per test process, each with its own profile and pipe."""

    def __init__(self) -> None:
        super().__init__("libreoffice", _command)

    def run_macros(
        self, workbook: bytes, module: str, calls: Sequence[tuple[object, ...]]
    ) -> tuple[list[object], bytes]:
        """What the calls (name, then arguments) return, and the workbook after them.

        The module is VBA as text. What fails in VBA returns None, so a test must look
        at the effects as well.
        """
        worker = self.ready()
        with files(worker.folder, workbook) as (source, target):
            returned = worker.ask(
                "macros",
                source=str(source),
                target=str(target),
                module=module,
                calls=[(name, arguments) for name, *arguments in calls],
            )
            return returned, target.read_bytes()
