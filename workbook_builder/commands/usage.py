"""What is wrong with a command line, in the words of the one who typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


#: click's own words in a help text.
_WORDS = {
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这个说明。",
    "Show the version and exit.": "显示版本。",
}
#: What click calls the values of options and arguments.
_VALUES = {
    "INTEGER RANGE": "整数",
    "INTEGER": "整数",
    "TEXT": "文字",
    "[OPTIONS]": "[选项]",
    "[required]": "必填。",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "COMMAND [ARGS]...": "命令 [参数]...",
}


def valued(text: str) -> str:
    """What click calls values, in Chinese."""
    for english, chinese in _VALUES.items():
        text = text.replace(english, chinese)
    return text


class _ChineseHelp(click.HelpFormatter):
    """click's own words in Chinese, around ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, valued(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_WORDS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        said = [
            (valued(name), valued(_WORDS.get(text, text)).replace("。  ", "。"))
            for name, text in rows
        ]
        super().write_dl(said, col_max, col_spacing)


class _ChineseContext(click.Context):
    formatter_class = _ChineseHelp


class Steps(click.Group):
    """Lists its commands in the order in which they were added, each by the whole first
    sentence of its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, _first(each)) for name, each in self.commands.items()]
            )


def _first(command: click.Command) -> str:
    return re.split(r"(?<=。)|(?<=\.)\s", command.help or "", maxsplit=1)[0]


def in_language(command: click.Command, language: str) -> click.Command:
    """The command with a help text in one language alone."""
    if language == "zh":
        command.context_class = _ChineseContext
        for each in (
            command.commands.values() if isinstance(command, click.Group) else ()
        ):
            in_language(each, language)
    return command
