"""A new check, tried on returns that are there already, before the form has it.

    python examples/rule_on_trial.py 2025年报/inbox/*.xlsx

The check goes into a copy of the form; neither the form nor the files are changed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from workbook_builder import (
    Circumstances,
    Finding,
    Form,
    Forms,
    Submission,
    load_form,
    receive,
    verify,
)

#: As it is to stand in checks.toml.
CODE = "Z1"
CHECK = f"""
[[checks]]
code = "{CODE}"
title = "结转不多于一成"
title_en = "no more than a tenth is carried out"
severity = "warning"
table = "applications"
each = "column"
rule = "carried_out * 10 <= received + carried_in"
source = "试用"
message = "结转下年度继续办理的超过本年应办的一成"
message_en = "more than a tenth of this year's applications are carried out"
remedy = "请核对结转件数；情况属实的，说明原因。"
remedy_en = "Check what was carried out, or explain."
"""


def with_check(name: str, edition: str, check: str) -> Form:
    """A shipped form with one check more."""
    source = Forms.shipped().folder(name, edition)
    if source is None:
        raise SystemExit(f"There is no edition {edition} of {name}.")
    with TemporaryDirectory() as folder:
        copy = Path(folder) / name / edition
        shutil.copytree(source, copy)
        with (copy / "checks.toml").open("a", encoding="utf-8") as checks:
            checks.write(check)
        return load_form(copy)


def breaches(form: Form, paths: Iterable[Path]) -> Iterator[tuple[Submission, Finding]]:
    """Where the returns in these files break the new check."""
    for path in paths:
        for submission in receive(path.read_bytes(), path.name):
            stamp = submission.stamp
            if stamp is None or (stamp.form, stamp.edition) != (form.id, form.edition):
                continue  # whatever it is, this check says nothing of it
            known = Circumstances(stamp.period, stamp.unit_type)
            for finding in verify(form, submission.answers, known):
                if finding.code == CODE:
                    yield submission, finding


def main(*paths: str) -> None:
    form = with_check("disclosure", "2021", CHECK)
    count = 0
    for submission, finding in breaches(form, map(Path, paths)):
        print(f"{submission.path}　{finding.cell}　{finding.message.zh}")
        count += 1
    print(f"{CODE}：{len(paths)} 个文件，{count} 处。")


if __name__ == "__main__":
    main(*sys.argv[1:])
