"""名录: the tree of units as it is, another file in its place, or rows mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder, roster_files
from workbook_builder.campaign.roster import HEADERS, roster_from_rows
from workbook_builder.campaign.roster_book import roster_book, roster_rows
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.jobs import Notice
from workbook_builder.model.errors import CampaignError, WorkbookBuilderError
from workbook_builder.model.text import Text, Tone
from workbook_builder.model.unit import Roster, Unit, UnitChange
from workbook_builder.pipeline import Progress
from workbook_builder.rules.precautions import is_sample
from workbook_builder.workbook.write import write

#: What may become of a unit between two periods.
_CHANGES = tuple(change.value for change in UnitChange)
#: Empty rows at the end of the table, for new units.
SPARE = 5


def show(asked: Asked) -> Answer:
    """The tree, and every unit to be mended; where the file is no roster, why."""
    folder = asked.folder
    trouble, roster = "", None
    try:
        roster = folder.listed()
    except WorkbookBuilderError as error:
        trouble = asked.of(error.text)
    files = roster_files(folder.path)
    return asked.page(
        "roster.html",
        "roster",
        trouble=trouble,
        roster=roster,
        sample=roster is not None and is_sample(roster, folder.form()),
        file=files[0].name if files else "",
        tree=list(_tree(roster)) if roster else [],
        heads={name: names[0] for name, names in HEADERS.items()},
        rows=roster_rows(roster) if roster else [],
        spare=SPARE,
        choices=_choices(folder),
        seen=pipeline.roster_seen(folder),
    )


def _tree(roster: Roster) -> Iterator[tuple[int, Unit, bool]]:
    """Each unit, how deep it stands, and whether a return is expected of it."""
    for unit in roster.in_tree_order:
        depth = sum(1 for _ in roster.above(unit.code)) - 1
        yield depth, unit, roster.is_reporting(unit)


def _choices(folder: Folder) -> dict[str, tuple[str, ...]]:
    """Column → what may stand in it, where that is a list."""
    types = folder.form().unit_types
    known = {"reports": ("是", "否"), "excused": ("是",), "change": _CHANGES}
    return {**known, "type": types} if types else known


def save(asked: Asked) -> Answer:
    """The roster as it stands in the table of the page."""
    folder = asked.folder
    columns = [list(asked.posted.get(name, ())) for name in HEADERS]
    if len({len(column) for column in columns}) != 1:
        raise CampaignError(
            "名录没有传完整，没有保存。请刷新页面再试。",
            "The roster did not come whole and was not saved. Reload and try again.",
        )
    rows = [[cell.strip() for cell in row] for row in zip(*columns, strict=True)]

    def work(progress: Progress) -> Sequence[Notice]:
        heads = [names[0] for names in HEADERS.values()]
        roster = roster_from_rows([heads, *rows], asked.t("名录", "Roster"))
        data = write(roster_book(roster, folder.form()))
        return [
            _taken(
                pipeline.change_roster(folder, data, "roster.xlsx", asked.said("seen"))
            )
        ]

    return asked.do(Text("保存名录", "Saving the roster"), work, asked.url("roster"))


def take(asked: Asked, data: bytes) -> object:
    """Another file in place of the roster; for the script of the page."""
    folder: Folder = asked.folder
    name = asked.query.get("name", "")
    roster = pipeline.change_roster(folder, data, name)
    return {"text": asked.of(_taken(roster).text)}


def _taken(roster: Roster) -> Notice:
    return Notice(
        Text(
            f"名录已保存：{len(roster.units)} 个单位，其中 {len(roster.reporting)} 个填报。"
            "以前的名录在“以前的版本”里。",
            f"Saved: {len(roster.units)} units, {len(roster.reporting)} of them report. "
            "The roster before was put aside.",
        ),
        Tone.GOOD,
    )
