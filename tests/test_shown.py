"""Number formats that show the number, and those that show another or none."""

from __future__ import annotations

import pytest

from workbook_builder.formats.shown import shows

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
    ('[>100]"多";0', "7"),
    ('""', "3"),
    ("", "3"),
    ("0.00E+00", "13900000000"),
]


@pytest.mark.parametrize(("code", "value"), SHOWN)
def test_it_shows_the_number(code: str, value: str) -> None:
    assert shows(code, value)


@pytest.mark.parametrize(("code", "value"), OTHERWISE)
def test_it_shows_another_or_none(code: str, value: str) -> None:
    assert not shows(code, value)
