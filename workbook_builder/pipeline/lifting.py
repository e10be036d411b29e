"""``lift``: what a clerk typed, moved into a fresh workbook of the current edition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbook_builder.campaign.folder import SETTINGS, Folder, defined_form
from workbook_builder.definition.load import editions, load_form
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Cell, Form
from workbook_builder.model.grid import RawBook
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.unit import Unit
from workbook_builder.reading.identify import recognise, whose
from workbook_builder.reading.read import (
    WANTED,
    read_answers,
    read_older_edition,
    read_stamp,
)
from workbook_builder.reading.strays import Stray, strays
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.workbook.build import book as plan
from workbook_builder.workbook.build import build_workbook, put_back
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.plan import Formula


@dataclass(frozen=True)
class Lifted:
    """The fresh workbook, and what became of the old one's content.

    ``lost`` are inputs whose place in the old file nobody can tell, ``strays`` what
    stands there without a place in the form. ``signed`` is False where no campaign
    folder was at hand: such a workbook is noticed when it comes back.
    """

    data: bytes
    form: Form
    unit: Unit
    answers: Answers
    lost: tuple[Cell, ...]
    strays: tuple[Stray, ...]
    findings: tuple[Finding, ...]
    signed: bool


def lift(file: Path, folder: Folder | None = None, unit_code: str = "") -> Lifted:
    """Moves numbers, texts and explanations into a fresh workbook.

    Without ``folder`` the campaign whose folder the file lies in is taken. Raises
    CampaignError where nobody can tell the form, the unit or the period.
    """
    folder = folder or _around(file)
    grid = _read(file)
    stamp = read_stamp(grid)
    form = _form(stamp, grid)
    unit, campaign = _target(file, grid, stamp, form, folder, unit_code)
    reading = read_answers(form, grid)
    last_period = folder.last_period().get(unit.code) if folder else None
    answers = put_back(reading.answers)
    data = build_workbook(
        form,
        unit,
        campaign,
        answers,
        last_period=last_period or reading.last_period,
        kind=stamp.kind if stamp else "return",
    )
    return Lifted(
        data,
        form,
        unit,
        answers,
        tuple(cell for cell in form.inputs if cell.id in reading.unread),
        strays(form, grid, _own_words(Job(form, unit, campaign))),
        reading.findings,
        signed=folder is not None,
    )


def _around(file: Path) -> Folder | None:
    """The campaign folder a file lies in, if it does."""
    for parent in file.resolve().parents:
        if (parent / SETTINGS).is_file():
            return Folder(parent)
    return None


def _read(file: Path) -> RawBook:
    try:
        return read_grid(file.read_bytes(), WANTED)
    except UnreadableFile as error:
        finding = unreadable(error)
        raise CampaignError(
            f"“{file}”无法读取。{finding.message.zh}{finding.desk.zh}",
            f"{file}: {finding.message.en} {finding.desk.en}",
        ) from None
    except OSError as error:
        raise CampaignError(
            f"“{file}”打不开（{error.strerror}）。请核对文件名，并关闭正在使用它的程序。",
            f"Cannot open {file}: {error.strerror}. Check the name; close it elsewhere.",
        ) from None


def _form(stamp: Stamp | None, grid: RawBook) -> Form:
    """The current edition of the form that the workbook is of."""
    if stamp is not None:
        return defined_form(stamp.form)
    forms = [load_form(name, edition) for name, edition in editions()]
    found = recognise(forms, grid) or next(
        (form for form in forms if read_older_edition(form, grid)), None
    )
    if found is None:
        raise CampaignError(
            "文件里既没有标识，也没有报表的文字，看不出是哪种报表，没有内容可移。",
            "The file carries neither a stamp nor a form's labels: nothing to lift.",
        )
    return defined_form(found.id)


def _target(
    file: Path,
    grid: RawBook,
    stamp: Stamp | None,
    form: Form,
    folder: Folder | None,
    unit_code: str,
) -> tuple[Unit, Campaign]:
    """The unit and the campaign the fresh workbook is for."""
    if folder is None:
        return _as_stamped(stamp, form)
    campaign, roster = folder.campaign(), folder.roster()
    code, period = unit_code, stamp.period if stamp else None
    if not code and stamp is not None:
        code = stamp.unit_code
    elif not code:
        found = whose(grid, file.name, (), roster)
        code, period = (found.unit.code, found.period) if found else ("", None)
    if period is not None and period != campaign.period:
        raise CampaignError(
            f"这份表是{period.full_words}的，“{folder.path}”的任务是{campaign.period.full_words}，不能移过去。",
            f"This workbook is for {period}, the campaign in {folder.path} for "
            f"{campaign.period}.",
        )
    if code not in roster.by_code:
        raise CampaignError(
            f"看不出是名录里哪个单位的表（{code or '没有标识'}）。请用 --unit 写明单位代码。",
            f"Not a unit of the roster: {code or 'no stamp'}. Name it with --unit.",
        )
    return roster.by_code[code], campaign


def _as_stamped(stamp: Stamp | None, form: Form) -> tuple[Unit, Campaign]:
    if stamp is None:
        raise CampaignError(
            "文件里没有标识。请用 --campaign 指明任务文件夹，用 --unit 写明单位代码。",
            "The file carries no stamp. Name the folder with --campaign and the unit "
            "with --unit.",
        )
    unit = Unit(stamp.unit_code, stamp.unit_name, type=stamp.unit_type)
    return unit, Campaign(
        stamp.campaign, form.id, form.edition, stamp.period, "主管部门"
    )


def _own_words(job: Job) -> frozenset[str]:
    """Everything a blank workbook says."""
    contents = (
        item.content.result if isinstance(item.content, Formula) else item.content
        for sheet in plan(job).sheets
        for item in sheet.items
    )
    return frozenset(text for text in contents if isinstance(text, str))
