"""汇总.xlsx: its sheets in the order they are read."""

from __future__ import annotations

from workbook_builder.model.summary import Summary
from workbook_builder.outputs.summary.before import before_sheet
from workbook_builder.outputs.summary.chart_data import chart_data_sheet
from workbook_builder.outputs.summary.decisions import decisions_sheet
from workbook_builder.outputs.summary.detail import detail_sheet
from workbook_builder.outputs.summary.explanations import explanations_sheet
from workbook_builder.outputs.summary.files import files_sheet
from workbook_builder.outputs.summary.findings import findings_sheet
from workbook_builder.outputs.summary.groups import groups_sheet
from workbook_builder.outputs.summary.outlier_list import outliers_sheet
from workbook_builder.outputs.summary.overview import overview_sheet
from workbook_builder.outputs.summary.progress import progress_sheet
from workbook_builder.outputs.summary.tables import official_sheet
from workbook_builder.outputs.summary.tree import tree_sheet
from workbook_builder.outputs.summary.years import years_sheet
from workbook_builder.workbook.plan import Book


def summary_book(summary: Summary) -> Book:
    """The district's workbook: all sums are live, all stored results are true."""
    campaign = summary.campaign
    return Book(
        sheets=(
            overview_sheet(summary),
            *(official_sheet(summary, table) for table in summary.form.tables),
            years_sheet(summary),
            outliers_sheet(summary),
            tree_sheet(summary),
            progress_sheet(summary),
            groups_sheet(summary),
            findings_sheet(summary),
            explanations_sheet(summary),
            decisions_sheet(summary),
            files_sheet(summary),
            detail_sheet(summary),
            *((before_sheet(summary),) if summary.has_last_period else ()),
            chart_data_sheet(summary),
        ),
        title=f"{campaign.period.words}{summary.form.title}汇总　{campaign.district}",
        subject=summary.form.authority,
        created=campaign.period.last_day,
    )
