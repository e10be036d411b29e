"""Writes ``docs/limits.md``: how much of a returned file is read, and what then.

Run ``python -m tools.limits`` after a change of the limits; a test compares the file
with what this module makes.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from workbook_builder.excel.limits import (
    LIMITS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT,
    MEGABYTE,
    described,
)
from workbook_builder.intake.limits import LIMITS as CONTAINERS

FILE = Path(__file__).parent.parent / "docs" / "limits.md"
COMMAND = "python -m tools.limits"

_SIZES = {"file_size", "unpacked", "part", "ratio_from", "token", "memory"}

_HEAD = """# 读取上限

<!-- 由 `{command}` 生成，不要手工修改。 -->

收回来的文件按内容判断格式，与文件名无关。超过下面任何一个上限的文件不读，结论是“不可读”，其他文件照常。
上限远高于办公软件实际存出来的文件：实测约 4,000 份工作簿，99% 解压后不到 2 MB，最大 114 MB。

| 上限 | 值 | what is bounded | name |
|---|---|---|---|
"""

_TAIL = """
另外：单元格在 {rows} 行、{columns} 列以内，每格文字不超过 {text} 个字符（Excel 自己的上限）；
带文档类型声明（DTD）的 XML、部件重名或互相重叠的压缩包一律不读。

## 各种格式怎么读

| 格式 | 由谁读 | 在哪个进程 |
|---|---|---|
| .xlsx、.xlsm | 自己的有界读取程序 | 本进程（`collect` 文件多时在工作进程） |
| .xlsb、.ods | 自己的有界读取程序 | 同上 |
| .xls、.et（Excel 5.0 至 2003，WPS） | xlrd；它读不了时 calamine，逐格核对后才采用 | 单独的进程 |

单独的进程受秒数和内存限制；崩溃、超时或占用内存过多，只损失这一个文件（问题代码 R14）；
文件在压缩包或邮件里的，其余的照常审核。

读不了、会说明是什么的：加密的文件（R02）；早期 Excel（2.0 至 4.0）、XML 表格 2003、.fods、UOF、
苹果 Numbers、Gnumeric（R06）；网页、PDF、图片、Word、RTF、CSV、SYLK、压缩包、邮件等（R05）。

.xls、.xlsb 不保存公式的文字：能看出是不是公式；合计的公式有没有被改写，看结果与重新计算的是否相同。
.ods 没有“深度隐藏”的工作表，存成 .ods 后标识页变为普通隐藏。
"""


_CONTAINERS = """
## 压缩包和邮件

超过下面的上限，已经读出的照常审核，其余不读，并有一条问题说明（R11；一份也读不出的 R04）。

| 上限 | 值 | name |
|---|---|---|
| 一层套一层的层数 | {depth} | `depth` |
| 里面的文件总数 | {entries:,} | `entries` |
| 全部解开后的大小 | {unpacked:,} MB | `unpacked` |
| 里面一个文件的大小 | {entry:,} MB | `entry` |
| 一封邮件的大小 | {mail:,} MB | `mail` |
| 一个文件的压缩比（{ratio_from:,} MB 以上的文件） | {ratio:,} | `ratio` |
| 压缩包目录里的项数 | {marks:,} | `marks` |
| 一封邮件的行数 | {mail_lines:,} | `mail_lines` |
| 一封邮件的部分数 | {mail_parts:,} | `mail_parts` |
| 邮件头的长度 | {mail_head:,} MB | `mail_head` |
| 邮件的行数乘以部分的嵌套层数 | {mail_work:,} | `mail_work` |
| 附件文件名所在的信头，总长 | {names:,} MB | `names` |
"""


def containers() -> str:
    """The chapter on archives and mails."""
    bounds = asdict(CONTAINERS)
    for name in ("unpacked", "entry", "mail", "ratio_from", "mail_head", "names"):
        bounds[name] //= MEGABYTE
    return _CONTAINERS.format(**bounds)


def limits() -> str:
    """The whole document."""
    rows = "".join(
        f"| {said.zh} | {_shown(name)} | {said.en} | `{name}` |\n"
        for name, said in described().items()
    )
    tail = _TAIL.format(
        rows=f"{MAX_ROWS:,}", columns=f"{MAX_COLUMNS:,}", text=f"{MAX_TEXT:,}"
    )
    return _HEAD.format(command=COMMAND) + rows + tail + containers()


def _shown(name: str) -> str:
    value: int = getattr(LIMITS, name)
    return f"{value // MEGABYTE:,} MB" if name in _SIZES else f"{value:,}"


def main() -> None:
    """Writes the file."""
    FILE.write_text(limits(), encoding="utf-8")
    print(f"written: {FILE}")


if __name__ == "__main__":
    main()
