"""报送表: one file that came back, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_builder.model.answers import Answers
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.values import Value


@dataclass(frozen=True, slots=True)
class Submission:
    """A file with its one verdict.

    ``path`` is as given, ``sha256`` identifies the bytes, ``received`` is the file
    time in seconds (0 when there is none). ``facts`` hold every cell of the form:
    inputs as read, totals recomputed; they are empty where nothing could be read.
    """

    path: str
    sha256: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    stamp: Stamp | None = None
    answers: Answers = field(default_factory=Answers)
    facts: Mapping[str, Value] = field(default_factory=dict)
    print_code: str = ""
    received: float = 0.0

    @property
    def unit_code(self) -> str:
        """Empty where the file does not say."""
        return self.stamp.unit_code if self.stamp else ""
