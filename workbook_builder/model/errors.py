"""Exceptions: only for a wrong definition, a wrong command or an unreadable file.

What is wrong with a unit's figures is never an exception but a
:class:`~workbook_builder.model.finding.Finding`.
"""

from __future__ import annotations

import errno

from workbook_builder.model.text import Text

#: What a system says in English where a file cannot be had.
_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已经有同名的了",
    errno.EISDIR: "这个名称是一个文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EROFS: "只能读，不能写",
    errno.EBUSY: "正在使用",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "空间配额用完了",
    errno.EIO: "磁盘或网络盘读写出错",
    errno.ETIMEDOUT: "网络盘没有回应",
    errno.EMFILE: "打开的文件太多",
}
#: There is no room left.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def reason(error: OSError) -> str:
    """Why a file could not be had, in Chinese where it is a usual reason."""
    known = _REASONS.get(error.errno or 0)
    return known or error.strerror or type(error).__name__


class WorkbookBuilderError(Exception):
    """Base of all errors a user can cause; ``text`` is meant to be shown."""

    @property
    def text(self) -> Text:
        """What to show, in the reader's language where there are two."""
        return Text(str(self), str(self))


class DefinitionError(WorkbookBuilderError):
    """A form definition under ``templates/`` contradicts itself."""

    def __init__(self, file: str, key: str, problem: str, remedy: str) -> None:
        self.file, self.key, self.problem, self.remedy = file, key, problem, remedy
        super().__init__(f"{file}: {key}: {problem}. {remedy}")


class RuleError(WorkbookBuilderError):
    """A rule is not a sentence of the expression language."""


class RosterError(WorkbookBuilderError):
    """The list of units cannot be used; ``problems`` name each row and remedy."""

    def __init__(self, file: str, problems: tuple[Text, ...]) -> None:
        self.file, self.problems = file, problems
        super().__init__(self.text.en)

    @property
    def text(self) -> Text:
        return Text(
            "\n".join((self.file, *(f"  {each.zh}" for each in self.problems))),
            "\n".join((self.file, *(f"  {each.en}" for each in self.problems))),
        )


class _SentenceError(WorkbookBuilderError):
    """An error that is one sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self._text = Text(zh, en)
        super().__init__(en)

    @property
    def text(self) -> Text:
        return self._text


#: Extra → what is not to be had without it.
EXTRAS = {
    "desk": Text("浏览器里的工作台", "the desk in the browser"),
    "report": Text("Word 报告、通报", "reports and letters in Word"),
    "mail": Text("从邮箱收取，系统密码库", "fetching mail, the keyring"),
    "documents": Text("读公布的网页、PDF", "reading published pages and PDF"),
    "scan": Text("读扫描件、照片", "reading scans and photos"),
    "seal": Text("上报表的防伪码", "seals of roll-ups"),
    "protected": Text("Excel 默认密码的文件", "files of Excel's default password"),
    "data": Text("Parquet 数据文件", "data files in Parquet"),
    "cluster": Text("由集群读取（--scheduler）", "reading on a cluster (--scheduler)"),
    "excel": Text("Excel 控制台", "the Excel console"),
}


class MissingExtra(WorkbookBuilderError):
    """A library that only one kind of output needs is not installed."""

    def __init__(self, extra: str) -> None:
        self.extra = extra
        super().__init__(self.text.en)

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str]]:
        return MissingExtra, (self.extra,)  # as UnreadableFile does

    @property
    def text(self) -> Text:
        command = f"pip install 'workbook-builder[{self.extra}]'"
        return Text(
            f"{EXTRAS[self.extra].zh}没有写，缺少需要的程序库；要写请先运行：{command}",
            f"Not written: {EXTRAS[self.extra].en}; to have it: {command}",
        )


class CampaignError(_SentenceError):
    """A campaign folder is missing, incomplete, or cannot be written to."""


class NoSuchForm(CampaignError):
    """No form, edition or period of a form is called that."""


class MailError(_SentenceError):
    """A mail server cannot be used: not reached, not trusted, or it refuses us."""


class WorkbookError(WorkbookBuilderError):
    """The workbook to be written breaks a limit of the file format."""


class UnreadableFile(WorkbookBuilderError):
    """A file that came back is no workbook that can be read.

    ``reason`` is a stable slug (``empty``, ``encrypted``, ``guarded``, ``truncated``,
    ``too_large``, ``bomb``, ``dtd``, ``duplicate_parts``, ``not_spreadsheet``,
    ``other_format``, ``damaged``, ``locked``, ``outside``, ``gone``, ``link_to_itself``,
    ``long_path``, ``closed_folder``, ``linked_folder``, one of WorkerLost; of
    containers ``archive``, ``empty_archive``, ``too_deep``, ``too_many``, ``too_much``,
    ``too_long``, ``link``, ``method``, ``object``, ``tnef``, ``sealed``, ``partial``);
    the sentence for the clerk is made from it, and for some from the detail as well.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self.detail = reason, detail
        super().__init__(f"{reason}: {detail}" if detail else reason)

    def __reduce__(self) -> tuple[type[UnreadableFile], tuple[str, str]]:
        # Comes back from other processes as it was.
        return UnreadableFile, (self.reason, self.detail)


class WorkerLost(WorkbookBuilderError):
    """A process that worked on one thing came to no end.

    ``reason``: ``crashed``, ``timeout`` or ``memory``.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    @property
    def text(self) -> Text:
        return Text(
            f"工作进程中途停止（{LOSSES[self.reason].zh}）。请关掉别的程序再试一次。",
            f"A worker process {LOSSES[self.reason].en}. Close other programs, try again.",
        )


#: WorkerLost.reason → what happened, in words.
LOSSES = {
    "crashed": Text("程序中断", "crashed"),
    "timeout": Text("超时", "took too long"),
    "memory": Text("占用内存过多", "took too much memory"),
}
