"""Where rows and columns of a sheet went, told by their labels alone."""

from __future__ import annotations

import pytest

from workbook_builder.model.grid import Position
from workbook_builder.model.names import LONGEST, essence
from workbook_builder.reading.align import align, share


def labels(rows: str) -> dict[Position, str]:
    """A row each, ``.`` for one without words, ``+`` between the words of one."""
    return {
        (row, column): word
        for row, words in enumerate(rows.split())
        for column, word in enumerate(words.split("+"))
        if word != "."
    }


#: as it was sent, as it came, where each row is now
CASES = [
    ("甲 乙 丙", "甲 乙 丙", "0 1 2"),
    ("甲 乙 丙", "甲 . 乙 丙", "0 2 3"),
    ("甲 乙 丙", "甲 丙", "0 - 1"),
    ("甲 乙 丙 丁", "甲 丁 丙 乙", "0 3 2 1"),
    # Without words of its own, between two that kept their distance.
    ("甲 . 丙", "甲 . 丙", "0 1 2"),
    ("甲 . . 丙", ". 甲 . . 丙", "1 2 3 4"),
    ("甲 . 丙", "甲 丙", "0 - 1"),
    ("甲 . 丙", "甲 . . 丙", "0 - 3"),
    ("甲 . 丙 丁", "甲 丁 丙", "0 - 2 1"),
    # At the edge one neighbour must do, if it is next door.
    ("甲 .", ". 甲 .", "1 2"),
    ("甲 . .", ". 甲 . .", "1 2 3"),
    (". 甲", ". . 甲", "1 2"),
    (". . 甲", ". . . 甲", "- 2 3"),
    (". . 甲", ". . 甲", "- 1 2"),
    ("甲 乙", ". 甲 .", "1 -"),
    # Cleared, with a slip, another altogether.
    ("甲 乙 丙", "甲 . 丙", "0 1 2"),
    ("甲 一二三四五 丙", "甲 一二三四六 丙", "0 1 2"),
    ("甲 一二三四五 丙", "甲 一二三六七 丙", "0 1 2"),
    ("甲 一二三四五 丙", "甲 一二六七八 丙", "0 - 2"),
    ("甲 一二三四五 丙", "甲 六七八九十 丙", "0 - 2"),
    ("甲+乙 丙", "甲+己庚 丙", "- 1"),
    ("甲+一二三四五 丙", "甲+一二三四六+壬癸 丙", "0 1"),
    ("甲+一二三四五+子丑 丙", "甲+一二三四六 丙", "- 1"),
    # Labels that occur twice: by their order, if none is missing; what is the only one
    # of its words is believed before them.
    ("甲 乙 甲", "甲 乙 甲", "0 1 2"),
    ("甲 . 甲", "甲 . 甲", "0 1 2"),
    ("甲 乙 甲", "乙 甲", "- 0 1"),
    ("甲+丁 乙+丁", "丁 甲 乙 丁", "1 2"),
    # Two rows in one, one in two.
    ("甲 乙", "甲+乙", "- -"),
    ("甲+乙 . . 丙", "甲 . 乙 . . 丙", "- - 4 5"),
]


def told(rows: dict[int, int], count: int) -> str:
    return " ".join(str(rows.get(row, "-")) for row in range(count))


@pytest.mark.parametrize(("sent", "came", "where"), CASES)
def test_each_line_is_where_its_labels_are_or_nowhere(
    sent: str, came: str, where: str
) -> None:
    wanted, found = labels(sent), labels(came)
    count = len(sent.split())
    rows = align(wanted, (range(count), (0,)), found)
    assert told(dict(rows.rows), count) == where
    # Columns as rows.
    wanted, found = (
        {(column, row): word for (row, column), word in each.items()}
        for each in (wanted, found)
    )
    columns = align(wanted, ((0,), range(count)), found)
    assert told(dict(columns.columns), count) == where
    # What is not looked for is not told.
    assert not align(wanted, ((0,), ()), found).columns


def test_a_cell_is_found_where_both_its_lines_are() -> None:
    wanted = {(0, 0): "甲", (1, 0): "乙", (3, 0): "丁", (0, 1): "头", (0, 2): "尾"}
    found = {(0, 0): "甲", (2, 0): "丁", (0, 1): "头"}
    aligned = align(wanted, ((0, 1, 3), (1, 2)), found)
    assert aligned.find(3, 1) == (2, 1)
    assert aligned.find(1, 1) is None
    assert aligned.find(3, 2) is None
    lost = [aligned.has_lost(row) for row in range(4)]
    assert lost == [False, True, False, False]
    # Where nothing is found at all, no row is worse than another.
    assert not align(wanted, ((1,), ()), {}).has_lost(1)


def test_of_labels_that_occur_at_all() -> None:
    wanted = labels("甲 乙 丙 （甲）")
    assert share(wanted, labels("丁 丙。 甲")) == 2 / 3
    assert share(wanted, {}) == 0


def test_what_is_too_long_is_no_label() -> None:
    assert essence("甲" * LONGEST)
    assert not essence("甲" * (LONGEST + 1))
