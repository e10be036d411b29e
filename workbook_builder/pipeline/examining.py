"""``doctor``: what this computer and a campaign have, and what is missing for what."""

from __future__ import annotations

import platform
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from workbook_builder.campaign.folder import INBOX, OUTBOX, RESULTS, Folder
from workbook_builder.mail.imap import Mailbox
from workbook_builder.mail.smtp import Smtp
from workbook_builder.model.errors import EXTRAS, WorkbookBuilderError, reason
from workbook_builder.model.text import Text, Tone
from workbook_builder.outputs.fonts import FONTS, installed
from workbook_builder.outputs.office import soffice
from workbook_builder.pipeline.fetching import mailbox_account
from workbook_builder.pipeline.posting import account

PACKAGE = "workbook-builder"


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing looked at. GOOD is there, OPEN can be done without, BAD has to be mended
    before work goes on; ``said`` is what was found and what to do."""

    name: Text
    tone: Tone
    said: Text


def examine(place: Path) -> Iterator[Examined]:
    """This computer, and the campaign if ``place`` is one. Nothing is sent or left."""
    yield _program()
    yield from map(_extra, EXTRAS)
    yield _office()
    yield _fonts()
    try:
        folder = Folder(place)
    except WorkbookBuilderError:
        yield _writable(place)
        return
    for path in (place, *(place / name for name in (INBOX, OUTBOX, RESULTS))):
        if path.is_dir():
            yield _writable(path)
    yield _tried(
        Text("设置、名录、记录", "Settings, roster, record"),
        folder.expected,
        Text("都读得出来", "can be read"),
    )
    yield from _mail(folder)


def _program() -> Examined:
    text = (
        f"{version(PACKAGE)}，Python {platform.python_version()}，{platform.platform()}"
    )
    return Examined(
        Text("程序", "Program"), Tone.GOOD, Text(text, text.replace("，", ", "))
    )


def needed(extra: str) -> tuple[str, ...]:
    """The distributions of an extra, as this installation names them."""
    wanted = re.compile(rf"extra == ['\"]{extra}['\"]")
    return tuple(
        re.split(r"[^\w.-]", each, maxsplit=1)[0]
        for each in requires(PACKAGE) or ()
        if wanted.search(each)
    )


def _extra(extra: str) -> Examined:
    what, wanted = EXTRAS[extra], needed(extra)
    missing = [name for name in wanted if not _is_there(name)]
    if wanted and not missing:  # an older installation does not know the extra
        return Examined(what, Tone.GOOD, Text("已安装", "installed"))
    names = "、".join(missing or [extra])
    how = f"pip install '{PACKAGE}[{extra}]'"
    return Examined(
        what,
        Tone.OPEN,
        Text(
            f"没有安装（缺 {names}）。要用的话运行：{how}",
            f"not installed ({', '.join(missing or [extra])}). To have it: {how}",
        ),
    )


def _is_there(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _office() -> Examined:
    what = Text("LibreOffice", "LibreOffice")
    program = soffice()
    if program is not None:
        return Examined(what, Tone.GOOD, Text(str(program), str(program)))
    return Examined(
        what,
        Tone.OPEN,
        Text(
            "没有安装。出 PDF、读 .rtf 要用：请安装 LibreOffice（免费，含 Writer）",
            "not installed. For PDF and .rtf: install LibreOffice with Writer",
        ),
    )


def _fonts() -> Examined:
    what, known = Text("公文字体", "Fonts"), installed()
    if known is None:
        names = "、".join(font.name for font in FONTS)
        return Examined(
            what,
            Tone.OPEN,
            Text(
                f"无法自动核对。请看 Word 的字体列表里有没有：{names}",
                f"cannot be told here. See whether Word lists {names}",
            ),
        )
    lost = [font for font in FONTS if known.isdisjoint({font.name, font.other})]
    if not lost:
        return Examined(
            what, Tone.GOOD, Text("都有，或有替代的", "there, or near ones")
        )
    names = "、".join(f"{font.name}（或{font.other}）" for font in lost)
    return Examined(
        what,
        Tone.OPEN,
        Text(
            f"没有 {names}：这台电脑出的 PDF 用别的字体。请安装，或者在有字体的电脑上另存 PDF",
            f"without {names}: PDF made here is set in others. Install them, or save as "
            "PDF where they are",
        ),
    )


def _writable(path: Path) -> Examined:
    what = Text(f"文件夹“{path}”", f"Folder {path}")
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
    except OSError as error:
        return Examined(
            what,
            Tone.BAD,
            Text(
                f"不能写：{reason(error)}。请换一个文件夹，或者请管理员给写的权限",
                f"cannot be written: {error}. Use another, or ask for the right to",
            ),
        )
    return Examined(what, Tone.GOOD, Text("可以写", "can be written"))


def _tried(what: Text, act: Callable[[], object], fine: Text) -> Examined:
    try:
        act()
    except WorkbookBuilderError as error:
        return Examined(what, Tone.BAD, error.text)
    return Examined(what, Tone.GOOD, fine)


def _mail(folder: Folder) -> Iterator[Examined]:
    """Both servers, as far as logging in."""
    try:
        settings = folder.mail()
    except WorkbookBuilderError:
        return  # said of the settings already
    if settings.server:

        def out() -> None:
            with Smtp(account(folder)):
                pass

        said = Text("能登录，没有发信", "lets us in; nothing was sent")
        yield _tried(Text("发信的服务器", "Sending server"), out, said)
    if settings.imap is not None:

        def into() -> None:
            of, imap = mailbox_account(folder)
            Mailbox(of, imap.folder).close()

        said = Text("能登录，没有取信", "lets us in; nothing was fetched")
        yield _tried(Text("收信的服务器", "Mailbox"), into, said)
