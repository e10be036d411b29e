"""``read-report``: what published reports say, and a workbook that has it filled in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from workbook_builder.bounds.elsewhere import below
from workbook_builder.bounds.isolation import Workers
from workbook_builder.bounds.limits import SCAN
from workbook_builder.bounds.many import each_apart
from workbook_builder.campaign.files import files_at, shown
from workbook_builder.campaign.roster import find_unit
from workbook_builder.formats.sniff import OLE
from workbook_builder.intake.ignored import SYSTEM, junk
from workbook_builder.model.errors import CampaignError, UnreadableFile, WorkerLost
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.naming import REPORT_LIST
from workbook_builder.model.published_report import (
    PublishedReport,
    ReportKind,
)
from workbook_builder.model.text import Text
from workbook_builder.model.values import plain
from workbook_builder.outputs.csv_file import csv_file
from workbook_builder.outputs.office import as_docx
from workbook_builder.outputs.records import ListColumn, Listing, ListRecord
from workbook_builder.published.answers import answers_of, unsure
from workbook_builder.reading.receive import Source
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.workbook.build import build_workbook, put_back

_RTF = b"{\\rtf"
#: No text, no reader, or a damaged file: a compound file that is no Word document may be
#: of WPS.
_NOT_YET = {"P10", "P11", "P12", "R03"}


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A file, and what is printed in it. ``sha256`` is empty where it did not open."""

    path: str
    sha256: str
    report: PublishedReport


def read_reports(
    files: Iterable[Path | str], forms: Sequence[Form]
) -> Iterator[ReadReport]:
    """What each file prints, in their order; a folder stands for the files in it, and
    so does an address (``s3://…``), which is a text.

    ``forms`` are the editions that a report may be of. Every file is read in a process
    that may be lost; nothing is raised for a bad one. What only LibreOffice reads it
    turns into Word first, and pictures of pages are looked at, where that is installed.
    """
    sources = list(chain.from_iterable(map(_sources, files)))
    reader = partial(_read, tuple(forms), False)
    for source, found in zip(sources, each_apart(reader, sources, _lost), strict=True):
        if not _codes(found) & _NOT_YET:
            yield found
            continue
        turned = _turned(source)
        if turned is not None:
            (again,) = each_apart(reader, [turned], _lost)
        else:
            again = _looked_at(forms, source)
            # What is not installed cannot say more than what is.
            again = found if _codes(again) == {"P12"} else again
        yield replace(again, sha256=found.sha256)


def left_out(files: Iterable[Path | str]) -> list[Path]:
    """What `read_reports` passes over in these folders: it is there by itself."""
    folders = (file for file in files if isinstance(file, Path) and file.is_dir())
    return [path for each in folders for path in files_at(each) if _by_itself(path)]


def _by_itself(path: Path) -> bool:
    """Whether it is a file of the system, a hidden one, or the list of the reports."""
    hidden = path.name.startswith(".") or path.name == REPORT_LIST
    return hidden or junk(shown(path)) == SYSTEM


def _sources(file: Path | str) -> Iterator[Source]:
    if isinstance(file, str):
        yield from (Source(f"{file}/{name}", found) for name, found in below(file))
        return
    for path in files_at(file):
        if path == file or not _by_itself(path):
            yield Source(shown(path), path.absolute())


def _codes(found: ReadReport) -> set[str]:
    return {each.code for each in found.report.findings}


def _turned(source: Source) -> Source | None:
    """The file as Word, where LibreOffice reads it."""
    _, data = source.opened()
    if data.startswith(_RTF):
        made = as_docx(data, "rtf")
    elif data.startswith(OLE):
        made = as_docx(data, "wps")
    else:
        return None
    return None if made is None else replace(source, file=made)


def _looked_at(forms: Sequence[Form], source: Source) -> ReadReport:
    """A scan or a photo, for which a process has more time and memory."""
    with Workers(1, partial(_read, tuple(forms), True), SCAN) as workers:
        try:
            found: ReadReport = workers.result(workers.start(source))
        except WorkerLost as error:
            return _lost(source, error)
    return found


def _read(forms: Sequence[Form], looking: bool, source: Source) -> ReadReport:
    # Only who reads a report waits for its readers: every command imports this module.
    from workbook_builder.documents.read import read_document, see_document
    from workbook_builder.published.read import read

    sha256 = ""
    try:
        _, data = source.opened()
        sha256 = hashlib.sha256(data).hexdigest()
        document = see_document(data) if looking else read_document(data)
        report = read(document, forms)
    except UnreadableFile as error:
        report = _unreadable(error)
    except Exception:  # a mistake of ours is no file without an answer
        report = _unreadable(UnreadableFile("damaged"))
    return ReadReport(source.shown, sha256, report)


def _lost(source: Source, error: WorkerLost) -> ReadReport:
    try:
        _, data = source.opened()
    except UnreadableFile:
        data = b""
    sha256 = hashlib.sha256(data).hexdigest() if data else ""
    return ReadReport(source.shown, sha256, _unreadable(UnreadableFile(error.reason)))


def _unreadable(error: UnreadableFile) -> PublishedReport:
    return PublishedReport(ReportKind.UNREADABLE, findings=(unreadable(error),))


def prefilled(expected: Expected, said: str, read: ReadReport) -> bytes:
    """The workbook of the unit, by code or name, with what its report prints.

    What is certain stands in its cell; where a person has to decide, the cell is left
    blank and marked, with the words of the report. Raises CampaignError where the file
    is no report, or of another edition or period than the campaign.
    """
    form, campaign, report = expected.form, expected.campaign, read.report
    unit = find_unit(expected.roster, said)
    prove_fits(expected, read)
    return build_workbook(
        form,
        unit,
        campaign,
        put_back(answers_of(form, report)),
        last_period=expected.last_period.get(unit.code, {}),
        findings=[*unsure(form, report), *report.findings],
        about=f"本表按已公布的报告“{Path(read.path).name}”预填，请对照原文逐项核对。",
    )


def prove_fits(expected: Expected, read: ReadReport) -> None:
    """Raises CampaignError where the file is no report of that edition and period."""
    form, period, report = expected.form, expected.campaign.period, read.report
    if report.kind is not ReportKind.REPORT:
        why = report.findings[0]
        raise CampaignError(
            f"“{read.path}”：{why.message.zh}{why.desk.zh}",
            f"{read.path}: {why.message.en} {why.desk.en}",
        )
    if (report.form, report.edition) != (form.id, form.edition):
        raise CampaignError(
            f"“{read.path}”用的是 {report.edition} 版格式，本任务用 {form.edition} 版。"
            "请核对文件。",
            f"{read.path} is of edition {report.edition}, the campaign of {form.edition}. "
            "Is it the right file?",
        )
    if report.year is not None and report.year != period.year:
        raise CampaignError(
            f"“{read.path}”是 {report.year} 年度的报告，本任务是{period.words}。请核对文件。",
            f"{read.path} is of {report.year}, the campaign of {period}. Is it the right file?",
        )


#: What ``campaign.last_period`` reads: a row for each figure and each text.
LAST_PERIOD = Listing(
    "published",
    "公布的年度报告",
    (
        ListColumn("unit", "string", "单位代码", "名录里的单位代码", required=True),
        ListColumn(
            "unit_name", "string", "单位名称", "名录里的单位名称", required=True
        ),
        ListColumn("year", "integer", "年度", "统计年度", required=True),
        ListColumn("period", "string", "统计期", "年、季度或月", required=True),
        ListColumn("file", "string", "文件", "读的是哪份报告", required=True),
        ListColumn("cell", "string", "指标单元", "永久编号：表.行.列"),
        ListColumn("field", "string", "段落", "文字的编号"),
        ListColumn("value", "string", "内容", "数字或文字", required=True),
    ),
    ("unit", "cell", "field"),
)


def as_last_period(
    expected: Expected, reads: Iterable[ReadReport]
) -> tuple[bytes, list[tuple[ReadReport, Text, bool]]]:
    """A list for ``last-year/`` of what units of the roster published for the period
    before: figures that are settled, and texts. Then what became of each file, and
    whether it is used.
    """
    period, form = expected.campaign.period.before, expected.form
    codes = {unit.name: unit.code for unit in expected.roster.units}
    rows: dict[str, list[ListRecord]] = {}
    told = []
    for each in reads:
        used = False
        report, code = each.report, codes.get(each.report.unit)
        if report.kind is not ReportKind.REPORT:
            said = report.findings[0].message
        elif report.form != form.id or report.year != period.year:
            said = Text(
                f"不是{period.words}的报告，未采用。", f"not of {period}: not used."
            )
        elif code is None:
            said = Text(
                f"名录里没有叫“{report.unit}”的单位，未采用。",
                f"no unit of the roster is called “{report.unit}”: not used.",
            )
        elif code in rows:
            said = Text(
                "这个单位前面已有一份，未采用。", "the unit has one already: not used."
            )
        else:
            head = (code, report.unit, period.year, str(period), each.path)
            figures = [
                (*head, id_, None, plain(fact.value.number))
                for id_, fact in report.facts.items()
                if fact.certainty.is_settled
                and fact.value.number is not None
                and id_ in form.cells
            ]
            texts = [(*head, None, id_, text) for id_, text in report.texts.items()]
            rows[code], used = [*figures, *texts], True
            said = Text(
                f"{len(figures)} 个数、{len(texts)} 段文字用作上期数。",
                f"{len(figures)} figures and {len(texts)} texts are of the period before.",
            )
        told.append((each, said, used))
    return csv_file(LAST_PERIOD, chain.from_iterable(rows.values())), told
