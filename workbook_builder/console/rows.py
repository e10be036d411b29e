"""Results as rows for the lists of the console; what is said is already said.

The disk is only asked which file a link can open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from workbook_builder.console.places import STILL_OPEN
from workbook_builder.model.finding import Finding
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.submission import Submission
from workbook_builder.model.summary import Summary
from workbook_builder.workbook.place import place

RowContent = str | int | Decimal | None
ConsoleRow = tuple[RowContent, ...]

#: An office suite follows no longer target, and takes no longer text in a formula.
LONGEST_TARGET = 255


def link(
    path: Path, text: str, sheet: str | None = None, address: str | None = None
) -> str:
    """A formula that opens a file, at a cell where one is named; empty if it cannot.

    Excel knows two ways to name a cell of another file, and each of them fails for
    files with its own sign in the name.
    """
    target, spot = str(path), f"'{sheet}'!{address}" if sheet and address else ""
    if "#" in target:
        target = f"[{target}]{spot}" if "[" not in target else ""
    elif spot:
        target = f"{target}#{spot}"
    if not target or len(target) > LONGEST_TARGET:
        return ""
    quoted = target.replace('"', '""')
    return f'=HYPERLINK("{quoted}","{text}")'


def on_disk(path: Path) -> Path | None:
    """The file, or the archive or mail that it came in; None where neither is there."""
    return next((each for each in (path, *path.parents) if _is_file(each)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name in an archive may be longer than any on a disk
        return False


def opening(path: Path, sheet: str | None = None, address: str | None = None) -> str:
    """A link to a file that came in; to its archive or mail where it is in one."""
    found = on_disk(path)
    if found is None:
        return ""
    spot = (sheet, address) if found == path else (None, None)
    return link(found, "打开", *spot)


def board_rows(summary: Summary, inbox: Path, returned: Path) -> Iterator[ConsoleRow]:
    """A row for each unit, then one for each file that is no unit's."""
    for unit in summary.units:
        submission = summary.standing.get(unit.code)
        name = workbook_name(summary.campaign, summary.form, unit)
        back = link(returned / name, "打开") if (returned / name).is_file() else ""
        yield (
            *("", unit.code, unit.name, unit.type, summary.state(unit).word),
            *_file(submission, inbox),
            back,
        )
    for submission in _others(summary):
        code, name = submission.unit_code, _whose(submission)
        yield (
            *("", code, name, "", submission.verdict.text.zh),
            *_file(submission, inbox),
            "",
        )


def _file(submission: Submission | None, inbox: Path) -> ConsoleRow:
    """Open findings, the first of them, the file and a link to it."""
    if submission is None:
        return (None, "", "", "")
    still = submission.open_findings
    path = submission.path
    return (
        None if submission.verdict.is_settled else len(still),
        still[0].message.zh if still else submission.reason.zh,
        path,
        opening(inbox / path),
    )


def finding_rows(found: Iterable[tuple[str, Path, Submission]]) -> Iterator[ConsoleRow]:
    """A row for each finding of (unit, file, what was found in it)."""
    for whose, path, submission in found:
        for finding in submission.findings:
            yield _finding(whose, path, submission, finding)


def _finding(
    whose: str, path: Path, submission: Submission, finding: Finding
) -> ConsoleRow:
    return (
        "",
        whose,
        finding.code,
        finding.severity.word,
        finding.sheet or "",
        finding.address or "",
        finding.message.zh,
        finding.desk.zh,
        finding.explanation or "",
        STILL_OPEN if finding.is_open else "",
        opening(path, finding.sheet, finding.address),
        submission.path,
    )


def collected(summary: Summary, inbox: Path) -> Iterator[tuple[str, Path, Submission]]:
    """Whose findings are shown after collecting: the files that stand, then others."""
    for unit in summary.units:
        submission = summary.standing.get(unit.code)
        if submission is not None:
            yield unit.name, inbox / submission.path, submission
    for submission in _others(summary):
        if not submission.verdict.is_settled:
            yield _whose(submission), inbox / submission.path, submission


def checked(
    submissions: Iterable[Submission],
) -> Iterator[tuple[str, Path, Submission]]:
    """Whose findings are shown after checking some files."""
    for submission in submissions:
        yield _whose(submission), Path(submission.path), submission


def _others(summary: Summary) -> list[Submission]:
    standing = {id(each) for each in summary.standing.values()}
    return [each for each in summary.submissions if id(each) not in standing]


def _whose(submission: Submission) -> str:
    return submission.stamp.unit_name if submission.stamp else ""


def total_rows(summary: Summary) -> Iterator[ConsoleRow]:
    """A row for each cell of the form, for each unit that has none above it."""
    layout = place(summary.form)
    for root in summary.roster.roots:
        totals = summary.nodes[root.code].totals
        for cell in summary.form.cells.values():
            yield (
                root.name,
                summary.form.table(cell.table).sheet,
                layout.cells[cell.id].address,
                cell.name,
                totals.get(cell.id),
                cell.type.unit,
            )
