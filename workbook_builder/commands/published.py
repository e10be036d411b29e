"""``published DIR UNIT URL DATE``: where and when units published their reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.compare import show
from workbook_builder.commands.options import (
    day_said,
    folder_argument,
    json_option,
    prove_there,
    stacked,
)
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import day_words
from workbook_builder.model.standing import Standing
from workbook_builder.model.text import Text
from workbook_builder.pipeline import NotedPublication, Publications
from workbook_builder.pipeline.contracts import publications_json

_HELP = Text(
    "公布：登记各单位的年度报告公布在哪里、哪天公布的，写进任务记录。\n\n"
    "\b\n"
    "published 任务文件夹 单位 网址 日期              登记一个单位\n"
    "published 任务文件夹 单位 网址 日期 --page 网页  并把另存的网页与计入的报送表逐项比较\n"
    "published 任务文件夹 --list 清单.xlsx            按清单登记（单位、公布网址、公布日期三列）\n"
    "published 任务文件夹 单位 --withdraw             撤回登记\n"
    "published 任务文件夹                             谁公布了、谁没有、迟几天，网页是否一致\n\n"
    "程序不上网：网页请用浏览器另存，或直接放进任务文件夹的 published。公布的期限是法定的期限，"
    "要求更早的写在 campaign.toml 的 publish_by。\n\n"
    "退出码：0 都按时公布而且一致，1 有没有公布、迟了或不一致的，2 无法运行。",
    "Records where and when units published their reports.\n\n"
    "\b\n"
    "published DIR UNIT URL DATE               one unit\n"
    "published DIR UNIT URL DATE --page FILE   and the saved page is compared, cell by cell\n"
    "published DIR --list LIST.xlsx            what a table says: unit, address, date\n"
    "published DIR UNIT --withdraw             takes it back\n"
    "published DIR                             who published, who did not, who differs\n\n"
    "Nothing is fetched: save pages with the browser, or put them into DIR/published. The "
    "last day is that of the law; an earlier one is publish_by in campaign.toml.\n\n"
    "Exit status: 0 all in time and the same, 1 not, 2 cannot run.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command("published", help=speaker.of(_HELP))
    @folder_argument
    @_options(speaker)
    def published(
        folder: Path,
        unit: str,
        url: str,
        day: str,
        page: Path | None,
        table: Path | None,
        withdraw: bool,
        as_json: bool,
    ) -> int:
        here = Folder(folder)
        prove_there(each for each in (page, table) if each)
        if table is not None and not unit:
            return _noted(speaker, folder, pipeline.publish_list(here, table))
        if unit and withdraw and not url:
            return _noted(speaker, folder, [pipeline.unpublish(here, unit)])
        if unit and day and not (withdraw or table):
            noted = pipeline.publish(here, unit, url, day_said(day), page)
            return _noted(speaker, folder, [noted])
        if unit or withdraw or page:
            raise click.UsageError(
                speaker.t(
                    "登记要写：单位、网址、公布日期；撤回写单位和 --withdraw。",
                    "Say UNIT, URL and DATE; or UNIT and --withdraw.",
                )
            )
        with speaker.progress("读取报送文件", "Reading") as progress:
            found = pipeline.list_publications(here, progress)
        if as_json:
            speaker.json(publications_json(found))
        else:
            _list(speaker, found)
        return CLEAN if _is_fine(found) else FINDINGS

    return published


def _options(speaker: Speaker) -> Callable[[Any], Any]:
    t, file = speaker.t, click.Path(path_type=Path, dir_okay=False)
    return stacked(
        click.argument("unit", metavar="[UNIT]", required=False, default=""),
        click.argument("url", metavar="[URL]", required=False, default=""),
        click.argument("day", metavar="[DATE]", required=False, default=""),
        click.option(
            "--page", type=file, help=t("另存的网页或文件。", "The page, saved.")
        ),
        click.option(
            "--list", "table", type=file, help=t("公布清单。", "A table of them.")
        ),
        click.option("--withdraw", is_flag=True, help=t("撤回登记。", "Take it back.")),
        json_option(speaker),
    )


def _noted(
    speaker: Speaker,
    folder: Path,
    noted: list[NotedPublication] | tuple[NotedPublication, ...],
) -> int:
    different = False
    for each in noted:
        name, known = f"{each.unit.name}（{each.unit.code}）", each.publication
        if known is None:
            speaker.say(f"已撤回：{name}的公布登记。", f"Taken back: {each.unit.code}.")
            continue
        speaker.say(
            f"已登记：{name}{day_words(known.day)}公布，{known.url}",
            f"Recorded: {each.unit.name} ({each.unit.code}) since {known.day}, {known.url}",
        )
        if isinstance(each.compared, CampaignError):
            zh, en = each.compared.text
            speaker.say(f"没有比较：{zh}", f"Not compared: {en}")
        elif each.compared is not None:
            show(speaker, each.compared)
        compared = each.compared
        different |= compared is not None and not _is_same(compared)
    speaker.say(
        f"登记 {len(noted)} 个单位。运行 workbook-builder collect {folder}，"
        "更新进度页和链接页；通报用 circular。",
        f"{len(noted)} unit(s). Run “workbook-builder collect {folder}” to bring the pages "
        "of progress and links up to date.",
    )
    return FINDINGS if different else CLEAN


def _is_same(compared: pipeline.Comparison | CampaignError) -> bool:
    return not isinstance(compared, CampaignError) and compared.is_same


def _is_fine(found: Publications) -> bool:
    sums = found.count
    whole = sums.published == sums.due and (
        sums.by is None or sums.punctual == sums.due
    )
    return whole and not found.unknown and all(map(_is_same, found.pages.values()))


def _list(speaker: Speaker, found: Publications) -> None:
    t = speaker.t
    heads = (t("代码", "Code"), t("单位", "Unit"), t("公布日期", "Published"))
    speaker.table(
        [*heads, t("迟", "Late"), t("网页与报送表", "Page"), t("网址", "URL")],
        [_row(speaker, found, each) for each in found.due],
    )
    speaker.say(*found.count.words)
    for name in found.unknown:
        speaker.say(
            f"published 里的“{name}”看不出是哪个单位的，请改名为“单位代码_……”。",
            f"{name} in published: whose is unknown; begin its name with “CODE_”.",
        )
    for code, compared in found.pages.items():
        if isinstance(compared, CampaignError):
            speaker.say(f"{code}：{compared.text.zh}", f"{code}: {compared.text.en}")


def _row(speaker: Speaker, found: Publications, each: Standing) -> list[str]:
    known, compared = each.publication, found.pages.get(each.unit.code)
    late = found.duty.days_late(known, found.progressed.today)
    days = speaker.t(f"{late} 天", f"{late} d")
    return [
        escape(each.unit.code),
        escape(each.unit.name),
        known.day.isoformat() if known else speaker.t("未公布", "not yet"),
        f"[red]{days}[/red]" if late else "",
        "" if compared is None else speaker.of(_page_words(compared)),
        escape(known.url) if known else "",
    ]


def _page_words(compared: pipeline.Comparison | CampaignError) -> Text:
    if isinstance(compared, CampaignError):
        return Text("没有比较", "not compared")
    if compared.is_same:
        return Text("一致", "the same")
    places = len(compared.differences) + len(compared.texts)
    unsure = len(compared.unsure)
    return Text(
        f"{places} 处不同" + (f"，{unsure} 处未能确定" if unsure else ""),
        f"{places} differ" + (f", {unsure} unsure" if unsure else ""),
    )
