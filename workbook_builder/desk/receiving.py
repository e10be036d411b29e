"""收: files dropped into the inbox, each with its verdict; letters and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook_builder import pipeline
from workbook_builder.campaign.decisions import decisions
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.home import View
from workbook_builder.desk.jobs import Notice
from workbook_builder.model.letter import Letter
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text, printable
from workbook_builder.pipeline import Progress


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the inbox in the list."""

    path: str
    tone: str
    verdict: str
    unit: str
    code: str
    reason: str
    letter: Letter | None


def show(asked: Asked) -> Answer:
    """Every file that came, and where to drop more."""
    view = asked.view()
    found = [_entry(asked, view, each) for each in view.summary.submissions]
    return asked.page(
        "receive.html",
        "receive",
        files=[each for each in found if each.letter is None],
        letters=[each for each in found if each.letter is not None],
        units=view.summary.roster.in_tree_order,
        counts=asked.of(view.summary.counts),
        mailbox=asked.folder.mail().imap is not None,
    )


def _entry(asked: Asked, view: View, each: Submission) -> FileEntry:
    code = each.letter.unit if each.letter else each.unit_code
    unit = view.summary.roster.by_code.get(code)
    return FileEntry(
        printable(each.path),
        each.verdict.tone.value,
        asked.of(each.verdict.text),
        printable(unit.name) if unit else "",
        code if unit else "",
        asked.of(each.reason),
        each.letter,
    )


def take(asked: Asked, data: bytes) -> object:
    """Puts one file into the inbox and judges it; for the script of the page."""
    folder = asked.folder
    expected = folder.expected()
    with asked.home.placing:
        path = pipeline.put_in(folder, asked.query.get("name", ""), data)
    found = pipeline.check([path], expected, decisions(folder.history()))
    return {
        "name": printable(path.relative_to(folder.inbox).as_posix()),
        "files": list(_judged(asked, expected.roster.by_code, found)),
    }


def _judged(
    asked: Asked, units: object, found: Sequence[Submission]
) -> Iterator[dict[str, str]]:
    for each in found:
        yield {
            "name": printable(each.path.rpartition("/")[2]),
            "unit": printable(each.stamp.unit_name) if each.stamp else "",
            "tone": each.verdict.tone.value,
            "verdict": asked.of(each.verdict.text),
            "reason": asked.of(each.reason),
        }


def assign(asked: Asked) -> Answer:
    """Says from which unit a letter is."""
    folder, file, unit = asked.folder, asked.said("file"), asked.said("unit")

    def work(progress: Progress) -> Sequence[Notice]:
        entry = pipeline.assign_letter(folder, file, unit, progress)
        name = entry.unit.name if entry.unit else unit
        return [
            Notice(
                Text(f"已记下：“{file}”是{name}的来信。", f"{file} is from {name}.")
            ),
            *asked.home.look(asked.campaign, progress),
        ]

    title = Text("登记来信", "Noting whose letter it is")
    return asked.do(title, work, asked.url("receive"))
