"""``--period``: how a period is said on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period

_Command = TypeVar("_Command", bound=Callable[..., Any])


def period_option(help_: str) -> Callable[[_Command], _Command]:
    """2026, 2026Q1 or 2026-03, given to the command as a Period."""
    return click.option("--period", callback=_parsed, help=help_)


def _parsed(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Period | None:
    try:
        return None if value is None else Period.parse(value)
    except ValueError:
        raise CampaignError(
            f"“{value}”不是统计期。请写年、季度或月，如 2026、2026Q1、2026-03。",
            f"“{value}” is no period; say 2026, 2026Q1 or 2026-03.",
        ) from None
