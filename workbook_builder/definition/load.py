"""Reads an edition from ``templates/`` and proves that it hangs together.

Everything a maintainer can get wrong here is refused with file, key and remedy;
what is merely odd is left to :mod:`workbook_builder.definition.lint`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

from workbook_builder.definition.checks import checks_of, totals_of
from workbook_builder.definition.entry import read_entry
from workbook_builder.definition.layouts import LayoutFiles
from workbook_builder.definition.schema import (
    BlockEntry,
    ChartEntry,
    ChecksFile,
    FormFile,
    TableEntry,
)
from workbook_builder.definition.wording import prove_texts, wording_of
from workbook_builder.model.errors import DefinitionError, RosterError
from workbook_builder.model.explanation import ExplanationRule
from workbook_builder.model.form import (
    Block,
    Cell,
    CellType,
    Chart,
    Column,
    Due,
    Field,
    Form,
    Kind,
    Narrative,
    Row,
    Table,
)
from workbook_builder.model.unit import Roster, Unit

MOST_COLUMNS = 26
MOST_STEPS = 10**15
"""Below this every multiple of a cell's step is exact in a spreadsheet."""


def templates_root() -> Path:
    """Where the forms are: inside the installed package, or beside it in a checkout."""
    packaged = Path(str(files("workbook_builder"))) / "templates"
    return packaged if packaged.is_dir() else packaged.parent.parent / "templates"


def load_folder(folder: Path) -> Form:
    """The form that is defined in that folder, with all that is part of it proved."""
    return proved(read_folder(folder))


def proved(form: Form) -> Form:
    """With its published layouts, which are read only when they are asked for."""
    tuple(form.published.values())
    return form


def read_folder(folder: Path) -> Form:
    """The form defined by ``form.toml`` and ``checks.toml`` in that folder."""
    folder = folder.absolute()  # “.” has no name
    source = read_entry(folder / "form.toml", FormFile)
    checks = read_entry(folder / "checks.toml", ChecksFile)
    file = f"{folder.parent.name}/{folder.name}/form.toml"
    _prove_head(file, source, folder)
    tables = tuple(_table(entry) for entry in source.tables)
    types = _types(source)
    _prove_tables(file, source, types)
    check_file = f"{folder.parent.name}/{folder.name}/checks.toml"
    total_ids = totals_of(check_file, tables, checks.checks)
    cells = {c.id: c for t in source.tables for c in _cells(t, types, total_ids)}
    narratives, fields = _narratives(source), _fields(source)
    built, totals = checks_of(
        check_file, source, tables, cells, narratives, fields, checks.checks
    )
    form = Form(
        id=source.form,
        edition=source.edition,
        title=source.title,
        authority=source.authority,
        first_year=source.first_year,
        frequency=source.period,
        tables=tables,
        cells=cells,
        narratives=narratives,
        fields=fields,
        checks=built,
        totals=totals,
        unit_types=source.unit_types,
        explanation=ExplanationRule(
            source.explanation.minimum, source.explanation.empty
        ),
        not_applicable=frozenset(source.not_applicable),
        steps=source.steps,
        aliases=source.aliases,
        wording=wording_of(file, source, tables, cells),
        charts=tuple(_chart(file, entry, cells) for entry in source.charts),
        due=Due(source.due.days, source.due.source) if source.due else None,
        reported_elsewhere=_elsewhere(file, source),
        sample=_sample(file, source),
        published=LayoutFiles(folder, cells),
    )
    prove_texts(file, check_file, form)
    return form


def _elsewhere(file: str, source: FormFile) -> tuple[str, ...]:
    for type_ in source.reported_elsewhere:
        if type_ not in source.unit_types:
            raise DefinitionError(
                file,
                "reported_elsewhere",
                f"“{type_}” is not in unit_types",
                f"They are {', '.join(source.unit_types)}",
            )
    return source.reported_elsewhere


def _prove_head(file: str, source: FormFile, folder: Path) -> None:
    if (source.form, source.edition) != (folder.parent.name, folder.name):
        raise DefinitionError(
            file,
            "form, edition",
            f"says {source.form} {source.edition}",
            "Name the folder templates/<form>/<edition> after these two keys",
        )
    if source.last_year is not None and source.last_year < source.first_year:
        raise DefinitionError(
            file,
            "last_year",
            f"{source.last_year} is before {source.first_year}, the first",
            "Leave last_year out: the next edition ends this one",
        )


#: A roster to begin with, where an edition has none of its own.
SAMPLE = (
    Unit("Q00", "示例区人民政府", reports=False),
    *(Unit(f"Q{n:02}", f"示例单位{n}", "Q00") for n in (1, 2, 3)),
)


def _sample(file: str, source: FormFile) -> tuple[Unit, ...]:
    units = tuple(
        Unit(u.code, u.name, u.parent, u.type, u.contact, u.emails, u.phone, u.reports)
        for u in source.sample
    )
    unknown = [u.type for u in units if u.type not in ("", *source.unit_types)]
    try:
        Roster(units or SAMPLE, "sample")
    except RosterError as error:
        (problem, *_) = error.problems
        raise DefinitionError(file, "sample", problem.en, "Mend the roster") from None
    if unknown:
        raise DefinitionError(
            file,
            "sample.type",
            f"“{unknown[0]}” is not in unit_types",
            f"They are {', '.join(source.unit_types)}",
        )
    return units or SAMPLE


def _chart(file: str, entry: ChartEntry, cells: Mapping[str, Cell]) -> Chart:
    unknown = [id_ for id_ in entry.cells if id_ not in cells]
    if unknown:
        raise DefinitionError(
            file,
            f"charts: {entry.title}",
            f"there is no cell {unknown[0]}",
            "A chart may name only cells of this form",
        )
    if entry.kind == "years" and len(entry.names) != len(entry.cells):
        raise DefinitionError(
            file,
            f"charts: {entry.title}",
            f"{len(entry.names)} names for {len(entry.cells)} cells",
            "Give each cell a name in “names”",
        )
    for id_ in entry.cells:
        depth = len(getattr(cells[id_], f"{entry.labels}_labels"))
        if entry.kind == "parts" and not -depth <= entry.level < depth:
            raise DefinitionError(
                file,
                f"charts: {entry.title}",
                f"{id_} has no {entry.labels} label at level {entry.level}",
                "Levels count from 0, or from the innermost with -1",
            )
    return Chart(
        entry.kind, entry.title, entry.cells, entry.labels, entry.level, entry.names
    )


def _types(source: FormFile) -> dict[str, CellType]:
    return {
        id_: CellType(
            id_,
            e.name,
            e.unit,
            e.decimals,
            e.minimum,
            e.maximum,
            (e.also.unit, e.also.times) if e.also else None,
        )
        for id_, e in source.types.items()
    }


def _narratives(source: FormFile) -> tuple[Narrative, ...]:
    return tuple(
        Narrative(n.id, n.section, n.title, n.hint, n.minimum)
        for n in source.narratives
    )


def _fields(source: FormFile) -> tuple[Field, ...]:
    return tuple(
        Field(f.id, f.group, f.title, f.hint, f.prefill, f.in_report, f.is_date)
        for f in source.fields
    )


def _table(entry: TableEntry) -> Table:
    return Table(
        id=entry.id,
        title=entry.title,
        sheet=entry.sheet,
        blocks=tuple(_block(block) for block in entry.blocks),
        widths=entry.widths,
        side_by_side=entry.side_by_side,
        landscape=entry.landscape,
        stub_columns=entry.stub_columns,
        page_widths=entry.page_widths,
    )


def _block(entry: BlockEntry) -> Block:
    return Block(
        band=entry.band,
        head=entry.head,
        rows=tuple(Row(row.id, row.labels) for row in entry.rows),
        columns=tuple(
            Column(column.id, column.labels, column.type, column.span)
            for column in entry.columns
        ),
    )


def _cells(
    table: TableEntry, types: dict[str, CellType], totals: frozenset[str]
) -> Iterable[Cell]:
    for block in table.blocks:
        for row in block.rows:
            for column in block.columns:
                id_ = f"{table.id}.{row.id}.{column.id}"
                beside = () if table.side_by_side else row.labels
                above = (row.labels if table.side_by_side else ()) + column.labels
                yield Cell(
                    id=id_,
                    table=table.id,
                    row=row.id,
                    column=column.id,
                    kind=Kind.TOTAL if id_ in totals else Kind.INPUT,
                    type=types[column.type],
                    row_labels=beside,
                    column_labels=above,
                    meaning=row.meaning + column.meaning,
                )


def _prove_types(file: str, types: Iterable[CellType]) -> None:
    for type_ in types:
        reach = f"from {type_.minimum} to {type_.maximum}"
        if type_.minimum > type_.maximum:
            raise DefinitionError(
                file,
                f"types.{type_.id}",
                f"{reach} there is no figure",
                "The minimum is the smaller one",
            )
        if (type_.maximum - min(0, type_.minimum)) * 10**type_.decimals >= MOST_STEPS:
            raise DefinitionError(
                file,
                f"types.{type_.id}",
                f"{reach} with {type_.decimals} decimals has too many digits",
                "A spreadsheet keeps 15 digits: bring the two nearer, or lower decimals",
            )


def _prove_tables(file: str, source: FormFile, types: dict[str, CellType]) -> None:
    """Refuses ids given twice, unknown types, and grids that do not fit."""
    _prove_types(file, types.values())
    _prove_unique(file, "tables.id", (table.id for table in source.tables))
    _prove_unique(file, "tables.sheet", (table.sheet for table in source.tables))
    for table in source.tables:
        if len(table.widths) > MOST_COLUMNS:
            raise DefinitionError(
                file,
                f"tables.{table.id}.widths",
                f"{len(table.widths)} columns",
                f"A table has at most {MOST_COLUMNS}: links count columns A to Z",
            )
        if table.page_widths and len(table.page_widths) != len(table.widths):
            raise DefinitionError(
                file,
                f"tables.{table.id}.page_widths",
                f"{len(table.page_widths)} widths for {len(table.widths)} columns",
                "Give as many as there are widths, or none",
            )
    texts = [text.id for text in source.narratives]
    _prove_unique(file, "narratives/fields id", texts + [f.id for f in source.fields])
    for table in source.tables:
        _prove_unique(
            file,
            f"tables.{table.id}.rows",
            (row.id for block in table.blocks for row in block.rows),
        )
        for block in table.blocks:
            columns = (column.id for column in block.columns)
            _prove_unique(file, f"tables.{table.id}.columns", columns)
            _prove_block(file, table, block, types)


def _prove_unique(file: str, key: str, ids: Iterable[str]) -> None:
    twice = [id_ for id_, count in Counter(ids).items() if count > 1]
    if twice:
        raise DefinitionError(
            file, key, f"“{twice[0]}” is used twice", "Give each its own id"
        )


def _prove_block(
    file: str, table: TableEntry, block: BlockEntry, types: dict[str, CellType]
) -> None:
    key = f"tables.{table.id}"
    for column in block.columns:
        if column.type not in types:
            raise DefinitionError(
                file,
                f"{key}.columns.{column.id}.type",
                f"“{column.type}” is not a type",
                f"The types are {', '.join(types)}",
            )
    across = sum(column.span for column in block.columns)
    wanted = across * len(block.rows) if table.side_by_side else across
    if wanted + table.stub_columns != len(table.widths):
        raise DefinitionError(
            file,
            f"{key}.widths",
            f"{len(table.widths)} widths for {wanted + table.stub_columns} columns",
            "Give one width for each column of the printed table",
        )
    for row in block.rows:
        if not row.labels or (
            not table.side_by_side and len(row.labels) > table.stub_columns
        ):
            raise DefinitionError(
                file,
                f"{key}.rows.{row.id}.labels",
                f"{len(row.labels)} labels for {table.stub_columns} label columns",
                "Give the printed label path, outermost first",
            )
