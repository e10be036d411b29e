"""What is wrong with a command line, in the words of the one who typed it."""

from __future__ import annotations

from difflib import get_close_matches

import click

from workbook_builder.model.text import Text


def usage_error(error: click.ClickException) -> Text:
    """click's own sentence in English, ours in Chinese; both end with where to look."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "workbook-builder"
    help_ = f"{path} --help"
    return Text(
        f"{_chinese(error)}用法见：{help_}", f"{error.format_message()}\nSee: {help_}"
    )


def _chinese(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return f"没有“{name}”这个选项。{_perhaps(near)}"
        case click.MissingParameter(param=param, ctx=context):
            name = param.make_metavar(context) if param and context else "参数"
            return f"缺少“{name}”。"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=all_))):
            return f"只能是其中之一：{'、'.join(map(str, all_))}。"
        case click.BadParameter(param=param) if param is not None:
            return f"“{param.opts[0] if param.opts else param.name}”填得不对。"
        case click.UsageError(
            ctx=click.Context(command=click.Group() as group) as context
        ) if "No such command" in error.message:
            name = error.message.split("'")[1]
            # click itself looks only among commands that are loaded.
            near = get_close_matches(name, group.list_commands(context))
            return f"没有“{name}”这个命令。{_perhaps(near)}"
        case click.UsageError() if error.message.startswith("Missing command"):
            return "还要写明命令。"
        case _:
            return error.format_message().rstrip(".。") + "。"


def _perhaps(names: object) -> str:
    known = [str(name) for name in names] if isinstance(names, list | tuple) else []
    return f"您是不是要用：{'、'.join(known)}？" if known else ""
