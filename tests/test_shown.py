"""Number formats that show the number, and those that show another or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_builder.formats.shown import alters_text, hides_text, says, shows

SHOWN = [
    ("General", "3250"),
    ("G/通用格式", "3"),
    ("#,##0", "3250"),
    ('0"件"', "5"),
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0"),
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "5"),
    ("#,##0.######;-#,##0.######;0", "0"),
    ("[Red]0", "3"),
    ("0_ ;[Red]-0 ", "-3"),
    ("#,##0.00;(#,##0.00)", "-3"),
    ("0.00", "3.25"),
    ("#,##0.00####", "59237.244899999998"),
    ("General", "3.256"),
    ("0.00_);[Red]\\(0.00\\)", "-2"),
    ("#,##0.00####", "3.25"),
    ("[DBNum1][$-804]General", "3"),
    ("# ?/?", "3.25"),
    ("@", "3"),
    ('"¥"#,##0.00', "3"),
    ("0;-0;0;@", "0"),
    ("General;[Red]-General", "-4"),
    ("?", "5"),
    ("00000", "12"),
    ("[>100]0;0", "7"),
    ('[>100]"多";0', "7"),
    ('[=0]"-";0', "0"),
    (';;"0"', "0"),
    ("# ??/??", "3.25"),
    ("0/100", "3.25"),
    ("[$¥-804]#,##0.00", "1234567.5"),
    ('0"万元"', "251"),
    ("(0)", "-3"),
    (".00", "3.25"),
    ("0 000", "3"),
    ("#,##0\\,000", "3"),
    ("0*-", "3"),
]
OTHERWISE = [
    ("#,##0.00,", "3250"),
    ("0,", "3250"),
    ("0,,", "3250000"),
    (";;;", "3"),
    (";;", "3"),
    ('"3"', "7"),
    ('"3"0', "7"),
    ("0;-0;;@", "0"),
    ("#", "0"),
    ("# ", "0"),
    ("0;0", "-3"),
    ("\\30", "5"),
    ("!30", "5"),
    ("*30", "5"),
    ('0.0,"万"', "3250"),
    ('[>100]"多";0', "700"),
    ("[>5]0", "3"),
    ('""', "3"),
    ("", "3"),
    ("0.00E+00", "13900000000"),
    ("0", "3.25"),
    ("0", "0.1"),
    ("0.00", "3.256"),
    ("#,##0.0;-#,##0.0", "-3.25"),
    ("0.00,,", "3250000"),
    ("# ?/?", "3.3"),
    ("# ?/4", "3.3"),
    ("[$3-804]0", "7"),
    ("30", "7"),
    ("10", "7"),
    ('"3"General', "7"),
    ('General"0"', "7"),
    ('"3"@', "7"),
    ("-0", "3"),
    ('"-"0', "3"),
    ("(0)", "3"),
    ("*-0", "3"),
    ('0"%"', "3"),
    ('0"万"', "3"),
    ('0"千元"', "3"),
    ("0‰", "3"),
    ("[White]0", "3"),
    ("[Color2]0", "3"),
    ("[白色]0", "3"),
    ("0-00", "123"),
    ("0.0.0", "3.5"),
    ("0!.00", "325"),
    ('0"."00', "325"),
    ('0",000"', "3"),
    ("0*0", "3"),
    ("0", "1e22"),
    ("#.##", "0"),
    ("[>100]0;0.0", "-3"),
]
#: What an .ods keeps as shown beside a number, and whether it is that number.
SAID = [
    ("3,250.25", "3250.25", True),
    ("3250", "3250", True),
    ("-", "0", True),
    ("-3", "-3", True),
    ("(3.00)", "-3", True),
    ("3E+03", "3000", True),
    ("三千二百", "3200", True),
    ("3250 1/4", "3250.25", True),
    ("3,25", "3.25", True),
    ("1.234,5", "1234.5", True),
    ("1,234", "1234", True),
    ("1 234", "1234", True),
    ("12件", "12", True),
    ("１２", "12", True),
    ("¥1,234,567.00", "1234567", True),
    ("59237.2449", "59237.244899999998", True),
    ("3250", "3250.25", False),
    ("3.25", "3250.25", False),
    ("3.250", "3250", False),
    ("0.00", "3", False),
    ("3.25E+03", "3250.25", False),
    ("", "3", False),
    ("多", "3", False),
    ("3", "9", False),
    ("3", "-3", False),
    ("-3", "3", False),
    ("(3)", "3", False),
    ("3 1/3", "3.3", False),
    ("1/0", "3", False),
    ("3%", "3", False),
    ("3万", "3", False),
    ("251万元", "251", True),
    ("3 k", "3", False),
    ("37", "7", False),
    ("3件2", "3", False),
]


#: Formats, and whether a figure that is a text is seen as it is.
OF_TEXTS = [
    ("General", True),
    ("#,##0", True),
    ('"3"', True),
    (";;", True),
    ("@", True),
    ('@"件"', True),
    ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', True),
    ("0;;;@", True),
    (";;;", False),
    ('0;0;0;"12"', False),
    ('"1"@', False),
    ('@"０"', False),
    ('@"〇"', False),
    ("0;0;0;\\1@", False),
    ("0;0;0;[White]@", False),
]
#: What a suite kept as shown beside a text, and whether it is that figure.
TEXTS_SAID = [
    ("3250", "3250", True),
    ("3250件", "3250", True),
    ("无数据", "无数据", True),
    ("", "3250", False),
    ("12", "3250", False),
    ("13250", "3250", False),
    ("3250〇", "3250", False),
]


@pytest.mark.parametrize(("code", "seen"), OF_TEXTS)
def test_a_format_shows_a_text_as_it_is(code: str, seen: bool) -> None:
    assert hides_text(code) is not seen


@pytest.mark.parametrize(("shown", "text", "same"), TEXTS_SAID)
def test_what_a_suite_kept_as_shown_is_the_text(
    shown: str, text: str, same: bool
) -> None:
    assert alters_text(shown, text) is not same


@pytest.mark.parametrize(("code", "value"), SHOWN)
def test_it_shows_the_number(code: str, value: str) -> None:
    assert shows(code, value)


@given(st.integers(0, 10**14), st.sampled_from(["0", "#,##0"]))
def test_a_whole_number_is_shown_as_by_a_format_that_is_gone_through(
    number: int, code: str
) -> None:
    for value in (str(number), f"00{number}", f"{number}.0"):
        assert shows(code, value) is shows(f"{code};-{code}", value) is True


@pytest.mark.parametrize(("code", "value"), OTHERWISE)
def test_it_shows_another_or_none(code: str, value: str) -> None:
    assert not shows(code, value)


@pytest.mark.parametrize(("text", "value", "same"), SAID)
def test_what_a_suite_kept_as_shown_is_the_number(
    text: str, value: str, same: bool
) -> None:
    assert says(text, value) is same


def test_a_long_text_beside_a_number_costs_what_it_weighs() -> None:
    for text in ("1" * 30_000, "1," * 15_000, "1,111" * 6_000, "." * 30_000):
        assert not says(text, "1")
