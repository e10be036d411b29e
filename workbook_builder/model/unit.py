"""Units and the roster: the tree of who reports to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workbook_builder.model.errors import RosterError


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: a reporting body. ``parent`` is the code of the unit above, or empty.

    ``reports`` says whether a return is expected of it; None means that the
    tree decides: a unit without subordinates reports, one with them adds up.
    """

    code: str
    name: str
    parent: str = ""
    type: str = ""
    contact: str = ""
    emails: tuple[str, ...] = ()
    phone: str = ""
    reports: bool | None = None


@dataclass(frozen=True)
class Roster:
    """单位名录. Proves on construction that it is a forest of unique codes."""

    units: tuple[Unit, ...]
    source: str = "roster"
    rows: tuple[int, ...] = field(default=(), compare=False)
    """Row number of each unit in the file it came from, for messages."""

    def __post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise RosterError(self.source, problems)

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def children(self) -> dict[str, tuple[Unit, ...]]:
        """Code → the units directly below; codes without any are absent."""
        below: dict[str, list[Unit]] = {}
        for unit in self.units:
            if unit.parent:
                below.setdefault(unit.parent, []).append(unit)
        return {code: tuple(units) for code, units in below.items()}

    @property
    def roots(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if not unit.parent)

    @property
    def reporting(self) -> tuple[Unit, ...]:
        """The units a return is expected of, in the order of the roster."""
        return tuple(unit for unit in self.units if self.is_reporting(unit))

    def is_reporting(self, unit: Unit) -> bool:
        if unit.reports is not None:
            return unit.reports
        return unit.code not in self.children

    def above(self, code: str) -> Iterator[str]:
        """The code itself, its parent, and so on up to the root."""
        while code:
            yield code
            code = self.by_code[code].parent

    def _problems(self) -> Iterator[str]:
        if not self.units:
            yield "名录里没有单位。请至少填一行。 / The roster lists no unit."
        seen: dict[str, str] = {}
        for index, unit in enumerate(self.units):
            where = self._row(index)
            if not unit.code or not unit.name:
                yield (
                    f"{where}：缺单位代码或单位名称，请补上。"
                    f" / {where}: code or name is missing; fill it in."
                )
            elif unit.code in seen:
                yield (
                    f"{where}：单位代码“{unit.code}”与{seen[unit.code]}重复，"
                    f"请改为不同的代码。 / {where}: code {unit.code} is already "
                    f"used in {seen[unit.code]}; give each unit its own."
                )
            seen.setdefault(unit.code, where)
        for index, unit in enumerate(self.units):
            where = self._row(index)
            if unit.parent and unit.parent not in seen:
                yield (
                    f"{where}：上级代码“{unit.parent}”不在名录里，"
                    f"请改正或补上该单位。 / {where}: parent {unit.parent} is not "
                    f"on the roster; correct it or add that unit."
                )
            elif self._in_cycle(unit):
                yield (
                    f"{where}：“{unit.code}”的上级绕回到它自己，"
                    f"请改正上级代码。 / {where}: the parents of {unit.code} lead "
                    f"back to itself; correct the parent code."
                )

    def _in_cycle(self, unit: Unit) -> bool:
        above = {each.code: each.parent for each in self.units}
        code, steps = unit.parent, 0
        while code and steps <= len(above):
            if code == unit.code:
                return True
            code, steps = above.get(code, ""), steps + 1
        return False

    def _row(self, index: int) -> str:
        number = self.rows[index] if index < len(self.rows) else index + 1
        return f"第{number}行"
