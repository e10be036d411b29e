"""Writes a folder that runs without installation, as a zip.

``python -m tools.portable windows-x64 -o OUT.zip`` puts together a Python runtime, the
wheels of the program and a launcher that a double-click starts. The runtime is python.org's
embeddable package for Windows, python-build-standalone for Linux: fetched from where it is
published, or the file that ``--runtime`` names; it is used only if it has the hash that is
pinned here or given with ``--sha256``. The same runtime and wheels give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from tools import parts
from tools.wheelhouse import PLATFORMS, Platform, download


@dataclass(frozen=True, slots=True)
class Pinned:
    """The runtime that releases are made with."""

    address: str
    sha256: str


_STANDALONE = (
    "https://github.com/astral-sh/python-build-standalone/releases/download/20250212/"
    "cpython-3.11.11%2B20250212-{}-unknown-linux-gnu-install_only_stripped.tar.gz"
)
#: Platform → its runtime. The hashes of the Linux ones are those that uv carries with it.
PINNED = {
    "windows-x64": Pinned(  # the last of 3.11 that there are binaries of
        "https://www.python.org/ftp/python/3.11.9/python-3.11.9-embed-amd64.zip",
        "009d6bf7e3b2ddca3d784fa09f90fe54336d5b60f0e0f305c37f400bf83cfd3b",
    ),
    "linux-x86_64": Pinned(
        _STANDALONE.format("x86_64"),
        "088d8462675f2c15e665c81429eecd056007b75749769ec638748ffac750a93b",
    ),
    "linux-aarch64": Pinned(
        _STANDALONE.format("aarch64"),
        "2f901fd14d909da53c32ba9c76fa3bcd5e5ca1dcec4d1e3f1f055a6e0249c704",
    ),
}
#: Of a runtime for Linux, what the program never touches: tests, windows of its own, what
#: builds extensions, pip, and the same interpreter by other names.
NEEDLESS = re.compile(
    r"(include|share)/"
    r"|bin/(?!python3$)"
    r"|lib/(pkgconfig/|(lib)?(tcl|tk|itcl|thread)\d|libpython\d\.so|.*\.a$)"
    r"|lib/python3\.\d+/(test|idlelib|tkinter|turtledemo|ensurepip|lib2to3|pydoc_data"
    r"|site-packages|config-[^/]*)/"
)
#: In every folder that is unpacked.
TOP = "workbook-builder"
DATE = (2024, 1, 1, 0, 0, 0)
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of the folder."""

    data: bytes
    is_program: bool = False


Files = dict[str, PackedFile]

# ---------------------------------------------------------------- what starts it

START = '''"""Starts the desk for the folder 任务 beside this file; with arguments, a command."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "lib"))

if __name__ == "__main__":
    from workbook_builder.start import main

    if len(sys.argv) == 1:
        home = HERE / "任务"
        home.mkdir(exist_ok=True)
        sys.argv += ["--lang", "zh", "desk", str(home)]
    main()
'''

#: Nothing but ASCII: what else a .cmd says depends on the code page of the computer.
CMD = """\
@echo off
chcp 65001 >nul
"%~dp0runtime\\python.exe" -X utf8 "%~dp0start.py" %*
if errorlevel 2 pause
"""

SHELL = """\
#!/bin/sh
# -I: nothing of another Python on this computer is used.
here=$(dirname "$(readlink -f "$0")")
exec "$here/runtime/bin/python3" -I -X utf8 "$here/start.py" "$@"
"""

DESKTOP = """\
[Desktop Entry]
Type=Application
Name=工作台
Terminal=true
Exec=sh -c '"$(dirname "$1")/start.sh"' sh %k
"""

READ_ME = """\
统计报表工作台（不用安装）

一、开始
    {start}
    浏览器里会打开工作台。第一次打开要等十几秒。{warning}

二、文件在哪里
    全部任务都在这个文件夹的“任务”里，每个任务一个文件夹。备份、换电脑，把它整个复制走就行。
    程序不往别处写任何东西，不连网（用邮件收发时除外）。

三、退出
    按页面右上角的“退出”，或者关掉黑色的小窗口。

四、核对
    “校验值.txt”是每个文件的 SHA-256。各部分的许可证在 licences 文件夹里。

五、用命令
    {command} --help
"""
_SAYS = {
    True: {
        "start": "双击“工作台.cmd”。",
        "warning": "如果 Windows 提示“已保护你的电脑”，\r\n"
        "    请点“更多信息”，再点“仍要运行”；单位有安全软件的，请管理员放行这个文件夹。",
        "command": "工作台.cmd",
    },
    False: {
        "start": "双击“工作台.desktop”，选“运行”；不行的，在终端里运行 ./start.sh。",
        "warning": "",
        "command": "./start.sh",
    },
}


def launcher(platform: Platform) -> Files:
    """What a double-click starts, and what to read first."""
    said = READ_ME.format(**_SAYS[platform.is_windows])
    read_me = said.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8-sig")
    files = {
        "start.py": PackedFile(START.encode()),
        "使用说明.txt": PackedFile(read_me),
    }
    if platform.is_windows:
        files["工作台.cmd"] = PackedFile(CMD.replace("\n", "\r\n").encode("ascii"))
    else:
        files["start.sh"] = PackedFile(SHELL.encode("ascii"), True)
        files["工作台.desktop"] = PackedFile(DESKTOP.encode(), True)
    return files


# ---------------------------------------------------------------- what it is made of


def runtime_files(data: bytes) -> Files:
    """The runtime's files. A standalone build has them below ``python/``."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {
                name: PackedFile(archive.read(name))
                for name in archive.namelist()
                if not name.endswith("/")
            }
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return dict(_untarred(archive))


def _untarred(archive: tarfile.TarFile) -> Iterator[tuple[str, PackedFile]]:
    """Links become copies: a zip that is unpacked on a stick has none."""
    for member in archive.getmembers():
        file = archive.extractfile(member) if not member.isdir() else None
        if file is not None:
            target = archive.getmember(_linked(member)) if member.issym() else member
            name = member.name.removeprefix("python/")
            yield name, PackedFile(file.read(), bool(target.mode & 0o100))


def _linked(member: tarfile.TarInfo) -> str:
    return (PurePosixPath(member.name).parent / member.linkname).as_posix()


def installed(wheels: Mapping[str, bytes]) -> tuple[Files, Files]:
    """What is in the wheels, as it is installed, and the licences found there."""
    files: Files = {}
    licences: Files = {}
    for wheel, data in sorted(wheels.items()):
        name = "-".join(wheel.split("-")[:2])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {n: archive.read(n) for n in archive.namelist() if n[-1:] != "/"}
        for path, content in found.items():
            target = _target(path)
            if target:
                files[target] = PackedFile(content)
        licences |= {
            f"{name}/{key}": PackedFile(text) for key, text in _licences(found)
        }
    return files, licences


def _target(path: str) -> str:
    """Where a file of a wheel goes; nowhere for scripts and what else is for a system."""
    head, _, rest = path.partition("/")
    if not head.endswith(".data"):
        return path
    scheme, _, inner = rest.partition("/")
    return inner if scheme in {"purelib", "platlib"} else ""


def _licences(found: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The texts that a wheel brings; where it brings none, what it says of itself."""
    texts = {
        path.partition(".dist-info/")[2].replace("/", "_"): content
        for path, content in found.items()
        if ".dist-info/" in path and _LICENCE.search(PurePosixPath(path).name)
    }
    if texts:
        yield from texts.items()
        return
    for path, content in found.items():
        if path.endswith(".dist-info/METADATA"):
            head = HeaderParser().parsestr(content.decode("utf-8"))
            said = [
                f"{name}: {value}"
                for name, value in head.items()
                if name in {"Name", "Version", "License", "License-Expression"}
                or value.startswith("License ::")
            ]
            yield "LICENSE.txt", "\n".join([*said, ""]).encode()


def assemble(platform: Platform, runtime: bytes, wheels: Mapping[str, bytes]) -> Files:
    """Every file of the folder, by its place there."""
    library, licences = installed(wheels)
    # What Python compiles anew has other bytes the next day.
    base = {
        name: each
        for name, each in runtime_files(runtime).items()
        if "__pycache__" not in name and not NEEDLESS.match(name)
    }
    licences |= {
        f"python/{PurePosixPath(name).name}": each
        for name, each in base.items()
        if _LICENCE.match(PurePosixPath(name).name) and name.count("/") < 3
    }
    files = {
        **launcher(platform),
        **{f"runtime/{name}": each for name, each in base.items()},
        **{f"lib/{name}": each for name, each in library.items()},
        **{f"licences/{name}": each for name, each in licences.items()},
        parts.NAME: PackedFile(parts.bill(wheels, runtime).encode()),
    }
    sums = "".join(
        f"{hashlib.sha256(files[name].data).hexdigest()}  {name}\n"
        for name in sorted(files)
    )
    return {**files, "校验值.txt": PackedFile(sums.encode())}


def packed(files: Mapping[str, PackedFile]) -> bytes:
    """The folder as a zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{TOP}/{name}", DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o755 if files[name].is_program else 0o644) << 16
            archive.writestr(info, files[name].data)
    return buffer.getvalue()


# ---------------------------------------------------------------- from outside


class WrongRuntime(Exception):
    """The runtime is not the one that was meant."""


def fetched(place: str, digest: str) -> bytes:
    """The runtime, from a file or an address. Raises WrongRuntime for other bytes."""
    if re.match(r"https://", place):
        with urllib.request.urlopen(place, timeout=300) as answer:
            data: bytes = answer.read()
    else:
        data = Path(place).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != digest.lower():
        raise WrongRuntime(f"{place} has the hash {found}, not {digest or 'any known'}")
    return data


def wheels_of(folders: Iterable[Path]) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes() for each in folders for file in each.glob("*.whl")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("--runtime", help="its runtime, if it is here already")
    parser.add_argument("--sha256", default="", help="its hash, if it is another one")
    parser.add_argument("--wheels", type=Path, help="a folder of tools.wheelhouse")
    parser.add_argument("-o", "--output", type=Path)
    said = parser.parse_args()
    platform = PLATFORMS[said.platform]
    pinned = PINNED[platform.name]
    runtime = fetched(said.runtime or pinned.address, said.sha256 or pinned.sha256)
    with tempfile.TemporaryDirectory() as place:
        folder = said.wheels or Path(place)
        if said.wheels is None:
            download(platform, folder)
        files = assemble(platform, runtime, wheels_of([folder]))
    output = said.output or Path(f"workbook-builder-{platform.name}.zip")
    output.write_bytes(packed(files))
    digest = hashlib.sha256(output.read_bytes()).hexdigest()
    size = output.stat().st_size / 1024 / 1024
    print(f"{output}: {len(files)} files, {size:.1f} MB, sha256 {digest}")


if __name__ == "__main__":
    main()
