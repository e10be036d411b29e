"""Where the work is done: here, or by the workers of a cluster that is there."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from workbook_builder.bounds.elsewhere import is_elsewhere
from workbook_builder.campaign.program import program


def computed_by(scheduler: str = "") -> AbstractContextManager[None]:
    """Within it, files are read by the workers of that Dask scheduler; with none, here.

    What comes of them is the same. Raises CampaignError where nobody answers.
    """
    if not scheduler:
        return nullcontext()
    # Whoever works alone waits for no library of clusters.
    from workbook_builder.bounds.cluster import cluster

    return cluster(scheduler, program)


def place_of(said: str) -> Path | str:
    """A path of this computer, or an address, which stays a text."""
    return said if is_elsewhere(said) else Path(said)
