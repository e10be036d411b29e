"""``check`` and ``collect``: files in, verdicts and results out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from workbook_builder.campaign.files import (
    files_below,
    remove_leftovers,
    write_atomically,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated
from workbook_builder.excel.build import build_workbook, put_back
from workbook_builder.excel.place import place
from workbook_builder.excel.write import write
from workbook_builder.judge import Expected
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.outputs.data import facts_csv, findings_csv
from workbook_builder.outputs.progress import progress_page
from workbook_builder.outputs.rollup import rollup
from workbook_builder.outputs.summary import Summary, summary_book
from workbook_builder.pipeline.building import workbook_name
from workbook_builder.pipeline.workers import Progress, each, silent
from workbook_builder.receive import lost_file, receive
from workbook_builder.rules.settle import is_rollup, settle
from workbook_builder.rules.tally import Contribution, Node, Tally, nodes, tally
from workbook_builder.rules.versions import with_changes

SUMMARY, RETURNED, UPWARD, PROGRESS = "汇总.xlsx", "退回", "上报", "进度.html"
FACTS, FINDINGS = "facts.csv", "findings.csv"


def check(files: Iterable[Path], expected: Expected | None = None) -> list[Submission]:
    """The verdict on each file; a folder, archive or mail stands for the files in it."""
    return [
        submission
        for given in files
        for path in (files_below(given) if given.is_dir() else [given])
        for submission in receive(path, _shown(path), expected)
    ]


@dataclass(frozen=True)
class Collection:
    """What ``collect`` found: every file with its verdict, and the sums."""

    summary: Summary
    tally: Tally
    written: tuple[Path, ...]

    @property
    def submissions(self) -> tuple[Submission, ...]:
        return self.summary.submissions

    @property
    def nodes(self) -> Mapping[str, Node]:
        return self.summary.nodes


def collect(folder: Folder, progress: Progress = silent) -> Collection:
    """Reads the inbox, adds up what is accepted, writes the results.

    The inbox is not changed. Running it again gives the same results.
    """
    expected, summary, sums = read_and_add_up(folder, progress)
    return Collection(summary, sums, tuple(_write_results(folder, expected, summary)))


def read_and_add_up(
    folder: Folder, progress: Progress = silent
) -> tuple[Expected, Summary, Tally]:
    """What the campaign knows, every file of the inbox judged, and the sums."""
    expected = folder.expected()
    paths = list(files_below(folder.inbox))
    read = partial(_read_one, folder.inbox, expected)
    lost = partial(_lost_one, folder.inbox)
    submissions: list[tuple[Submission, ...]] = []
    for index, found in enumerate(each(read, paths, lost), 1):
        submissions.append(found)
        progress(index, len(paths))
    summary, sums = add_up(folder.form(), expected, list(chain(*submissions)))
    _prove_that_nothing_is_lost(len(paths), submissions, summary)
    return expected, summary, sums


def _prove_that_nothing_is_lost(
    files: int, submissions: Sequence[tuple[Submission, ...]], summary: Summary
) -> None:
    """Each file on disk has its verdicts, each verdict is in the results, once."""
    found = Counter(each.path for each in chain(*submissions))
    if len(submissions) != files or not all(submissions):
        raise AssertionError("a file of the inbox has no verdict")
    if Counter(each.path for each in summary.submissions) != found:
        raise AssertionError("a file that was read is not in the results")


def add_up(
    form: Form, expected: Expected, submissions: Sequence[Submission]
) -> tuple[Summary, Tally]:
    """Which file counts for each unit, and the totals of the tree. Pure."""
    settled = settle(form, expected.roster, submissions)
    settled = with_changes(form, place(form), settled)
    sums = tally(
        Contribution(code, submission.facts, submission.path)
        for code, submission in settled.counted.items()
    )
    # A roll-up of units that are here themselves is a control total, no return.
    returned = frozenset(
        code
        for code, submission in settled.standing.items()
        if not (is_rollup(submission) and code in expected.roster.children)
    )
    tree = nodes(form, expected.roster, sums, returned)
    summary = Summary(
        form,
        expected.campaign,
        expected.roster,
        settled.submissions,
        settled.standing,
        settled.counted,
        tree,
    )
    return summary, sums


def _read_one(inbox: Path, expected: Expected, path: Path) -> tuple[Submission, ...]:
    return receive(path, _shown(path.relative_to(inbox)), expected, within=inbox)


def _lost_one(inbox: Path, path: Path, error: WorkerLost) -> tuple[Submission, ...]:
    return (lost_file(path, _shown(path.relative_to(inbox)), error, within=inbox),)


def _shown(path: Path) -> str:
    """The path as text that can be written anywhere: names are not always Unicode."""
    return path.as_posix().encode("utf-8", "replace").decode()


def _write_results(
    folder: Folder, expected: Expected, summary: Summary
) -> Iterator[Path]:
    generated = Generated(folder.results)
    counted = list(summary.counted.values())
    outputs: dict[str, bytes] = {
        SUMMARY: write(summary_book(summary)),
        PROGRESS: progress_page(summary),
        FACTS: facts_csv(summary.form, counted),
        FINDINGS: findings_csv(summary.submissions),
    }
    upward = rollup(summary, expected.last_year)
    if upward is not None:
        name = workbook_name(expected.campaign, summary.form, upward.unit)
        outputs[f"{UPWARD}/{name}"] = upward.data
    for unit in summary.units:
        submission = summary.standing.get(unit.code)
        if submission is not None and submission.verdict in (
            Verdict.REJECTED,
            Verdict.NEEDS_EXPLANATION,
        ):
            name = workbook_name(expected.campaign, summary.form, unit)
            outputs[f"{RETURNED}/{name}"] = build_workbook(
                summary.form,
                unit,
                expected.campaign,
                put_back(submission.answers),
                last_year=expected.last_year.get(unit.code, {}),
                findings=submission.findings,
                kind=submission.stamp.kind if submission.stamp else "return",
            )
    remove_leftovers(folder.results)
    generated.announce(outputs)
    for name, data in outputs.items():
        write_atomically(folder.results / name, data)
        yield folder.results / name
    generated.replace_with(outputs)
