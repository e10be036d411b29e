"""The results of one run in their places, all together: never some of one run and some
of another.

Every file is written beside them first. Only when all are there and every place is
free, they are moved, which takes a moment. What is to be moved is noted before: a run
that is ended just then is brought to its end by the next.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from workbook_builder.campaign.files import unwritten, write_atomically, write_beside

#: The folder, within that of the results, of what is not in its place yet.
NEW = ".~new"
_PLAN = "plan.json"


def put_in_place(results: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files by their names below ``results``: all of them, or none.

    Raises CampaignError where one cannot be written; the earlier ones stay then.
    """
    complete(results)
    waiting = results / NEW
    plan: dict[str, str] = {}
    try:
        for name, data in files.items():
            try:
                waiting.mkdir(parents=True, exist_ok=True)
                plan[write_beside(waiting, data).name] = name
                _prove_free(results / name)
            except OSError as error:
                raise unwritten(results / name, error) from None
        text = json.dumps(plan, ensure_ascii=False)
        write_atomically(waiting / _PLAN, text.encode())
    except BaseException:
        shutil.rmtree(waiting, ignore_errors=True)
        raise
    _move(results, plan)


def complete(results: Path) -> None:
    """Ends what a run began that was ended while it moved its files."""
    waiting = results / NEW
    try:
        plan = json.loads((waiting / _PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        plan = {}  # it never came so far
    _move(results, plan if isinstance(plan, dict) else {})


def _prove_free(path: Path) -> None:
    """Whether a file can be put there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(21, "Is a directory")
    if sys.platform == "win32" and path.exists():
        with path.open("r+b"):  # not while another program holds it
            pass


def _move(results: Path, plan: Mapping[str, str]) -> None:
    waiting = results / NEW
    for written, name in plan.items():
        path = results / name
        try:
            if path.resolve().is_relative_to(results.resolve()):
                (waiting / Path(written).name).replace(path)
        except FileNotFoundError:
            pass  # it is there already
        except OSError as error:
            raise unwritten(path, error) from None
    shutil.rmtree(waiting, ignore_errors=True)
