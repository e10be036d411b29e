"""Reading and writing files without ever leaving half of one, or losing one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from workbook_builder.model.errors import CampaignError

OLDER = "以前的版本"
#: How the name of a file begins and ends that is still being written.
_BEGIN, _END = ".~", ".tmp"


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or nothing; an existing file stays whole until then.

    Raises CampaignError where the file is open elsewhere or may not be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(_END, _BEGIN, path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as error:
        raise CampaignError(
            f"“{path.name}”写不进去（{error.strerror}）。如果正在 Excel 里打开，请先关闭再试。",
            f"Cannot write {path}: {error.strerror}. Close it elsewhere and try again.",
        ) from None


def remove_leftovers(folder: Path) -> None:
    """Removes what :func:`write_atomically` leaves if the program is killed."""
    for path in folder.rglob(f"{_BEGIN}????????{_END}"):
        with contextlib.suppress(OSError):
            path.unlink()


def write_keeping(path: Path, data: bytes) -> bool:
    """Writes the file, putting a different older one aside. False if unchanged."""
    if path.exists():
        before = path.read_bytes()
        if before == data:
            return False
        _keep(path, before)
    write_atomically(path, data)
    return True


def put_aside(path: Path) -> None:
    """Moves a file to the older versions beside it, if it is there.

    Raises CampaignError where the file is open elsewhere.
    """
    if not path.is_file():
        return
    try:
        _keep(path, path.read_bytes())
        path.unlink()
    except OSError as error:
        raise CampaignError(
            f"“{path.name}”移不开（{error.strerror}）。如果正在别的程序里打开，请先关闭再试。",
            f"Cannot move {path}: {error.strerror}. Close it elsewhere and try again.",
        ) from None


def _keep(path: Path, before: bytes) -> None:
    digest = hashlib.sha256(before).hexdigest()[:8]
    aside = path.parent / OLDER / f"{path.stem}.{digest}{path.suffix}"
    if not aside.exists():
        write_atomically(aside, before)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of a folder, in a stable order; links are not followed."""
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            yield Path(root) / name
