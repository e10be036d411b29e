"""Writes ``docs/limits.md``: how much of a returned file is read, and what then.

Run ``python -m tools.limits`` after a change of the limits; a test compares the file
with what this module makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from workbook_builder.bounds.limits import (
    CONTAINER,
    DOCUMENT,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_TEXT,
    MEGABYTE,
    PROCESS,
    SCAN,
    WORKBOOK,
)

FILE = Path(__file__).parent.parent / "docs" / "limits.md"
COMMAND = "python -m tools.limits"

_HEAD = """# 读取上限

<!-- 由 `{command}` 生成，不要手工修改。 -->

收回来的文件按内容判断格式，与文件名无关。超过下面任何一个上限的文件不读，结论是“无法读取”，其他文件照常。
上限远高于办公软件实际存出来的文件：实测约 4,000 份工作簿，99% 解压后不到 2 MB，最大 114 MB。
"""

_TABLE = """
| 上限 | 值 | what is bounded | name |
|---|---|---|---|
"""

_TAIL = """
另外：单元格在 {rows} 行、{columns} 列以内，每个单元格的文字不超过 {text} 个字符
（Excel 自己的上限）；
带文档类型声明（DTD）的 XML、部件重名或互相重叠的压缩包一律不读。

## 各种格式怎么读

| 格式 | 由谁读 | 在哪个进程 |
|---|---|---|
| .xlsx、.xlsm | 自己的有界读取程序 | 单独的进程 |
| .xlsb、.ods | 自己的有界读取程序 | 同上 |
| .xls、.et（Excel 5.0 至 2003，WPS） | xlrd；它无法读取时 calamine，逐项核对后才采用 | 再一个进程 |

单独的进程受秒数和内存限制；崩溃、超时或占用内存过多，只损失这一个文件（问题代码 R14）；
文件在压缩包或邮件里的，其余的照常审核。

无法读取、会说明是什么的：加密的文件（R02）；早期 Excel（2.0 至 4.0）、XML 表格 2003、.fods、UOF、
苹果 Numbers、Gnumeric（R06）；网页、PDF、图片、Word、RTF、CSV、SYLK、压缩包、邮件等（R05）。

.xls、.xlsb 不保存公式的文字：能看出是不是公式；合计的公式有没有被改写，看结果与重新计算的是否相同。
.ods 没有“深度隐藏”的工作表，存成 .ods 后标识页变为普通隐藏。
"""


_CONTAINERS = """
## 压缩包和邮件

超过下面的上限，已经读出的照常审核，其余不读，并有一条问题说明（R11；一份也读不出的 R04）。
"""

_DOCUMENTS = """
## 公布的年度报告（Word、PDF、网页、文本）

压缩包格式的（.docx、.odt）另受上面第一张表的限制。
"""


def limits() -> str:
    """The whole document."""
    tail = _TAIL.format(
        rows=f"{MAX_ROWS:,}", columns=f"{MAX_COLUMNS:,}", text=f"{MAX_TEXT:,}"
    )
    head = _HEAD.format(command=COMMAND)
    return (
        head
        + table(WORKBOOK, PROCESS)
        + tail
        + _CONTAINERS
        + table(CONTAINER)
        + _DOCUMENTS
        + table(DOCUMENT, SCAN)
    )


def table(*bounds: Any) -> str:
    """A line for each bound."""
    return _TABLE + "".join(line for each in bounds for line in _lines(each))


def _lines(bounds: Any) -> Iterator[str]:
    for bound in fields(bounds):
        value, said = getattr(bounds, bound.name), bound.metadata["text"]
        shown = f"{value // MEGABYTE:,} MB" if bound.metadata["bytes"] else f"{value:,}"
        yield f"| {said.zh} | {shown} | {said.en} | `{bound.name}` |\n"


def main() -> None:
    """Writes the file."""
    FILE.write_text(limits(), encoding="utf-8")
    print(f"written: {FILE}")


if __name__ == "__main__":
    main()
