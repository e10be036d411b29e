"""``audit FOLDER``: published reports against every check, with a page of findings."""

from __future__ import annotations

from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.files import write_atomically
from workbook_builder.commands.options import (
    form_option,
    json_option,
    prove_new,
    prove_there,
    scheduler_option,
)
from workbook_builder.commands.read_report import warn_left_out
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker
from workbook_builder.definition.registry import Forms
from workbook_builder.model.text import Text
from workbook_builder.pipeline.contracts import audit_json

_HELP = Text(
    "核查已公布的年度报告：文件夹里有多少份都可以，逐份按审核公式核对印出的数，"
    "有同一单位上一年度报告的，再与上年核对。-o 写成一个网页，可以打印。\n\n"
    "退出码：0 没有问题，1 有问题，2 无法运行。",
    "Holds published annual reports, however many, against every check of their form, and "
    "against the report of the same unit of the year before where it is there too. -o "
    "writes a page.\n\nExit status: 0 nothing found, 1 findings, 2 cannot run.",
)


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""
    t = speaker.t

    @click.command("audit", help=speaker.of(_HELP))
    @click.argument("files", nargs=-1, required=True)
    @form_option(speaker)
    @scheduler_option(speaker)
    @click.option(
        "-o",
        "--output",
        metavar="PAGE",
        type=click.Path(path_type=Path, dir_okay=False),
        help=t(
            "网页的文件名；已有的文件不会被覆盖。", "The page; none is written over."
        ),
    )
    @json_option(speaker)
    def audit(
        files: tuple[str, ...],
        form: str,
        scheduler: str,
        output: Path | None,
        as_json: bool,
    ) -> int:
        sources = [pipeline.place_of(each) for each in files]
        prove_there(each for each in sources if isinstance(each, Path))
        if output is not None:
            prove_new(output)
        forms = Forms.shipped()
        with pipeline.computed_by(scheduler):
            wanted = forms.all_of(form or forms.default())
            audited = pipeline.audit(sources, wanted)
        warn_left_out(speaker, sources)
        if output is not None:
            write_atomically(output, pipeline.audit_page(audited))
        if as_json:
            speaker.json(audit_json(audited, speaker.language))
        else:
            _show(speaker, audited, output)
        return FINDINGS if any(each.findings for each in audited) else CLEAN

    return audit


def _show(
    speaker: Speaker, audited: tuple[pipeline.AuditedReport, ...], output: Path | None
) -> None:
    t = speaker.t
    heads = [
        t("单位", "Unit"),
        t("年度", "Year"),
        t("强制", "Errors"),
        t("核实", "Doubts"),
        t("上年", "Before"),
        t("文件", "File"),
    ]
    speaker.table(
        heads,
        [
            [
                each.read.report.unit,
                str(each.read.report.year or ""),
                str(each.errors),
                str(each.doubts),
                str(each.before or ""),
                each.read.path,
            ]
            for each in audited
        ],
    )
    if output is not None:
        speaker.say(f"问题逐条见 {output}", f"Each finding: {output}")
