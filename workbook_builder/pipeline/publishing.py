"""``published``: who published its report where and when, and whether it is what counts.

Nothing is fetched: the clerk says the address, and saves the page where it is to be
compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbook_builder.campaign.files import unopened, write_keeping
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.publications import (
    as_event,
    listed,
    proved,
    publications,
)
from workbook_builder.campaign.record import now, today
from workbook_builder.campaign.roster import find_unit
from workbook_builder.formats.sheet_rows import read_rows
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.publication import (
    Duty,
    Publication,
    PublicationCount,
    duty,
)
from workbook_builder.model.standing import Standing
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline.comparing import Comparison, compare, held_against
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.published_reports import ReadReport, read_reports
from workbook_builder.pipeline.standing import Progressed, status
from workbook_builder.pipeline.surveying import survey
from workbook_builder.reading.unreadable import unreadable

PAGES = "published"
"""Where saved pages are kept in the campaign's folder, to be compared."""

Compared = Comparison | CampaignError
"""What a comparison came to, or why there is none."""


@dataclass(frozen=True, slots=True)
class NotedPublication:
    """What was recorded; ``publication`` is None where it was taken back. ``compared``
    is of the saved page, where one was given."""

    unit: Unit
    publication: Publication | None
    compared: Compared | None = None


@dataclass(frozen=True)
class Publications:
    """Who published what. ``pages`` is by unit code, of those whose page is saved;
    ``unknown`` are saved pages that tell no unit of the roster."""

    progressed: Progressed
    duty: Duty
    pages: Mapping[str, Compared]
    unknown: tuple[str, ...]

    @property
    def due(self) -> tuple[Standing, ...]:
        """The units that have to publish, in the order of the roster."""
        return tuple(each for each in self.progressed.standings if each.due)

    @property
    def count(self) -> PublicationCount:
        return self.duty.count(each.publication for each in self.due)


def publish(
    folder: Folder, unit: str, url: str, day: date, page: Path | None = None
) -> NotedPublication:
    """Records where and when a unit (a code or a name) published its report. ``page`` is
    the page as it was saved: it is kept, and compared with the return that counts.

    Raises CampaignError where address or day cannot be right.
    """
    _duty(folder)
    found = find_unit(folder.roster(), unit)
    known = proved(url, day, folder.campaign().period, today())
    kept = _keep(folder, found, page) if page else None
    with folder.record() as record:
        record.append(as_event(found.code, known, now()))
    if kept is None:
        return NotedPublication(found, known)
    try:
        return NotedPublication(found, known, compare(folder, found.code, kept))
    except CampaignError as error:
        return NotedPublication(found, known, error)


def publish_list(folder: Folder, file: Path) -> tuple[NotedPublication, ...]:
    """Records what a table says, all of it or nothing; what is known already is not
    recorded again. Raises CampaignError with every row that cannot be right."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise unopened(file, error) from None
    return publish_table(folder, data, file.name)


def publish_table(
    folder: Folder, data: bytes, name: str
) -> tuple[NotedPublication, ...]:
    """The same from the bytes of a table; ``name`` is what it is called."""
    _duty(folder)
    try:
        rows = read_rows(data)
    except UnreadableFile as error:
        said = unreadable(error).message
        raise CampaignError(f"“{name}”：{said.zh}", f"{name}: {said.en}") from None
    roster = folder.roster()
    found = listed(rows, name, roster, folder.campaign().period, today())
    known = publications(folder.history())
    new = {code: each for code, each in found.items() if known.get(code) != each}
    with folder.record() as record:
        record.append(*(as_event(code, each, now()) for code, each in new.items()))
    return tuple(
        NotedPublication(roster.by_code[code], each) for code, each in new.items()
    )


def unpublish(folder: Folder, unit: str) -> NotedPublication:
    """Takes back what was recorded of a unit. Raises CampaignError where nothing was."""
    found = find_unit(folder.roster(), unit)
    if found.code not in publications(folder.history()):
        raise CampaignError(
            f"{found.name}（{found.code}）没有登记过公布，不用撤回。",
            f"Nothing was noted as published of {found.name} ({found.code}).",
        )
    with folder.record() as record:
        record.append(as_event(found.code, None, now()))
    return NotedPublication(found, None)


def list_publications(folder: Folder, progress: Progress = silent) -> Publications:
    """Where publishing stands today; saved pages are compared with what counts now."""
    held_to, found = _duty(folder), status(folder, progress)
    pages, unknown = _compared(folder)
    return Publications(found, held_to, pages, unknown)


def _duty(folder: Folder) -> Duty:
    form = folder.form()
    found = duty(form, folder.campaign())
    if found is None:
        raise CampaignError(
            f"“{form.title}”不出报告，没有要登记的公布。",
            f"{form.id} makes no report: there is nothing to publish.",
        )
    return found


def _keep(folder: Folder, unit: Unit, page: Path) -> Path:
    name = workbook_name(folder.campaign(), folder.form(), unit)
    kept = folder.path / PAGES / Path(name).with_suffix(page.suffix.lower()).name
    try:
        write_keeping(kept, page.read_bytes())
    except OSError as error:
        raise unopened(page, error) from None
    return kept


def _compared(folder: Folder) -> tuple[dict[str, Compared], tuple[str, ...]]:
    kept = folder.path / PAGES
    # Not what a browser saves beside a page, nor older versions.
    files = sorted(p for p in kept.iterdir() if p.is_file()) if kept.is_dir() else []
    if not files:
        return {}, ()
    expected = folder.expected()
    summary, _ = survey(folder, expected, folder.history())
    found: dict[str, Compared] = {}
    unknown = []
    for read in read_reports(files, [expected.form]):
        unit = _whose(expected.roster, read)
        if unit is None:
            unknown.append(Path(read.path).name)
            continue
        try:
            found[unit.code] = held_against(expected, summary, unit, read)
        except CampaignError as error:
            found[unit.code] = error
    return found, tuple(unknown)


def _whose(roster: Roster, read: ReadReport) -> Unit | None:
    """By the code that the file's name begins with, else by the name in print."""
    code = Path(read.path).name.partition("_")[0]
    named = [unit for unit in roster.units if unit.name == read.report.unit]
    return roster.by_code.get(code) or (named[0] if len(named) == 1 else None)
