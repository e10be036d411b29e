"""Whether the results are what would be made now: then nothing is made.

Every output is made from the Summary alone, by this program. Where they are of the same
Summary and nobody touched them since, they are left as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress

import msgspec

from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.generated import Generated
from workbook_builder.campaign.program import definitions, program
from workbook_builder.campaign.spool import apart
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.summary import Summary

NAME = ".made.json"


class MadeResults(msgspec.Struct, frozen=True):
    """What a run made: the files, of what, and what it could not make."""

    of: str
    files: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Extras that were not installed."""
    seal: str = ""


def made_before(folder: Folder, of: str) -> MadeResults | None:
    """What was made of the same, if all of it is there as it was written."""
    try:
        made = msgspec.json.decode((folder.path / NAME).read_bytes(), type=MadeResults)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    whole = Generated(folder.results, digests=folder.digests).is_whole(made.files)
    return made if made.of == of and whole else None


def note_made(folder: Folder, made: MadeResults) -> None:
    """For the next run, which makes everything anew where this cannot be written."""
    with suppress(CampaignError):
        write_atomically(folder.path / NAME, msgspec.json.encode(made))


def of_summary(summary: Summary, folder: Folder) -> str:
    """A fingerprint of what results are made from."""
    total = hashlib.sha256(f"{program()} {definitions(folder.forms)}".encode())
    encoder = msgspec.msgpack.Encoder(order="deterministic")
    for each in _about(summary):
        total.update(encoder.encode(each))
    return total.hexdigest()


def _about(summary: Summary) -> Iterator[object]:
    """One thing after another: of very many returns not all at once. What a return says
    is known by its bytes and this program."""
    yield from (summary.campaign, summary.roster.source, summary.controls)
    yield from (summary.decisions, len(summary.submissions))
    yield from summary.roster.units
    yield from summary.roster.gone
    yield from (apart(each)[0] for each in summary.submissions)
    for files in (summary.standing, summary.counted):
        yield from ((unit, each.path, each.sha256) for unit, each in files.items())
        yield "."
    for known in (
        summary.returned,
        summary.last_period,
        summary.covers,
        summary.publications,
    ):
        yield from known.items()
        yield "."
