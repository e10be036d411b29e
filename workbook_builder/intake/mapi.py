"""Properties of messages and attachments as Outlook numbers them (MS-OXPROPS)."""

from __future__ import annotations

from typing import Final

from workbook_builder.model.arrival import plausible

# Numbers.
CLASS: Final = 0x001A
SUBJECT: Final = 0x0037
SUBMITTED: Final = 0x0039
DELIVERED: Final = 0x0E06
BODY: Final = 0x1000
PAGE: Final = 0x1013
MESSAGE_ID: Final = 0x1035
SENDERS: Final = (0x5D01, 0x5D02, 0x0C1F, 0x0065)  # SMTP addresses first
CODEPAGES: Final = (0x3FFD, 0x3FDE)
NAMES: Final = (0x3707, 0x3001, 0x3704)  # long name, shown name, 8.3 name
DATA: Final = 0x3701
METHOD: Final = 0x3705
PLACES: Final = (0x370D, 0x3708)  # where an attachment by reference is
#: Values of METHOD: attached by reference, the file is somewhere else.
LINKED: Final = frozenset({2, 3, 4, 7})

# Types.
INTEGER: Final = 0x0003
OBJECT: Final = 0x000D
TEXT8: Final = 0x001E
TEXT: Final = 0x001F
TIME: Final = 0x0040
BYTES: Final = 0x0102

_EPOCH = 116_444_736_000_000_000  # 1970 in 100 ns since 1601


def codec(page: int) -> str:
    """The codec of a code page of Windows; empty where the bytes have to tell."""
    if page in {936, 54936, 20936}:
        return "gb18030"
    return "utf-8" if page == 65001 else ""


def seconds(ticks: int) -> float | None:
    """A time of Windows; None where it cannot be that of a mail."""
    return plausible((ticks - _EPOCH) / 10**7)
