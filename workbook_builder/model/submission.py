"""报送表: one file that came back, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from workbook_builder.model.answers import Answers
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.letter import Letter
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import Value

#: Longer texts are not quoted in a sentence.
QUOTED = 20
#: Codes of what the district's clerk has to say himself.
_OF_THE_DESK = frozenset({"J01"})


@dataclass(frozen=True, slots=True)
class Change:
    """What differs between two versions of one unit's return.

    One cell, text, field, declaration or 说明 that is not the same.

    ``id`` is its permanent id (a table's for a declaration, the line's for a 说明).
    ``before`` and ``after`` are what is shown there, None for a blank. A 说明 has no
    ``address``: the line is found by its key.
    """

    id: str
    sheet: str
    address: str
    before: str | None
    after: str | None

    @property
    def text(self) -> Text:
        """``表三 D8 由 9 改为 10``."""
        where = f"{self.sheet} {self.address or self.id}"
        if max(len(self.before or ""), len(self.after or "")) > QUOTED:
            return Text(f"{where} 的文字有改动", f"{where}: another text")
        return Text(
            f"{where} 由 {self.before or '空白'} 改为 {self.after or '空白'}",
            f"{where}: {self.before or 'blank'} → {self.after or 'blank'}",
        )


@dataclass(frozen=True, slots=True)
class Submission:
    """A file with its one verdict.

    ``path`` is as given, with the way through archives and mails where it came in
    some; ``sha256`` identifies the bytes, ``received`` is the file time in seconds (0
    when there is none), ``arrival`` what the mail around it says, ``arrived`` when it
    came by all that is known here. ``facts`` hold every
    cell of the form: inputs as read, totals recomputed; they are empty where nothing
    could be read. ``changes`` tell a superseded version from the one that stands,
    ``letter`` is there where it is no workbook but a letter, ``sealed_by`` the public key
    whose seal fits a roll-up.
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
    arrival: Arrival = field(default_factory=Arrival)
    changes: tuple[Change, ...] = ()
    letter: Letter | None = None
    arrived: float | None = None
    sealed_by: str = ""

    @property
    def unit_code(self) -> str:
        """Empty where the file does not say."""
        return self.stamp.unit_code if self.stamp else ""

    @property
    def is_replaced(self) -> bool:
        """Whether another version of the same unit counts."""
        return self.verdict.is_return and not self.verdict.can_stand

    @property
    def is_read(self) -> bool:
        """Whether to read it again could tell nothing else: not where it could not be
        read, nor of a document that may be a report nobody could make out."""
        unmade = self.letter is not None and self.letter.kind.is_document
        return self.verdict is not Verdict.UNREADABLE and not (
            unmade and self.stamp is None
        )

    @property
    def is_report(self) -> bool:
        """Whether it is a published report that came instead of a workbook."""
        return any(each.is_of_a_report for each in self.findings)

    @property
    def is_recorded(self) -> bool:
        """Whether the record keeps when it came: not of what nobody has to look at."""
        return bool(self.sha256) and (self.verdict.is_return or self.verdict.asks)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """What somebody has to act on: nothing where its verdict asks for nothing."""
        found = self.findings if self.verdict.asks else ()
        return tuple(each for each in found if each.is_open)

    @property
    def reason(self) -> Text:
        """Its first finding; for a version that was replaced, also what was changed."""
        found = [f for f in self.findings if f.code.startswith("V")]
        found = found if self.is_replaced else []
        said = [each.message for each in found or self.findings[:1]]
        return Text("".join(t.zh for t in said), " ".join(t.en for t in said))

    @property
    def came(self) -> float:
        """Seconds: when it arrived; as far as the file itself and its mail can tell,
        where nobody has looked it up."""
        return self.arrival.at(self.received) if self.arrived is None else self.arrived

    @property
    def is_proved(self) -> bool:
        """Whether its stamp is proved, and nothing speaks against it."""
        return not any(each.keeps_beside for each in self.findings)

    def seen_by(self, unit: Unit) -> Submission:
        """As it may go back to the unit. Of what may be another's, and did not come from
        its own address, it is only told that it may be another's."""
        own = {each.casefold() for each in unit.emails}
        doubts = {each.code for each in self.findings if each.doubts_stamp}
        if not doubts or self.arrival.sender.casefold() in own:
            return self
        told = (each for each in self.findings if each.code in doubts | _OF_THE_DESK)
        return replace(self, findings=tuple(told), answers=Answers(), facts={})

    @property
    def is_untouched(self) -> bool:
        """Whether nobody typed anything but what was filled in beforehand, and nothing
        was left unread: a wrong signature leaves everything readable."""
        said = self.answers
        typed = said.values or said.declared or said.texts or said.explanations
        unread = (
            each.severity.must_hold and not each.line and each.code != "T05"
            for each in self.findings
        )
        return self.stamp is not None and not (typed or said.printed or any(unread))

    @property
    def order(self) -> tuple[float, float, str, str]:
        """Sorts versions: the largest is the latest, in whatever order they are read.

        The time an archive gives its files decides between those that came together,
        then the name: a version must stand, and always the same one.
        """
        return (self.came, self.arrival.saved, self.path, self.sha256)
