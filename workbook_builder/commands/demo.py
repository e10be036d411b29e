"""``demo [DIR]``: the whole cycle on shipped sample data."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.commands import collect
from workbook_builder.commands.speak import CLEAN, Speaker
from workbook_builder.pipeline.demonstrating import Demo, demo

DEFAULT = "workbook-builder-demo"


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command(
        "demo",
        help=speaker.t(
            "演示：用自带的样例走完全程（建任务、生成报送表、填报、收取、汇总），"
            "最后告诉您打开哪些文件。",
            "The whole cycle on sample data: make a campaign, build, fill in, collect; "
            "then says what to open.",
        ),
    )
    @click.argument(
        "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path)
    )
    @click.option("--form", default="", help=speaker.t("报表名。", "The form."))
    def demo_(folder: Path | None, form: str) -> int:
        with speaker.progress("演示", "Demo") as progress:
            made = demo(folder or _free_name(), progress, form)
        _show(speaker, made)
        return CLEAN

    return demo_


def _free_name() -> Path:
    """The default name, or the next that is not taken."""
    names = [DEFAULT, *(f"{DEFAULT}-{number}" for number in range(2, 1000))]
    return next(path for path in map(Path, names) if not path.exists())


def _show(speaker: Speaker, made: Demo) -> None:
    t = speaker.t
    speaker.say(f"演示任务：{made.about.zh}\n", f"{made.about.en}\n")
    for code, story in made.stories.items():
        unit = made.collection.summary.roster.by_code[code]
        click.echo(f"  {code}  {unit.name}：{story}")
    click.echo()
    collect.show(speaker, made.collection)
    folder = made.folder.path
    click.echo(t("\n请打开查看：", "\nOpen these:"))
    built, written = sorted(made.folder.outbox.glob("*.xlsx")), made.collection.written
    upward = [path for path in written if path.parent.name == pipeline.UPWARD]
    returned = [path for path in written if path.parent.name == pipeline.RETURNED]
    for paths, zh, en in (
        (built, "发给单位的空白报送表", "a blank workbook as sent to a unit"),
        ([folder / "results" / "汇总.xlsx"], "汇总", "the totals"),
        ([folder / "results" / "进度.html"], "报送进度", "who has returned what"),
        (upward, "本级上报表，可再由上级汇总", "the office's own return"),
        (returned, "退回件：错处已标出", "a workbook to send back, marked"),
    ):
        for path in paths[:1]:
            click.echo(f"  {path}\n      {t(zh, en)}")
    speaker.say(
        f"\n出报告（Word 和网页）：workbook-builder report {folder}\n"
        f"在浏览器里看、接着做：workbook-builder desk {folder}",
        f"\nThe report, in Word and for the web: workbook-builder report {folder}\n"
        f"To see it and go on in the browser: workbook-builder desk {folder}",
    )
