"""操作: any command of the program, its arguments as cells to fill in.

What there is to choose from stands on a hidden sheet of the console, where the command
``console`` writes it from the commands themselves.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from workbook_builder.model.errors import CampaignError
from workbook_builder.model.text import TABBED

#: Stands in the words of an operation for the campaign's folder.
HERE = "{DIR}"
YES = ("是", "√", "1")


class Blank(msgspec.Struct, frozen=True):
    """Something to fill in. Without ``option`` it goes by its place.

    ``kind``: text; flag, to be filled with 是; words and files, several of them; file,
    from the campaign's folder; beside, a folder next to the campaign's.
    """

    label: str
    hint: str
    option: str = ""
    kind: str = "text"
    required: bool = False
    choices: dict[str, str] = {}

    def values(self, said: str, folder: Path) -> list[str]:
        """What it says as arguments."""
        if self.choices:
            known = {**self.choices, **{each: each for each in self.choices.values()}}
            if said not in known:
                raise CampaignError(
                    f"“{self.label}”请填其中之一：{'、'.join(self.choices)}。",
                    f"{self.option or self.label} is one of {', '.join(known)}.",
                )
            return [known[said]]
        match self.kind:
            case "words":
                return re.split(r"[\s、，,；;]+", said)
            case "file" | "beside" | "files":
                names = [each.strip() for each in re.split(r"[；;\n]", said)]
                names = names if self.kind == "files" else [said]
                base = folder.parent if self.kind == "beside" else folder
                return [str(base / each.strip('"')) for each in names if each]
        return [said]


class Operation(msgspec.Struct, frozen=True):
    """A command: ``words`` are typed first, with :data:`HERE` for the folder."""

    title: str
    about: str
    words: tuple[str, ...]
    blanks: tuple[Blank, ...] = ()

    def arguments(self, said: Sequence[str], folder: Path) -> list[str]:
        """What would be typed after ``workbook-builder``.

        Raises CampaignError where something is missing or is not to be filled in.
        """
        if any(said[len(self.blanks) :]):
            raise CampaignError(
                f"“{self.title}”没有那么多要填的，请把没有名称的行清空，再执行。",
                f"{self.title} has only {len(self.blanks)} arguments.",
            )
        options: list[str] = []
        places: list[str] = []
        left: Blank | None = None
        for blank, text in zip(self.blanks, said, strict=False):
            if not text:
                if blank.required:
                    raise _wanted(blank)
                left = left or (None if blank.option else blank)
            elif blank.kind == "flag":
                if text not in YES:
                    raise CampaignError(
                        f"“{blank.label}”要的填“是”，不要的留空。",
                        f"{blank.option} takes 是 or nothing.",
                    )
                options.append(blank.option)
            elif blank.option:
                values = blank.values(text, folder)
                options += [f"{blank.option}={value}" for value in values]
            elif left is not None:
                raise _wanted(left)
            else:
                places += blank.values(text, folder)
        words = [str(folder) if word == HERE else word for word in self.words]
        return [*words, *options, *(["--", *places] if places else [])]


def _wanted(blank: Blank) -> CampaignError:
    return CampaignError(
        f"请填“{blank.label}”，再执行。", f"Fill in {blank.option or blank.label}."
    )


def written(operation: Operation) -> str:
    """The operation as the hidden sheet keeps it."""
    return msgspec.json.encode(operation).decode()


def read(text: str) -> Operation:
    return msgspec.json.decode(text, type=Operation)


def run_command(arguments: Sequence[str]) -> tuple[bool, str]:
    """Runs it as in a terminal, in a process of its own: whether it did anything, and
    what it said."""
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    ran = subprocess.run(
        [
            sys.executable,
            "-X",
            "utf8",
            "-m",
            "workbook_builder",
            "--lang=zh",
            *arguments,
        ],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**os.environ, TABBED: "1"},
        creationflags=hidden,
    )
    done = ran.returncode in (0, 1)
    return done, f"{ran.stdout}{ran.stderr}".strip()


def in_clerks_words(
    answer: str, chosen: Operation, all_: Sequence[Operation], folder: Path
) -> str:
    """An answer that says what to choose where it said what to type."""
    for each in all_:
        typed = f"workbook-builder {' '.join(each.words)}"
        for said in (str(folder), "DIR"):
            answer = answer.replace(typed.replace(HERE, said), f"“{each.title}”")
    labels = {b.option: b.label for op in (*all_, chosen) for b in op.blanks}
    return re.sub(
        r"(?<![\w-])--[a-z-]+",
        lambda typed: f"“{labels[typed[0]]}”" if typed[0] in labels else typed[0],
        answer,
    )


def told(said: str, most: int) -> tuple[str, list[list[str]]]:
    """The sentences of an answer, the first ``most`` of them, and all of it as cells."""
    lines = said.splitlines()
    sentences = [line for line in lines if line and "\t" not in line]
    more = [f"……共 {len(sentences)} 行，全部在“结果”表里。"]
    shown = [*sentences[:most], *(more if len(sentences) > most else [])]
    return "\n".join(shown), list(_cells(lines))


def _cells(lines: Sequence[str]) -> Iterator[list[str]]:
    yield from (line.split("\t") for line in lines if line)
