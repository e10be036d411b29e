"""Writes ``docs/messages.zh-CN.md``: every sentence the program says in Chinese, to be
read from top to bottom.

Findings and checks have pages of their own with what to do about them
(``python -m tools.document``); here they stand once more, beside what commands, console,
mails and the form itself say. ``python -m tools.messages`` rewrites the page.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from workbook_builder.definition.registry import Forms
from workbook_builder.mail.texts import STANDARD
from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.form import Form

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "messages.zh-CN.md"
COMMAND = "python -m tools.messages"

_HEAD = f"""# 程序说的话

<!-- 由 `{COMMAND}` 生成，不要手工修改。 -->

每一句中文，按说话的地方排列，供从头到尾读一遍。〔〕里的字，实际是具体内容。
"""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE = re.compile(r"[。：！？]")
#: Part of the program → who reads what it says.
PLACES = {
    "workbook_builder/workbook": "报送表（填报单位）",
    "workbook_builder/reading": "读取（经办人、填报单位）",
    "workbook_builder/intake": "收件（经办人、填报单位）",
    "workbook_builder/published": "公布的报告（经办人）",
    "workbook_builder/model": "结论、状态和各处共用的话（经办人、填报单位）",
    "workbook_builder/language": "审核公式（经办人、填报单位）",
    "workbook_builder/rules": "汇总和决定（经办人）",
    "workbook_builder/outputs": "汇总表、网页和报告（经办人、上级、公众）",
    "workbook_builder/desk": "工作台（经办人）",
    "workbook_builder/console": "控制台（经办人）",
    "workbook_builder/commands": "命令（经办人）",
    "workbook_builder/pipeline": "各项工作（经办人）",
    "workbook_builder/campaign": "任务文件夹（经办人）",
    "workbook_builder/bounds": "集群和别处的文件（市级、省级的管理员）",
    "workbook_builder/mail": "邮件收发（经办人）",
    "workbook_builder/definition": "报表定义（写定义的人）",
    "macros": "单位可选用的宏（填报单位）",
}


def page() -> str:
    """The whole page."""
    lines = [_HEAD.rstrip("\n"), "", "## 发现的问题（填报单位、主管部门）", ""]
    for code, entry in CATALOGUE.items():
        said = (entry.message.zh, f"单位：{entry.remedy.zh}", f"主管：{entry.desk.zh}")
        lines.append(f"- {code}　{_slots('　'.join(said))}")
    shipped = Forms.shipped()
    for name in shipped.names():
        for edition in shipped.editions(name):
            lines += _form(shipped.edition(name, edition.id))
    lines += ["", "## 邮件（填报单位）"]
    shown = {_line(each) for each in (*STANDARD.values(), *_catalogued())}
    for occasion, text in STANDARD.items():
        kept = [line for line in text.splitlines() if not line.startswith("#")]
        lines += ["", f"### {occasion.chinese}", "", *(f"> {_slots(e)}" for e in kept)]
    for place, title in PLACES.items():
        new = [each for each in spoken(ROOT / place) if each not in shown]
        shown |= set(new)
        if new:
            lines += ["", f"## {title}", "", *(f"- {each}" for each in new)]
    return "\n".join(lines) + "\n"


def _catalogued() -> Iterator[str]:
    for entry in CATALOGUE.values():
        yield from (entry.message.zh, entry.remedy.zh, entry.desk.zh)


def _form(form: Form) -> Iterator[str]:
    yield from ("", f"## {form.title}，{form.edition} 版（填报单位）", "")
    yield from (f"- {step}" for step in form.steps)
    # That of the row, then that of the column: each is read once.
    meanings = (re.split("(?<=。) ", cell.meaning) for cell in form.cells.values())
    said = dict.fromkeys(chain.from_iterable(meanings))
    yield from (f"- {meaning}" for meaning in said if meaning)
    yield from (f"- {text.title}：{text.hint}" for text in form.narratives)
    for check in form.checks:
        yield f"- {check.code}　{check.title}：{check.message}。{_slots(check.remedy)}"


def spoken(folder: Path) -> list[str]:
    """The sentences of a part of the program, in the order of its modules and pages."""
    found: dict[str, None] = {}
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in _READERS:
            for said in _READERS[path.suffix](path.read_text(encoding="utf-8")):
                if _is_a_sentence(said):
                    found[_line(said)] = None
    return list(found)


def _line(said: str) -> str:
    return " ".join(_slots(said).split())


def _in_code(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    notes = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    inner = {
        id(part)
        for each in ast.walk(tree)
        if isinstance(each, ast.JoinedStr)
        for part in ast.walk(each)
        if part is not each
    }
    for each in ast.walk(tree):
        said = _said(each)
        if said and id(each) not in notes | inner:
            yield said


def _on_page(text: str) -> Iterator[str]:
    """What a template says in two languages, then what it says in Chinese only."""
    text = re.sub(r"<(style|script)\b.*?</\1>", "", text, flags=re.DOTALL)
    yield from _BILINGUAL.findall(text)
    text = re.sub(r"\{\{.*?\}\}", "〔…〕", re.sub(r"\{[%#].*?[%#]\}", "", text))
    yield from (html.unescape(each) for each in re.split(r"<[^>]*>", text))


def _quoted(text: str) -> Iterator[str]:
    yield from re.findall(r'"([^"\n]*)"', text)


_BILINGUAL = re.compile(r'\bt\(\s*"([^"]+)"')
_READERS = {".py": _in_code, ".html": _on_page, ".js": _quoted, ".bas": _quoted}


def _is_a_sentence(text: str) -> bool:
    """Chinese with a stop in it, no pattern to search for, no mail: those stand above."""
    if "主题：【" in text or "(?" in text or "\\s" in text or "\\d" in text:
        return False
    latin = len(re.findall("[A-Za-z]", text))
    chinese = len(_CHINESE.findall(text))
    return 3 * chinese > latin and bool(_SENTENCE.search(text))


def _said(node: ast.AST) -> str | None:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else "〔…〕"
                for part in parts
            )
        case _:
            return None


def _slots(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"〔\1〕", text)


def main() -> None:
    """Writes the page."""
    FILE.write_text(page(), encoding="utf-8")
    print(f"written: {FILE}")


if __name__ == "__main__":
    main()
