"""The pictures of a blank workbook in a window of LibreOffice, 1366×768 at 100 %, with no
other screen than one of their own. Taken with all others by ``python -m tools.pictures``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "1366x768"
#: Program → the Debian package it comes from.
PACKAGES = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}
#: Seconds for a window to come, and for a sheet to be drawn.
PATIENCE, DRAWN = 300, 3


def take(book: Path, names: Sequence[str], folder: Path) -> Iterator[tuple[str, bytes]]:
    """For each sheet, which has such a name, the name of its picture and the picture as PPM."""
    with _screen(folder) as screen, _window(book, folder, screen) as window:
        for number, name in enumerate(names, 1):
            time.sleep(DRAWN)
            shot = _run(screen, "import", "-window", "root", "-depth", "8", "ppm:-")
            yield f"screen-{number}-{name}", shot
            _run(screen, "xdotool", "key", "--window", window, "ctrl+Next")


@contextmanager
def _screen(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a screen that nobody sees."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SIZE}x24", "-dpi", "96"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        yield {**os.environ, "DISPLAY": display}
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _window(book: Path, folder: Path, screen: dict[str, str]) -> Iterator[str]:
    """LibreOffice with the workbook, over the whole screen."""
    profile = (folder / "screen-profile").as_uri()
    office = subprocess.Popen(
        [
            "soffice",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation={profile}",
            book,
        ],
        env=screen,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        window = _found(book.stem, office, screen)
        width, height = SIZE.split("x")
        _run(screen, "xdotool", "windowsize", window, width, height)
        _run(screen, "xdotool", "windowmove", window, "0", "0")
        _run(screen, "xdotool", "windowfocus", window)
        time.sleep(2 * DRAWN)
        yield window
    finally:
        with suppress(ProcessLookupError):  # the program itself is a child of a script
            os.killpg(office.pid, signal.SIGTERM)
        office.wait()


def _found(title: str, office: subprocess.Popen[bytes], screen: dict[str, str]) -> str:
    ends = time.monotonic() + PATIENCE
    while office.poll() is None and time.monotonic() < ends:
        time.sleep(1)
        asked = ["xdotool", "search", "--onlyvisible", "--name", title]
        found = subprocess.run(asked, env=screen, capture_output=True, text=True).stdout
        if found.strip():
            return found.split()[-1]
    raise RuntimeError(f"no window of {title} came")


def _run(screen: dict[str, str], program: str, *arguments: str) -> bytes:
    return subprocess.run(
        [program, *arguments], env=screen, check=True, capture_output=True
    ).stdout
