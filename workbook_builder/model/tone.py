"""How a word is meant. What colour that is, each face of the program says once."""

from __future__ import annotations

from enum import StrEnum


class Tone(StrEnum):
    """``STRANGE`` is nobody's, ``WAITING`` is not there yet, ``NOTE`` may be read,
    ``QUIET`` needs nobody.
    """

    GOOD = "good"
    OPEN = "open"
    BAD = "bad"
    STRANGE = "strange"
    WAITING = "waiting"
    NOTE = "note"
    QUIET = "quiet"
