"""汇总.xlsx: what it is made from, and one module for each of its sheets."""

from workbook_builder.outputs.summary.book import summary_book
from workbook_builder.outputs.summary.source import MISSING, Summary

__all__ = ["MISSING", "Summary", "summary_book"]
