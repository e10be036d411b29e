"""``console``: the Excel console of the district desk, beside the campaign.

Its VBA project is the one that xlwings ships for stand-alone workbooks, taken from
the installed package as it is, so that it always fits the installed version.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from workbook_builder.campaign.files import write_keeping
from workbook_builder.campaign.folder import Folder
from workbook_builder.console.book import console_book
from workbook_builder.console.operations import Operation
from workbook_builder.console.places import NAME
from workbook_builder.model.errors import CampaignError
from workbook_builder.workbook.write import write

HELPER, HELPER_FOLDER = "unit_helper.bas", "可选的宏"
_QUICKSTART, _PART = "xlwings/quickstart_standalone.xlsm", "xl/vbaProject.bin"


def make_console(
    folder: Folder, operations: Sequence[Operation], interpreter: str = ""
) -> tuple[Path, ...]:
    """Writes the console, its module, and the optional macros for units.

    ``operations`` are what its sheet 操作 offers. ``interpreter`` is the Python that the
    button starts; empty for the system's own. A file that is already there and would
    change is put aside, not lost. Raises CampaignError where xlwings is not installed.
    """
    campaign, form = folder.campaign(), folder.form()
    book = console_book(campaign, form, vba_project(), interpreter, operations)
    outputs = {
        folder.path / f"{NAME}.xlsm": write(book),
        folder.path / f"{NAME}.py": (macros_root() / f"{NAME}.py").read_bytes(),
        folder.path / HELPER_FOLDER / HELPER: _for_editors(macros_root() / HELPER),
    }
    for path, data in outputs.items():
        write_keeping(path, data)
    return tuple(outputs)


def vba_project() -> bytes:
    """``vbaProject.bin`` of xlwings' stand-alone quickstart, byte for byte."""
    try:
        path = Path(str(distribution("xlwings").locate_file(_QUICKSTART)))
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            return archive.read(_PART)
    except (PackageNotFoundError, OSError, KeyError, zipfile.BadZipFile):
        raise CampaignError(
            "控制台要用 xlwings，这里没有装好。请运行：pip install 'workbook-builder[excel]'",
            "The console needs xlwings. Run: pip install 'workbook-builder[excel]'",
        ) from None


def macros_root() -> Path:
    """Where ``macros/`` is: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(files("workbook_builder"))) / "macros"
    return packaged if packaged.is_dir() else packaged.parent.parent / "macros"


def _for_editors(path: Path) -> bytes:
    """A module as the VBA editor imports it on Chinese Windows: GBK, lines with CRLF."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "".join(f"{line}\r\n" for line in lines).encode("gbk")
