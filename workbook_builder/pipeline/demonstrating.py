"""The demo: a whole campaign on sample data, every file made by the real commands' code.

What stands for the clerks is data (``demo.toml`` beside the form): what each of them
types into the workbook that was built for the unit.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder, create
from workbook_builder.definition.registry import Forms
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import State, Value, number
from workbook_builder.pipeline.building import build
from workbook_builder.pipeline.collecting import Collection, collect
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.workbook.build import build_workbook

#: After the end of the period: when the first clerk sends, and when it is due.
SENT, DUE = timedelta(days=14), timedelta(days=20)


class _UnitEntry(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    name: str
    type: str
    story: str = ""
    cells: dict[str, str] = {}
    typed: dict[str, str] = {}
    declared: tuple[str, ...] = ()
    texts: dict[str, str] = {}
    fields: dict[str, str] = {}
    explanations: dict[str, str] = {}
    last_period: dict[str, str] = {}
    second: dict[str, str] = {}
    missing: bool = False


class DemoFile(msgspec.Struct, forbid_unknown_fields=True):
    """``demo.toml``: a district, its units and what each of them types."""

    period: str
    about: str
    about_en: str
    district: str
    contact: str
    phone: str
    email: str
    root: _UnitEntry
    texts: dict[str, str]
    fields: dict[str, str]
    units: tuple[_UnitEntry, ...]

    @property
    def roster(self) -> Roster:
        top = Unit(self.root.code, self.root.name, type=self.root.type)
        below = (
            replace(
                Unit(each.code, each.name, top.code, each.type),
                emails=(f"{each.code.lower()}@example.cn",),
            )
            for each in self.units
        )
        return Roster((top, *below))


@dataclass(frozen=True)
class Demo:
    """The folder that was made, what came of it, what it is about and each unit's
    story."""

    folder: Folder
    collection: Collection
    about: Text
    stories: Mapping[str, str]


def demo(path: Path, progress: Progress = silent, name: str = "") -> Demo:
    """Makes the campaign, builds, lets the clerks fill in, collects."""
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise CampaignError(
            f"“{path}”不是空文件夹，没有改动它。请换一个名字：workbook-builder demo 新文件夹",
            f"{path} is no empty folder and was left alone; name another one.",
        )
    form, source = sample(Forms.shipped(), name)
    period = Period.parse(source.period)
    campaign = Campaign(
        id=f"{period}-demo",
        form=form.id,
        edition=form.edition,
        period=period,
        district=source.district,
        deadline=period.last_day + DUE,
        contact=source.contact,
        phone=source.phone,
        email=source.email,
        key="demo",
    )
    folder = create(path, campaign, source.roster)
    write_last_period(folder, source)
    build(folder, progress)
    fill_in(form, folder, source)
    return Demo(
        folder,
        collect(folder, progress),
        Text(source.about, source.about_en),
        {each.code: each.story for each in source.units},
    )


def sample(forms: Forms, name: str) -> tuple[Form, DemoFile]:
    """The latest edition of a form that has sample data for a period it serves."""
    editions = forms.editions(name or forms.default())
    for edition in editions:
        file = edition.folder / "demo.toml"
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            source = msgspec.convert(tomllib.loads(text), DemoFile)
            if edition.may_serve(Period.parse(source.period)):
                return forms.edition(edition.form, edition.id), source
    raise CampaignError(
        f"“{editions[0].title}”没有演示数据。",
        f"The form {editions[0].form} has no sample data.",
    )


def write_last_period(folder: Folder, source: DemoFile) -> None:
    last = folder.campaign().period.before
    lines = ["unit,year,period,cell,value"]
    for each in source.units:
        lines += [
            f"{each.code},{last.year},{last},{cell},{value}"
            for cell, value in each.last_period.items()
        ]
    data = "\r\n".join(lines).encode("utf-8-sig")
    write_atomically(folder.last / "facts.csv", data)


def fill_in(form: Form, folder: Folder, source: DemoFile) -> None:
    """Each clerk's workbook in the inbox, the second version a week after the first."""
    expected = folder.expected()
    sent = datetime.combine(expected.campaign.period.last_day, time(9), CHINA) + SENT
    for each in source.units:
        if each.missing:
            continue
        versions: list[tuple[dict[str, str], str, int]] = [({}, "", 0)]
        if each.second:
            versions.append((each.second, "（第二版）", 7))
        for changes, suffix, days in versions:
            data = build_workbook(
                form,
                expected.roster.by_code[each.code],
                expected.campaign,
                _answers(form, source, each, changes),
                last_period=expected.last_period.get(each.code, {}),
            )
            path = folder.inbox / f"{each.name}{suffix}.xlsx"
            write_atomically(path, data)
            when = (sent + timedelta(days=days)).timestamp()
            os.utime(path, (when, when))
    write_atomically(folder.inbox / "~$区教育局（虚构）.xlsx", b"\x05demo" + b" " * 160)


def _answers(
    form: Form,
    source: DemoFile,
    each: _UnitEntry,
    changes: Mapping[str, str],
) -> Answers:
    """What a unit brought none of its own is invented."""
    figures = {**each.cells, **changes}
    values = {
        cell.id: number(Decimal(figures.get(cell.id, "0")))
        for cell in form.inputs
        if cell.table not in each.declared
    }
    values |= {id_: Value(State.TEXT, text=text) for id_, text in each.typed.items()}
    return Answers(
        values=values,
        declared=frozenset(each.declared),
        texts={**source.texts, **each.texts},
        fields=each.fields or source.fields,
        explanations=each.explanations,
    )
