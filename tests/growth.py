"""How the cost of a task grows with its input, told by ratios and never by a clock."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

#: Four times the input costs four times as much, sixteen times if it is compared with
#: itself; what lies between is the noise of a busy machine.
TIMES, MOST = 4, 9


def _cost(run: Callable[[], object]) -> float:
    before = process_time()
    run()
    return process_time() - before


def grows_linearly(run: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether ``run(4 * size)()`` costs some four times what ``run(size)()`` does.

    ``run`` makes the input, which is not measured. The smallest of several measures is
    taken: nothing makes a computer faster than it is.
    """
    small, large = run(size), run(TIMES * size)
    for attempt in range(1, 6):
        few = min(_cost(small) for _ in range(attempt + 3))
        many = min(_cost(large) for _ in range(attempt))
        # Less than this is the cost of the first steps, not of the input.
        if many <= MOST * max(few, 0.005):
            return True
    return False
