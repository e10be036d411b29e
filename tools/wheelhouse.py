"""Writes a folder from which the program is installed without a network.

``python -m tools.wheelhouse windows-x64 -o FOLDER`` downloads every wheel for that
platform from the package index, builds the program's own, and writes
``requirements.txt`` with their hashes, what they are and by which licence, and
``安装说明.txt`` with the one line that installs them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import parts

ROOT = Path(__file__).parent.parent
EXTRAS = "desk,report,mail,documents,seal"
PYTHON = "3.11"
#: Of every file that is made: the same input gives the same bytes.
EPOCH = "1704067200"


@dataclass(frozen=True, slots=True)
class Platform:
    """``tags`` are what its wheels may be built for; ``also`` is what only it needs:
    pip looks at the conditions of dependencies on the machine where it runs."""

    name: str
    tags: tuple[str, ...]
    also: tuple[str, ...] = ()

    @property
    def is_windows(self) -> bool:
        return self.name.startswith("windows")


_LINUX = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
PLATFORMS = {
    each.name: each
    for each in (
        Platform(
            "windows-x64", ("win_amd64",), ("colorama", "tzdata", "pywin32-ctypes")
        ),
        Platform("linux-x86_64", tuple(f"{tag}_x86_64" for tag in _LINUX)),
        Platform("linux-aarch64", tuple(f"{tag}_aarch64" for tag in _LINUX)),
    )
}
#: What only a machine with Linux asks for, of the library for passwords.
_FOREIGN = re.compile(r"(secretstorage|jeepney)-", re.IGNORECASE)


def own_wheel(folder: Path) -> Path:
    """The program itself, built into a folder."""
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("workbook_builder-*.whl")
    return built


def download(platform: Platform, folder: Path, constraint: Path | None = None) -> None:
    """Every wheel that the program needs on a platform, its own among them.

    ``constraint`` is the ``requirements.txt`` of an earlier run: the same versions again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        built = own_wheel(Path(place))
        wanted = [f"workbook-builder[{EXTRAS}] @ {built.as_uri()}", *platform.also]
        pip(
            *("download", "--only-binary=:all:", "--dest", str(folder)),
            *("--python-version", PYTHON, "--implementation", "cp"),
            *(f"--platform={tag}" for tag in platform.tags),
            *([f"--constraint={_versions(constraint, place)}"] if constraint else ()),
            *wanted,
        )
    if platform.is_windows:
        for wheel in folder.glob("*.whl"):
            if _FOREIGN.match(wheel.name):
                wheel.unlink()


def _versions(constraint: Path, place: str) -> Path:
    """The versions of a list without its hashes: pip takes none beside a file."""
    lines = constraint.read_text(encoding="utf-8").splitlines()
    found = [line.partition(" ")[0] for line in lines if "==" in line]
    file = Path(place) / "versions.txt"
    own = "workbook-builder=="
    file.write_text("\n".join(line for line in found if not line.startswith(own)))
    return file


def pip(*arguments: str) -> None:
    """A command of pip's, quietly. Raises CalledProcessError."""
    quiet = ("--quiet", "--disable-pip-version-check")
    subprocess.run(
        [sys.executable, "-m", "pip", *arguments, *quiet],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
    )


def requirements(folder: Path) -> str:
    """A line for each wheel of a folder: what it is, and its hash."""
    lines = []
    for wheel in sorted(folder.glob("*.whl")):
        name, version, *_ = wheel.name.split("-")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(
            f"{name.replace('_', '-').lower()}=={version} --hash=sha256:{digest}"
        )
    return "\n".join([*sorted(lines), ""])


_HOW = """\
workbook-builder 离线安装包（{platform}，Python {python}）

在没有网络的电脑上，先装好 Python {python}，打开命令行，进入这个文件夹，运行：

    python -m pip install --no-index --find-links . --require-hashes -r requirements.txt

每个文件的校验值在 requirements.txt 里，不符的不会安装。装好以后运行：

    workbook-builder desk
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--constraint", type=Path, help="requirements.txt of earlier")
    said = parser.parse_args()
    platform = PLATFORMS[said.platform]
    download(platform, said.output, said.constraint)
    (said.output / "requirements.txt").write_text(
        requirements(said.output), encoding="utf-8"
    )
    wheels = {each.name: each.read_bytes() for each in said.output.glob("*.whl")}
    (said.output / parts.NAME).write_text(parts.bill(wheels), encoding="utf-8")
    how = _HOW.format(platform=platform.name, python=PYTHON).replace("\n", "\r\n")
    (said.output / "安装说明.txt").write_bytes(how.encode("utf-8-sig"))
    print(f"wrote {said.output}")


if __name__ == "__main__":
    main()
