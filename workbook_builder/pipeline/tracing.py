"""``trace``: from a published total back to files and cells.

It reads what ``collect`` wrote, so it explains the figures that were published, and
then says whether the inbox and 汇总.xlsx are still those.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from workbook_builder.campaign.files import files_below, shown
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.published import Published
from workbook_builder.formats.grid import read_grid
from workbook_builder.intake import unpack
from workbook_builder.model.errors import CampaignError, UnreadableFile
from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawKind
from workbook_builder.model.values import from_double
from workbook_builder.pipeline.collecting import DATABASE, SUMMARY
from workbook_builder.reading.apart import read_apart
from workbook_builder.rules.trace import Trace
from workbook_builder.workbook.place import place

SUGGESTIONS = 5
_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}$")


@dataclass(frozen=True)
class Traced:
    """A trace, and what is no longer as it was when the results were made.

    ``changed`` and ``gone`` are contributors' files whose bytes are others or that are
    not in the inbox any more; ``new`` are files that came since. ``in_workbook`` is
    the figure 汇总.xlsx shows now; None for a branch, or where it cannot be read.
    """

    trace: Trace
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    in_workbook: Decimal | None

    @property
    def differs_from_workbook(self) -> bool:
        """Whether somebody changed 汇总.xlsx, its switches for example."""
        return self.in_workbook is not None and self.in_workbook != self.trace.recorded

    @property
    def is_clean(self) -> bool:
        """Exact, and nothing has changed since."""
        since = self.changed or self.gone or self.new
        return self.trace.is_exact and not since and not self.differs_from_workbook


def trace(folder: Folder, cell: str, unit: str = "") -> Traced:
    """Who contributed what to one cell.

    ``cell`` is an id or an address such as ``表三 J7``; ``unit`` the code or name of a
    unit, for it and all below it. Raises CampaignError for a cell or unit that is not
    there, with the nearest ones.
    """
    form = folder.form()
    id_ = cell_of(form, cell)
    published = Published(folder.results / DATABASE)
    found = published.trace(id_, _unit(published, unit))
    on_disk = {
        shown(path.relative_to(folder.inbox)): path
        for path in files_below(folder.inbox)
    }
    now = _hashes(on_disk, {each.file for each in found.contributors})
    known = {part for name in published.files for part in _outer(name)}
    return Traced(
        found,
        changed=tuple(
            each.file
            for each in found.contributors
            if now.get(each.file, each.sha256) != each.sha256
        ),
        gone=tuple(e.file for e in found.contributors if e.file not in now),
        new=tuple(sorted(on_disk.keys() - known)),
        in_workbook=None if unit else _shown_in(folder.results / SUMMARY, form, found),
    )


def cell_of(form: Form, text: str) -> str:
    """The cell id that an id or an address means. Raises CampaignError for none."""
    wanted = text.strip()
    if wanted.lower() in form.cells:
        return wanted.lower()
    by_address = {
        (spot.sheet, spot.address): id_ for id_, spot in place(form).cells.items()
    }
    sheet, address = _split(wanted)
    found = by_address.get((sheet, address))
    if found:
        return found
    near = _near(form, wanted, sheet)
    raise CampaignError(
        f"没有“{text}”这个指标单元。相近的有：{'、'.join(near)}。"
        f"全部编号和地址：workbook-builder form show {form.id}",
        f"There is no cell “{text}”. Near it: {', '.join(near)}. "
        f"All of them: workbook-builder form show {form.id}",
    )


def _split(wanted: str) -> tuple[str, str]:
    """Sheet and address of ``'表二'!$D$7``, ``表二！D7`` or ``表二 D7``."""
    plain = wanted.replace("'", "").replace("$", "")
    found = _ADDRESS.search(plain)
    if found is None:
        return "", ""
    return plain[: found.start()].rstrip("!！ \t"), found[0].upper()


def _near(form: Form, wanted: str, sheet: str) -> list[str]:
    """Ids like what was typed, by spelling, by label, or of the sheet that was named."""
    close = get_close_matches(wanted.lower(), form.cells, SUGGESTIONS, 0.5)
    labelled = [cell.id for cell in form.cells.values() if wanted in cell.name]
    named = [id_ for id_, spot in place(form).cells.items() if spot.sheet == sheet]
    found = close or labelled or named or list(form.cells)
    layout = place(form)
    return [
        f"{id_}（{layout.cells[id_].sheet} {layout.cells[id_].address}）"
        for id_ in found[:SUGGESTIONS]
    ]


def _unit(published: Published, wanted: str) -> str:
    if not wanted or wanted in published.units:
        return wanted
    by_name = [each.code for each in published.units.values() if each.name == wanted]
    if len(by_name) == 1:
        return by_name[0]
    named = {f"{each.code} {each.name}": each for each in published.units.values()}
    near = [text for text in named if wanted in text]
    near = near or get_close_matches(wanted, named, SUGGESTIONS, 0.3) or list(named)
    raise CampaignError(
        f"名录里没有“{wanted}”。相近的有：{'、'.join(near[:SUGGESTIONS])}。",
        f"There is no unit “{wanted}”. Near it: {', '.join(near[:SUGGESTIONS])}.",
    )


def _outer(name: str) -> list[str]:
    """A file as results name it, and the archives and mails it may have come in."""
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _hashes(on_disk: Mapping[str, Path], wanted: Set[str]) -> dict[str, str]:
    """SHA-256 of the wanted files that are there, also within archives and mails."""
    found: dict[str, str] = {}
    sources = {part for name in wanted for part in _outer(name)} & on_disk.keys()
    for name in sorted(sources):
        try:
            data = on_disk[name].read_bytes()
        except OSError:
            continue
        if name in wanted:
            found[name] = _sha256(data)
            continue
        with contextlib.suppress(UnreadableFile):
            found |= read_apart(_hashes_within, name, data)
    return {name: digest for name, digest in found.items() if name in wanted}


def _hashes_within(name: str, data: bytes) -> dict[str, str]:
    return {leaf.path: _sha256(leaf.data) for leaf in unpack(name, data)}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _shown_in(workbook: Path, form: Form, trace: Trace) -> Decimal | None:
    """What the official table in 汇总.xlsx shows for the cell."""
    try:
        book = read_apart(read_grid, workbook.read_bytes(), {trace.sheet})
    except (OSError, UnreadableFile):
        return None
    sheet, spot = book.sheet(trace.sheet), place(form).cells[trace.cell]
    raw = sheet.cells.get((spot.row, spot.column)) if sheet else None
    if raw is None or raw.kind is not RawKind.NUMBER:
        return None
    return from_double(raw.value, form.cells[trace.cell].type.decimals)
