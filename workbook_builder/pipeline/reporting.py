"""``report``: the annual report of the district, or of units, in Word and for the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from workbook_builder.bounds.many import each
from workbook_builder.campaign.alone import alone
from workbook_builder.campaign.files import OLDER, keep_other, put_aside
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated, digests
from workbook_builder.campaign.own_texts import (
    NAME,
    headings,
    note_offers,
    offers_before,
    refresh_offers,
    write_own_texts,
)
from workbook_builder.campaign.placing import put_in_place
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.naming import REPORT_LIST, workbook_name
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.model.worded import full_title
from workbook_builder.model.wording import Wording
from workbook_builder.outputs.contents import Draft, unit_draft
from workbook_builder.outputs.links import LinkLine, links_page
from workbook_builder.outputs.office import pdf, require_office
from workbook_builder.outputs.page import html
from workbook_builder.outputs.report import Report, report
from workbook_builder.outputs.rollup import top_unit
from workbook_builder.pipeline.by_hand import reasons_wanted, take_up
from workbook_builder.pipeline.collecting import SUMMARY
from workbook_builder.pipeline.drafting import draft as own_draft
from workbook_builder.pipeline.drafting import known_facts
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.surveying import survey

REPORTS = "报告"
#: What was offered for 报告文字.txt the last time, in the folder of the reports.
OFFERED = ".offered.json"
#: Documents that LibreOffice is given in one go; it takes a second to start.
AT_A_TIME = 20
SUFFIXES = (".docx", ".html", ".pdf")
_KINDS = {".docx": "Word", ".html": "网页", ".pdf": "PDF"}


@dataclass(frozen=True)
class Wanted:
    """Whose report: the district's, one unit's by its code, or everybody's."""

    unit: str = ""
    all_units: bool = False
    pdf: bool = False


@dataclass(frozen=True)
class MadeReport:
    """A report that was written: its files, what it lacks, and what to look at.

    ``warnings`` say why it must not be published as it is.
    """

    unit: Unit
    files: tuple[Path, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Reports:
    """What ``report`` did.

    ``skipped`` are units without an accepted return, and why; ``texts`` is the file
    for the district's own texts, where it was made just now.
    """

    made: tuple[MadeReport, ...]
    skipped: tuple[tuple[Unit, Text], ...] = ()
    texts: Path | None = None
    by_hand: tuple[Text, ...] = ()
    """What was changed by hand in 汇总.xlsx and is taken up or not."""


def make_reports(
    folder: Folder, wanted: Wanted | None = None, progress: Progress = silent
) -> Reports:
    """Reads the inbox as ``collect`` does and writes reports into ``results/报告``.

    A report that somebody changed by hand is put aside, not lost. Raises CampaignError
    for a unit that is unknown or has no accepted return, for a district without any,
    and where python-docx or, for PDF, LibreOffice is missing.
    """
    wanted = wanted or Wanted()
    word_writer()  # before the inbox is read
    wording = _wording(folder.form())
    if wanted.pdf:
        require_office()  # before anything is written
    expected = folder.expected()
    with alone(folder.path):
        return _made(folder, expected, wording, wanted, progress)


def _made(
    folder: Folder,
    expected: Expected,
    wording: Wording,
    wanted: Wanted,
    progress: Progress,
) -> Reports:
    form = expected.form
    said_by_hand = take_up(folder, expected, SUMMARY)
    summary, _ = survey(folder, expected, folder.history(), progress)
    said_by_hand += reasons_wanted(folder, summary.decisions)
    drafts, skipped, texts = _drafts(folder, expected, summary, wanted)
    said = [report(form, wording, draft.contents) for draft in drafts]
    written: dict[str, bytes] = {}
    made = []
    for draft, text, files in zip(drafts, said, each(rendered, said), strict=True):
        name = workbook_name(expected.campaign, form, draft.unit).removesuffix(".xlsx")
        named = {f"{name}{suffix}": data for suffix, data in files.items()}
        if wanted.pdf:
            named[f"{name}.pdf"] = b""
        written |= named
        paths = tuple(folder.results / REPORTS / file for file in named)
        made.append(
            MadeReport(draft.unit, paths, text.missing, text.warnings, draft.notes)
        )
        progress(len(made), len(drafts))
    if wanted.all_units:
        written[REPORT_LIST] = _index(summary, made)
    if wanted.pdf:
        written |= _pdfs(written, expected.campaign, progress)
    write_reports(folder.results / REPORTS, written, whole=wanted.all_units)
    return Reports(tuple(made), tuple(skipped), texts, said_by_hand)


def _index(summary: Summary, made: Sequence[MadeReport]) -> bytes:
    """The reports of all, each with its files, to go to the site with them."""
    title = full_title(summary.campaign.period, summary.form.title)
    lines = [
        LinkLine(
            each.unit.name,
            tuple((_KINDS[path.suffix], quote(path.name)) for path in each.files),
        )
        for each in made
    ]
    return links_page(title, summary.campaign.district, lines)


def rendered(said: Report) -> dict[str, bytes]:
    """Suffix → the bytes of each kind of file."""
    return {".docx": word_writer()(said), ".html": html(said)}


def word_writer() -> Callable[[Report], bytes]:
    """The one thing here that needs more than the core installation."""
    try:
        from workbook_builder.outputs.report_docx import docx
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "docx":
            raise
        raise CampaignError(
            "生成 Word 报告需要 python-docx。请安装：pip install 'workbook-builder[report]'",
            "Word reports need python-docx. Install it: "
            "pip install 'workbook-builder[report]'",
        ) from None
    return docx


def _wording(form: Form) -> Wording:
    if form.wording is None:
        raise CampaignError(
            f"“{form.title}”不出报告，汇总的结果在 results/汇总.xlsx。"
            "还没有的，先运行 collect。",
            f"{form.id} {form.edition} makes no report (no [report] in its form.toml): "
            "results/汇总.xlsx is the result. Run collect first if it is not there.",
        )
    return form.wording


def _drafts(
    folder: Folder, expected: Expected, summary: Summary, wanted: Wanted
) -> tuple[list[Draft], list[tuple[Unit, Text]], Path | None]:
    """What is to be written, what is left out and why, and a new file of texts."""
    if wanted.unit and wanted.unit != top_unit(summary).code:
        unit = _unit(summary, wanted.unit)
        draft = unit_draft(summary, unit)
        if isinstance(draft, Text):
            gone = _withdraw(folder, expected.campaign, summary.form, unit)
            raise CampaignError(
                f"不能生成“{unit.name}”的报告：{draft.zh}{gone.zh}",
                f"No report of {unit.name}: {draft.en}{gone.en}",
            )
        return [draft], [], None
    district, texts = _district(folder, expected, summary)
    drafts, skipped = [district], []
    for unit in summary.units if wanted.all_units else ():
        if unit.code == district.unit.code:
            continue
        draft = unit_draft(summary, unit)
        if isinstance(draft, Text):
            skipped.append((unit, draft))
        else:
            drafts.append(draft)
    return drafts, skipped, texts


def _withdraw(folder: Folder, campaign: Campaign, form: Form, unit: Unit) -> Text:
    """Puts aside the reports of an earlier run that no longer hold."""
    name = workbook_name(campaign, form, unit).removesuffix(".xlsx")
    target = folder.results / REPORTS
    stale = [p for s in SUFFIXES if (p := target / f"{name}{s}").is_file()]
    for path in stale:
        put_aside(path)
    if not stale:
        return Text("", "")
    return Text(
        f"以前生成的报告已移到“{OLDER}”。",
        f" Its earlier report was moved to {OLDER}.",
    )


def _unit(summary: Summary, code: str) -> Unit:
    unit = summary.roster.by_code.get(code)
    if unit is None:
        raise CampaignError(
            f"单位名录里没有代码“{code}”。请查对 roster.xlsx 第一列的单位代码。",
            f"There is no unit {code} on the roster; see its first column.",
        )
    return unit


def _district(
    folder: Folder, expected: Expected, summary: Summary
) -> tuple[Draft, Path | None]:
    """The district's draft; a file for its texts is made where some are missing."""
    if not summary.counted:
        gone = _withdraw(folder, expected.campaign, summary.form, top_unit(summary))
        raise CampaignError(
            "还没有一个单位的报送表通过，没有可以公布的数字。请先收取报送表，运行 collect 查看。"
            + gone.zh,
            "No return is accepted yet: there is nothing to report. Run collect first."
            + gone.en,
        )
    path = folder.path / NAME
    draft = own_draft(folder, expected, summary)
    said = {**draft.contents.texts, **draft.contents.fields}
    lacking = [id_ for id_ in headings(summary.form).values() if id_ not in said]
    if path.exists():
        return _refreshed(folder, expected, summary, draft), None
    if not lacking:
        return draft, None
    facts = known_facts(expected, summary)
    write_own_texts(path, summary.form, draft.unit.name, facts, draft.offered)
    note_offers(folder.results / REPORTS / OFFERED, draft.offered)
    filled = {id_: text for id_, text in facts.items() if text}
    contents = replace(draft.contents, fields={**filled, **draft.contents.fields})
    return replace(draft, contents=contents), path


def _refreshed(
    folder: Folder, expected: Expected, summary: Summary, draft: Draft
) -> Draft:
    """The draft once sentences that nobody changed have the figures of today."""
    path, kept = folder.path / NAME, folder.results / REPORTS / OFFERED
    renewed = refresh_offers(path, summary.form, draft.offered, offers_before(kept))
    note_offers(kept, draft.offered)
    if not renewed:
        return draft
    draft = own_draft(folder, expected, summary)
    note = Text(
        f"“{NAME}”里采用的参考语句有 {renewed} 句的数变了，已按现在的汇总数更新。",
        f"{renewed} of the sentences taken over in {NAME} now have the figures of today.",
    )
    return replace(draft, notes=(note, *draft.notes))


def _pdfs(
    written: Mapping[str, bytes], campaign: Campaign, progress: Progress
) -> dict[str, bytes]:
    """A PDF of each Word file, some at a time, so that progress can be seen."""
    names = [name for name in written if name.endswith(".docx")]
    made: dict[str, bytes] = {}
    for start in range(0, len(names), AT_A_TIME):
        some = names[start : start + AT_A_TIME]
        printed = pdf({name: written[name] for name in some}, campaign.period.last_day)
        made |= {f"{name.removesuffix('docx')}pdf": printed[name] for name in some}
        progress(len(made), len(names))
    return made


def write_reports(target: Path, files: Mapping[str, bytes], whole: bool) -> None:
    """Writes the files; with ``whole``, reports that are no longer made go aside."""
    generated = Generated(target, put_aside)
    generated.announce(digests(files))
    changed = {n: data for n, data in files.items() if keep_other(target / n, data)}
    put_in_place(target, changed)
    for name in changed:
        printed = (target / name).with_suffix(".pdf")
        if printed.name not in files:
            put_aside(printed)  # it shows what the document said before
    if whole:
        generated.replace_with(digests(files))
