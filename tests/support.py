"""What several tests need: a campaign, filled-in workbooks, and ways to spoil them.

Building a workbook is what tests spend their time on, so equal ones are built once.
"""

from __future__ import annotations

import copyreg
import io
import json
import os
import pickle
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import click
import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.indexed_list import IndexedList

from workbook_builder.campaign.folder import Folder, create
from workbook_builder.cli import run
from workbook_builder.definition.registry import Forms
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form, Library
from workbook_builder.model.layout import Place
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import State, Value, number
from workbook_builder.reading.judge import judge
from workbook_builder.reading.receive import Source, receive
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import AUDIT, EXPLANATION, place

YEAR = 2025
PERIOD = Period(YEAR)
FORMS = Forms.shipped()
#: A text that no check asks about, wherever it stands.
TEXT = (
    "本单位按照要求做好本项工作，针对考核和社会评议指出的问题加强改进，"
    "未发生责任追究情形，本年度无收取信息处理费情况。"
)
REASON = "上年年报多计 1 件，已经向主管部门更正。"

Figure = int | Decimal | str | None
"""What a clerk types: a number, other words, or nothing."""


class Raw(NamedTuple):
    """A cell exactly as it is to stand in the sheet's XML: its type and content."""

    type: str
    xml: str


Edit = Callable[[openpyxl.Workbook], object]
"""What somebody does to a workbook in an office suite."""

Typed = int | Decimal | str | Raw | None
"""What a test puts into a cell of a finished workbook; None empties it."""


@cache
def form() -> Form:
    """The form that tests are about unless they say otherwise."""
    return FORMS.edition("disclosure", "2021")


def campaign(id_: str = f"{YEAR}-test", year: int = YEAR, key: str = "key") -> Campaign:
    """A campaign for the year 2025."""
    return Campaign(
        id=id_,
        form=form().id,
        edition=form().edition,
        period=Period(year),
        district="示例区人民政府办公室",
        contact="联系人",
        phone="000-0000",
        key=key,
    )


def unit(code: str = "U1", parent: str = "", reports: bool | None = None) -> Unit:
    """A sub-district office, its code in its name."""
    return Unit(code, f"示例街道办事处{code}", parent, "街道", reports=reports)


def roster(*codes: str, top: str = "Q") -> Roster:
    """A district with some units directly below it."""
    district = Unit(top, f"示例区{top}", type="区县")
    return Roster((district, *(unit(code, top) for code in codes)))


def tree(**parents: str) -> Roster:
    """Units by code with the code of the unit above: ``tree(C="", D="C")``."""
    return Roster(tuple(unit(code, parent) for code, parent in parents.items()))


def expected(*codes: str, of: Campaign | None = None) -> Expected:
    """What a campaign with these units knows."""
    return knowing(of or campaign(), roster(*(codes or ("U1",))))


def knowing(of: Campaign, units: Roster) -> Expected:
    """What a campaign knows without any figures of the period before."""
    return Expected(of, units, form(), FORMS)


def filled(form: Form, **overrides: Figure) -> Answers:
    """A whole return without any business but ``overrides``, by cell id.

    A None leaves the cell blank.
    """
    figures: dict[str, Figure] = {cell.id: 0 for cell in form.inputs}
    unknown = overrides.keys() - figures.keys()
    if unknown:
        raise KeyError(f"no inputs: {unknown}")
    figures |= overrides
    return Answers(
        values={
            id_: _value(figure) for id_, figure in figures.items() if figure is not None
        },
        texts={text.id: TEXT for text in form.narratives},
        fields=fields(form),
    )


def fields(form: Form) -> dict[str, str]:
    """Something in each line of the head of the report and of the signature."""
    return {each.id: "示例" for each in form.fields} | {"date": "2026年1月28日"}


def _value(figure: int | Decimal | str) -> Value:
    if isinstance(figure, str):
        return Value(State.TEXT, text=figure)
    return number(figure)


def workbook(
    figures: Mapping[str, Figure] | None = None,
    of: Unit | None = None,
    within: Campaign | None = None,
    kind: str = "return",
    last_period: Mapping[str, int] | None = None,
) -> bytes:
    """A filled-in workbook as it comes back: zeros but for ``figures``."""
    typed_in, before = (
        tuple((figures or {}).items()),
        tuple((last_period or {}).items()),
    )
    return _workbook(of or unit(), within or campaign(), kind, before, typed_in)


@lru_cache(maxsize=256)
def _workbook(
    of: Unit,
    within: Campaign,
    kind: str,
    before: tuple[tuple[str, int], ...],
    figures: tuple[tuple[str, Figure], ...],
) -> bytes:
    return build_workbook(
        form(),
        of,
        within,
        filled(form(), **dict(figures)),
        last_period={id_: Decimal(amount) for id_, amount in before},
        kind=kind,
    )


#: A return whose figures agree, with something in every table.
BUSY: Mapping[str, Figure] = {
    "proactive.licences.decisions": 12,
    "proactive.fees.amount": Decimal("3.25"),
    "applications.received.natural": 9,
    "applications.received.business": 2,
    "applications.granted.natural": 8,
    "applications.granted.business": 2,
    "applications.carried_out.natural": 1,
    "disputes.review.upheld": 1,
}


# ---------------------------------------------------------------- spoiling workbooks


def formula(text: str, result: str | None = None) -> Raw:
    """A formula, by default without a result."""
    return Raw("n", f"<f>{text}</f>" + (f"<v>{result}</v>" if result else ""))


def spot(id_: str) -> Place:
    """Where a cell, a text, a field, a declaration (by table) or a 说明 (by line) stands."""
    layout = place(form())
    if id_ in layout.lines:
        return Place(AUDIT, layout.lines[id_].row, EXPLANATION)
    places = (layout.cells, layout.texts, layout.fields, layout.declarations)
    return next(each[id_] for each in places if id_ in each)


def typed(data: bytes, entries: Mapping[str, Typed]) -> bytes:
    """The workbook after somebody typed into the places ``spot`` knows."""
    return put(data, {spot(id_): entry for id_, entry in entries.items()})


_RESULT = re.compile(r"(<f[^>]*/>|<f[^>]*>[^<]*</f>)<v>[^<]*</v>")


def put(data: bytes, entries: Mapping[Place, Typed]) -> bytes:
    """The workbook with other cells. Results of formulas are gone: nobody computed what
    they come to now."""

    def change(sheet: str, xml: str) -> str:
        xml = _RESULT.sub(r"\1", xml)
        for where, entry in entries.items():
            if where.sheet == sheet:
                xml = _with_cell(xml, where.address, entry)
        return xml

    return _with_sheets(data, change)


def _with_cell(xml: str, address: str, entry: Typed) -> str:
    pattern = re.compile(rf'<c r="{address}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)')
    found = pattern.search(xml)
    if found is None:
        raise LookupError(f"no cell {address}")
    raw = _raw(entry)
    cell = f'<c r="{address}"{found[1] or ""} t="{raw.type}">{raw.xml}</c>'
    return xml[: found.start()] + cell + xml[found.end() :]


def _raw(entry: Typed) -> Raw:
    match entry:
        case Raw():
            return entry
        case None:
            return Raw("n", "")
        case str():
            return Raw("inlineStr", f"<is><t>{entry}</t></is>")
        case _:
            return Raw("n", f"<v>{entry}</v>")


def renamed_sheet(data: bytes, name: str, new: str) -> bytes:
    """The workbook with another name on one tab."""
    old, changed = f'<sheet name="{name}"', f'<sheet name="{new}"'
    parts = unzipped(data)
    parts["xl/workbook.xml"] = (
        parts["xl/workbook.xml"].decode().replace(old, changed).encode()
    )
    return zipped(parts)


def without_sheet(data: bytes, name: str) -> bytes:
    """The workbook with one sheet deleted."""
    return edited(data, lambda book: book.remove(book[name]))


def edited(data: bytes, change: Edit) -> bytes:
    """The workbook after ``change``, saved by openpyxl: without any stored result."""
    book: openpyxl.Workbook = pickle.loads(_opened(data))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@lru_cache(maxsize=16)
def _opened(data: bytes) -> bytes:
    """The workbook as openpyxl opens it, pickled: a copy takes a fifth of the time."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer)
    # A list that takes nothing twice, but holds what became equal later.
    pickler.dispatch_table = {
        **copyreg.dispatch_table,
        IndexedList: lambda each: (_indexed, (list(each), each.__dict__)),
    }
    pickler.dump(openpyxl.load_workbook(io.BytesIO(data)))
    return buffer.getvalue()


def _indexed(items: list[Any], state: dict[str, Any]) -> IndexedList[Any]:
    made: IndexedList[Any] = IndexedList()
    list.extend(made, items)
    made.__dict__.update(state)
    return made


def reprinted(text: str | None) -> Edit:
    """Puts ``text`` under the title of every sheet, where unit and period stand."""

    def edit(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=3):
                for cell in row:
                    if "填报单位：" in str(cell.value or ""):
                        cell.value = text

    return edit


def restamped(data: bytes, **changes: str) -> bytes:
    """The workbook with a stamp that somebody changed by hand."""
    places = place(form()).stamp
    return put(data, {places[key]: text for key, text in changes.items()})


def _with_sheets(data: bytes, change: Callable[[str, str], str]) -> bytes:
    parts = unzipped(data)
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    for index, name in enumerate(names, 1):
        part = f"xl/worksheets/sheet{index}.xml"
        parts[part] = change(name, parts[part].decode()).encode()
    return zipped(parts)


def resaved(data: bytes) -> bytes:
    """The workbook as openpyxl saves it: without any result of a formula."""
    return edited(data, lambda book: None)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A package of these parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)  # without a time
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# ---------------------------------------------------------------- files that are none


@cache
def plain_workbook(*texts: str) -> bytes:
    """An .xlsx of somebody's own, with some texts in it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Sheet1")
    for row, text in enumerate(texts):
        sheet.write_string(row, 0, text)
    book.close()
    return buffer.getvalue()


def encrypted_zip(data: bytes) -> bytes:
    """The package with the encryption flag on every entry."""
    spoiled = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = spoiled.find(mark)
        while at != -1:
            spoiled[at + flags] |= 1
            at = spoiled.find(mark, at + 1)
    return bytes(spoiled)


def compound_file(*streams: str) -> bytes:
    """A minimal OLE file: one sector of allocation table, one of directory.

    Streams of the given names have a sector of zeros each.
    """
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),  # versions, byte order, sector sizes
        *(0, 1, 1, 0, 0, end, 0, end, 0, 0),  # the directory is sector 1
    )
    header += struct.pack("<109I", *(free,) * 108, free)
    sectors = [table, end, *(end for _ in streams)]
    fat = struct.pack("<128I", *sectors, *(free,) * (128 - len(sectors)))
    entries = [_entry("Root Entry", 5, end, 0)]
    entries += [_entry(name, 2, 2 + at, 512) for at, name in enumerate(streams)]
    entries += [bytes(128)] * (4 - len(entries))
    return header[:512] + fat + b"".join(entries) + bytes(512 * len(streams))


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return struct.pack(
        "<64sHBBIII36xIQ", text, len(text), kind, 1, none, none, none, start, size
    )


def ods() -> bytes:
    """As much of an .ods as tells what it is."""
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": b"<office:document-content/>"})


# ---------------------------------------------------------------- a campaign on disk


def folder(
    path: Path,
    units: Roster | None = None,
    files: Mapping[str, bytes] | None = None,
    of: Campaign | None = None,
) -> Folder:
    """A campaign folder with files in its inbox, each an hour after the one before."""
    made = create(path, of or campaign(), units or roster("U1", "U2", "U3"))
    for index, (name, data) in enumerate((files or {}).items()):
        deliver(made, name, data, hour=index)
    return made


def deliver(to: Folder, name: str, data: bytes, hour: int = 0) -> Path:
    """Puts a file into the inbox, received at a certain hour."""
    path = to.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1_770_000_000 + 3600 * hour,) * 2)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name relative to the folder."""
    return {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in sorted(path.rglob("*"))
        if each.is_file()
    }


# ---------------------------------------------------------------- looking at results


def judged(data: bytes, known: Expected | None = None) -> Submission:
    """What becomes of a file's bytes, by default without any campaign."""
    return judge("报送表.xlsx", data, known or FORMS)


def receive_file(
    path: Path, shown: str, known: Expected | Library
) -> tuple[Submission, ...]:
    """What becomes of a file on disk, in this process."""
    return receive(Source(shown, path), known)


def codes(findings: Iterable[Finding]) -> list[str]:
    """In order, without the hints on what else was done to the file."""
    return [each.code for each in findings if not each.code.startswith("X")]


def hints(findings: Iterable[Finding]) -> list[str]:
    """The codes of what else was done to the file."""
    return [each.code for each in findings if each.code.startswith("X")]


def finding(submission: Submission, code: str) -> Finding:
    """The only finding of that code."""
    (found,) = [each for each in submission.findings if each.code == code]
    return found


def is_a_sentence_for_clerks(text: str) -> bool:
    """Chinese, finished, and without a parser's words in it."""
    foreign = set(re.findall(r"[A-Za-z]{2,}", text))
    formats = {"xlsx", "xlsm", "xlsb", "xls", "et", "ods", "fods", "UOF", "Numbers"}
    others = {"XML", "PDF", "RTF", "HTML", "CSV", "SYLK", "DIF", "PPT", "Word"}
    known = {"Excel", "WPS", "OpenDocument", "Gnumeric", *formats, *others}
    return text.endswith("。") and "{" not in text and foreign <= known


def subcommands(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """The commands of a group, in its order, each loaded."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield name, command


class Shell:
    """Runs commands in this process and keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str], path: Path) -> None:
        self._capsys = capsys
        self.path = path
        self.out = self.err = ""

    def __call__(self, *arguments: object, lang: str = "zh") -> int:
        status = run(["--lang", lang, *map(str, arguments)])
        self.out, self.err = self._capsys.readouterr()
        assert "Traceback" not in self.out + self.err
        return status

    def json(self, *arguments: object, lang: str = "zh") -> Any:
        self.status = self(*arguments, "--json", lang=lang)
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What is said on standard error, which is one line."""
        (line,) = self.err.splitlines()
        return line
