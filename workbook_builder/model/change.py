"""What differs between two versions of one unit's return, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_builder.model.text import Text

#: Longer texts are not quoted in a sentence.
QUOTED = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One cell, text, field, declaration or 说明 that is not the same.

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
