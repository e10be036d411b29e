"""What the office should look at before workbooks go out. Pure, and never a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from workbook_builder.model.expected import Expected
from workbook_builder.model.period import day_words
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit

#: How many units a sentence names.
NAMED = 5


def precautions(known: Expected) -> tuple[Text, ...]:
    """One sentence for each thing that is odd about settings or roster."""
    return (*_late(known), *_idle(known), *_elsewhere(known))


def _late(known: Expected) -> Iterator[Text]:
    deadline, due = known.campaign.deadline, known.form.due
    if deadline is None or due is None:
        return
    latest = known.campaign.period.last_day + timedelta(days=due.days)
    if deadline > latest:
        yield Text(
            f"注意：截止日期{day_words(deadline)}晚于{day_words(latest)}"
            f"（{due.source}）。如需修改，请改 campaign.toml 里的 deadline，再运行 build。",
            f"Note: the deadline {deadline} is after {latest} ({due.source}); to change "
            "it, edit campaign.toml and build again.",
        )


def _idle(known: Expected) -> Iterator[Text]:
    """More time that gives none; as a rule it is of the period before."""
    deadline = known.campaign.deadline
    units = [
        unit
        for unit in known.roster.reporting
        if unit.agreement and not known.campaign.is_extended(unit)
    ]
    if units and deadline is not None:
        yield Text(
            f"注意：名录里“延期至”不晚于截止日期{day_words(deadline)}的没有作用："
            f"{_named(units)}。请改正，或者清空。",
            f"Note: these units were given no more time than until {deadline}, when all "
            f"are due: {', '.join(unit.code for unit in units)}.",
        )


def _named(units: Sequence[Unit]) -> str:
    names = "、".join(unit.name for unit in units[:NAMED])
    return f"{names}等 {len(units)} 个单位" if len(units) > NAMED else names


def _elsewhere(known: Expected) -> Iterator[Text]:
    types = known.form.reported_elsewhere
    units = [unit for unit in known.roster.reporting if unit.type in types]
    if units:
        yield Text(
            f"注意：名录里有{'、'.join(types)}：{_named(units)}。这类单位一般由上级主管部门汇总，"
            "计入本级合计可能重复；无需在本级填报的，请在名录的“是否填报”填“否”。",
            f"Note: the roster has units that report elsewhere as a rule: "
            f"{', '.join(unit.code for unit in units)}; counted here as well they may "
            "count twice.",
        )
