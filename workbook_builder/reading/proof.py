"""What proves a stamp: the signature of a return, the seal of a roll-up. Pure.

A roll-up is signed with the key of the campaign below, which nobody here has: only its
seal tells whose it is, and only once somebody agreed to the key of that seal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.text import Text
from workbook_builder.model.values import Value
from workbook_builder.rules.seal import fingerprint, fits


@dataclass(frozen=True, slots=True)
class Proof:
    """``sealed_by`` is the public key whose seal fits; ``findings`` say what is not
    proved, and what a roll-up itself says is missing."""

    sealed_by: str = ""
    findings: tuple[Finding, ...] = ()


def proof(stamp: Stamp, figures: Mapping[str, Value], expected: Expected) -> Proof:
    """Of a file of the campaign; no roll-up is proved before :mod:`rules.choose` knows
    which keys were agreed to, but for one of the campaign itself."""
    key, campaign = expected.campaign.key, expected.campaign.id
    if stamp.kind != "rollup":
        forged = stamp.campaign == campaign and not stamp.is_signed_with(key)
        return Proof(findings=(catalogued("T05"),) if forged else ())
    # What this campaign sent back to a unit bears its signature too.
    top = {unit.code for unit in expected.roster.roots}
    own = stamp.unit_code in top and stamp.is_signed_with(key)
    sealed_by, said = ("", None) if own else _sealed(stamp, figures)
    return Proof(sealed_by, tuple(_about_rollup(stamp, said, expected)))


def _about_rollup(
    stamp: Stamp, said: Text | None, expected: Expected
) -> Iterator[Finding]:
    """``said`` is what is to be known of its seal, where that is not enough."""
    if replace(stamp, kind="return").is_signed_with(expected.campaign.key):
        yield catalogued("T05")  # a return of ours, changed by hand
    if said is not None:
        if stamp.unit_code not in expected.roster.children:
            said = Text(
                f"名录里该单位没有下级，{said.zh}",
                f"the roster has nobody below that unit; {said.en}",
            )
        yield catalogued("T08", detail=said, seen=stamp.campaign)
    covers = stamp.coverage
    if covers is not None and not covers.is_whole:
        seen, due = str(covers.counted), str(covers.due)
        yield catalogued("D03", detail=covers.missing, seen=seen, expected=due)


def _sealed(stamp: Stamp, figures: Mapping[str, Value]) -> tuple[str, Text]:
    """The public key whose seal fits a roll-up, if one does, and what is said of it."""
    if not stamp.seal:
        return "", Text("没有防伪码，无法验证来源", "it has no seal")
    try:
        fitting = fits(stamp, figures)
    except MissingExtra as missing:
        said = f"pip install 'workbook-builder[{missing.extra}]'"
        return "", Text(
            f"本机没有验证防伪码的程序库（{said}）",
            f"its seal cannot be verified: {said}",
        )
    if not fitting:
        return "", Text(
            "防伪码与内容不符，汇总以后被改动过", "its seal does not fit what it says"
        )
    name = fingerprint(stamp.public_key)
    return stamp.public_key, Text(
        f"防伪码 {name} 还没有认可", f"nobody has agreed to its seal {name} yet"
    )
