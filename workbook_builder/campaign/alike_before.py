"""Which units wrote the same texts, as it was found the last time: of the same returns,
read by the same program under the same circumstances, it is not looked for again.

Without what is kept here, or where it is damaged, all texts are compared, with the same
result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress

import msgspec

from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.read_before import circumstances
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.expected import Expected
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster
from workbook_builder.rules.alike import Alike, FindAlike

NAME = ".alike.json"

_Found = tuple[Alike, ...]


class _Kept(msgspec.Struct, frozen=True):
    """``of`` is the fingerprint of what it was found in, and of ``found`` itself."""

    of: str
    found: _Found


def alike_before(
    folder: Folder, expected: Expected, look: FindAlike, *, keep: bool
) -> FindAlike:
    """What ``look`` finds, or found the last time; ``keep`` is for who may write it down."""
    file = folder.path / NAME

    def find(form: Form, roster: Roster, standing: Mapping[str, Submission]) -> _Found:
        about = _fingerprint(circumstances(expected, folder.forms), standing)
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
            if kept.of == _of(about, kept.found):
                return kept.found
        found = tuple(look(form, roster, standing))
        if keep:
            with suppress(CampaignError, ValueError):  # half a character
                kept = _Kept(_of(about, found), found)
                write_atomically(file, msgspec.json.encode(kept))
        return found

    return find


def _fingerprint(about: str, standing: Mapping[str, Submission]) -> str:
    """What a return says is known by its bytes and name, and by what it is judged with."""
    total = hashlib.sha256(about.encode())
    for code in sorted(standing):
        each = standing[code]
        total.update(repr((code, each.path, each.sha256)).encode())
    return total.hexdigest()


def _of(about: str, found: _Found) -> str:
    return hashlib.sha256(f"{about}{found!r}".encode()).hexdigest()
