"""Writes today's layout of an edition beside its definition, for ever.

Workbooks of a layout may be in the post long after the builder makes others. Run this
when ``tests/test_layouts.py`` asks for it, and never change what it wrote:
``python -m tools.layouts [FORM EDITION]``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook_builder.definition.layouts import FOLDER
from workbook_builder.definition.load import templates_root
from workbook_builder.definition.registry import Forms
from workbook_builder.model.layout import Layout
from workbook_builder.workbook.place import place

_HEAD = """\
# Where everything stands in workbooks of this layout. Some may be in the post: this file
# never changes. Written by python -m tools.layouts.
"""


def as_toml(layout: Layout) -> str:
    """The layout as ``definition.schema.LayoutFile`` has it."""
    return _HEAD + "\n".join(_lines(layout)) + "\n"


def _lines(layout: Layout) -> Iterator[str]:
    if layout.reasons is not None:
        yield f"reasons = {_quoted(layout.reasons)}"
    if layout.paragraphs > 1:
        yield f"paragraphs = {layout.paragraphs}"
    yield from _table("cells", layout.cells)
    yield from _table("declarations", layout.declarations)
    if layout.pasted:
        yield from _table("pasted", layout.pasted)
    yield from _table("texts", layout.texts)
    yield from _table("fields", layout.fields)
    yield from _table("titles", layout.titles)
    yield from _table("labels", layout.labels)
    yield from _table("headings", layout.headings)
    if layout.reasons is None:
        yield from _table("explanations", layout.explanations)


def _table(name: str, entries: Mapping[Any, object]) -> Iterator[str]:
    yield f"\n[{name}]"
    for key, value in entries.items():
        yield f"{_quoted(key)} = {_quoted(value)}"


def _quoted(value: object) -> str:
    return json.dumps(str(value), ensure_ascii=False)


def write(form: str, edition: str) -> Path:
    """The file, written if it is not there yet."""
    layout = place(Forms.shipped().edition(form, edition))
    folder = templates_root() / form / edition / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{layout.fingerprint}.toml"
    if not path.exists():
        path.write_text(as_toml(layout), encoding="utf-8")
    return path


if __name__ == "__main__":
    shipped = Forms.shipped()
    every = [(form, e.id) for form in shipped.names() for e in shipped.editions(form)]
    for form, edition in [tuple(sys.argv[1:3])] if sys.argv[1:] else every:
        print(write(form, edition))
