"""Spoils real returns at random and judges them; run as a process of its own.

``python -m tests.fuzz SEED COUNT [SECONDS [FOLDER]]`` goes on for that many mutants, or
for that many seconds, and prints what came of them as JSON: how many of each return, the
verdicts, what was wrong, the longest that one took, and the most memory (resident, in MB)
of this process, of the workers that judge, and of those of the reader that is compared
with, each mutant that took more than all before it by name. ``FOLDER`` holds other returns
to spoil: the same one as office suites saved it in each format, in a mail and in an
archive. A mutant is named by the seed and its number, and is the same each time.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import sys
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook

from tests.support import BUSY, expected, form, resaved, unzipped, workbook
from workbook_builder.bounds.isolation import Workers
from workbook_builder.intake import unpack
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.reading.receive import judged as judge_leaf
from workbook_builder.workbook.place import place

Parts = list[tuple[str, bytes]]

#: Sheets of the tables, styles and texts of an .xlsx, an .xlsb and an .ods.
_FIGURES = re.compile(r"sheet[345]\.|styles|sharedStrings|content\.xml|^whole$")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
#: What a changed attribute or cell may say.
ODDITIES = (
    *("", "0", "1", "-1", "12", "99999999", "1e309", "NaN", "A1", "XFD1048576", "D7"),
    *("inlineStr", "s", "str", "b", "e", "d", "veryHidden", "rId1", "\u202e", "表三"),
    *("../../x", "http://x.invalid/", "=1", "2147483648", "是", "　", "12%", "x" * 500),
)


FOLDER = Path((sys.argv[4:] or [os.devnull])[0])


@cache
def returns() -> Mapping[str, bytes]:
    """Returns as they come: as built, and as other programs saved them."""
    built = workbook(BUSY)
    files = sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []
    others = {file.name: file.read_bytes() for file in files}
    return {"built": built, "saved": resaved(built), **others}


@cache
def whole(name: str) -> Submission:
    """What becomes of the return when nobody spoils it."""
    found = judgements(name, returns()[name])
    return next(each for each in found if each.verdict is Verdict.ACCEPTED)


def rezipped(parts: Parts) -> bytes:
    """A package of these parts, two of one name as well."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


# ---------------------------------------------------------------- parts


def _one(parts: Parts, chance: random.Random) -> int:
    """Any part; every other time one of those that hold the figures."""
    figures = [at for at, (name, _) in enumerate(parts) if _FIGURES.search(name)]
    likely = bool(figures) and chance.random() < 0.5
    return chance.choice(figures) if likely else _any(parts, chance)


def _any(parts: Parts, chance: random.Random) -> int:
    return chance.randrange(len(parts))


def _drop(parts: Parts, chance: random.Random) -> None:
    del parts[_any(parts, chance)]


def _duplicate(parts: Parts, chance: random.Random) -> None:
    name, content = chance.choice(parts)
    other = chance.choice((name, name.upper(), name.replace("/", "\\"), f"{name}.bak"))
    parts.insert(chance.randrange(len(parts)), (other, content))


def _swap(parts: Parts, chance: random.Random) -> None:
    if len(parts) < 2:  # an archive of one file
        return
    one, other = chance.sample(range(len(parts)), 2)
    (a, first), (b, second) = parts[one], parts[other]
    parts[one], parts[other] = (a, second), (b, first)


def _truncate(parts: Parts, chance: random.Random) -> None:
    at = _one(parts, chance)
    name, content = parts[at]
    parts[at] = name, content[: chance.randrange(len(content) + 1)]


def _flip(parts: Parts, chance: random.Random) -> None:
    at = _one(parts, chance)
    name, content = parts[at]
    spoiled = bytearray(content)
    for _ in range(chance.choice((1, 3, 20)) if spoiled else 0):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    parts[at] = name, bytes(spoiled)


# ---------------------------------------------------------------- XML nodes


def _nodes(
    change: Callable[[ElementTree.Element, random.Random], None],
) -> Mutator:
    def mutate(parts: Parts, chance: random.Random) -> None:
        at = _one(parts, chance)
        name, content = parts[at]
        try:
            root = ElementTree.fromstring(content)
        except ElementTree.ParseError:
            return
        for _ in range(chance.choice((1, 1, 1, 4))):
            change(root, chance)
        parts[at] = name, ElementTree.tostring(root, "utf-8", xml_declaration=True)

    return mutate


def _parent(root: ElementTree.Element, chance: random.Random) -> ElementTree.Element:
    parents = [node for node in root.iter() if len(node)]
    return chance.choice(parents) if parents else root


def _delete_node(root: ElementTree.Element, chance: random.Random) -> None:
    parent = _parent(root, chance)
    if len(parent):
        del parent[chance.randrange(len(parent))]


def _duplicate_node(root: ElementTree.Element, chance: random.Random) -> None:
    parent = _parent(root, chance)
    if len(parent):
        parent.insert(chance.randrange(len(parent)), chance.choice(list(parent)))


def _move_node(root: ElementTree.Element, chance: random.Random) -> None:
    parent, to = _parent(root, chance), _parent(root, chance)
    if len(parent):
        node = chance.choice(list(parent))
        if not any(each is to for each in node.iter()):
            parent.remove(node)
            to.insert(chance.randrange(len(to) + 1), node)


def _change_attribute(root: ElementTree.Element, chance: random.Random) -> None:
    node = chance.choice(list(root.iter()))
    key = chance.choice([*node.attrib, "r", "t", "s"])
    if chance.random() < 0.2:
        node.attrib.pop(key, None)
    else:
        node.attrib[key] = chance.choice(ODDITIES)


def _change_cell(root: ElementTree.Element, chance: random.Random) -> None:
    cells = list(root.iter(f"{{{_MAIN}}}c"))
    others = [node for node in root.iter() if f"{{{_OFFICE}}}value" in node.attrib]
    if others:
        node, text = chance.choice(others), chance.choice(ODDITIES)
        node.attrib[f"{{{_OFFICE}}}value"] = text
    elif cells:
        cell = chance.choice(cells)
        kind, text = chance.choice(("n", "str", "s", "b", "e")), chance.choice(ODDITIES)
        cell.attrib["t"] = kind
        for child in list(cell):
            if chance.random() < 0.7:
                cell.remove(child)
        ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = text


Mutator = Callable[[Parts, random.Random], None]
MUTATORS: Mapping[str, Mutator] = {
    "drop": _drop,
    "duplicate": _duplicate,
    "swap": _swap,
    "truncate": _truncate,
    "flip": _flip,
    "delete node": _nodes(_delete_node),
    "duplicate node": _nodes(_duplicate_node),
    "move node": _nodes(_move_node),
    "change attribute": _nodes(_change_attribute),
    "change cell": _nodes(_change_cell),
}
#: Noise of the double.
TINY = 1e-6
#: These put nothing new into the file: what is accepted says what was said before.
WITHOUT_NEWS = {"drop", "duplicate", "truncate"}


def mutant(seed: str, number: int) -> tuple[str, str, bytes]:
    """The name of the return, how it was spoiled, and its bytes."""
    chance = random.Random(f"{seed} {number}")
    name = chance.choice(list(returns()))
    how = chance.choice(list(MUTATORS))
    data = returns()[name]
    if data.startswith(b"PK"):
        parts = list(unzipped(data).items())
        MUTATORS[how](parts, chance)
        data = rezipped(parts)
    else:  # no package: an .xls, a mail
        how = chance.choice(("truncate", "flip"))
        parts = [("whole", data)]
        MUTATORS[how](parts, chance)
        data = parts[0][1]
    if data and chance.random() < 0.1:  # the package itself as well
        at = chance.randrange(len(data))
        data = data[:at] + chance.randbytes(chance.randrange(4)) + data[at + 1 :]
    return name, how, data


def fault(name: str, how: str, submission: Submission) -> str:
    """What is wrong with a judgement of a mutant, or nothing."""
    codes = [finding.code for finding in submission.findings]
    if "R08" in codes:
        return submission.findings[0].message.en
    if submission.verdict is not Verdict.ACCEPTED:
        return "" if codes else f"{submission.verdict} without a finding"
    if set(submission.facts) != set(form().cells):
        return "accepted without all facts"
    if how in WITHOUT_NEWS and submission.facts != whole(name).facts:
        return "accepted with other facts"
    return ""


def unlike(there: Mapping[tuple[str, int, int], object], submission: Submission) -> str:
    """Where an accepted mutant counts another figure than another reader finds in the same
    place, while nothing is said of that place."""
    said = {(finding.sheet, finding.address) for finding in submission.findings}
    for cell in form().inputs:
        spot = place(form()).cells[cell.id]
        shown = there.get((spot.sheet, spot.row, spot.column), "")
        ours = submission.facts[cell.id].number
        if shown == "" or said & {(spot.sheet, spot.address), (spot.sheet, None)}:
            continue
        number = float(shown) if isinstance(shown, int | float) else None
        if number is None or ours is None or abs(float(ours) - number) > TINY:
            return f"{spot.address} counts as {ours}, elsewhere it is {shown!r}"
    return ""


def _elsewhere(data: bytes) -> dict[tuple[str, int, int], object]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (name, row, column): value
        for name in {spot.sheet for spot in place(form()).cells.values()}
        for row, values in enumerate(
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        )
        for column, value in enumerate(values)
    }


def judgements(name: str, data: bytes) -> list[Submission]:
    """Of what is in a mutant, where it is a mail or an archive; else of itself."""
    return [judge_leaf(leaf, expected(), 0.0) for leaf in unpack(name, data)]


class Apart:
    """A function called in a worker of its own, as the program does with what comes, and
    the most memory that it ever took."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._workers = Workers(1, partial(_measured, function))
        self.megabytes, self.risen = 0, dict[str, int]()

    def __call__(self, mutant: str, *args: object) -> Any:
        """Raises what the function raises, or WorkerLost."""
        answer, megabytes = self._workers.result(self._workers.start(*args))
        if megabytes > self.megabytes:
            self.megabytes = self.risen[mutant] = megabytes
        if isinstance(answer, Exception):
            raise answer
        return answer

    def end(self) -> None:
        self._workers.end()


def _measured(function: Callable[..., Any], *args: object) -> tuple[Any, int]:
    try:
        answer = function(*args)
    except Exception as error:
        answer = error
    return answer, peak()


def peak() -> int:
    """The most that was resident, in MB; what a fork shares with its parent included.

    Not ``ru_maxrss``: that of a program includes what its parent had when it began it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    (kilobytes,) = re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return int(kilobytes) // 1024


def main(seed: str, count: int, seconds: float = 0) -> None:
    """Prints verdicts, faults by number, and the peaks of memory in MB."""
    ElementTree.register_namespace("", _MAIN)
    verdicts: Counter[str] = Counter()
    spoiled: Counter[str] = Counter()
    faults, longest = {}, 0.0
    returns()
    ours, theirs = Apart(judgements), Apart(_elsewhere)
    until, number = time.monotonic() + seconds, 0
    while number < count or time.monotonic() < until:
        name, how, data = mutant(seed, number)
        mark = f"{number} {name} {how}"
        spoiled[name] += 1
        began = time.monotonic()
        try:
            found = ours(mark, name, data)
            longest = max(longest, time.monotonic() - began)
            verdicts.update(each.verdict.value for each in found)
            wrong = "; ".join(filter(None, (fault(name, how, each) for each in found)))
            if len(found) == 1 and found[0].verdict is Verdict.ACCEPTED and not wrong:
                with suppress(Exception):  # it takes less than we do
                    wrong = unlike(theirs(mark, data), found[0])
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            faults[mark] = wrong
        number += 1
    ours.end()
    theirs.end()
    print(
        json.dumps(
            {
                "count": number,
                "spoiled": spoiled,
                "verdicts": verdicts,
                "faults": faults,
                "seconds": round(longest, 1),
                "megabytes": peak(),
                "megabytes judging": ours.megabytes,
                "megabytes comparing": theirs.megabytes,
                "risen": [ours.risen, theirs.risen],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float((sys.argv[3:] or ["0"])[0]))
