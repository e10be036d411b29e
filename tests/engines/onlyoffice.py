"""ONLYOFFICE's spreadsheet engine, from the PyPI package document-builder.

The package is used as its vendor publishes it, without a commercial licence.  What a
test writer must know:
- such a builder prints "license is invalid" (kept in the worker's log) and draws the
  vendor's watermark on the sheets it saves, stopping at the first protected sheet: in a
  workbook saved by `fill`, expect drawings that nobody made. `fill_many` saves nothing;
- a text that could pass for something else is typed behind an apostrophe, so that its
  cell gets the quotePrefix style;
- it saves validations and conditional formats as extensions, where openpyxl sees none;
- what is typed must arrive as that value, or the fill fails with EngineError.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from ._worker import WorkerEngine


def installed() -> bool:
    """Whether the document builder is there."""
    return importlib.util.find_spec("docbuilder") is not None


def _command(folder: Path) -> list[str]:
    temporary = folder / "temporary"
    temporary.mkdir()
    script = Path(__file__).with_name("_docbuilder_worker.py")
    return [sys.executable, str(script), str(temporary)]


class OnlyOffice(WorkerEngine):
    """One builder per test process."""

    def __init__(self) -> None:
        super().__init__("onlyoffice", _command)
