"""What a report says around its tables and texts, as the edition words it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbook_builder.model.expression import Node


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for words: a name of :data:`SLOTS`, or the id of a field of the form."""

    name: str


#: What every text of a form that is worded for people knows: ``model.worded``.
IN_TEXTS = ("year", "period", "first_day", "last_day", "title", "authority")
#: A sentence offered for a text of a report knows the unit too.
IN_SENTENCES = ("unit", *IN_TEXTS)
#: What the report itself knows besides. ``sections`` are the names of its sections,
#: ``count`` how many there are, in Chinese.
#: ``office`` is whom the public may ask: the unit itself, or whom it names instead.
OFFICE = "office"
SLOTS = (*IN_SENTENCES, "sections", "count", OFFICE)


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Items with 、 between them; those whose amount is 0 are left out.

    An item is words, an amount, and maybe words again.
    """

    items: tuple[Phrase, ...]

    def shown(self, is_shown: Callable[[Phrase], bool]) -> Phrase:
        """The items for which that holds, one after another."""
        some = [each for each in self.items if is_shown(each)]
        parts = [("、", *each) if n else each for n, each in enumerate(some)]
        return tuple(part for each in parts for part in each)


Part = str | Slot | Node | Enumeration
"""Words as they are, a slot, an amount to be computed from the figures, or several."""

Phrase = tuple[Part, ...]

#: How :func:`workbook_builder.model.values.plain` writes an amount.
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence offered to the writer of a text, with figures of the tables in it.

    ``text`` is the id of the text it belongs to; with ``when`` it is offered only where
    that holds.
    """

    text: str
    phrase: Phrase
    when: Node | None = None

    def is_said(self, line: str) -> bool:
        """Whether a line is this sentence, whatever its figures."""
        phrase = _of_line(self.phrase, line)
        at, any_words = 0, False  # a slot was passed: the next part may come later
        for number, part in enumerate(phrase, 1):
            if isinstance(part, Slot):
                any_words = True
                continue
            if not isinstance(part, str):
                found = (_FIGURE.search if any_words else _FIGURE.match)(line, at)
                if found is None:
                    return False
                begins, ends = found.span()
            else:
                find = line.rfind if number == len(phrase) else line.find
                begins = find(part, at, None if any_words else at + len(part))
                ends = begins + len(part)
            if begins < at + any_words:
                return False
            at, any_words = ends, False
        return len(line) > at if any_words else len(line) == at


def _of_line(phrase: Phrase, line: str) -> Phrase:
    """The phrase with those items of its lists that begin somewhere in the line."""
    shown = (
        each.shown(lambda item: str(item[0]) in line)
        if isinstance(each, Enumeration)
        else (each,)
        for each in phrase
    )
    return tuple(part for parts in shown for part in parts)


@dataclass(frozen=True, slots=True)
class Wording:
    """``order`` lists the ids of tables and texts as the report prints them.

    A phrase of ``title`` or ``signature`` is a line, one of ``preamble`` a paragraph.
    """

    title: tuple[Phrase, ...]
    preamble: tuple[Phrase, ...]
    signature: tuple[Phrase, ...]
    order: tuple[str, ...]
    sentences: tuple[Sentence, ...] = ()
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Label of a row or column → what texts call it besides."""

    @property
    def slots(self) -> tuple[str, ...]:
        """Every slot that is used, in the order of its first use."""
        phrases = (*self.title, *self.preamble, *self.signature)
        parts = (part for phrase in phrases for part in phrase)
        return tuple(
            dict.fromkeys(part.name for part in parts if isinstance(part, Slot))
        )
