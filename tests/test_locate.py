"""Sheets that were taken apart: what is read is right, and the rest is not read."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.support import (
    TEXT,
    Edit,
    codes,
    edited,
    expected,
    finding,
    form,
    judged,
    spot,
    workbook,
)
from workbook_builder.model.finding import Verdict
from workbook_builder.model.names import essence
from workbook_builder.model.submission import Submission
from workbook_builder.reading.align import align

#: Every input has a figure of its own, so that none can be taken for another.
FIGURES = {cell.id: 1000 + n for n, cell in enumerate(form().inputs)}


def after(edit: Edit) -> Submission:
    """The verdict on the workbook of ``FIGURES`` after somebody edited it."""
    return judged(edited(workbook(FIGURES), edit), expected())


def read(submission: Submission) -> dict[str, Decimal]:
    """The inputs that were read as numbers."""
    return {
        cell.id: amount
        for cell in form().inputs
        if (amount := submission.facts[cell.id].number) is not None
    }


def wrong(submission: Submission) -> dict[str, Decimal]:
    """Inputs that were read as a number which is not theirs."""
    return {i: n for i, n in read(submission).items() if n != FIGURES[i]}


def lost(submission: Submission) -> set[str]:
    return FIGURES.keys() - read(submission).keys()


def on(sheet: str) -> set[str]:
    return {id_ for id_ in FIGURES if spot(id_).sheet == sheet}


def relabel(sheet: str, address: str, text: str | None) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet][address] = text

    return edit


def rename(sheet: str, name: str) -> Edit:
    def edit(book: Workbook) -> None:
        book[sheet].title = name

    return edit


def copy_sheet(sheet: str, change: Callable[[Worksheet], object]) -> Edit:
    def edit(book: Workbook) -> None:
        change(book.copy_worksheet(book[sheet]))

    return edit


ROWS_3 = sorted({spot(id_).row for id_ in on("表三")})
COLUMNS_3 = sorted({spot(id_).column for id_ in on("表三")})


@pytest.mark.parametrize("sheet", ["表二", "表三", "表四"])
@pytest.mark.parametrize("count", [1, 3])
def test_rows_inserted_above_a_table_lose_nothing(sheet: str, count: int) -> None:
    submission = after(lambda book: book[sheet].insert_rows(1, count))
    assert wrong(submission) == {}
    assert lost(submission) == set()
    assert submission.verdict is Verdict.REJECTED
    assert "T02" in codes(submission.findings)


@pytest.mark.parametrize("sheet", ["表二", "表三", "表四"])
def test_columns_inserted_beside_a_table_lose_nothing(sheet: str) -> None:
    submission = after(lambda book: book[sheet].insert_cols(1, 2))
    assert wrong(submission) == {}
    assert lost(submission) == set()


@pytest.mark.parametrize("row", ROWS_3)
def test_a_row_inserted_anywhere_loses_nothing(row: int) -> None:
    submission = after(lambda book: book["表三"].insert_rows(row + 1))
    assert wrong(submission) == {}
    assert lost(submission) == set()


@pytest.mark.parametrize("row", ROWS_3)
def test_a_row_deleted_loses_that_row_only(row: int) -> None:
    submission = after(lambda book: book["表三"].delete_rows(row + 1))
    assert wrong(submission) == {}
    assert lost(submission) <= {id_ for id_ in on("表三") if spot(id_).row == row}


@pytest.mark.parametrize("column", COLUMNS_3)
def test_a_column_deleted_loses_that_column_only(column: int) -> None:
    submission = after(lambda book: book["表三"].delete_cols(column + 1))
    assert wrong(submission) == {}
    gone = {id_ for id_ in on("表三") if spot(id_).column == column}
    assert lost(submission) == gone


def test_rows_without_their_labels_are_not_counted_from_one_neighbour() -> None:
    def edit(book: Workbook) -> None:
        book["表三"].insert_rows(7)
        book["表三"].delete_cols(1, 3)

    assert wrong(after(edit)) == {}


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_inserted_and_deleted_no_figure_becomes_another(
    data: st.DataObject,
) -> None:
    steps = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(["表二", "表三", "表四"]),
                st.sampled_from(
                    ["insert_rows", "delete_rows", "insert_cols", "delete_cols"]
                ),
                st.integers(1, 35),
                st.integers(1, 3),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def edit(book: Workbook) -> None:
        for sheet, step, at, count in steps:
            getattr(book[sheet], step)(at, count)

    assert wrong(after(edit)) == {}


def test_a_renamed_sheet_is_known_by_what_stands_on_it() -> None:
    submission = after(rename("表三", "表3 申请"))
    assert wrong(submission) == {}
    assert lost(submission) == set()
    assert "T03" not in codes(submission.findings)
    assert "Y03" in codes(submission.findings)


@pytest.mark.parametrize("sheet", ["文字部分", "审核", "签章"])
def test_other_sheets_may_be_renamed_too(sheet: str) -> None:
    submission = after(rename(sheet, "别的名字"))
    assert submission.answers.texts["problems"] == TEXT
    assert {"Y03"} <= set(codes(submission.findings))
    assert "T03" not in codes(submission.findings)


def test_two_sheets_may_exchange_their_names() -> None:
    def edit(book: Workbook) -> None:
        book["表二"].title, book["表四"].title = "x", "表二"
        book["x"].title = "表四"

    assert read(after(edit)) == FIGURES


def test_the_order_and_visibility_of_sheets_do_not_matter() -> None:
    def edit(book: Workbook) -> None:
        book.move_sheet("表三", 3)
        book["表四"].sheet_state = "hidden"

    assert read(after(edit)) == FIGURES


def test_a_copy_that_says_the_same_is_only_mentioned() -> None:
    found = codes(after(copy_sheet("表三", lambda sheet: None)).findings)
    assert "Y05" in found
    assert "T07" not in found


def test_of_two_different_sheets_nobody_can_choose() -> None:
    address = spot("applications.received.natural").address

    def change(sheet: Worksheet) -> None:
        sheet[address] = 5

    submission = after(copy_sheet("表三", change))
    assert submission.verdict is Verdict.REJECTED
    assert "T07" in codes(submission.findings)


@pytest.mark.parametrize(
    "label", ["1、属于国家秘密", "1.属国家秘密", None, " １．属于\n国家秘密"]
)
def test_a_label_with_a_slip_keeps_its_row(label: str | None) -> None:
    row = spot("applications.refused_state_secret.natural").row + 1
    assert read(after(relabel("表三", f"C{row}", label))) == FIGURES


def test_a_row_under_another_meaning_is_not_read() -> None:
    row = spot("applications.refused_state_secret.natural").row + 1
    submission = after(relabel("表三", f"C{row}", "1.涉及商业秘密"))
    gone = {id_ for id_ in on("表三") if spot(id_).row == row - 1}
    assert lost(submission) == gone


def test_exchanged_labels_exchange_the_figures_and_are_reported() -> None:
    first = spot("applications.refused_state_secret.natural")
    second = spot("applications.refused_prohibited.natural")

    def edit(book: Workbook) -> None:
        a, b = (book["表三"].cell(each.row + 1, 3) for each in (first, second))
        a.value, b.value = b.value, a.value

    submission = after(edit)
    assert submission.verdict is Verdict.REJECTED
    assert "T02" in codes(submission.findings)


@pytest.mark.parametrize(
    ("row", "address", "label"),
    [
        (7, "A7", "一、本年新收政府信息公开申请数量"),
        (15, "C15", "5.属于三类内部事务信息"),
        (30, "B30", "（七）总计"),
        (31, "A31", "四、结转下年度继续办理"),
    ],
)
def test_a_deleted_row_is_called_by_its_own_name(
    row: int, address: str, label: str
) -> None:
    found = finding(after(lambda book: book["表三"].delete_rows(row)), "T02")
    assert (found.address, found.expected) == (address, label)


def test_merged_cells_that_were_split_change_nothing() -> None:
    def edit(book: Workbook) -> None:
        for area in list(book["表三"].merged_cells.ranges):
            book["表三"].unmerge_cells(str(area))

    assert read(after(edit)) == FIGURES


@pytest.mark.parametrize("row", range(4, 20))
def test_texts_follow_their_titles(row: int) -> None:
    submission = after(lambda book: book["文字部分"].insert_rows(row))
    assert len(submission.answers.texts) == len(form().narratives)
    assert set(submission.answers.texts.values()) == {TEXT}


def test_explanations_follow_the_words_of_their_check() -> None:
    key = next(key for key in form().lines if key[0].code == "F7")[1].key
    said = "本年度确实没有收到任何申请，已经核对台账。"

    def edit(book: Workbook) -> None:
        place = spot(key)
        book["审核"].cell(place.row + 1, place.column + 1, said)
        book["审核"].insert_rows(7)
        book["审核"].delete_rows(9)

    assert after(edit).answers.explanations == {key: said}


# ---------------------------------------------------------------- alignment itself

GRID = {(0, 0): "甲", (0, 1): "乙", (1, 0): "丙", (2, 0): "丁", (3, 0): "戊"}
LINES = (range(4), range(2))


def test_lines_that_kept_their_distance_are_certain() -> None:
    texts = {(5, 0): "甲", (5, 1): "乙", (8, 0): "戊"}
    found = align(GRID, LINES, texts)
    assert found.rows == {0: 5, 1: 6, 2: 7, 3: 8}


def test_lines_that_did_not_are_not() -> None:
    texts = {(5, 0): "甲", (5, 1): "乙", (9, 0): "戊"}
    assert align(GRID, LINES, texts).rows == {0: 5, 3: 9}


def test_a_label_that_occurs_more_often_than_expected_tells_nothing() -> None:
    texts = {(0, 0): "甲", (0, 1): "乙", (1, 0): "丙", (4, 0): "丙", (6, 0): "戊"}
    assert 1 not in align(GRID, LINES, texts).rows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（一）予以公开", "(一) 予以公开"),
        ("3.危及“三安全一稳定”", '3、危及"三安全一稳定"'),
        ("商业\n企业", "商业 企业"),
        ("１．属于国家秘密", "1.属于国家秘密"),
    ],
)
def test_labels_are_compared_without_their_punctuation(one: str, other: str) -> None:
    assert essence(one) == essence(other)
