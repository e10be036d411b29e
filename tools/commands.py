"""Writes the reference of all commands in both languages, out of their own help.

Run ``python -m tools.commands`` after a change of a command; a test compares the pages
with what this module makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from workbook_builder.cli import application
from workbook_builder.commands.every import STAGES
from workbook_builder.commands.speak import Speaker
from workbook_builder.commands.usage import valued

DOCS = Path(__file__).parent.parent / "docs"
#: Language → its page.
FILES = {"zh": DOCS / "commands.zh-CN.md", "en": DOCS / "commands.md"}
COMMAND = "python -m tools.commands"

_HEAD = """# {title}

<!-- {made} -->

{about}
"""


def commands(language: str) -> str:
    """The page in one language."""
    t = Speaker(language).t
    head = _HEAD.format(
        title=t("命令一览", "Commands"),
        made=t(
            f"由 `{COMMAND}` 生成，不要手工修改。",
            f"Made by `{COMMAND}`; do not edit.",
        ),
        about=t(
            "任务用它的文件夹来指，例子里是 `2025年报`。退出码：0 没有问题，1 有问题或有单位未报，"
            "2 无法运行。语言随系统，或者用 `--lang zh|en` 指定。",
            "A campaign is named by its folder, `2025年报` in the examples. Exit status: "
            "0 nothing wrong, 1 findings or missing units, 2 cannot run. Words follow the "
            "locale, or `--lang zh|en`. `WORKBOOK_BUILDER_DEBUG=1` shows tracebacks.",
        ),
    )
    group = application(language)
    context = click.Context(group, info_name="workbook-builder")
    lines = [head.rstrip("\n")]
    for title, named in STAGES.items():
        lines += ["", f"## {title.in_language(language)}"]
        for name in named:
            command = group.get_command(context, name)
            assert command is not None
            lines += ["", f"### {name}"]
            for each, own in _leaves(command, context):
                lines += _about(each, own, language)
    return "\n".join(lines) + "\n"


def _leaves(
    command: click.Command, above: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """A command, or those of a group behind it."""
    own = command.context_class(command, parent=above, info_name=command.name)
    yield command, own
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _leaves(each, own)


def _about(command: click.Command, context: click.Context, language: str) -> list[str]:
    t = Speaker(language).t
    usage = context.get_usage().partition("workbook-builder ")[2]
    lines = ["", f"`workbook-builder {' '.join(usage.split())}`"]
    for paragraph in (command.help or "").split("\n\n"):
        if paragraph.lstrip("\n").startswith("\b"):
            lines += ["", "```", paragraph.strip("\b\n"), "```"]
        else:
            lines += ["", " ".join(paragraph.split("\n"))]
    said = filter(None, (each.get_help_record(context) for each in command.params))
    rows = [
        f"| `{valued(name) if language == 'zh' else name}` | {text} |"
        for name, text in said
        if text
    ]
    if rows:
        heads = f"| {t('选项', 'Option')} | {t('意思', 'Meaning')} |"
        lines += ["", heads, "|---|---|", *rows]
    if command.epilog:
        lines += [
            "",
            "```sh",
            *(line.strip() for line in command.epilog.splitlines()[2:]),
            "```",
        ]
    return lines


def main() -> None:
    for language, file in FILES.items():
        file.write_text(commands(language), encoding="utf-8")


if __name__ == "__main__":
    main()
