"""Draws every sheet and document as it is printed, for ``docs/pictures.md``, a workbook in a
window, and the pages of the desk.

``python -m tools.pictures [FOLDER]`` needs LibreOffice (``soffice``) with its Writer,
Chromium, poppler-utils (``pdftoppm``), and what ``screen_pictures`` needs.  A workbook
becomes a PDF, each of its pages a PNG with few colours: the first pages of each sheet are
kept, under names such as ``blank-4-table3.png``.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from tests.remote_book import Excel
from tools import desk_pictures, screen_pictures
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.every import COMMANDS, load
from workbook_builder.commands.offered import operations
from workbook_builder.console.actions import run
from workbook_builder.console.making import make_console
from workbook_builder.console.places import (
    ACTION,
    BOARD,
    DESK,
    FINDINGS,
    FORM,
    RESULTS,
    TOTALS,
    Action,
)
from workbook_builder.definition.registry import Forms
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import State, Value, number
from workbook_builder.pipeline import PROGRESS, SUMMARY, Wanted, make_reports
from workbook_builder.pipeline.demonstrating import demo
from workbook_builder.reading.judge import judge
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import AUDIT, GUIDE, PASTE, PRINTED, SIGN, TEXTS
from workbook_builder.workbook.sheets.returned import NAME as RETURNED

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
RESOLUTION = 70
LARGEST = 60_000
"""Bytes a picture may have."""
PAGES = 2
"""Pages of a sheet that are kept."""

#: Program → the Debian package it comes from.
PACKAGES = {
    "soffice": "libreoffice-calc libreoffice-writer",
    "pdftoppm": "poppler-utils",
    "chromium": "chromium",
    **screen_pictures.PACKAGES,
}
NEAR = 100
"""Squared distance of colours that the eye does not tell apart."""

#: Sheet → its name in a file name.
NAMES = {
    GUIDE: "guide",
    "表二": "table2",
    "表三": "table3",
    "表四": "table4",
    TEXTS: "texts",
    AUDIT: "audit",
    SIGN: "sign",
    PASTE: "pasted",
    PRINTED: "printed",
    RETURNED: "returned",
    "概览": "overview",
    "明细": "detail",
    "层级": "tree",
    "同比": "years",
    "同比异常": "outliers",
    "分类进度": "groups",
    "问题清单": "findings",
    DESK: "desk",
    FORM: "form",
    RESULTS: "results",
    BOARD: "board",
    FINDINGS: "findings",
    TOTALS: "totals",
    "说明清单": "explanations",
    "决定": "decisions",
    "报送文件": "files",
    "上年明细": "before",
    "图表数据": "charts",
}

Figure = int | str | Decimal | None

TEXT = (
    "（演示用的虚构文字。）针对考核和社会评议指出的问题加强改进，无收取信息处理费情况。"
)
FIGURES: Mapping[str, Figure] = {
    "proactive.normative_documents.in_force": 3,
    "proactive.licences.decisions": 12,
    "proactive.fees.amount": Decimal("3.25"),
    "applications.received.natural": 9,
    "applications.received.business": 2,
    "applications.carried_in.natural": 1,
    "applications.granted.natural": 9,
    "applications.granted.business": 2,
    "applications.carried_out.natural": 1,
    "disputes.review.upheld": 1,
}
MISTAKES: Mapping[str, Figure] = {
    "applications.received.natural": 12,
    "applications.granted.research": "12件",
    "applications.carried_in.natural": 0,
    "proactive.regulations.issued": 1,
    "disputes.direct.pending": None,
}
LAST_PERIOD = {
    "applications.carried_out.natural": 1,
    "applications.carried_out.business": 0,
    "proactive.normative_documents.in_force": 3,
    "proactive.licences.decisions": 11,
}


# ---------------------------------------------------------------- samples


def samples(form: Form) -> Iterator[tuple[str, bytes]]:
    """A unit's workbook as it is sent out, filled in, with errors, and sent back."""
    campaign = Campaign(
        id="2025-pictures",
        form=form.id,
        edition=form.edition,
        period=Period(2025),
        district="示例区人民政府办公室",
        contact="联系人",
        phone="000-0000",
        key="pictures",
    )
    unit = Unit("SL01", "示例街道办事处", type="街道")
    before = {id_: Decimal(figure) for id_, figure in LAST_PERIOD.items()}

    def workbook(answers: Answers) -> bytes:
        return build_workbook(form, unit, campaign, answers, last_period=before)

    wrong = workbook(answers(form, {**FIGURES, **MISTAKES}))
    submission = judge("errors.xlsx", wrong, Forms.shipped())
    yield "blank", build_workbook(form, unit, campaign)
    yield "filled", workbook(answers(form, FIGURES))
    yield "errors", wrong
    yield (
        "returned",
        build_workbook(
            form,
            unit,
            campaign,
            submission.answers,
            last_period=before,
            findings=submission.findings,
        ),
    )


def answers(form: Form, figures: Mapping[str, Figure]) -> Answers:
    """Zeros but for these figures, and every text; a None leaves a blank."""
    typed = {**{cell.id: 0 for cell in form.inputs}, **figures}
    return Answers(
        values={id_: _value(each) for id_, each in typed.items() if each is not None},
        texts={text.id: TEXT for text in form.narratives},
    )


def _value(figure: int | str | Decimal) -> Value:
    if isinstance(figure, str):
        return Value(State.TEXT, text=figure)
    return number(figure)


def documents(made: Folder, folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Of the demo: name, PDF and pages of the district's report and of 进度.html."""
    (report,) = make_reports(made, Wanted(pdf=True)).made
    yield "report", next(p for p in report.files if p.suffix == ".pdf"), 3
    printed = folder / "progress.pdf"
    _run(
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu"),
        *(f"--user-data-dir={folder / 'chromium'}", "--no-pdf-header-footer"),
        *(f"--print-to-pdf={printed}", (made.results / PROGRESS).as_uri()),
    )
    yield "progress", printed, 1


def console(campaign: Folder) -> bytes:
    """The console of the demo after collecting and going to the first finding."""
    excel = Excel(make_console(campaign, operations(COMMANDS, load))[0].read_bytes())
    with contextlib.chdir(campaign.path):  # the console's own folder
        for action in (Action.COLLECT, Action.NEXT):
            excel.put(ACTION.sheet, ACTION.address, action.value)
            remote = excel.as_remote()
            run(remote)
            excel.apply(remote)
    return excel.saved()


# ---------------------------------------------------------------- drawing


def draw(
    books: Mapping[str, bytes], target: Path, folder: Path, pages: int = PAGES
) -> list[Path]:
    """The first pages of each sheet of each book, as PNG files in ``target``."""
    single: dict[str, Path] = {}
    for name, data in books.items():
        for number_, (sheet, alone) in enumerate(one_sheet_each(data), 1):
            if name == "returned" and sheet != RETURNED:
                continue  # the others look as they did with errors
            part = f"{name}-{number_}-{NAMES[sheet]}"
            single[part] = folder / f"{part}.xlsx"
            single[part].write_bytes(alone)
    _convert(list(single.values()), folder)
    drawn = []
    for part in single:
        for page, picture in enumerate(_pages(folder / f"{part}.pdf", pages), 1):
            file = target / (f"{part}-{page}.png" if page > 1 else f"{part}.png")
            file.write_bytes(picture)
            drawn.append(file)
    return drawn


def draw_documents(made: Folder, target: Path, folder: Path) -> Iterator[Path]:
    """The first pages of each document, as PNG files in ``target``."""
    for name, pdf, pages in documents(made, folder):
        copy = folder / f"{name}-printed.pdf"
        copy.write_bytes(pdf.read_bytes())
        for page, picture in enumerate(_pages(copy, pages), 1):
            file = target / f"{name}-{page}.png"
            file.write_bytes(picture)
            yield file


def draw_windows(blank: bytes, target: Path, folder: Path) -> Iterator[Path]:
    """Each sheet of a blank workbook on a screen."""
    book = folder / "blank-window.xlsx"
    book.write_bytes(blank)
    shown = [NAMES[sheet] for sheet, _ in one_sheet_each(blank)]
    for name, ppm in screen_pictures.take(book, shown, folder):
        file = target / f"{name}.png"
        file.write_bytes(small_png(ppm))
        yield file


def one_sheet_each(data: bytes) -> Iterator[tuple[str, bytes]]:
    """For each sheet that shows, its name and the workbook with all others hidden."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts["xl/workbook.xml"].decode()
    xml = xml.replace(' state="visible"', "")
    tags = re.findall(r"<sheet [^>]*>", xml)
    for index, tag in enumerate(tags):
        if "state=" in tag:
            continue
        alone = re.sub(r' (?:activeTab|firstSheet)="\d+"', "", xml)
        alone = alone.replace("<workbookView", f'<workbookView activeTab="{index}"')
        for other in tags:
            if other != tag and "state=" not in other:
                hidden = other.replace("<sheet ", '<sheet state="hidden" ')
                alone = alone.replace(other, hidden)
        # LibreOffice prints the print area even of a hidden sheet.
        alone = re.sub(
            rf'<definedName name="_xlnm.Print_Area" localSheetId="(?!{index}")\d+">'
            "[^<]*</definedName>",
            "",
            alone,
        )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                whole = alone.encode() if name == "xl/workbook.xml" else part
                archive.writestr(name, whole)
        yield re.findall(r' name="([^"]*)"', tag)[0], buffer.getvalue()


def _convert(books: Sequence[Path], folder: Path) -> None:
    """A PDF beside each workbook, all by one LibreOffice of its own profile."""
    profile = (folder / "profile").as_uri()
    _run(
        *("soffice", "--headless", "--norestore", f"-env:UserInstallation={profile}"),
        *("--convert-to", "pdf", "--outdir", str(folder), *map(str, books)),
    )


def _pages(pdf: Path, pages: int) -> Iterator[bytes]:
    """The first pages as PNG."""
    _run(
        *("pdftoppm", "-r", str(RESOLUTION), "-l", str(pages)),
        *(str(pdf), str(pdf.with_suffix(""))),
    )
    for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.ppm")):
        if re.fullmatch(re.escape(pdf.stem) + r"-\d+", file.stem):
            yield small_png(file.read_bytes())


def _run(program: str, *arguments: str) -> None:
    subprocess.run([program, *arguments], check=True, capture_output=True)


# ---------------------------------------------------------------- small pictures


def small_png(ppm: bytes) -> bytes:
    """The picture with as many colours as make a small enough file."""
    kind, width, height, _ = ppm[:40].split(maxsplit=4)[:4]
    if kind != b"P6":
        raise ValueError(f"not a colour picture: {kind!r}")
    across, down = int(width), int(height)
    pixels = ppm[-across * down * 3 :]
    for colours in (64, 32, 16):
        png = _png(pixels, across, down, colours)
        if len(png) < LARGEST:
            return png
    return png


def _png(pixels: bytes, across: int, down: int, colours: int) -> bytes:
    """An indexed picture of one byte a pixel."""
    reds, greens, blues = pixels[0::3], pixels[1::3], pixels[2::3]
    seen = Counter(zip(reds, greens, blues, strict=True))
    palette = _palette(seen, colours)
    nearest = {
        colour: min(range(len(palette)), key=lambda at: _apart(palette[at], colour))
        for colour in seen
    }
    indexes = bytes(nearest[c] for c in zip(reds, greens, blues, strict=True))
    rows = bytearray()
    for start in range(0, across * down, across):
        rows.append(0)  # no filter: best for flat colours
        rows += indexes[start : start + across]
    head = struct.pack(">IIBBBBB", across, down, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", head),
            (b"PLTE", bytes(part for colour in palette for part in colour)),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
    )


Colour = tuple[int, int, int]


def _palette(seen: Counter[Colour], colours: int) -> list[Colour]:
    """The commonest colours, none near another; a hue counts for more than a grey."""
    chosen: list[Colour] = [(0, 0, 0), (255, 255, 255)]
    for colour in sorted(seen, key=lambda each: -seen[each] * _weight(each)):
        if all(_apart(colour, other) > NEAR for other in chosen):
            chosen.append(colour)
            if len(chosen) == colours:
                break
    return chosen


def _weight(colour: Colour) -> int:
    return 1 + max(colour) - min(colour)


def _apart(one: Colour, other: Colour) -> int:
    """The squared distance."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def main(arguments: Sequence[str]) -> int:
    """Draws everything; returns the exit status."""
    target = Path(arguments[0]) if arguments else FOLDER
    absent = [p for p in PACKAGES if shutil.which(p) is None]
    if absent:
        for program in absent:
            print(f"{program} is missing: install {PACKAGES[program]}", file=sys.stderr)
        return 2
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = demo(folder / "demo", lambda _done, _all: None).folder
        books = dict(samples(Forms.shipped().edition("disclosure", "2021")))
        books["summary"] = (made.results / SUMMARY).read_bytes()
        books["console"] = console(made)
        drawn = draw(books, target, folder)
        drawn += draw_documents(made, target, folder)
        drawn += draw_windows(books["blank"], target, folder)
    drawn += desk_pictures.take(target)
    for file in {*target.glob("*.png"), *target.glob("*.webp")} - set(drawn):
        file.unlink()
    size = sum(file.stat().st_size for file in drawn)
    print(f"{len(drawn)} pictures, {size / 1e6:.2f} MB: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
