"""``form list | show | lint``: what is defined."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder.campaign.folder import defined_form
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.definition.lint import lint
from workbook_builder.definition.load import editions, load_folder, load_form
from workbook_builder.language.words import instruction
from workbook_builder.model.form import Form
from workbook_builder.outputs.data import form_json
from workbook_builder.workbook.place import place


def command(speaker: Speaker) -> click.Group:
    """The group in the speaker's language."""
    group = click.Group(
        "form", help=speaker.t("报表定义：列出、查看、检查。", "The defined forms.")
    )
    for each in (_list, _show, _lint):
        group.add_command(each(speaker))
    return group


def _list(speaker: Speaker) -> click.Command:
    @click.command("list", help=speaker.t("列出全部报表和版本。", "Lists all forms."))
    def list_() -> int:
        rows = []
        for name, edition in editions():
            form = load_form(name, edition)
            inputs, cells = len(form.inputs), len(form.cells)
            rows.append(
                [name, edition, form.title, form.authority, f"{inputs}/{cells}"]
            )
        heads = ("form", "edition", "title", "authority", "inputs/cells")
        speaker.table(heads, rows)
        return CLEAN

    return list_


def _show(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "show",
        help=t(
            "查看报表：指标单元、地址、审核公式。",
            "Shows a form: cells, addresses and checks.",
        ),
    )
    @click.argument("form")
    @click.option(
        "--edition", default="", help=t("版本，默认最新。", "Default: newest.")
    )
    @click.option(
        "--json", "as_json", is_flag=True, help=t("输出 JSON。", "Print JSON.")
    )
    def show(form: str, edition: str, as_json: bool) -> int:
        definition = defined_form(form, edition)
        if as_json:
            speaker.json(form_json(definition))
        else:
            _print_form(speaker, definition)
        return CLEAN

    return show


def _print_form(speaker: Speaker, form: Form) -> None:
    layout = place(form)
    click.echo(f"{form.title}　{form.authority}　{form.id} {form.edition}")
    rows = [
        [
            cell.id,
            f"{layout.cells[cell.id].sheet}!{layout.cells[cell.id].address}",
            cell.kind.value,
            cell.type.unit,
            cell.name,
        ]
        for cell in form.cells.values()
    ]
    speaker.table(("id", "address", "kind", "unit", "label"), rows)
    click.echo()
    for check in form.checks:
        click.echo(f"{instruction(form, check)}\n    {check.rule}\n    {check.source}")


def _lint(speaker: Speaker) -> click.Command:
    t = speaker.t

    @click.command(
        "lint",
        help=t(
            "检查报表定义：FORM 是报表名，或定义所在的文件夹。错误使退出码为 1，"
            "提醒不会。",
            "Checks a definition by name or folder. Errors exit with 1, remarks do not.",
        ),
    )
    @click.argument("form")
    @click.option(
        "--edition", default="", help=t("版本，默认最新。", "Default: newest.")
    )
    def lint_(form: str, edition: str) -> int:
        folder = Path(form)
        definition = (
            load_folder(folder)
            if (folder / "form.toml").is_file()
            else defined_form(form, edition)
        )
        remarks = lint(definition)
        for remark in remarks:
            click.echo(
                f"{remark.level}  {remark.key}: {remark.problem}. {remark.remedy}"
            )
        errors = sum(remark.level == "error" for remark in remarks)
        speaker.say(
            f"{definition.id} {definition.edition}：错误 {errors}，提醒 {len(remarks) - errors}",
            f"{definition.id} {definition.edition}: {errors} errors, "
            f"{len(remarks) - errors} remarks",
        )
        return FINDINGS if errors else CLEAN

    return lint_
