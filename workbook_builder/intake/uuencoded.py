"""Files that stand in the text of a mail as old mail programs put them there."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from workbook_builder.intake.budget import Allowance
from workbook_builder.intake.leaf import Member
from workbook_builder.intake.names import decoded
from workbook_builder.model.errors import UnreadableFile

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


def uuencoded(text: bytes, budget: Allowance) -> Iterator[Member]:
    """Every file between ``begin`` and ``end``; a line that only begins so is text."""
    at = 0
    while begin := _BEGIN.search(text, at):
        data, at, whole = _decoded(text, begin.end(), budget)
        name = decoded(begin[1]).strip()
        if data and whole:
            yield Member(name, data)
        elif data:
            yield Member(name, trouble=UnreadableFile("truncated", "no end"))


def _decoded(text: bytes, at: int, budget: Allowance) -> tuple[bytes, int, bool]:
    """The bytes, where the next line is, and whether the end was reached."""
    lines: list[bytes] = []
    while at < len(text):
        after = text.find(b"\n", at) + 1 or len(text)
        line = text[at:after].rstrip(b"\r\n")
        if line.rstrip() == b"end":
            return b"".join(lines), after, True
        piece = _line(line)
        if piece is None:
            break
        budget.spend_bytes(len(piece))
        lines.append(piece)
        at = after
    return b"".join(lines), at, False


def _line(line: bytes) -> bytes | None:
    """The bytes of a line; None where it is none of such a file."""
    if not line.strip(b" `"):
        return b""
    count = (line[0] - 32) & 63
    width = -(-count // 3) * 4
    # Blanks are zeros, and may be gone from the end; some add a checksum.
    if len(line.rstrip()) - 1 > width + 2:
        return None
    try:
        return binascii.a2b_uu(line[: width + 1])
    except binascii.Error:
        return None
