"""From a total back to the files and cells it was added up from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Contributor:
    """What one unit added, and where it was read.

    ``amount`` is None where the unit was counted but its cell holds no number.
    """

    unit: str
    name: str
    amount: Decimal | None
    file: str
    sha256: str
    edition: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that should have returned and adds nothing, with its state; or those that
    are missing from its roll-up."""

    unit: str
    name: str
    state: str
    file: str


@dataclass(frozen=True, slots=True)
class Trace:
    """One cell of the whole or of one branch of the tree.

    ``node`` is the unit at the head of the branch, empty for the whole; ``recorded``
    is the total written when the results were made, None where nobody had a number.
    ``due`` and ``counted`` are of the lowest level: a roll-up is the sum of several.
    """

    cell: str
    label: str
    sheet: str
    address: str
    measure: str
    node: str
    node_name: str
    recorded: Decimal | None
    contributors: tuple[Contributor, ...]
    left_out: tuple[LeftOut, ...]
    due: int
    counted: int

    @property
    def added_again(self) -> Decimal | None:
        """The sum of the contributors, exact; None where none has a number."""
        return total(self.contributors)

    @property
    def is_exact(self) -> bool:
        """Whether adding up again gives what was recorded."""
        return self.added_again == self.recorded


def total(contributors: Sequence[Contributor]) -> Decimal | None:
    """None is not zero: nobody had a number."""
    known = [each.amount for each in contributors if each.amount is not None]
    return sum(known, Decimal(0)) if known else None
