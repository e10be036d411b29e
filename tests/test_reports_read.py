"""Published reports are read without a wrong figure among the certain ones.

The documents are those beside the checkout; what is made of every kind of damage is
tested with reports of our own in test_reports_spoilt.py.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests import shared_reports
from tests.shared_reports import ABSENT, FILES, FOLDER, needed, printed, report
from workbook_builder.documents.read import read_document
from workbook_builder.model.published_report import (
    Certainty,
    PublishedFact,
    ReportKind,
)
from workbook_builder.model.values import State
from workbook_builder.published.read import read

pytestmark = needed
KNOWN = [(file, name) for file, name in FILES.items() if name]


def says(fact: PublishedFact) -> Decimal | str | None:
    return fact.value.number if fact.value.number is not None else fact.value.shown


@pytest.mark.parametrize(("file", "name"), KNOWN)
def test_what_is_certain_is_right(file: str, name: str) -> None:
    found = report(file)
    form = shared_reports.form_of(found)
    assert found.kind is ReportKind.REPORT
    wrong = {
        id_: (fact, printed(name, form.cells[id_]))
        for id_, fact in found.facts.items()
        if fact.certainty in {Certainty.CERTAIN, Certainty.AS_PRINTED}
        and says(fact) != printed(name, form.cells[id_])
    }
    assert not wrong


@pytest.mark.parametrize(("file", "name"), KNOWN)
def test_whose_report_of_which_year_is_seen(file: str, name: str) -> None:
    found, known = report(file), shared_reports.figures(name)
    assert found.year == known["year"]
    assert known["unit"].endswith(found.unit) or found.unit == "上海市科委"
    assert len(found.unit) > 4


#: File → how many figures are certain, certain as printed, unsure.
COUNTS = {
    "files/pt-2024-page.html": (200, 0, 0),
    "files/pt-2024-glued.txt": (197, 0, 3),
    "files/pt-2022-glued.txt": (197, 0, 3),
    "files/pt-2021-glued.txt": (197, 0, 3),
    "files/pt-2020-glued.txt": (139, 40, 19),
    "files/ptcj-2019-glued.txt": (187, 0, 11),
    "files/shanghai-office-2019.html": (198, 0, 0),
    "files/hongqi-2021.txt": (200, 0, 0),
    "files/kewei-2024.md": (10, 0, 175),
    "files/template-2021.docx": (200, 0, 0),
    "derived/suqian-2023.docx": (200, 0, 0),
    "derived/suqian-2023.odt": (200, 0, 0),
    "derived/suqian-2023.html": (200, 0, 0),
    "derived/suqian-2023.doc": (200, 0, 0),
    "derived/suqian-2023.pdf": (200, 0, 0),
    "files/hongze-2023.pdf": (169, 10, 0),
    "files/hongze-2024.pdf": (179, 0, 0),
}


@pytest.mark.parametrize("file", COUNTS)
def test_so_much_of_it_is_certain(file: str) -> None:
    counts = report(file).counts
    said = (Certainty.CERTAIN, Certainty.AS_PRINTED, Certainty.UNSURE)
    assert tuple(counts[each] for each in said) == COUNTS[file]


def contradictions(file: str) -> set[tuple[str, str | None]]:
    return {(f.code, f.cell) for f in report(file).findings if f.code[0] != "P"}


CONTRADICTORY = {"files/pt-2020-glued.txt", "files/hongze-2023.pdf"}


@pytest.mark.parametrize("file", sorted(FILES.keys() - CONTRADICTORY))
def test_where_print_agrees_with_itself_nothing_is_said(file: str) -> None:
    assert not contradictions(file)


def test_contradictions_in_print_are_found_and_nothing_else() -> None:
    """One column of results adds up to 26 and says 20; so the last column, too."""
    file = "files/pt-2020-glued.txt"
    assert contradictions(file) == {
        ("A2", "applications.closed.natural"),
        ("A2", "applications.closed.total"),
    }
    facts = report(file).facts
    assert facts["applications.closed.natural"].certainty is Certainty.AS_PRINTED
    assert facts["applications.closed.business"].certainty is Certainty.CERTAIN


def test_totals_that_are_printed_wrong_are_found_and_nothing_else() -> None:
    """Table four says 0 beside 10 and 1, and 0 beside 5."""
    file = "files/hongze-2023.pdf"
    assert contradictions(file) == {
        ("A4", "disputes.review.total"),
        ("A4", "disputes.after_review.total"),
    }
    printed_as_is = {
        id_
        for id_, fact in report(file).facts.items()
        if fact.certainty is Certainty.AS_PRINTED
    }
    assert {id_.rpartition(".")[0] for id_ in printed_as_is} == {
        "disputes.review",
        "disputes.after_review",
    }


def test_two_reports_side_by_side_are_refused() -> None:
    found = report("files/suqian-2023vs2024-comparison.pdf")
    assert found.kind is ReportKind.NOT_A_REPORT
    assert [each.code for each in found.findings] == ["P02"]
    assert not found.facts


def test_a_blank_template_is_blank_and_has_no_zeros() -> None:
    facts = report("files/template-2021.docx").facts
    assert {fact.value.state for fact in facts.values()} == {State.BLANK}


def test_nothing_but_blanks_is_made_of_what_is_not_there() -> None:
    """The old edition printed no items of 其他处理, so they are missing, not 0."""
    found = read(
        read_document((FOLDER / "files/pt-2020-glued.txt").read_bytes()),
        [form for form in shared_reports.forms() if form.edition == "2021"],
    )
    items = [fact for id_, fact in found.facts.items() if ".closed_" in id_]
    assert len(items) == 21
    assert all(fact == PublishedFact() for fact in items)


def test_every_file_has_its_figures() -> None:
    """The test of the tests: what is compared is there to be compared."""
    form = shared_reports.forms()[0]
    compared = [
        printed(name, cell) for _, name in KNOWN for cell in form.cells.values()
    ]
    assert sum(each is not ABSENT for each in compared) > len(KNOWN) * 150
