"""What counts as a reason, and as characters: 说明 and 文字 as the form asks for them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExplanationRule:
    """When a 说明 counts: a sentence, long enough, and not one of the empty phrases.

    Digits and punctuation are no reason, nor is one word said again and again.
    """

    minimum: int
    empty: tuple[str, ...]

    def accepts(self, text: str) -> bool:
        """Whether the unit has given a reason, not just filled the place."""
        said = reason(text)
        words = said.translate(_NO_DIGITS)
        return (
            len(said) >= self.minimum
            and len(words) >= FEWEST_WORDS
            and said not in self.empty
            and not repeats(said)
        )


#: Characters that are there and take no room: pages and chats leave them behind.
UNSEEN = "\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff"
#: Characters that say nothing: “经核实情况属实。” is no better than without the stop.
SILENT = " \u3000。，、！.,!；;：:？?…—-·~“”（）()/*"
DIGITS = "0123456789０１２３４５６７８９"
_NO_DIGITS = dict.fromkeys(map(ord, DIGITS))
_NOTHING_SILENT = dict.fromkeys(map(ord, SILENT + UNSEEN))
_SPACES = re.compile(f"[ \u3000{UNSEEN}]+")
#: Characters besides digits that a reason needs: “20240131 属实” is none.
FEWEST_WORDS = 4
#: The longest word that is looked for again and again: “情况属实情况属实”.
LONGEST_REPEATED = 4


def repeats(said: str) -> bool:
    """Whether a reason is nothing but its first few characters over and over."""
    return any(
        not said.replace(said[:length], "")
        for length in range(1, LONGEST_REPEATED + 1)
        if said
    )


def reason(text: str) -> str:
    """An explanation without spaces and punctuation."""
    return text.translate(_NOTHING_SILENT)


def compact(text: str) -> str:
    """Without spaces, half and full width; what character counts are made of."""
    return _SPACES.sub("", text)
