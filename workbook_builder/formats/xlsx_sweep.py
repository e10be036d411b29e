"""Cells and shared strings that are spelled as office suites spell them, in one sweep.

Expat calls Python for every element, some ten thousand times a workbook. So what
consists of nothing but the usual elements in their usual spelling is taken apart by
one regular expression instead, which saves a quarter of the time or more. A sweep
declines everything else, down to a space where suites put none, and the caller goes
through the elements as for any XML. In either case it is expat that reads the part
to its end and judges whether it is sound.
"""

from __future__ import annotations

import re

# (reference, style, type, f element, v element, row number, anything else); what is
# absent is empty, and the two elements lack their end tags.
Token = tuple[str, str, str, str, str, str, str]

# (not empty if its outer spaces count, text)
_Run = tuple[str, str]

_CELLS = re.compile(
    r'<c r="([A-Z]{1,3}[0-9]{1,7})"(?: s="([0-9]{1,5})")?(?: t="([a-zA-Z]{1,9})")?>'
    r'(?:(<f(?: [a-zA-Z0-9]{1,9}="[^"<>]*")*(?:/|>[^<]*))(?:>|</f>))?'
    r"(?:(<v>[^<]*)</v>)?"
    r"</c>"
    # Blank cells, as many as there are in a row.
    r'|(?:<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,5}")?/>)+'
    # A cell stands in a row, so what follows the end of a row is a row.
    r'|<row r="([0-9]{1,7})"(?: [^<>]*")?(?:>|/>(?=<row|\Z))'
    r"|</row>(?=<row|\Z)"
    r"|([\s\S]+)"
)
_TEXT = r'<t( xml:space="preserve")?>([^<]*)</t>'
_FONT = r"<rPr>(?:<[a-zA-Z]+(?: [^<>]*)?/>)*</rPr>"
_RUN = rf'<r>(?:{_FONT})?<t(?: xml:space="preserve")?>[^<]*</t></r>'
_STRINGS = re.compile(
    rf"<si>(?:{_TEXT}|((?:{_RUN})+))(?:<phoneticPr [^<>]*/>)?</si>|([\s\S]+)"
)
_RUN_TEXT = re.compile(f"{_TEXT}</r>")
_NUMERIC = re.compile("&#(?:([0-9]{1,9})|x([0-9a-fA-F]{1,8}));")
# The ampersand comes last, or "&amp;lt;" would become "<".
_NAMED = (
    ("&gt;", ">"),
    ("&lt;", "<"),
    ("&quot;", '"'),
    ("&apos;", "'"),
    ("&amp;", "&"),
)


def swept_cells(piece: bytes, start: int) -> list[Token] | None:
    """The rows and cells of the ``sheetData`` that begins at ``start``, or None."""
    opening = b"<sheetData>"
    if not piece.startswith(opening, start):
        return None
    start += len(opening)
    body = _usual_body(piece, start, b"</sheetData>", b"</worksheet>")
    if body is None or not body.startswith("<row"):
        return None
    if piece.count(b"sheetData") > 2:  # a second one would go unnoticed
        return None
    tokens: list[Token] = _CELLS.findall(body)
    # What no other alternative takes becomes one last token.
    return None if tokens[-1][-1] else tokens


def swept_strings(piece: bytes, start: int) -> list[list[_Run]] | None:
    """The runs of each string from the first ``si`` on, or None."""
    body = _usual_body(piece, start, b"</sst>", b"</sst>")
    if not body:
        return None
    found = _STRINGS.findall(body)
    if found[-1][-1]:
        return None
    return [
        _RUN_TEXT.findall(runs) if runs else [(preserve, text)]
        for preserve, text, runs, _ in found
    ]


def text_in(element: str) -> str:
    """The text of an f or v element as it stands in a token."""
    text = element.partition(">")[2]
    return plain(text) if "&" in text else text


def plain(text: str) -> str:
    """Character data as expat would hand it over, given that expat accepts it."""
    if "&#" in text:
        text = _NUMERIC.sub(_numbered, text)
    for name, character in _NAMED:
        text = text.replace(name, character)
    return text


def _usual_body(piece: bytes, start: int, end: bytes, root_end: bytes) -> str | None:
    """What lies between, if the part ends in this piece.

    Otherwise the rest would go past expat's handlers, and nothing would bound it.
    """
    stop = piece.find(end, start)
    if stop < 0 or not piece.rstrip().endswith(root_end):
        return None
    # Expat would make a line feed of it.
    if piece.find(b"\r", start, stop) >= 0:
        return None
    try:
        return piece[start:stop].decode()
    except UnicodeDecodeError:
        return None


def _numbered(match: re.Match[str]) -> str:
    code = int(match[1]) if match[1] else int(match[2], 16)
    # An ampersand must not begin a new reference with what follows it.
    return "&amp;" if code == ord("&") else chr(min(code, 0x10FFFF))
