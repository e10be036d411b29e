"""Language, tables and progress of the command line."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from workbook_builder.model.errors import WorkbookBuilderError
from workbook_builder.model.text import TABBED, Text, Tone, escaped, printable

if TYPE_CHECKING:
    from rich.console import Console

    from workbook_builder.model.campaign import Campaign

LANGUAGES = ("zh", "en")

#: Exit status: nothing wrong, findings, cannot run.
CLEAN, FINDINGS, CANNOT_RUN = 0, 1, 2


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """``--lang``, else the locale: Chinese for a Chinese one, English otherwise."""
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return _known(argument.removeprefix("--lang="))
        if argument == "--lang" and index + 1 < len(arguments):
            return _known(arguments[index + 1])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _known(environment[name])
    return _known(locale.getlocale()[0] or "")  # Windows sets no variable


def _known(name: str) -> str:
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


class Styled(NamedTuple):
    """Words in a colour, or ``bold`` or ``dim``, where a terminal shows them."""

    text: str
    style: str


@dataclass(frozen=True)
class Speaker:
    """Says things in one language; ``t`` picks between the two texts."""

    language: str

    def t(self, zh: str, en: str) -> str:
        return Text(zh, en).in_language(self.language)

    def of(self, text: Text) -> str:
        return text.in_language(self.language)

    def in_tone(self, tone: Tone, text: Text) -> Styled:
        """In the colour of its tone."""
        return Styled(self.of(text), _STYLES.get(tone, "dim"))

    def toned(self, tone: Tone, text: Text) -> str:
        """The same marked up, for a table."""
        said, style = self.in_tone(tone, text)
        return f"[{style}]{said}[/{style}]"

    @property
    def out(self) -> Console:
        """Standard output; wide enough for a table when it is not a terminal."""
        from rich.console import Console

        console = Console(highlight=False, soft_wrap=False)
        return console if console.is_terminal else Console(highlight=False, width=120)

    def say(self, zh: str, en: str) -> None:
        click.echo(printable(self.t(zh, en)))

    def warn(self, zh: str, en: str) -> None:
        """On standard error: the work is done, but somebody should know."""
        click.echo(printable(self.t(zh, en)), err=True)

    def unrecorded(self, error: WorkbookBuilderError | None) -> None:
        """That what was done is not in the record, if it is not."""
        if error is not None:
            self.warn(
                f"注意：结果已写好，但没有记进任务记录。{error.text.zh}",
                f"Note: the work is done but not recorded. {error.text.en}",
            )

    def past(self, campaign: Campaign, files: Iterable[Text]) -> None:
        """What became of files with figures of the period before."""
        folder = campaign.period.frequency.folder
        for said in files:
            self.say(f"  {folder}：{said.zh}", f"  {folder}: {said.en}")

    def json(self, content: Any) -> None:
        # Elsewhere than in UTF-8 a letter that has no place would be lost.
        encoding = sys.stdout.encoding or ""
        plain = not encoding.lower().startswith("utf")
        click.echo(escaped(json.dumps(content, ensure_ascii=plain, indent=1)))

    def line(self, *parts: str | Styled) -> None:
        """One line, however long: a terminal breaks it, a file keeps it whole.

        What would command a terminal, from a file or a cell, is shown as \ufffd. Rich,
        which draws the tables, takes longer to load than a return to be read.
        """
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        said = "".join(map(_said, parts))
        click.echo(said, color=False if plain else None)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if os.environ.get(TABBED):
            from rich.text import Text as Marked

            for row in (heads, *rows):
                plain = (Marked.from_markup(printable(each)).plain for each in row)
                click.echo("\t".join(" ".join(each.split()) for each in plain))
            return
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*map(printable, row))
        self.out.print(table)

    @contextmanager
    def progress(self, zh: str, en: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on standard error while a stage goes on; nothing in a pipe."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        if not console.is_terminal:
            yield lambda done, of: None  # a disabled bar of an older rich prints a line
            return
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
        ) as bar:
            task = bar.add_task(self.t(zh, en), total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)


_STYLES = {
    Tone.GOOD: "green",
    Tone.OPEN: "yellow",
    Tone.BAD: "red",
    Tone.STRANGE: "magenta",
}


def _said(part: str | Styled) -> str:
    if isinstance(part, str):
        return printable(part)
    bold, dim = part.style == "bold", part.style == "dim"
    colour = None if bold or dim else part.style
    return click.style(printable(part.text), colour, bold=bold or None, dim=dim or None)


def debugging() -> bool:
    """Whether a maintainer asked for tracebacks."""
    return bool(os.environ.get("WORKBOOK_BUILDER_DEBUG"))
