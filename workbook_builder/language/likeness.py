"""How much of a text stands in another one as well.

Texts are compared by runs of a few characters, without spaces, digits and punctuation:
another year or number changes nothing. The time is linear in their length.
"""

from __future__ import annotations

import re

#: Characters of a run. Shorter ones are common phrases.
RUN = 8


def plain(text: str) -> str:
    """What is compared of a text: its letters and Chinese characters."""
    # It takes milliseconds to compile, and most that is done asks for no likeness.
    return re.sub(r"[^A-Za-z\u3400-\u9fff]", "", text)


def runs(text: str) -> frozenset[str]:
    """Every run of a text."""
    said = plain(text)
    return frozenset({said[at : at + RUN] for at in range(len(said) - RUN + 1)})


def share(text: frozenset[str], other: frozenset[str]) -> int:
    """How many of a hundred runs of the first are in the second as well."""
    return 100 * len(text & other) // len(text) if text else 0
