"""The command line: arguments in, exit status out.

Exit status: 0 nothing wrong, 1 findings, 2 cannot run.
"""

from __future__ import annotations

import hashlib  # noqa: F401 - where memory is short by then, it prints what it misses
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from workbook_builder.commands.every import COMMANDS, STAGES, load
from workbook_builder.commands.speak import (
    CANNOT_RUN,
    CLEAN,
    LANGUAGES,
    Speaker,
    chosen_language,
    debugging,
)
from workbook_builder.commands.usage import in_language, usage_error
from workbook_builder.model.errors import WorkbookBuilderError
from workbook_builder.model.failure import failure

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _Commands(click.Group):
    """Lists commands in the order of the year, and loads the one that is asked for."""

    def __init__(self, speaker: Speaker, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._speaker = speaker

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from workbook_builder.commands.examples import with_examples

        command = with_examples(load(cmd_name, self._speaker), self._speaker)
        return in_language(command, self._speaker.language)

    def shell_complete(
        self, ctx: click.Context, incomplete: str
    ) -> list[CompletionItem]:
        """Knows the names without loading a command for each."""
        from click.shell_completion import CompletionItem

        own = [
            CompletionItem(name, help=self._speaker.of(text))
            for name, text in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*own, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        wide = max(map(len, COMMANDS))
        for title, named in STAGES.items():
            with formatter.section(self._speaker.of(title)):
                formatter.write_dl(
                    [(n.ljust(wide), self._speaker.of(t)) for n, t in named.items()]
                )


def application(language: str) -> click.Group:
    """All commands, in one language."""
    speaker = Speaker(language)
    t = speaker.t
    group = _Commands(
        speaker,
        "workbook-builder",
        invoke_without_command=True,
        callback=lambda: _alone(speaker),
        help=t(
            "统计报表：生成报送表、收表审核、汇总、出报告。\n\n"
            "第一次用：workbook-builder demo。只输入 workbook-builder，说明下一步做什么。",
            "Official statistics in spreadsheets: builds, checks and adds up workbooks."
            "\n\nNew here? Run: workbook-builder demo. workbook-builder alone says what "
            "to do next.",
        ),
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice(LANGUAGES),
                expose_value=False,
                help=t("语言，默认随系统。", "Language; default: the locale."),
            )
        ],
    )
    name = "workbook-builder"
    click.version_option(package_name=name, prog_name=name)(group)
    in_language(group, language)
    return group


def _alone(speaker: Speaker) -> int:
    """What to do next, where no command is given."""
    if click.get_current_context().invoked_subcommand is not None:
        return CLEAN
    from workbook_builder.commands.here import here

    return here(speaker)


def _language_first(arguments: Sequence[str]) -> list[str]:
    """``--lang`` may stand anywhere; click wants it before the command."""
    rest, language = list(arguments), []
    for index, argument in enumerate(rest):
        if argument == "--lang" or argument.startswith("--lang="):
            length = 1 if "=" in argument else 2
            language = rest[index : index + length]
            del rest[index : index + length]
            break
    return [*language, *rest]


#: Bytes held while a command runs: what it takes to say that there were not enough.
_HELD = 2 * 1024 * 1024


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit status; nothing is raised."""
    speaker = Speaker(chosen_language(arguments, os.environ))
    held: list[bytes] = []
    try:
        held.append(bytes(_HELD))
        return _run(arguments, speaker)
    except MemoryError:  # by what was to be said of another error
        held.clear()
    click.echo(speaker.of(failure(MemoryError())), err=True)
    return CANNOT_RUN


def _run(arguments: Sequence[str], speaker: Speaker) -> int:
    try:
        status = application(speaker.language).main(
            _language_first(arguments),
            prog_name="workbook-builder",
            standalone_mode=False,
        )
    except click.ClickException as error:
        click.echo(speaker.of(usage_error(error)), err=True)
        return CANNOT_RUN
    except (click.Abort, KeyboardInterrupt):
        click.echo(speaker.t("已中断，没有写坏任何文件。", "Interrupted."), err=True)
        return CANNOT_RUN
    except WorkbookBuilderError as error:
        click.echo(speaker.of(error.text), err=True)
        return CANNOT_RUN
    except Exception as error:
        if debugging():
            import traceback

            traceback.print_exc()
        click.echo(speaker.of(failure(error)), err=True)
        return CANNOT_RUN
    return status if isinstance(status, int) else 0


def main() -> None:
    """The console script."""
    if sys.platform != "win32" and sys.getfilesystemencoding() != "utf-8":
        # Names of files are in Chinese; a system that says it knows only ASCII is
        # hardly ever right, and what it says can be passed over at the start only.
        again = [sys.executable, "-X", "utf8", "-m", "workbook_builder", *sys.argv[1:]]
        os.execv(sys.executable, again)
    for stream in (sys.stdout, sys.stderr):
        # A Windows console in another code page must not stop a Chinese sentence.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))
