"""What the checks raise on real published reports, as a list to be read.

``golden/raised.txt`` has a line for each question. A careful clerk should call none of
them wrong: what a report contradicts itself in is to be asked, what it does well is not.
Figures are those of ``figures/``, with the year before where it is there; texts of the
one report that is in the demo, of the others a text that nobody asks about; so with what
stands at the head of a report and in its signature.

``python -m tests.test_raised`` accepts the list as it is now.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.published import NAMES, entered, published
from tests.support import FORMS, TEXT, fields
from workbook_builder.definition.registry import Forms
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.values import number
from workbook_builder.rules.verify import gathered, verify

GOLDEN = Path(__file__).parent / "golden" / "raised.txt"
ACCEPT = "python -m tests.test_raised"
NOW, THEN = FORMS.edition("disclosure", "2021"), FORMS.edition("disclosure", "2019")
#: Who printed blanks for zeros copied them; each is asked for.
OFFICE = ("shanghai-office-2019", "上海市人民政府办公厅", 2019, "省级部门")


def texts(form: Form, unit: str) -> dict[str, str]:
    edition = next(e for e in Forms.shipped().editions(form.id) if e.id == form.edition)
    demo = edition.folder / "demo.toml"
    own: dict[str, str] = {}
    if demo.is_file():
        for each in tomllib.loads(demo.read_text(encoding="utf-8"))["units"]:
            if each["name"] == unit:
                own = each.get("texts", {})
    return {text.id: own.get(text.id, TEXT) for text in form.narratives}


def questions(form: Form, answers: Answers, known: Circumstances) -> Iterator[str]:
    for finding in gathered(form, verify(form, answers, known)):
        yield f"  {finding.code} {finding.severity.word} {finding.message.zh}"


def raised() -> str:
    """The list."""
    lines = []
    for name in NAMES:
        report = published(name, NOW)
        before = name.replace(str(report.year), str(report.year - 1))
        last = published(before, NOW).figures if before in NAMES else {}
        answers = Answers(
            {id_: number(each) for id_, each in report.inputs(NOW).items()},
            texts=texts(NOW, report.unit),
            fields=fields(NOW),
            printed={
                id_: number(each)
                for id_, each in report.totals(NOW).items()
                if id_ in NOW.totals
            },
        )
        known = Circumstances(Period(report.year), report.unit_type, last)
        compared = f"，对照 {report.year - 1} 年度" if last else ""
        lines.append(f"{report.unit}（{report.unit_type}）{report.year} 年度{compared}")
        lines += questions(NOW, answers, known)
    name, unit, year, type_ = OFFICE
    lines.append(f"{unit}（{type_}）{year} 年度")
    answers = Answers(entered(name, THEN), texts=texts(THEN, unit), fields=fields(THEN))
    lines += questions(THEN, answers, Circumstances(Period(year), type_))
    return "\n".join(lines) + "\n"


def test_real_reports_raise_what_the_list_says() -> None:
    accepted = GOLDEN.read_text(encoding="utf-8")
    assert raised() == accepted, f"read the difference, then run {ACCEPT}"


if __name__ == "__main__":
    GOLDEN.write_text(raised(), encoding="utf-8")
