"""The state and value of one cell: blank is not zero, and text is not a number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class State(StrEnum):
    """What a cell holds; kept apart through formula, check and total."""

    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "not_applicable"
    TEXT = "text"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Value:
    """One cell's content. ``number`` is set for NUMBER, ``text`` for the rest.

    For NOT_APPLICABLE and TEXT the text is as typed; for ERROR it is what the
    office suite shows (``#REF!``).
    """

    state: State
    number: Decimal | None = None
    text: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.NUMBER) != (self.number is not None):
            raise ValueError(f"{self.state} does not go with number={self.number}")

    @property
    def shown(self) -> str | None:
        """The value as a string for messages and JSON; None for a blank."""
        if self.number is not None:
            return plain(self.number)
        return None if self.state is State.BLANK else self.text


BLANK = Value(State.BLANK)

#: What every suite shows for an error; a cell of state ERROR may say other things too.
ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")


ZERO = Value(State.NUMBER, Decimal(0))


def number(value: Decimal | int) -> Value:
    """A NUMBER value; floats are refused by type, they are not exact."""
    # Most figures of most units are 0; one object serves them all.
    return Value(State.NUMBER, Decimal(value)) if value else ZERO


def plain(value: Decimal) -> str:
    """Digits without exponent, separators or trailing zeros: ``59237.2449``."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def grouped(value: Decimal) -> str:
    """As printed for people: ``1,204`` or ``59,237.2449``."""
    whole, dot, rest = plain(value).partition(".")
    return f"{int(whole):,}{dot}{rest}" if whole != "-0" else f"-0{dot}{rest}"


# What a spreadsheet file stores is a double. Anything nearer to the grid than
# this is the double's own noise (0.1 + 0.2), not something a clerk typed.
NOISE = Decimal("1e-7")


def on_grid(value: Decimal, decimals: int) -> bool:
    """Whether the value is a multiple of the step 10^-decimals, but for noise."""
    if value == value.to_integral_value():
        return True  # also where the steps have more digits than a Decimal takes
    return abs(value - value.quantize(Decimal(1).scaleb(-decimals))) < NOISE


def from_double(text: str, decimals: int) -> Decimal:
    """The exact number a stored double stands for.

    Suites write 59237.2449 as ``59237.2449`` or ``59237.244899999998``; both
    are the same double. Its shortest text is taken, then double noise is put
    back on the grid of ``decimals``. A value off the grid stays as it is.
    """
    value = number_from_double(text, decimals).number
    assert value is not None
    return value


def number_from_double(text: str, decimals: int) -> Value:
    """The same number as a value, of which equal ones are one object."""
    told = _short_number if len(text) <= _SHORT else _number
    return told(text, decimals)


def _number(text: str, decimals: int) -> Value:
    return number(_exact(text, decimals))


def _exact(text: str, decimals: int) -> Decimal:
    value = Decimal(repr(float(text)))
    if value.is_finite() and abs(value) < Decimal(10) ** 15:
        nearest = value.quantize(Decimal(1).scaleb(-decimals))
        if abs(value - nearest) < NOISE:
            return nearest.normalize() + 0
    return value


# Figures repeat, and most are 0.
_SHORT = 24
_short_number = lru_cache(maxsize=1 << 12)(_number)
