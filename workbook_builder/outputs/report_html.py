"""The report as a web page: one file that needs nothing else and runs no script.

Every figure names its labels (``headers``), so that a screen reader says them; wide
tables scroll in a region of their own, which a keyboard can reach.
"""

from __future__ import annotations

from workbook_builder.outputs.page import page
from workbook_builder.outputs.report import Report


def html(report: Report) -> bytes:
    """The page's bytes, UTF-8."""
    return page("report.html", report=report)
