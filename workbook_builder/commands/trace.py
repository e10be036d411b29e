"""``trace DIR CELL``: from a total back to the files and cells it is made of."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from workbook_builder import pipeline
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import folder_argument, json_option
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker, Styled
from workbook_builder.model.values import grouped
from workbook_builder.pipeline import Traced
from workbook_builder.rules.trace import Trace

#: Digits of a fingerprint that are shown; --json has all of them.
SHOWN = 12


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command(
        "trace",
        help=t(
            "追溯一个汇总数：由哪些单位、哪些文件的哪个单元格相加而来，并重新相加一遍。\n\n"
            "单元格写编号（form show 列出的 表.行.列）或地址（“工作表 J7”）；"
            "--unit 只看一个单位和它的下级。依据是最近一次 collect 的结果；"
            "收件箱或汇总.xlsx 后来有变化的，会说明。\n\n"
            "退出码：0 相符，1 不符或有变化，2 无法运行。",
            "Shows which files and cells a total was added up from, and adds them up "
            "again.\n\nCELL is an id as “form show” lists them, or an address "
            "(“SHEET J7”); --unit takes one branch of the tree. It explains what "
            "collect wrote last, and says what has changed since.\n\n"
            "Exit status: 0 exact, 1 not exact or changed since, 2 cannot run.",
        ),
    )
    @folder_argument
    @click.argument("cell", metavar="CELL", nargs=-1, required=True)
    @click.option(
        "--unit",
        default="",
        metavar="CODE",
        help=t(
            "单位代码或名称：该单位和它的下级。", "A unit (code or name) and below."
        ),
    )
    @json_option(speaker)
    def trace(folder: Path, cell: tuple[str, ...], unit: str, as_json: bool) -> int:
        traced = pipeline.trace(Folder(folder), " ".join(cell), unit)
        if as_json:
            speaker.json(pipeline.to_json(traced))
        else:
            show(speaker, traced)
        return CLEAN if traced.is_clean else FINDINGS

    return trace


def show(speaker: Speaker, traced: Traced) -> None:
    """The total, a line for each contributor, and what became of it since."""
    t, found = speaker.t, traced.trace
    speaker.line(
        Styled(found.label, "bold"),
        f"　{found.sheet} {found.address}　{found.cell}",
    )
    speaker.table(
        [
            t("代码", "Code"),
            t("单位", "Unit"),
            t("数值", "Value"),
            t("文件", "File"),
            t("工作表", "Sheet"),
            t("单元格", "Cell"),
            t("版本", "Edition"),
            "sha256",
        ],
        [
            [
                escape(each.unit),
                escape(each.name),
                t("空", "blank") if each.amount is None else grouped(each.amount),
                escape(each.file),
                found.sheet,
                found.address,
                escape(each.edition),
                each.sha256[:SHOWN],
            ]
            for each in found.contributors
        ],
    )
    _show_sum(speaker, found)
    _show_left_out(speaker, found)
    _show_changes(speaker, traced)


def _show_sum(speaker: Speaker, found: Trace) -> None:
    name, units = found.node_name, len(found.contributors)
    if found.recorded is None and found.added_again is None:
        speaker.say(f"{name}：没有单位有这个数。", f"{name}: nobody has this figure.")
        return
    again = "—" if found.added_again is None else grouped(found.added_again)
    total = "—" if found.recorded is None else grouped(found.recorded)
    if found.is_exact:
        # A sum that lacks units agrees with itself, and is not the whole.
        whole = found.due == found.counted
        said = (
            ("完全相符", "exact")
            if whole
            else ("与记录相符，但不完整", "exact, but incomplete")
        )
        speaker.say(
            f"{name}：{total} {found.measure}，由 {units} 个单位重新相加，{said[0]}。",
            f"{name}: {total} {found.measure}; added up again from {units} units: "
            f"{said[1]}.",
        )
    else:
        speaker.say(
            f"{name}：记录的合计是 {total}，重新相加是 {again}，不符。请重新运行 collect。",
            f"{name}: recorded {total}, added up again {again}: NOT equal. "
            "Run collect again.",
        )


def _show_left_out(speaker: Speaker, found: Trace) -> None:
    if not found.left_out:
        return
    names = "、".join(f"{each.name}（{each.state}）" for each in found.left_out[:10])
    count, more = found.due - found.counted, "……" if len(found.left_out) > 10 else ""
    speaker.say(
        f"没有计入 {count} 个单位（应报 {found.due} 个，计入 {found.counted} 个）："
        f"{names}{more}",
        f"Not counted, {count} of {found.due} units: {names}{more}",
    )


def _show_changes(speaker: Speaker, traced: Traced) -> None:
    if traced.differs_from_workbook and traced.in_workbook is not None:
        shown = grouped(traced.in_workbook)
        speaker.say(
            f"汇总.xlsx 里现在是 {shown}：文件在汇总以后改过（例如“计入”改成了 0）。",
            f"汇总.xlsx shows {shown} now: it was changed after collect.",
        )
    for paths, zh, en in (
        (traced.changed, "汇总以后内容变了", "changed since"),
        (traced.gone, "已不在收件箱", "no longer in the inbox"),
        (traced.new, "汇总以后新收到", "new since"),
    ):
        for path in paths:
            speaker.say(f"{zh}：{path}", f"{en}: {path}")
    if traced.changed or traced.gone or traced.new:
        speaker.say(
            "上面是汇总当时的数；要包括这些变化，请重新运行 collect。",
            "The figures above are those of the last collect; run it again.",
        )
