"""One term for each concept and one way to write, whatever face shows it.

What units, offices and the public read: the catalogue, definitions, mails, pages,
commands and documents. Sheets of the workbook say the same words; what is printed on the
official tables is not ours.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tools.messages import PLACES, page, spoken
from workbook_builder.mail.texts import Occasion
from workbook_builder.model.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent
CHINESE = re.compile(r"[\u4e00-\u9fff]")

#: Words that were given up → the one that is used.
GIVEN_UP = {
    "收表单位": "主管部门",
    "合计表": "上报表",
    "原表": "退回件",
    "用原来的报送表": "退回件",
    "发回": "报送",
    "发来": "报送",
    "采纳": "同意计入、说明有效",
    "豁免": "准予免改",
    "强制问题": "强制性错误",
    "核实问题": "核实性问题",
    "零申报": "零报告",
    "对照数": "上年数",
    "格子": "单元格",
    "不可读": "无法读取",
    "非本任务": "不属本次任务",
    "被替代": "已有新版",
    "怎么办": "处理意见",
    "怎么填": "填报步骤",
    "接着填": "下一处未填",
    "这里写什么": "填写要求",
    "说了算": "以……为准",
    "看一眼": "请核对",
    "看一看": "请核对",
    "问一问": "请向单位核实",
    "不用处理": "无需处理",
    "读不了": "无法读取",
    "打不开": "无法打开",
    "不认识": "无法识别",
    "没有跟过去": "未读取",
    "不会解": "不支持",
    "认不出": "无法识别",
    "写不进": "无法写入",
    "移不开": "无法移动",
    "建不了": "无法建立",
    "收件目录": "收件文件夹",
    "没有发成": "未能发出",
    "发没发成": "是否发出",
}
#: Words of a number; digits stand apart from them in what the program says.
COUNTED = "个份处字行列格项页天封张种家"


def strings(path: Path) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {
        id(each.value)
        for each in ast.walk(tree)
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
    }
    for each in ast.walk(tree):
        if (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in said
            and CHINESE.search(each.value)
        ):
            yield each.value


def values(tree: Any) -> Iterator[str]:
    """Every text of a TOML file."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from values(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from values(each)


def modules() -> Iterator[Path]:
    for path in sorted((ROOT / "workbook_builder").rglob("*.py")):
        inside = path.relative_to(ROOT / "workbook_builder").parts[0]
        # What others print.
        if inside != "published":
            yield path


def definitions() -> Iterator[Path]:
    for name in ("form.toml", "checks.toml"):
        yield from sorted((ROOT / "templates").rglob(name))


def documents() -> Iterator[Path]:
    for folder in ("docs", "macros", "templates"):
        # The page of all messages is made of the others.
        pages = sorted((ROOT / folder).rglob("*.md"))
        yield from (each for each in pages if each.name != "messages.zh-CN.md")
    yield from sorted(ROOT.glob("README*.md"))
    yield from sorted((ROOT / "workbook_builder").rglob("*.html"))
    yield from sorted((ROOT / "macros").glob("*.bas"))


@cache
def said() -> dict[str, list[str]]:
    """File → all it says."""
    found = {path: list(strings(path)) for path in modules()}
    found |= {
        path: list(values(tomllib.loads(path.read_text(encoding="utf-8"))))
        for path in definitions()
    }
    found |= {path: [path.read_text(encoding="utf-8")] for path in documents()}
    return {path.relative_to(ROOT).as_posix(): texts for path, texts in found.items()}


@pytest.mark.parametrize("word", GIVEN_UP)
def test_a_word_that_was_given_up_does_not_come_back(word: str) -> None:
    found = [
        (file, text[max(0, text.index(word) - 20) : text.index(word) + 20])
        for file, texts in said().items()
        for text in texts
        if word in text
    ]
    assert not found, f"write {GIVEN_UP[word]}"


#: 格 for itself: neither 单元格 nor 表格, 格式, 严格, 合格 and their kind.
CELL = re.compile(r"(?<![元表网空价严合规资性及])格(?![式外])")


def test_a_cell_has_its_whole_name() -> None:
    found = [
        (file, text[max(0, at.start() - 20) : at.end() + 20])
        for file, texts in said().items()
        for text in texts
        for at in CELL.finditer(text)
    ]
    assert not found, "write 单元格, or 逐项 for 逐格"


said_by_the_program = cache(page)


ODD = {
    "digits without space before a counted thing": rf"[\u4e00-\u9fff]\d+ ?[{COUNTED}]",
    "a counted thing right after digits": rf"\d[{COUNTED}](?!月)",
    "space before the parts of a date": r"\d [年月日]",
    "a date with hyphens, but as one to be typed": r"(?<![如成] )\d{4}-\d{1,2}-\d{1,2}",
    "half-width marks between Chinese words": r"[\u4e00-\u9fff][,;:!?][\u4e00-\u9fff]",
    "half-width brackets around Chinese words": r"\([\u4e00-\u9fff]",
    "a stop between quoted things": "”、“",
    "two marks": r"[，。；：、]{2}",
}


@pytest.mark.parametrize("odd", ODD)
def test_sentences_are_written_one_way(odd: str) -> None:
    """In the catalogue, definitions, mails, pages, commands and sheets."""
    lines = said_by_the_program().splitlines()
    assert len(lines) > 1000
    assert [line for line in lines if re.search(ODD[odd], line)] == []


def test_the_test_reads_every_face() -> None:
    files = said()
    assert len(files) > 150
    for face in ("mail/texts.py", "model/catalogue/sheets.py", "commands/decide.py"):
        assert files[f"workbook_builder/{face}"], face
    assert any(file.endswith(".html") for file in files)
    assert files["templates/disclosure/2021/form.toml"]


def test_the_page_of_all_messages_has_every_face() -> None:
    """Whether it is of today, whoever reads it sees to: any sentence changes it."""
    text = said_by_the_program()
    assert all(f"- {code}　" in text for code in CATALOGUE)
    assert all(f"### {each.chinese}\n" in text for each in Occasion)
    assert "收件箱的文件不会被改动" in text  # a command
    assert "数字有误就改，确属实情" in text  # a sheet
    assert "内容太大，没有保存" in text  # the desk
    assert "把收到的文件或整个文件夹拖到这里" in text  # a page of it
    assert "当前打开的不是报送表" in text  # VBA


def test_no_part_of_the_program_speaks_beside_that_page() -> None:
    parts = (each for each in (ROOT / "workbook_builder").iterdir() if each.is_dir())
    silent = [p for p in parts if f"workbook_builder/{p.name}" not in PLACES]
    assert [part.name for part in silent if spoken(part)] == []
