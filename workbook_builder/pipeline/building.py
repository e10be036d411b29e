"""``build``: the outbox, one workbook for each reporting unit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from workbook_builder.campaign.files import write_keeping
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.unit import Unit
from workbook_builder.pipeline.recording import record_built
from workbook_builder.pipeline.workers import Progress, each, silent
from workbook_builder.workbook.build import build_workbook


@dataclass(frozen=True)
class Built:
    """What ``build`` did: the files, and which of them are new or changed."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    unrecorded: CampaignError | None = None
    """Why the record could not be written; the workbooks are there all the same."""


def build(folder: Folder, progress: Progress = silent) -> Built:
    """Writes one workbook for each reporting unit into the outbox.

    A workbook that is already there and would change is put aside, not lost.
    """
    expected = folder.expected()
    units = expected.roster.reporting
    form = expected.form
    jobs = [
        (
            unit,
            expected.last_period.get(unit.code, {}),
            expected.said_last_period.get(unit.code, {}),
        )
        for unit in units
    ]
    files, changed = [], []
    make = partial(_build_one, expected.campaign, form)
    for index, (unit, data) in enumerate(zip(units, each(make, jobs), strict=True), 1):
        path = folder.outbox / workbook_name(expected.campaign, form, unit)
        files.append(path)
        if write_keeping(path, data):
            changed.append(path)
        progress(index, len(units))
    made = {
        unit.code: (path, made_of(expected, unit))
        for unit, path in zip(units, files, strict=True)
    }
    return Built(tuple(files), tuple(changed), record_built(folder, made))


def made_of(expected: Expected, unit: Unit) -> str:
    """What tells whether a unit would have to be given another workbook today.

    A fingerprint of the settings, the unit's name and type, figures and texts of the
    period before. Where it is reached may be mended without building anew: what is pre-filled
    of that, the unit itself reads and corrects.
    """
    # Whom the office speaks for one level up is no unit's business.
    campaign = replace(expected.campaign, unit_code="")
    last_period = sorted(expected.last_period.get(unit.code, {}).items())
    said = sorted(expected.said_last_period.get(unit.code, {}).items())
    whole = (campaign, unit.code, unit.name, unit.type, last_period, said)
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


_Job = tuple[Unit, Mapping[str, Decimal], Mapping[str, str]]


def _build_one(campaign: Campaign, form: Form, job: _Job) -> bytes:
    unit, last_period, said = job
    answers = Answers(fields=_known_already(form, unit, said))
    return build_workbook(form, unit, campaign, answers, last_period=last_period)


def _known_already(form: Form, unit: Unit, said: Mapping[str, str]) -> dict[str, str]:
    """What the report's preamble prints and nobody need ask again.

    The roster is of now, so it outranks what the unit said the last time. The public
    is never given a clerk's mobile number.
    """
    roster = {
        "phone": "" if _is_mobile(unit.phone) else unit.phone,
        "email": "；".join(unit.emails[:1]),
    }
    known = {
        field.id: roster.get(field.prefill, "") or said.get(field.id, "")
        for field in form.fields
    }
    return {id_: text for id_, text in known.items() if text}


def _is_mobile(phone: str) -> bool:
    """Whether a number is of a mobile telephone: 11 digits that begin with 13 to 19."""
    digits = re.sub(r"[\s()（）+-]", "", phone).removeprefix("86")
    return re.fullmatch(r"1[3-9][0-9]{9}", digits) is not None
