"""What is not documented fails here: every command in docs/commands.md, every code in
docs/codes.md and in the page of its edition, which are made by programs and compared
with what those make now.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from tests.support import subcommands
from tools import commands as commands_tool
from tools import limits as limits_tool
from tools import messages, typed
from tools.document import BLANKS, COMMAND, FILE, GROUPS, PAGE, pages
from workbook_builder.bounds.limits import CONTAINER, PROCESS, WORKBOOK
from workbook_builder.cli import application, run
from workbook_builder.commands.every import COMMANDS
from workbook_builder.commands.examples import EXAMPLES
from workbook_builder.definition.registry import Forms
from workbook_builder.language.words import remedy
from workbook_builder.model.catalogue import CATALOGUE
from workbook_builder.model.form import Form

ROOT = Path(__file__).parent.parent
FORMS = Forms.shipped()
SHIPPED = [
    FORMS.edition(name, edition.id)
    for name in FORMS.names()
    for edition in FORMS.editions(name)
]
CHECKS = [(form, check.code) for form in SHIPPED for check in form.checks]
HINT = f"it is out of date; write it with: {COMMAND}"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def written(file: Path = FILE) -> str:
    assert file.is_file(), HINT
    return file.read_text(encoding="utf-8")


def page_of(form: Form) -> str:
    return written(ROOT / "templates" / form.id / form.edition / PAGE)


def test_what_becomes_of_every_entry_is_documented() -> None:
    file, command = typed.FILE, typed.COMMAND
    assert file.read_text(encoding="utf-8") == typed.typed(), f"write it: {command}"


def test_every_sentence_is_on_the_page_that_is_read_aloud() -> None:
    file, command = messages.FILE, messages.COMMAND
    assert written(file) == messages.page(), f"write it: {command}"


# ---------------------------------------------------------------- codes


def test_there_is_a_page_for_every_edition() -> None:
    definitions = {file.parent for file in (ROOT / "templates").rglob("form.toml")}
    assert pages().keys() == {FILE, *(folder / PAGE for folder in definitions)}


@pytest.mark.parametrize("file", pages(), ids=str)
def test_the_codes_are_documented_as_they_are_now(file: Path) -> None:
    assert written(file) == pages()[file], HINT


@pytest.mark.parametrize(
    ("form", "code"), CHECKS, ids=[f"{f.id}-{f.edition}-{c}" for f, c in CHECKS]
)
def test_every_check_has_its_chapter(form: Form, code: str) -> None:
    check, text = form.check(code), page_of(form)
    title = f"## {code}　{check.title}（{check.severity.word}）"
    assert title in text, HINT
    chapter = text.split(title)[1].split("\n#")[0]
    assert "- 应满足：" in chapter
    for said in (check.message, remedy(form, check).zh, check.source):
        assert said in chapter, HINT


def known_sources() -> tuple[str, ...]:
    """The names of docs/sources.md, several of one line apart."""
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^-|]", text, re.MULTILINE)[1:]
    return tuple(name for row in rows for name in row.split("、"))


@pytest.mark.parametrize("file", sorted((ROOT / "templates").rglob("checks.toml")))
def test_every_source_of_a_check_can_be_looked_up(file: Path) -> None:
    known = known_sources()
    assert "30号附件" in known
    for check in tomllib.loads(file.read_text(encoding="utf-8"))["checks"]:
        for said in re.split(r"；(?![^（]*）)", check["source"]):
            official = re.sub(r"^国办公开办函〔\d{4}〕(?=\d+号)", "", said)
            assert official.startswith(known), f"{check['code']}: {said}"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_finding_has_its_line(code: str) -> None:
    (line,) = re.findall(rf"^\| {code} \|.*$", written(), re.MULTILINE)
    entry = CATALOGUE[code]
    assert entry.message.zh.format(**BLANKS) in line, HINT
    assert entry.remedy.zh in line, HINT
    assert entry.desk.zh in line, HINT


def test_every_group_of_findings_is_named() -> None:
    assert {code[0] for code in CATALOGUE} == GROUPS.keys()


@pytest.mark.parametrize("file", pages(), ids=str)
def test_the_documents_have_no_trace_of_the_program(file: Path) -> None:
    text = written(file).replace(COMMAND, "").replace("winmail.dat", "")
    text = re.sub(r"`templates/[^`]*`|\]\([^)]*\)|\[\w+\.md", "", text)
    assert not re.search(r"[{}]|None|\b[a-z]+(\.[a-z_]+)+\b|is_blank|unit_type", text)


# ---------------------------------------------------------------- limits


def test_the_limits_are_documented_as_they_are_now() -> None:
    written_limits = limits_tool.FILE.read_text(encoding="utf-8")
    assert written_limits == limits_tool.limits(), limits_tool.COMMAND
    for bound in (*fields(WORKBOOK), *fields(CONTAINER), *fields(PROCESS)):
        assert f"`{bound.name}`" in written_limits


# ---------------------------------------------------------------- commands


def spoken(group: click.Group, above: str = "") -> Iterator[str]:
    """Every command as it is typed, groups by their subcommands."""
    for name, command in subcommands(group):
        if isinstance(command, click.Group):
            given = (p.metavar for p in command.params if isinstance(p, click.Argument))
            yield from spoken(
                command, " ".join((f"{above}{name}", *filter(None, given), ""))
            )
        else:
            yield f"{above}{name}"


PAGES = sorted(
    (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("m*/*.md"))
)
TYPED = list(spoken(application("zh")))


def test_the_commands_are_those_of_the_command_line() -> None:
    assert list(dict.fromkeys(name.split()[0] for name in TYPED)) == list(COMMANDS)
    assert {"form list", "form show", "form lint"} <= set(TYPED)


@pytest.mark.parametrize("language", commands_tool.FILES)
def test_the_commands_are_documented_as_they_are_now(language: str) -> None:
    page = written(commands_tool.FILES[language])
    assert page == commands_tool.commands(language), commands_tool.COMMAND
    for name in TYPED:
        bare = name.replace(" DIR ", " 2025年报 ")
        assert re.search(rf"^workbook-builder {bare}(?![\w-])", page, re.MULTILINE)


@pytest.fixture
def came(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that were reached; none of them runs."""
    reached: list[str] = []

    def invoke(self: click.Command, context: click.Context) -> None:
        if not isinstance(self, click.Group):
            reached.append(context.command_path)

    monkeypatch.setattr(click.Command, "invoke", invoke)
    return reached


def test_every_example_can_be_typed(came: list[str]) -> None:
    """It is taken by the command that it is an example of."""
    typed = [(name, each) for name, all_ in EXAMPLES.items() for each in all_]
    for name, each in typed:
        assert run(["--lang", "zh", *shlex.split(each)]) == 0, each
        assert came[-1].replace(" DIR", "") == f"workbook-builder {name}"
    assert {name.replace(" DIR", "") for name in TYPED} == EXAMPLES.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_says_to_type_can_be_typed(page: Path, came: list[str]) -> None:
    """But for usage, the name of a command alone, and “…” or a word that stands for one."""
    for said in re.findall(r"(?:^|`)workbook-builder ([^`\n#]+)", written(page), re.M):
        first, *rest = said.split()
        if (
            rest
            and "[" not in said
            and not {"…", "COMMAND", "命令"} & {first, rest[-1][-1:]}
        ):
            assert run(["--lang", "zh", *shlex.split(said)]) == 0, said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_place_in_the_year(name: str) -> None:
    manual = written(ROOT / "docs" / "manual.md")
    assert re.search(rf"(`|workbook-builder ){name}(?![\w-])", manual)


# ---------------------------------------------------------------- links

LINK = re.compile(r"\]\(([^)\s:]+)\)")


def anchors(page: Path) -> set[str]:
    """Where a link may lead within a page, as GitHub names its headings, and the site."""
    heads = re.findall(r"^#+ (.+)$", written(page).lower(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_what_is_there(page: Path) -> None:
    for link in LINK.findall(written(page)):
        file, _, anchor = link.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), link
        assert not anchor or anchor in anchors(there), link


def test_both_readmes_are_of_one_shape() -> None:
    pages = [README, written(ROOT / "README.zh-CN.md")]
    shapes = [
        (
            [line.split()[0] for line in page.splitlines() if line.startswith("#")],
            re.findall(r"^bash \S+", page, re.MULTILINE),
            sorted(
                {re.sub(r"\.zh-CN|README.*", "", each) for each in LINK.findall(page)}
            ),
        )
        for page in pages
    ]
    assert shapes[0] == shapes[1]
    assert shapes[0][1] == ["bash scripts/demo.sh", "bash scripts/test.sh"]


def test_every_page_is_found_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [
            page.parent / link.partition("#")[0] for link in LINK.findall(written(page))
        ]
    assert [page.name for page in PAGES if page not in reached] == []
