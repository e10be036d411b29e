"""来信: what a unit sent that is no workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbook_builder.model.text import Text


class LetterKind(StrEnum):
    """``TEXT`` is a mail without anything attached, ``CLOUD`` an attachment that stayed
    on somebody's network disk. ``BOUNCE`` and ``NOTICE`` were written by machines: the
    one says that a mail did not arrive, the other that it did, will, or was read.
    """

    PICTURE = "picture"
    PDF = "pdf"
    DOCUMENT = "document"
    TEXT = "text"
    CLOUD = "cloud"
    BOUNCE = "bounce"
    NOTICE = "notice"

    @property
    def text(self) -> Text:
        return _KINDS[self][1]

    @property
    def is_of_the_unit(self) -> bool:
        """Whether somebody there wrote it, not a machine."""
        return self not in {LetterKind.BOUNCE, LetterKind.NOTICE}

    @property
    def is_document(self) -> bool:
        """Whether it may be a published report."""
        return self in {LetterKind.PDF, LetterKind.DOCUMENT}

    @property
    def code(self) -> str:
        """What the catalogue says of it."""
        return _KINDS[self][0]


_KINDS = {
    LetterKind.PICTURE: ("I03", Text("图片", "a picture")),
    LetterKind.PDF: ("I04", Text("PDF", "a PDF")),
    LetterKind.DOCUMENT: ("I05", Text("文字材料", "a document")),
    LetterKind.TEXT: ("I06", Text("邮件正文，没有附件", "a mail without attachment")),
    LetterKind.CLOUD: ("I09", Text("附件在网盘", "an attachment in the cloud")),
    LetterKind.BOUNCE: ("I07", Text("退信", "a returned mail")),
    LetterKind.NOTICE: ("I10", Text("回执、自动回复", "a receipt or automatic reply")),
}


def came(kinds: Iterable[LetterKind]) -> Text:
    """“图片 2 件、退信”; what machines wrote to say that all is well is left out."""
    counts = Counter(each for each in kinds if each is not LetterKind.NOTICE)
    return Text(
        "、".join(
            f"{k.text.zh} {n} 件" if n > 1 else k.text.zh for k, n in counts.items()
        ),
        ", ".join(
            f"{n} × {k.text.en}" if n > 1 else k.text.en for k, n in counts.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class CloudFile:
    """A file that a mail only links to. ``disk`` is whose network disk it is on;
    ``expires`` and ``key`` (提取码) as the mail says them, empty where it does not."""

    name: str
    link: str
    disk: str
    expires: str = ""
    key: str = ""

    @property
    def where(self) -> Text:
        """The disk, until when, and the key."""
        zh, en = [self.disk], [self.link.split("/")[2]]
        if self.expires:
            zh.append(f"有效期：{self.expires}")
            en.append(f"until {self.expires}")
        if self.key:
            zh.append(f"提取码：{self.key}")
            en.append(f"key {self.key}")
        return Text("，".join(zh), ", ".join(en))


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a server says of a mail that did not arrive: to whom it was sent, the
    identifiers of the messages it speaks of, its words.
    """

    recipients: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """``text`` is what its mail begins with. ``unit`` is the code of the unit it is from,
    a bounce of the one it was sent to, and ``basis`` by what that is known; both are
    empty where nothing tells, or several units would do.
    """

    kind: LetterKind
    text: str = ""
    cloud: CloudFile | None = None
    bounce: Bounce | None = None
    unit: str = ""
    basis: Text | None = None
