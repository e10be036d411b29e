"""Figures that lost the space between them: ``640020470`` is 64, 0, 0, 2, 0, 4 and 70.

A run of digits is cut only where one single cut makes the sums of the form. Every cut
that could be meant is looked at, also those with empty cells where there is nothing to
show that zeros are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.published.relations import Terms

MOST = 2_000
"""Cuts of one run, and states of the search over all runs, that are looked at."""
LONGEST = 9
"""Digits of one figure."""

Cut = tuple[str, ...]
"""A text for each cell; empty for a blank."""

_DIGITS = re.compile(r"[0-9 ]*")


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits of so many cells, given in order. A space is between two figures."""

    cells: tuple[str, ...]
    digits: str
    blanks: bool = False

    @property
    def leaves_no_choice(self) -> bool:
        """One digit for each cell, or every cut was looked at, with blanks, too."""
        return self.blanks or len(self.digits.replace(" ", "")) == len(self.cells)


def cuts(run: DigitRun, sums: Sequence[Terms]) -> list[Cut] | None:
    """Every cut that makes the sums among the cells of the run; None if too many.

    Only counts are cut: no decimals, no signs, no leading zeros.
    """
    if not _DIGITS.fullmatch(run.digits):
        return []
    due = _due(run.cells, sums)
    found: list[Cut] = []
    steps = 0
    stack: list[tuple[int, Cut, tuple[int, ...]]] = [(0, (), ())]
    while stack:
        at, cut, counts = stack.pop()
        if len(cut) == len(run.cells):
            if not run.digits[at:].strip():
                found.append(cut)
            continue
        owed = [
            (own, -sum(factor * counts[place] for place, factor in others))
            for own, others in due.get(len(cut), ())
        ]
        for end, text in _further(run, at, len(cut)):
            steps += 1
            count = int(text or 0)
            for own, rest in owed:
                if own * count != rest:
                    break
            else:
                stack.append((end, (*cut, text), (*counts, count)))
        if steps > 100 * MOST or len(found) > MOST:
            return None
    return found


ClosingSum = tuple[int, tuple[tuple[int, int], ...]]
"""A sum that a cell completes: its factor there, then the earlier cells with theirs."""


def _due(cells: Sequence[str], sums: Sequence[Terms]) -> dict[int, list[ClosingSum]]:
    """The place of a cell in the run → the sums that can be made with it."""
    found: dict[int, list[ClosingSum]] = {}
    for terms in sums:
        if set(terms) <= set(cells):
            *others, (last, own) = sorted((cells.index(c), f) for c, f in terms.items())
            found.setdefault(last, []).append((own, tuple(others)))
    return found


def _further(run: DigitRun, at: int, taken: int) -> Iterator[tuple[int, str]]:
    """The text of the next cell and where it ends, in every way there is."""
    digits = run.digits
    while at < len(digits) and digits[at] == " ":
        at += 1
    left = len(digits) - at - digits.count(" ", at)
    cells_left = len(run.cells) - taken
    if (not run.blanks and left < cells_left) or left > LONGEST * cells_left:
        return
    if run.blanks:
        yield at, ""
    end = at
    while end < len(digits) and digits[end] != " " and end - at < LONGEST:
        end += 1
        yield end, digits[at:end]
        if digits[at] == "0":
            return


def together(
    choices: Mapping[tuple[str, ...], Sequence[Cut]], sums: Sequence[Terms]
) -> list[dict[str, str]] | None:
    """Every way to choose one cut of each run so that all sums close.

    ``choices`` is by the cells of the runs. None if there are too many to look at.
    """
    order = sorted(choices, key=lambda cells: _weight(cells, sums))
    known = {cell for cells in order for cell in cells}
    wanted = [terms for terms in sums if set(terms) <= known]
    seen: set[str] = set()
    states: dict[tuple[int, ...], list[tuple[Cut, ...]]] = {(0,) * len(wanted): [()]}
    for cells in order:
        seen |= set(cells)
        done = [set(terms) <= seen for terms in wanted]
        states = _extended(states, cells, choices[cells], wanted, done)
        if sum(map(len, states.values())) > MOST:
            return None
    return [
        {
            cell: text
            for cells, cut in zip(order, chosen, strict=True)
            for cell, text in zip(cells, cut, strict=True)
        }
        for ways in states.values()
        for chosen in ways
    ]


def _extended(
    states: dict[tuple[int, ...], list[tuple[Cut, ...]]],
    cells: tuple[str, ...],
    options: Sequence[Cut],
    wanted: Sequence[Terms],
    done: Sequence[bool],
) -> dict[tuple[int, ...], list[tuple[Cut, ...]]]:
    """Each state with each option; sums that are complete must be zero."""
    result: dict[tuple[int, ...], list[tuple[Cut, ...]]] = {}
    for option in options:
        added = [
            sum(
                terms.get(cell, 0) * int(text or 0)
                for cell, text in zip(cells, option, strict=True)
            )
            for terms in wanted
        ]
        for sums, ways in states.items():
            now = tuple(a + b for a, b in zip(sums, added, strict=True))
            if not any(d and n for d, n in zip(done, now, strict=True)):
                kept = result.setdefault(now, [])
                kept.extend((*way, option) for way in ways)
    return result


def _weight(cells: tuple[str, ...], sums: Sequence[Terms]) -> tuple[int, int]:
    """Runs in many sums come first, then those in short ones: they rule out most."""
    lengths = [len(terms) for terms in sums for cell in cells if cell in terms]
    return -len(lengths), min(lengths, default=0)
