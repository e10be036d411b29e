"""发: the workbooks built and on their way."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_builder import pipeline
from workbook_builder.campaign.folder import OUTBOX
from workbook_builder.desk.asked import Answer, Asked
from workbook_builder.desk.jobs import Notice
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.text import Text, Tone
from workbook_builder.pipeline import Progress


def show(asked: Asked) -> Answer:
    """Every unit with its workbook."""
    folder = asked.folder
    expected = folder.expected()
    form, campaign = expected.form, expected.campaign
    lines = []
    for unit in expected.roster.reporting:
        name = pipeline.workbook_name(campaign, form, unit)
        there = (folder.outbox / name).is_file()
        lines.append((unit, f"{OUTBOX}/{name}" if there else ""))
    return asked.page(
        "send.html",
        "send",
        lines=lines,
        built=sum(bool(path) for _, path in lines),
        deadline=campaign.deadline,
        late=campaign.deadline is not None and campaign.deadline < pipeline.today(),
    )


def build(asked: Asked) -> Answer:
    """One workbook for each reporting unit."""
    folder = asked.folder

    def work(progress: Progress) -> Sequence[Notice]:
        built = pipeline.build(folder, progress)
        same = len(built.files) - len(built.changed)
        said = [
            Notice(
                Text(
                    f"生成 {len(built.files)} 份报送表（新的或有变化的 {len(built.changed)} "
                    f"份，未变的 {same} 份），在任务文件夹的 {OUTBOX} 里。",
                    f"{len(built.files)} workbooks ({len(built.changed)} new or changed, "
                    f"{same} unchanged) in {OUTBOX}.",
                )
            )
        ]
        said += [Notice(each, Tone.OPEN) for each in built.precautions]
        return [*said, *unrecorded(built.unrecorded)]

    return asked.do(Text("生成报送表", "Building"), work, asked.url("send"))


def unrecorded(error: CampaignError | None) -> list[Notice]:
    """That what was done is not in the record, if it is not."""
    if error is None:
        return []
    zh, en = error.text
    return [
        Notice(
            Text(
                f"结果已写好，但没有记进任务记录。{zh}",
                f"The work is done but not recorded. {en}",
            ),
            Tone.OPEN,
        )
    ]
