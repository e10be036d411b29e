"""Real office engines behind one interface, for tests that fill in workbooks.

`require(name)` gives an engine or skips; with the environment variable CI set a missing
engine fails the test instead.  Each module says what is peculiar to its engine.  None of
them applies a data validation: what a validation would stop goes in all the same.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

import pytest

from . import gnumeric, ironcalc_engine, libreoffice, onlyoffice
from ._base import Cell, Engine, EngineError, Entry, Refused, Value
from ._worker import WorkerEngine
from .ironcalc_engine import IronCalc
from .libreoffice import LibreOffice

__all__ = [
    "NAMES",
    "Cell",
    "Engine",
    "EngineError",
    "Entry",
    "IronCalc",
    "LibreOffice",
    "Refused",
    "Value",
    "WorkerEngine",
    "available",
    "require",
]

_ENGINES: dict[str, tuple[Callable[[], bool], Callable[[], Engine]]] = {
    "libreoffice": (libreoffice.installed, libreoffice.LibreOffice),
    "onlyoffice": (onlyoffice.installed, onlyoffice.OnlyOffice),
    "ironcalc": (ironcalc_engine.installed, ironcalc_engine.IronCalc),
    "gnumeric": (gnumeric.installed, gnumeric.Gnumeric),
}
NAMES = tuple(_ENGINES)


@functools.cache
def _engine(name: str) -> Engine:
    return _ENGINES[name][1]()


def available() -> list[Engine]:
    """The engines installed here, one object each however often it is asked for."""
    return [_engine(name) for name, (installed, _) in _ENGINES.items() if installed()]


def require(name: str) -> Engine:
    """The engine; skips where it isn't installed, but fails where CI is set."""
    if _ENGINES[name][0]():
        return _engine(name)
    message = f"{name} is not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
