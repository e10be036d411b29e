"""``init DIR --year Y | --period P``: a campaign folder with a sample roster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument, period_option, stacked
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.rules.shape import shape

_HELP = Text(
    "新建填报任务文件夹：设置 campaign.toml、单位名录样例 roster.xlsx 和各个文件夹。"
    "已有的任务不会被改动。\n\n"
    "从第二期起：init 任务文件夹 --from 上一期的文件夹，名录、设置和上期数都带过来，"
    "统计期和截止日期顺延。",
    "Makes a campaign folder: settings, a sample roster and the folders. "
    "An existing campaign is never touched.\n\n"
    "From the second period on: init DIR --from OLD takes roster, settings and "
    "the figures of the period before along, one period later.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "init",
        help=speaker.of(_HELP),
    )
    @folder_argument
    @_options(speaker)
    def init(
        folder: Path,
        year: int | None,
        period: Period | None,
        old: Path | None,
        form: str,
        district: str,
        units: Path | None,
    ) -> int:
        asked = _asked(speaker, year, period)
        if old is not None:
            _renew(speaker, folder, old, asked)
        elif asked is not None:
            _create(speaker, folder, asked, form, district, units)
        else:
            raise _nothing_asked(speaker)
        return CLEAN

    return init


def _options(speaker: Speaker) -> Callable[[Any], Any]:
    t = speaker.t
    return stacked(
        click.option(
            "--year",
            type=click.IntRange(2000, 2100),
            help=t(
                "统计年度，如 2025；有 --from 时默认为下一期。",
                "The year reported about, such as 2025; with --from, the next period.",
            ),
        ),
        period_option(
            t(
                "统计期：2026、2026Q1（第一季度）或 2026-03（3月）。",
                "The period reported about: 2026, 2026Q1 or 2026-03.",
            )
        ),
        click.option(
            "--from",
            "old",
            metavar="OLD",
            type=click.Path(path_type=Path),
            help=t("上一期的填报任务文件夹。", "The campaign of the period before."),
        ),
        click.option(
            "--form",
            default="",
            help=t(
                "报表名，见 form list；任务文件夹的 forms 里自带的报表也可以。",
                "The form, see form list; also one that DIR/forms brings.",
            ),
        ),
        click.option(
            "--district",
            default="",
            help=t("主管部门名称，印在报送表上。", "Name of the collecting office."),
        ),
        click.option(
            "--roster",
            "units",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help=t(
                "现成的单位名单（Excel 或 CSV），只有单位名称也行：没有代码的，发给 Excel 不会"
                "改动、末位可以校验的代码。",
                "A list of units (Excel or CSV), names will do: units without a code are "
                "given one that Excel cannot change, with a check character.",
            ),
        ),
    )


def _asked(speaker: Speaker, year: int | None, period: Period | None) -> Period | None:
    if year is not None and period is not None:
        raise click.UsageError(
            speaker.t(
                "--year 和 --period 只写一个。", "Say --year or --period, not both."
            )
        )
    return Period(year) if year is not None else period


def _nothing_asked(speaker: Speaker) -> click.UsageError:
    return click.UsageError(
        speaker.t(
            "请用 --year 或 --period 写明统计期，或用 --from 写明上一期的任务文件夹。",
            "Say --year or --period, or --from with the folder before.",
        )
    )


def _create(
    speaker: Speaker,
    folder: Path,
    period: Period,
    form: str,
    district: str,
    units: Path | None,
) -> None:
    made = pipeline.begin(folder, period, form, district, units)
    for line in shape(made.listed()) if units else ():
        speaker.say(*line)
    speaker.say(
        f"已建好 {made.path}。接下来：\n"
        f"  1. 改 {made.path / 'campaign.toml'}（截止日期、联系人）\n"
        f"  2. {'核对' if units else '填'} {made.path / 'roster.xlsx'}"
        f"（单位名录{'' if units else '，现在是样例'}）\n"
        f"  3. 运行 workbook-builder build {made.path}",
        f"Made {made.path}. Next:\n"
        f"  1. edit {made.path / 'campaign.toml'} (deadline, contact)\n"
        f"  2. {'look over' if units else 'fill in'} {made.path / 'roster.xlsx'} "
        f"(the units{'' if units else ', a sample so far'})\n"
        f"  3. run workbook-builder build {made.path}",
    )


def _renew(speaker: Speaker, folder: Path, old: Path, period: Period | None) -> None:
    with speaker.progress("读取上期报送文件", "Reading the last ones") as progress:
        made = pipeline.renew(folder, Folder(old), period, progress)
    speaker.say(
        f"已建好 {folder}，从 {old} 带来：", f"Made {folder}; taken from {old}:"
    )
    for text in made.taken:
        speaker.say(f"  {text.zh}", f"  {text.en}")
    for text in made.missing:
        speaker.say(f"  缺：{text.zh}", f"  missing: {text.en}")
    speaker.say(
        f"接下来：核对 {folder / 'campaign.toml'} 的截止日期和联系人、名录有无变动，"
        f"再运行 workbook-builder build {folder}",
        f"Next: look over {folder / 'campaign.toml'} and the roster, then run "
        f"workbook-builder build {folder}",
    )
