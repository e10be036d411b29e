"""What the button 执行 does: one stage of the pipeline, its results into the sheets.

No rule is here, and no sentence about a finding.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from workbook_builder import pipeline
from workbook_builder.campaign.decisions import decisions
from workbook_builder.campaign.folder import Folder
from workbook_builder.console.desk import Desk, _Book, alert, caller, opened
from workbook_builder.console.operations import in_clerks_words, run_command, told
from workbook_builder.console.places import (
    ACTION,
    BOARD_GRID,
    CHOSEN,
    CURRENT,
    FILE,
    FINDINGS_GRID,
    GRIDS,
    MARK,
    OPEN,
    RESULTS_GRID,
    STILL_OPEN,
    TOTALS_GRID,
    Action,
)
from workbook_builder.console.rows import (
    board_rows,
    checked,
    collected,
    finding_rows,
    link,
    on_disk,
    total_rows,
)
from workbook_builder.model.errors import CampaignError, WorkbookBuilderError
from workbook_builder.model.failure import failure
from workbook_builder.pipeline import Collection

#: Files that the answer of a check names one by one.
MOST_TOLD = 6
#: Sentences of a command that are shown beside its button; all are on 结果.
MOST_SENTENCES = 10


def press_button() -> None:
    """What the module beside the workbook does when its button is pressed."""
    run(caller())


def run_beside(module: Path) -> None:
    """The same without macros: for the workbook that lies beside the module."""
    try:
        book = opened(module.with_suffix(".xlsm"))
    except CampaignError as error:
        sys.exit(error.text.zh)
    run(book)


def run(book: _Book) -> None:
    """Does what the console asks for; whatever happens is said in its sheet."""
    try:
        desk = Desk(book)
    except WorkbookBuilderError as error:
        alert(book, error.text.zh)
        return
    try:
        if desk.is_form:
            said = operate(desk)
        else:
            action = _wanted(desk)
            desk.say(f"正在执行“{action.value}”……")
            said = ACTIONS[action](desk)
    except WorkbookBuilderError as error:
        said = error.text.zh
    except Exception as error:
        if os.environ.get("WORKBOOK_BUILDER_DEBUG"):
            raise
        said = failure(error).zh
    desk.say(said)


def _wanted(desk: Desk) -> Action:
    name = desk.said(ACTION)
    try:
        return Action(name)
    except ValueError:
        raise CampaignError(
            f"没有“{name}”这一项，请从“要做什么”的下拉列表里选。",
            f"There is no action “{name}”; choose one from the list.",
        ) from None


def operate(desk: Desk) -> str:
    """操作: the command that is chosen, with what is filled in, as from a terminal."""
    title, all_ = desk.said(CHOSEN), desk.operations()
    operation = next((each for each in all_ if each.title == title), None)
    if operation is None:
        raise CampaignError(
            "没有这一项，请从“做哪一项”的下拉列表里选。",
            "There is no such operation; choose one from the list.",
        )
    folder = desk.folder().absolute()
    arguments = operation.arguments(desk.filled_in(), folder)
    desk.say(f"正在执行“{operation.title}”……")
    done, answer = run_command(arguments)
    answer = in_clerks_words(answer, operation, all_, folder)
    said, rows = told(answer, MOST_SENTENCES)
    wide = len(RESULTS_GRID.columns)
    padded = [(*row, *[""] * wide)[:wide] for row in rows]
    desk.fill(RESULTS_GRID, operation.title, padded)
    if done:
        desk.empty_blanks()  # they have other names with the next one
    return said or "已完成。"


def build(desk: Desk) -> str:
    """生成报送表."""
    folder = Folder(desk.folder())
    built = pipeline.build(folder, partial(desk.progress, "正在生成"))
    said = (
        f"生成 {len(built.files)} 份报送表，其中新的或有变化的 {len(built.changed)} 份，"
        f"在 {folder.outbox}。用邮件发给各单位即可。"
    )
    return "\n".join(
        (said, *(each.zh for each in (*built.tree, *built.past, *built.precautions)))
    )


def collect(desk: Desk) -> str:
    """收取并汇总."""
    folder = Folder(desk.folder())
    collection = _collect(desk, folder)
    summary = folder.results / pipeline.SUMMARY
    said = "\n".join(
        (collection.summary.counts.zh, *(each.zh for each in collection.by_hand))
    )
    return f"{said}\n详细结果在“进度”“问题”“合计”三张表，汇总表在 {summary}。"


def send_back(desk: Desk) -> str:
    """生成退回件: collecting makes them; here they are pointed at."""
    folder = Folder(desk.folder())
    collection = _collect(desk, folder)
    returned = folder.results / pipeline.RETURNED
    made = sum(path.parent == returned for path in collection.written)
    if not made:
        return f"没有需要退回的报送表。{collection.summary.counts.zh}"
    return (
        f"退回件 {made} 份，问题已标在单元格上，在 {returned}，"
        "也可以从“进度”表的“退回件”一列打开。请发给单位改正。"
    )


def _collect(desk: Desk, folder: Folder) -> Collection:
    for grid in GRIDS:  # they stay so if it does not come to an end
        desk.label(grid, "以下是上一次的结果，这一次还没有做完。")
    collection = pipeline.collect(folder, partial(desk.progress, "正在收取"))
    summary, inbox = collection.summary, folder.inbox.absolute()
    results = folder.results.absolute()
    said = summary.counts.zh
    rows = list(finding_rows(collected(summary, inbox)))
    desk.fill(BOARD_GRID, said, board_rows(summary, inbox, results / pipeline.RETURNED))
    desk.fill(FINDINGS_GRID, f"收到的全部文件：问题 {len(rows)} 个", rows)
    desk.fill(TOTALS_GRID, said, total_rows(summary))
    desk.show_summary(link(results / pipeline.SUMMARY, "打开汇总表"))
    return collection


def check(desk: Desk) -> str:
    """审核选中的文件: those marked on 进度, and the one named in the settings."""
    folder = Folder(desk.folder())
    decided = decisions(folder.history())
    found = pipeline.check(_selected(desk, folder), folder.expected(), decided)
    rows = list(finding_rows(checked(found)))
    desk.fill(FINDINGS_GRID, f"只审核了 {len(found)} 个文件：问题 {len(rows)} 个", rows)
    lines = [f"{Path(each.path).name}：{each.verdict.text.zh}" for each in found]
    if len(lines) > MOST_TOLD:
        lines[MOST_TOLD:] = [f"……共 {len(lines)} 个文件"]
    return "\n".join((*lines, "问题列在“问题”表里。" if rows else "没有问题。"))


def _selected(desk: Desk, folder: Folder) -> list[Path]:
    inbox = folder.inbox.absolute()
    mark, file = BOARD_GRID.column(MARK), BOARD_GRID.column("报送文件")
    marked = [row[file] for row in desk.entries(BOARD_GRID) if row[mark]]
    named = desk.said(FILE).strip('"')
    names = [name for name in (*marked, named) if name]
    if not names:
        raise CampaignError(
            "还没有选中文件：在“进度”表的“选”里选 √，或者在“要审核的文件”里填文件名。",
            "No file is selected: mark some on the board, or name one in the settings.",
        )
    paths = [on_disk(inbox / name) for name in names]
    for name, path in zip(names, paths, strict=True):
        if path is None:
            raise CampaignError(
                f"找不到“{name}”，请核对文件名和位置。",
                f"There is no {name}; check the name and the place.",
            )
    return list(dict.fromkeys(path for path in paths if path is not None))


def next_finding(desk: Desk) -> str:
    """定位下一个问题: the next open one after the one marked ▶, round again."""
    rows = desk.entries(FINDINGS_GRID)
    state = FINDINGS_GRID.column(OPEN)
    waiting = [index for index, row in enumerate(rows) if row[state] == STILL_OPEN]
    if not waiting:
        return "“问题”表里没有待处理的问题。如果还没有收取，请先执行“收取并汇总”。"
    current = next((i for i, row in enumerate(rows) if row[0] == CURRENT), -1)
    at = next((index for index in waiting if index > current), waiting[0])
    marks = [CURRENT if index == at else "" for index in range(len(rows))]
    desk.mark(FINDINGS_GRID, "当前", marks)
    desk.go(FINDINGS_GRID, at)
    return _told(rows[at], waiting.index(at) + 1, len(waiting))


def _told(row: Sequence[str], number: int, of: int) -> str:
    unit, message, remedy, file = (
        row[FINDINGS_GRID.column(head)] for head in ("单位", "问题", "处理意见", "文件")
    )
    return (
        f"第 {number} 个，共 {of} 个待处理：{unit or file}\n{message}\n处理意见：{remedy}\n"
        "在“问题”表里已选中这一行，点“打开”到文件的那个单元格。"
    )


def report(desk: Desk) -> str:
    """生成报告: the district's own, in Word and as a page."""
    folder = Folder(desk.folder())
    reports = pipeline.make_reports(folder, None, partial(desk.progress, "正在读取"))
    lines = ["报告已生成："]
    for made in reports.made:
        lines += [str(path) for path in made.files]
        lines += made.warnings
        lines += [f"待补充：{'、'.join(made.missing)}"] if made.missing else []
        lines += [f"请核对：{note.zh}" for note in made.notes]
    lines += [each.zh for each in reports.by_hand]
    if reports.texts is not None:
        lines.append(f"本级的文字请写在 {reports.texts}，写好后再执行一次。")
    return "\n".join(lines)


ACTIONS: Mapping[Action, Callable[[Desk], str]] = {
    Action.BUILD: build,
    Action.COLLECT: collect,
    Action.CHECK: check,
    Action.NEXT: next_finding,
    Action.RETURN: send_back,
    Action.REPORT: report,
}
