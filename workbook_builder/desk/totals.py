"""汇总: the tables of a unit and all below it, and the way from a total to the files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbook_builder import pipeline
from workbook_builder.campaign.folder import INBOX, RESULTS, Folder
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.home import NoSuchPage
from workbook_builder.desk.jobs import Notice
from workbook_builder.desk.sending import unrecorded
from workbook_builder.desk.tables import of_sums
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text, Tone
from workbook_builder.model.values import grouped
from workbook_builder.pipeline import Collection, Progress


def show(asked: Asked) -> Answer:
    """The official tables with the sums of what counts."""
    view, code = asked.view(), asked.query.get("unit", "")
    summary, folder = view.summary, asked.folder
    if code and code not in summary.node_totals:
        raise NoSuchPage
    sums = summary.node_totals[code] if code else summary.totals
    return asked.page(
        "totals.html",
        "totals",
        tables=[of_sums(table, sums) for table in summary.form.tables],
        unit=summary.roster.by_code.get(code),
        node=summary.nodes.get(code),
        above=[u for u in summary.roster.in_tree_order if u.code in summary.nodes],
        counts=asked.of(summary.counts),
        coverage=summary.coverage,
        current=pipeline.is_collected(folder),
        files=_results(folder.path),
    )


def _results(campaign: Path) -> list[tuple[str, str]]:
    """Name and place of the results that people open."""
    results = campaign / RESULTS
    found = [results / name for name in (pipeline.SUMMARY, pipeline.PROGRESS)]
    for name in (pipeline.UPWARD, pipeline.RETURNED):
        found += sorted((results / name).glob("*.xlsx"))
    return [
        (path.relative_to(results).as_posix(), path.relative_to(campaign).as_posix())
        for path in found
        if path.is_file()
    ]


def collect(asked: Asked) -> Answer:
    """Reads the inbox, adds up, writes the results."""
    name = asked.campaign

    def work(progress: Progress) -> Sequence[Notice]:
        found: list[Collection] = []

        def find(folder: Folder) -> Summary:
            found.append(pipeline.collect(folder, progress))
            return found[0].summary

        asked.home.keep(name, find)
        return _told(found[0])

    title = Text("收取并汇总", "Collecting")
    return asked.do(title, work, asked.url(asked.said("page") or "totals"))


def _told(collection: Collection) -> list[Notice]:
    counts = collection.summary.counts
    returned = sum(p.parent.name == pipeline.RETURNED for p in collection.written)
    zh = f"退回件 {returned} 个在结果的“{pipeline.RETURNED}”里。" if returned else ""
    en = f" {returned} workbooks to send back." if returned else ""
    said = [Notice(Text(f"{counts.zh}结果文件已更新。{zh}", f"{counts.en}{en}"))]
    if collection.seal:
        seal = collection.seal
        said.append(
            Notice(
                Text(
                    f"上报表的防伪码是 {seal}，上级问到时请照此核对。",
                    f"The roll-up is sealed with {seal}.",
                )
            )
        )
    said += [Notice(each, Tone.OPEN) for each in collection.by_hand]
    said += [Notice(each.text, Tone.OPEN) for each in collection.skipped]
    return [*said, *unrecorded(collection.unrecorded)]


def show_trace(asked: Asked) -> Answer:
    """Who contributed what to one total, as it was published last."""
    folder = asked.folder
    traced = pipeline.trace(
        folder, asked.query.get("cell", ""), asked.query.get("unit", "")
    )
    found = traced.trace
    return asked.page(
        "trace.html",
        "totals",
        traced=traced,
        current=pipeline.is_collected(folder),
        trace=found,
        total="" if found.recorded is None else grouped(found.recorded),
        again="" if found.added_again is None else grouped(found.added_again),
        contributors=[
            (
                each,
                "" if each.amount is None else grouped(each.amount),
                f"{INBOX}/{each.file}" if (folder.inbox / each.file).is_file() else "",
            )
            for each in found.contributors
        ],
    )
