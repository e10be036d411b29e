"""汇总.xlsx: one module for each of its sheets."""

from workbook_builder.outputs.summary.book import summary_book

__all__ = ["summary_book"]
