"""``circular DIR``: the official letter on how the collection went."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument, json_option
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.pipeline.contracts import circular_json


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "circular",
        help=t(
            "通报：报送情况的正式通报，Word 文件、网页和 CSV，放在任务文件夹的 results/通报 里。"
            "写明按时、迟报几天、未报、退回几次、延期和免报，截至运行的当天。以前的通报移到“以前的版本”。",
            "The official letter on how the collection went, as of today: in time, days "
            "late, missing, times sent back, extensions and exemptions; in Word, for the "
            "web and as CSV, in DIR/results/通报. An earlier letter is put aside.",
        ),
    )
    @folder_argument
    @click.option(
        "--by-rank",
        is_flag=True,
        help=t(
            "按名次排：先按时、后迟报，同样的看退回次数和先后。默认按名录的顺序。",
            "By rank instead of in the order of the roster.",
        ),
    )
    @json_option(speaker)
    def circular(folder: Path, by_rank: bool, as_json: bool) -> int:
        with speaker.progress("读取报送文件", "Reading") as progress:
            made = pipeline.circulate(Folder(folder), by_rank, progress)
        if as_json:
            speaker.json(circular_json(made.circular))
            return CLEAN
        sums = made.circular.count
        for path in made.files:
            speaker.say(f"已写入 {path}", f"wrote {path}")
        speaker.say(
            f"应报 {sums.due} 个单位，已报 {sums.returned} 个，按时 {sums.punctual} 个。"
            "印发前请核对，并补上文号。",
            f"{sums.returned} of {sums.due} units returned, {sums.punctual} in time. "
            "Check it and add its number before it goes out.",
        )
        return CLEAN

    return circular
