"""A message as Outlook saves it (.msg): its attachments, from bytes in memory.

What is stored where is in Microsoft's open specification MS-OXMSG. Nothing of it is
run, and no link in it is followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from workbook_builder.bounds.compound import OleFileIO, opened
from workbook_builder.intake import mapi
from workbook_builder.intake.bounces import (
    answers_by_itself,
    bounce_in,
    is_server,
    said_by_server,
)
from workbook_builder.intake.budget import Allowance, LimitReached
from workbook_builder.intake.clouds import file_at
from workbook_builder.intake.leaf import Member, Opened
from workbook_builder.intake.mail_text import Body, beginning, linked, told
from workbook_builder.intake.names import decoded, one_line
from workbook_builder.intake.sniff import OUTLOOK_STREAM
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.letter import Letter, LetterKind

Path = tuple[str, ...]

#: Classes of messages: what servers report, and what answers for somebody who is away.
_REPORT, _AWAY = "REPORT.", ".OOFTEMPLATE."
_ATTACHMENT = "__attach_version1.0_#"
#: What stands before the properties of an attachment, and of a message at least.
_HEAD_ATTACHMENT, _HEAD_MESSAGE = 8, 24
_MOST_PROPERTIES = 4_000
_LONGEST = 2_000


def open_outlook(data: bytes, budget: Allowance) -> Opened:
    """The attachments of a message; raises UnreadableFile where it is damaged."""
    try:
        return _Message(opened(data), (), budget).opened()
    except UnreadableFile:
        raise
    except Exception as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> UnreadableFile:
    return UnreadableFile("damaged", f"{type(error).__name__}: {error}")


class _Message:
    """A message at some path of the compound file; the outermost has none."""

    def __init__(self, file: OleFileIO[str], at: Path, budget: Allowance) -> None:
        self._file, self._at, self._budget = file, at, budget
        self._fixed = self._properties(at, _HEAD_MESSAGE)
        self._coding = self._codepage()

    def opened(self) -> Opened:
        found = {
            path[: len(self._at) + 1]
            for path in map(tuple, self._file.listdir(streams=True, storages=True))
            if path[: len(self._at)] == self._at
            and len(path) > len(self._at)
            and path[len(self._at)].startswith(_ATTACHMENT)
        }
        message_id = one_line(self._text(self._at, mapi.MESSAGE_ID))
        arrival = Arrival(
            self._sender(),
            self._time(mapi.SUBMITTED, mapi.DELIVERED),
            message_id,
            subject=one_line(self.subject),
            taken=self._time(mapi.DELIVERED),
        )
        bodies = self._bodies()
        letter = self._letter(bodies, arrival.sender if not found else "")
        if letter.kind is LetterKind.BOUNCE or self._class.startswith(_REPORT):
            return Opened(iter(()), arrival, letter=letter)
        return Opened(self._items(sorted(found), bodies), arrival, letter=letter)

    def _letter(self, bodies: list[Body], sender: str) -> Letter:
        """What it is where nothing is attached; machines write of a class of theirs, or
        as a ``sender`` of theirs."""
        kind = LetterKind.TEXT
        if self._class.startswith(_REPORT):
            failed = self._class.endswith(".NDR")
            kind = LetterKind.BOUNCE if failed else LetterKind.NOTICE
        elif _AWAY in self._class or answers_by_itself(self.subject):
            kind = LetterKind.NOTICE
        elif is_server(sender):
            kind = said_by_server(self.subject, told(bodies))
        bounce = bounce_in(told(bodies)) if kind is LetterKind.BOUNCE else None
        return Letter(kind, beginning(bodies), bounce=bounce)

    def _bodies(self) -> list[Body]:
        found = [
            (mapi.BODY, mapi.TEXT, "utf-16-le", False),
            (mapi.BODY, mapi.TEXT8, self._coding, False),
            (mapi.PAGE, mapi.BYTES, self._coding, True),
        ]
        bodies = []
        for number, kind, coding, is_page in found:
            data = self._stream((*self._at, f"__substg1.0_{number:04X}{kind:04X}"))
            if data:
                bodies.append(Body(data, coding, is_page))
        return bodies

    @property
    def _class(self) -> str:
        return self._text(self._at, mapi.CLASS).upper()

    @property
    def subject(self) -> str:
        return self._text(self._at, mapi.SUBJECT)

    def _items(self, paths: list[Path], bodies: list[Body]) -> Iterator[Member]:
        for number, path in enumerate(paths, 1):
            self._budget.spend_entry()
            try:
                yield self._item(path, f"附件{number}")
            except UnreadableFile as error:
                if isinstance(error, LimitReached):
                    raise
                yield Member(f"附件{number}", trouble=error)
            except Exception as error:
                yield Member(f"附件{number}", trouble=_damaged(error))
        for file in linked(bodies, alone=not paths):
            self._budget.spend_entry()
            yield Member(file.name, letter=Letter(LetterKind.CLOUD, cloud=file))

    def _item(self, path: Path, nameless: str) -> Member:
        names = (self._text(path, number) for number in mapi.NAMES)
        name = next((name for name in names if name.strip()), nameless)
        method = self._properties(path, _HEAD_ATTACHMENT).get(
            (mapi.METHOD, mapi.INTEGER), b""
        )
        enclosed = (*path, f"__substg1.0_{mapi.DATA:04X}{mapi.OBJECT:04X}")
        if self._file.exists("/".join(enclosed)):
            return self._enclosed(enclosed, name)
        where = (*path, f"__substg1.0_{mapi.DATA:04X}{mapi.BYTES:04X}")
        self._budget.spend_bytes(self._size(where))
        data = self._stream(where)
        if data is None:
            if int.from_bytes(method[:4], "little") in mapi.LINKED:
                return self._elsewhere(path, name)
            return Member(name, trouble=UnreadableFile("damaged", "no content"))
        return Member(name, data)

    def _elsewhere(self, path: Path, name: str) -> Member:
        """An attachment of which only the place is known."""
        places = (self._text(path, number) for number in mapi.PLACES)
        found = (file_at(name, place) for place in places if place)
        file = next((each for each in found if each is not None), None)
        if file is None:
            return Member(name, trouble=UnreadableFile("link"))
        return Member(name, letter=Letter(LetterKind.CLOUD, cloud=file))

    def _enclosed(self, path: Path, name: str) -> Member:
        """A message that was passed on, or some other object."""
        if not self._file.exists("/".join((*path, OUTLOOK_STREAM))):
            return Member(name, trouble=UnreadableFile("object"))
        inner = _Message(self._file, path, self._budget)
        name = inner.subject or name
        shown = name if name.lower().endswith(".msg") else f"{name}.msg"
        return Member(shown.replace("/", "_"), inside=inner.opened())

    # ------------------------------------------------------------ properties

    def _properties(self, at: Path, head: int) -> dict[tuple[int, int], bytes]:
        """(number, type) → the eight bytes that stand in the list itself."""
        data = (self._stream((*at, OUTLOOK_STREAM)) or b"")[head:]
        # An outermost message has eight bytes more; some programs write them always.
        data = data[len(data) % 16 :]
        count = min(len(data) // 16, _MOST_PROPERTIES)
        found = {}
        for kind, number, _, value in struct.iter_unpack("<HHI8s", data[: count * 16]):
            found[number, kind] = value
        return found

    def _text(self, at: Path, number: int) -> str:
        wide = self._stream((*at, f"__substg1.0_{number:04X}{mapi.TEXT:04X}"))
        if wide is not None:
            text = wide[: 2 * _LONGEST].decode("utf-16-le", "replace")
        else:
            narrow = self._stream((*at, f"__substg1.0_{number:04X}{mapi.TEXT8:04X}"))
            text = self._narrow((narrow or b"")[:_LONGEST])
        return text.rstrip("\0").strip()

    def _narrow(self, raw: bytes) -> str:
        """Text in the code page of the message; what the bytes can be elsewhere."""
        try:
            return raw.decode(self._coding) if self._coding else decoded(raw)
        except (LookupError, ValueError):
            return decoded(raw)

    def _codepage(self) -> str:
        for number in mapi.CODEPAGES:
            page = int.from_bytes(
                self._fixed.get((number, mapi.INTEGER), b"")[:4], "little"
            )
            if mapi.codec(page):
                return mapi.codec(page)
        return ""

    def _sender(self) -> str:
        found = [self._text(self._at, number) for number in mapi.SENDERS]
        # Inside an office the address is the server's own, not one of the internet.
        return one_line(next((each for each in found if "@" in each), ""))

    def _time(self, *numbers: int) -> float | None:
        for number in numbers:
            ticks = int.from_bytes(self._fixed.get((number, mapi.TIME), b""), "little")
            seconds = mapi.seconds(ticks)
            if seconds is not None:
                return seconds
        return None

    def _size(self, path: Path) -> int:
        """So many bytes a stream says it has; no more of it is read."""
        name = "/".join(path)
        return int(self._file.get_size(name)) if self._file.exists(name) else 0

    def _stream(self, path: Path) -> bytes | None:
        """The content of a stream; None where there is none."""
        name = "/".join(path)
        if not self._file.exists(name) or self._file.get_type(name) != 2:
            return None
        data: bytes = self._file.openstream(name).read()
        return data
