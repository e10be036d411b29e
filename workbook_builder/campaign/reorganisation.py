"""What the roster says of units that were merged, renamed, founded or closed.

并入 and 更名 stand in the row of the unit there is now, with the codes of those it was
before; 撤销 in the row of one that is gone, which is no unit of the roster any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit, UnitChange


def former_codes(text: str) -> tuple[str, ...]:
    """The codes in a cell: “A001；A002”."""
    return tuple(dict.fromkeys(filter(None, re.split(r"[;；,，、\s]+", text))))


def change_in_row(
    cells: Mapping[str, str], row: int, problems: list[Text]
) -> UnitChange | None:
    """What the row says happened to the unit; what does not fit becomes a problem."""
    said, former = cells.get("change", ""), former_codes(cells.get("former", ""))
    try:
        change = UnitChange(said) if said else None
    except ValueError:
        words = "、".join(each.value for each in UnitChange)
        problems.append(
            Text(
                f"第{row}行：“变动”只能填{words}，或者留空，现在是“{said}”。",
                f"Row {row}: 变动 takes one of {words}, or nothing, not {said}.",
            )
        )
        return None
    problems += _misfit(change, former, row)
    return change


def _misfit(
    change: UnitChange | None, former: Sequence[str], row: int
) -> Iterator[Text]:
    if change is UnitChange.MERGED and not former:
        yield Text(
            f"第{row}行：“变动”是并入，请在“原代码”里写并进来的各单位的代码，用分号隔开；"
            "已经没有的单位，它自己那一行写“撤销”或者删去。",
            f"Row {row}: 并入 needs the codes of the units merged into this one in 原代码.",
        )
    elif change is UnitChange.RENAMED and len(former) > 1:
        yield Text(
            f"第{row}行：“变动”是更名，“原代码”只能有一个；几个单位合成一个的，请填“并入”。",
            f"Row {row}: a renamed unit has one former code; for several write 并入.",
        )
    elif former and change in (UnitChange.NEW, UnitChange.GONE, None):
        word = change.value if change else "空白"
        yield Text(
            f"第{row}行：有“原代码”的，“变动”应是并入或者更名，现在是{word}，请改正。",
            f"Row {row}: with 原代码, 变动 must be 并入 or 更名, not {change or 'blank'}.",
        )


def double_uses(units: Sequence[Unit], rows: Sequence[int]) -> Iterator[Text]:
    """Former codes that would make figures of last year count twice."""
    now = {unit.code: row for unit, row in zip(units, rows, strict=True)}
    taken: dict[str, int] = {}
    for unit, row in zip(units, rows, strict=True):
        for code in unit.former:
            if code in now and code != unit.code:
                yield Text(
                    f"第{row}行：原代码“{code}”还是第{now[code]}行的单位。已经没有了的，"
                    "请把那一行的“变动”填“撤销”，或者删去那一行。",
                    f"Row {row}: former code {code} is still the unit of row {now[code]}; "
                    "write 撤销 there, or delete that row.",
                )
            elif code in taken:
                yield Text(
                    f"第{row}行：原代码“{code}”第{taken[code]}行也写了，上年数会重复计算。"
                    "请只写在一行。",
                    f"Row {row}: former code {code} also stands in row {taken[code]}; "
                    "its figures would count twice. Name it once.",
                )
            taken.setdefault(code, row)
