"""What was agreed with units about their deadlines: in the roster, and by command.

Columns of the roster and decisions in the record come to the same :class:`Agreement`; what
was said by command goes before what the roster says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from workbook_builder.model.agreement import Agreement
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.text import Text
from workbook_builder.model.times import day_of
from workbook_builder.model.unit import Roster
from workbook_builder.rules.grounds import basis


def agreement_in_row(
    cells: Mapping[str, str], row: int, yes: bool | None, problems: list[Text]
) -> Agreement | None:
    """What the columns of a roster's row say; ``yes`` is what 免报 says."""
    said, by, why = (cells.get(key, "") for key in ("until", "agreed_by", "agreed_why"))
    until = day_of(said) if said else None
    if said and until is None:
        problems.append(
            Text(
                f"第{row}行：“延期至”不是日期，现在是“{said}”。请写年月日，如 2026-02-10。",
                f"Row {row}: 延期至 takes a day such as 2026-02-10, not {said}.",
            )
        )
    if said and yes:
        problems.append(
            Text(
                f"第{row}行：既填了“延期至”，又填了“免报”，请只留一项。",
                f"Row {row}: 延期至 and 免报 exclude each other; keep one.",
            )
        )
    if not (said or yes) and (by or why):
        problems.append(
            Text(
                f"第{row}行：填了同意人或理由，没有填“延期至”或“免报”。请补上，或者清空。",
                f"Row {row}: who agreed and why stand there, but neither 延期至 nor 免报.",
            )
        )
    return Agreement(until, by, why) if until or yes else None


def as_decision(unit: str, agreement: Agreement, at: str) -> Decision:
    """The decision that an agreement is recorded as."""
    until = {"until": agreement.until.isoformat()} if agreement.until else {}
    grounds = {**until, "by": agreement.by}
    ruling = Ruling.EXTEND if agreement.until else Ruling.EXCUSE
    return Decision(unit, ruling, agreement.why, at, basis(grounds), grounds=grounds)


def with_agreements(roster: Roster, decided: Iterable[Decided]) -> Roster:
    """The roster with what was agreed by command."""
    agreements = {
        each.decision.unit: _agreement(each.decision)
        for each in decided
        if each.in_force and each.decision.ruling.is_about_deadlines
    }
    if not agreements:
        return roster
    units = (
        replace(u, agreement=agreements.get(u.code, u.agreement)) for u in roster.units
    )
    return replace(roster, units=tuple(units))


def _agreement(decision: Decision) -> Agreement:
    said = decision.grounds.get("until")
    until = date.fromisoformat(said) if said else None
    return Agreement(until, decision.grounds["by"], decision.why)
