"""workbook-builder."""
