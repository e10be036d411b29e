"""What 汇总.xlsx and the data files are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.decision import Decided
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.outputs.punctual import Punctuality, punctuality
from workbook_builder.rules.added import added, completed
from workbook_builder.rules.compare import Comparison, compare
from workbook_builder.rules.tally import Node

MISSING = "未报"


@dataclass(frozen=True)
class Summary:
    """One campaign, read and added up.

    ``standing`` holds, for each unit that returned something, the file that counts
    for it, whatever its verdict; ``counted`` are those whose figures are added up.
    ``controls`` are units whose roll-up was only compared with what is below them.
    ``last_year`` is by unit code, then cell id.
    """

    form: Form
    campaign: Campaign
    roster: Roster
    submissions: tuple[Submission, ...]
    standing: Mapping[str, Submission]
    counted: Mapping[str, Submission]
    nodes: Mapping[str, Node]
    controls: frozenset[str] = frozenset()
    decisions: tuple[Decided, ...] = ()
    last_year: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that report or did, each before those below it.

        Control totals are no returns and their units are not among them.
        """
        returned = self.standing.keys() - self.controls
        return tuple(
            unit
            for unit in self.roster.in_tree_order
            if self.roster.is_reporting(unit) or unit.code in returned
        )

    @cached_property
    def answering(self) -> tuple[Unit, ...]:
        """The units of which a file stands, control totals included."""
        units = self.roster.in_tree_order
        return tuple(unit for unit in units if unit.code in self.standing)

    @property
    def counts(self) -> Text:
        """“应报 12 个单位，已报 11 个，计入汇总 9 个；收到 14 个文件。”"""
        returned = sum(unit.code in self.standing for unit in self.units)
        due, added_up = len(self.units), len(self.counted)
        files = len(self.submissions)
        return Text(
            f"应报 {due} 个单位，已报 {returned} 个，计入汇总 {added_up} 个；"
            f"收到 {files} 个文件。",
            f"{returned} of {due} units returned, {added_up} added up; {files} files.",
        )

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Unit code → its place in ``units``, from 0."""
        return {unit.code: index for index, unit in enumerate(self.units)}

    @cached_property
    def file_rows(self) -> Mapping[int, int]:
        """``id`` of a submission → its place among all files, from 0."""
        return {id(each): at for at, each in enumerate(self.submissions)}

    @cached_property
    def finding_rows(self) -> Mapping[str, tuple[int, int]]:
        """Unit code → the place of its first finding among all those of files that
        stand, and how many of its findings are open."""
        found: dict[str, tuple[int, int]] = {}
        place = 0
        for unit in self.answering:
            findings = self.standing[unit.code].findings
            if findings:
                found[unit.code] = place, sum(each.is_open for each in findings)
            place += len(findings)
        return found

    @cached_property
    def branches(self) -> Mapping[str, tuple[int, int]]:
        """Unit code → first and last place in ``units`` of itself and all below it.

        Without any such unit the code is missing.
        """
        found: dict[str, tuple[int, int]] = {}
        for index, unit in enumerate(self.units):
            for code in self.roster.above(unit.code):
                found[code] = found.get(code, (index, index))[0], index
        return found

    @cached_property
    def totals(self) -> Mapping[str, Decimal]:
        """What the official tables say: cell id → figure, where there is one."""
        return added(self.form, (each.facts for each in self.counted.values()))

    def node_totals(self, code: str) -> Mapping[str, Decimal]:
        """What a unit and all below it sum up to."""
        return completed(self.form, self.nodes[code].totals)

    def before(self, unit: Unit, cell: str) -> Decimal | None:
        """The unit's figure of last year, where it is known."""
        return self.last_year.get(unit.code, {}).get(cell)

    @cached_property
    def has_last_year(self) -> bool:
        """Whether any unit's figures of last year are known."""
        return any(self.last_year.get(unit.code) for unit in self.units)

    @cached_property
    def comparison(self) -> Comparison:
        """This year beside last year, over the counted units that have both."""
        now = {
            unit.code: self.counted[unit.code].facts
            for unit in self.units
            if unit.code in self.counted
        }
        return compare(self.form, now, self.last_year)

    def state(self, unit: Unit) -> str:
        """Its verdict in Chinese, or 未报."""
        submission = self.standing.get(unit.code)
        return submission.verdict.text.zh if submission else MISSING

    def figure(self, unit: Unit, cell: str) -> Decimal | None:
        """What the unit adds to a cell; None where it holds no number."""
        submission = self.counted.get(unit.code)
        return submission.facts[cell].number if submission else None

    @cached_property
    def punctual(self) -> Mapping[str, Punctuality]:
        """Unit code → when its files came."""
        return punctuality(self.submissions, self.campaign.deadline)
