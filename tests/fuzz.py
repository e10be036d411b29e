"""Spoils real returns at random and judges them; run as a process of its own.

``python -m tests.fuzz SEED COUNT [SECONDS]`` goes on for that many mutants, or for that
many seconds, and prints what came of them as JSON. A mutant is named by the seed and its
number, and is the same each time.
"""

from __future__ import annotations

import io
import json
import random
import resource
import sys
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from xml.etree import ElementTree

from tests.support import BUSY, expected, form, judged, resaved, unzipped, workbook
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission

Parts = list[tuple[str, bytes]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#: What a changed attribute or cell may say.
ODDITIES = (
    *("", "0", "1", "-1", "12", "99999999", "1e309", "NaN", "A1", "XFD1048576", "D7"),
    *("inlineStr", "s", "str", "b", "e", "d", "veryHidden", "rId1", "\u202e", "表三"),
    *("../../x", "http://x.invalid/", "=1", "2147483648", "是", "　", "12%", "x" * 500),
)


@cache
def returns() -> Mapping[str, bytes]:
    """Returns as they come: as built, and as another program saved them."""
    built = workbook(BUSY)
    return {"built": built, "saved": resaved(built)}


@cache
def whole(name: str) -> Submission:
    """What becomes of the return when nobody spoils it."""
    return judged(returns()[name], expected())


def rezipped(parts: Parts) -> bytes:
    """A package of these parts, two of one name as well."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


# ---------------------------------------------------------------- parts


def _drop(parts: Parts, chance: random.Random) -> None:
    del parts[chance.randrange(len(parts))]


def _duplicate(parts: Parts, chance: random.Random) -> None:
    name, content = chance.choice(parts)
    other = chance.choice((name, name.upper(), name.replace("/", "\\"), f"{name}.bak"))
    parts.insert(chance.randrange(len(parts)), (other, content))


def _swap(parts: Parts, chance: random.Random) -> None:
    one, other = chance.sample(range(len(parts)), 2)
    (a, first), (b, second) = parts[one], parts[other]
    parts[one], parts[other] = (a, second), (b, first)


def _truncate(parts: Parts, chance: random.Random) -> None:
    at = chance.randrange(len(parts))
    name, content = parts[at]
    parts[at] = name, content[: chance.randrange(len(content) + 1)]


def _flip(parts: Parts, chance: random.Random) -> None:
    at = chance.randrange(len(parts))
    name, content = parts[at]
    spoiled = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    parts[at] = name, bytes(spoiled)


# ---------------------------------------------------------------- XML nodes


def _nodes(
    change: Callable[[ElementTree.Element, random.Random], None],
) -> Mutator:
    def mutate(parts: Parts, chance: random.Random) -> None:
        at = chance.randrange(len(parts))
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
    if cells:
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
#: These put nothing new into the file: what is accepted says what was said before.
WITHOUT_NEWS = {"drop", "duplicate", "truncate"}


def mutant(seed: str, number: int) -> tuple[str, str, bytes]:
    """The name of the return, how it was spoiled, and its bytes."""
    chance = random.Random(f"{seed} {number}")
    name = chance.choice(list(returns()))
    how = chance.choice(list(MUTATORS))
    parts = list(unzipped(returns()[name]).items())
    MUTATORS[how](parts, chance)
    data = rezipped(parts)
    if chance.random() < 0.1:  # the package itself as well
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


def main(seed: str, count: int, seconds: float = 0) -> None:
    """Prints verdicts, faults by number, and the peak of memory in MB."""
    ElementTree.register_namespace("", _MAIN)
    verdicts: Counter[str] = Counter()
    faults = {}
    until, number = time.monotonic() + seconds, 0
    while number < count or time.monotonic() < until:
        name, how, data = mutant(seed, number)
        try:
            submission = judged(data, expected())
            verdicts[submission.verdict.value] += 1
            wrong = fault(name, how, submission)
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            faults[f"{number} {name} {how}"] = wrong
        number += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        json.dumps(
            {
                "count": number,
                "verdicts": verdicts,
                "faults": faults,
                "megabytes": peak,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float((sys.argv[3:] or ["0"])[0]))
