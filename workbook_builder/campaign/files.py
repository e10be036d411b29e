"""Reading and writing files without ever leaving half of one, or losing one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from stat import S_ISDIR

from workbook_builder.model.errors import FULL, CampaignError, reason

OLDER = "以前的版本"
#: How the name of a file begins and ends that is still being written.
_BEGIN, _END = ".~", ".tmp"
#: IO_REPARSE_TAG_MOUNT_POINT of Windows.
_JUNCTION = 0xA0000003


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or nothing; an existing file stays whole until then.

    Raises CampaignError where the file is open elsewhere or may not be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = write_beside(path.parent, (data,))
        try:
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise unwritten(path, error) from None


def write_beside(folder: Path, parts: Iterable[bytes]) -> Path:
    """The whole of a file, on the disk, under a name that says it is not in its place yet.

    Raises OSError, and leaves nothing behind then.
    """
    handle, name = tempfile.mkstemp(_END, _BEGIN, folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def unopened(path: Path, error: OSError) -> CampaignError:
    """What to say of a file that somebody named and that cannot be read."""
    return CampaignError(
        f"“{path}”无法打开（{reason(error)}）。请核对文件名和位置；"
        "正在别的程序里打开的，先关闭再试。",
        f"Cannot open {path}: {error.strerror}. Check the name and the place; close it "
        "elsewhere.",
    )


def unwritten(path: Path, error: OSError) -> CampaignError:
    """What to say of a file that cannot be written."""
    if error.errno in FULL:
        return CampaignError(
            f"{reason(error)}，“{path.name}”没有写成，原来的文件没有动。请腾出空间再试。",
            f"The disk is full: {path} was not written, what was there stays. Make room "
            "and try again.",
        )
    return CampaignError(
        f"“{path.name}”无法写入（{reason(error)}）。如果正在 Excel 里打开，请先关闭再试。",
        f"Cannot write {path}: {error.strerror}. Close it elsewhere and try again.",
    )


def remove_leftovers(folder: Path) -> None:
    """Removes what :func:`write_atomically` leaves if the program is killed."""
    for path in folder.rglob(f"{_BEGIN}????????{_END}"):
        with contextlib.suppress(OSError):
            path.unlink()


def write_keeping(path: Path, data: bytes) -> bool:
    """Writes the file, putting a different older one aside. False if unchanged."""
    changed = keep_other(path, data)
    if changed:
        write_atomically(path, data)
    return changed


def keep_other(path: Path, data: bytes) -> bool:
    """Whether a file would say something else; what it says now is kept aside then."""
    try:
        before = path.read_bytes() if path.exists() else None
    except OSError as error:
        raise unwritten(path, error) from None
    if before == data:
        return False
    if before is not None:
        _keep(path, before)
    return True


def kept_copy(path: Path) -> Path:
    """A copy of the file among the older versions beside it.

    Raises CampaignError where it is open elsewhere.
    """
    try:
        return _keep(path, path.read_bytes())
    except OSError as error:
        raise unwritten(path, error) from None


def apart(path: Path, data: bytes) -> Path:
    """The path, or where a different file has that name already, one of its own."""
    if path.exists() and path.read_bytes() != data:
        digest = hashlib.sha256(data).hexdigest()[:8]
        return path.with_stem(f"{path.stem}_{digest}")
    return path


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
            f"“{path.name}”无法移动（{reason(error)}）。如果正在别的程序里打开，请先关闭再试。",
            f"Cannot move {path}: {error.strerror}. Close it elsewhere and try again.",
        ) from None


def _keep(path: Path, before: bytes) -> Path:
    digest = hashlib.sha256(before).hexdigest()[:8]
    aside = path.parent / OLDER / f"{path.stem}.{digest}{path.suffix}"
    if not aside.exists():
        write_atomically(aside, before)
    return aside


def files_at(path: Path) -> Iterator[Path]:
    """The files below a folder, or what is no folder itself."""
    try:
        is_folder = path.is_dir()
    except OSError:
        is_folder = False
    yield from files_below(path) if is_folder else (path,)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file of a folder, in a stable order, and every folder in it that is not
    entered: one that may not be read, or that is a link.

    Nothing where the folder is not there. Raises CampaignError where it may not be read.
    """
    waiting = [folder]
    while waiting:  # folders may lie deeper within one another than calls may
        place = waiting.pop()
        try:
            # No more is kept of each than this: of very many, what the system says of
            # a file is ten times as large as its name.
            with os.scandir(place) as found:
                entries = sorted((entry.name, _is_entered(entry)) for entry in found)
        except OSError as error:
            if place != folder:
                yield place
            elif not isinstance(error, FileNotFoundError):
                raise _closed(folder, error) from None
            continue
        inner = []
        for name, is_entered in entries:
            path = place / name
            if is_entered:
                inner.append(path)
            else:
                yield path
        waiting += reversed(inner)


def _is_entered(entry: os.DirEntry[str]) -> bool:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    # Windows has links to folders that look like folders.
    is_junction = getattr(status, "st_reparse_tag", 0) == _JUNCTION
    return S_ISDIR(status.st_mode) and not is_junction


def _closed(folder: Path, error: OSError) -> CampaignError:
    return CampaignError(
        f"文件夹“{folder}”无法打开（{reason(error)}）。请检查有没有读取权限、网络盘是否连着，再试一次。",
        f"Cannot read the folder {folder}: {error.strerror}. May you read it, and is the "
        "network drive connected?",
    )


def shown(path: PurePath) -> str:
    """How results name a file: text that can be written; names are not always Unicode."""
    return path.as_posix().encode("utf-8", "replace").decode()
