"""What a campaign came to: every file with its verdict, and the sums of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.decision import Decided
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.later import at_once
from workbook_builder.model.letter import LetterKind
from workbook_builder.model.publication import Publication, PublicationCount, duty
from workbook_builder.model.stamp import Coverage, listed
from workbook_builder.model.standing import Absence, Count, Return, UnitState, count
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A unit with all below it: n of N units, and the totals of every cell.

    The counts are of the lowest level: a roll-up counts for the units it holds. They
    include the unit's own return where it makes one.
    """

    code: str
    returned: int
    accepted: int
    expected: int
    totals: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Outlier:
    """A unit whose change is out of line; ``usual`` is the usual factor, 1 for none."""

    unit: str
    this_year: Decimal
    last_period: Decimal
    usual: Decimal
    distance: Decimal
    """How many times further from the usual than is still in line; over 1."""


@dataclass(frozen=True)
class Summary:
    """One campaign, read and added up.

    ``standing`` holds, for each unit that returned something, the file that counts
    for it, whatever its verdict; ``counted`` are those whose figures are added up.
    ``controls`` are units whose roll-up was only compared with what is below them.
    ``last_period`` is by unit code, then cell id. ``totals`` is what the official tables
    say, ``node_totals`` the same for each unit with all below it; a cell nobody has a
    number for is missing. ``outliers`` are (cell, outlier), the furthest out of line
    first, of the counted units that have both periods. ``returned`` tells what
    each unit returned and when, also where no file of it is here any more. ``covers``
    tells of how many units of the lowest level the return of each is the sum, and
    ``publications`` what units published where.
    """

    form: Form
    campaign: Campaign
    roster: Roster
    submissions: tuple[Submission, ...]
    standing: Mapping[str, Submission]
    counted: Mapping[str, Submission]
    nodes: Mapping[str, TreeNode]
    totals: Mapping[str, Decimal]
    node_totals: Mapping[str, Mapping[str, Decimal]]
    outliers: tuple[tuple[str, Outlier], ...]
    returned: Mapping[str, Return]
    controls: frozenset[str] = frozenset()
    decisions: tuple[Decided, ...] = ()
    last_period: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    covers: Mapping[str, Coverage] = field(default_factory=dict)
    publications: Mapping[str, Publication] = field(default_factory=dict)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that report or did, each before those below it.

        Control totals are no returns and their units are not among them.
        """
        own = {code for code, each in self.returned.items() if not each.control}
        return tuple(
            unit
            for unit in self.roster.in_tree_order
            if self.roster.is_reporting(unit) or unit.code in own
        )

    @cached_property
    def excused(self) -> tuple[Unit, ...]:
        """The units that need return nothing this time, and did not."""
        units = self.roster.in_tree_order
        return tuple(u for u in units if u.is_excused and u.code not in self.position)

    @cached_property
    def answering(self) -> tuple[Unit, ...]:
        """The units of which a file stands, control totals included."""
        units = self.roster.in_tree_order
        return tuple(unit for unit in units if unit.code in self.standing)

    def report_of(self, unit: Unit) -> Submission | None:
        """The latest annual report that waits in the place of the unit's workbook."""
        return self._reports.get(unit.code)

    @cached_property
    def _reports(self) -> Mapping[str, Submission]:
        waiting = (
            each
            for each in self.submissions
            if each.verdict is Verdict.WAITING and each.is_report
        )
        return {e.unit_code: e for e in sorted(waiting, key=lambda each: each.order)}

    @cached_property
    def versions(self) -> Mapping[str, tuple[Submission, ...]]:
        """Unit code → its returns, those that were replaced among them, in the order of
        the files."""
        returns = (each for each in self.submissions if each.verdict.is_return)
        return _by_unit((each.unit_code, each) for each in returns)

    @cached_property
    def letters(self) -> Mapping[str, tuple[Submission, ...]]:
        """Unit code → its letters, in the order of the files; those of which nobody
        knows whose they are stand under the empty code."""
        return _by_unit((e.letter.unit, e) for e in self.submissions if e.letter)

    @cached_property
    def letter_kinds(self) -> Mapping[str, tuple[LetterKind, ...]]:
        """Unit code → what it sent that is no workbook, in the order of the files."""
        return {
            unit: tuple(each.letter.kind for each in some if each.letter)
            for unit, some in self.letters.items()
            if unit
        }

    def covered(self, units: Iterable[Unit]) -> Coverage:
        """Of some of ``units``, how many of the lowest level there are and are added up,
        through the roll-ups that say so; one that does not say is one unit."""
        due = counted = 0
        missing: list[str] = []
        for unit in units:
            own, here = self.covers[unit.code], unit.code in self.counted
            due += own.due
            counted += own.counted if here else 0
            if own.due and not here:
                missing.append(unit.name)
            elif not own.is_whole:
                missing.append(f"{unit.name}（{own.missing}）")
        return Coverage(due, counted, listed(missing))

    @property
    def coverage(self) -> Coverage:
        """Of the lowest level, how many units there are and are added up."""
        return self.covered(self.units)

    @cached_property
    def is_through_levels(self) -> bool:
        """Whether the return of any unit is the sum of others."""
        itself = Coverage(1, 1)
        return any(self.covers.get(u.code, itself) != itself for u in self.units)

    @property
    def counts(self) -> Text:
        """“应报 12 个单位，已报 11 个，计入汇总 9 个；收到 14 个文件。” and through all
        levels, where there are roll-ups."""
        known, added_up = self.count, len(self.counted)
        files, all_ = len(self.submissions), self.coverage
        said = Text(
            f"应报 {known.due} 个单位，已报 {known.returned} 个，计入汇总 {added_up} 个；"
            f"收到 {files} 个文件。",
            f"{known.returned} of {known.due} units returned, {added_up} added up; "
            f"{files} files.",
        )
        if (all_.due, all_.counted) == (known.due, added_up):
            return said
        return Text(
            f"{said.zh}逐级算到最基层，应报 {all_.due} 个单位，计入 {all_.counted} 个。",
            f"{said.en} Through all levels, {all_.counted} of {all_.due} units are added "
            "up.",
        )

    @property
    def count(self) -> Count:
        """应报, 已报, 通过, 按时."""
        return count((self.state(unit), self.days_late(unit)) for unit in self.units)

    @property
    def publication_count(self) -> PublicationCount | None:
        """应公布, 已公布, 按时公布; None where reports are not published, or none is yet."""
        held_to = duty(self.form, self.campaign)
        if held_to is None or not self.publications:
            return None
        return held_to.count(self.publications.get(unit.code) for unit in self.units)

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
        """Code of a unit with others below it → first and last place in ``units`` of
        itself and all below it.

        Without any such unit the code is missing.
        """
        found: dict[str, tuple[int, int]] = {}
        for index, unit in enumerate(self.units):
            for code in self.roster.above(unit.code):
                if code in self.roster.children:
                    found[code] = found.get(code, (index, index))[0], index
        return found

    @property
    def published(self) -> Mapping[str, Decimal]:
        """What the one unit at the top reported last year, whoever was below it then."""
        roots = self.roster.roots
        return self.last_period.get(roots[0].code, {}) if len(roots) == 1 else {}

    @cached_property
    def has_last_period(self) -> bool:
        """Whether any unit's figures of last year are known."""
        return any(self.last_period.get(unit.code) for unit in self.units)

    def state(self, unit: Unit) -> UnitState:
        """The verdict on the file that stands for it, or that there is none, or need be
        none."""
        known = self.returned.get(unit.code)
        if known is not None:
            return known.state
        return Absence.EXCUSED if unit.is_excused else Absence.MISSING

    def days_late(self, unit: Unit) -> int | None:
        """Of its first return; None where that cannot be told, or nothing came."""
        known = self.returned.get(unit.code)
        return known.days_late(self.campaign.deadline_of(unit)) if known else None

    @property
    def possible_states(self) -> tuple[UnitState, ...]:
        """What a unit can be in, in the order shown."""
        stand = (each for each in Verdict if each.can_stand)
        gone = (Absence.GONE,) if Absence.GONE in self.states else ()
        return (*stand, Absence.MISSING, *gone)

    @cached_property
    def states(self) -> tuple[UnitState, ...]:
        """The state of each of ``units``."""
        return tuple(self.state(unit) for unit in self.units)

    @cached_property
    def switches(self) -> tuple[int, ...]:
        """Of each of ``units``, 1 where its figures are added up, else 0."""
        return tuple(int(unit.code in self.counted) for unit in self.units)

    @cached_property
    def figures(self) -> Mapping[str, tuple[Decimal | None, ...]]:
        """Cell id → what each of ``units`` adds to it; None where that is no number."""
        cells = tuple(self.form.cells)
        nothing = (None,) * len(cells)
        rows = [
            tuple(
                map(attrgetter("number"), map(at_once(each.facts).__getitem__, cells))
            )
            if (each := self.counted.get(unit.code)) is not None
            else nothing
            for unit in self.units
        ]
        return dict(
            zip(
                cells,
                zip(*rows, strict=True) if rows else ((),) * len(cells),
                strict=True,
            )
        )

    @cached_property
    def figures_before(self) -> Mapping[str, tuple[Decimal | None, ...]]:
        """Cell id → the figure of last year of each of ``units``, where it is known."""
        known = [self.last_period.get(unit.code, {}) for unit in self.units]
        return {
            cell: tuple(each.get(cell) for each in known) for cell in self.form.cells
        }


def _by_unit(
    files: Iterable[tuple[str, Submission]],
) -> Mapping[str, tuple[Submission, ...]]:
    found: dict[str, list[Submission]] = {}
    for unit, each in files:
        found.setdefault(unit, []).append(each)
    return {unit: tuple(some) for unit, some in found.items()}
