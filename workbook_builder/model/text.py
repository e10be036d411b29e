"""A sentence in both languages of the program."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """Units and the public read Chinese; the command line speaks either."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """``language`` is ``zh`` or ``en``."""
        return self.en if language == "en" else self.zh
