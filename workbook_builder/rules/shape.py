"""What became of the roster as a tree, to be looked at before anything is built. Pure."""

from __future__ import annotations

from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit

#: How many units above others are named, and how many of any kind in a line.
NAMED, LISTED = 12, 4


def shape(roster: Roster) -> tuple[Text, ...]:
    """A line for the whole, one for each unit above others, one for what changed."""
    above = [unit for unit in roster.in_tree_order if unit.code in roster.children]
    lines = [
        Text(
            f"名录读取结果：{len(roster.units)} 个单位，{len(roster.reporting)} 个填报；"
            f"最上级：{_named(roster.roots)[0]}。",
            f"The roster: {len(roster.units)} units, {len(roster.reporting)} report; at "
            f"the top: {_named(roster.roots)[1]}.",
        )
    ]
    lines += [_branch(roster, unit) for unit in above[:NAMED]]
    if len(above) > NAMED:
        more = len(above) - NAMED
        lines.append(
            Text(
                f"另有 {more} 个有下级的单位。", f"{more} more units have others below."
            )
        )
    changed = [unit for unit in roster.units if unit.change] + list(roster.gone)
    if changed:
        said = "、".join(f"{unit.name}（{_change(unit)}）" for unit in changed)
        codes = ", ".join(f"{unit.code} {unit.change}" for unit in changed)
        lines.append(Text(f"变动：{said}。", f"Changes: {codes}."))
    return tuple(lines)


def _branch(roster: Roster, unit: Unit) -> Text:
    depth = sum(1 for _ in roster.above(unit.code)) - 1
    below, own = roster.children[unit.code], roster.is_reporting(unit)
    names, codes = _named(below)
    return Text(
        f"{'　' * depth}{unit.name}：{'自己填报，' if own else ''}下面 {len(below)} 个："
        f"{names}",
        f"{'  ' * depth}{unit.code}: {'reports itself, ' if own else ''}{len(below)} "
        f"below: {codes}",
    )


def _change(unit: Unit) -> str:
    former = f"，原 {'、'.join(unit.former)}" if unit.former else ""
    return f"{unit.change}{former}"


def _named(units: tuple[Unit, ...]) -> Text:
    first = units[:LISTED]
    more = f"等 {len(units)} 个" if len(units) > LISTED else ""
    return Text(
        "、".join(unit.name for unit in first) + more,
        ", ".join(unit.code for unit in first) + (" …" if more else ""),
    )
