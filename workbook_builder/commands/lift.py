"""``lift FILE -o NEW``: a clerk's entries in a fresh workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import json_option, period_option, prove_new
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.model.form import Cell
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.pipeline import Lifted

#: More lines than this nobody reads on a screen; --json has them all.
MOST = 40

_HELP = Text(
    "移表：把损坏、被改动或旧版报送表里已填的数字、文字和说明，移到一份新的报送表里，"
    "并列出没有移过去的内容。原文件不会被改动。\n\n"
    "退出码：0 全部移入，1 有内容没有移入，2 无法运行。",
    "Moves the numbers, texts and explanations of a damaged, changed or old "
    "workbook into a fresh one, and lists what could not be placed. The file "
    "itself is never changed.\n\nExit status: 0 everything moved, 1 something "
    "was left, 2 cannot run.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command("lift", help=speaker.of(_HELP))
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @click.option(
        "-o",
        "--output",
        required=True,
        metavar="NEW",
        type=click.Path(path_type=Path, dir_okay=False),
        help=t("新报送表的文件名；已有的文件不会被覆盖。", "The new workbook."),
    )
    @click.option(
        "--campaign",
        type=click.Path(path_type=Path),
        help=t(
            "填报任务文件夹；文件就在任务文件夹里时不用写。",
            "The campaign folder; found by itself where the file lies in one.",
        ),
    )
    @click.option(
        "--unit",
        "unit_code",
        default="",
        help=t(
            "单位代码，表里没有单位信息时写明。", "Unit code, where there is no stamp."
        ),
    )
    @period_option(
        t(
            "表上写的年度（如 2024）：单位把本年度的数填在了往年的表里时写明。",
            "What period the file says, where this period's figures were typed into it.",
        ),
        "--stamped",
    )
    @json_option(speaker)
    def lift(
        file: Path,
        output: Path,
        campaign: Path | None,
        unit_code: str,
        stamped: Period | None,
        as_json: bool,
    ) -> int:
        prove_new(output)
        folder = Folder(campaign) if campaign else None
        lifted = pipeline.lift(file, folder, unit_code, stamped)
        write_atomically(output, lifted.data)
        if as_json:
            speaker.json(pipeline.to_json(lifted))
        else:
            _show(speaker, lifted, output)
        return FINDINGS if lifted.lost or lifted.strays else CLEAN

    return lift


def _show(speaker: Speaker, lifted: Lifted, output: Path) -> None:
    figures, texts, fields, reasons = lifted.moved
    speaker.say(
        f"{lifted.unit.name}：已移入 {figures} 个单元格、{texts} 段文字、"
        f"{fields} 项报告首部和签章、{reasons} 条说明。新表：{output}",
        f"{lifted.unit.name}: moved {figures} cells, {texts} texts, {fields} lines of "
        f"head and signature and {reasons} explanations into {output}",
    )
    lines = [*_left(speaker, lifted)]
    for line in lines[:MOST]:
        click.echo(f"  {line}")
    if len(lines) > MOST:
        more = len(lines) - MOST
        speaker.say(
            f"  ……另有 {more} 处，用 --json 查看", f"  … and {more} more; see --json"
        )
    if not lifted.signed:
        speaker.say(
            "没有找到填报任务文件夹，新表没有任务信息，收到时会有提示。请加 --campaign 再做一次。",
            "No campaign folder was found, so the new workbook is not signed and will "
            "be noticed when it comes back. Better use --campaign.",
        )


def _left(speaker: Speaker, lifted: Lifted) -> Iterator[str]:
    """What was not moved: places of the form, then content of the file."""
    for cells in _by_row(lifted.lost):
        first, more = cells[0], len(cells) - 1
        yield speaker.t(
            f"没有找到：{first.name}" + (f"等 {len(cells)} 个单元格" if more else ""),
            f"not found: {first.name}" + (f" and {more} more" if more else ""),
        )
    for stray in lifted.strays:
        where = f"{stray.place.sheet}!{stray.place.address}"
        beside = "，".join(stray.beside)
        yield speaker.t(
            f"没有移入：{where}　{stray.content}" + (f"（{beside}）" if beside else ""),
            f"not moved: {where} {stray.content}" + (f" ({beside})" if beside else ""),
        )


def _by_row(cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """Cells of one row of a table together: mostly the whole row is lost."""
    for _, row in groupby(cells, key=lambda cell: (cell.table, cell.row)):
        yield list(row)
