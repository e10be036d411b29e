"""Who wrote what: the compact store says what a dict of lists says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.rules.writers import Writers


def prove_same(written: Iterable[Sequence[str]], most: int) -> None:
    store, plain = Writers(most), dict[str, list[int]]()
    for number, things in enumerate(written):
        known = [plain.setdefault(thing, []) for thing in things]
        expected = Counter(other for before in known for other in before)
        assert store.before(map(hash, things), number) == expected
        for before in known:
            if len(before) < most:
                before.append(number)


@given(
    st.lists(st.lists(st.text("公开", max_size=4), unique=True), max_size=40),
    st.integers(1, 4),
)
def test_as_a_dict(written: list[list[str]], most: int) -> None:
    prove_same(written, most)


def test_as_a_dict_of_very_many() -> None:
    """Every part grows several times, with things that one wrote and that all wrote."""
    chance = random.Random(1)
    prove_same(
        (
            [f"{number} {at}" for at in range(40)]
            + chance.sample([f"{at}" for at in range(200)], 10)
            for number in range(1000)
        ),
        20,
    )


def test_numbers_beyond_one_byte_or_two() -> None:
    store = Writers(2)
    assert not store.before([5], 3_000_000_000)
    assert store.before([5, 6], 7) == {3_000_000_000: 1}
