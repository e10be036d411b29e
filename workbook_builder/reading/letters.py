"""What a clerk is told of a letter."""

from __future__ import annotations

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.letter import CloudFile, Letter
from workbook_builder.model.text import Text


def said_of(letter: Letter) -> Finding:
    """The finding for a file that is a letter; ``seen`` holds what its mail begins with,
    the name of the file on a network disk, what a server said."""
    code = letter.kind.code
    if letter.cloud is not None:
        file = letter.cloud
        return catalogued(code, detail=_where(file), seen=file.name, link=file.link)
    text, detail = letter.text, Text("", "")
    if letter.bounce is not None:
        text = letter.bounce.reply or text
        to = letter.bounce.recipients[:3]
        detail = Text("、".join(to) or "（不明）", ", ".join(to) or "(unknown)")
    return catalogued(code, detail, **({"seen": text} if text else {}))


def _where(file: CloudFile) -> Text:
    """The disk, until when, and the key."""
    zh = [file.disk]
    en = [file.link.split("/")[2]]
    if file.expires:
        zh.append(f"有效期：{file.expires}")
        en.append(f"until {file.expires}")
    if file.key:
        zh.append(f"提取码：{file.key}")
        en.append(f"key {file.key}")
    return Text("，".join(zh), ", ".join(en))
