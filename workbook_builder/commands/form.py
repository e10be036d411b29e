"""``form list | show | lint``: what is defined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from workbook_builder import pipeline
from workbook_builder.commands.options import json_option, period_option, stacked
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.commands.usage import Steps
from workbook_builder.definition.lint import lint
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.language.words import instruction
from workbook_builder.model.errors import NoSuchForm
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.period import Period
from workbook_builder.model.worded import worded
from workbook_builder.workbook.place import place


def command(speaker: Speaker) -> click.Group:
    """The group in the speaker's language."""
    group = Steps(
        "form", help=speaker.t("报表定义：列出、查看、检查。", "The defined forms.")
    )
    for each in (_list, _show, _lint):
        group.add_command(each(speaker))
    return group


def _list(speaker: Speaker) -> click.Command:
    @click.command("list", help=speaker.t("列出全部报表和版本。", "Lists all forms."))
    def list_() -> int:
        rows = []
        forms = Forms.shipped()
        for name in forms.names():
            for edition in forms.editions(name):
                form = forms.edition(name, edition.id)
                serves = speaker.t(
                    f"{edition.serves.zh}，按{edition.frequency.chinese}",
                    f"{edition.frequency} {edition.serves.en}",
                )
                size = f"{len(form.inputs)}/{len(form.cells)}"
                rows.append(
                    [name, edition.id, serves, form.title, form.authority, size]
                )
        heads = speaker.t(
            "报表 版本 用于 名称 依据 填报/全部单元格",
            "form edition serves title authority inputs/cells",
        )
        speaker.table(heads.split(), rows)
        return CLEAN

    return list_


def _which(speaker: Speaker) -> Callable[[Any], Any]:
    """The argument and options that name a definition."""
    t = speaker.t
    return stacked(
        click.argument("form"),
        click.option("--edition", default="", help=t("版本。", "The edition.")),
        period_option(
            t("适用于该统计期的版本，如 2025。", "The edition for a period.")
        ),
    )


def _defined(form: str, edition: str, period: Period | None) -> Form:
    """By folder, by edition, by period, or the only edition there is.

    With a period, its texts are said of it.
    """
    forms = Forms.shipped()
    folder = Path(form)
    if (folder / "form.toml").is_file():
        definition = load_folder(folder)
        return worded(definition, period) if period is not None else definition
    if period is not None:
        return worded(forms.of(form, period, edition), period)
    found = forms.editions(form) if not edition else ()
    if len(found) > 1:
        ids = [each.id for each in found]
        raise NoSuchForm(
            f"“{form}”有几个版本，请用 --edition 写明：{'、'.join(ids)}。",
            f"“{form}” has several; say which with --edition: {', '.join(ids)}.",
        )
    return forms.edition(form, edition or found[0].id)


def _show(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "show",
        help=t(
            "查看报表：指标单元、地址、审核公式。写报表名，或定义所在的文件夹。",
            "Shows a form by name or folder: cells, addresses and checks.",
        ),
    )
    @_which(speaker)
    @json_option(speaker)
    def show(form: str, edition: str, period: Period | None, as_json: bool) -> int:
        definition = _defined(form, edition, period)
        if as_json:
            speaker.json(pipeline.to_json(definition))
        else:
            _print_form(speaker, definition)
        return CLEAN

    return show


_KINDS = {Kind.INPUT: "填报项", Kind.TOTAL: "合计项"}


def _print_form(speaker: Speaker, form: Form) -> None:
    layout = place(form)
    click.echo(f"{form.title}　{form.authority}　{form.id} {form.edition}")
    rows = [
        [
            cell.id,
            f"{layout.cells[cell.id].sheet}!{layout.cells[cell.id].address}",
            speaker.t(_KINDS[cell.kind], cell.kind.value),
            cell.type.unit,
            cell.name,
        ]
        for cell in form.cells.values()
    ]
    heads = speaker.t("编号 位置 填法 单位 名称", "id address kind unit label")
    speaker.table(heads.split(), rows)
    click.echo()
    for check in form.checks:
        click.echo(f"{instruction(form, check)}\n    {check.rule}\n    {check.source}")


_LEVELS = {"error": "错误", "remark": "提醒"}


def _lint(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "lint",
        help=t(
            "检查报表定义：写报表名，或定义所在的文件夹。错误使退出码为 1，提醒不会。",
            "Checks a definition by name or folder. Errors exit with 1, remarks do not.",
        ),
    )
    @_which(speaker)
    def lint_(form: str, edition: str, period: Period | None) -> int:
        definition = _defined(form, edition, period)
        remarks = lint(definition)
        for remark in remarks:
            problem, remedy = remark.problem, remark.remedy
            speaker.say(
                f"{_LEVELS[remark.level]}  {remark.key}：{problem.zh}。{remedy.zh}。",
                f"{remark.level}  {remark.key}: {problem.en}. {remedy.en}",
            )
        errors = sum(remark.level == "error" for remark in remarks)
        speaker.say(
            f"{definition.id} {definition.edition}：错误 {errors}，提醒 {len(remarks) - errors}",
            f"{definition.id} {definition.edition}: {errors} errors, "
            f"{len(remarks) - errors} remarks",
        )
        return FINDINGS if errors else CLEAN

    return lint_
