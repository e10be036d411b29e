"""A table as it is printed: which label stands where, over how much."""

from __future__ import annotations

import pytest

from workbook_builder.model.drawing import Drawing, draw
from workbook_builder.model.form import Block, Column, Row, Table


def rows(*paths: str) -> tuple[Row, ...]:
    return tuple(Row(f"r{at}", tuple(path.split("/"))) for at, path in enumerate(paths))


def columns(*paths: str) -> tuple[Column, ...]:
    """``甲/乙*2`` spans two columns of the sheet."""
    parted = [path.partition("*") for path in paths]
    return tuple(
        Column(f"c{at}", tuple(path.split("/")), "count", int(span or 1))
        for at, (path, _, span) in enumerate(parted)
    )


def table(*blocks: Block, width: int, stubs: int = 1, side: bool = False) -> Table:
    widths = (10.0,) * width
    return Table("t", "表", "表", blocks, widths, side_by_side=side, stub_columns=stubs)


TWO_BLOCKS = table(
    Block("带", "头", rows("甲/子", "甲/丑", "乙", "丙/寅", "丙/寅"),
          columns("一/二", "一/三", "四*2", "五/六", "五/七")),
    Block("", "头", rows("丁"), columns("一", "一")),
    width=8,
    stubs=2,
)  # fmt: skip
SIDE = table(
    Block("", "", rows("甲", "乙"), columns("一/二", "一/三*2")),
    width=6,
    stubs=0,
    side=True,
)
DRAWN: list[tuple[Table, str, str]] = [
    (
        TWO_BLOCKS,
        """
        0:0 1x8 band 带
        1:0 2x2 head 头
        1:2 1x2 head 一
        1:4 2x2 head 四
        1:6 1x2 head 五
        2:2 1x1 head 二
        2:3 1x1 head 三
        2:6 1x1 head 六
        2:7 1x1 head 七
        3:0 2x1 vertical 甲
        5:0 1x2 stub 乙
        6:0 2x1 vertical 丙
        3:1 1x1 stub 子
        4:1 1x1 stub 丑
        6:1 1x1 stub 寅
        7:1 1x1 stub 寅
        8:0 1x2 head 头
        8:2 1x1 head 一
        8:3 1x1 head 一
        9:0 1x2 stub 丁
        """,
        "rows 10 columns 8 head 0-2 blocks 0-7 8-9",
    ),
    (
        SIDE,
        """
        0:0 1x3 head 甲
        0:3 1x3 head 乙
        1:0 1x3 head 一
        1:3 1x3 head 一
        2:0 1x1 head 二
        2:1 1x2 head 三
        2:3 1x1 head 二
        2:4 1x2 head 三
        """,
        "rows 4 columns 6 head 0-2 blocks 0-3",
    ),
]


def labels(drawing: Drawing) -> str:
    return "\n".join(
        f"{each.row}:{each.column} {each.rows}x{each.columns} {each.role} {each.text}"
        for each in drawing.labels
    )


@pytest.mark.parametrize(("of", "shown", "size"), DRAWN, ids=["blocks", "side by side"])
def test_labels_span_what_shares_them(of: Table, shown: str, size: str) -> None:
    drawing = draw(of)
    assert labels(drawing) == "\n".join(
        line.strip() for line in shown.strip().split("\n")
    )
    first, last = drawing.head
    blocks = " ".join(f"{first}-{last}" for first, last in drawing.blocks)
    said = f"rows {drawing.rows} columns {drawing.columns} head {first}-{last} blocks {blocks}"
    assert said == size


def test_figures_stand_under_their_heads_and_beside_their_lines() -> None:
    drawing = draw(TWO_BLOCKS)
    at = {id_: (f.row, f.column, f.columns) for id_, f in drawing.figures.items()}
    assert at["t.r1.c2"] == (4, 4, 2)
    assert at["t.r1.c3"] == (4, 6, 1)
    assert at["t.r0.c0"] == (9, 2, 1)  # the second block has the line, too
    assert at["t.r4.c4"] == (7, 7, 1)

    def named(id_: str, of: Drawing) -> str:
        return " ".join(label.text for label in of.labels_of(of.figures[id_]))

    assert named("t.r3.c3", drawing) == "带 五 六 丙 寅"
    assert named("t.r2.c2", drawing) == "带 四 乙"
    assert named("t.r1.c4", drawing) == "带 五 七 甲 丑"
    assert named("t.r0.c1", drawing) == "一 丁"
    side = draw(SIDE)
    assert {id_: (f.row, f.column) for id_, f in side.figures.items()} == {
        "t.r0.c0": (3, 0), "t.r0.c1": (3, 1), "t.r1.c0": (3, 3), "t.r1.c1": (3, 4),
    }  # fmt: skip
    assert named("t.r1.c1", side) == "乙 一 三"
