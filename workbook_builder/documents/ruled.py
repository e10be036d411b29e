"""Boxes on paper → cells of a grid: whose edges are nearly the same share a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook_builder.documents.builder import tidy
from workbook_builder.model.document import PrintedCell, Region

PaperBox = tuple[float, float, float, float]
"""Left, top, right, bottom, in points."""


@dataclass(frozen=True, slots=True)
class BoxedText:
    """What stands in a box; ``second`` as in a printed cell."""

    box: PaperBox
    text: str
    second: str | None = None


def gridded(
    boxes: Iterable[BoxedText], page: int, same_edge: float
) -> list[PrintedCell]:
    """The cells of one table in order. Edges within ``same_edge`` points are one."""
    found = list(boxes)
    across = _edges(
        [x for each in found for x in (each.box[0], each.box[2])], same_edge
    )
    down = _edges([y for each in found for y in (each.box[1], each.box[3])], same_edge)
    cells = []
    for each in found:
        left, right = _index(across, each.box[0]), _index(across, each.box[2])
        top, bottom = _index(down, each.box[1]), _index(down, each.box[3])
        cells.append(
            PrintedCell(
                top,
                left,
                tidy(each.text),
                max(bottom - top, 1),
                max(right - left, 1),
                Region(page, each.box),
                each.second,
            )
        )
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _edges(places: Sequence[float], same_edge: float) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > same_edge:
            found.append(place)
    return found


def _index(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda n: abs(edges[n] - place))
