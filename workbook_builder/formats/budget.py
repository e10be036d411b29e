"""What is left of the limits while one workbook is read."""

from __future__ import annotations

from workbook_builder.bounds.limits import MAX_TEXT, WorkbookLimits
from workbook_builder.model.errors import UnreadableFile


class Budget:
    """What is left of the limits that all parts of one file share."""

    __slots__ = ("cells", "characters", "elements", "limits")

    def __init__(self, limits: WorkbookLimits) -> None:
        self.limits = limits
        self.elements = limits.elements
        self.cells = limits.cells
        self.characters = limits.characters

    def spent(self, other: Budget) -> None:
        """As much is left as of the other one."""
        self.elements, self.cells = other.elements, other.cells
        self.characters = other.characters

    def copied(self) -> Budget:
        other = Budget(self.limits)
        other.spent(self)
        return other

    def spend_elements(self, count: int) -> None:
        self.elements -= count
        if self.elements < 0:
            raise UnreadableFile("too_large", f"over {self.limits.elements} elements")

    def spend_cells(self, count: int) -> None:
        self.cells -= count
        if self.cells < 0:
            raise UnreadableFile("too_large", f"over {self.limits.cells} cells")

    def check_characters(self) -> None:
        """Readers subtract from ``characters`` directly, and ask here now and then."""
        if self.characters < 0:
            raise UnreadableFile(
                "too_large", f"over {self.limits.characters} characters"
            )


def check_length(text: str) -> None:
    """Raises UnreadableFile for a text that no cell can hold."""
    check_size(len(text))


def check_size(characters: int) -> None:
    """The same of a text that is still to be made."""
    if characters > MAX_TEXT:
        raise UnreadableFile("damaged", f"a text of {characters} characters")
