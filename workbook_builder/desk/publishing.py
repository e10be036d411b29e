"""通报 and 公布: the official letter on the collection, and who published where and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder import pipeline
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.jobs import Notice
from workbook_builder.desk.reports import made_files
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.standing import Standing
from workbook_builder.model.text import Text, Tone, printable
from workbook_builder.pipeline import (
    CIRCULARS,
    Comparison,
    NotedPublication,
    Progress,
    Publications,
)


def show_circular(asked: Asked) -> Answer:
    """The letters that are there."""
    view = asked.view()
    return asked.page(
        "circular.html",
        "circular",
        files=made_files(asked.folder, CIRCULARS),
        counts=asked.of(view.summary.counts),
    )


def circulate(asked: Asked) -> Answer:
    """Writes the letter as of today."""
    folder, by_rank = asked.folder, bool(asked.said("rank"))

    def work(progress: Progress) -> Sequence[Notice]:
        sums = pipeline.circulate(folder, by_rank, progress).circular.count
        return [
            Notice(
                Text(
                    f"通报已生成：应报 {sums.due} 个单位，已报 {sums.returned} 个，按时 "
                    f"{sums.punctual} 个。印发前请核对，并补上文号。",
                    f"Written: {sums.returned} of {sums.due} units returned, "
                    f"{sums.punctual} in time. Check it and add its number.",
                )
            )
        ]

    return asked.do(Text("生成通报", "Writing the letter"), work, asked.url("circular"))


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A unit in the list; ``page`` is what its saved page came to, if one is there."""

    standing: Standing
    late: int
    page: str
    tone: str


def show(asked: Asked) -> Answer:
    """Who published where and when, and whose saved page is not what counts."""
    found = pipeline.list_publications(asked.folder)
    return asked.page(
        "published.html",
        "published",
        lines=[_line(asked, found, each) for each in found.due],
        sums=found.count,
        unknown=list(map(printable, found.unknown)),
        today=found.progressed.today,
    )


def _line(asked: Asked, found: Publications, each: Standing) -> PublicationLine:
    compared = found.pages.get(each.unit.code)
    late = found.duty.days_late(each.publication, found.progressed.today) or 0
    match compared:
        case None:
            return PublicationLine(each, late, "", "")
        case Comparison():
            places = len(compared.differences) + len(compared.texts)
            if compared.is_same:
                said, tone = asked.t("一致", "the same"), Tone.GOOD
            else:
                said, tone = asked.t(f"{places} 处不同", f"{places} differ"), Tone.BAD
            return PublicationLine(each, late, said, tone.value)
        case _:
            return PublicationLine(each, late, asked.of(compared.text), "open")


def note(asked: Asked) -> Answer:
    """Records where and when a unit published, or takes it back."""
    folder, unit, url = asked.folder, asked.said("unit"), asked.said("url")

    def work(progress: Progress) -> Sequence[Notice]:
        if asked.said("withdraw"):
            return [_noted(pipeline.unpublish(folder, unit))]
        try:
            day = date.fromisoformat(asked.said("day"))
        except ValueError:
            raise CampaignError("请填公布日期。", "Give the day.") from None
        return [_noted(pipeline.publish(folder, unit, url, day))]

    return asked.do(Text("登记公布", "Noting"), work, asked.url("published"))


def take(asked: Asked, data: bytes) -> object:
    """A table of publications; for the script of the page."""
    noted = pipeline.publish_table(asked.folder, data, asked.query.get("name", ""))
    return {"text": asked.t(f"登记 {len(noted)} 个单位。", f"{len(noted)} unit(s).")}


def _noted(each: NotedPublication) -> Notice:
    name, known = each.unit.name, each.publication
    if known is None:
        return Notice(Text(f"已撤回：{name}的公布登记。", f"Taken back: {name}."))
    said = f"已登记：{name}，{known.day}，{known.url}。"
    return Notice(Text(said, f"Recorded: {name}, {known.day}, {known.url}."))
