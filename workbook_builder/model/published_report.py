"""What a published report says, and how sure that is: nothing in it was guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbook_builder.model.document import Region
from workbook_builder.model.finding import Finding
from workbook_builder.model.text import Text
from workbook_builder.model.values import BLANK, Value


class Certainty(StrEnum):
    """How sure it is that the document prints this value for this cell."""

    CERTAIN = "certain"
    """Labels explain row and column, and nothing printed speaks against it."""
    AS_PRINTED = "as_printed"
    """Read alike twice, and yet what is printed contradicts itself."""
    UNSURE = "unsure"
    """To be confirmed by a person."""
    MISSING = "missing"
    """The document does not print it, or it was not found."""

    @property
    def text(self) -> Text:
        return _CERTAINTIES[self]

    @property
    def is_settled(self) -> bool:
        """Whether the figure may be taken without a person looking at it."""
        return self in {Certainty.CERTAIN, Certainty.AS_PRINTED}


_CERTAINTIES = {
    Certainty.CERTAIN: Text("确定", "certain"),
    Certainty.AS_PRINTED: Text("照印", "as printed"),
    Certainty.UNSURE: Text("待核", "unsure"),
    Certainty.MISSING: Text("未见", "missing"),
}


class ReportKind(StrEnum):
    """What a document turned out to be."""

    REPORT = "report"
    NOT_A_REPORT = "not_a_report"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PublishedFact:
    """A cell of the form as a document prints it.

    ``words`` are what stands there, with what is around it where that is what a person
    needs to decide; ``where`` says in Chinese where to look.
    """

    value: Value = BLANK
    certainty: Certainty = Certainty.MISSING
    words: str = ""
    where: str = ""
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """``form`` and ``edition`` are those whose tables it prints, empty for no report.

    ``facts`` has every cell of that edition.
    """

    kind: ReportKind
    unit: str = ""
    year: int | None = None
    form: str = ""
    edition: str = ""
    facts: Mapping[str, PublishedFact] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> Mapping[Certainty, int]:
        """How many cells are how sure."""
        found = Counter(fact.certainty for fact in self.facts.values())
        return {certainty: found[certainty] for certainty in Certainty}
