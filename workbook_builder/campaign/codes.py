"""Codes of units: those that Excel changed, and those that it cannot change.

Excel turns long digits into 1.13E+17, 1-2 into a day, 007 into 7, and keeps only that.
What is lost cannot be put back, so such a code is refused, with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY = re.compile(
    r"[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?(?: [0-9:]+)?"
    rf"|[0-9]{{1,2}}月[0-9]{{1,2}}日|[0-9]{{1,2}}-(?:{_MONTH})|(?:{_MONTH})-[0-9]{{1,2}}",
    re.IGNORECASE,
)
_FORMAT = Text(
    "请先把这一列的单元格格式设为“文本”，再照原来的名录重新填写。",
    "Format the column as text, then type the code again as it was.",
)


def spoilt(code: str, known: Collection[str] = ()) -> Text | None:
    """What Excel did to a code, and what to do; None where nothing can be seen.

    ``known`` are codes that are right: one that differs in leading zeros alone is it.
    """
    whole = _whole(code, known)
    if _SCIENTIFIC.fullmatch(code):
        zh, en = (
            "变成了科学记数，后几位已经丢失",
            "became a power of ten; digits are lost",
        )
    elif _DAY.fullmatch(code):
        zh, en = "变成了日期", "became a day"
    elif whole:
        zh = f"丢了前面的 0，原来是“{whole}”"
        en = f"lost its leading zeros; it was {whole}"
    else:
        return None
    return Text(
        f"“{code}”被 Excel 改过（{zh}）。{_FORMAT.zh}",
        f"{code} was changed by Excel ({en}). {_FORMAT.en}",
    )


def wrong_codes(units: Sequence[Unit], rows: Sequence[int]) -> Iterator[Text]:
    """Codes that Excel changed, and those with a letter that does not fit."""
    codes = [unit.code for unit in units]
    for unit, row in zip(units, rows, strict=True):
        for head, code in (
            ("单位代码", unit.code),
            ("上级代码", unit.parent),
            *(("原代码", each) for each in unit.former),
        ):
            known = codes if head == "上级代码" else ()
            if wrong := spoilt(code, known):
                yield Text(
                    f"第{row}行：{head}{wrong.zh}", f"Row {row}: {head} {wrong.en}"
                )
    longest = max((len(code) for code in codes if code.isdecimal()), default=0)
    for at in _without_zeros(codes):
        yield Text(
            f"第{rows[at]}行：单位代码“{codes[at]}”比别的代码短，前面的 0 可能被 Excel 去掉了"
            f"（别的代码是 {longest} 位）。请把这一列设为“文本”格式，补上前面的 0。",
            f"Row {rows[at]}: code {codes[at]} is shorter than the others ({longest} "
            "digits): Excel may have removed its leading zeros. Format the column as text "
            "and put them back.",
        )
    for at in miscopied(codes):
        yield Text(
            f"第{rows[at]}行：单位代码“{codes[at]}”最后的校验字母不对，可能抄错了，"
            "请对照发放的代码改正。",
            f"Row {rows[at]}: the last letter of code {codes[at]} does not fit: it was "
            "copied wrongly. Correct it.",
        )


def _whole(code: str, known: Collection[str]) -> str:
    """The code that this one was before it lost its zeros; empty for none."""
    if not code.isdecimal() or code in known:
        return ""
    bare = code.lstrip("0")
    longer = (
        each
        for each in known
        if len(each) > len(code) and each.isdecimal() and each.lstrip("0") == bare
    )
    return next(longer, "")


def _without_zeros(codes: Sequence[str]) -> Iterator[int]:
    """The places of codes that lost zeros the others still have: among the longest,
    which are digits, one begins with 0, and these are shorter and do not."""
    digits = [code for code in codes if code.isdecimal()]
    length = max(map(len, digits), default=0)
    if any(len(code) == length and code.startswith("0") for code in digits):
        yield from (
            at
            for at, code in enumerate(codes)
            if code.isdecimal() and len(code) < length and not code.startswith("0")
        )


#: Neither letters that look like digits, nor more than a prime: every wrong digit and
#: every two that were exchanged give another letter.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
_GIVEN = re.compile(r"U([0-9]{3,})([A-Z])")


def given(number: int) -> str:
    """The code of the unit of that number: ``U001C``. Excel takes it for nothing else,
    and its last letter tells when it was copied wrongly."""
    digits = f"{number:03}"
    return f"U{digits}{_letter(digits)}"


def miscopied(codes: Sequence[str]) -> Iterator[int]:
    """The places of codes that look like :func:`given` ones and are none, in a list of
    which most are."""
    fits = {at: found for at, c in enumerate(codes) if (found := _GIVEN.fullmatch(c))}
    wrong = [at for at, found in fits.items() if found[2] != _letter(found[1])]
    if len(wrong) * 2 < len(fits):
        yield from wrong


def _letter(digits: str) -> str:
    total = sum(weight * int(each) for weight, each in enumerate(reversed(digits), 2))
    return _LETTERS[total % len(_LETTERS)]
