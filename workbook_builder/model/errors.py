"""Exceptions: only for a wrong definition, a wrong command or an unreadable file.

What is wrong with a unit's figures is never an exception but a
:class:`~workbook_builder.model.finding.Finding`.
"""

from __future__ import annotations


class WorkbookBuilderError(Exception):
    """Base of all errors a user can cause; its text is meant to be shown."""


class DefinitionError(WorkbookBuilderError):
    """A form definition under ``templates/`` contradicts itself."""

    def __init__(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.file, self.key, self.problem, self.remedy = file, key, problem, remedy
        super().__init__(f"{file}: {key}: {problem}. {remedy}")


class RuleError(WorkbookBuilderError):
    """A rule is not a sentence of the expression language."""


class RosterError(WorkbookBuilderError):
    """The list of units cannot be used; ``problems`` names each row and remedy."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        self.file, self.problems = file, problems
        super().__init__("\n".join((file, *(f"  {line}" for line in problems))))


class CampaignError(WorkbookBuilderError):
    """A campaign folder is missing, incomplete or contradicts itself."""


class WorkbookError(WorkbookBuilderError):
    """The workbook to be written breaks a limit of the file format."""


class UnreadableFile(WorkbookBuilderError):
    """A file that came back is no workbook that can be read.

    ``reason`` is a stable slug (``empty``, ``encrypted``, ``truncated``,
    ``too_large``, ``bomb``, ``dtd``, ``duplicate_parts``, ``not_spreadsheet``,
    ``other_format``, ``damaged``); the sentence for the clerk is made from it.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}" if detail else reason)
