"""``build``: the outbox, one workbook for each reporting unit."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from workbook_builder.bounds.many import each
from workbook_builder.campaign.codes import spoilt
from workbook_builder.campaign.files import put_aside, write_keeping
from workbook_builder.campaign.folder import Folder
from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import (
    CampaignError,
    RosterError,
    UnreadableFile,
    reason,
)
from workbook_builder.model.event import Happening
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.naming import workbook_name
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit, office_phone
from workbook_builder.pipeline.progress import Progress, silent
from workbook_builder.pipeline.recording import Events, last_of, record_built
from workbook_builder.reading.apart import stamp_of
from workbook_builder.rules.precautions import precautions
from workbook_builder.rules.shape import shape
from workbook_builder.workbook.build import build_workbook


@dataclass(frozen=True)
class Built:
    """What ``build`` did: the files, and which of them are new or changed."""

    files: tuple[Path, ...]
    changed: tuple[Path, ...]
    unrecorded: CampaignError | None = None
    """Why the record could not be written; the workbooks are there all the same."""
    precautions: tuple[Text, ...] = ()
    """What the office should look at before it sends them."""
    tree: tuple[Text, ...] = ()
    """What became of the roster."""
    past: tuple[Text, ...] = ()
    """What became of the files with figures of the period before."""
    gone: tuple[Path, ...] = ()
    """Workbooks of an earlier run that no unit is to get any more; they are among the
    older versions now."""


def build(folder: Folder, progress: Progress = silent) -> Built:
    """Writes one workbook for each reporting unit into the outbox.

    A workbook that is already there and would change is put aside, not lost.
    """
    expected, events = folder.expected(), folder.history()
    _prove_codes(expected.roster, last_of(Happening.BUILT, events))
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
    outbox = Outbox.of(folder, expected, ())
    made = {
        unit.code: (path, outbox.made_of(unit))
        for unit, path in zip(units, files, strict=True)
    }
    recorded = record_built(folder, made)
    gone = _gone(folder, events, files)
    tree = shape(expected.roster)
    return Built(
        tuple(files),
        tuple(changed),
        recorded,
        precautions(expected),
        tree,
        expected.past + expected.unused,
        gone,
    )


def _prove_codes(roster: Roster, built: Collection[str]) -> None:
    """That no code of a unit that had a workbook lost its zeros. Raises RosterError."""
    problems = tuple(
        Text(
            f"{roster.where(index)}：单位代码{wrong.zh}",
            f"{roster.where(index)}: code {wrong.en}",
        )
        for index, unit in enumerate(roster.units)
        if (wrong := spoilt(unit.code, built))
    )
    if problems:
        raise RosterError(roster.source, problems)


def _gone(folder: Folder, events: Events, files: Sequence[Path]) -> tuple[Path, ...]:
    """Puts aside what was built for units that are gone, or have another name now."""
    names = {
        event.detail["file"] for event in events if event.happening is Happening.BUILT
    } - {path.name for path in files}
    stale = [folder.outbox / Path(name).name for name in sorted(names)]
    stale = [path for path in stale if path.is_file()]
    for path in stale:
        put_aside(path)
    return tuple(stale)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What ``build`` made, and whether it would make the same today."""

    folder: Folder
    expected: Expected
    definition: str
    """What tells the form's definition from another of the same name."""
    built: Mapping[str, Mapping[str, str]]
    """Unit code → what the record says of its workbook."""

    @classmethod
    def of(cls, folder: Folder, expected: Expected, events: Events) -> Outbox:
        form = expected.form
        definition = folder.forms.digest(form.id, form.edition)
        return cls(folder, expected, definition, last_of(Happening.BUILT, events))

    def workbook(self, unit: Unit) -> bytes:
        """The unit's workbook as it was built.

        Raises CampaignError where there is none, where it is somebody else's, and where
        it is no longer what would be built.
        """
        name = workbook_name(self.expected.campaign, self.expected.form, unit)
        path = self.folder.outbox / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self._build(
                f"没有“{unit.name}”的报送表“{path}”（{reason(error)}）。",
                f"There is no workbook of {unit.code} at {path}: {error.strerror}.",
            ) from None
        if not self._is_of(unit, data):
            raise self._build(
                f"“{path}”不是本任务发给“{unit.name}”的报送表，没有发出任何邮件。",
                f"{path} is not the workbook of {unit.code} in this campaign; nothing "
                "was sent.",
            )
        if self.built.get(unit.code, {}).get("made_of") not in {
            None,
            self.made_of(unit),
        }:
            raise self._build(
                f"生成“{unit.name}”的报送表以后，campaign.toml、名录、上期数或者报表定义"
                "改过，表里的内容已经过时，没有发出任何邮件。",
                "The settings, the roster, past figures or the definition of the form "
                f"were changed after the workbook of {unit.code} was built; nothing was "
                "sent.",
            )
        return data

    def made_of(self, unit: Unit) -> str:
        """What tells whether a unit would have to be given another workbook today.

        A fingerprint of the settings, the unit's name and type, figures and texts of the
        period before, and the form. Where the unit is reached may be mended without
        building anew: what is pre-filled of that, the unit itself reads and corrects.
        """
        expected = self.expected
        # Whom the office speaks for one level up is no unit's business.
        campaign = replace(expected.campaign.of(unit), unit_code="")
        last_period = sorted(expected.last_period.get(unit.code, {}).items())
        said = sorted(expected.said_last_period.get(unit.code, {}).items())
        about = (campaign, unit.code, unit.name, unit.type)
        whole = (*about, last_period, said, self.definition)
        return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]

    def _is_of(self, unit: Unit, data: bytes) -> bool:
        """Whether the file under a unit's name is that unit's workbook."""
        try:
            stamp = stamp_of(data)
        except UnreadableFile:
            return False
        campaign = self.expected.campaign
        return (
            stamp is not None
            and (stamp.unit_code, stamp.campaign) == (unit.code, campaign.id)
            and stamp.is_signed_with(campaign.key)
        )

    def _build(self, zh: str, en: str) -> CampaignError:
        command = f"workbook-builder build {self.folder.path}"
        return CampaignError(
            f"{zh}请运行 {command}，再发。", f"{en} Run “{command}”, then send."
        )


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
        "phone": office_phone(unit.phone),
        "email": "；".join(unit.emails[:1]),
    }
    known = {
        field.id: roster.get(field.prefill, "") or said.get(field.id, "")
        for field in form.fields
    }
    return {id_: text for id_, text in known.items() if text}
