"""Definitions of forms made from the shipped one by changing a few words of it."""

from __future__ import annotations

import json
from pathlib import Path

from workbook_builder.definition.load import templates_root

SHIPPED = templates_root() / "disclosure" / "2021"


def define(
    root: Path,
    edition: str = SHIPPED.name,
    form: str = SHIPPED.parent.name,
    words: tuple[tuple[str, str], ...] = (),
    **head: str | int,
) -> Path:
    """A copy of the shipped edition in another root.

    ``words`` are what it says and what it is to say instead, in either file; ``head``
    are keys at the beginning of ``form.toml``.
    """
    folder = root / form / edition
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        name: (SHIPPED / name).read_text(encoding="utf-8")
        for name in ("form.toml", "checks.toml")
    }
    for old, new in words:
        assert any(old in text for text in texts.values()), f"nothing says: {old}"
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    head = {"form": form, "edition": edition, **head}
    texts["form.toml"] = _headed(texts["form.toml"], head)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _headed(text: str, keys: dict[str, str | int]) -> str:
    """The text with these keys before its first table."""
    head, table, rest = text.partition("\n[")
    said = [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    replaced = {*keys, "default"}
    kept = [ln for ln in head.splitlines() if ln.partition(" = ")[0] not in replaced]
    return "\n".join([*said, *kept]) + table + rest
