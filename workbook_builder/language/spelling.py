"""How formulas are spelled: pieces of their text, which know no form and no rule."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder.model.explanation import (
    DIGITS,
    FEWEST_WORDS,
    LONGEST_REPEATED,
    SILENT,
    ExplanationRule,
)

ALWAYS = "TRUE"
#: No suite takes these within a text.
_CONTROLS = {control: f"CHAR({ord(control)})" for control in "\t\r\n"}


def sheet_prefix(name: str) -> str:
    """``表三!``; other than letters and digits need quotes, as in every suite."""
    return f"{name}!" if name.isidentifier() else f"'{name}'!"


def position(function: str, less: int) -> str:
    """``ROW()-3``: where the formula itself stands, counted from elsewhere."""
    return f"{function}(){-less:+d}" if less else f"{function}()"


def quoted(text: str) -> str:
    """A text inside a formula."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def literal(character: str) -> str:
    """One character inside a formula."""
    return _CONTROLS.get(character, quoted(character))


def literals(text: str) -> list[str]:
    """A text in pieces for a formula, which takes none of more than 255 characters."""
    return [quoted(text[start : start + 120]) for start in range(0, len(text), 120)]


def reason(ref: str) -> str:
    """What is left of an explanation, as ``model.form.reason`` leaves it."""
    return without(ref, SILENT)


def without(ref: str, characters: str) -> str:
    """A text without any of these characters."""
    for character in characters:
        ref = f'SUBSTITUTE({ref},{literal(character)},"")'
    return ref


def accepted(said: str, rule: ExplanationRule, phrases: str) -> str:
    """Whether an explanation counts, as ``ExplanationRule.accepts``.

    ``said`` is the cell with its reason, ``phrases`` the range of the empty ones.
    """
    enough = f"LEN({said})>={rule.minimum}"
    known = f"SUMPRODUCT(({phrases}={said})*1)=0"
    repeated = (
        f'SUBSTITUTE({said},MID({said},1,{length}),"")<>""'
        for length in range(1, LONGEST_REPEATED + 1)
    )
    words = f"LEN({without(said, DIGITS)})>={FEWEST_WORDS}"
    return f"AND({enough},{words},{known},{','.join(repeated)})"


def compact_length(ref: str) -> str:
    """Characters without spaces, as ``model.form.compact`` counts them."""
    return f"LEN({compacted(ref)})"


def compacted(ref: str) -> str:
    """A text without spaces, half and full width."""
    return f'SUBSTITUTE(SUBSTITUTE({ref}," ",""),"\u3000","")'


def if_(condition: str, then: str, otherwise: str) -> str:
    """IF(), spared where the outcome is plain. Lazy in every office suite."""
    if condition == ALWAYS or then == otherwise:
        return then
    if condition == "FALSE":
        return otherwise
    if (then, otherwise) == (ALWAYS, "FALSE"):
        return condition
    return f"IF({condition},{then},{otherwise})"


def has(ref: str, words: str) -> str:
    """Whether the words stand in a text."""
    return f'LEN({ref})<>LEN(SUBSTITUTE({ref},{words},""))'


def any_of(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"OR({','.join(parts)})"


def all_of(parts: Sequence[str]) -> str:
    parts = [part for part in parts if part != ALWAYS]
    if not parts:
        return ALWAYS
    return parts[0] if len(parts) == 1 else f"AND({','.join(parts)})"
