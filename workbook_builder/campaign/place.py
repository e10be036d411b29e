"""Where a campaign is, and which forms it has: what is known of it before it is read."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from workbook_builder.definition.registry import Forms

SETTINGS = "campaign.toml"
FORMS = "forms"
"""Where a campaign may bring definitions of its own: ``<form>/<edition>/``."""


def campaign_around(file: Path) -> Path | None:
    """The folder of the campaign that a file lies in, if it does."""
    for parent in Path(os.path.realpath(file)).parents:
        # A folder further up need not be ours to look into.
        with contextlib.suppress(OSError):
            if (parent / SETTINGS).is_file():
                return parent
    return None


def forms_at(path: Path) -> Forms:
    """The forms of the campaign that is in a folder, or will be."""
    return Forms.shipped().below(path / FORMS)
