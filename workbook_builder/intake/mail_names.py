"""The name of an attachment, out of the two headers that may give it.

Mail programs write names in a dozen ways, several of which no standard knows. Each
header is read once, from left to right: the standard library's reader of parameters
takes seconds for a long one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from workbook_builder.intake.names import in_charset, in_words

#: ; key = value, the value in quotes or not; what stands between quotes and semicolon
#: belongs to it, because some programs end the quotes before the name.
_PARAMETER = re.compile(
    r""";\s* ([^\s=;"]{1,60}) \s*=\s* (?: "((?:[^"\\]|\\.)*)"? ([^;]*) | ([^;]*) )""",
    re.VERBOSE | re.DOTALL,
)
#: RFC 2231 numbers the pieces of a value and marks those that are encoded by a star.
_EXTENDED = re.compile(r"([^*]+)(?:\*([0-9]{1,4}))?(\*)?")
_ESCAPED = re.compile(r'\\(["\\])')


def attachment_name(disposition: str, kind: str) -> str:
    """From the values of Content-Disposition and Content-Type, each on one line; empty
    where neither gives one. Some programs encode the whole header as one word."""
    for header in (disposition, in_words(disposition), kind, in_words(kind)):
        parameters = parameters_of(header)
        for key in ("filename", "name"):
            name = in_words(parameters.get(key, "")).strip()
            if name:
                return name
    return ""


def parameters_of(header: str) -> Mapping[str, str]:
    """What stands behind the first semicolon, by key in lower case; the first of two
    counts, and one by RFC 2231 before the plain one that stands in for it."""
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bool, str]]] = {}
    for mark in _PARAMETER.finditer(header):
        value = _value(mark)
        key = _EXTENDED.fullmatch(mark[1].lower())
        if key is None or not (key[2] or key[3]):
            plain.setdefault(mark[1].lower(), value)
        else:
            pieces = extended.setdefault(key[1], {})
            pieces.setdefault(int(key[2] or 0), (bool(key[3]), value))
    return plain | {key: _joined(pieces) for key, pieces in extended.items()}


def _value(mark: re.Match[str]) -> str:
    if mark[2] is None:
        return mark[4].strip()
    return _ESCAPED.sub(r"\1", mark[2]) + mark[3].strip()


def _joined(pieces: Mapping[int, tuple[bool, str]]) -> str:
    """The pieces in their order; only the first says in which charset they are."""
    ordered = [pieces[number] for number in sorted(pieces)]
    charset = ""
    if ordered[0][0] and ordered[0][1].count("'") >= 2:
        charset, _, rest = ordered[0][1].split("'", 2)
        ordered[0] = (True, rest)
    raw = b"".join(
        unquote_to_bytes(text) if coded else text.encode("utf-8", "replace")
        for coded, text in ordered
    )
    return in_charset(raw, charset)
