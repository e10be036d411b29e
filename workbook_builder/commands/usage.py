"""What is wrong with a command line, in the words of the one who typed it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width

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
            name = valued(param.make_metavar(context)) if param and context else "参数"
            return f"缺少“{name}”。"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=all_))):
            return f"只能是其中之一：{'、'.join(map(str, all_))}。"
        case click.BadParameter(param=param) if param is not None:
            return f"“{param.opts[0] if param.opts else param.name}”填得不对。"
        case click.UsageError(
            ctx=click.Context(command=click.Group() as group) as context
        ) if "No such command" in error.message:
            name = error.message.split("'")[1]
            from difflib import get_close_matches

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
#: What stands for the values of options and arguments; INTEGER, TEXT … are click's.
VALUES = {
    "ADDRESS": "地址",
    "ARGS": "参数",
    "CELL": "单元格",
    "CODE": "代码",
    "COMMAND": "命令",
    "DATE": "日期",
    "DIR": "任务文件夹",
    "FILE": "文件",
    "FILES": "文件",
    "FORM": "报表",
    "INTEGER": "整数",
    "INTEGER RANGE": "整数",
    "NEW": "新文件",
    "OLD": "上一期的文件夹",
    "OPTIONS": "选项",
    "PAGE": "网页",
    "PATH": "文件夹",
    "PERIOD": "统计期",
    "SEAL": "防伪码",
    "TEXT": "文字",
    "UNIT": "单位",
    "URL": "网址",
}
_VALUE = re.compile(rf"\b({'|'.join(sorted(VALUES, key=len, reverse=True))})\b", re.A)


def valued(text: str) -> str:
    """What stands for values, in Chinese."""
    return _VALUE.sub(lambda found: VALUES[found[0]], text)


class _ChineseHelp(click.HelpFormatter):
    """click's own words in Chinese, around ours."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(valued(prog), valued(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_WORDS.get(heading, heading)}：\n")

    def write_text(self, text: str) -> None:
        """Paragraphs; one that begins with ``\\b`` keeps its lines."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            kept = paragraph.startswith("\b\n")
            room = self.width - self.current_indent
            lines = paragraph[2:].split("\n") if kept else _lines(paragraph, room)
            self.write("\n" * bool(number) + "".join(f"{indent}{e}\n" for e in lines))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Columns by what they take on the screen, which click does not count."""
        said = [
            (valued(name), _WORDS.get(text, text).replace("  [required]", "必填。"))
            for name, text in rows
        ]
        column = min(max(_cells(name) for name, _ in said), col_max) + col_spacing
        for name, text in said:
            head = " " * self.current_indent + name
            first, *others = _lines(text, self.width - self.current_indent - column)
            gap = self.current_indent + column
            self.write(f"{head}{'':{max(gap - _cells(head), col_spacing)}}{first}\n")
            self.write("".join(f"{'':{gap}}{line}\n" for line in others))


#: What stays together on a line: a word or a Chinese character, with its punctuation.
_PIECE = re.compile(r"[“（《【]*(?:[!-~]+|\S)[，。；：、·）”》】…]*\s*")


def _lines(text: str, room: int) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        if lines[-1] and _cells(lines[-1] + piece.rstrip()) > room:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _cells(text: str) -> int:
    return sum(1 + (east_asian_width(each) in "WF") for each in text)


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
