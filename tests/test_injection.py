"""Strings that programs run or follow: dead wherever results show them.

They come as names of units and of files, as texts, explanations and wrong figures, and
as senders. Each has a mark in it by which it is found again.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

import pytest

from tests.support import (
    BUSY,
    Raw,
    contents,
    folder,
    form,
    put,
    spot,
    typed,
    unzipped,
    workbook,
)
from workbook_builder.campaign.folder import Folder
from workbook_builder.cli import run
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.grid import RawKind
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import collect

MARK = "QZX"
PAYLOADS = (
    "=QZX+1",
    "+QZX+1",
    "-QZX+1",
    "@QZX",
    "\tQZX",
    "\r=QZX",
    "\n=QZX",
    "＝QZX+1",
    "＋QZX",
    "－QZX",
    "＠QZX",
    "{=QZX}",
    "=cmd|'/C calc'!QZX",
    "@SUM(1+1)*cmd|' /C calc'!QZX",
    '=HYPERLINK("http://x.invalid/QZX","点")',
    '=WEBSERVICE("http://x.invalid/QZX")',
    '=IMPORTXML(CONCAT("http://x.invalid/QZX"),"//a")',
    "http://x.invalid/QZX",
    "mailto:QZX@x.invalid",
    "file:///etc/QZX",
    "internal:'汇总'!A1QZX",
    "external:c:\\QZX.xlsx",
    "javascript:alert('QZX')",
    "<script>alert('QZX')</script>",
    '"><img src=x onerror=alert("QZX")>',
    "</td></tr></table><h1>QZX",
    "{{ QZX }}{% raw %}",
    "[link=http://x.invalid/QZX]点[/link]",
    "QZX\u202egpj.exe",
    "QZX\x1b]8;;http://x.invalid\x07点",
    "QZX\x00\x0b\ud800",
    "QZX_xFFFE_a_x001B_b",
    "../../QZX",
    "C:\\QZX\\con",
    "QZX" + "长" * 5_000,
)
#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: Characters that no cell of an .xlsx holds as they are.
_BARE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def escaped(text: str) -> str:
    """As an office suite writes it into a cell."""
    text = _BARE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    for character, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, name)
    return text.replace("\r", "_x000D_")


def spoilt(number: int, payload: str) -> bytes:
    """A return of that unit with the string in every place there is."""
    text = Raw("inlineStr", f'<is><t xml:space="preserve">{escaped(payload)}</t></is>')
    places = [each.id for each in form().narratives]
    if number % 2:
        places.append("disputes.review.upheld")
    data = typed(workbook(BUSY, of=known(number)), dict.fromkeys(places, text))
    return put(data, {spot("B1.natural"): text})


def known(number: int) -> Unit:
    return Unit(f"U{number}", f"示例街道{number}", "Q", "街道")


def mail(number: int, payload: str) -> bytes:
    """The return as an attachment of that name, from a sender of that name."""
    plain = re.sub("[\r\n\x00\x0b\ud800]", "", payload)[:150]
    message = EmailMessage()
    message["From"] = "sender@x.invalid"
    message["Subject"] = "报送表"
    message["Message-ID"] = f"<{number}@x.invalid>"
    message.set_content("请查收")
    message.add_attachment(
        spoilt(number, payload),
        maintype="application",
        subtype="octet-stream",
        filename=f"{plain}.xlsx",
    )
    name = plain.replace("\\", "\\\\").replace('"', '\\"')
    said = f'From: "{name}" <{MARK}@x.invalid>'
    return message.as_bytes().replace(
        b"From: sender@x.invalid", said.encode("utf-8", "replace"), 1
    )


def named(number: int, payload: str) -> Unit:
    """The unit of the roster, its name the string as far as a roster holds it."""
    name = "".join(c for c in payload if unicodedata.category(c) not in {"Cc", "Cs"})
    return Unit(f"U{number}", f"{name[:100]}".strip() or "无", "Q", "街道")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    units = Roster(
        (
            Unit("Q", "示例区", type="区县"),
            *(named(number, payload) for number, payload in enumerate(PAYLOADS)),
        )
    )
    files = {f"{n:02}.eml": mail(n, payload) for n, payload in enumerate(PAYLOADS)}
    path = tmp_path_factory.mktemp("whole") / "a" / "b" / "campaign"
    return folder(path, units, files)


@pytest.fixture(scope="module")
def results(whole: Folder) -> Mapping[str, bytes]:
    collected = collect(whole)
    assert len(collected.submissions) == len(PAYLOADS)
    verdicts = {each.verdict.value for each in collected.submissions}
    assert {"rejected"} <= verdicts, verdicts
    return contents(whole.results)


def books(results: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    found = [(name, data) for name, data in results.items() if name.endswith(".xlsx")]
    assert len(found) > 3
    yield from found


def test_the_strings_are_there_at_all(results: Mapping[str, bytes]) -> None:
    """The test of the tests."""
    assert any(MARK in text for text in _texts_of_books(results))
    assert results["findings.csv"].count(MARK.encode()) > len(PAYLOADS)


def _texts_of_books(results: Mapping[str, bytes]) -> Iterator[str]:
    for _, data in books(results):
        for sheet in read_grid(data).sheets:
            yield from (cell.value for cell in sheet.cells.values())


def test_workbooks_hold_them_as_text_only(results: Mapping[str, bytes]) -> None:
    for name, data in books(results):
        for sheet in read_grid(data).sheets:
            for cell in sheet.cells.values():
                assert MARK not in (cell.formula or ""), name
                if MARK in cell.value and cell.formula is None:
                    assert cell.kind is RawKind.TEXT, name


def test_workbooks_are_sound_to_the_last_part(results: Mapping[str, bytes]) -> None:
    for name, data in books(results):
        for part, content in unzipped(data).items():
            if part.endswith((".xml", ".rels", ".vml")):
                try:
                    expat.ParserCreate().Parse(content, True)
                except expat.ExpatError as error:
                    pytest.fail(f"{name} {part}: {error}")


def test_workbooks_link_nowhere(results: Mapping[str, bytes]) -> None:
    for name, data in books(results):
        for part, content in unzipped(data).items():
            if part.endswith(".rels"):
                assert b'TargetMode="External"' not in content, (name, part)
            for link in re.findall(rb"<hyperlink [^>]*>", content):
                assert MARK.encode() not in re.sub(rb'display="[^"]*"', b"", link), name
            for tag in (b"<definedName", b"<dataValidation", b"<cfRule"):
                for found in re.findall(tag + rb".*?(?:/>|</)", content, re.DOTALL):
                    assert MARK.encode() not in found, (name, part)
            assert not re.search(rb"ddeLink|oleObject|externalLink", content), name


def test_lists_hold_nothing_that_calculates(results: Mapping[str, bytes]) -> None:
    seen = 0
    for name, data in results.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
                for value in row:
                    if MARK in value:
                        seen += 1
                        assert not value.startswith(FORMULA), (name, value[:40])
    assert seen > len(PAYLOADS)


class _Live(HTMLParser):
    """What a browser would run or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            runs = key.startswith("on") or key in {"href", "src", "action", "style"}
            if runs and MARK in (value or ""):
                self.live.append(f"{tag} {key}={value}")
        if tag in {"img", "iframe", "object", "embed"}:
            self.live.append(tag)


def test_pages_run_and_follow_nothing(whole: Folder) -> None:
    """Also the pages that other commands make of the same results."""
    for command in (["status", str(whole.path)], ["report", str(whole.path)]):
        run(["--lang", "zh", *command])
    pages = {n: d for n, d in contents(whole.path).items() if n.endswith(".html")}
    for name, data in pages.items():
        text = data.decode()
        live = _Live()
        live.feed(text)
        assert live.live == [], name
        for script in re.findall(r"<script.*?</script>", text, re.DOTALL):
            assert "alert('" not in script, name


def test_word_reports_hold_them_as_text_only(whole: Folder) -> None:
    run(["--lang", "zh", "report", str(whole.path), "--all-units"])
    made = [d for n, d in contents(whole.results).items() if n.endswith(".docx")]
    assert made
    said = ""
    for data in made:
        for name, part in unzipped(data).items():
            text = part.decode("utf-8", "replace")
            assert "<w:hyperlink" not in text, name
            assert 'TargetMode="External"' not in text, name
            fields = re.findall(r"<w:(?:instrText|fldSimple)[^>]*>([^<]*)", text)
            assert {field.strip() for field in fields} <= {"PAGE"}, name
            said += text
    assert MARK in said


def test_names_become_no_paths(whole: Folder, results: Mapping[str, bytes]) -> None:
    top = whole.path.parents[2]
    inside = whole.path.relative_to(top).as_posix()
    assert all(name.startswith(f"{inside}/") for name in contents(top))
    for name in results:
        assert len(name.split("/")) <= 2, name
        assert not {"..", "."} & set(name.split("/"))
        assert all(unicodedata.category(c)[0] != "C" for c in name), name
        assert len(name.rpartition("/")[2].encode()) <= 255


def test_the_screen_shows_no_commands_for_terminals(
    whole: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--lang", "zh", "collect", str(whole.path)])
    said = capsys.readouterr()
    shown = said.out + said.err
    assert "\x1b]" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown


def test_the_same_holds_for_a_single_file(
    whole: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(path) for path in sorted(Path(whole.inbox).iterdir())]
    run(["--lang", "zh", "check", *paths])
    shown = capsys.readouterr().out
    assert MARK in shown
    assert not any(part in shown for part in ("\x1b]", "\u202e", "\x07"))
