"""``check`` and ``collect``: files in, verdicts and results out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path, PurePath

from workbook_builder.bounds.isolation import beside
from workbook_builder.bounds.many import each
from workbook_builder.bounds.memory import give_back
from workbook_builder.campaign.alone import alone
from workbook_builder.campaign.files import (
    remove_leftovers,
)
from workbook_builder.campaign.fingerprint import fingerprint
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated
from workbook_builder.campaign.made_before import (
    MadeResults,
    made_before,
    note_made,
    of_summary,
)
from workbook_builder.campaign.placing import complete, settled, waiting
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError, MissingExtra
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary, TreeNode
from workbook_builder.model.text import Text
from workbook_builder.model.times import china_time
from workbook_builder.model.unit import Unit
from workbook_builder.outputs.csv_file import CsvFile
from workbook_builder.outputs.database import database, scale
from workbook_builder.outputs.datapackage import datapackage
from workbook_builder.outputs.links import published_page
from workbook_builder.outputs.parquet import ParquetFile
from workbook_builder.outputs.progress import progress_page
from workbook_builder.outputs.records import LISTINGS, records
from workbook_builder.outputs.rollup import Rollup, rollup, rollup_unit
from workbook_builder.outputs.summary import summary_book
from workbook_builder.pipeline.by_hand import (
    keep_changes,
    reasons_wanted,
    take_up,
)
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.recording import record_collected
from workbook_builder.pipeline.surveying import SMALL, survey
from workbook_builder.reading.apart import received
from workbook_builder.reading.receive import Source
from workbook_builder.rules.tally import Tally
from workbook_builder.workbook.build import build_workbook, put_back
from workbook_builder.workbook.write import write

SUMMARY, RETURNED, UPWARD, PROGRESS = "汇总.xlsx", "退回", "上报", "进度.html"
#: The page of links, once a report is published.
LINKS = "公布链接.html"
FACTS, FIELDS, FINDINGS = "facts.csv", "fields.csv", "findings.csv"
DATABASE, PACKAGE = "facts.sqlite", "datapackage.json"
#: Units whose workbooks are made at the same time; so many returns are in memory.
TOGETHER = 200


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a workbook that goes back says; :func:`build_workbook` says what each is."""

    unit: Unit
    answers: Answers
    last_period: Mapping[str, Decimal]
    findings: tuple[Finding, ...]
    kind: str
    about: str


def returned_workbook(expected: Expected, summary: Summary, unit: Unit) -> bytes | None:
    """What goes back to a unit: its own answers with marks, or what its annual report
    says where that came instead; None for nothing."""
    marked = _marked(expected, summary, unit)
    return None if marked is None else _made(summary.form, expected.campaign, marked)


def _returned_workbooks(
    expected: Expected, summary: Summary
) -> Iterator[tuple[Unit, bytes]]:
    """The same of every unit to which something goes back."""
    make = partial(_made, summary.form, expected.campaign)
    units = summary.roster.in_tree_order
    found = (_marked(expected, summary, unit) for unit in units)
    going = (marked for marked in found if marked is not None)
    # The first is made here: processes that are forked know what is alike in all.
    for marked in islice(going, 1):
        yield marked.unit, make(marked)
    while some := list(islice(going, TOGETHER)):
        for marked, data in zip(some, each(make, some, slow=True), strict=True):
            yield marked.unit, data


def _marked(expected: Expected, summary: Summary, unit: Unit) -> _Marked | None:
    standing = summary.standing.get(unit.code)
    goes_back = standing is not None and standing.verdict.goes_back
    submission = standing if goes_back else summary.report_of(unit)
    if submission is None:
        return None
    submission = submission.seen_by(unit)
    return _Marked(
        unit,
        put_back(submission.answers),
        expected.last_period.get(unit.code, {}),
        # What the office waived asks nothing of the unit any more.
        tuple(
            found
            for found in submission.findings
            if found.waived is None and not found.is_for_the_desk
        ),
        submission.stamp.kind if submission.stamp else "return",
        _version(summary, submission),
    )


def _made(form: Form, campaign: Campaign, marked: _Marked) -> bytes:
    return build_workbook(
        form,
        marked.unit,
        campaign,
        marked.answers,
        last_period=marked.last_period,
        findings=marked.findings,
        kind=marked.kind,
        about=marked.about,
    )


def _version(summary: Summary, submission: Submission) -> str:
    """Which of the unit's versions it is, when it came, and what the file was called."""
    versions = summary.versions.get(submission.unit_code, ())
    earlier = sum(each.order < submission.order for each in versions)
    came = china_time(submission.came)
    when = f"{came.year}年{came.month}月{came.day}日收到的" if came else ""
    name = PurePath(submission.path).name
    return f"退回的是第 {earlier + 1} 次报送：{when}“{name}”。"


@dataclass(frozen=True)
class Collection:
    """What ``collect`` found: every file with its verdict, and the sums."""

    summary: Summary
    tally: Tally
    written: tuple[Path, ...]
    unrecorded: CampaignError | None = None
    """Why the record could not be written; the results are whole all the same."""
    skipped: tuple[MissingExtra, ...] = ()
    """What could not be written because a library is not installed."""
    seal: str = ""
    """The fingerprint of the key that sealed the roll-up; empty where none did."""
    by_hand: tuple[Text, ...] = ()
    """What was changed by hand in the results of the run before, and what became of it."""

    @property
    def submissions(self) -> tuple[Submission, ...]:
        return self.summary.submissions

    @property
    def nodes(self) -> Mapping[str, TreeNode]:
        return self.summary.nodes


def collect(folder: Folder, progress: Progress = silent) -> Collection:
    """Reads the inbox, adds up what is accepted, writes the results.

    The inbox is not changed. Running it again gives the same results and records
    nothing anew. Raises CampaignError while another program does the same.
    """
    expected = folder.expected()
    with alone(folder.path):
        said = _by_hand(folder, expected)
        before, summary, sums = _surveyed(folder, expected, progress)
        complete(folder.results)  # also where nothing is to be made
        of = of_summary(summary, folder)
        made = made_before(folder, of) or _make(folder, expected, summary, of)
        unrecorded = record_collected(folder, summary, before)
    said = (*said, *reasons_wanted(folder, summary.decisions))
    written = tuple(folder.results / name for name in made.files)
    skipped = tuple(map(MissingExtra, made.skipped))
    return Collection(summary, sums, written, unrecorded, skipped, made.seal, said)


def _surveyed(
    folder: Folder, expected: Expected, progress: Progress
) -> tuple[str, Summary, Tally]:
    """What the inbox comes to, and the fingerprint of what it was found from. What the
    record says, and what files are, is not in memory any more while results are made."""
    events = folder.history()
    before = fingerprint(folder, events)
    found = survey(folder, expected, events, progress, keep=True)
    folder.digests.forget(folder.inbox)
    give_back()
    return before, *found


def _make(folder: Folder, expected: Expected, summary: Summary, of: str) -> MadeResults:
    """Writes the results."""
    files, skipped, upward = _write_results(folder, expected, summary)
    seal = upward.seal if upward else ""
    if upward and not seal and expected.campaign.sealing:
        skipped = (*skipped, MissingExtra("seal"))
    made = MadeResults(of, files, tuple(each.extra for each in skipped), seal)
    note_made(folder, made)
    return made


def _typed_upward(
    folder: Folder, expected: Expected, summary: Summary
) -> Answers | None:
    """What stands in the roll-up of the run before, the district's own words among it."""
    unit = rollup_unit(summary)
    if unit is None:
        return None
    name = workbook_name(expected.campaign, summary.form, unit)
    try:
        data = (folder.results / UPWARD / name).read_bytes()
    except OSError:
        return None
    ((before, *_),) = received([Source(name, data)], expected.forms)
    return before.answers


#: What to do with what somebody wrote into a result, by name or folder.
_KEPT = {
    RETURNED: Text(
        "新的一份里没有那些改动。需要告知单位的，请用 decide 退回并写明理由，会印在退回意见上。",
        "The new one is without the changes. What the unit should know is said with "
        "“decide … reject --why”.",
    ),
    UPWARD: Text(
        "自己写的文字、说明已经带到新的一份；数是重新汇总的。",
        "Texts and explanations of your own are in the new one; figures are added up anew.",
    ),
    SUMMARY: Text(
        "新的一份里没有那些改动；改过“计入”的，记为决定。",
        "The new one is without the changes; a changed 计入 is recorded as a decision.",
    ),
}


def _by_hand(folder: Folder, expected: Expected) -> tuple[Text, ...]:
    """Keeps what somebody changed in the results, and takes up 计入."""
    try:
        taken_up = take_up(folder, expected, SUMMARY)
    except CampaignError as error:  # the record is not there for writing
        taken_up = (error.text,)
    return (*keep_changes(folder, _KEPT), *taken_up)


def data_files(summary: Summary, folder: Path) -> tuple[MissingExtra, ...]:
    """Writes the results as data into a folder; what could not be made here is told."""
    skipped: tuple[MissingExtra, ...] = ()
    for listing in LISTINGS:
        give_back()
        with ExitStack() as stack:
            stream = stack.enter_context((folder / f"{listing.name}.csv").open("wb"))
            files: list[CsvFile | ParquetFile] = [CsvFile(listing, stream)]
            try:
                parquet = ParquetFile(
                    listing, folder / f"{listing.name}.parquet", scale(summary)
                )
                files.append(stack.enter_context(parquet))
            except MissingExtra as missing:
                skipped = (missing,)
            for rows in records(summary, listing):
                for file in files:
                    file.write(rows)
    (folder / PACKAGE).write_bytes(datapackage(summary, folder))
    database(summary, folder / DATABASE)
    return skipped


def _write_results(
    folder: Folder, expected: Expected, summary: Summary
) -> tuple[tuple[str, ...], tuple[MissingExtra, ...], Rollup | None]:
    """The names of the files, what could not be made, and what goes up; one workbook at
    a time is in memory."""
    generated = Generated(folder.results)
    typed = _typed_upward(folder, expected, summary)
    with waiting(folder.results) as ready:
        with ready.folder() as (inner, digests):
            data = partial(_data, summary, inner)
            small = len(summary.submissions) <= SMALL
            with beside(data) if small else nullcontext(data) as written:
                ready.put(SUMMARY, write(summary_book(summary)))
                ready.stream(PROGRESS, progress_page(summary))
                upward = rollup(summary, expected.last_period, typed)
                if upward is not None:
                    name = workbook_name(expected.campaign, summary.form, upward.unit)
                    ready.put(f"{UPWARD}/{name}", upward.data)
                for unit, book in _returned_workbooks(expected, summary):
                    name = workbook_name(expected.campaign, summary.form, unit)
                    ready.put(f"{RETURNED}/{name}", book)
                skipped, found = written()
                digests |= found
        if (links := published_page(summary)) is not None:
            ready.put(LINKS, links)
        generated.announce(ready.digests)
        ready.place()
    remove_leftovers(folder.results)
    generated.replace_with(ready.digests)
    return tuple(sorted(ready.digests, key=_group)), skipped, upward


def _data(
    summary: Summary, folder: Path
) -> tuple[tuple[MissingExtra, ...], dict[str, str]]:
    """What could not be made, and the fingerprints of what was."""
    return data_files(summary, folder), settled(folder)


def _group(name: str) -> int:
    """Results are named in this order: first what the office looks at."""
    return ("", UPWARD, RETURNED).index(PurePath(name).parent.name)
