"""What is left of the limits while one document is read."""

from __future__ import annotations

from workbook_builder.bounds.limits import DOCUMENT, DocumentLimits
from workbook_builder.model.errors import UnreadableFile


class DocumentBudget:
    """What is left of the limits that all parts of one document share."""

    def __init__(self, limits: DocumentLimits = DOCUMENT) -> None:
        self.limits = limits
        self._cells = limits.table_cells
        self._characters = limits.text
        self._marks = limits.marks

    def spend_cell(self) -> None:
        self._cells -= 1
        if self._cells < 0:
            raise UnreadableFile("too_large", f"over {self.limits.table_cells} cells")

    def spend_marks(self, count: int) -> None:
        self._marks -= count
        if self._marks < 0:
            raise UnreadableFile("too_large", f"over {self.limits.marks} marks")

    def spend_characters(self, count: int) -> None:
        self._characters -= count
        if self._characters < 0:
            raise UnreadableFile("too_large", f"over {self.limits.text} characters")
