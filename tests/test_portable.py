"""The folder that runs without installation, and the packages for an offline computer.

What is put together is looked at with small stand-ins; where wine is there, the real
folder for Windows runs in it: the demo, the report, and a desk that answers.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import windows_runtime
from tools import wheelhouse
from tools.parts import NAME, bill, licence
from tools.portable import (
    PINNED,
    TOP,
    WrongRuntime,
    assemble,
    fetched,
    packed,
    wheels_of,
)
from tools.wheelhouse import PLATFORMS, download, requirements

# ---------------------------------------------------------------- put together


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def wheel(**files: str) -> bytes:
    made = {f"a-1.dist-info/{name}.txt": text for name, text in files.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in {
            "a/__init__.py": "",
            "a-1.data/purelib/a/more.py": "",
            "a-1.data/scripts/a": "#!python",
            "a-1.dist-info/METADATA": "Name: a\nVersion: 1\nLicense: MIT\n\nLicense: no",
            **made,
        }.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, mode in (
            *(("bin/python3.11", 0o755), ("LICENSE.txt", 0o644)),
            *(("lib/python3.11/os.py", 0o644), ("lib/python3.11/test/a.py", 0o644)),
            *(("lib/libtk8.6.so", 0o755), ("bin/pip3", 0o755), ("include/a.h", 0o644)),
        ):
            info = tarfile.TarInfo(f"python/{name}")
            info.size, info.mode = 1, mode
            archive.addfile(info, io.BytesIO(b"x"))
        link = tarfile.TarInfo("python/bin/python3")
        link.type, link.linkname = tarfile.SYMTYPE, "python3.11"
        archive.addfile(link)
    return buffer.getvalue()


def test_the_windows_folder_has_all_it_needs() -> None:
    runtime = zipped(**{"python.exe": "MZ", "LICENSE.txt": "PSF"})
    wheels = {
        "a-1-py3-none-any.whl": wheel(),
        "b-2-py3-none-any.whl": wheel(LICENSE="x"),
    }
    files = assemble(PLATFORMS["windows-x64"], runtime, wheels)
    assert {
        *("工作台.cmd", "使用说明.txt", "start.py", "校验值.txt", NAME),
        *("runtime/python.exe", "lib/a/__init__.py", "lib/a/more.py"),
        *("licences/a-1/LICENSE.txt", "licences/b-2/LICENSE.txt"),
        "licences/python/LICENSE.txt",
    } <= files.keys()
    assert (
        files["licences/a-1/LICENSE.txt"].data == b"Name: a\nVersion: 1\nLicense: MIT\n"
    )
    assert "lib/a" not in files  # scripts are for a system
    files["工作台.cmd"].data.decode("ascii")
    assert "双击“工作台.cmd”" in files["使用说明.txt"].data.decode("utf-8-sig")
    sums = files["校验值.txt"].data.decode()
    for name, each in files.items():
        if name != "校验值.txt":
            assert f"{hashlib.sha256(each.data).hexdigest()}  {name}\n" in sums


def test_every_part_is_named_with_its_licence_and_hash() -> None:
    one = wheel()
    python, part = json.loads(bill({"a-1-py3-none-any.whl": one}, b"x"))["components"]
    assert (python["name"], part["purl"]) == ("Python", "pkg:pypi/a@1")
    assert part["licenses"] == [{"license": {"name": "MIT"}}]
    assert part["hashes"][0]["content"] == hashlib.sha256(one).hexdigest()
    said = HeaderParser().parsestr("License-Expression: MIT\nLicense: x")
    assert licence(said) == "MIT"
    said = HeaderParser().parsestr("Classifier: License :: OSI Approved :: BSD License")
    assert licence(said) == "BSD License"
    silent = zipped(**{"a-1.dist-info__METADATA": "Name: a\nVersion: 1\n\n"})
    with pytest.raises(ValueError, match="says no licence"):
        bill({"a-1-py3-none-any.whl": silent})


def test_the_same_parts_give_the_same_bytes() -> None:
    parts = {
        "b-2-py3-none-any.whl": wheel(LICENSE="x"),
        "a-1-py3-none-any.whl": wheel(),
    }
    linux, runtime = PLATFORMS["linux-x86_64"], tarred()
    first = packed(assemble(linux, runtime, parts))
    assert packed(assemble(linux, runtime, dict(reversed(parts.items())))) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        modes = {i.filename: i.external_attr >> 16 for i in archive.infolist()}
    inside = {
        name.removeprefix(f"{TOP}/runtime/") for name in modes if "runtime" in name
    }
    assert inside == {"bin/python3", "lib/python3.11/os.py", "LICENSE.txt"}
    assert modes[f"{TOP}/runtime/bin/python3"] & 0o111  # a link became a copy
    assert modes[f"{TOP}/start.sh"] & 0o111
    assert not modes[f"{TOP}/使用说明.txt"] & 0o111


def test_a_runtime_with_other_bytes_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "python.zip"
    file.write_bytes(b"PK other")
    with pytest.raises(WrongRuntime):
        fetched(str(file), PINNED["windows-x64"].sha256)
    with pytest.raises(WrongRuntime):
        fetched(str(file), "")
    assert fetched(str(file), hashlib.sha256(b"PK other").hexdigest()) == b"PK other"


def test_every_package_is_listed_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "jaraco_context-6.1-py3-none-any.whl").write_bytes(b"x")
    (tmp_path / "a-1-py3-none-any.whl").write_bytes(b"y")
    digest = hashlib.sha256(b"x").hexdigest()
    assert requirements(tmp_path).splitlines()[1] == (
        f"jaraco-context==6.1 --hash=sha256:{digest}"
    )
    assert set(wheelhouse.EXTRAS.split(",")) >= {
        *("desk", "report", "mail", "documents")
    }


# ---------------------------------------------------------------- run in wine


class Wine:
    """The unpacked folder, and the Windows that it runs in."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder, self.place = folder, place
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
            "WINEPREFIX": str(place / "windows"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of the program; what it says comes through a pipe."""
        return subprocess.Popen(
            ["wine", "runtime/python.exe", "-X", "utf8", "start.py", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )

    def run(self, *arguments: str) -> str:
        said, _ = self.start("--lang", "zh", *arguments).communicate(timeout=300)
        return said

    def end(self) -> None:
        command = ["wineserver", "-k"]
        subprocess.run(command, env=self.environment, check=False, timeout=60)


@pytest.fixture(scope="module")
def wine(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Wine]:
    windows_runtime.require()
    place, platform = tmp_path_factory.mktemp("wine"), PLATFORMS["windows-x64"]
    assert pytestconfig.cache is not None
    kept = pytestconfig.cache.mkdir("windows")  # downloaded once
    try:
        download(platform, place / "wheels")
        if not list(kept.glob("panda3d-*.whl")):
            wheelhouse.pip(
                *("download", "--no-deps", "--only-binary=:all:", "--dest", str(kept)),
                *("--platform=win_amd64", "--python-version", wheelhouse.PYTHON),
                windows_runtime.WHEEL,
            )
    except subprocess.CalledProcessError as error:
        pytest.skip(f"the packages for Windows cannot be downloaded: {error}")
    (own,) = kept.glob("panda3d-*.whl")
    data = windows_runtime.runtime(own, place)
    made = packed(assemble(platform, data, wheels_of([place / "wheels"])))
    assert len(made) < 60 * 1024 * 1024
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        archive.extractall(place)
    running = Wine(place / TOP, place)
    yield running
    running.end()


@pytest.mark.engine
def test_the_windows_folder_runs(wine: Wine) -> None:
    before = {p for p in wine.folder.rglob("*") if "__pycache__" not in p.parts}
    made = wine.place / "演示"
    said = wine.run("demo", f"Z:{made}")
    assert (made / "results" / "汇总.xlsx").is_file(), said
    said = wine.run("report", f"Z:{made}")
    assert list((made / "results" / "报告").glob("*.docx")), said
    after = {p for p in wine.folder.rglob("*") if "__pycache__" not in p.parts}
    assert after == before  # nothing is written beside the program

    desk = wine.start("--lang", "zh", "desk", f"Z:{wine.place}", "--no-browser")
    assert desk.stdout is not None
    found = re.search(r"http://\S+", desk.stdout.readline())
    assert found
    link = urlsplit(found[0])

    def ask(method: str, path: str, **heads: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection(link.netloc, timeout=60)
        line.request(method, path, headers=heads)
        return line.getresponse()

    assert ask("GET", "/").status == 401
    cookie = ask("GET", f"/?{link.query}").headers["set-cookie"].partition(";")[0]
    answer = ask("GET", "/", Cookie=cookie)
    assert "演示" in answer.read().decode()
    origin = f"http://{link.netloc}"
    assert ask("POST", "/quit", Cookie=cookie, Origin=origin).status == 200
    desk.communicate(timeout=60)
