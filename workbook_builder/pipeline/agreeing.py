"""``extend`` and ``excuse``: what was agreed with a unit about its deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workbook_builder.campaign.agreements import as_decision
from workbook_builder.campaign.decisions import decided
from workbook_builder.campaign.files import put_aside
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.record import now
from workbook_builder.campaign.roster import find_unit
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.period import day_words
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.deciding import one_line


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was recorded. ``unit`` is as it was before, with its former agreement.

    ``deadline`` is that of all others.
    """

    unit: Unit
    agreement: Agreement
    deadline: date | None


def extend(folder: Folder, unit: str, until: date, by: str, why: str) -> Agreed:
    """Gives a unit (a code or a name) more time, and records who agreed and why.

    Raises CampaignError where the day is no later than everybody's, or nothing is due
    from the unit.
    """
    deadline = folder.campaign().deadline
    if deadline is not None and until <= deadline:
        raise CampaignError(
            f"任务的截止日期是{day_words(deadline)}，延期要延到它以后，"
            f"现在是{day_words(until)}。请核对年月日。",
            f"The deadline is {deadline}; {until} is no later. Check the day.",
        )
    return _agree(folder, unit, Agreement(until, _named(by), one_line(why)))


def excuse(folder: Folder, unit: str, by: str, why: str) -> Agreed:
    """Records that a unit need return nothing this time, who agreed and why.

    Its workbook leaves the outbox, and is kept aside. Raises CampaignError where nothing
    is due from it anyway.
    """
    made = _agree(folder, unit, Agreement(None, _named(by), one_line(why)))
    name = workbook_name(folder.campaign(), folder.form(), made.unit)
    put_aside(folder.outbox / name)
    return made


def _agree(folder: Folder, said: str, agreement: Agreement) -> Agreed:
    campaign, roster = folder.campaign(), folder.roster()
    unit = find_unit(roster, said)
    if not (roster.is_reporting(unit) or unit.is_excused):
        raise CampaignError(
            f"{unit.name}（{unit.code}）本来就不用填报，不用记延期或免报。"
            "它自己也要填报的，请在名录的“是否填报”填“是”。",
            f"No return is due from {unit.name} ({unit.code}) anyway.",
        )
    with folder.record() as record:
        record.append(decided(as_decision(unit.code, agreement, now())))
    return Agreed(unit, agreement, campaign.deadline)


def _named(by: str) -> str:
    who = " ".join(by.split())
    if not who:
        raise CampaignError(
            "请用 --by 写明谁同意的，它会写进结果和通报。",
            "Say with --by who agreed to it.",
        )
    return who
