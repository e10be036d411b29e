"""Writes ``docs/typed.md`` from the cases of ``tests/typed.toml``.

``python -m tools.typed`` rewrites the file; a test compares it with the cases.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "typed.md"
CASES = ROOT / "tests" / "typed.toml"
COMMAND = "python -m tools.typed"

_HEAD = f"""# 填报单元格里填了什么，怎样处理

<!-- 由 `{COMMAND}` 从 tests/typed.toml 生成，不要手工修改。 -->

意思确定的照收并提示，不确定的不猜，作为问题退回；未填不是 0。每一行都是一个测试。
问题代码见 [codes.md](codes.md)。

| 文件里是 | 内容 | 用在 | 读作 | 问题 | 说明 |
|---|---|---|---|---|---|
"""
_KINDS = {
    "number": "数字",
    "text": "文本",
    "boolean": "逻辑值",
    "date": "日期",
    "percent": "百分比格式",
    "error": "错误值",
    "empty": "没有结果",
}
_STATES = {
    "text": "文本（不是数字）",
    "blank": "未填",
    "not_applicable": "不适用",
    "error": "错误",
}
_CELLS = {"count": "件数", "amount": "金额", "change": "增减数"}


def typed() -> str:
    """The whole document."""
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))["typed"]
    return _HEAD + "\n".join(_row(case) for case in cases) + "\n"


def _row(case: dict[str, Any]) -> str:
    kind = _KINDS[case["kind"]]
    if "formula" in case:
        kind = f"公式，结果是{kind}" if case["kind"] != "empty" else f"公式，{kind}"
    cells = (
        kind,
        _visible(case.get("formula", case["is"])),
        _CELLS[case["cell"]],
        _STATES.get(case["becomes"], case["becomes"]),
        "、".join(case["codes"]),
        case.get("why", ""),
    )
    return f"| {' | '.join(cells)} |"


def _visible(text: str) -> str:
    """The text with what cannot be seen spelled out."""
    shown = "".join(
        c if c.isprintable() and not c.isspace() else f"⟨U+{ord(c):04X}⟩" for c in text
    )
    return f"`{shown}`" if shown else "（空）"


def main() -> None:
    """Writes the file."""
    FILE.write_text(typed(), encoding="utf-8")
    print(f"written: {FILE}")


if __name__ == "__main__":
    main()
