"""A Windows runtime for tests, put together from what PyPI and Debian have.

python.org's embeddable package is what a release is made with; where tests run it cannot
be had. PyPI's wheel of panda3d carries the same interpreter, signed, with the standard
library's binary modules; the rest of the library is this Python's own, and ``python.exe``
six lines of C. Wine 8 lacks one library that Rust's modules load; it gets one here.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sysconfig
import zipfile
from pathlib import Path

import pytest

WHEEL = "panda3d==1.10.16"
COMPILER = "x86_64-w64-mingw32-gcc"
TOOLS = ("wine", COMPILER, "x86_64-w64-mingw32-objdump")
#: Of the standard library, what nobody needs here.
_LEFT_OUT = {"test", "idlelib", "tkinter", "ensurepip", "lib2to3", "site-packages"}

_PYTHON = """\
#include <wchar.h>
int Py_Main(int, wchar_t **);
int wmain(int argc, wchar_t **argv) { return Py_Main(argc, argv); }
"""
_RANDOM = """\
#include <stddef.h>
unsigned char __stdcall SystemFunction036(void *, unsigned long);
__declspec(dllexport) int ProcessPrng(unsigned char *data, size_t size) {
    return SystemFunction036(data, (unsigned long)size);
}
"""


def require() -> None:
    """Skips, and says why, where Windows programs cannot be run or made."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(
            f"{', '.join(missing)} not installed: the Windows folder is not run "
            "(Debian: wine wine64 gcc-mingw-w64-x86-64)"
        )


def runtime(wheel: Path, place: Path) -> bytes:
    """The runtime as a zip, like python.org's; ``place`` is a folder to work in."""
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            folder, _, file = name.rpartition("/")
            if folder == "deploy_libs" and not re.match(r"tcl|tk|_tkinter", file):
                files[file] = archive.read(name)
    for name, data in files.items():
        if name.startswith("python3"):
            (place / name).write_bytes(data)
    files["python311.zip"] = _library()
    files["python311._pth"] = b"python311.zip\r\n.\r\n"
    files["python.exe"] = _compiled(
        place, "python.exe", _PYTHON, "-municode", str(place / "python311.dll")
    )
    files["bcryptprimitives.dll"] = _compiled(
        place, "bcryptprimitives.dll", _RANDOM, "-shared", "-ladvapi32"
    )
    files["python3.dll"] = _forwarder(place)
    licence = Path(sysconfig.get_paths()["stdlib"]) / "LICENSE.txt"
    files["LICENSE.txt"] = licence.read_bytes() if licence.is_file() else b"PSF-2.0\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def _library() -> bytes:
    root = Path(sysconfig.get_paths()["stdlib"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(root.rglob("*.py")):
            inside = file.relative_to(root)
            if not _LEFT_OUT & set(inside.parts) and "config-" not in inside.parts[0]:
                archive.write(file, inside.as_posix())
    return buffer.getvalue()


def _compiled(place: Path, name: str, source: str, *arguments: str) -> bytes:
    code = place / f"{name}.c"
    code.write_text(source)
    command = [COMPILER, "-O1", "-s", "-o", str(place / name), str(code), *arguments]
    subprocess.run(command, check=True, capture_output=True)
    return (place / name).read_bytes()


def _forwarder(place: Path) -> bytes:
    """``python3.dll``: every name of the stable interface, found in python311.dll."""
    said = subprocess.run(
        ["x86_64-w64-mingw32-objdump", "-p", str(place / "python311.dll")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    table = said.partition("[Ordinal/Name Pointer] Table")[2]
    names = re.findall(r"\[\s*\d+\][^\n]*?(_?Py\w+)\s*$", table, re.MULTILINE)
    definition = place / "python3.def"
    lines = [f"    {name} = python311.{name}" for name in dict.fromkeys(names)]
    definition.write_text("\n".join(["LIBRARY python3", "EXPORTS", *lines, ""]))
    return _compiled(place, "python3.dll", "", "-shared", str(definition))
