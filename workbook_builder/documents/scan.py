"""Pages that are pictures: OpenCV finds their ruled lines, RapidOCR reads what stands
between them.

Nothing that was recognised is as good as read: ``Precision.SEEN``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees
from typing import Any

import cv2
import numpy as np
from rapidocr import RapidOCR

from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.paragraphs import TextLine, paragraphs
from workbook_builder.documents.ruled import BoxedText, gridded
from workbook_builder.model.document import (
    Document,
    DocumentFormat,
    Precision,
    PrintedTable,
    Region,
)
from workbook_builder.model.errors import UnreadableFile

DOTS_PER_INCH = 200
"""What pages are looked at in; a photo is taken for a page of A4 this wide."""
_WIDTH = 1654
_POINTS = 72 / DOTS_PER_INCH

Picture = Any  # a numpy array of rows of grey values
#: A line is longer than any stroke of a character, in dots.
_LINE = 45
#: A cell is larger than this, and edges this near, in points, are one.
_SMALLEST, _SAME_EDGE = 12, 6.0
#: A table has so many cells at least: a frame around a page is none.
_FEWEST = 4
#: Pages stand askew by fewer degrees than this.
_ASKEW = 8.0
_PIXELS = 100_000_000


def scanned_pages(pages: Iterable[Picture], format_: DocumentFormat) -> Document:
    """What is printed on pages that are pictures. Raises UnreadableFile."""
    budget = DocumentBudget()
    found: list[TextLine | PrintedTable] = []
    for number, page in enumerate(pages, 1):
        found += _Page(_straight(page), number, budget).parts()
    return Document(format_, Precision.SEEN, tuple(paragraphs(found)))


def picture_of(data: bytes) -> Picture:
    """A photo, as wide as a page. Raises UnreadableFile."""
    encoded = np.frombuffer(data, np.uint8)
    picture = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)
    if picture is None or picture.size == 0:
        raise UnreadableFile("damaged", "a picture")
    height, width = picture.shape
    if height * width > _PIXELS:
        raise UnreadableFile("too_large", f"{width} × {height} dots")
    scale = _WIDTH / min(height, width)
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A line of text where it was seen, in dots."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Frame:
    """The space between lines, in dots, and the connected lines it belongs to."""

    left: int
    top: int
    right: int
    bottom: int
    table: int

    def holds(self, seen: _Seen) -> bool:
        x, y = seen.middle
        return self.left <= x < self.right and self.top <= y < self.bottom

    @property
    def box(self) -> tuple[float, float, float, float]:
        edges = (self.left, self.top, self.right, self.bottom)
        left, top, right, bottom = (edge * _POINTS for edge in edges)
        return left, top, right, bottom


@dataclass(frozen=True, slots=True)
class _Page:
    picture: Picture
    number: int
    budget: DocumentBudget

    def parts(self) -> list[TextLine | PrintedTable]:
        """Lines of text and tables, from top to bottom."""
        lines = _lines(self.picture)
        frames = _frames(lines)
        seen = _read(self.picture)
        inside = {each: [f for f in frames if f.holds(each)] for each in seen}
        found: list[tuple[float, TextLine | PrintedTable]] = []  # by their tops
        for table in dict.fromkeys(frame.table for frame in frames):
            own = [frame for frame in frames if frame.table == table]
            texts = {frame: [s for s in seen if frame in inside[s]] for frame in own}
            cells = [self._cell(frame, said) for frame, said in texts.items()]
            grid = PrintedTable(tuple(gridded(cells, self.number, _SAME_EDGE)))
            found.append((min(frame.top for frame in own), grid))
        height = self.picture.shape[0] * _POINTS
        for each in seen:
            if not inside[each]:
                edges = (each.left, each.top, each.right, each.bottom)
                left, top, right, bottom = (edge * _POINTS for edge in edges)
                place = Region(self.number, (left, top, right, bottom))
                found.append((each.top, TextLine(each.text, place, height)))
        return [part for _, part in sorted(found, key=lambda pair: pair[0])]

    def _cell(self, frame: _Frame, said: list[_Seen]) -> BoxedText:
        self.budget.spend_cell()
        text = "\n".join(_in_lines(said))
        if not text:
            # What looks for text on a whole page passes over a single thin figure.
            text = _read_alone(self.picture, frame)
        self.budget.spend_characters(len(text))
        return BoxedText(frame.box, text)


def _in_lines(seen: list[_Seen]) -> Iterator[str]:
    """Texts on one line of a cell as one, from top to bottom."""
    lines: list[list[_Seen]] = []
    for each in sorted(seen, key=lambda s: s.middle[1]):
        if lines and each.middle[1] < lines[-1][0].bottom:
            lines[-1].append(each)
        else:
            lines.append([each])
    for line in lines:
        yield "".join(s.text for s in sorted(line, key=lambda s: s.left))


# ---------------------------------------------------------------- lines


def _ink(picture: Picture) -> Picture:
    """White where there is ink."""
    return cv2.adaptiveThreshold(
        picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12
    )


def _straight(picture: Picture) -> Picture:
    """The page turned so that its long lines lie level."""
    drawn = cv2.HoughLinesP(
        _ink(picture), 1, np.pi / 1800, 200, minLineLength=300, maxLineGap=6
    )
    ends = [] if drawn is None else drawn.reshape(-1, 4).tolist()
    angles = [degrees(atan2(y2 - y1, x2 - x1)) for x1, y1, x2, y2 in ends]
    level = sorted(angle for angle in angles if abs(angle) < _ASKEW)
    if not level or abs(level[len(level) // 2]) < 0.02:
        return picture
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), level[len(level) // 2], 1)
    return cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255
    )


def _lines(picture: Picture) -> Picture:
    """White where a ruled line is, small gaps in it closed."""
    ink = _ink(picture)
    found = np.zeros_like(ink)
    for shape in ((_LINE, 1), (1, _LINE)):
        bar = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
        line = cv2.morphologyEx(ink, cv2.MORPH_OPEN, bar)
        longer = tuple(max(side // 2, 3) for side in shape)
        found |= cv2.dilate(line, cv2.getStructuringElement(cv2.MORPH_RECT, longer))
    return found


def _frames(lines: Picture) -> list[_Frame]:
    """The spaces that lines enclose, of tables only, row by row."""
    _, tables = cv2.connectedComponents(lines)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(lines))
    height, width = lines.shape
    found: list[_Frame] = []
    for left, top, wide, high, _ in stats[1:count].tolist():
        at_the_edge = (
            left == 0 or top == 0 or left + wide == width or top + high == height
        )
        if at_the_edge or min(wide, high) < _SMALLEST:
            continue
        table = int(tables[top + high // 2, left - 1])
        if table:
            found.append(_Frame(left, top, left + wide, top + high, table))
    cells = [frame.table for frame in found]
    return [frame for frame in found if cells.count(frame.table) >= _FEWEST]


# ---------------------------------------------------------------- characters


@lru_cache(maxsize=1)
def _reader() -> RapidOCR:
    return RapidOCR(params={"Global.log_level": "critical"})


def _recognised(picture: Picture, *, whole: bool) -> Any:
    """Texts, and where a whole page is given, their boxes.

    Not asked whether a text stands on its head: a 66 would be a 99.
    """
    colours = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    return _reader()(colours, use_det=whole, use_cls=False)


def _read(picture: Picture) -> list[_Seen]:
    result = _recognised(picture, whole=True)
    if result.txts is None:
        return []
    return [
        _Seen(text, *box.min(axis=0).tolist(), *box.max(axis=0).tolist())
        for box, text in zip(result.boxes, result.txts, strict=True)
    ]


def _read_alone(picture: Picture, frame: _Frame) -> str:
    """What stands in a frame in which nothing was found; empty where it is white."""
    inner = picture[frame.top + 2 : frame.bottom - 2, frame.left + 2 : frame.right - 2]
    if not inner.size or int(inner.min()) > int(inner.max()) - 80:
        return ""
    return "".join(_recognised(inner, whole=False).txts or ())
