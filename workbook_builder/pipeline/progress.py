"""How far a stage has come, for whoever waits."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told (done, of) while a stage goes on."""


def silent(done: int, of: int) -> None:
    """Progress nobody wants to see."""
