"""LibreOffice, where it is installed: makes PDF files, and reads what nothing else does."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from workbook_builder.model.errors import CampaignError

#: Where LibreOffice is when it is not on the PATH.
USUAL = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path(r"C:\Program Files\LibreOffice\program\soffice.exe"),
    Path(r"C:\Program Files (x86)\LibreOffice\program\soffice.exe"),
    Path("/usr/lib/libreoffice/program/soffice"),
    Path("/opt/libreoffice/program/soffice"),
)
#: Tagged, so that a screen reader finds headings and tables in it.
FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
DOCX = "docx:MS Word 2007 XML"
#: Seconds: to start, and for each document.
START, EACH = 90, 20


def soffice() -> Path | None:
    """The program, or None where LibreOffice is not installed."""
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((path for path in USUAL if path.is_file()), None)


def require_office() -> Path:
    """The program. Raises CampaignError that says what to do where there is none."""
    program = soffice()
    if program is None:
        raise CampaignError(
            "没有找到 LibreOffice，不能生成 PDF。请安装 LibreOffice（免费，含 Writer）后再试；"
            "或者不加 --pdf，用 Word 或 WPS 打开报告另存为 PDF。",
            "LibreOffice was not found, so no PDF can be made. Install it (with "
            "Writer), or leave out --pdf and save as PDF from Word or WPS.",
        )
    return program


def pdf(documents: Mapping[str, bytes], day: date) -> dict[str, bytes]:
    """Name → PDF of each .docx. Raises CampaignError where that cannot be done.

    LibreOffice runs once for all, on copies, with a profile of its own: an open
    window of the user's is not disturbed. The files are dated ``day``, so
    that the same document gives the same bytes.
    """
    program = require_office()
    if not documents:
        return {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        made = _converted(program, Path(temporary), documents, "docx", FILTER)
    return {
        name: _undated(data, documents[name], f"{day:%Y%m%d}000000")
        for name, data in made.items()
    }


def as_docx(document: bytes, ending: str) -> bytes | None:
    """A document of another format (``rtf``, ``wps``) as Word; None where LibreOffice is
    not installed, or makes nothing of it."""
    program = soffice()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        try:
            made = _converted(program, Path(temporary), {"": document}, ending, DOCX)
        except CampaignError:
            return None
    return made[""]


def _converted(
    program: Path,
    folder: Path,
    documents: Mapping[str, bytes],
    ending: str,
    filter_: str,
) -> dict[str, bytes]:
    # Short names: a thousand of them must fit on one command line of Windows.
    sources = {name: folder / f"{n}.{ending}" for n, name in enumerate(documents)}
    for name, path in sources.items():
        path.write_bytes(documents[name])
    _run(
        [
            str(program),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
            *("--convert-to", filter_, "--outdir", "."),
            *(path.name for path in sources.values()),
        ],
        folder,
        START + EACH * len(sources),
    )
    made_as = filter_.partition(":")[0]
    made = {name: path.with_suffix(f".{made_as}") for name, path in sources.items()}
    lost = [name for name, path in made.items() if not path.is_file()]
    if lost:
        raise CampaignError(
            f"LibreOffice 没有转出 PDF：{lost[0]}。请确认装的 LibreOffice 含有 Writer。",
            f"LibreOffice made no PDF of {lost[0]}. Is its Writer installed?",
        )
    return {name: path.read_bytes() for name, path in made.items()}


def _undated(data: bytes, source: bytes, date: str) -> bytes:
    """The PDF without the moment it was made; nothing moves, so that it stays valid."""
    mark = hashlib.sha256(source).hexdigest()[:32].upper().encode()
    dated = re.sub(
        rb"(/(?:Creation|Mod)Date\(D:)\d{14}", rb"\g<1>" + date.encode(), data
    )
    marked = re.sub(rb"(/DocChecksum /)[0-9A-F]{32}", rb"\g<1>" + mark, dated)
    return re.sub(
        rb"(/ID \[\s*<)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}(>)",
        rb"\g<1>" + mark + rb"\g<2>" + mark + rb"\g<3>",
        marked,
    )


def _run(command: list[str], folder: Path, seconds: int) -> None:
    """Runs it to the end, or ends it with everything it started."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=sys.platform != "win32",
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise CampaignError(
            f"LibreOffice {seconds} 秒还没有转完 PDF，已停止。请再试一次。",
            f"LibreOffice did not finish within {seconds} seconds and was stopped.",
        ) from None
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
