"""What would keep the parser of mails busy for long, told by the bytes before it starts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbook_builder.bounds.limits import ContainerLimits
from workbook_builder.model.errors import UnreadableFile

#: Where a mail says how its parts are told apart, and where one may begin or end.
_DECLARED = re.compile(rb'boundary\s*=\s*(?:"([^"\n]{1,200})"|([^\s";]{1,200}))')
_DASHED = re.compile(rb"\n--([^\n]{1,204})")
#: Before that the parser itself gives up.
_DEEPEST = 1_000
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r")


def refuse_bombs(data: bytes, limits: ContainerLimits) -> None:
    """Raises UnreadableFile; the parser is linear in all that is let through."""
    if len(data) > limits.mail:
        raise UnreadableFile("too_large", f"{len(data)} bytes")
    empty = _EMPTY_LINE.search(data)
    if (empty.start() if empty else len(data)) > limits.mail_head:
        raise UnreadableFile("bomb", f"a head of over {limits.mail_head} bytes")
    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines > limits.mail_lines:
        raise UnreadableFile("bomb", f"{lines} lines")
    dashes = data.count(b"\n--") + data.count(b"\r--")
    if dashes > limits.mail_parts or lines * dashes > limits.mail_work:
        _refuse_brackets(data, lines, limits)


def _refuse_brackets(data: bytes, lines: int, limits: ContainerLimits) -> None:
    text = data.lower().replace(b"\r", b"\n")
    dashed, announced = list(_DASHED.finditer(text)), text.count(b"boundary")
    declared = list(_DECLARED.finditer(text))
    names = {mark[1] or mark[2] for mark in declared}
    if len(declared) == announced and not any(b"\\" in name for name in names):
        parts = [mark for mark in dashed if _belongs(mark[1].rstrip(), names)]
        count, deepest = len(parts), _depth(declared, parts)
    else:  # spelled as no mail program does, or the word stands in a text
        count, deepest = len(dashed), announced
    if max(announced, count) > limits.mail_parts:
        raise UnreadableFile("bomb", f"{count} parts")
    # For every line the parser asks whether it ends one of the parts around it.
    if deepest > _DEEPEST or lines * deepest > limits.mail_work:
        raise UnreadableFile("bomb", f"{deepest} parts within one another")


def _belongs(dashed: bytes, names: set[bytes]) -> bool:
    return dashed in names or dashed.removesuffix(b"--") in names


def _depth(
    declared: Sequence[re.Match[bytes]], parts: Sequence[re.Match[bytes]]
) -> int:
    """How many brackets are open at once, if each is where it seems to be."""
    around: list[bytes] = []
    deepest = 0
    for mark in sorted((*declared, *parts), key=re.Match.start):
        if mark.re is _DECLARED:
            around.append(mark[1] or mark[2])
            deepest = max(deepest, len(around))
            if deepest > _DEEPEST:
                break
        else:
            _end(around, mark[1].rstrip())
    return deepest


def _end(around: list[bytes], dashed: bytes) -> None:
    """A part begins: it ends what is within the brackets it belongs to, and these too
    where dashes follow."""
    name = dashed.removesuffix(b"--")
    if name in around:
        innermost = len(around) - around[::-1].index(name)
        del around[innermost - (dashed != name) :]
