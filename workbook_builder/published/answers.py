"""What a published report says, as the answers of a return."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.published_report import Certainty, PublishedReport
from workbook_builder.model.values import BLANK, Value


def settled(report: PublishedReport) -> Mapping[str, Value]:
    """The cells that may be taken without a person looking at them."""
    return {
        id_: fact.value
        for id_, fact in report.facts.items()
        if fact.certainty.is_settled
    }


def answers_of(form: Form, report: PublishedReport) -> Answers:
    """Its settled figures and its texts; a cell that prints nothing is blank. Totals are
    as printed: what is printed of them must be what is added up."""
    inputs = {cell.id for cell in form.inputs}
    known = settled(report).items()
    figures = {id_: value for id_, value in known if value != BLANK}
    return Answers(
        values={id_: value for id_, value in figures.items() if id_ in inputs},
        texts=dict(report.texts),
        printed={id_: value for id_, value in figures.items() if id_ not in inputs},
    )


def unread(form: Form, report: PublishedReport) -> frozenset[str]:
    """What no check may ask of a report: cells a person has to decide, and the fields,
    which it is not read for."""
    fields = {each.id for each in form.fields}
    return frozenset(report.facts.keys() - settled(report).keys() | fields)


def unsure(form: Form, report: PublishedReport) -> list[Finding]:
    """P13 for each input that a person has to decide, with the words of the report."""
    inputs = {cell.id for cell in form.inputs}
    return [
        catalogued("P13", detail=f"{fact.where}“{fact.words}”", cell=id_)
        for id_, fact in report.facts.items()
        if id_ in inputs and fact.certainty is Certainty.UNSURE
    ]
