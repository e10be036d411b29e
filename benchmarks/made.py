"""What is measured: returns that are accepted, made from a seed, the same every time."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

from workbook_builder.campaign.folder import Folder, create
from workbook_builder.definition.registry import Forms
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.period import Period
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import number
from workbook_builder.outputs.report import Contents, report
from workbook_builder.outputs.report_docx import docx
from workbook_builder.workbook.build import book, build_workbook
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.plan import Book

FORM = Forms.shipped().edition("disclosure", "2021")
CAMPAIGN = Campaign(
    "bench", FORM.id, FORM.edition, Period(2025), "某区人民政府办公室", key="k"
)
TEXT = "本年度按照要求做好本项工作，情况正常。"


def units(count: int) -> list[Unit]:
    return [Unit(f"U{n:06}", f"单位{n}", "R", "部门") for n in range(count)]


def answers(unit: Unit) -> Answers:
    """A return that is accepted: every application was granted."""
    chance = random.Random(unit.code)
    values = {cell.id: number(0) for cell in FORM.inputs}
    for column in ("natural", "business"):
        count = chance.randrange(0, 5000)
        values[f"applications.received.{column}"] = number(count)
        values[f"applications.granted.{column}"] = number(count)
    values["proactive.penalties.decisions"] = number(chance.randrange(0, 100_000))
    return Answers(
        values=values,
        texts={text.id: TEXT for text in FORM.narratives},
        fields={field.id: "示例" for field in FORM.fields},
    )


def last_period(unit: Unit) -> dict[str, Decimal]:
    chance = random.Random(f"{unit.code} before")
    return {cell.id: Decimal(chance.randrange(0, 2000)) for cell in FORM.inputs}


def blank(unit: Unit) -> bytes:
    """What ``build`` sends to a unit."""
    return build_workbook(FORM, unit, CAMPAIGN, last_period=last_period(unit))


def planned(unit: Unit) -> Book:
    """The same as values, before it is written."""
    return book(Job(FORM, unit, CAMPAIGN, last_period=last_period(unit)))


def returned(unit: Unit) -> bytes:
    return build_workbook(FORM, unit, CAMPAIGN, answers(unit))


def published(unit: Unit) -> bytes:
    """The annual report that a unit publishes, in Word."""
    assert FORM.wording is not None
    said = answers(unit)
    told = facts(FORM, said)
    figures = {id_: fact.number or Decimal(0) for id_, fact in told.items()}
    contents = Contents(unit.name, CAMPAIGN.period, figures, said.texts, {})
    return docx(report(FORM, FORM.wording, contents))


def campaign(path: Path, count: int) -> Folder:
    """A campaign with as many returns in its inbox."""
    known = units(count)
    roster = Roster((Unit("R", "某区", type="区县"), *known))
    folder = create(path, CAMPAIGN, roster)
    for unit in known:
        (folder.inbox / f"{unit.code}.xlsx").write_bytes(returned(unit))
    return folder
