"""What is measured: returns that are accepted, made from a seed, the same every time."""

from __future__ import annotations

import random
from dataclasses import replace
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
#: Texts are sentences of such words, put together at random: together 1,700 characters,
#: as in the report that a street office publishes, and unlike those of any other unit.
WORDS = (
    "公开信息政府工作制度审核发布单位部门群众政策解读网站栏目更新培训业务指导监督考核"
    "保障机制流程办理答复申请受理文书规范质量服务平台建设管理主动及时准确内容目录清单"
    "领域重点民生教育医疗就业环境财政预算项目采购咨询意见回应会议计划"
)
LAST = "存在的问题是更新不够及时，下一步将加强督促，改进解读方式。"


def units(count: int) -> list[Unit]:
    return [Unit(f"U{n:06}", f"单位{n}", "R", "部门") for n in range(count)]


def roster(count: int) -> Roster:
    return Roster((Unit("R", "某区", type="区县"), *units(count)))


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
        texts={text.id: _text(chance) for text in FORM.narratives},
        fields={field.id: "示例" for field in FORM.fields},
    )


def _text(chance: random.Random) -> str:
    words = [WORDS[at : at + 2] for at in range(0, len(WORDS), 2)]
    said = ("".join(chance.choices(words, k=9)) for _ in range(12))
    return f"{CAMPAIGN.period.year}年，{'，'.join(said)}。{LAST}"


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


def mistaken(unit: Unit) -> bytes:
    """The same with one to three figures that do not agree with the others."""
    said, chance = answers(unit), random.Random(f"{unit.code} mistaken")
    typed = chance.sample([cell.id for cell in FORM.inputs], chance.randrange(1, 4))
    odd = {id_: number(chance.randrange(1, 50)) for id_ in typed}
    return build_workbook(
        FORM, unit, CAMPAIGN, replace(said, values={**said.values, **odd})
    )


def published(unit: Unit) -> bytes:
    """The annual report that a unit publishes, in Word."""
    assert FORM.wording is not None
    said = answers(unit)
    told = facts(FORM, said)
    figures = {id_: fact.number or Decimal(0) for id_, fact in told.items()}
    contents = Contents(unit.name, CAMPAIGN.period, figures, said.texts, {})
    return docx(report(FORM, FORM.wording, contents))


def campaign(path: Path, count: int, accepted: int | None = None) -> Folder:
    """A campaign with as many returns in its inbox, of which so many are accepted, or
    all."""
    folder = create(path, CAMPAIGN, roster(count))
    for at, unit in enumerate(units(count)):
        made = returned if accepted is None or at < accepted else mistaken
        (folder.inbox / f"{unit.code}.xlsx").write_bytes(made(unit))
    return folder
