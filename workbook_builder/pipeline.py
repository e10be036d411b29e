"""The order of the stages; every command has its twin here.

Nothing but the command line and ``macros/`` imports this module.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import TypeVar

from workbook_builder.campaign.files import (
    files_below,
    remove_leftovers,
    safe_name,
    write_atomically,
    write_keeping,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated
from workbook_builder.definition.load import load_form
from workbook_builder.excel.build import build_workbook
from workbook_builder.excel.write import write
from workbook_builder.judge import Expected, read_file
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import BLANK, ERRORS, State, Value
from workbook_builder.outputs.data import facts_csv, findings_csv
from workbook_builder.outputs.rollup import rollup
from workbook_builder.outputs.summary import Summary, summary_book
from workbook_builder.rules.settle import is_rollup, settle
from workbook_builder.rules.tally import Contribution, Node, Tally, nodes, tally

_T = TypeVar("_T")
_R = TypeVar("_R")

Progress = Callable[[int, int], None]
"""Told (done, of) while a stage goes on."""

SUMMARY, RETURNED, UPWARD = "汇总.xlsx", "退回", "上报"
FACTS, FINDINGS = "facts.csv", "findings.csv"

#: Fewer files than this are read in this process: a pool takes longer to start.
WORTH_A_POOL = 12


#: No spreadsheet holds every figure from here on.
LARGEST = Decimal(10) ** 15


def _silent(done: int, of: int) -> None:
    """Progress nobody wants to see."""


@dataclass(frozen=True)
class Built:
    """What ``build`` did: the files, and which of them are new or changed."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]


def workbook_name(campaign: Campaign, form: Form, unit: Unit) -> str:
    """The file name a unit's workbook goes out under, different for every unit."""
    wanted = f"{unit.code}_{unit.name}_{campaign.year}年{form.title}"
    name = safe_name(wanted)
    if name != wanted:  # two codes may differ only in what a file name cannot hold
        name += f"_{hashlib.sha256(unit.code.encode()).hexdigest()[:6]}"
    return f"{name}.xlsx"


def build(folder: Folder, progress: Progress = _silent) -> Built:
    """Writes one workbook for each reporting unit into the outbox.

    A workbook that is already there and would change is put aside, not lost.
    """
    expected = folder.expected()
    units = expected.roster.reporting
    form = folder.form()
    jobs = [(unit, expected.last_year.get(unit.code, {})) for unit in units]
    files, changed = [], []
    make = partial(_build_one, expected.campaign)
    for index, (unit, data) in enumerate(zip(units, _each(make, jobs), strict=True), 1):
        path = folder.outbox / workbook_name(expected.campaign, form, unit)
        files.append(path)
        if write_keeping(path, data):
            changed.append(path)
        progress(index, len(units))
    return Built(tuple(files), tuple(changed))


def _build_one(campaign: Campaign, job: tuple[Unit, Mapping[str, Decimal]]) -> bytes:
    unit, last_year = job
    form = load_form(campaign.form, campaign.edition)
    answers = Answers(fields=_from_roster(form, unit))
    return build_workbook(form, unit, campaign, answers, last_year=last_year)


def _from_roster(form: Form, unit: Unit) -> dict[str, str]:
    """What the report's preamble prints and the roster knows already."""
    known = {"phone": unit.phone, "email": "；".join(unit.emails[:1])}
    said = {field.id: known.get(field.prefill, "") for field in form.fields}
    return {id_: text for id_, text in said.items() if text}


def check(files: Iterable[Path], expected: Expected | None = None) -> list[Submission]:
    """The verdict on each file; a folder stands for the files in it."""
    return [
        read_file(path, _shown(path), expected)
        for given in files
        for path in (files_below(given) if given.is_dir() else [given])
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


def collect(folder: Folder, progress: Progress = _silent) -> Collection:
    """Reads the inbox, adds up what is accepted, writes the results.

    The inbox is not changed. Running it again gives the same results.
    """
    expected = folder.expected()
    paths = list(files_below(folder.inbox))
    read = partial(_read_one, folder.inbox, expected)
    submissions = []
    for index, submission in enumerate(_each(read, paths), 1):
        submissions.append(submission)
        progress(index, len(paths))
    summary, sums = add_up(folder.form(), expected, submissions)
    if len(summary.submissions) != len(paths):
        raise AssertionError("a file of the inbox has no verdict")
    return Collection(summary, sums, tuple(_write_results(folder, expected, summary)))


def add_up(
    form: Form, expected: Expected, submissions: Sequence[Submission]
) -> tuple[Summary, Tally]:
    """Which file counts for each unit, and the totals of the tree. Pure."""
    settled = settle(form, expected.roster, submissions)
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


def _put_back(answers: Answers) -> Answers:
    """What a unit typed, as far as it can stand in its cell again.

    Totals become formulas again, whatever was typed over them.
    """
    values = {id_: _as_typed(value) for id_, value in answers.values.items()}
    return replace(answers, values=values, printed={})


def _as_typed(value: Value) -> Value:
    if value.number is not None and abs(value.number) >= LARGEST:
        return Value(State.TEXT, text=f"{value.number:.6E}")
    if value.state is State.ERROR and value.text not in ERRORS:
        return BLANK  # a cell that could not be read, or nothing an office suite shows
    return value


def _read_one(inbox: Path, expected: Expected, path: Path) -> Submission:
    return read_file(path, _shown(path.relative_to(inbox)), expected)


def _shown(path: Path) -> str:
    """The path as text that can be written anywhere: names are not always Unicode."""
    return path.as_posix().encode("utf-8", "replace").decode()


def _each(function: Callable[[_T], _R], items: Sequence[_T]) -> Iterator[_R]:
    """The results in order, from several processes where that pays."""
    workers = min(os.cpu_count() or 1, len(items) // WORTH_A_POOL)
    if workers < 2:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers, initializer=_end_with_parent) as pool:
        yield from pool.map(function, items, chunksize=8)


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for work for ever."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _write_results(
    folder: Folder, expected: Expected, summary: Summary
) -> Iterator[Path]:
    generated = Generated(folder.results)
    counted = list(summary.counted.values())
    outputs: dict[str, bytes] = {
        SUMMARY: write(summary_book(summary)),
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
                _put_back(submission.answers),
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
