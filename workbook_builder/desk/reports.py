"""报告: the district's own texts beside the tables, and the report made of both."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder import pipeline
from workbook_builder.campaign.folder import RESULTS, Folder
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.jobs import Notice
from workbook_builder.desk.tables import of_sums
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline import REPORTS, MadeReport, Progress, Reports, Wanted

#: No more parts than this are named in one line.
NAMED = 6


def show(asked: Asked) -> Answer:
    """What is written, what the sums are, and the reports that are there."""
    view, folder = asked.view(), asked.folder
    form = view.summary.form
    return asked.page(
        "report.html",
        "report",
        makes=form.wording is not None,
        parts_of_report=pipeline.own_parts(folder, view.expected, view.summary),
        seen=pipeline.texts_seen(folder),
        tables=[of_sums(table, view.summary.totals) for table in form.tables],
        counts=asked.of(view.summary.counts),
        coverage=view.summary.coverage,
        files=made_files(folder, REPORTS),
    )


def made_files(folder: Folder, within: str) -> list[tuple[str, str]]:
    """Name and place of what was written into a folder of the results."""
    return [
        (path.name, f"{RESULTS}/{within}/{path.name}")
        for path in sorted((folder.results / within).glob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]


def save(asked: Asked) -> Answer:
    """The texts as they stand on the page."""
    folder, view = asked.folder, asked.view()
    parts = pipeline.own_parts(folder, view.expected, view.summary)
    said = {part.id: asked.said(f"text-{part.id}") for part in parts}

    def work(progress: Progress) -> Sequence[Notice]:
        pipeline.save_texts(
            folder, view.expected, view.summary, said, asked.said("seen")
        )
        return [Notice(Text("文字已保存。", "The texts are saved."))]

    return asked.do(Text("保存文字", "Saving"), work, asked.url("report"))


def make(asked: Asked) -> Answer:
    """The report in Word and for the web, as PDF and for every unit if asked for."""
    folder = asked.folder
    wanted = Wanted(all_units=bool(asked.said("all")), pdf=bool(asked.said("pdf")))

    def work(progress: Progress) -> Sequence[Notice]:
        reports = pipeline.make_reports(folder, wanted, progress)
        return _told(reports)

    return asked.do(Text("生成报告", "Making the report"), work, asked.url("report"))


def _told(reports: Reports) -> list[Notice]:
    said = [notice for made in reports.made for notice in _of_one(made)]
    said += [Notice(each, Tone.OPEN) for each in reports.by_hand]
    said += [
        Notice(
            Text(
                f"没有生成{unit.name}的报告：{why.zh}",
                f"No report of {unit.name}: {why.en}",
            ),
            Tone.OPEN,
        )
        for unit, why in reports.skipped
    ]
    return said


def _of_one(made: MadeReport) -> list[Notice]:
    files = "、".join(path.suffix[1:] for path in made.files)
    name = made.unit.name
    said = [
        Notice(Text(f"已生成{name}的报告（{files}）。", f"Made the report of {name}."))
    ]
    said += [Notice(Text(each, each), Tone.BAD) for each in made.warnings]
    if made.missing:
        names, count = "、".join(made.missing[:NAMED]), len(made.missing)
        more = "等" if count > NAMED else ""
        said.append(
            Notice(
                Text(
                    f"待补充 {count} 处：{names}{more}。",
                    f"{count} part(s) are missing: {names}.",
                ),
                Tone.OPEN,
            )
        )
    said += [
        Notice(Text(f"请核对：{n.zh}", f"Check: {n.en}"), Tone.OPEN) for n in made.notes
    ]
    return said
