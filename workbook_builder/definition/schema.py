"""What ``form.toml`` and ``checks.toml`` may say, key by key.

msgspec turns the parsed TOML into these records and names the key of anything
missing, misspelt or of the wrong type.
"""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, forbid_unknown_fields=True):
    """A TOML table; a key that is not listed is refused."""


class RowEntry(Record):
    id: str
    labels: tuple[str, ...]
    meaning: str = ""


class ColumnEntry(Record):
    id: str
    labels: tuple[str, ...]
    type: str
    span: int = 1
    meaning: str = ""


class BlockEntry(Record):
    columns: tuple[ColumnEntry, ...]
    rows: tuple[RowEntry, ...]
    band: str = ""
    head: str = ""


class TableEntry(Record):
    id: str
    title: str
    sheet: str
    widths: tuple[float, ...]
    blocks: tuple[BlockEntry, ...]
    side_by_side: bool = False
    landscape: bool = False
    stub_columns: int = 1
    note: str = ""


class TypeEntry(Record):
    unit: str
    decimals: int
    maximum: int


class NarrativeEntry(Record):
    id: str
    section: str
    title: str
    hint: str = ""
    minimum: int = 1


class FieldEntry(Record):
    id: str
    group: str
    title: str
    hint: str = ""


class ExplanationEntry(Record):
    minimum: int
    empty: tuple[str, ...]


class FormFile(Record):
    """``form.toml``."""

    form: str
    edition: str
    title: str
    authority: str
    first_year: int
    types: dict[str, TypeEntry]
    tables: tuple[TableEntry, ...]
    explanation: ExplanationEntry
    narratives: tuple[NarrativeEntry, ...] = ()
    fields: tuple[FieldEntry, ...] = ()
    unit_types: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    older_labels: dict[str, tuple[str, ...]] = {}


class CheckEntry(Record):
    code: str
    title: str
    title_en: str
    severity: str
    each: str | tuple[str, ...]
    rule: str
    source: str
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    table: str = ""
    only: tuple[str, ...] = ()
    except_: tuple[str, ...] = msgspec.field(default=(), name="except")
    defines_totals: bool = False


class ChecksFile(Record):
    """``checks.toml``."""

    checks: tuple[CheckEntry, ...]
