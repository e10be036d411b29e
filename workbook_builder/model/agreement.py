"""期限: what was agreed with one unit about when its return is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workbook_builder.model.period import day_words
from workbook_builder.model.text import Text


@dataclass(frozen=True, slots=True)
class Agreement:
    """延期 or 免报: ``until`` is None where the unit need return nothing at all.

    ``by`` agreed to it, for the reason ``why``; the roster may say neither.
    """

    until: date | None
    by: str = ""
    why: str = ""

    @property
    def text(self) -> Text:
        """“延期至2026年2月10日”."""
        if self.until is None:
            return Text("免报", "excused")
        return Text(f"延期至{day_words(self.until)}", f"extended to {self.until}")

    @property
    def reason(self) -> str:
        """“机构搬迁，王主任同意”."""
        agreed = f"{self.by}同意" if self.by else ""
        return "，".join(filter(None, (self.why.rstrip("。"), agreed)))

    @property
    def whole(self) -> str:
        """“延期至2026年2月10日（机构搬迁，王主任同意）”."""
        return f"{self.text.zh}（{self.reason}）" if self.reason else self.text.zh
