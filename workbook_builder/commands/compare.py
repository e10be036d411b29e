"""``compare DIR UNIT FILE``: what a unit published against its return that counts."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument, json_option, prove_there
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Comparison
from workbook_builder.pipeline.contracts import comparison_json

#: More cells than this nobody reads on a screen; --json has them all.
MOST = 40

_HELP = Text(
    "比较单位公布的报告与计入的报送表：逐项比数字，逐段比文字。文件是公布的 Word、PDF 或网页。\n\n"
    "退出码：0 一致，1 有不同或未能确定的，2 无法运行。",
    "Compares what a unit published with its return that counts: every cell, and the text "
    "of every part.\n\nExit status: 0 the same, 1 something differs or is unsure, 2 "
    "cannot run.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command("compare", help=speaker.of(_HELP))
    @folder_argument
    @click.argument("unit", metavar="UNIT")
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @json_option(speaker)
    def compare(folder: Path, unit: str, file: Path, as_json: bool) -> int:
        prove_there([file])
        comparison = pipeline.compare(Folder(folder), unit, file)
        if as_json:
            speaker.json(comparison_json(comparison))
        else:
            show(speaker, comparison)
        return CLEAN if comparison.is_same else FINDINGS

    return compare


def show(speaker: Speaker, comparison: Comparison) -> None:
    """What differs, or that nothing does."""
    t, unit = speaker.t, comparison.unit.name
    pairs = [*comparison.differences, *comparison.unsure]
    if pairs:
        speaker.table(
            [t("单元格", "Cell"), t("报送", "Returned"), t("公布", "Published"), ""],
            [
                [
                    each.cell.name,
                    each.returned.shown or "",
                    each.printed.words or each.printed.value.shown or "",
                    speaker.of(each.printed.certainty.text),
                ]
                for each in pairs[:MOST]
            ],
        )
    if len(pairs) > MOST:
        more = len(pairs) - MOST
        speaker.say(f"另有 {more} 处，用 --json 查看", f"and {more} more; see --json")
    for title in comparison.texts:
        speaker.say(f"文字不同：{title}", f"another text: {title}")
    different, unsure = len(comparison.differences), len(comparison.unsure)
    if comparison.is_same:
        speaker.say(f"{unit}：公布的与报送的一致。", f"{unit}: the same.")
    else:
        texts = len(comparison.texts)
        speaker.say(
            f"{unit}：{different} 个数不同，{unsure} 个未能确定，{texts} 段文字不同。"
            "请对照公布的原文。",
            f"{unit}: {different} figures differ, {unsure} are unsure, {texts} texts differ.",
        )
