"""Every file of the inbox as it is taken in: when it came, and whether it is anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Verdict
from workbook_builder.model.standing import Remembered
from workbook_builder.model.submission import Submission

#: Files a moment from now are of a drive whose clock is not ours.
_SLACK = 60.0
#: What keeps apart those whose own times say nothing but which was before which.
_STEP = 0.001


def taken_in(
    submissions: Iterable[Submission], past: Remembered, now: float
) -> tuple[Submission, ...]:
    """With the time each arrived, and without blank workbooks among the returns."""
    found = [_as_return(_by_mailbox(past, each)) for each in submissions]
    return tuple(_timed(found, past, now))


def _as_return(submission: Submission) -> Submission:
    """A workbook as it was sent out is no return: a mail often carries it along."""
    if not (submission.verdict.is_claimed and submission.is_untouched):
        return submission
    found = (catalogued("I11"),)
    return replace(submission, verdict=Verdict.IGNORED, findings=found)


def _by_mailbox(past: Remembered, submission: Submission) -> Submission:
    mailbox = past.mailbox.get(submission.arrival.within)
    if mailbox is None:
        return submission
    return replace(submission, arrival=submission.arrival.seen_by(mailbox))


def _timed(
    found: Sequence[Submission], past: Remembered, now: float
) -> Iterator[Submission]:
    """Those that no mailbox saw arrived when the record first saw them.

    One that is new came after the inbox was looked at last and before now; within that,
    its own time is the first guess.
    """
    unseen = sorted(filter(_is_unseen, found), key=_guess)
    at = _known(unseen, past)
    # The record tells seconds: what it first saw within the last of them came before.
    before = (each + _STEP for each in at.values() if each < past.since + 1)
    since = max(past.since, *before, 0.0)
    guess, time = 0.0, 0.0
    for each in unseen:
        if id(each) not in at:
            own = _guess(each)[0]
            when = min(max(own, since), now + _SLACK)
            if own > guess and when <= time:
                when = time + _STEP
            guess, time = own, when
            at[id(each)] = when
    for each in found:
        yield replace(each, arrived=at.get(id(each)))


def _known(unseen: Iterable[Submission], past: Remembered) -> dict[int, float]:
    """``id`` of each that is in the record → when that first saw it.

    Of copies, the one under the same name is the same one.
    """
    at: dict[int, float] = {}
    left = {sha256: list(copies) for sha256, copies in past.seen.items()}
    others = []
    for each in unseen:
        copies = left.get(each.sha256, [])
        same = next((copy for copy in copies if copy[0] == each.path), None)
        if same is None:
            others.append(each)
        else:
            copies.remove(same)
            at[id(each)] = same[1]
    for each in others:
        if left.get(each.sha256):
            at[id(each)] = left[each.sha256].pop(0)[1]
    return at


def _is_unseen(submission: Submission) -> bool:
    return submission.is_recorded and submission.arrival.taken is None


def _guess(submission: Submission) -> tuple[float, str]:
    return submission.arrival.at(submission.received), submission.path
