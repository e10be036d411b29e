"""标识: what the builder hides in a workbook so that it can be recognised.

The signature proves that unit, period and campaign are as they were sent out; it does
not hide anything. Without the campaign's key it cannot be verified, and is not.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from workbook_builder.model.period import Frequency, Period


@dataclass(frozen=True, slots=True)
class Stamp:
    """``kind`` is ``return``, or ``rollup`` for a district's own sum."""

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

    def signed(self, key: str) -> Stamp:
        """The stamp with the signature a campaign's key gives it."""
        return Stamp(*self._content(), signature=self.sign(key))

    def sign(self, key: str) -> str:
        """16 hex digits of HMAC-SHA256 over all other fields."""
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
        return {**words, **self.period.parts, "signature": self.signature}

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


def stamp_keys(frequency: Frequency) -> tuple[str, ...]:
    """In the order they stand on the hidden sheet: a quarter has one more than a year."""
    return (*_WORDS, *frequency.parts, "signature")
