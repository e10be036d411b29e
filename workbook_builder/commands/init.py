"""``init DIR --year Y``: a campaign folder with a sample roster."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder, create, defined_form
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster, Unit

#: Replaced by the clerk; shows each column and the tree.
SAMPLE = Roster(
    (
        Unit("Q00", "示例区", type="区县", reports=False),
        *(
            Unit(code, name, "Q00", type_, contact, (email,), phone)
            for code, name, type_, contact, email, phone in (
                ("Q01", "示例区教育局", "部门", "张三", "jyj@example.cn", "000-1001"),
                ("Q02", "示例街道办事处", "街道", "李四", "jd@example.cn", "000-1002"),
                ("Q03", "示例镇人民政府", "镇", "王五", "zf@example.cn", "000-1003"),
            )
        ),
    )
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "init",
        help=t(
            "新建填报任务文件夹：设置 campaign.toml、单位名录样例 roster.xlsx 和各个文件夹。"
            "已有的任务不会被改动。\n\n"
            "第二年起：init DIR --from 上年的文件夹，名录、设置和上年数都带过来，"
            "年度和截止日期加一年。",
            "Makes a campaign folder: settings, a sample roster and the folders. "
            "An existing campaign is never touched.\n\n"
            "From the second year on: init DIR --from LAST-YEAR'S takes roster, settings "
            "and last year's figures along, a year later.",
        ),
    )
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
    @click.option(
        "--year",
        type=click.IntRange(2000, 2100),
        help=t(
            "统计年度，如 2025；有 --from 时默认为下一年。",
            "The year reported about, such as 2025; with --from, the next one.",
        ),
    )
    @click.option(
        "--from",
        "old",
        metavar="OLD",
        type=click.Path(path_type=Path),
        help=t("上年的填报任务文件夹。", "Last year's campaign folder."),
    )
    @click.option(
        "--form", default="disclosure", show_default=True, help=t("报表。", "The form.")
    )
    @click.option(
        "--district",
        default="",
        help=t("收表单位名称，印在报送表上。", "Name of the collecting office."),
    )
    def init(
        folder: Path, year: int | None, old: Path | None, form: str, district: str
    ) -> int:
        if old is not None:
            _renew(speaker, folder, old, year)
            return CLEAN
        if year is None:
            raise click.UsageError(
                t(
                    "请用 --year 写明统计年度，或用 --from 写明上年的任务文件夹。",
                    "Say --year, or --from with last year's folder.",
                )
            )
        _create(speaker, folder, year, form, district)
        return CLEAN

    return init


def _create(
    speaker: Speaker, folder: Path, year: int, form: str, district: str
) -> None:
    definition = defined_form(form)
    campaign = Campaign(
        id=f"{year}-{folder.resolve().name}",
        form=definition.id,
        edition=definition.edition,
        period=Period(year),
        district=district or "示例区人民政府办公室",
    )
    made = create(folder, campaign, SAMPLE)
    speaker.say(
        f"已建好 {made.path}。接下来：\n"
        f"  1. 改 {made.path / 'campaign.toml'}（截止日期、联系人）\n"
        f"  2. 填 {made.path / 'roster.xlsx'}（单位名录）\n"
        f"  3. 运行 workbook-builder build {made.path}",
        f"Made {made.path}. Next:\n"
        f"  1. edit {made.path / 'campaign.toml'} (deadline, contact)\n"
        f"  2. fill in {made.path / 'roster.xlsx'} (the units)\n"
        f"  3. run workbook-builder build {made.path}",
    )


def _renew(speaker: Speaker, folder: Path, old: Path, year: int | None) -> None:
    with speaker.progress("读取上年报送文件", "Reading last year's") as progress:
        made = pipeline.renew(
            folder, Folder(old), Period(year) if year else None, progress
        )
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
