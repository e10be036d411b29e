"""``init DIR --from OLD``: the next campaign, with what this one leaves it."""

from __future__ import annotations

import csv
import io
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from workbook_builder.campaign.decisions import decided, decisions
from workbook_builder.campaign.files import files_below, write_atomically
from workbook_builder.campaign.folder import Folder, lay_out, new_id, roster_files
from workbook_builder.campaign.last_period import CELL, PERIOD, UNIT, VALUE, YEAR
from workbook_builder.campaign.place import FORMS, SETTINGS, forms_at
from workbook_builder.campaign.renewal import Setting, months_on, renewed
from workbook_builder.model.decision import Ruling
from workbook_builder.model.period import Period, day_words
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import plain
from workbook_builder.outputs import records
from workbook_builder.outputs.csv_file import csv_file
from workbook_builder.pipeline.collecting import FACTS, FIELDS
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.surveying import survey

#: The sum of all units, for the district's own return.
OWN = "total.csv"
#: How many units a sentence names.
NAMED = 10


@dataclass(frozen=True)
class Renewed:
    """The new folder, what was taken along, and what there was not."""

    folder: Folder
    taken: tuple[Text, ...]
    missing: tuple[Text, ...]


def renew(
    path: Path, old: Folder, period: Period | None = None, progress: Progress = silent
) -> Renewed:
    """A campaign for the next period (or ``period``) with settings, roster, figures and
    fields of an old one, which is not changed.

    The figures are those of its results, as published; where nothing was collected
    yet, of the returns that count now. Raises CampaignError where the old campaign
    cannot be used, before anything is made.
    """
    campaign, roster = old.campaign(), old.roster()
    period = campaign.period.later(1) if period is None else period
    forms = forms_at(path) if (path / FORMS).is_dir() else old.forms
    file = old.path / SETTINGS
    text = file.read_text(encoding="utf-8-sig")
    changes: dict[str, Setting] = {
        "id": new_id(path, period),
        **_when(text, period),
        "edition": forms.of(campaign.form, period).edition,
        "stamp_key": secrets.token_hex(16),
        # The figures that are taken along are by the units there are now.
        **({"reorganised": "；".join(roster.successors)} if roster.successors else {}),
        **({"rollup_key": campaign.sealing} if campaign.sealing else {}),
    }
    months = period.months_since(campaign.period)
    days = {"deadline": campaign.deadline, "publish_by": campaign.publish_by}
    changes |= {key: months_on(day, months) for key, day in days.items() if day}
    settings = renewed(text, changes, file)
    lists = _lists(old, progress) if period.before == campaign.period else {}

    lay_out(path, period)
    for name, data in lists.items():
        write_atomically(path / period.frequency.folder / name, data)
    if not (path / FORMS).is_dir():
        for definition in files_below(old.path / FORMS):
            target = path / definition.relative_to(old.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, definition.read_bytes())
    (before,) = roster_files(old.path)
    if not roster_files(path):  # one that is there may be somebody's work
        write_atomically(path / before.name, before.read_bytes())
    write_atomically(path / SETTINGS, settings.encode())
    made = Folder(path)
    keys = [e for e in decisions(old.history()) if e.decision.ruling is Ruling.TRUST]
    if agreed := [decided(each.decision) for each in keys if each.in_force]:
        with made.record() as record:
            record.append(*agreed)
    _add_own(made, roster.roots)
    return Renewed(made, tuple(_taken(made)), tuple(_missing(made, lists)))


def _when(settings: str, period: Period) -> dict[str, Setting]:
    """The period under the key it has in settings that may be of an earlier version."""
    if "year" in tomllib.loads(settings):
        return {"year": period.year}
    return {"period": str(period)}


def _lists(old: Folder, progress: Progress) -> dict[str, bytes]:
    """Figures and fields as CSV: from the results, else from what is in the inbox."""
    found = {
        name: (old.results / name).read_bytes()
        for name in (FACTS, FIELDS)
        if (old.results / name).is_file()
    }
    if len(found) == 2 or not any(files_below(old.inbox)):
        return found
    summary, _ = survey(old, old.expected(), old.history(), progress)
    fresh = {
        FACTS: csv_file(records.FACTS, records.fact_records(summary)),
        FIELDS: csv_file(records.FIELDS, records.field_records(summary)),
    }
    return {**fresh, **found}


def _add_own(made: Folder, roots: tuple[Unit, ...]) -> None:
    """What the district itself reported: the sum of all that counted."""
    figures = made.last_period()
    if len(roots) != 1 or not figures or roots[0].code in figures:
        return
    sums: dict[str, Decimal] = {}
    for cells in figures.values():
        for id_, amount in cells.items():
            sums[id_] = sums.get(id_, Decimal(0)) + amount
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow((UNIT, YEAR, PERIOD, CELL, VALUE))
    last = made.campaign().period.before
    writer.writerows(
        (roots[0].code, last.year, last, id_, plain(sums[id_])) for id_ in sums
    )
    write_atomically(made.last / OWN, buffer.getvalue().encode("utf-8-sig"))


def _taken(made: Folder) -> Iterator[Text]:
    campaign, roster, before = made.campaign(), made.roster(), made.before()
    often = campaign.period.frequency
    due = day_words(campaign.deadline) if campaign.deadline else "未定"
    yield Text(
        f"设置：{campaign.period.full_words}，任务编号 {campaign.id}，截止日期{due}，"
        "确认报送表来源的信息是新的，其余照旧。",
        f"Settings: period {campaign.period}, id {campaign.id}, deadline "
        f"{campaign.deadline or 'none'}, a new key; the rest as before.",
    )
    yield Text(
        f"单位名录：{len(roster.units)} 个单位，其中 {len(roster.reporting)} 个填报。",
        f"Roster: {len(roster.units)} units, {len(roster.reporting)} of them report.",
    )
    if excused := [unit.name for unit in roster.units if unit.is_excused]:
        yield Text(
            f"名录里“免报”的单位照旧：{'、'.join(excused)}。这一期要报的，请在名录里清空。",
            f"Excused by the roster as before: {', '.join(excused)}; clear 免报 where a "
            "return is due this time.",
        )
    for what, en, known in (
        (often.last_figures, f"Figures of last {often}", before.figures),
        ("地址、邮编、电话等单位信息", "Addresses and telephones", before.said),
    ):
        if having := _of(made, known, having=True):
            yield Text(f"{what}：{len(having)} 个单位。", f"{en}: {len(having)} units.")


def _missing(made: Folder, lists: Mapping[str, bytes]) -> Iterator[Text]:
    before, often = made.before(), made.campaign().period.frequency
    if not lists:
        yield Text(
            f"没有{often.last_figures}：{often.last}任务没有结果，也没有收到报送表。"
            f"有的，请放进 {often.folder} 再运行 build。",
            f"No figures of last {often}: neither results nor returns were there. "
            f"Put them into {often.folder} and build.",
        )
        return
    for what, en, known in (
        (often.last_figures, "figures", before.figures),
        ("单位信息", "addresses", before.said),
    ):
        if lacking := _of(made, known, having=False):
            names = "、".join(unit.name for unit in lacking[:NAMED])
            more = f"等 {len(lacking)} 个单位" if len(lacking) > NAMED else ""
            yield Text(
                f"没有{what}的：{names}{more}。",
                f"Without {en}: {names}" + (f" … ({len(lacking)})." if more else "."),
            )


def _of(made: Folder, known: Mapping[str, object], *, having: bool) -> list[Unit]:
    return [
        unit for unit in made.roster().reporting if bool(known.get(unit.code)) is having
    ]
