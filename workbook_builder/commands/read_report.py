"""``read-report FILE…``: what published reports print, and a workbook filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from workbook_builder import pipeline
from workbook_builder.campaign.files import shown, write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.commands.options import (
    form_option,
    json_option,
    prove_new,
    prove_there,
    stacked,
)
from workbook_builder.commands.speak import CLEAN, FINDINGS, Speaker, Styled
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.published_report import Certainty, ReportKind
from workbook_builder.model.stamp import listed
from workbook_builder.model.text import Text
from workbook_builder.pipeline import ReadReport
from workbook_builder.pipeline.contracts import reports_json

_HELP = Text(
    "读取已公布的年度报告（Word、PDF、网页、文本）：是哪个单位、哪一年的报告，读出了多少个数，"
    "报告里的数之间有没有矛盾。也可以写文件夹。\n\n"
    "读出的数分为确定、照印（印得清楚，但与别的数矛盾）、待核（要人看）、未见。\n\n"
    "加 --campaign、--unit 和 -o，生成这个单位的预填报送表：确定的数已填好，待核的单元格空着，"
    "批注里有原文。加 --campaign 和 --last-period，把各单位上一年公布的报告写成上期数。\n\n"
    "退出码：0 都读出来了，没有问题，1 有问题，2 无法运行。",
    "Reads published annual reports (Word, PDF, web pages, text): whose they are, of "
    "which year, how many figures were read, and whether they contradict one another. A "
    "folder stands for the files in it.\n\nFigures are certain, as printed (clear, but "
    "against another figure), unsure (for a person to look at) or missing.\n\nWith "
    "--campaign, --unit and -o the unit's workbook is filled in: certain figures stand in "
    "it, unsure cells are blank, with the words of the report in a note. "
    "With --campaign and --last-period what units published the year before becomes the "
    "figures to compare with.\n\n"
    "Exit status: 0 all read and nothing found, 1 findings, 2 cannot run.",
)

LAST_PERIOD_FILE = "published.csv"
_KINDS = {
    ReportKind.REPORT: Text("年度报告", "annual report"),
    ReportKind.NOT_A_REPORT: Text("不是年度报告", "no annual report"),
    ReportKind.UNREADABLE: Text("无法读取", "unreadable"),
}


def command(speaker: Speaker) -> click.Command:
    """The command in the speaker's language."""

    @click.command("read-report", help=speaker.of(_HELP))
    @click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
    @form_option(speaker)
    @_options(speaker)
    @json_option(speaker)
    def read_report(
        files: tuple[Path, ...],
        form: str,
        campaign: Path | None,
        unit: str,
        output: Path | None,
        last_period: bool,
        as_json: bool,
    ) -> int:
        _prove(files, campaign, unit, output)
        if last_period:
            return _keep(speaker, files, campaign)
        expected = Folder(campaign).expected() if campaign else None
        forms = Folder(campaign).forms if campaign else Forms.shipped()
        name = expected.form.id if expected else form or forms.default()
        editions = forms.all_of(name)
        reports = list(pipeline.read_reports(files, editions))
        warn_left_out(speaker, files)
        if expected and output:
            write_atomically(output, pipeline.prefilled(expected, unit, reports[0]))
        if as_json:
            speaker.json(reports_json(reports, speaker.language))
        else:
            for each in reports:
                _show(speaker, each)
            if output:
                speaker.say(f"已生成预填的报送表：{output}", f"Made {output}")
        return FINDINGS if any(each.report.findings for each in reports) else CLEAN

    return read_report


def warn_left_out(speaker: Speaker, files: Iterable[Path | str]) -> None:
    """Says what was not read, since nobody put it into the folder."""
    names = [shown(path) for path in pipeline.left_out(files)]
    if names:
        speaker.warn(
            f"没有读 {listed(names)}：隐藏文件、系统文件和报告目录不是报告。",
            f"Not read: {', '.join(names)}. Hidden files, files of the system and the "
            "list of the reports are no reports.",
        )


def _options(speaker: Speaker) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """What it is read for."""
    t = speaker.t
    return stacked(
        click.option(
            "--campaign",
            type=click.Path(path_type=Path),
            help=t(
                "填报任务文件夹，用于预填。", "The campaign folder, to fill in for."
            ),
        ),
        click.option(
            "--unit",
            default="",
            help=t("单位代码或名称，用于预填。", "Code or name of the unit."),
        ),
        click.option(
            "-o",
            "--output",
            metavar="NEW",
            type=click.Path(path_type=Path, dir_okay=False),
            help=t(
                "预填报送表的文件名；已有的文件不会被覆盖。", "The workbook to make."
            ),
        ),
        click.option(
            "--last-period",
            is_flag=True,
            help=t(
                "把上期的报告写成上期数，放进任务的 last-year 文件夹。",
                "Lists what was published for the period before in DIR/last-year.",
            ),
        ),
    )


def _keep(speaker: Speaker, files: tuple[Path, ...], campaign: Path | None) -> int:
    """The figures of the period before, where the campaign looks for them."""
    if campaign is None:
        raise CampaignError(
            "写上期数要写明任务文件夹：--campaign。", "Name the campaign: --campaign."
        )
    folder = Folder(campaign)
    target = folder.last / LAST_PERIOD_FILE
    if target.exists():
        raise CampaignError(
            f"“{target}”已经存在，没有覆盖。要重新读，请先移走它。",
            f"{target} exists and was left alone; move it away to read again.",
        )
    expected = folder.expected()
    reports = pipeline.read_reports(files, folder.forms.all_of(expected.form.id))
    data, told = pipeline.as_last_period(expected, reports)
    for read, said, _ in told:
        speaker.say(f"{read.path}：{said.zh}", f"{read.path}: {said.en}")
    used = [read for read, _, used in told if used]
    if used:
        write_atomically(target, data)
        speaker.say(f"已写入 {target}", f"Written: {target}")
    return CLEAN if len(used) == len(told) else FINDINGS


def _prove(
    files: tuple[Path, ...], campaign: Path | None, unit: str, output: Path | None
) -> None:
    prove_there(files)
    if output is None:
        return
    if campaign is None or not unit or len(files) != 1 or files[0].is_dir():
        raise CampaignError(
            "预填一份报送表要写明一个报告文件、--campaign 和 --unit。",
            "To fill in a workbook, name one report, --campaign and --unit.",
        )
    prove_new(output)


def _show(speaker: Speaker, read: ReadReport) -> None:
    """One file: whose report it is, how much was read, and what was found."""
    report = read.report
    year = f"　{report.year}" if report.year else ""
    speaker.line(
        Styled(read.path, "bold"),
        f"　{speaker.of(_KINDS[report.kind])}　{report.unit}{year}",
    )
    if report.kind is ReportKind.REPORT:
        counts = report.counts
        said = "，".join(
            f"{speaker.of(each.text)} {counts[each]}"
            for each in Certainty
            if counts[each]
        )
        texts = len(report.texts)
        speaker.line(
            "  "
            + speaker.t(
                f"数字：{said}；文字 {texts} 段", f"figures: {said}; {texts} texts"
            )
        )
    for finding in report.findings:
        remedy = speaker.of(finding.desk)
        speaker.line(
            f"  {finding.code} {speaker.of(finding.severity.text)}　"
            f"{speaker.of(finding.message)}　{remedy}"
        )
