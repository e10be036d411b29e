"""Figures in running text: what is left of a table where cells were lost.

Web pages copied as text and some PDF readers give ``…国家秘密0000000``. The labels of the
form are looked for in full; a run of digits belongs to the label it follows, and only
if the names of the columns stood before it in the order of the printed table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from workbook_builder.model.drawing import draw
from workbook_builder.model.form import Block, Form, Table
from workbook_builder.published.cuts import DigitRun
from workbook_builder.published.lines import PrintedLine
from workbook_builder.published.loose import BARRIER, Finder, LabelSpot
from workbook_builder.published.vocabulary import (
    LabelledRows,
    columns_of,
    sections,
    vocabulary,
)
from workbook_builder.published.words import plain_form, unnumbered

END = (1 << 40, 1 << 40)
"""Where the label stands that follows the last one."""
#: So many other characters between two labels, and the second belongs to no table.
STRANGE = 12
#: Lines of zeros that show that a report prints its zeros.
FULL_LINES = 3
_CLOSING = "”\"’')」』》〉:,、;。 \n"
#: After figures, these make something else of them: more digits, another unit.
_SPOILS = re.compile(r"\d|^[元万亿千百十%‰]")
#: So much of what spoils figures is shown.
FEW = 8
_FIGURES = re.compile(r"[0-9.,+\-−增减 \n]*")


@dataclass(frozen=True, slots=True)
class Found:
    """Digits of a line of cells; ``words`` are the label and what follows it."""

    run: DigitRun
    words: str


@dataclass(slots=True)
class Running:
    """What running text says; ``groups`` are rows that it prints as one, ``twice``
    counts the lines that two places claim to be."""

    found: list[Found] = field(default_factory=list)
    groups: list[LabelledRows] = field(default_factory=list)
    twice: int = 0


@dataclass(frozen=True, slots=True)
class _Block:
    """A block and the names of its columns in the order they are read."""

    table: Table
    block: Block
    names: tuple[str, ...]

    @property
    def ids(self) -> set[str]:
        return {row.id for row in self.block.rows}


def running_text(lines: Sequence[PrintedLine]) -> str:
    """All that is not in tables, line by line."""
    said = (line.alone if line.alone is not None else BARRIER for line in lines)
    return plain_form("\n".join(said))


def read_running(form: Form, lines: Sequence[PrintedLine]) -> Running:
    """Every run of digits that follows a label of the form in its place."""
    text = running_text(lines)
    spots = list(_finder(form).spots(text))
    reader = _Reader(form)
    for at, (label, start, end) in enumerate(spots):
        following = spots[at + 1] if at + 1 < len(spots) else LabelSpot("", *END)
        until = min(following.start, len(text))
        reader.take(label, following.label, text[start:until], text[end:until])
    return reader.result()


class _Reader:
    """Follows the labels of one table after another."""

    def __init__(self, form: Form) -> None:
        words = vocabulary(form)
        self._blocks = _blocks(form)
        self._after = _followers(form)
        self._rows = {each.label: each for each in (*words.groups, *words.singles)}
        self._names: list[str] = []
        self._open: list[_Block] = []
        self._running = Running()

    def result(self) -> Running:
        """Without what two places claim to be."""
        count = Counter(each.run.cells for each in self._running.found)
        found = [each for each in self._running.found if count[each.run.cells] == 1]
        twice = sum(number > 1 for number in count.values())
        return Running(found, self._running.groups, twice)

    def take(self, label: str, following: str, words: str, gap: str) -> None:
        """A label, the next one, and what stands between them.

        Where another label follows than the one that is printed next, its own may be
        lost, and the digits those of two lines.
        """
        gap = gap.lstrip(_CLOSING)
        found = _FIGURES.match(gap)
        figures = found[0] if found else ""
        rest = gap[len(figures) :]
        expected = self._after.get(label, {following})
        spoilt = _SPOILS.search(rest) is not None or following not in expected
        digits = f"{figures}{rest[:FEW]}?" if spoilt else figures
        if not any(each.isdigit() for each in figures):
            digits = ""
        rows = self._rows.get(label)
        if rows is None:
            self._name(label, words, digits)
        elif digits.strip():
            self._line(rows, words, digits)
        if BARRIER in gap or len(rest.strip()) > STRANGE:
            self._names.clear()
            self._open.clear()

    def _name(self, label: str, words: str, digits: str) -> None:
        """Perhaps the last name of the columns of a block."""
        self._names.append(label)
        complete = [
            each
            for each in self._blocks
            if each.names == tuple(self._names[-len(each.names) :])
        ]
        self._open = complete or self._open
        for each in complete:
            if each.table.side_by_side and digits.strip():
                columns = columns_of(each.table, each.block)
                cells = [f"{each.table.id}.{c.row}.{c.id}" for c in columns]
                self._keep(cells, words, digits, not self._zeros_are_printed())

    def _zeros_are_printed(self) -> bool:
        """Several lines of nothing but zeros are there in full."""
        full = [f.run for f in self._running.found if not f.run.blanks]
        zeros = [run for run in full if run.digits == "0" * len(run.cells)]
        return len(zeros) >= FULL_LINES

    def _line(self, rows: LabelledRows, words: str, digits: str) -> None:
        for each in self._open:
            if each.table.id == rows.table and each.ids >= set(rows.ids):
                cells = [rows.cell(column.id) for column in each.block.columns]
                self._keep(cells, words, digits, len(each.block.rows) < 3)
                if not rows.is_one:
                    self._running.groups.append(rows)
                return

    def _keep(self, cells: list[str], words: str, digits: str, blanks: bool) -> None:
        """``blanks``: nothing around these cells shows that zeros are printed."""
        run = DigitRun(tuple(cells), " ".join(digits.split()), blanks)
        self._running.found.append(Found(run, " ".join(words.split())))


@lru_cache(maxsize=32)
def _blocks(form: Form) -> tuple[_Block, ...]:
    return tuple(_Block(t, b, _names(t, b)) for t in form.tables for b in t.blocks)


@lru_cache(maxsize=32)
def _followers(form: Form) -> dict[str, set[str]]:
    """Label of a line → the labels that may come next: of the next line, repeated
    after a page break or not, or of the next block. After the last line of a table
    there is none whose digits could run on."""
    found: dict[str, set[str]] = {}
    for table in (each for each in form.tables if not each.side_by_side):
        after: set[str] = set()
        for block in reversed(table.blocks):
            for row in reversed(block.rows):
                for label in row.labels if after else ():
                    # Of a shared label the last line counts, should it stand for all.
                    found.setdefault(label, after)
                after = set(row.labels)
            names = {block.band, block.head, *block.columns[0].labels}
            after = names - {""}
    return found


def _names(table: Table, block: Block) -> tuple[str, ...]:
    """The column names of a block, line by line as they are printed."""
    drawing = draw(table)
    first, last = drawing.blocks[table.blocks.index(block)]
    heads = [
        label
        for label in drawing.labels
        if label.role == "head"
        and first <= label.row <= last
        and label.column >= table.stub_columns
    ]
    return tuple(each.text for each in sorted(heads, key=lambda h: (h.row, h.column)))


# ---------------------------------------------------------------- labels


@lru_cache(maxsize=32)
def _finder(form: Form) -> Finder:
    words = vocabulary(form)
    spellings = {
        spelling: label
        for label in _all_labels(form)
        for spelling in words.spellings(label)
    }
    return Finder(spellings)


def _all_labels(form: Form) -> Iterable[str]:
    """Those of sections, too: they end what is above them. Reports number them anew."""
    yield from map(unnumbered, sections(form))
    for table in form.tables:
        for label in draw(table).labels:
            yield label.text
