"""进度: each unit's state, when its files came and whether in time."""

from __future__ import annotations

from datetime import datetime

from workbook_builder.model.layout import column_letters
from workbook_builder.model.letter import came
from workbook_builder.model.standing import Absence
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Tone
from workbook_builder.model.times import ARRIVALS
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.summary.parts import (
    LIST_TOP,
    PROGRESS,
    Head,
    Rows,
    detail_link,
    list_sheet,
    listed,
    switch,
)
from workbook_builder.workbook.live import (
    Cells,
    Live,
    countif,
    live,
    sum_,
    sumproduct,
)
from workbook_builder.workbook.plan import Area, Content, Highlight, Sheet

#: How states look; all others are open.
_MARKS = {Tone.GOOD: "good", Tone.BAD: "bad"}
ON_TIME, LATE, UNKNOWN = "按时", "迟报", "—"
#: Columns other sheets count; the last are there where there are roll-ups.
TYPE, STATE, TIMELY = 2, 4, 7
DUE, HELD = 15, 16

HEADS = (
    Head("单位代码", 12),
    Head("单位名称", 30),
    Head("单位类型", 9, "line_centre"),
    Head("上级", 16),
    Head("状态", 8, "line_centre"),
    Head("首次收到", 15, "line_centre"),
    Head("现用文件收到", 15, "line_centre"),
    Head("是否按时", 9, "line_centre"),
    Head("迟报天数", 9, "line_count"),
    Head("收到次数", 9, "line_count"),
    Head("待处理问题", 10, "line_count"),
    Head("定位", 6),
    Head("报送期限", 11, "line_centre"),
    Head("公布日期", 11, "line_centre"),
    Head("来信", 16),
)
LEVELS = (Head("基层应报", 8, "line_count"), Head("基层所含", 8, "line_count"))


def progress_sheet(summary: Summary) -> Sheet:
    """One line for each unit, in the order of 明细."""
    rows = [_row(summary, unit) for unit in summary.units]
    last = LIST_TOP + max(1, len(rows)) - 1
    return list_sheet(
        PROGRESS,
        _note(summary),
        (*HEADS, *(LEVELS if summary.is_through_levels else ())),
        rows,
        frozen=2,
        highlights=(
            *state_marks(summary, STATE, LIST_TOP, last),
            Highlight(Area(LIST_TOP, TIMELY, last, TIMELY), f'H4="{LATE}"', "open"),
        ),
    )


def state_marks(
    summary: Summary, column: int, top: int, last: int
) -> tuple[Highlight, ...]:
    """Colours for states; the words stand there anyway."""
    area = Area(top, column, last, column)
    cell = f"{column_letters(column)}{top + 1}"
    return tuple(
        Highlight(area, f'{cell}="{state.word}"', _MARKS.get(state.tone, "open"))
        for state in summary.possible_states
    )


def absent(states: Cells) -> Live:
    """How many of some states say that nothing was returned."""
    return countif(states, Absence.MISSING.word)


def due(summary: Summary, rows: Rows = None) -> Cells:
    """Of how many units of the lowest level each return ought to be the sum."""
    known = [summary.covers[unit.code].due for unit in summary.units]
    return listed(PROGRESS, DUE, known, rows)


def held(summary: Summary, rows: Rows = None) -> Cells:
    """Of how many it is."""
    known = [summary.covers[unit.code].counted for unit in summary.units]
    return listed(PROGRESS, HELD, known, rows)


def through_levels(summary: Summary) -> Live:
    """“逐级算到最基层，计入 3 个，应报 7 个”, live."""
    counted = sumproduct(switch(summary), held(summary))
    said = live("逐级算到最基层，计入 ") & counted & " 个，应报 "
    return said & sum_(due(summary)) & " 个"


def timeliness(summary: Summary, unit: Unit) -> str:
    """按时, 迟报, or — where it cannot be told or nothing has come."""
    late = summary.days_late(unit)
    if late is None:
        return UNKNOWN
    return LATE if late else ON_TIME


def times(summary: Summary) -> tuple[str, ...]:
    """The timeliness of each unit."""
    return tuple(timeliness(summary, unit) for unit in summary.units)


def _note(summary: Summary) -> str:
    deadline, excused = summary.campaign.deadline, excused_words(summary)
    if deadline is None:
        return f"任务没有设截止日期，不判断是否按时。{ARRIVALS}{excused}"
    return (
        f"截止日期 {deadline.isoformat()}（当天 24 时前为按时），延期的按本单位的报送期限。"
        f"按第一次收到的报送表判断，退回后改正再报的不算迟报。{ARRIVALS}"
        f"{excused}"
    )


def excused_words(summary: Summary) -> str:
    """“免报 2 个单位：甲街道（机构撤销，王主任同意）、乙局。” or nothing."""
    if not summary.excused:
        return ""
    named = "、".join(
        f"{unit.name}（{unit.agreement.reason}）"
        if unit.agreement.reason
        else unit.name
        for unit in summary.excused
        if unit.agreement
    )
    return f"免报 {len(summary.excused)} 个单位：{named}。"


def _row(summary: Summary, unit: Unit) -> tuple[Content, ...]:
    known = summary.returned.get(unit.code)
    submission = summary.standing.get(unit.code)
    above = summary.roster.by_code.get(unit.parent)
    still = sum(f.is_open for f in submission.findings) if submission else None
    return (
        unit.code,
        unit.name,
        unit.type or UNKNOWN,
        above.name if above else None,
        summary.state(unit).word,
        said(known.first) if known else None,
        said(known.received) if known else None,
        timeliness(summary, unit),
        summary.days_late(unit) or None,
        known.version if known else 0,
        still,
        detail_link(summary, unit.code),
        _deadline(summary, unit),
        _published(summary, unit),
        came(summary.letter_kinds.get(unit.code, ())).zh or None,
        *_levels(summary, unit),
    )


def _levels(summary: Summary, unit: Unit) -> tuple[int, ...]:
    own = summary.covers.get(unit.code)
    return (own.due, own.counted) if summary.is_through_levels and own else ()


def _published(summary: Summary, unit: Unit) -> str | None:
    known = summary.publications.get(unit.code)
    return known.day.isoformat() if known else None


def _deadline(summary: Summary, unit: Unit) -> str | None:
    deadline = summary.campaign.deadline_of(unit)
    return deadline.isoformat() if deadline else None


def said(when: datetime | None) -> str | None:
    """``2026-01-14 09:00``."""
    return when.strftime("%Y-%m-%d %H:%M") if when else None
