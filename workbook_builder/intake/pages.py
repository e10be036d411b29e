"""The text of a mail, plain or as a page, as words and links in their order.

Read from left to right in one go. The standard library's reader of pages goes back to
the last ``<`` again and again where nothing ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

#: A tag, words, or a sign that begins no tag.
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>|<[!?][^<>]*+>|([^<]++)|<")
_ATTRIBUTE = re.compile(
    r"""(?<![A-Za-z-])([A-Za-z-]++)\s*+=\s*+(?:"([^"]*)"?|'([^']*)'?|([^\s"'>]*))"""
)
_LINK = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{4,2000}")
#: What ends a sentence and not a link.
_AFTER = ".,;:!?)]'"
_UNSEEN = {"style", "script", "head", "title"}
_BREAKS = {"br", "p", "div", "tr", "li", "td", "th", "h1", "h2", "h3", "hr", "table"}
_QUOTES = {"blockquote"}


@dataclass(frozen=True, slots=True)
class Run:
    """Some words; ``link`` is where they lead. ``quoted``: somebody else's, from the
    mail that is answered."""

    words: str
    link: str = ""
    quoted: bool = False


def runs_of_text(text: str) -> Iterator[Run]:
    """Plain text; a link is a run without words."""
    for line in text.splitlines(keepends=True):
        quoted, at = line.lstrip().startswith((">", "＞")), 0
        for mark in _LINK.finditer(line):
            link = mark[0].rstrip(_AFTER)
            yield Run(line[at : mark.start()], quoted=quoted)
            yield Run("", link, quoted)
            at = mark.start() + len(link)
        yield Run(line[at:], quoted=quoted)


def runs_of_page(page: str) -> Iterator[Run]:
    """A page; the words of a link are those that lead there. Links that stand in the
    words only are found as in plain text."""
    link, label = "", list[str]()
    unseen, quotes = "", 0
    for token in _TOKEN.finditer(page):
        closing, tag, words = token[1], (token[2] or "").lower(), token[4]
        if unseen:
            unseen = "" if closing and tag == unseen else unseen
        elif words is not None and link:
            label.append(unescape(words))
        elif words is not None:
            for run in runs_of_text(unescape(" ".join(words.split("\n")))):
                yield Run(run.words, run.link, quoted=quotes > 0)
        elif tag == "a":
            if link:
                yield Run("".join(label), link, quotes > 0)
            link, label = "" if closing else _target(token[3]), []
        elif tag in _UNSEEN and not closing:
            unseen = tag
        elif tag in _QUOTES:
            quotes = max(0, quotes + (-1 if closing else 1))
        elif tag in _BREAKS and not link:
            yield Run("\n", quoted=quotes > 0)
    if link:
        yield Run("".join(label), link, quotes > 0)


def _target(attributes: str) -> str:
    for mark in _ATTRIBUTE.finditer(attributes):
        if mark[1].lower() == "href":
            link = unescape(mark[2] or mark[3] or mark[4] or "").strip()
            return link if _LINK.fullmatch(link) else ""
    return ""
