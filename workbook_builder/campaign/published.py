"""What ``collect`` published: read from ``facts.sqlite``, never from the inbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from workbook_builder.model.errors import CampaignError
from workbook_builder.rules.trace import Contributor, LeftOut, Trace

VERSION = "2"


@dataclass(frozen=True, slots=True)
class PublishedUnit:
    """A unit as it was when the results were made."""

    code: str
    name: str
    parent: str
    reports: bool
    counted: bool
    state: str


class Published:
    """The results of one ``collect``. Raises CampaignError where they are not whole."""

    def __init__(self, database: Path) -> None:
        if not database.is_file():
            raise CampaignError(
                f"还没有汇总结果（没有 {database.name}）。先运行 workbook-builder collect。",
                f"There are no results yet (no {database}); run collect first.",
            )
        self._path = database
        with self._open() as connection:
            meta = dict(_rows(connection, "SELECT key, value FROM meta"))
            if meta.get("version") != VERSION:
                raise self._unusable(f"version {meta.get('version')}")
            found = _rows(
                connection,
                "SELECT code, name, coalesce(parent, ''), reports, counted, state"
                " FROM units ORDER BY position",
            )
            self.units = {row[0]: PublishedUnit(*row) for row in found}
            self.files: Mapping[str, str] = dict(
                _rows(connection, "SELECT path, coalesce(sha256, '') FROM files")
            )
        self.meta = meta

    def trace(self, cell: str, node: str = "") -> Trace:
        """One cell of the whole, or of a unit and all below it. Both must exist."""
        below = self._below(node)
        with self._open() as connection:
            label, sheet, address, measure = _one(
                connection,
                "SELECT label, sheet, address, measure FROM cells WHERE id = ?",
                cell,
            )
            parts = [
                Contributor(code, name, _decimal(adds), file, sha256, edition)
                for code, name, adds, file, sha256, edition in _rows(
                    connection,
                    "SELECT units.code, units.name, facts.adds, files.path,"
                    " files.sha256, files.edition FROM units"
                    " JOIN facts ON facts.unit = units.code AND facts.cell = ?"
                    " JOIN files ON files.id = units.file"
                    " WHERE units.counted = 1 ORDER BY units.position",
                    cell,
                )
                if code in below
            ]
            left_out = _left_out(connection, below)
            covers = [
                (due, held)
                for code, due, held in _rows(
                    connection, "SELECT code, covers_due, covers_counted FROM units"
                )
                if code in below
            ]
            recorded = self._recorded(connection, cell, node, parts)
        name = self.units[node].name if node else self.meta["district"]
        return Trace(
            *(cell, label, sheet, address, measure, node, name),
            recorded,
            tuple(parts),
            left_out,
            sum(due for due, _ in covers),
            sum(held for _, held in covers),
        )

    def _below(self, node: str) -> set[str]:
        """A unit and all below it; every unit for the whole."""
        if not node:
            return set(self.units)
        below = {node}
        for code, unit in self.units.items():  # each unit follows the one above it
            if unit.parent in below:
                below.add(code)
        return below

    def _recorded(
        self,
        connection: sqlite3.Connection,
        cell: str,
        node: str,
        parts: list[Contributor],
    ) -> Decimal | None:
        has_branch = not node or any(u.parent == node for u in self.units.values())
        if not has_branch:  # a single return: what was read is what is recorded
            return next((each.amount for each in parts), None)
        found = _rows(
            connection,
            "SELECT value FROM totals WHERE unit IS ? AND cell = ?",
            node or None,
            cell,
        )
        return next((Decimal(row[0]) for row in found), None)

    def _open(self) -> closing[sqlite3.Connection]:
        try:
            uri = f"{self._path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True)
            connection.execute("SELECT count(*) FROM meta")
        except sqlite3.Error as error:
            raise self._unusable(str(error)) from None
        return closing(connection)

    def _unusable(self, why: str) -> CampaignError:
        return CampaignError(
            f"“{self._path.name}”无法读取（{why}）。请重新运行 workbook-builder collect。",
            f"{self._path} cannot be used ({why}); run collect again.",
        )


def _rows(
    connection: sqlite3.Connection, query: str, *bound: str | None
) -> Iterator[tuple[Any, ...]]:
    return iter(connection.execute(query, bound).fetchall())


def _left_out(connection: sqlite3.Connection, below: Set[str]) -> tuple[LeftOut, ...]:
    """Units whose return is missing, then those that are missing from a roll-up."""
    units = _rows(
        connection,
        "SELECT units.code, units.name, units.state, coalesce(files.path, '') FROM units"
        " LEFT JOIN files ON files.id = units.file"
        " WHERE reports = 1 AND counted = 0 AND covers_due > 0"
        " ORDER BY units.position",
    )
    rollups = _rows(
        connection,
        "SELECT units.code, units.name, missing, covers_counted, covers_due, files.path"
        " FROM units JOIN files ON files.id = units.file"
        " WHERE counted = 1 AND covers_counted < covers_due ORDER BY units.position",
    )
    return (
        *(LeftOut(*row) for row in units if row[0] in below),
        *(
            LeftOut(code, f"{name}的{missing}", f"上报表只含 {held}/{due} 个", file)
            for code, name, missing, held, due, file in rollups
            if code in below
        ),
    )


def _one(connection: sqlite3.Connection, query: str, *bound: str) -> tuple[Any, ...]:
    return next(_rows(connection, query, *bound))


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
