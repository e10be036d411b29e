"""One file of the inbox → the files in it that each get a verdict.

A container that yields something is not counted itself; one that yields nothing is a
leaf of its own, with the reason. Whatever was read before a limit was reached stays,
and one more leaf says that the rest was not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workbook_builder.bounds.limits import CONTAINER, ContainerLimits
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.ignored import SYSTEM, junk, promises_spreadsheet
from workbook_builder.intake.leaf import Leaf, Member, Opened
from workbook_builder.intake.names import printable
from workbook_builder.intake.sniff import FileKind, archive_name, sealed_by, sniffed
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.letter import Letter, LetterKind

_CONTAINERS = {
    FileKind.ZIP,
    FileKind.MAIL,
    FileKind.OUTLOOK,
    FileKind.TNEF,
    FileKind.CMS,
}
#: Kinds that are no return, unless their name says so.
_LETTERS = {
    FileKind.PICTURE: LetterKind.PICTURE,
    FileKind.PDF: LetterKind.PDF,
    FileKind.LETTER: LetterKind.DOCUMENT,
}


def unpack(
    path: str, data: bytes, limits: ContainerLimits = CONTAINER
) -> Iterator[Leaf]:
    """The leaves of a file, at least one; ``path`` is how it is shown.

    Raises nothing for what is in the file. Only one entry is held at a time.
    """
    digest = hashlib.sha256(data).hexdigest()
    whole = Leaf(path, data, Arrival(within=digest), known_digest=digest)
    try:
        yield from _Tree(Allowance(limits)).leaves(Member(path, data), whole, 0)
    except LimitReached as error:
        yield replace(whole, trouble=error)


@dataclass(frozen=True, slots=True)
class _Tree:
    """Everything in one file of the inbox; the budget is shared."""

    budget: Allowance

    def leaves(self, item: Member, leaf: Leaf, depth: int) -> Iterator[Leaf]:
        """The leaves of one thing; ``leaf`` is what it is if it is no container."""
        if item.trouble is not None:
            left_behind = junk(leaf.path)
            trouble = None if left_behind else item.trouble
            yield replace(leaf, trouble=trouble, ignored=left_behind)
            return
        if item.letter is not None:
            yield replace(leaf, letter=item.letter)
            return
        kind = FileKind.MAIL if item.inside else sniffed(item.data)
        if kind not in _CONTAINERS:
            yield _classed(leaf, kind)
        elif depth >= self.budget.limits.depth:
            deep = UnreadableFile("too_deep", f"over {depth} containers")
            yield replace(leaf, trouble=deep)
        else:
            yield from self._contents(kind, item, leaf, depth)

    def _contents(
        self, kind: FileKind, item: Member, leaf: Leaf, depth: int
    ) -> Iterator[Leaf]:
        try:
            opened = item.inside or _opened(kind, item.data, self.budget)
        except LimitReached:
            raise
        except UnreadableFile as error:
            yield replace(leaf, trouble=error)
            return
        around = _arrival(leaf.arrival, opened.mail)
        names: dict[str, int] = {}
        for each in opened.items:
            path = f"{leaf.path}/{_once(printable(each.name), names)}"
            arrival = replace(around, saved=each.saved or around.saved)
            yield from self.leaves(each, Leaf(path, each.data, arrival), depth + 1)
        if not names:
            yield replace(
                leaf,
                arrival=around,
                trouble=opened.trouble,
                ignored=opened.ignored,
                letter=opened.letter,
            )


def _opened(kind: FileKind, data: bytes, budget: Allowance) -> Opened:
    """What is in a container; what opens it is loaded only now."""
    match kind:
        case FileKind.MAIL:
            from workbook_builder.intake.mails import open_mail as opener
        case FileKind.CMS:
            from workbook_builder.intake.mails import open_signed as opener
        case FileKind.OUTLOOK:
            from workbook_builder.intake.outlook import open_outlook as opener
        case FileKind.TNEF:
            from workbook_builder.intake.tnef import open_tnef as opener
        case _:
            from workbook_builder.intake.zips import open_zip as opener
    return opener(data, budget)


def _arrival(outer: Arrival, mail: Arrival | None) -> Arrival:
    """What the innermost mail says, and where it says nothing, the one around it."""
    if mail is None:
        return outer
    return Arrival(
        mail.sender or outer.sender,
        outer.sent if mail.sent is None else mail.sent,
        mail.message_id or outer.message_id,
        subject=mail.subject or outer.subject,
        taken=_first(mail.taken, outer.taken),
        within=outer.within,
    )


def _first(inner: float | None, outer: float | None) -> float | None:
    """A mail was not seen later than the one around it."""
    return min((time for time in (inner, outer) if time is not None), default=None)


def _once(name: str, names: dict[str, int]) -> str:
    """The name, told apart from those before it, which ``names`` counts."""
    shown = name
    while shown in names:
        names[name] += 1
        shown = f"{name} ({names[name]})"
    names[shown] = 1
    return shown


def _classed(leaf: Leaf, kind: FileKind) -> Leaf:
    """Whether there is something to judge; names count only where bytes leave room."""
    if kind is FileKind.BOOK:
        return leaf
    left_behind = SYSTEM if kind is FileKind.RESOURCES else junk(leaf.path)
    if left_behind:
        return replace(leaf, ignored=left_behind)
    if kind is FileKind.ARCHIVE:
        name = archive_name(leaf.data)
        return replace(leaf, trouble=UnreadableFile("archive", name))
    if kind is FileKind.SEALED:
        return replace(leaf, trouble=UnreadableFile("sealed", sealed_by(leaf.data)))
    if kind in _LETTERS and not promises_spreadsheet(leaf.path):
        return replace(leaf, letter=Letter(_LETTERS[kind]))
    return leaf
