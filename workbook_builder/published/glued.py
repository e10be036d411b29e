"""Runs of digits → the figure of each cell, where only one is possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from workbook_builder.published.cuts import Cut, cuts, together
from workbook_builder.published.heads import Placing
from workbook_builder.published.relations import SumRule, Terms
from workbook_builder.published.running import Found


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of a cell, or the whole run where more than one is possible."""

    cell: str
    text: str
    found: Found
    placing: Placing


def pieces(found: Sequence[Found], relations: Sequence[SumRule]) -> Iterator[Piece]:
    """The text of every cell in the runs."""
    sums = [each.terms for each in relations]
    for _, runs in groupby(found, key=lambda each: each.run.cells[0].split(".")[0]):
        yield from _of_table(list(runs), sums)


def _of_table(found: list[Found], sums: Sequence[Terms]) -> Iterator[Piece]:
    options = {each.run.cells: _options(each, sums) for each in found}
    decided = _decided({cells: cut for cells, cut in options.items() if cut}, sums)
    for each in found:
        cells = each.run.cells
        sure = all(_confirmed(cell, cells, decided, sums) for cell in cells)
        for cell in cells:
            text = decided.get(cell)
            if text is None:
                yield Piece(cell, each.run.digits, each, Placing.NONE)
            elif sure or each.run.leaves_no_choice:
                yield Piece(cell, text, each, Placing.TWICE)
            else:
                yield Piece(cell, text, each, Placing.ONCE)


def _options(found: Found, sums: Sequence[Terms]) -> Sequence[Cut]:
    run = found.run
    if len(run.cells) == 1:  # nothing to cut: decimals and signs are as good as digits
        return [] if "?" in run.digits else [(run.digits,)]
    return cuts(run, sums) or []


def _decided(
    options: Mapping[tuple[str, ...], Sequence[Cut]], sums: Sequence[Terms]
) -> dict[str, str]:
    """The cells that have the same text in whatever way all sums close.

    If they close in no way, print contradicts itself, and only what a run allows alone
    can be said.
    """
    ways = together(options, sums)
    if not ways:
        ways = [
            {
                cell: text
                for cells, alone in options.items()
                if len(alone) == 1
                for cell, text in zip(cells, alone[0], strict=True)
            }
        ]
    first, *others = ways
    return {
        cell: text
        for cell, text in first.items()
        if all(way[cell] == text for way in others)
    }


def _confirmed(
    cell: str,
    run: Sequence[str],
    decided: Mapping[str, str],
    sums: Sequence[Terms],
) -> bool:
    """Whether a sum with figures of other runs closes, too.

    The sums within a run alone may close by chance where a figure of it is missing.
    """
    return any(
        sum(factor * int(decided[each] or 0) for each, factor in terms.items()) == 0
        for terms in sums
        if cell in terms
        and not set(terms) <= set(run)
        and terms.keys() <= decided.keys()
    )
