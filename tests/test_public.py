"""What ``workbook_builder`` offers to programs: there, cheap, and the commands' twins."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import click
import pytest

import workbook_builder
from tests.support import BUSY, folder, form, roster, subcommands, workbook
from workbook_builder import (
    Campaign,
    Circumstances,
    Period,
    Unit,
    Verdict,
    build_workbook,
    load_form,
    pipeline,
    public,
    receive,
    to_json,
    verify,
)
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.cli import application, run
from workbook_builder.definition.registry import Forms
from workbook_builder.model.errors import DefinitionError, NoSuchForm

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def test_to_import_it_loads_nothing() -> None:
    code = (
        "import sys, workbook_builder as w; w.__version__ if 0 else print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    ).stdout.split()
    others = {each.partition(".")[0] for each in loaded} - sys.stdlib_module_names
    assert [each for each in loaded if each.startswith("workbook_builder")] == [
        "workbook_builder"
    ]
    assert not others & {"msgspec", "click", "xlsxwriter", "openpyxl", "pebble", "rich"}


def test_what_is_offered_is_there_and_says_what_it_is() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    aliased = set(re.findall(r"import \w+ as (\w+)$", source(public), re.MULTILINE))
    defined = set(re.findall(r"^def (\w+)", source(public), re.MULTILINE))
    offered = set(workbook_builder.__all__)
    assert offered == {name for name in aliased | defined if not name.startswith("_")}
    assert offered <= imported
    for name in offered:
        assert getattr(workbook_builder, name).__doc__, name
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = workbook_builder.no_such_thing


def source(module: Any) -> str:
    return Path(module.__file__).read_text(encoding="utf-8")


# ---------------------------------------------------------------- forms


def test_a_form_is_found_by_period_by_edition_or_by_folder() -> None:
    shipped = Forms.shipped()
    assert load_form("disclosure", 2026) is shipped.of("disclosure", Period(2026))
    assert load_form("disclosure", "2026").edition == "2021"
    assert load_form("disclosure", edition="2021").id == "disclosure"
    here = shipped.folder("disclosure", "2021")
    assert here is not None
    assert load_form(here).cells == load_form("disclosure", edition="2021").cells
    with pytest.raises(NoSuchForm):
        load_form("disclosure", 1999)
    with pytest.raises(DefinitionError):
        load_form(ROOT)
    with pytest.raises(TypeError, match="which edition"):
        load_form("disclosure")


# ---------------------------------------------------------------- bytes in


def mailed(name: str, data: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@x.invalid", "报送"
    mail.set_content("请查收。")
    mail.add_attachment(data, maintype="application", subtype="x", filename=name)
    return mail.as_bytes()


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.xlsx", data)
    return made.getvalue()


def test_bytes_with_a_name_become_returns() -> None:
    data = workbook(BUSY)
    (alone,) = receive(data, "报送表.xlsx")
    assert (alone.path, alone.verdict) == ("报送表.xlsx", Verdict.ACCEPTED)
    both = receive(zipped(a=data, b=b"no workbook"), "两份.zip")
    assert [(each.path, each.verdict) for each in both] == [
        ("两份.zip/a.xlsx", Verdict.ACCEPTED),
        ("两份.zip/b.xlsx", Verdict.UNREADABLE),
    ]
    (sent,) = receive(mailed("表.xlsx", data), "来信.eml")
    assert sent.path == "来信.eml/表.xlsx"
    assert (sent.sha256, sent.facts) == (alone.sha256, alone.facts)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"text"])
def test_bad_bytes_are_a_verdict(data: bytes) -> None:
    (found,) = receive(data, "坏.xlsx")
    assert found.verdict is Verdict.UNREADABLE
    assert found.findings


def test_too_many_bytes_are_not_looked_at() -> None:
    (found,) = receive(bytes(WORKBOOK.file_size + 1), "大.xlsx")
    assert [each.code for each in found.findings] == ["R04"]


def test_a_form_of_ones_own_from_a_blank_workbook_to_its_findings() -> None:
    """Built, received, verified: only names that are offered."""
    mine = load_form("disclosure", 2026)
    district = Campaign("2026", mine.id, mine.edition, Period(2026), "示例区")
    data = build_workbook(mine, Unit("U1", "示例局"), district)
    (blank,) = receive(data, "U1.xlsx")
    assert blank.verdict is Verdict.REJECTED
    known = Circumstances(Period(2026))
    codes = {each.code for each in verify(mine, blank.answers, known)}
    assert codes
    assert codes <= {each.code for each in blank.findings}


# ---------------------------------------------------------------- twins


def leaves(group: click.Command, above: str = "") -> list[str]:
    if not isinstance(group, click.Group):
        return [above]
    return [
        leaf
        for name, each in subcommands(group)
        for leaf in leaves(each, f"{above} {name}".strip())
    ]


def twins() -> dict[str, list[str]]:
    """Command → the functions beside it in docs/python.md."""
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", GUIDE, re.MULTILINE)
    return {
        re.sub(r" DIR.*", "", command): re.findall(r"`([^`]+)`", functions)
        for commands, functions in rows
        for command in re.findall(r"`([^`]+)`", commands)
    }


def test_every_command_has_its_twin() -> None:
    assert set(leaves(application("zh"))) == twins().keys()
    for functions in twins().values():
        assert functions
        for name in functions:
            found: Any = workbook_builder
            for part in name.split("."):
                found = getattr(found, part)
            assert callable(found)


def test_json_is_what_the_commands_print(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def printed(*arguments: object) -> Any:
        run(["--lang", "zh", *map(str, arguments), "--json"])
        return json.loads(capsys.readouterr().out)

    here = folder(tmp_path / "c", roster("U1"))
    file = here.inbox / "U1.xlsx"
    file.write_bytes(workbook(BUSY))
    assert printed("collect", here.path) == to_json(pipeline.collect(here))
    assert printed("status", here.path) == to_json(pipeline.status(here))
    found = pipeline.check([file])
    assert printed("check", file) == {"files": [to_json(each) for each in found]}
    traced = pipeline.trace(here, "表三 D7")
    assert printed("trace", here.path, "表三", "D7") == to_json(traced)
    lifted = pipeline.lift(file, here)
    new = tmp_path / "新.xlsx"
    assert printed("lift", file, "-o", new, "--campaign", here.path) == to_json(lifted)
    assert printed("form", "show", form().id, "--edition", form().edition) == to_json(
        form()
    )
