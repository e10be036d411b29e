"""Names as senders and archives write them → names that can be shown.

None of them is ever used as a path.
"""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

#: Characters of one part of a path that are shown, and parts of a path.
LONGEST, DEEPEST = 100, 12
#: Characters of a sender or a message id that are shown.
LONGEST_LINE = 200
NAMELESS = "（无名）"

#: Controls, invisible and bidirectional marks, surrogates, private, unassigned.
_HOSTILE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_CHINESE = re.compile(r"(?i)^(gb2312|gb_2312-80|gbk|x-gbk|cp936|ms936|euc-cn|hz)$")


def printable(name: str) -> str:
    """One line of text, folders apart by ``/``, without anything that misleads."""
    parts = [
        _part(part)
        for part in re.split(r"[/\\]", name)
        if part.strip() not in {"", "."}
    ]
    if len(parts) > DEEPEST:
        parts = [*parts[: DEEPEST - 2], "……", parts[-1]]
    return "/".join(parts) or NAMELESS


def _part(text: str) -> str:
    shown = "".join(
        "_" if unicodedata.category(char) in _HOSTILE else char for char in text
    )
    # What Windows would drop at the end makes two names look like one.
    shown = shown.strip()
    if set(shown) <= {"."}:
        return "_"
    shown = re.sub(r"[. ]+$", "_", shown)
    if len(shown) > LONGEST:
        half = LONGEST // 2
        shown = f"{shown[:half]}……{shown[-half:]}"
    return shown


def one_line(text: str) -> str:
    """A header as it can be shown: one line, not too long."""
    shown = "".join(
        "_" if unicodedata.category(char) in _HOSTILE else char for char in text.strip()
    )
    return shown[:LONGEST_LINE]


def decoded(raw: bytes) -> str:
    """Bytes without a word about their encoding: UTF-8, else GBK, else cp437.

    The order matters: hardly any GBK text is valid UTF-8 by chance, and any bytes
    are valid cp437.
    """
    for coding in ("utf-8", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def unescaped(text: str) -> str:
    """A header as the mail parser gives it, its raw 8-bit bytes decoded."""
    if not any("\udc80" <= char <= "\udcff" for char in text):
        return text
    return decoded(text.encode("utf-8", "surrogateescape"))


def in_words(text: str) -> str:
    """Text with RFC 2047 words decoded; what says GB2312 is mostly GBK."""
    if "=?" not in text:
        return text
    try:
        words = decode_header(text)
    except (HeaderParseError, ValueError):
        return text  # base64 that is none
    pieces = []
    for piece, charset in words:
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            pieces.append(_in_charset(piece, charset or ""))
    return "".join(pieces)


def _in_charset(data: bytes, charset: str) -> str:
    if charset.lower() == "unknown-8bit" or not charset:
        return decoded(data)
    try:
        return data.decode("gb18030" if _CHINESE.match(charset) else charset)
    except (LookupError, ValueError):
        return decoded(data)
