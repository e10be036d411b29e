"""A page of links: one line a unit, to put on a site or beside the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbook_builder.model.summary import Summary
from workbook_builder.model.text import printable
from workbook_builder.model.worded import full_title
from workbook_builder.outputs.page import page


@dataclass(frozen=True, slots=True)
class LinkLine:
    """``links`` are (what is shown, address); ``day`` may be empty."""

    name: str
    links: tuple[tuple[str, str], ...]
    day: str = ""


def published_page(summary: Summary) -> bytes | None:
    """Where the reports of the units are, in the order of the roster; None while none
    is published."""
    units = [u for u in summary.roster.in_tree_order if u.code in summary.publications]
    if not units:
        return None
    lines = []
    for unit in units:
        known = summary.publications[unit.code]
        title = f"{unit.name}{full_title(summary.campaign.period, summary.form.title)}"
        lines.append(LinkLine(unit.name, ((title, known.url),), known.day.isoformat()))
    what = full_title(summary.campaign.period, summary.form.title)
    return links_page(what, summary.campaign.district, lines)


def links_page(title: str, district: str, lines: Sequence[LinkLine]) -> bytes:
    """The page's bytes, UTF-8."""
    shown = [
        LinkLine(
            printable(each.name),
            tuple((printable(text), address) for text, address in each.links),
            each.day,
        )
        for each in lines
    ]
    return page(
        "links.html",
        title=printable(title),
        district=printable(district),
        lines=shown,
        dated=any(each.day for each in lines),
    )
