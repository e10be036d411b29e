"""``lift``: what a clerk typed, moved into a fresh workbook."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbook_builder.campaign.files import unopened
from workbook_builder.campaign.folder import Folder, around
from workbook_builder.definition.registry import Forms
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Cell, Form
from workbook_builder.model.grid import RawBook
from workbook_builder.model.layout import Layout
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.unit import Unit
from workbook_builder.reading.apart import read_apart
from workbook_builder.reading.identify import recognise, whose
from workbook_builder.reading.locate import fitting
from workbook_builder.reading.read import (
    WANTED,
    read_answers,
    read_stamp,
)
from workbook_builder.reading.strays import Stray, strays
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.workbook.build import book as plan
from workbook_builder.workbook.build import build_workbook, put_back
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import layout_of, place
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

    @property
    def moved(self) -> tuple[int, int, int, int]:
        """How many cells of the tables, texts, lines of the head and the signature, and
        explanations."""
        said = self.answers
        return (
            sum(value.shown is not None for value in said.values.values()),
            len(said.texts),
            len(said.fields),
            len(said.explanations),
        )


def lift(
    file: Path,
    folder: Folder | None = None,
    unit_code: str = "",
    stamped: Period | None = None,
) -> Lifted:
    """Moves numbers, texts and explanations into a fresh workbook.

    It is one of the edition that the campaign asks for, whatever edition the file is
    of. Without ``folder`` the campaign whose folder the file lies in is taken.
    ``stamped`` is another period that the file says it is of, where somebody knows that
    this period's figures were typed into that period's workbook; what it says of the
    period before it is left behind. Raises CampaignError where nobody can tell the
    form, the unit or the period.
    """
    folder = folder or around(file)
    grid = _read(file)
    stamp = read_stamp(grid)
    source, form = _forms(stamp, grid, folder)
    unit, campaign = _target(file, grid, stamp, form, folder, unit_code, stamped)
    layout = layout_of(source, stamp.layout) if stamp else fitting(source, grid)
    reading = read_answers(source, layout, grid, stamp.period if stamp else None)
    last_period = folder.last_period().get(unit.code) if folder else None
    answers, without = carried_over(put_back(reading.answers), source, layout, form)
    data = build_workbook(
        form,
        unit,
        campaign,
        answers,
        last_period=last_period or ({} if stamped else reading.last_period),
        kind=stamp.kind if stamp else "return",
    )
    return Lifted(
        data,
        form,
        unit,
        answers,
        tuple(cell for cell in source.inputs if cell.id in reading.unread),
        (
            *without,
            *strays(source, layout, grid, _own_words(Job(source, unit, campaign))),
        ),
        reading.findings,
        signed=folder is not None,
    )


def _read(file: Path) -> RawBook:
    try:
        return read_apart(read_grid, file.read_bytes(), WANTED)
    except UnreadableFile as error:
        finding = unreadable(error)
        raise CampaignError(
            f"“{file}”无法读取。{finding.message.zh}{finding.desk.zh}",
            f"{file}: {finding.message.en} {finding.desk.en}",
        ) from None
    except OSError as error:
        raise unopened(file, error) from None


def _forms(
    stamp: Stamp | None, grid: RawBook, folder: Folder | None
) -> tuple[Form, Form]:
    """What the workbook is of, and what the fresh one is to be of."""
    forms = folder.forms if folder else Forms.shipped()
    if folder is None:
        source = forms.edition(*_named(stamp))
        return source, source
    wanted = folder.form()
    if stamp is not None:
        known = forms.get(stamp.form, stamp.edition)
    else:
        known = recognise(wanted, forms.all_of(wanted.id), grid)
    if known is None or known.id != wanted.id:
        raise CampaignError(
            f"看不出文件是“{wanted.title}”的报送表，没有内容可移。",
            f"The file is no workbook of “{wanted.id}”: nothing to lift.",
        )
    return known, wanted


def _named(stamp: Stamp | None) -> tuple[str, str]:
    if stamp is None:
        raise CampaignError(
            "文件里没有本程序写入的单位信息。"
            "请用 --campaign 指明任务文件夹，用 --unit 写明单位代码。",
            "The file carries no stamp. Name the folder with --campaign and the unit "
            "with --unit.",
        )
    return stamp.form, stamp.edition


def carried_over(
    answers: Answers, source: Form, layout: Layout, form: Form
) -> tuple[Answers, tuple[Stray, ...]]:
    """What of the answers another edition asks for as well, and what it does not.

    An id is permanent: what has the same one means the same.
    """
    if (source.id, source.edition) == (form.id, form.edition):
        return answers, ()
    new = place(form)
    inputs = {cell.id: cell.type for cell in form.inputs}
    values = {
        id_: value
        for id_, value in answers.values.items()
        if id_ in inputs and inputs[id_].unit == source.cells[id_].type.unit
    }
    declared = frozenset(t for t in answers.declared if _asks_no_more(t, source, form))
    kept = replace(
        answers,
        values=values,
        declared=declared,
        rest_zero=answers.rest_zero & declared,
        texts=_common(answers.texts, new.texts),
        fields=_common(answers.fields, new.fields),
        explanations=_common(answers.explanations, new.explanations),
    )
    places = {**layout.cells, **layout.texts, **layout.fields, **layout.explanations}
    if layout.reasons is not None:
        places |= dict.fromkeys(answers.explanations, layout.reasons)
    shown = {id_: value.shown or "" for id_, value in answers.values.items()}
    said = {**shown, **answers.texts, **answers.fields, **answers.explanations}
    taken = {*values, *kept.texts, *kept.fields, *kept.explanations}
    without = (
        Stray(places[id_], text, _labels(source, id_))
        for id_, text in said.items()
        if id_ not in taken
    )
    return kept, tuple(without)


def _common(said: Mapping[str, str], places: Container[str]) -> dict[str, str]:
    return {id_: text for id_, text in said.items() if id_ in places}


def _asks_no_more(table: str, source: Form, form: Form) -> bool:
    """Whether all that a declaration would make 0 was declared to be 0."""
    wanted = {cell.id for cell in form.inputs if cell.table == table}
    return bool(wanted) and wanted <= {cell.id for cell in source.inputs}


def _labels(form: Form, id_: str) -> tuple[str, ...]:
    return (form.cells[id_].name,) if id_ in form.cells else ()


def _target(
    file: Path,
    grid: RawBook,
    stamp: Stamp | None,
    form: Form,
    folder: Folder | None,
    unit_code: str,
    stamped: Period | None,
) -> tuple[Unit, Campaign]:
    """The unit and the campaign the fresh workbook is for."""
    if folder is None:
        assert stamp is not None, "without one _forms has refused the file"
        unit = Unit(stamp.unit_code, stamp.unit_name, type=stamp.unit_type)
        asked = (form.id, form.edition, stamp.period)
        return unit, Campaign(stamp.campaign, *asked, "主管部门")
    campaign, roster = folder.campaign(), folder.roster()
    code = unit_code
    period: Period | None = stamp.period if stamp else None
    if not code and stamp is not None:
        code = stamp.unit_code
    elif not code:
        found = whose(grid, file.name, (), roster)
        code, period = (found.unit.code, found.period) if found else ("", None)
    wanted = campaign.period.full_words
    if period is not None and period not in (campaign.period, stamped):
        raise CampaignError(
            f"这份表是{period.full_words}的，“{folder.path}”的任务是{wanted}，不能移过去。"
            f"如果是单位把{wanted}的数填在了这份表里，请加上 --stamped {period}。",
            f"This workbook is for {period}, the campaign in {folder.path} for "
            f"{campaign.period}. If the figures of {campaign.period} were typed into "
            f"it, add --stamped {period}.",
        )
    if code not in roster.by_code:
        raise CampaignError(
            f"看不出是名录里哪个单位的表（{code or '没有单位信息'}）。请用 --unit 写明单位代码。",
            f"Not a unit of the roster: {code or 'no stamp'}. Name it with --unit.",
        )
    return roster.by_code[code], campaign


def _own_words(job: Job) -> frozenset[str]:
    """Everything a blank workbook says."""
    contents = (
        item.content.result if isinstance(item.content, Formula) else item.content
        for sheet in plan(job).sheets
        for item in sheet.items
    )
    return frozenset(text for text in contents if isinstance(text, str))
