"""Every file of a campaign with its verdict → what the campaign came to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from workbook_builder.model.decision import Decided
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.later import Later
from workbook_builder.model.standing import Remembered
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary, TreeNode
from workbook_builder.model.unit import Roster
from workbook_builder.rules.added import added, completed
from workbook_builder.rules.alike import with_likeness
from workbook_builder.rules.choose import choose
from workbook_builder.rules.covers import covers
from workbook_builder.rules.decide import decide
from workbook_builder.rules.outliers import out_of_line
from workbook_builder.rules.returned import returned
from workbook_builder.rules.settle import settle
from workbook_builder.rules.tally import Contribution, Tally, nodes, tally
from workbook_builder.rules.versions import Layouts, with_changes


def add_up(
    layouts: Layouts,
    expected: Expected,
    submissions: Sequence[Submission],
    decided: Sequence[Decided] = (),
    past: Remembered | None = None,
) -> tuple[Summary, Tally]:
    """Which file counts for each unit, and the totals of the tree. Pure.

    ``past`` is what the record knows of files that came.
    """
    form = expected.form
    chosen = choose(form, submissions, decided)
    submissions, decided = decide(form, chosen)
    stands = chosen.standing.values()
    submissions = with_likeness(form, expected.roster, submissions, stands)
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
    facts = {code: submission.facts for code, submission in settled.counted.items()}

    @cache
    def whole(code: str) -> Mapping[str, Decimal]:
        return _whole(form, expected.roster, tree[code])

    summary = Summary(
        form,
        expected.campaign,
        expected.roster,
        settled.submissions,
        settled.standing,
        settled.counted,
        tree,
        totals=Later(cache(lambda _: added(form, facts.values())), ""),
        node_totals={code: Later(whole, code) for code in tree},
        outliers=out_of_line(form, facts, expected.last_period),
        returned=came,
        controls=frozenset(came) - own,
        decisions=tuple(decided),
        last_period=expected.last_period,
        covers=covered,
        publications=past.publications,
    )
    return summary, sums


def _whole(form: Form, roster: Roster, node: TreeNode) -> Mapping[str, Decimal]:
    """With its totals, which a unit that nothing is below has already."""
    if node.code not in roster.children:
        return node.totals
    return completed(form, node.totals)
