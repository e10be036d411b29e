"""Whether what a cell shows is the number that is in it, or another, or none."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

#: Quoted and escaped text, what fills a cell or keeps it wide, brackets, all else.
_TOKENS = re.compile(r'"[^"]*"?|[\\!_*].?|\[[^\]]*\]?|.', re.DOTALL)
_PLACES = "0#?"
_MINUS = frozenset("-－−(（负减")
#: What is written for nothing.
_NOTHING = frozenset("-－−—–─/无零〇○")
#: Nobody sees white on white.
_WHITE = re.compile(r"\[(white|白色?|color ?2)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)\]")
_FIXED = re.compile("[1-9][0-9]{0,5}")
#: Formats in which a whole number of fewer digits than a double has is shown as it is.
_WHOLE, _DIGITS = frozenset(("0", "#,##0")), 15
#: A number with more digits than that is shown otherwise in any format.
_LONGEST = 20
_MEANS = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}


#: A figure as it is written: grouped, with a point, with a power of ten.
_FIGURE = re.compile(
    r"[0-9]{1,3}(?:[,' ][0-9]{3})+(?:\.[0-9]*)?(?![0-9])"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]*|[0-9]+,[0-9]{1,2}(?![0-9])"
    r"|[0-9]*\.?[0-9]+(?:e[+-]?[0-9]{1,3})?"
)
_FRACTION = re.compile(r"(?:([0-9]{1,15}) +)?([0-9]{1,15}) ?/ ?([0-9]{1,9})")
#: What makes another figure of the one before it; amounts are in 万元.
_TIMES = re.compile(r"\s*(?:[%‰百千亿]|万(?!元)|[km](?![a-z]))")
_NUMERALS = frozenset("〇零一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾")
#: No form has figures finer than this; what is below it is noise of the double.
_FINE = Decimal("0.000001")
_FINEST = 7


def says(text: str, value: str) -> bool:
    """Whether a text, which a suite kept beside a number, shows that number. Chinese
    numerals are not read."""
    said = unicodedata.normalize("NFKC", text.replace("⁄", "/")).casefold().strip()
    number = Decimal(value)
    found = _FRACTION.search(said) or _FIGURE.search(said)
    if found is None:
        return bool(_NUMERALS & set(said)) or (
            not number and bool(_NOTHING & set(said))
        )
    before, after = said[: found.start()], said[found.end() :]
    if number < 0 and not _MINUS & set(said):
        return False
    if number > 0 and before.rstrip()[-1:] in _MINUS:
        return False
    if number and (_TIMES.match(after) or _FIGURE.search(after)):
        return False
    return abs(_amount(found) - abs(number)) < _FINE


def _amount(found: re.Match[str]) -> Decimal:
    if found.re is _FIGURE:
        return Decimal(_pointed(found[0]))
    whole, part, of = (Decimal(each or 0) for each in found.groups())
    return whole + part / of if of else Decimal("Infinity")


def _pointed(figure: str) -> str:
    """With a point alone: a comma groups where three digits follow it."""
    whole, comma, rest = figure.rpartition(",")
    if comma and (len(rest.partition(".")[0]) != 3 or "." in whole):
        figure = f"{whole.replace('.', '')}.{rest}"
    return re.sub("[,' ]", "", figure)


@lru_cache(maxsize=1 << 12)
def shows(code: str, value: str) -> bool:
    """``value`` is the number as the file has it, ``code`` its format."""
    if (
        code in _WHOLE
        and len(value) < _DIGITS
        and value.isascii()
        and value.isdecimal()
    ):
        return True
    number = Decimal(value)
    chosen = list(_chosen(_sections(code), number))
    return bool(chosen) and all(
        not any(map(_WHITE.fullmatch, section))
        and says(_rendered(section, number, signed), value)
        for section, signed in chosen
    )


@lru_cache(maxsize=1 << 8)
def hides_text(code: str) -> bool:
    """Whether a format shows a figure that is a text as another, or none."""
    sections = _sections(code)
    of_text = sections[3] if len(sections) > 3 else sections[-1]
    if "@" not in of_text:
        return len(sections) > 3
    beside = "".join(_said(token) for token in of_text if token != "@")
    return any(map(_WHITE.fullmatch, of_text)) or _has_figure(beside)


def alters_text(shown: str, text: str) -> bool:
    """Whether a suite shows a text as another figure, or not at all."""
    before, found, after = shown.partition(text)
    return not found or _has_figure(before + after)


def _has_figure(text: str) -> bool:
    said = unicodedata.normalize("NFKC", text)
    return any(each.isdigit() or each in _NUMERALS for each in said)


def _sections(code: str) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for token in _TOKENS.findall(code):
        if token == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _chosen(
    sections: list[list[str]], number: Decimal
) -> Iterator[tuple[list[str], bool]]:
    """The sections that show a number, each with whether it puts a sign there itself:
    more than one where conditions leave it open."""
    asked = [next(filter(None, map(_CONDITION.fullmatch, s)), None) for s in sections]
    if not any(asked):
        count = len(sections)
        at = 1 if number < 0 and count > 1 else 2 if not number and count > 2 else 0
        yield sections[at], at == 0
        return
    for section, condition in zip(sections[:3], asked[:3], strict=True):
        if condition is None or _MEANS[condition[1]](number, Decimal(condition[2])):
            yield section, False
            if condition is not None:
                return


def _rendered(section: list[str], number: Decimal, signed: bool) -> str:
    """What a section of a format makes of a number."""
    bare = "".join(token for token in section if len(token) == 1).lower()
    sign = "-" if signed and number < 0 else ""
    if "general" in bare or "g/" in bare or "@" in bare:
        first = next(n for n, token in enumerate(section) if token in tuple("Gg@"))
        after = (_said(token) for token in section[first:] if len(token) > 1)
        said = "".join(map(_said, section[:first]))
        return f"{sign}{said}{abs(number):f}{''.join(after)}"
    if "e" in bare or number.adjusted() > _LONGEST:
        return ""
    if not set(bare) & set(_PLACES):
        return "".join(map(_said, section))
    return sign + _placed(section, bare, abs(number))


def _placed(section: list[str], bare: str, number: Decimal) -> str:
    """Digits in their places, with what stands between them."""
    places = [n for n, token in enumerate(section) if token in tuple(_PLACES)]
    if "/" in section[places[0] :]:
        said = "".join(map(_said, section[: places[0]]))
        return said + _fraction(bare.replace(" ", "").partition("/")[2], number)
    point = section.index(".") if "." in section else len(section)
    whole = [n for n in places if n < point]
    # Commas behind the last place before the point, or the last at all, scale.
    for last in {*whole[-1:], *places[-1:]}:
        rest = "".join(t for t in section[last + 1 :] if len(t) == 1 and t != " ")
        number /= 1000 ** (len(rest) - len(rest.lstrip(",")))
    decimals = min(len(places) - len(whole), _FINEST)
    digits = f"{number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    before, _, behind = digits.partition(".")
    before, inner = before.lstrip("0"), max(len(whole) - 1, 0)
    shown = dict(zip(reversed(whole), reversed(before), strict=False))
    shown[whole[0] if whole else point] = before[: max(len(before) - inner, 0)]
    behind = behind.rstrip("0")
    shown |= zip([n for n in places if n > point], behind, strict=False)
    parts = list(map(_said, section))
    for n, token in enumerate(section):
        if n in places:
            parts[n] = shown.get(n) or token.strip("#?")
        elif n == point:
            parts[n] = shown.get(n, "") + token
        elif token == ",":
            parts[n] = ""
    return "".join(parts)


def _fraction(of: str, number: Decimal) -> str:
    """``of`` is what stands below the line: places, or a number that is always there."""
    fixed = _FIXED.match(of)
    if fixed:
        below = int(fixed[0])
        return f"{round(number * below)}/{below}"
    places = min(len(of) - len(of.lstrip(_PLACES)), 4)
    from fractions import Fraction  # formats with one are rare

    part = Fraction(number).limit_denominator(max(10**places - 1, 1))
    return f"{part.numerator}/{part.denominator}"


def _said(token: str) -> str:
    """What is shown of a token: no colours, no width of another character."""
    if token.startswith("[$"):
        return token[2:].rstrip("]").partition("-")[0]
    if token.startswith(("[", "_")) and len(token) > 1:
        return ""
    return token.strip('"') if token.startswith('"') else token[-1:]
