"""Names as senders and archives write them → names that can be shown.

None of them is ever used as a path.
"""

from __future__ import annotations

import re
import unicodedata
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

#: Characters of one part of a path that are shown, and parts of a path.
LONGEST, DEEPEST = 100, 12
#: Characters of a sender or a message id that are shown.
LONGEST_LINE = 200
NAMELESS = "（无名）"
#: The longest registered name of a charset has 45.
_LONGEST_CHARSET = 60

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
    ended = shown.rstrip(". ")
    shown = shown if ended == shown else f"{ended}_"
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
    """Text with RFC 2047 words decoded; what says GB2312 is mostly GBK.

    From left to right in one go: the standard library's pattern reads the rest of the
    line again for every word without an end.
    """
    pieces: list[tuple[str, bytes | str]] = []
    at, last = 0, text.rfind("?=")
    while (start := text.find("=?", at)) >= 0:
        between, end = text[at:start], _end_of_word(text, start, last)
        if end == 0:
            pieces.append(("", text[at : start + 2]))
        else:
            if between.strip() or not (pieces and pieces[-1][0]):
                pieces.append(("", between))
            pieces.append(_word(text[start:end]))
        at = end or start + 2
    return "".join(_spoken([*pieces, ("", text[at:])]))


def _end_of_word(text: str, start: int, last: int) -> int:
    """Where =?charset?B or Q?…?= ends; 0 where it is none."""
    mark = text.find("?", start + 2, start + 2 + _LONGEST_CHARSET)
    if mark <= start + 2 or mark + 3 > last:
        return 0
    coded = text[mark + 1 : mark + 3].lower() in {"b?", "q?"}
    return text.find("?=", mark + 3) + 2 if coded else 0


def _word(word: str) -> tuple[str, bytes | str]:
    """Its charset and its bytes; no charset and the word itself where it is spoiled."""
    charset, coding, said = word[2:-2].split("?", 2)
    raw = said.encode("utf-8", "replace")
    try:
        # Padding that is too long does no harm.
        bare = coding in "bB"
        data = a2b_base64(raw + b"==") if bare else a2b_qp(raw, header=True)
    except ValueError:
        return "", word
    return charset.partition("*")[0].lower(), data


def _spoken(pieces: Iterable[tuple[str, bytes | str]]) -> Iterator[str]:
    """Words of one charset in a row are one text: some cut a character in two."""
    for charset, group in groupby(pieces, key=itemgetter(0)):
        parts = [part for _, part in group]
        yield in_charset(b"".join(p for p in parts if isinstance(p, bytes)), charset)
        yield from (part for part in parts if isinstance(part, str))


def in_charset(data: bytes, charset: str) -> str:
    """Bytes that are said to be in a charset, or to be in none."""
    if charset.lower() == "unknown-8bit" or not charset:
        return decoded(data)
    try:
        return data.decode("gb18030" if _CHINESE.match(charset) else charset)
    except (LookupError, ValueError):
        return decoded(data)
