"""What each unit returned, and when: the one answer for every sheet, page and mail."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.standing import Absence, Remembered, Return
from workbook_builder.model.submission import Submission
from workbook_builder.model.times import china_time
from workbook_builder.model.unit import Roster
from workbook_builder.rules.settle import Settled, control_totals


def returned(roster: Roster, settled: Settled, past: Remembered) -> dict[str, Return]:
    """By unit code, for the units that returned anything, in the order of the roster.

    A file that left the inbox stays a return: when it came, the record knows.
    """
    came = {code: dict(files) for code, files in past.returns.items()}
    for each in settled.submissions:
        if each.verdict.is_return:
            files = came.setdefault(each.unit_code, {})
            files[each.sha256] = min(each.came, files.get(each.sha256, each.came))
    controls = control_totals(roster, settled)
    return {
        unit.code: _return(
            settled.standing.get(unit.code), came[unit.code], unit.code in controls
        )
        for unit in roster.units
        if unit.code in settled.standing
        or (unit.code in came and roster.is_reporting(unit))
    }


def _return(
    standing: Submission | None, came: Mapping[str, float], control: bool
) -> Return:
    times = [when for when in map(china_time, came.values()) if when]
    first = min(times, default=None)
    if standing is None:
        return Return(Absence.GONE, "", "", max(times, default=None), first, len(came))
    received = china_time(standing.came)
    return Return(
        standing.verdict,
        standing.path,
        standing.sha256,
        # Of very many units the same time is in memory once.
        first if received == first else received,
        first,
        len(came),
        tuple(each.code for each in standing.findings if each.is_open),
        control,
    )
