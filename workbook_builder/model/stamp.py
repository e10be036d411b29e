"""标识: what the builder hides in a workbook so that it can be recognised.

The signature proves that unit, year and campaign are as they were sent out; it does
not hide anything. Without the campaign's key it cannot be verified, and is not.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, fields


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
    year: int
    signature: str = ""

    def signed(self, key: str) -> Stamp:
        """The stamp with the signature a campaign's key gives it."""
        return Stamp(*self._content(), signature=self.sign(key))

    def sign(self, key: str) -> str:
        """16 hex digits of HMAC-SHA256 over all other fields."""
        text = "\x1f".join(str(part) for part in self._content())
        return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]

    def is_signed_with(self, key: str) -> bool:
        return hmac.compare_digest(self.signature, self.sign(key))

    def _content(self) -> tuple[str, str, str, str, str, str, str, str, int]:
        return (
            self.form,
            self.edition,
            self.layout,
            self.campaign,
            self.kind,
            self.unit_code,
            self.unit_name,
            self.unit_type,
            self.year,
        )


#: In the order they stand on the hidden sheet.
STAMP_KEYS = tuple(field.name for field in fields(Stamp))
