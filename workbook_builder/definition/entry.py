"""Reads one TOML file of a definition as the record its kind has in ``schema``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from workbook_builder.definition.schema import ChecksFile, FormFile, LayoutFile
from workbook_builder.model.errors import DefinitionError

_File = TypeVar("_File", FormFile, ChecksFile, LayoutFile)


def read_entry(path: Path, kind: type[_File]) -> _File:
    """The file as one of the records of ``definition.schema``."""
    name = "/".join(path.parts[-3:])
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DefinitionError(
            name, "file", "is missing", "Every edition has form.toml and checks.toml"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(
            name, "file", f"is not TOML: {error}", "Mend the line it names"
        ) from None
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        problem, _, key = str(error).partition(" - at ")
        key = key.strip("`").removeprefix("$").removeprefix(".")
        raise DefinitionError(
            name,
            _named(raw, key) or "file",
            problem,
            "The keys are listed in workbook_builder/definition/schema.py",
        ) from None


def _named(raw: Any, key: str) -> str:
    """``checks[16].each`` → ``checks.F7.each``: entries by their code or id."""
    said = []
    for part in key.replace("[...]", ".*").split("."):
        name, _, index = part.rstrip("]").partition("[")
        said.append(name)
        raw = raw.get(name) if isinstance(raw, dict) else None
        if index:
            raw = raw[int(index)] if isinstance(raw, list) else None
            entry = raw if isinstance(raw, dict) else {}
            said.append(str(entry.get("code") or entry.get("id") or int(index) + 1))
    return ".".join(said)
