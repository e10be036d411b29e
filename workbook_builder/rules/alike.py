"""Which units wrote the same texts: something for the desk to look at, no fault of a file.

Each unit is compared with those before it, and told once, of the one it is most like.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace

from workbook_builder.language.likeness import runs
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
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


def with_likeness(
    form: Form,
    roster: Roster,
    submissions: Sequence[Submission],
    standing: Iterable[int],
) -> list[Submission]:
    """All of them; those that stand and are like another one say so (X08)."""
    found = list(submissions)
    at = {submissions[index].unit_code: index for index in standing}
    codes = [unit.code for unit in roster.in_tree_order if unit.code in at]
    alike: dict[tuple[str, str], list[str]] = {}
    # Of many units a few texts at a time, so that not all runs are in memory.
    few = max(1, _AT_ONCE // max(1, len(codes)))
    for first in range(0, len(form.narratives), few):
        before = [(t, _Before()) for t in form.narratives[first : first + few]]
        for code in codes:
            said = at_once(submissions[at[code]].answers.texts)
            for text, written in before:
                own = _runs(said.get(text.id, ""))
                other = written.closest(code, own)
                if other and _alike(own, submissions[at[other]].answers.texts[text.id]):
                    alike.setdefault((code, other), []).append(text.title)
    for (code, other), titles in alike.items():
        finding = _finding(roster.by_code[other].name, titles)
        each = found[at[code]]
        found[at[code]] = replace(each, findings=(*each.findings, finding))
    return found


def _finding(name: str, titles: Sequence[str]) -> Finding:
    return catalogued("X08", detail="".join(f"“{each}”" for each in titles), seen=name)


def _runs(text: str) -> frozenset[str]:
    """Those of a text that is long enough to be compared; of others none."""
    found = runs(text) if len(text) >= LONG else frozenset[str]()
    return found if len(found) >= LONG else frozenset[str]()


def _alike(own: frozenset[str], other: str) -> bool:
    theirs = runs(other)
    return 100 * len(own & theirs) // min(len(own), len(theirs)) > HALF


class _Before:
    """What units wrote in one place so far: of every eighth of its runs, who."""

    def __init__(self) -> None:
        self._wrote = Writers(MOST)
        self._codes: list[str] = []
        self._sizes = array("I")

    def closest(self, code: str, own: frozenset[str]) -> str:
        """The one before who may have written much the same, if one may, the first of
        several; this one is noted, if it wrote anything."""
        if not own:
            return ""
        some = [run for run in own if not ord(run[0]) & 7]
        shared, sizes = self._wrote.before(some, len(self._codes)), self._sizes
        share = {o: 100 * n // min(len(some), sizes[o]) for o, n in shared.items()}
        closest = max(sorted(share), key=share.__getitem__, default=0)
        self._codes.append(code)
        sizes.append(len(some))
        return self._codes[closest] if share.get(closest, 0) > LIKELY else ""
