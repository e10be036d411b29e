"""What was done to a file besides filling it in: hints, and never another verdict."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidationList

from tests.support import (
    BUSY,
    Edit,
    campaign,
    codes,
    contents,
    edited,
    expected,
    filled,
    finding,
    folder,
    form,
    hints,
    judged,
    renamed_sheet,
    restamped,
    unit,
    unzipped,
    workbook,
    zipped,
)
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.finding import Verdict
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.severity import Severity
from workbook_builder.pipeline import collect
from workbook_builder.reading import forensics
from workbook_builder.reading.forensics import in_every_file
from workbook_builder.workbook.build import build_workbook

OPENPYXL = "Microsoft Excel Compatible / Openpyxl"


@cache
def open_return() -> bytes:
    """A return that has to go back."""
    return workbook({"applications.received.natural": 3})


def protection(sheet: str) -> Edit:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet].protection.sheet = False

    return change


def no_limits(book: openpyxl.Workbook) -> None:
    book["表三"].data_validations = DataValidationList()


def one_limit_less(book: openpyxl.Workbook) -> None:
    """Without that of a single cell."""
    for limit in book["表三"].data_validations.dataValidation:
        cells = (cell for area in limit.sqref.ranges for cell in area.cells)
        names = (f"{get_column_letter(column)}{row}" for row, column in cells)
        limit.sqref = MultiCellRange([CellRange(n) for n in names if n != "D31"])


def comment(book: openpyxl.Workbook) -> None:
    book["表三"]["D7"].comment = Comment("这一格不会填", "张三")


CASES: dict[str, tuple[Edit, list[str]]] = {
    "saved": (lambda book: None, ["X06"]),
    "unprotected": (protection("表三"), ["X01", "X06"]),
    "without limits": (no_limits, ["X02", "X06"]),
    "commented": (comment, ["X05", "X06"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_to_a_file_that_goes_back_is_told(case: str) -> None:
    change, wanted = CASES[case]
    submission = judged(edited(open_return(), change), expected())
    assert hints(submission.findings) == wanted
    assert submission.verdict is Verdict.REJECTED
    severities = {f.severity for f in submission.findings if f.is_for_the_desk}
    assert severities == {Severity.HINT}
    # They say how, not what: the findings themselves come first.
    assert [f.is_for_the_desk for f in submission.findings][-len(wanted) :] == (
        [True] * len(wanted)
    )


def test_the_hints_say_where_and_by_whom() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for each in (protection("表三"), protection("签章"), no_limits, comment):
            each(book)

    submission = judged(edited(open_return(), change), expected())
    assert finding(submission, "X01").message.zh == "工作表的保护被取消：表三、签章。"
    limits = finding(submission, "X02")
    assert limits.message.zh.startswith("有 144 个填报单元格没有了录入限制")
    assert (limits.sheet, limits.address) == ("表三", "D7")
    said = finding(submission, "X05")
    assert (said.sheet, said.address, said.seen) == ("表三", "D7", "这一格不会填")
    assert (finding(submission, "X06").seen or "").startswith(OPENPYXL)


def test_one_open_finding_among_others_is_enough_to_look_into_a_file() -> None:
    data = edited(renamed_sheet(open_return(), "表二", "改名"), comment)
    submission = judged(data, expected())
    assert {each.is_open for each in submission.findings} == {True, False}
    assert "Y03" in codes(submission.findings)
    assert hints(submission.findings) == ["X05", "X06"]


def test_a_single_cell_without_its_limit_is_told() -> None:
    found = finding(judged(edited(open_return(), one_limit_less), expected()), "X02")
    assert found.message.zh.startswith("有 1 个填报单元格没有了录入限制")
    assert (found.sheet, found.address) == ("表三", "D31")


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_is_accepted_is_not_looked_into(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("looked into")

    data = edited(workbook(BUSY), CASES[case][0])
    monkeypatch.setattr(forensics, "traces", never)
    submission = judged(data, expected())
    assert submission.verdict is Verdict.ACCEPTED
    assert hints(submission.findings) == []


def test_what_is_not_ours_is_not_looked_into() -> None:
    foreign = edited(restamped(open_return(), campaign="other"), comment)
    assert hints(judged(foreign, expected()).findings) == []


def test_as_it_was_sent_out_nothing_was_done_to_it() -> None:
    assert hints(judged(open_return(), expected()).findings) == []


def test_notes_of_our_own_are_no_answer() -> None:
    """A workbook sent back has notes; filled in again it still has."""
    first = judged(open_return(), expected())
    back = build_workbook(
        form(),
        unit(),
        campaign(),
        filled(form(), **{"applications.received.natural": 3}),
        findings=first.findings,
    )
    assert any("comments" in name for name in unzipped(back))
    assert hints(judged(back, expected()).findings) == []


def with_part(data: bytes, name: str) -> bytes:
    return zipped({**unzipped(data), name: b"x"})


ACTIVE: dict[str, tuple[Callable[[], bytes], Verdict]] = {
    "accepted": (lambda: workbook(BUSY), Verdict.ACCEPTED),
    "rejected": (open_return, Verdict.REJECTED),
    "foreign": (lambda: restamped(open_return(), campaign="x"), Verdict.NOT_OURS),
    "unstamped": (lambda: restamped(open_return(), year="二"), Verdict.NOT_OURS),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_macros_and_links_are_noted_of_every_file(case: str) -> None:
    made, verdict = ACTIVE[case]
    data = made()
    for part in (
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
    ):
        data = with_part(data, part)
    submission = judged(data, expected("U2") if case == "unstamped" else expected())
    assert hints(submission.findings) == ["X03", "X04", "X07"]
    assert submission.verdict is verdict


@pytest.mark.parametrize(
    ("formula", "asks"),
    {
        "cmd|'/C calc'!A0": True,
        "1+cmd|'/C calc'!A0": True,
        "'cmd'|'/C calc'!'A0'": True,
        'DDE("soffice","a.ods","A1")': True,
        'of:=1+dde ("soffice";"a.ods";"A1")': True,
        "SUM(A1:B2)": False,
        'IF(A1="a|b","DDE(",0)': False,
        "'甲|乙'!A1+'DDE('!A1": False,
        "DDE_1+MYDDE(1)": False,
    }.items(),
)
def test_formulas_that_ask_other_programs_are_noted(formula: str, asks: bool) -> None:
    cell = RawCell(RawKind.NUMBER, "1", formula)
    book = RawBook((RawSheet("表三", "visible", {(0, 0): cell}),))
    assert hints(in_every_file(book)) == (["X04"] if asks else [])


# ---------------------------------------------------------------- hostile parts


def part_of(data: bytes, name: str, content: bytes) -> bytes:
    return zipped({**unzipped(data), name: content})


BAD_PARTS = {
    "no properties": ("docProps/app.xml", b"no XML"),
    "a document type": ("docProps/app.xml", b"<!DOCTYPE a><a/>"),
    "too deep": ("docProps/app.xml", b"<a>" * 200 + b"</a>" * 200),
}


@pytest.mark.parametrize("case", BAD_PARTS)
def test_parts_that_are_not_sound_give_no_hints_and_cost_nothing(case: str) -> None:
    data = part_of(open_return(), *BAD_PARTS[case])
    with pytest.raises(UnreadableFile):
        forensics.traces(data)
    submission = judged(data, expected())
    assert submission.findings == judged(open_return(), expected()).findings


def test_areas_of_any_size_cost_nothing() -> None:
    part = "xl/worksheets/sheet3.xml"  # 表三
    xml = unzipped(open_return())[part]
    area, end = (
        b'<dataValidation type="whole" sqref="A1:XFD1048576"/>',
        b"</dataValidations>",
    )
    data = part_of(open_return(), part, xml.replace(end, area * 9_000 + end))
    assert len(forensics.traces(data).limited["表三"]) > 9_000
    assert hints(judged(data, expected()).findings) == []


def test_the_unit_is_not_told_what_is_for_the_desk(tmp_path: Path) -> None:
    made = folder(tmp_path, files={"1.xlsx": edited(open_return(), comment)})
    (submission,) = collect(made).submissions
    assert hints(submission.findings) == ["X05", "X06"]
    (name,) = [n for n in contents(made.results) if n.startswith("退回/")]
    sheet = openpyxl.load_workbook(made.results / name)["退回意见"]
    told = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert "A1" in told
    assert not any(text.startswith("X0") for text in told)


def test_a_program_with_a_long_name_makes_no_page_of_a_message() -> None:
    name = b"<a><Application>" + b"x" * 30_000 + b"</Application></a>"
    submission = judged(part_of(open_return(), "docProps/app.xml", name), expected())
    assert len(finding(submission, "X06").message.zh) < 400


TURN = "{}:\n    去年少报一件\n    已经更正"
ADVERTISEMENT = {
    "zh": "[线程批注]\n\n你的Excel版本可读取此线程批注; 但改动会被删除。\n\n"
    + TURN.format("批注"),
    "en": "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\n"
    + TURN.format("Comment"),
    "answered": "[线程批注]\n\n你的Excel版本可读取此线程批注。\n\n"
    + TURN.format("批注")
    + "\n\n答复:\n    好的",
}


@pytest.mark.parametrize("kind", ADVERTISEMENT)
def test_of_a_thread_only_what_was_said_is_told(kind: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        author = "tc={0B1C2D3E-0000-4000-8000-000000000000}"
        book["表三"]["D7"].comment = Comment(ADVERTISEMENT[kind], author)

    said = finding(judged(edited(open_return(), change)), "X05").seen or ""
    assert "去年少报一件" in said
    assert "已经更正" in said
    assert ("好的" in said) is (kind == "answered")
    assert not any(word in said for word in ("Excel", "批注:", "Comment", "tc="))


def test_what_looks_like_a_thread_and_is_none_stays() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["表三"]["D7"].comment = Comment("甲\n\n乙\n\n丙", "张三")

    said = finding(judged(edited(open_return(), change)), "X05").seen
    assert said == "甲\n\n乙\n\n丙"


def with_comments(*comments: str, authors: tuple[str, ...] = ("张三", "审核")) -> bytes:
    named = "".join(f"<author>{each}</author>" for each in authors)
    said = "".join(comments)
    part = f"<comments><authors>{named}</authors><commentList>{said}</commentList></comments>"
    data = edited(open_return(), comment)
    return part_of(data, "xl/comments/comment1.xml", part.encode())


def told_at(address: str, author: object, *texts: str) -> str:
    runs = "".join(f"<r><t>{text}</t></r>" for text in texts)
    return f'<comment ref="{address}" authorId="{author}"><text>{runs}</text></comment>'


def test_comments_are_told_with_who_wrote_them() -> None:
    data = with_comments(
        told_at("D7", 0, "甲", "乙"),
        told_at("D8", 1, "我们自己的"),
        told_at("D9", 0, " "),
        told_at("D10", 2, "丙"),
        told_at("D11", "-1", "丁"),
        told_at("D12", 0, "戊"),
    )
    found = [
        (c.place.address, c.author, c.text) for c in forensics.traces(data).comments
    ]
    assert found == [
        ("D7", "张三", "甲乙"),
        ("D10", "", "丙"),
        ("D11", "", "丁"),
        ("D12", "张三", "戊"),
    ]


def test_of_very_many_comments_the_first_are_told() -> None:
    many = [told_at(f"A{n}", 0, "甲") for n in range(1, forensics.MOST_COMMENTS + 3)]
    assert len(forensics.traces(with_comments(*many)).comments) == 20


def test_a_sheet_without_the_comments_it_names_has_none() -> None:
    parts = unzipped(edited(open_return(), comment))
    del parts["xl/comments/comment1.xml"]
    assert forensics.traces(zipped(parts)).comments == ()
