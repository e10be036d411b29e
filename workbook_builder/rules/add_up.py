"""Every file of a campaign with its verdict → what the campaign came to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache

from workbook_builder.model.decision import Decided
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.later import Later, Several, at_once
from workbook_builder.model.standing import Remembered
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.rules.added import added, completed
from workbook_builder.rules.alike import FindAlike, likeness, with_likeness
from workbook_builder.rules.choose import choose
from workbook_builder.rules.covers import covers
from workbook_builder.rules.decide import decide
from workbook_builder.rules.outliers import out_of_line
from workbook_builder.rules.returned import returned
from workbook_builder.rules.settle import settle
from workbook_builder.rules.tally import Contribution, NodeFigures, Tally, nodes, tally
from workbook_builder.rules.versions import Layouts, with_changes

#: Nodes of which what they come to is at hand, and not only kept.
_AT_HAND = 16


def add_up(
    layouts: Layouts,
    expected: Expected,
    submissions: Sequence[Submission],
    decided: Sequence[Decided] = (),
    past: Remembered | None = None,
    find_alike: FindAlike = likeness,
) -> tuple[Summary, Tally]:
    """Which file counts for each unit, and the totals of the tree. Pure.

    ``past`` is what the record knows of files that came; ``find_alike`` tells whose texts
    are alike.
    """
    form = expected.form
    chosen = choose(form, submissions, decided)
    submissions, decided = decide(form, chosen)
    stands = chosen.standing.values()
    submissions = with_likeness(form, expected.roster, submissions, stands, find_alike)
    settled = settle(form, expected.roster, submissions, chosen)
    settled = with_changes(form, layouts, settled)
    sums = tally(
        Contribution(code, submission.facts, submission.path)
        for code, submission in settled.counted.items()
    )
    past = past or Remembered()
    came = returned(expected.roster, settled, past)
    own = frozenset(code for code, each in came.items() if not each.control)
    covered = covers(expected.roster, settled.standing, own)
    tree = nodes(form, expected.roster, sums, own, covered)
    wholes = NodeFigures(form)

    @lru_cache(maxsize=_AT_HAND)
    def whole(code: str) -> Mapping[str, Decimal]:
        """With its totals, which a unit that nothing is below has already."""
        if code not in expected.roster.children:
            return tree[code].totals
        if code not in wholes:
            wholes[code] = completed(form, at_once(tree[code].totals))
        return wholes[code]

    summary = Summary(
        form,
        expected.campaign,
        expected.roster,
        settled.submissions,
        settled.standing,
        settled.counted,
        tree,
        totals=Later(cache(lambda _: _added(form, settled.counted)), ""),
        node_totals=Several(whole, tree),
        outliers=out_of_line(
            form,
            {code: each.facts for code, each in settled.counted.items()},
            expected.last_period,
        ),
        returned=came,
        controls=frozenset(came) - own,
        decisions=tuple(decided),
        last_period=expected.last_period,
        covers=covered,
        publications=past.publications,
    )
    return summary, sums


def _added(form: Form, counted: Mapping[str, Submission]) -> Mapping[str, Decimal]:
    return added(form, (each.facts for each in counted.values()))
