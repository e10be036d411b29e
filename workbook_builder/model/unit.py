"""Units and the roster: the tree of who reports to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from workbook_builder.model.agreement import Agreement
from workbook_builder.model.errors import RosterError
from workbook_builder.model.names import Names
from workbook_builder.model.text import Text


class UnitChange(StrEnum):
    """变动 since the period before. ``GONE``: there is no such unit any more."""

    MERGED = "并入"
    RENAMED = "更名"
    NEW = "新设"
    GONE = "撤销"


@dataclass(frozen=True, slots=True)
class Unit:
    """单位: a reporting body. ``parent`` is the code of the unit above, or empty.

    ``reports`` says whether a return is expected of it; None means that the
    tree decides: a unit without subordinates reports, one with them adds up. ``agreement``
    is what was agreed with it about its deadline.
    """

    code: str
    name: str
    parent: str = ""
    type: str = ""
    contact: str = ""
    emails: tuple[str, ...] = ()
    phone: str = ""
    reports: bool | None = None
    change: UnitChange | None = None
    former: tuple[str, ...] = ()
    """Codes of the units it was before: merged into it, or its own of that time."""
    agreement: Agreement | None = None

    @property
    def is_excused(self) -> bool:
        """免报: no return is due from it this time."""
        return self.agreement is not None and self.agreement.until is None


def office_phone(phone: str) -> str:
    """What the public may be given: nothing for a clerk's mobile telephone, 11 digits
    that begin with 13 to 19."""
    digits = re.sub(r"[\s()（）+-]", "", phone).removeprefix("86")
    return "" if re.fullmatch(r"1[3-9][0-9]{9}", digits) else phone


@dataclass(frozen=True)
class Roster:
    """单位名录. Proves on construction that it is a forest of unique codes."""

    units: tuple[Unit, ...]
    source: str = "roster"
    rows: tuple[int, ...] = field(default=(), compare=False)
    """Row number of each unit in the file it came from, for messages."""
    gone: tuple[Unit, ...] = ()
    """Those that the roster lists as closed; they are no units of it."""

    def __post_init__(self) -> None:
        problems = tuple(self._problems())
        if problems:
            raise RosterError(self.source, problems)

    @cached_property
    def by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def names(self) -> Names[Unit]:
        """The units by what they are called."""
        return Names(self.units)

    @cached_property
    def successors(self) -> dict[str, Unit]:
        """Former code → the unit it is now."""
        return {
            code: unit
            for unit in self.units
            for code in unit.former
            if code not in self.by_code
        }

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

    @cached_property
    def in_tree_order(self) -> tuple[Unit, ...]:
        """Each unit followed by all below it, in the order of the roster otherwise.

        So whatever belongs to one unit stands together.
        """
        return tuple(
            unit for root in self.roots for unit in (root, *self.below(root.code))
        )

    def below(self, code: str) -> Iterator[Unit]:
        """All units below one, each followed by those below it."""
        waiting = list(reversed(self.children.get(code, ())))
        while waiting:
            unit = waiting.pop()
            yield unit
            waiting.extend(reversed(self.children.get(unit.code, ())))

    @property
    def reporting(self) -> tuple[Unit, ...]:
        """The units a return is expected of, in the order of the roster."""
        return tuple(unit for unit in self.units if self.is_reporting(unit))

    def is_reporting(self, unit: Unit) -> bool:
        if unit.is_excused:
            return False
        if unit.reports is not None:
            return unit.reports
        return unit.code not in self.children

    def above(self, code: str) -> Iterator[str]:
        """The code itself, its parent, and so on up to the root."""
        while code:
            yield code
            code = self.by_code[code].parent

    def where(self, index: int) -> str:
        """“第3行”: the row of the file a unit stands in."""
        number = self.rows[index] if index < len(self.rows) else index + 1
        return f"第{number}行"

    def _problems(self) -> Iterator[Text]:
        if not self.units:
            yield Text("名录里没有单位，请至少填一行。", "The roster lists no unit.")
        seen: dict[str, str] = {}
        for index, unit in enumerate(self.units):
            where = self.where(index)
            if not unit.code or not unit.name:
                yield Text(
                    f"{where}：缺单位代码或单位名称，请补上。",
                    f"{where}: code or name is missing; fill it in.",
                )
            elif unit.code in seen:
                yield Text(
                    f"{where}：单位代码“{unit.code}”与{seen[unit.code]}重复，"
                    "请改为不同的代码。",
                    f"{where}: code {unit.code} is already used in "
                    f"{seen[unit.code]}; give each unit its own.",
                )
            seen.setdefault(unit.code, where)
        yield from self._misplaced(seen.keys())

    def _misplaced(self, codes: Set[str]) -> Iterator[Text]:
        above = {unit.code: unit.parent for unit in self.units}
        for index, unit in enumerate(self.units):
            where = self.where(index)
            if unit.parent and unit.parent not in codes:
                yield Text(
                    f"{where}：上级代码“{unit.parent}”不在名录里，"
                    "请改正，或补上该单位。",
                    f"{where}: parent {unit.parent} is not on the roster; "
                    "correct it or add that unit.",
                )
            elif _leads_back(unit.code, above):
                yield Text(
                    f"{where}：“{unit.code}”的上级绕回到它自己，请改正上级代码。",
                    f"{where}: the parents of {unit.code} lead back to itself; "
                    "correct the parent code.",
                )


def _leads_back(start: str, above: Mapping[str, str]) -> bool:
    code, passed = above[start], {start}
    while code and code not in passed:
        passed.add(code)
        code = above.get(code, "")
    return bool(start) and code == start
