"""The district's own texts: what is written, what is asked for, and saved from a page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook_builder.campaign.files import keep_other
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.own_texts import (
    HINTS,
    NAME,
    headings,
    read_own_texts,
    write_own_texts,
)
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.summary import Summary
from workbook_builder.model.unit import office_phone
from workbook_builder.model.wording import OFFICE
from workbook_builder.outputs.contents import Draft, district_draft
from workbook_builder.outputs.rollup import top_unit


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A text or a fact of the report: what it is called, what is asked for, what stands
    there; ``offered`` are sentences with the figures in them."""

    id: str
    title: str
    hint: str
    text: str
    is_long: bool
    offered: Sequence[str] = ()


def draft(folder: Folder, expected: Expected, summary: Summary) -> Draft:
    """The district's report as far as its sums and its own texts go."""
    own = read_own_texts(folder.path / NAME, summary.form)
    return district_draft(summary, own.texts, own.fields, expected.last_period)


def known_facts(expected: Expected, summary: Summary) -> dict[str, str]:
    """What the settings say of the facts that the report prints."""
    campaign = expected.campaign
    known = {"phone": office_phone(campaign.phone), "email": campaign.email}
    facts = {f.id: known.get(f.prefill, "") for f in summary.form.fields}
    facts[OFFICE] = campaign.district
    return facts


def own_parts(
    folder: Folder, expected: Expected, summary: Summary
) -> tuple[OwnPart, ...]:
    """Every heading of the file of own texts, in its order; nothing for a form that
    makes no report."""
    form = summary.form
    if form.wording is None:
        return ()
    own = read_own_texts(folder.path / NAME, form)
    offered = draft(folder, expected, summary).offered if summary.counted else {}
    said = {**known_facts(expected, summary), **own.fields, **own.texts}
    hints = {each.id: each.hint for each in form.fields}
    hints |= {each.id: each.hint for each in form.narratives}
    long = {each.id for each in form.narratives}
    return tuple(
        OwnPart(
            id_,
            title,
            hints.get(id_, ""),
            said.get(id_, ""),
            id_ in long,
            offered.get(id_, ()),
        )
        for title, id_ in headings(form).items()
    )


def save_texts(
    folder: Folder,
    expected: Expected,
    summary: Summary,
    said: Mapping[str, str],
    seen: str,
) -> None:
    """Writes the file of own texts anew; the one before is put aside. ``seen`` is
    :func:`texts_seen` of what the texts were made from.

    Raises CampaignError where somebody changed the file since, and for a line that the
    file would take for a hint or a heading.
    """
    if texts_seen(folder) != seen:
        raise CampaignError(
            f"“{NAME}”在您打开这一页以后被改过，没有覆盖。请刷新页面，看过现在的内容再改。",
            f"{NAME} was changed since you opened the page and was left alone. Reload "
            "the page and change it again.",
        )
    for text in said.values():
        for line in text.splitlines():
            bare = line.strip()
            if bare.startswith((*HINTS, "【")):
                raise CampaignError(
                    f"“{bare[:20]}”没有保存：一行的开头不能是 # 或【。请改一下这一行再保存。",
                    f"Not saved: no line may begin with # or 【, as “{bare[:20]}” does.",
                )
    path, form = folder.path / NAME, summary.form
    offered = draft(folder, expected, summary).offered if summary.counted else {}
    keep_other(path, b"")
    write_own_texts(path, form, top_unit(summary).name, said, offered)


def texts_seen(folder: Folder) -> str:
    """What tells these texts from any others."""
    path = folder.path / NAME
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"
