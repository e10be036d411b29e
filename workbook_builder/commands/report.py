"""``report DIR``: the annual report in Word and for the web, PDF if asked for."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.text import Text
from workbook_builder.pipeline import MadeReport, Reports, Wanted

#: No more parts than this are named in one line.
NAMED = 6

_HELP = Text(
    "生成报告：Word 文件和网页，放在任务文件夹的 results/报告 里。默认生成本级的"
    "报告，数字是通过的报送表的合计，文字取自本级自己的报送表或任务文件夹里的"
    "“报告文字.txt”（第一次运行时自动建好，照提示填写）。\n\n"
    "缺的内容标为【待补充】，不会编造。改过的旧报告移到“以前的版本”。\n\n"
    "退出码：0 内容齐全，1 有待补充的内容或没有生成的单位，2 无法运行。",
    "Writes the annual report as a Word file and a web page into "
    "DIR/results/报告. By default that of the district: the sums of accepted "
    "returns, with texts from the district's own return or from 报告文字.txt "
    "in DIR, which the first run makes for you to fill in.\n\n"
    "What is missing is marked 【待补充】, never made up. An older report that "
    "differs is put aside.\n\nExit status: 0 complete, 1 something is missing, "
    "2 cannot run.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "report",
        help=speaker.of(_HELP),
    )
    @folder_argument
    @click.option(
        "--unit",
        metavar="CODE",
        default="",
        help=t("只生成这个单位的报告。", "The report of this unit only."),
    )
    @click.option(
        "--all-units",
        is_flag=True,
        help=t(
            "本级和每个已通过的单位各一份。",
            "The district and every unit with an accepted return.",
        ),
    )
    @click.option(
        "--pdf",
        is_flag=True,
        help=t("同时生成 PDF（需要 LibreOffice）。", "PDF too (needs LibreOffice)."),
    )
    def report(folder: Path, unit: str, all_units: bool, pdf: bool) -> int:
        if unit and all_units:
            raise click.UsageError(
                t(
                    "--unit 和 --all-units 只能用一个。",
                    "Use either --unit or --all-units.",
                )
            )
        with speaker.progress("生成报告", "Reporting") as progress:
            wanted = Wanted(unit, all_units, pdf)
            reports = pipeline.make_reports(Folder(folder), wanted, progress)
        _show(speaker, reports)
        return CLEAN if _complete(reports) else FINDINGS

    return report


def _complete(reports: Reports) -> bool:
    return not (reports.skipped or reports.by_hand) and not any(
        made.missing or made.warnings or made.notes for made in reports.made
    )


def _show(speaker: Speaker, reports: Reports) -> None:
    for made in reports.made:
        _show_one(speaker, made)
    for unit, why in reports.skipped:
        speaker.say(
            f"没有生成 {unit.code} {unit.name}：{why.zh}",
            f"No report of {unit.code} {unit.name}: {why.en}",
        )
    for said in reports.by_hand:
        speaker.warn(*said)
    if reports.texts is not None:
        speaker.say(
            f"\n已建好“{reports.texts}”：请在里面写本级的文字和联系方式，再运行一次。",
            f"\nMade {reports.texts}: write the district's own texts there, run again.",
        )


def _show_one(speaker: Speaker, made: MadeReport) -> None:
    speaker.say(f"{made.unit.name}的报告：", f"Report of {made.unit.name}:")
    for path in made.files:
        speaker.say(f"  已写入 {path}", f"  wrote {path}")
    for warning in made.warnings:
        speaker.say(f"  {warning}", f"  {warning}")
    if made.missing:
        names = "、".join(made.missing[:NAMED])
        more = len(made.missing) - NAMED
        speaker.say(
            f"  待补充 {len(made.missing)} 处：{names}{'等' if more > 0 else ''}",
            f"  {len(made.missing)} part(s) missing: {names}{' …' if more > 0 else ''}",
        )
    for note in made.notes:
        speaker.say(f"  请核对：{note.zh}", f"  Check: {note.en}")
