"""``letters DIR``: what came in and is no workbook, and whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument, json_option
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.pipeline import LetterEntry


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "letters",
        help=t(
            "来信：收件箱里不是报送表的东西（图片、PDF、文字材料、邮件正文、网盘链接、退信），"
            "各是哪个单位的。无法识别单位的排在最前，用 assign 指定。\n\n"
            "退出码：0 每件都知道是哪个单位的，1 有不知道的，2 无法运行。",
            "What is in the inbox and is no workbook (pictures, PDFs, documents, texts, "
            "links to network disks, bounces), and whose it is; those of nobody come "
            "first, see assign.\n\n"
            "Exit status: 0 all have their unit, 1 some have none, 2 cannot run.",
        ),
    )
    @folder_argument
    @json_option(speaker)
    def letters(folder: Path, as_json: bool) -> int:
        with speaker.progress("读取收件箱", "Reading") as progress:
            found = pipeline.letters(Folder(folder), progress)
        if as_json:
            speaker.json({"letters": [letter_json(speaker, each) for each in found]})
        elif found:
            _show(speaker, found, folder)
        else:
            speaker.say("收件箱里没有来信。", "There are no letters in the inbox.")
        return FINDINGS if any(each.unit is None for each in found) else CLEAN

    return letters


def _show(speaker: Speaker, found: tuple[LetterEntry, ...], folder: Path) -> None:
    """A line for each letter."""
    t = speaker.t
    heads = (
        t("单位", "Unit"),
        t("来信", "Letter"),
        t("发件人", "From"),
        t("时间", "Sent"),
        t("文件", "File"),
        t("内容", "Says"),
    )
    rows = [
        [
            escape(each.unit.name) if each.unit else t("（不明）", "(unknown)"),
            speaker.of(each.letter.kind.text),
            escape(each.submission.arrival.sender),
            each.submission.arrival.sent_shown,
            escape(each.submission.path),
            escape(_says(speaker, each)),
        ]
        for each in found
    ]
    speaker.table(heads, rows)
    _show_links(speaker, found)
    unknown = sum(each.unit is None for each in found)
    speaker.say(
        f"来信 {len(found)} 件，其中不知道是哪个单位的 {unknown} 件。",
        f"{len(found)} letter(s), {unknown} of unknown units.",
    )
    if unknown:
        speaker.say(
            f"指定单位：workbook-builder assign {folder} 文件 单位",
            f"Say whose they are: workbook-builder assign {folder} FILE UNIT",
        )


def _show_links(speaker: Speaker, found: tuple[LetterEntry, ...]) -> None:
    """Each on a line of its own, to be opened or copied whole."""
    clouds = [each.letter.cloud for each in found if each.letter.cloud]
    if clouds:
        speaker.say(
            "网盘链接（在有效期内打开下载，放入收件文件夹）：",
            "Links (download the files while they are there, into the inbox):",
        )
    for file in clouds:
        name, where = file.name, file.where
        speaker.say(
            f"  {name}（{where.zh}） {file.link}", f"  {name} ({where.en}) {file.link}"
        )


def _says(speaker: Speaker, each: LetterEntry) -> str:
    """What its mail says; of a link where it leads, of a bounce the whole sentence."""
    letter = each.letter
    if letter.cloud is not None:
        return speaker.of(letter.cloud.where)
    return letter.text if letter.bounce is None else speaker.of(each.submission.reason)


def letter_json(speaker: Speaker, each: LetterEntry) -> dict[str, Any]:
    """One entry of ``letters --json``."""
    letter, arrival = each.letter, each.submission.arrival
    cloud, bounce = letter.cloud, letter.bounce
    return {
        "file": each.submission.path,
        "sha256": each.submission.sha256 or None,
        "kind": letter.kind.value,
        "kind_text": speaker.of(letter.kind.text),
        "unit": each.unit.code if each.unit else None,
        "unit_name": each.unit.name if each.unit else None,
        "basis": speaker.of(letter.basis) if letter.basis else None,
        "answered": each.answered,
        "sender": arrival.sender or None,
        "subject": arrival.subject or None,
        "sent": arrival.sent_utc or None,
        "text": letter.text or None,
        "cloud": None
        if cloud is None
        else {
            "name": cloud.name,
            "link": cloud.link,
            "disk": cloud.disk,
            "expires": cloud.expires or None,
            "key": cloud.key or None,
        },
        "bounce": None
        if bounce is None
        else {"recipients": list(bounce.recipients), "reply": bounce.reply or None},
    }
