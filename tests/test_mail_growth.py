"""Mails made to take long: what they cost grows with their length and no faster."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.growth import grows_linearly
from workbook_builder.intake import unpack
from workbook_builder.intake.mail_names import parameters_of
from workbook_builder.intake.names import in_words
from workbook_builder.mail.heads import read_head
from workbook_builder.model.period import Period
from workbook_builder.workbook.place import heading, heading_in

QUARTER = Period.parse("2024Q3")

HEAD = b"From: a@b.cn\nTo: c@d.cn\nSubject: x\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="B"\n\n'


def test_the_measure_tells_squares_from_lines() -> None:
    """The test of the tests."""

    def squared(size: int) -> Callable[[], object]:
        return lambda: [None for _ in range(size) for _ in range(size)]

    assert not grows_linearly(squared, 700)
    assert grows_linearly(lambda size: lambda: sum(range(size)), 1_000_000)


#: What a header that names an attachment may consist of.
FILLS = [
    b"x", b'"', b";a=b", b"=?a?q?", b"=?gbk?b?YWE=?=", b" ", b"(", b'="', b";", b"%41",
    b"filename*0*=''a;", b"name=", b"\\", "名".encode(), "名".encode("gbk"),
]  # fmt: skip


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("key", [b"Content-Disposition: attachment; filename=", b"X: "])
def test_names_of_a_million_letters_cost_what_they_weigh(
    fill: bytes, key: bytes
) -> None:
    part = b"--B\n" + key + fill * (3_900 // len(fill)) + b"\n\nx\n"

    def taken_apart(parts: int) -> Callable[[], object]:
        data = MIXED + part * parts + b"--B--\n"
        return lambda: list(unpack("x.eml", data))

    assert grows_linearly(taken_apart, 60)


KINDS = [b";", b';"', b'";', b'; a="', b"; boundary*0=", b';\\"', b"\n ;", b'; a*1="x"']


@pytest.mark.parametrize("fill", KINDS)
@pytest.mark.parametrize("start", [HEAD, MIXED + b"--B\n"])
def test_long_types_of_a_mail_or_part_cost_what_they_weigh(
    fill: bytes, start: bytes
) -> None:
    def taken_apart(times: int) -> Callable[[], object]:
        data = start + b"Content-Type: multipart/mixed" + fill * times + b"\n\nx\n"
        return lambda: list(unpack("x.eml", data))

    assert grows_linearly(taken_apart, 15_000)


@pytest.mark.parametrize("fill", ["=?a?q?", "=?a?b?x?=", "=?", "?=", "=?gbk?q?=B1?= "])
def test_words_of_any_length_are_read_in_one_go(fill: str) -> None:
    assert grows_linearly(lambda size: lambda: in_words(fill * size), 20_000)


@pytest.mark.parametrize("fill", [';"', ";a=", '="', "; ", ";a*9=", '\\"', ";a"])
def test_parameters_of_any_length_are_read_in_one_go(fill: str) -> None:
    assert grows_linearly(lambda size: lambda: parameters_of(fill * size), 20_000)


@pytest.mark.parametrize("fill", ["填报单位：", "填报单位： ", " ", "统计年度：", "年"])
def test_headings_of_any_length_are_read_in_one_go(fill: str) -> None:
    assert grows_linearly(lambda n: lambda: heading_in(f"填报单位：{fill * n}"), 20_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (heading("示例镇", Period(2025)), ("示例镇", Period(2025))),
        (f"表二\n{heading('甲 乙', QUARTER)}　万元", ("甲 乙", QUARTER)),
        ("填报单位：　统计年度：2025年", None),
        ("填报单位：甲　统计年度：25年", None),
        ("填报单位：甲", None),
        ("统计年度：2025年", None),
    ],
)
def test_a_heading_says_unit_and_year(text: str, said: object) -> None:
    assert heading_in(text) == said


@pytest.mark.parametrize("fill", [b"(", b"=?utf-8?q?=ff?= ", b"<", b'"', b",", b"x@"])
def test_heads_cost_what_they_weigh(fill: bytes) -> None:
    def read(times: int) -> Callable[[], object]:
        return lambda: read_head(b"From: " + fill * times + b"\nSubject: " + fill)

    assert grows_linearly(read, 20_000)
