"""What the inbox comes to, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial

from workbook_builder.bounds.isolation import beside
from workbook_builder.campaign.alike_before import alike_before
from workbook_builder.campaign.decisions import assignments, decisions
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.event import Event
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import Roster
from workbook_builder.pipeline.inbox import take_in
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.recording import remembered
from workbook_builder.rules.add_up import add_up
from workbook_builder.rules.alike import Alike, alike_in, together
from workbook_builder.rules.decide import assign
from workbook_builder.rules.tally import Tally
from workbook_builder.workbook.place import layout_of

#: Files with which work is shared by two processes. Of more they would be in memory twice;
#: of fewer than the other number a second process is no gain where their texts are compared.
SMALL, FEW = 3000, 300


def survey(
    folder: Folder,
    expected: Expected,
    events: tuple[Event, ...],
    progress: Progress = silent,
    *,
    keep: bool = False,
) -> tuple[Summary, Tally]:
    """What ``collect`` finds, without writing anything; ``keep`` lets it write down what
    was read, for the next time."""
    events = tuple(events)
    submissions = assign(
        take_in(folder, expected, events, progress, keep=keep), assignments(events)
    )
    layouts = partial(layout_of, expected.form)
    summary, sums = add_up(
        layouts,
        expected,
        submissions,
        decisions(events),
        remembered(events),
        alike_before(folder, expected, _likeness, keep=keep),
    )
    found = Counter(each.path for each in submissions)
    if Counter(each.path for each in summary.submissions) != found:
        raise AssertionError("a file that was read is not in the results")
    return summary, sums


def _likeness(
    form: Form, roster: Roster, standing: Mapping[str, Submission]
) -> tuple[Alike, ...]:
    """As :func:`workbook_builder.rules.alike.likeness`, half of the texts meanwhile."""
    half = len(form.narratives) // 2
    rest = partial(alike_in, form.narratives[half:], roster, standing)
    two = FEW <= len(standing) <= SMALL
    with beside(rest) if two else nullcontext(rest) as others:
        found = alike_in(form.narratives[:half], roster, standing)
        return together((*found, *others()))
