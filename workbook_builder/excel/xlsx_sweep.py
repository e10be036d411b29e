"""The cells of a sheet that is spelled as office suites spell it, in one sweep.

Expat calls Python for every element, some ten thousand times a workbook, and that is
most of the time of reading one. So a ``sheetData`` that consists of nothing but rows
and cells in the usual spelling is taken apart by one regular expression instead.
It declines everything else, down to a space where suites put none, and the caller
goes through the elements; and it is expat that judges whether the XML is sound, in
either case.
"""

from __future__ import annotations

import re

# (whole, reference, style, type, has f, formula, has v, value, row number); what is
# absent is empty.
Token = tuple[str, str, str, str, str, str, str, str, str]

_END = b"</sheetData>"
_ROOT_END = b"</worksheet>"
_TOKEN = re.compile(
    r'(<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]{1,9})")?'
    r"(?:/>|>"
    r'(?:(<f)(?: [a-zA-Z0-9]{1,9}="[^"<>]*")*(?:/>|>([^<]*)</f>))?'
    r"(?:(<v>)([^<]*)</v>)?"
    r"</c>)"
    # A cell stands in a row, so what follows the end of a row is a row.
    r'|<row r="([0-9]{1,7})"(?: [^<>]*")?(?:>|/>(?=<row|\Z))'
    r"|</row>(?=<row|\Z))"
)
_NUMERIC = re.compile("&#(?:([0-9]{1,9})|x([0-9a-fA-F]{1,8}));")
# The ampersand comes last, or "&amp;lt;" would become "<".
_NAMED = (
    ("&gt;", ">"),
    ("&lt;", "<"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&amp;", "&"),
)


def swept_tokens(piece: bytes, start: int) -> list[Token] | None:
    """The rows and cells of the ``sheetData`` that begins at ``start``.

    ``piece`` must be UTF-8. None if the element is not all in it or not in the usual
    spelling, or if the part does not end in it: expat needs no watching only when
    what is left is small.
    """
    begin = piece.find(b">", start) + 1
    end = piece.find(_END, begin)
    if end < 0 or not piece.rstrip().endswith(_ROOT_END):
        return None
    if piece[start:begin] != b"<sheetData>" or piece.find(b"\r", begin, end) >= 0:
        return None
    try:
        body = piece[begin:end].decode()
    except UnicodeDecodeError:
        return None
    if not body.startswith("<row"):
        return None if body else []
    tokens: list[Token] = _TOKEN.findall(body)
    return tokens if sum(len(token[0]) for token in tokens) == len(body) else None


def plain(text: str) -> str:
    """Character data as expat would hand it over, given that expat accepts it."""
    if "&" not in text:
        return text
    if "&#" in text:
        text = _NUMERIC.sub(_numbered, text)
    for name, character in _NAMED:
        text = text.replace(name, character)
    return text


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    # An ampersand must not begin a new reference with what follows it.
    return "&amp;" if code == 38 else chr(min(code, 0x10FFFF))
