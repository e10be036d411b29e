"""What ``form.toml`` and ``checks.toml`` may say, key by key.

msgspec turns the parsed TOML into these records and names the key of anything
missing, misspelt or of the wrong type.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workbook_builder.model.period import Frequency

#: Part of a permanent id. A rule must be able to say it, so it is no word of the
#: expression language that stands alone.
Id = Annotated[
    str, Meta(pattern=r"^(?!(year|quarter|month|unit_type|it)$)[a-z][a-z0-9_]*$")
]
FourDigits = Annotated[int, Meta(ge=1000, le=9999)]
Labels = Annotated[tuple[str, ...], Meta(min_length=1)]


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """A TOML table; a key that is not listed is refused."""


class RowEntry(Entry):
    id: Id
    labels: Labels
    meaning: str = ""


class ColumnEntry(Entry):
    id: Id
    labels: Labels
    type: str
    span: Annotated[int, Meta(ge=1)] = 1
    meaning: str = ""


class BlockEntry(Entry):
    columns: Annotated[tuple[ColumnEntry, ...], Meta(min_length=1)]
    rows: Annotated[tuple[RowEntry, ...], Meta(min_length=1)]
    band: str = ""
    head: str = ""


class TableEntry(Entry):
    id: Id
    title: str
    sheet: str
    widths: tuple[float, ...]
    blocks: Annotated[tuple[BlockEntry, ...], Meta(min_length=1)]
    side_by_side: bool = False
    landscape: bool = False
    stub_columns: int = 1
    page_widths: tuple[float, ...] = ()


class AlsoEntry(Entry):
    """The same amount in a smaller unit: 1 万元 is 10,000 元."""

    unit: str
    times: Annotated[int, Meta(ge=2)]


class TypeEntry(Entry):
    name: str
    unit: str
    decimals: Annotated[int, Meta(ge=0)]
    maximum: Annotated[int, Meta(ge=1)]
    minimum: int = 0
    also: AlsoEntry | None = None


class NarrativeEntry(Entry):
    id: Id
    section: str
    title: str
    hint: str = ""
    minimum: int = 1


class FieldEntry(Entry):
    id: Id
    group: Literal["preamble", "signature"]
    title: str
    hint: str = ""
    prefill: Literal["", "phone", "email"] = ""
    in_report: str = ""
    is_date: bool = False


class ExplanationEntry(Entry):
    minimum: int
    empty: tuple[str, ...]


class SentenceEntry(Entry):
    text: str
    says: str
    when: str = ""


class ReportEntry(Entry):
    """``{name}`` in a line is a slot, or in ``says`` also an amount of cells."""

    title: Annotated[tuple[str, ...], Meta(min_length=1)]
    preamble: tuple[str, ...]
    signature: tuple[str, ...]
    order: tuple[str, ...]
    sentences: tuple[SentenceEntry, ...] = ()
    called: dict[str, tuple[str, ...]] = {}


class ChartEntry(Entry):
    kind: Literal["parts", "units", "years"]
    title: str
    cells: Annotated[tuple[str, ...], Meta(min_length=1)]
    labels: Literal["row", "column"] = "row"
    level: int = -1
    names: tuple[str, ...] = ()


class SampleEntry(Entry):
    """A made-up unit, of the words ``unit_types`` allows."""

    code: str
    name: str
    parent: str = ""
    type: str = ""
    contact: str = ""
    phone: str = ""
    emails: tuple[str, ...] = ()
    reports: bool | None = None


class DueEntry(Entry):
    """So many days after the end of a period; ``source`` says who wants that."""

    days: Annotated[int, Meta(ge=1)]
    source: str


class FormFile(Entry):
    """``form.toml``. Which periods an edition serves, its head says.

    ``last_year`` is only for a form that comes to an end: without it an edition serves
    until the next one begins. ``default`` marks the form to take where none is named.
    """

    form: str
    edition: str
    title: str
    authority: str
    first_year: FourDigits
    types: dict[str, TypeEntry]
    tables: tuple[TableEntry, ...]
    explanation: ExplanationEntry
    narratives: tuple[NarrativeEntry, ...] = ()
    fields: tuple[FieldEntry, ...] = ()
    unit_types: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = {}
    report: ReportEntry | None = None
    charts: tuple[ChartEntry, ...] = ()
    last_year: FourDigits | None = None
    period: Frequency = Frequency.YEAR
    default: bool = False
    due: DueEntry | None = None
    reported_elsewhere: tuple[str, ...] = ()
    sample: tuple[SampleEntry, ...] = ()


class CheckEntry(Entry):
    code: Annotated[str, Meta(pattern=r"^[A-Z][A-Za-z0-9]*$")]
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


class ChecksFile(Entry):
    """``checks.toml``."""

    checks: tuple[CheckEntry, ...]


class LayoutFile(Entry):
    """``layouts/<fingerprint>.toml``: places as ``表二!B6``, words by their place."""

    cells: dict[str, str]
    declarations: dict[str, str]
    titles: dict[str, str]
    labels: dict[str, str]
    texts: dict[str, str] = {}
    fields: dict[str, str] = {}
    headings: dict[str, str] = {}
    reasons: str = ""
    pasted: dict[str, str] = {}
    paragraphs: int = 1
    explanations: dict[str, str] = {}
