"""What a mail says in words: its beginning, and the files it links to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbook_builder.intake.clouds import cloud_files
from workbook_builder.intake.names import in_charset
from workbook_builder.intake.pages import Run, runs_of_page, runs_of_text
from workbook_builder.model.letter import CloudFile
from workbook_builder.model.text import printable

#: So much of a text is read, and so much of it shown.
_READ, _SHOWN = 1_000_000, 300
#: So much tells whether a machine wrote it.
_TOLD = 8_000


@dataclass(frozen=True, slots=True)
class Body:
    """A text of a mail, as it came; ``charset`` is empty where the bytes must tell."""

    data: bytes
    charset: str = ""
    is_page: bool = False

    def runs(self) -> Iterator[Run]:
        text = in_charset(self.data[:_READ], self.charset)
        return runs_of_page(text) if self.is_page else runs_of_text(text)


def beginning(bodies: Sequence[Body]) -> str:
    """What is shown of the text; the plain one is as good as the page beside it."""
    return " ".join(told(bodies).split())[:_SHOWN]


def told(bodies: Sequence[Body]) -> str:
    """The first words, with their lines."""
    plain_first = sorted(bodies, key=lambda body: body.is_page)
    for body in plain_first:
        words = _words(body.runs())
        if words.strip():
            return printable(words)
    return ""


def linked(bodies: Iterable[Body], alone: bool) -> tuple[CloudFile, ...]:
    """The files on network disks; of one that several texts name, the page says more."""
    pages_first = sorted(bodies, key=lambda body: not body.is_page)
    found: dict[str, CloudFile] = {}
    for body in pages_first:
        for file in cloud_files(body.runs(), alone):
            found.setdefault(file.link, file)
    return tuple(found.values())


def _words(runs: Iterable[Run]) -> str:
    said, length = [], 0
    for run in runs:
        words = run.words or run.link
        said.append(words)
        length += len(words)
        if length > _TOLD:
            break
    return "".join(said)[:_TOLD]
