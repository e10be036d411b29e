"""What several commands are given alike: a folder, a period, ``--json``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from workbook_builder.commands.speak import Speaker
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period
from workbook_builder.model.times import day_of

_Command = TypeVar("_Command", bound=Callable[..., Any])

#: The campaign.
folder_argument = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path)
)

#: A campaign, or where campaigns lie: by default where one stands.
here_argument = click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    default=Path(),
    type=click.Path(path_type=Path),
)


def json_option(speaker: Speaker) -> Callable[[_Command], _Command]:
    return click.option(
        "--json", "as_json", is_flag=True, help=speaker.t("输出 JSON。", "Print JSON.")
    )


def scheduler_option(speaker: Speaker) -> Callable[[_Command], _Command]:
    """The address of a Dask cluster that does the work."""
    return click.option(
        "--scheduler",
        metavar="ADDRESS",
        default="",
        help=speaker.t(
            "由这个 Dask 集群的工作进程读取文件，如 tcp://10.0.0.1:8786；结果相同。",
            "Workers of this Dask cluster read the files, such as tcp://10.0.0.1:8786; "
            "the results are the same.",
        ),
    )


def form_option(speaker: Speaker) -> Callable[[_Command], _Command]:
    return click.option(
        "--form",
        default="",
        help=speaker.t("报表名，见 form list。", "The form, see form list."),
    )


def prove_there(files: Iterable[Path]) -> None:
    """Raises CampaignError for the first that is not there; a broken link is."""
    for path in files:
        if not os.path.lexists(path):
            raise CampaignError(
                f"找不到“{path}”，请核对文件名和位置。",
                f"There is no {path}; check the name and the place.",
            )


def prove_new(file: Path) -> None:
    """Raises CampaignError where there is such a file: nothing is written over."""
    if file.exists():
        raise CampaignError(
            f"“{file}”已经存在，没有覆盖。请换一个文件名。",
            f"{file} exists and was left alone; choose another name.",
        )


def stacked(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Several options as one, in the order in which --help shows them."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def day_said(value: str) -> date:
    """Raises CampaignError for what is no day with its year."""
    day = day_of(value)
    if day is None:
        raise CampaignError(
            f"“{value}”不是日期。请写年月日，如 2026-02-10。",
            f"“{value}” is no date; write one like 2026-02-10.",
        )
    return day


def _day(context: click.Context, parameter: click.Parameter, value: str) -> date:
    return day_said(value)


#: A day with its year, given to the command as a date.
day_argument = click.argument("day", metavar="DATE", callback=_day)


def agreed_options(speaker: Speaker) -> Callable[[_Command], _Command]:
    """Who agreed to something, and why."""
    t = speaker.t
    return stacked(
        click.option("--by", default="", help=t("谁同意的。", "Who agreed to it.")),
        click.option("--why", default="", help=t("理由。", "The reason.")),
    )


def period_option(help_: str, name: str = "--period") -> Callable[[_Command], _Command]:
    """2026, 2026Q1 or 2026-03, given to the command as a Period."""
    return click.option(name, metavar="PERIOD", callback=_parsed, help=help_)


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
