"""A table that was filled in elsewhere is brought in with one paste, totals included.

Documents have other columns than our sheets: what stands in a row is known by its order.
ONLYOFFICE, which calculates after every cell that a test types, is asked in
``test_equivalence``.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

import pytest

from tests import engines, support
from tests.test_clerk import Screen
from tests.test_clerk import judged as judged_as_shown
from workbook_builder.model.answers import REST_PASTED, Answers
from workbook_builder.model.finding import Verdict
from workbook_builder.model.layout import Place
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import GUIDE, PASTE, place
from workbook_builder.workbook.sheets.guide import STATUS_ROW
from workbook_builder.workbook.sheets.table import DECLARATIONS, NOT_ALIKE

FORM = support.form()
LAYOUT = place(FORM)
Page = dict[Place, support.Typed]

#: Where the cells of a row come to stand, by what copies: as printed, as Writer puts them
#: (a column too far to the left), and on a page whose columns are those of other tables.
COLUMNS = {"printed": None, "writer": [0, 1, *[1] * 30], "page": [0, 3, *[1, 2] * 15]}
WRONG = {"applications.received.total": 12, "disputes.review.total": 1}
"""Of nine and two: the first does not add up, the second does."""


def page(table: str, how: str, **others: support.Figure) -> Page:
    """The page after a table was pasted: the figures of ``BUSY``, zeros, and their sums."""
    shown = support.judged(support.workbook(support.BUSY)).facts
    figures: Page = {LAYOUT.cells[i]: v.number or 0 for i, v in shown.items()}
    figures |= {LAYOUT.cells[id_]: entry for id_, entry in others.items()}
    found: Page = {}
    for row in LAYOUT.printed_rows(table):
        twins = [LAYOUT.pasted_at(table, spot) for spot in row]
        found |= dict.fromkeys(twins)  # what the page itself says there is gone
        steps = COLUMNS[how]
        columns = list(accumulate(steps)) if steps else [t.column for t in twins]
        for spot, column in zip(row, columns, strict=False):
            label = LAYOUT.labels.get(spot)
            said = label and label.replace("（", "(").replace("、", "、 ")
            found[Place(PASTE, twins[0].row, column)] = said or figures[spot]
    return found


def entered(entries: Page) -> dict[engines.Cell, engines.Entry]:
    return {
        (spot.sheet, spot.address): entry
        for spot, entry in entries.items()
        if not isinstance(entry, support.Raw)
    }


@cache
def blank() -> bytes:
    return build_workbook(
        FORM,
        support.unit(),
        support.campaign(),
        Answers(fields=support.fields(FORM)),
    )


@pytest.mark.engine
def test_tables_are_pasted_and_what_does_not_add_up_is_shown() -> None:
    entries: Page = page("proactive", "printed")
    entries |= page("applications", "writer", **WRONG)
    entries |= page("disputes", "page", **WRONG)
    entries |= dict.fromkeys(
        (LAYOUT.declarations[table.id] for table in FORM.tables), REST_PASTED
    )
    entries |= dict.fromkeys(LAYOUT.texts.values(), support.TEXT)
    entries[LAYOUT.cells["applications.granted.natural"]] = 8
    submission, screen = judged_as_shown(
        engines.require("libreoffice").fill(blank(), entered(entries))
    )
    answers = submission.answers
    assert answers is not None
    assert {
        id_: value.number for id_, value in answers.values.items() if value.number
    } == dict(support.BUSY)
    wrong = [f for f in submission.findings if f.severity.must_hold]
    assert [(f.code, f.seen, f.expected) for f in wrong] == [
        ("A1", "12", "11"),  # nor does the column of totals
        ("A3", "12", "11"),
    ]
    assert {f.cell for f in wrong} == {"applications.received.total"}
    assert submission.verdict is Verdict.REJECTED
    assert screen.status == "还不能报：2 处要改"
    assert screen.at(LAYOUT.cells["applications.received.total"]) == "12"
    assert screen.declaration("applications") == DECLARATIONS[REST_PASTED]
    problems = [screen.at(Place(GUIDE, row, 2)) for row in range(STATUS_ROW, 20)]
    assert len([said for said in problems if "12 应等于 11" in said]) == 1


@pytest.mark.engine
def test_what_does_not_line_up_is_not_taken_and_said() -> None:
    entries = page("applications", "page")
    first = LAYOUT.printed_rows("applications")[3]
    twin = LAYOUT.pasted_at("applications", first[0])
    entries[Place(PASTE, twin.row, 0)] = "二、另外一项"
    entries |= page("disputes", "printed")
    lost = LAYOUT.pasted_at("disputes", LAYOUT.cells["disputes.review.other"])
    entries[lost] = None
    tables = {"applications": twin.address, "disputes": f"A{lost.row + 1}"}
    entries |= {LAYOUT.declarations[table]: REST_PASTED for table in tables}
    data = engines.require("libreoffice").fill(blank(), entered(entries))
    submission, screen = support.judged(data), Screen(data)
    said = {f.sheet: f.address for f in submission.findings if f.code == "Y18"}
    assert [f.address for f in submission.findings if f.code == "Y18"] == [
        *tables.values()
    ]
    assert said.keys() == {PASTE}
    assert submission.answers is not None
    assert not submission.answers.values
    for table, address in tables.items():
        assert screen.declaration(table) == NOT_ALIKE + address


def test_what_is_typed_in_the_table_goes_before_what_was_pasted() -> None:
    data = support.put(
        blank(),
        {
            **page("disputes", "printed", **{"disputes.review.upheld": "１"}),
            LAYOUT.declarations["disputes"]: REST_PASTED,
            LAYOUT.cells["disputes.review.pending"]: 5,
        },
    )
    submission = support.judged(data)
    assert submission.answers is not None
    values = submission.answers.values
    assert values["disputes.review.upheld"].number == 1
    assert values["disputes.review.pending"].number == 5
    typed_as_text = [f for f in submission.findings if f.code == "Y06"]
    assert [f.sheet for f in typed_as_text] == [PASTE]


def test_what_is_pasted_counts_for_nothing_until_it_is_chosen() -> None:
    submission = support.judged(support.put(blank(), page("disputes", "printed")))
    assert submission.answers is not None
    assert not submission.answers.values
    assert not submission.answers.printed
