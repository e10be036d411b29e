"""Which units wrote the same texts: something for the desk to look at, no fault of a file.

Each unit is compared with those before it, and told once, of the one it is most like.
Runs that only one unit wrote, nearly all of them, are put aside first.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import compress, pairwise

from workbook_builder.language.likeness import RUN, plain, runs
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form, Narrative
from workbook_builder.model.later import at_once
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.rules.writers import Writers

#: Fewer runs than these are a sentence or two, which may be the same everywhere.
LONG = 100
#: Of a hundred runs of the shorter text, more than these make two texts alike.
HALF = 50
#: The same of the runs that are looked up, from which on the texts are compared.
LIKELY = 20
#: A run that many wrote is looked up with the first of them only, so that the time stays
#: linear; whoever copied what all have is still told of one of those.
MOST = 20
#: Texts whose runs are in memory at a time: of each some 1 KB.
_AT_ONCE = 100_000
#: Every eighth run begins with a character whose code is a multiple of eight: whether it
#: is, by the lower of its two bytes (what is compared has no characters with more).
_BEGINS = bytes(code % 8 == 0 for code in range(256))
#: Places for each run that is looked for in others: so few share one by chance.
_PLACES = 8


#: A unit, one before it that it is most like, and the titles of the texts that are alike.
Alike = tuple[str, str, tuple[str, ...]]
#: The same of one text.
Pair = tuple[str, str, str]
#: What stands of each unit → which of them are alike.
FindAlike = Callable[[Form, Roster, Mapping[str, Submission]], Iterable[Alike]]


def likeness(
    form: Form, roster: Roster, standing: Mapping[str, Submission]
) -> tuple[Alike, ...]:
    """Which units wrote the same texts, and in which places."""
    return together(alike_in(form.narratives, roster, standing))


def alike_in(
    narratives: Sequence[Narrative],
    roster: Roster,
    standing: Mapping[str, Submission],
) -> list[Pair]:
    """The same of some of the texts, one by one, in their order."""
    codes = [unit.code for unit in roster.in_tree_order if unit.code in standing]
    found: list[Pair] = []

    def texts(code: str) -> Mapping[str, str]:
        return standing[code].answers.texts

    # Of many units a few texts at a time, so that not all runs are in memory.
    few = max(1, _AT_ONCE // max(1, len(codes)))
    for first in range(0, len(narratives), few):
        places = [(text, _Place()) for text in narratives[first : first + few]]
        for code in codes:
            wrote = at_once(texts(code))
            for text, place in places:
                place.note(wrote.get(text.id, ""))
        for text, place in places:
            for one, other in place.likely():
                pair = codes[one], codes[other]
                if _alike(texts(pair[0])[text.id], texts(pair[1])[text.id]):
                    found.append((*pair, text.title))
    return found


def together(found: Iterable[Pair]) -> tuple[Alike, ...]:
    """Of two units all titles at once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one, other, title in found:
        alike.setdefault((one, other), []).append(title)
    return tuple((*pair, tuple(titles)) for pair, titles in alike.items())


def with_likeness(
    form: Form,
    roster: Roster,
    submissions: Sequence[Submission],
    standing: Iterable[int],
    find: FindAlike = likeness,
) -> list[Submission]:
    """All of them; those that stand and are like another one say so (X08)."""
    found = list(submissions)
    at = {submissions[index].unit_code: index for index in standing}
    stands = {code: submissions[index] for code, index in at.items()}
    for code, like, titles in find(form, roster, stands):
        finding = _finding(roster.by_code[like].name, titles)
        each = found[at[code]]
        found[at[code]] = replace(each, findings=(*each.findings, finding))
    return found


def _finding(name: str, titles: Sequence[str]) -> Finding:
    return catalogued("X08", detail="".join(f"“{each}”" for each in titles), seen=name)


#: The first who wrote what all have are compared with many.
_of_others = lru_cache(maxsize=MOST)(runs)


def _alike(one: str, other: str) -> bool:
    own, theirs = runs(one), _of_others(other)
    return 100 * len(own & theirs) // min(len(own), len(theirs)) > HALF


def _eighth(text: str) -> set[str]:
    """Every eighth run of a text that is long enough to be compared; of others none."""
    said = plain(text)
    if len(said) < LONG + RUN - 1:
        return set()
    # Most say nothing twice in the beginning: their runs need not all be counted.
    first = {said[at : at + RUN] for at in range(LONG)}
    if len(first) < LONG and len(runs(text)) < LONG:
        return set()
    begins = said[: 1 - RUN].encode("utf-16-le")[::2].translate(_BEGINS)
    return {said[at : at + RUN] for at in compress(range(len(begins)), begins)}


class _Place:
    """What units wrote in one place: of every eighth of its runs, in which texts."""

    def __init__(self) -> None:
        # Runs by their hash, text after text, and where each text ends.
        self._runs, self._ends = array("q"), array("Q", (0,))

    def note(self, text: str) -> None:
        self._runs.extend(map(hash, _eighth(text)))
        self._ends.append(len(self._runs))

    def likely(self) -> Iterator[tuple[int, int]]:
        """Of texts by number, each with the one before it that may be much the same, if
        one may: the closest, the first of several."""
        ends, wrote, often = self._ends, Writers(MOST), self._often()
        for number, (start, end) in enumerate(pairwise(ends)):
            some = [run for run in self._runs[start:end] if often[run % len(often)] > 1]
            if not some:
                continue
            share = {
                other: 100 * same // min(end - start, ends[other + 1] - ends[other])
                for other, same in wrote.before(some, number).items()
            }
            closest = max(sorted(share), key=share.__getitem__, default=0)
            if share.get(closest, 0) > LIKELY:
                yield number, closest

    def _often(self) -> bytearray:
        """Whether a run was written once or more often, at the place that it has by its
        hash: so much is said of all runs in little memory, of a few too much."""
        places = _PLACES * len(self._runs) + 1
        often = bytearray(places)
        for run in self._runs:
            often[run % places] = 2 if often[run % places] else 1
        return often
