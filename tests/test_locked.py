"""requirements.lock, which a set-up is made from, is what pyproject.toml asks for today."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = "workbook-builder"
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
HINT = "requirements.lock is old; write it with the command at its head"


def asked() -> Iterator[Requirement]:
    """What pyproject.toml asks for itself, extras included."""
    project = PROJECT["project"]
    for group in (project["dependencies"], *project["optional-dependencies"].values()):
        for line in group:
            requirement = Requirement(line)
            if requirement.name != OWN:
                yield requirement


def blocks() -> dict[str, list[str]]:
    """Library → the blocks of lines on it; a marker may give it several versions."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", LOCK)[1:]:
        found.setdefault(re.split(r"==", block)[0], []).append(block)
    return found


def test_the_lock_holds_what_is_asked_for_and_nothing_else() -> None:
    locked = blocks()
    for requirement in asked():
        entries = locked.get(canonicalize_name(requirement.name), [])
        versions = [re.split(r"==|[ ;\\]", entry)[1] for entry in entries]
        assert versions, f"{HINT}: {requirement}"
        assert all(requirement.specifier.contains(each) for each in versions), (
            f"{HINT}: {requirement}, locked {versions}"
        )
    names = {canonicalize_name(each.name) for each in asked()}
    direct = {
        name
        for name, entries in locked.items()
        if any(f"{OWN} (pyproject.toml)" in entry for entry in entries)
    }
    assert direct == names, HINT


def test_every_library_of_the_lock_has_its_hash() -> None:
    for name, entries in blocks().items():
        assert all(HASH.search(each) for each in entries), name


def test_no_hash_is_that_of_two_versions() -> None:
    """What uv writes where a library has two, if it is not told to keep to one."""
    everywhere = [
        h
        for some in blocks().values()
        for each in some
        for h in set(HASH.findall(each))
    ]
    assert len(everywhere) == len(set(everywhere))
