"""Our own report, in whatever format it was published, reads back as what it says."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from tests import support
from tests.own_reports import FORM, YEAR, Own, glued, own_reports, sample, tabbed, wrong
from workbook_builder.documents.read import read_document
from workbook_builder.model.document import Document
from workbook_builder.model.period import Period
from workbook_builder.model.published_report import (
    Certainty,
    PublishedReport,
    ReportKind,
)
from workbook_builder.outputs.page import html
from workbook_builder.outputs.report import Contents, report
from workbook_builder.published.read import read

#: Each example is a whole document; making smaller ones of a failure takes minutes.
SLOW = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def reading(document: Document) -> PublishedReport:
    return read(document, [FORM])


def figures(found: PublishedReport) -> dict[str, object]:
    return {id_: fact.value.number for id_, fact in found.facts.items()}


@SLOW
@given(own_reports())
def test_a_word_report_says_what_it_was_made_of(own: Own) -> None:
    found = reading(own.document())
    assert (found.unit, found.year, found.edition) == (own.unit, YEAR, FORM.edition)
    assert figures(found) == own.figures
    assert set(found.counts) == set(Certainty)
    assert found.counts[Certainty.CERTAIN] == len(FORM.cells)
    assert found.texts == own.texts
    assert not found.findings


@SLOW
@given(own_reports())
def test_a_web_page_says_what_it_was_made_of(own: Own) -> None:
    assert FORM.wording is not None
    contents = Contents(own.unit, Period(YEAR), own.figures, own.texts)
    found = reading(read_document(html(report(FORM, FORM.wording, contents))))
    assert figures(found) == own.figures
    assert found.counts[Certainty.CERTAIN] == len(FORM.cells)


@SLOW
@given(own_reports())
def test_text_with_tabs_is_read_without_a_mistake(own: Own) -> None:
    found = reading(read_document(tabbed(own.document()).encode()))
    assert not wrong(found, own.figures)
    assert found.counts[Certainty.CERTAIN] == len(FORM.cells)
    assert found.texts == own.texts


@SLOW
@given(own_reports())
def test_glued_figures_are_cut_without_a_mistake(own: Own) -> None:
    found = reading(read_document(glued(own.document()).encode()))
    assert found.kind is ReportKind.REPORT
    assert not wrong(found, own.figures)


def test_figures_that_differ_from_each_other_are_all_found_in_their_places() -> None:
    """The test of the tests: a cell that stands for another would be seen."""
    own = sample()
    assert len(set(own.figures.values())) > 60
    assert figures(reading(own.document())) == own.figures


def test_the_sentence_of_a_text_stays_with_its_own_heading() -> None:
    own = sample()
    found = reading(read_document(glued(own.document()).encode()))
    for text in FORM.narratives:
        assert support.TEXT in found.texts[text.id], text.id
