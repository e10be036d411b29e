"""What the office should look at before workbooks go out. Pure, and never a refusal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.period import day_words
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit

#: How many units a sentence names.
NAMED = 5


def precautions(known: Expected) -> tuple[Text, ...]:
    """One sentence for each thing that is odd about settings or roster."""
    return (
        *_sampled(known),
        *_late(known),
        *_idle(known),
        *_elsewhere(known),
        *_scattered(known.roster),
        *_namesakes(known.roster),
        *_without_past(known),
    )


def is_sample(roster: Roster, form: Form) -> bool:
    """Whether it is still the one that a new campaign begins with."""
    return {u.name for u in roster.units} <= {u.name for u in form.sample}


def _sampled(known: Expected) -> Iterator[Text]:
    if is_sample(known.roster, known.form):
        yield Text(
            "注意：名录还是新建任务时的样例，里面的单位都是虚构的。"
            "请换成本级的单位，再生成报送表。",
            "Note: the roster is still the sample of a new campaign; its units do not "
            "exist. Put your own in their place, then build.",
        )


def _late(known: Expected) -> Iterator[Text]:
    campaign, due = known.campaign, known.form.due
    if due is None:
        return
    deadline, latest = campaign.deadline, due.day(campaign.period)
    if deadline is not None and deadline > latest:
        yield Text(
            f"注意：截止日期{day_words(deadline)}晚于{day_words(latest)}"
            f"（{due.source}）。如需修改，请改 campaign.toml 里的 deadline，再运行"
            " workbook-builder build。",
            f"Note: the deadline {deadline} is after {latest} ({due.source}); to change "
            "it, edit deadline in campaign.toml, then run workbook-builder build.",
        )
        return
    units = known.roster.reporting
    late = [u for u in units if (campaign.deadline_of(u) or latest) > latest]
    if late:
        names, codes = _named(late)
        yield Text(
            f"注意：延期以后，期限晚于{day_words(latest)}（{due.source}）的单位："
            f"{names}。",
            f"Note: with more time than until {latest} ({due.source}): {codes}.",
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
        names, codes = _named(units)
        yield Text(
            f"注意：延期不晚于截止日期{day_words(deadline)}的没有作用：{names}。"
            "请改正或清空名录的“延期至”；用命令记的，用 decide … withdraw extend 撤回。",
            f"Note: these units were given no more time than until {deadline}, when all "
            f"are due: {codes}. Correct 延期至, or take "
            "it back with “decide … withdraw extend”.",
        )


def _elsewhere(known: Expected) -> Iterator[Text]:
    types = known.form.reported_elsewhere
    units = [unit for unit in known.roster.reporting if unit.type in types]
    if units:
        names, codes = _named(units)
        yield Text(
            f"注意：名录里有{'、'.join(types)}：{names}。这类单位一般由上级主管部门汇总，"
            "计入本级合计可能重复；无需在本级填报的，请在名录的“是否填报”填“否”。",
            f"Note: the roster has units that report elsewhere as a rule: "
            f"{codes}; counted here as well they may "
            "count twice.",
        )


def _scattered(roster: Roster) -> Iterator[Text]:
    """Units at the top that nothing is below, where others have a tree."""
    alone = [unit for unit in roster.roots if unit.code not in roster.children]
    if roster.children and alone:
        names, codes = _named(alone)
        yield Text(
            f"注意：{names}没有上级，下面也没有单位，它们的数不会加到别的单位里。"
            "应有上级的，请在名录里逐行写上上级代码（合并单元格可以，只写第一行不行）。",
            f"Note: {codes} have neither a unit above nor any below; if that is wrong, "
            "write the unit above in every row of the roster.",
        )


def _namesakes(roster: Roster) -> Iterator[Text]:
    named: dict[str, list[Unit]] = {}
    for unit in roster.units:
        named.setdefault("".join(unit.name.split()), []).append(unit)
    for name, units in named.items():
        if len(units) > 1:
            yield Text(
                f"注意：名录里有 {len(units)} 个单位都叫“{name}”（代码"
                f"{'、'.join(unit.code for unit in units)}）。是同一个单位的，请只留一行；"
                "确是不同单位的，请把名称写全，以免收表时认错。",
                f"Note: {len(units)} units are called {name} "
                f"({', '.join(unit.code for unit in units)}): keep one row if they are the "
                "same, or write the names in full.",
            )


def _without_past(known: Expected) -> Iterator[Text]:
    """Merged and renamed units of which figures of the period before are missing."""
    lacking = [
        unit
        for unit in known.roster.units
        if unit.former and not known.last_period.get(unit.code)
    ]
    if lacking and known.last_period:
        names, codes = _named(lacking)
        last = known.form.frequency.last_figures
        yield Text(
            f"注意：{names}由别的单位并入或者更名而来，{last}里没有原来各单位的数（或者不全），"
            "与上期的核对和比较不含它们。请核对名录的“原代码”。",
            f"Note: of {codes} the figures of the former units are not all known, so they "
            "are compared with nothing; see 原代码 on the roster.",
        )


def _named(units: Sequence[Unit]) -> Text:
    more = len(units) - NAMED
    return Text(
        "、".join(unit.name for unit in units[:NAMED])
        + (f"等 {len(units)} 个单位" if more > 0 else ""),
        ", ".join(unit.code for unit in units[:NAMED])
        + (f" and {more} more" if more > 0 else ""),
    )
