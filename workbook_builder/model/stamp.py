"""标识: what the builder hides in a workbook so that it can be recognised.

The signature proves that unit, period and campaign are as they were sent out; it does
not hide anything. Without the campaign's key it cannot be verified, and is not.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbook_builder.model.period import Frequency, Period

#: Names that a stamp lists, and what a reader takes of them.
_NAMED, _LONGEST = 20, 400
_COVERAGE = re.compile(r"([0-9]{1,7})/([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units of the lowest level a sum should hold and holds, and which are
    missing."""

    due: int
    counted: int
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.counted}/{self.due}"

    @classmethod
    def read(cls, said: str, missing: str) -> Coverage | None:
        """As a stamp says it, “1/5”; None for anything else."""
        found = _COVERAGE.fullmatch(said)
        if found is None or int(found[1]) > int(found[2]):
            return None
        return cls(int(found[2]), int(found[1]), missing[:_LONGEST])

    @property
    def is_whole(self) -> bool:
        return self.counted == self.due


def listed(names: Sequence[str]) -> str:
    """So many names as a stamp has room for."""
    more = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    return ("、".join(names[:_NAMED]) + more)[:_LONGEST]


@dataclass(frozen=True, slots=True)
class Stamp:
    """``kind`` is ``return``, or ``rollup`` for a district's own sum.

    Only a roll-up has what follows the signature: of which units it is the sum, and its
    seal (:mod:`rules.seal`). One that an earlier version made has neither.
    """

    form: str
    edition: str
    layout: str
    campaign: str
    kind: str
    unit_code: str
    unit_name: str
    unit_type: str
    period: Period
    signature: str = ""
    coverage: Coverage | None = None
    public_key: str = ""
    seal: str = ""

    def signed(self, key: str) -> Stamp:
        """The stamp with the signature a campaign's key gives it."""
        return replace(self, signature=self.sign(key))

    def sign(self, key: str) -> str:
        """16 hex digits of HMAC-SHA256 over all fields before it."""
        text = "\x1f".join(str(part) for part in self._content())
        return hmac.new(_coded(key), _coded(text), hashlib.sha256).hexdigest()[:16]

    def is_signed_with(self, key: str) -> bool:
        return hmac.compare_digest(_coded(self.signature), _coded(self.sign(key)))

    @property
    def year(self) -> int:
        """The year that the period is, or is in."""
        return self.period.year

    @property
    def entries(self) -> dict[str, str | int]:
        """What stands on the hidden sheet, in the order of :func:`stamp_keys`."""
        words = {key: getattr(self, key) for key in _WORDS}
        said = {**words, **self.period.parts, "signature": self.signature}
        if (covers := self.coverage) is None:
            return said
        own = (str(covers), covers.missing, self.public_key, self.seal)
        return {**said, **dict(zip(ROLLUP_KEYS, own, strict=True))}

    def _content(self) -> tuple[str, str, str, str, str, str, str, str, Period]:
        return (
            self.form,
            self.edition,
            self.layout,
            self.campaign,
            self.kind,
            self.unit_code,
            self.unit_name,
            self.unit_type,
            self.period,
        )


_WORDS = (
    *("form", "edition", "layout", "campaign", "kind"),
    *("unit_code", "unit_name", "unit_type"),
)


def _coded(text: str) -> bytes:
    """Bytes of whatever somebody may write into a stamp."""
    return text.encode("utf-8", "surrogatepass")


#: What a roll-up says besides, below all others.
ROLLUP_KEYS = ("coverage", "missing", "public_key", "seal")


def stamp_keys(frequency: Frequency) -> tuple[str, ...]:
    """In the order they stand on the hidden sheet: a quarter has one more than a year.
    Those of :data:`ROLLUP_KEYS` come last, and a return has none of them."""
    return (*_WORDS, *frequency.parts, "signature", *ROLLUP_KEYS)
