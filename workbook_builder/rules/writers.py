"""Who wrote what, of very many: twelve bytes for each, and some room.

A dict of lists would need two hundred.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable

#: Parts that grow one at a time, so that only one is in memory twice.
_PARTS = 256
#: Places of a part in the beginning; it is made twice as large when so many of a hundred
#: are taken.
_PLACES, _FULL = 16, 75


class Writers:
    """Numbers by what they wrote; of one thing no more than the first ``most``.

    Things are their hashes: of 64 bits, no two of a hundred million are the same by chance
    but once in some thousand times.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts = [_Part(_PLACES) for _ in range(_PARTS)]
        # Of what as many wrote as are noted, who: very many ask for that.
        self._full: dict[int, array[int]] = {}

    def before(self, things: Iterable[int], number: int) -> Counter[int]:
        """How many of these things each wrote who is noted; ``number`` is noted as
        another, where there is room."""
        found: list[int] = []
        for code in things:
            full = self._full.get(code)
            found += self._noted(code, number) if full is None else full
        return Counter(found)

    def _noted(self, code: int, number: int) -> list[int]:
        """Who is noted before this one."""
        part = self._parts[code % _PARTS]
        known, place = part.find(code)
        if len(known) == self._most:
            self._full[code] = array("I", known)
            return known
        part.put(place, code, number)
        if 100 * part.taken > _FULL * len(part.codes):
            self._parts[code % _PARTS] = part.twice_as_large()
        return known


class _Part:
    """Open addressing: what finds its place taken is in the next one that is free."""

    def __init__(self, places: int) -> None:
        self.codes, self.numbers = array("q", [0]) * places, array("I", [0]) * places
        self.taken = 0

    def find(self, code: int) -> tuple[list[int], int]:
        """Every number of that code, and the free place behind the last of them."""
        codes, numbers, found = self.codes, self.numbers, []
        size = len(codes)
        place = code // _PARTS % size
        while number := numbers[place]:
            if codes[place] == code:
                found.append(number - 1)  # 0 is a free place
            place = (place + 1) % size
        return found, place

    def put(self, place: int, code: int, number: int) -> None:
        self.codes[place], self.numbers[place] = code, number + 1
        self.taken += 1

    def twice_as_large(self) -> _Part:
        made = _Part(2 * len(self.codes))
        for code, number in zip(self.codes, self.numbers, strict=True):
            if number:
                made.put(made.find(code)[1], code, number - 1)
        return made
