"""汇总.xlsx: its sheets in the order they are read."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.before import before_sheet
from workbook_builder.outputs.summary.chart_data import chart_data_sheet
from workbook_builder.outputs.summary.decisions import decisions_sheet
from workbook_builder.outputs.summary.detail import detail_sheet
from workbook_builder.outputs.summary.explanations import explanations_sheet
from workbook_builder.outputs.summary.files import files_sheet
from workbook_builder.outputs.summary.findings import findings_sheet
from workbook_builder.outputs.summary.groups import groups_sheet
from workbook_builder.outputs.summary.large import lists_units, standing_alone
from workbook_builder.outputs.summary.outlier_list import outliers_sheet
from workbook_builder.outputs.summary.overview import overview_sheet
from workbook_builder.outputs.summary.progress import progress_sheet
from workbook_builder.outputs.summary.tables import official_sheet
from workbook_builder.outputs.summary.tree import tree_sheet
from workbook_builder.outputs.summary.years import years_sheet
from workbook_builder.workbook.plan import Book, Sheet


def summary_book(summary: Summary) -> Book:
    """The district's workbook: all sums are live, all stored results are true."""
    campaign = summary.campaign
    return Book(
        sheets=tuple(standing_alone(summary, each) for each in _sheets(summary)),
        title=f"{campaign.period.words}{summary.form.title}汇总　{campaign.district}",
        subject=summary.form.authority,
        created=campaign.period.last_day,
    )


def _sheets(summary: Summary) -> Iterator[Sheet]:
    """Made one after the other, so that of very many units not all are in memory."""
    whole = lists_units(summary)
    yield overview_sheet(summary)
    yield from (official_sheet(summary, table) for table in summary.form.tables)
    yield years_sheet(summary)
    yield outliers_sheet(summary)
    yield tree_sheet(summary)
    if whole:
        yield progress_sheet(summary)
    yield groups_sheet(summary)
    if whole:
        yield findings_sheet(summary)
        yield explanations_sheet(summary)
    yield decisions_sheet(summary)
    if whole:
        yield files_sheet(summary)
        yield detail_sheet(summary)
        if summary.has_last_period:
            yield before_sheet(summary)
    yield chart_data_sheet(summary)
