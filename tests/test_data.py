"""The results as data: each file adds up to what 汇总.xlsx says, from the outside."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from frictionless import Package

from tests.sums import COUNT, MONEY, PAYLOADS, TOTAL, district, submission, summarised
from tests.support import FORMS, PERIOD, form, tree, unit
from workbook_builder.campaign.last_period import read_last_period
from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.severity import Severity
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text, harmless, unharmed
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.outputs.circular import CIRCULAR
from workbook_builder.outputs.parquet import ParquetFile
from workbook_builder.outputs.records import FACTS, FINDINGS, LISTINGS, fact_records
from workbook_builder.pipeline.collecting import DATABASE, PACKAGE, data_files

ROOT = Path(__file__).parent.parent
CENT = Decimal("0.000001")


@cache
def hostile() -> Summary:
    """A payload in every name, path, explanation and finding."""
    top = Unit("Q", "示例区", type="区县")
    units, returns = [top], []
    for index, text in enumerate(PAYLOADS):
        named = Unit(f"U{index:02}", text, "Q", "部门")
        said = Text(text, text)
        found = Finding("A1", Severity.HINT, said, said, said, explanation=text)
        units.append(named)
        returns.append(
            submission(
                named,
                {COUNT: index, MONEY: CENT * index},
                path=text,
                findings=[found],
                explanations={"B3.proactive.normative_documents": text},
            )
        )
    return summarised(Roster(tuple(units)), returns)


def made_data(summary: Summary) -> tuple[dict[str, bytes], tuple[MissingExtra, ...]]:
    """The data files by name, and what was left out."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        skipped = data_files(summary, folder)
        return {each.name: each.read_bytes() for each in folder.iterdir()}, skipped


@cache
def plain_district() -> Summary:
    """Forty units, two of which are not accepted, and one leaves a figure out."""
    made = district(40)
    changed = [
        *made.submissions[3:],
        submission(made.units[0], {COUNT: 10**6}, verdict=Verdict.REJECTED),
        submission(made.units[1], {COUNT: None, MONEY: CENT}, path="空一格.xlsx"),
    ]
    return summarised(made.roster, changed, made.last_period)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    assert data_files(plain_district(), path) == ()
    return path


# ---------------------------------------------------------------- adding up again

#: How DuckDB reads each file: cell and exact decimal of what counts. Its extension for
#: SQLite would have to be downloaded, so those rows are handed over (``database``).
SOURCES = {
    "csv": "SELECT cell, CAST(value AS DECIMAL(38,6)) AS v FROM read_csv("
    "'{0}/facts.csv', all_varchar=true)"
    " WHERE counted = 'true' AND kind = 'input' AND value <> ''",
    "parquet": "SELECT cell, value AS v FROM '{0}/facts.parquet'"
    " WHERE counted AND kind = 'input' AND value IS NOT NULL",
    "sqlite scaled": "SELECT cell, scaled AS v FROM database",
    "sqlite text": "SELECT cell, CAST(value AS DECIMAL(38,6)) AS v FROM database",
}


def sums(path: Path, source: str) -> dict[str, Decimal]:
    """Inputs added up by DuckDB."""
    with duckdb.connect() as duck, sqlite3.connect(path / DATABASE) as lite:
        rows = lite.execute(
            "SELECT cell, value, scaled FROM figures"
            " WHERE counted = 1 AND kind = 'input' AND state = 'number'"
        ).fetchall()
        columns = dict(
            zip(("cell", "value", "scaled"), zip(*rows, strict=True), strict=True)
        )
        duck.register("database", pyarrow.table(columns))
        query = SOURCES[source].format(path)
        found = duck.execute(f"SELECT cell, sum(v) FROM ({query}) GROUP BY cell")
        step = CENT if source == "sqlite scaled" else 1
        return {cell: Decimal(amount) * step for cell, amount in found.fetchall()}


@pytest.mark.parametrize("source", SOURCES)
def test_every_file_adds_up_to_the_totals_of_the_workbook(
    written: Path, source: str
) -> None:
    wanted = {c.id: plain_district().totals[c.id] for c in form().inputs}
    assert sums(written, source) == wanted


def test_sqlite_adds_its_whole_numbers_to_the_totals_it_holds(
    written: Path,
) -> None:
    with sqlite3.connect(written / DATABASE) as connection:
        differing = connection.execute(
            "SELECT t.cell FROM totals AS t JOIN (SELECT cell, sum(scaled) AS added"
            " FROM figures WHERE counted = 1 AND kind = 'input' GROUP BY cell) AS f"
            " ON f.cell = t.cell WHERE t.unit IS NULL AND t.scaled <> f.added"
        ).fetchall()
    assert differing == []


def test_a_blank_is_no_zero_and_what_is_not_counted_is_marked(written: Path) -> None:
    rows = {(r["unit"], r["cell"]): r for r in csv_rows(written / "facts.csv")}
    blank = rows[plain_district().units[1].code, COUNT]
    assert (blank["state"], blank["value"], blank["counted"]) == ("blank", "", "true")
    rejected = rows[plain_district().units[0].code, COUNT]
    assert (rejected["value"], rejected["counted"]) == ("1000000", "false")


def csv_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---------------------------------------------------------------- data package


@pytest.mark.parametrize("make", [plain_district, hostile])
def test_the_data_package_is_valid(make: Callable[[], Summary], tmp_path: Path) -> None:
    files, _ = made_data(make())
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    report = Package(str(tmp_path / PACKAGE)).validate()
    assert report.valid, report.flatten(["fieldName", "rowNumber", "type", "note"])[:5]
    assert {task.name for task in report.tasks} == {each.name for each in LISTINGS}


def test_the_package_would_tell_a_wrong_file(written: Path, tmp_path: Path) -> None:
    """The test of the test."""
    for name in (PACKAGE, *(f"{each.name}.csv" for each in LISTINGS)):
        (tmp_path / name).write_bytes((written / name).read_bytes())
    spoilt = (tmp_path / "facts.csv").read_bytes().replace(b'"number"', b'"nmber"', 1)
    (tmp_path / "facts.csv").write_bytes(spoilt)
    assert not Package(str(tmp_path / PACKAGE)).validate().valid


def test_every_column_is_documented() -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for listing in (*LISTINGS, CIRCULAR):
        for column in listing.columns:
            line = f"| `{column.name}` | {column.title} | {column.type} |"
            assert line in text, f"{listing.name}: {line}"


# ---------------------------------------------------------------- formats


def test_the_same_results_give_the_same_bytes() -> None:
    assert made_data(district(5)) == made_data(district(5))


def test_the_database_is_strict_and_holds_its_foreign_keys(written: Path) -> None:
    with sqlite3.connect(written / DATABASE) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table'"
        ).fetchall()
        for name, sql in tables:
            assert "STRICT" in sql.rsplit(")", 1)[1], name
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE facts SET scaled = 'viel'")


def test_numbers_off_the_grid_are_kept_exactly_where_there_is_room() -> None:
    whose = submission(
        unit("U1", "Q"),
        {COUNT: Decimal("0.12345678901"), MONEY: Decimal("1e20")},
        verdict=Verdict.REJECTED,
    )
    made = summarised(tree(Q="", U1="Q"), [whose])
    files, _ = made_data(made)
    connection = sqlite3.connect(":memory:")
    connection.deserialize(files[DATABASE])
    found = {
        cell: (value, scaled)
        for cell, value, scaled in connection.execute(
            "SELECT cell, value, scaled FROM facts WHERE cell IN (?, ?)", (COUNT, MONEY)
        )
    }
    assert found[COUNT] == ("0.12345678901", None)
    assert found[MONEY] == ("100000000000000000000", None)
    with duckdb.connect() as duck:
        table = parquet_table(duck, files["facts.parquet"])
        assert table[COUNT] == (None, "0.12345678901")


def parquet_table(
    duck: duckdb.DuckDBPyConnection, data: bytes
) -> dict[str, tuple[object, object]]:
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    rows = duck.from_arrow(table).project("cell, value, value_exact").fetchall()
    return {cell: (value, exact) for cell, value, exact in rows}


def test_without_pyarrow_the_other_files_are_written_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra):
        ParquetFile(FACTS, Path("nowhere"), 6)
    files, (missing,) = made_data(district(2))
    assert set(files) == {*(f"{each.name}.csv" for each in LISTINGS), PACKAGE, DATABASE}
    assert "workbook-builder[data]" in missing.text.zh


def test_no_findings_and_no_facts_are_files_too() -> None:
    files, _ = made_data(summarised(tree(Q="", U1="Q"), []))
    assert len(files["facts.csv"].splitlines()) == 1
    assert len(files["facts.parquet"]) > 0


# ---------------------------------------------------------------- next year


def test_next_year_reads_what_counted_and_nothing_else(tmp_path: Path) -> None:
    files, _ = made_data(plain_district())
    (tmp_path / "facts.csv").write_bytes(files["facts.csv"])
    found = read_last_period([tmp_path / "facts.csv"], PERIOD, form(), FORMS).figures
    assert set(found) == set(plain_district().counted)
    for code, figures in found.items():
        known = plain_district().counted[code].facts
        assert figures == {
            id_: value.number
            for id_, value in known.items()
            if value.number is not None
        }


def test_a_code_that_looks_like_a_formula_is_found_again(tmp_path: Path) -> None:
    odd = Unit("=U1", "单位", "Q", "部门")
    made = summarised(Roster((Unit("Q", "区"), odd)), [submission(odd, {COUNT: 3})])
    (tmp_path / "facts.csv").write_bytes(made_data(made)[0]["facts.csv"])
    found = read_last_period([tmp_path / "facts.csv"], PERIOD, form(), FORMS).figures
    assert found["=U1"][TOTAL] == 3


# ---------------------------------------------------------------- hostile text

DANGEROUS = re.compile(r"[\s'\ufeff]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@pytest.mark.parametrize("name", ["facts.csv", "findings.csv"])
def test_no_field_of_a_csv_file_can_be_taken_for_a_formula(name: str) -> None:
    data = made_data(hostile())[0][name].decode("utf-8-sig")
    fields = [f for row in csv.reader(io.StringIO(data, newline="")) for f in row]
    assert len(fields) > 100
    for field in fields:
        if DANGEROUS.match(field) and not NUMBER.fullmatch(field):
            assert field.startswith("'"), field


@pytest.mark.parametrize("text", PAYLOADS)
def test_what_was_made_harmless_can_be_had_back(text: str) -> None:
    assert unharmed(harmless(text)) == text


def test_numbers_are_left_alone() -> None:
    for text in ("-1", "+2.5", "0", "12", "示例", "'", ""):
        assert harmless(text) == text


def test_the_database_keeps_every_text_as_it_is() -> None:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(made_data(hostile())[0][DATABASE])
    names = {row[0] for row in connection.execute("SELECT name FROM units")}
    paths = {row[0] for row in connection.execute("SELECT path FROM files")}
    assert set(PAYLOADS) <= names
    assert set(PAYLOADS) == paths


def test_facts_are_those_of_the_returns() -> None:
    rows = list(rows_by_unit(plain_district()))
    assert len(rows) == len(plain_district().standing) * len(form().cells)
    assert len({(row[0], row[5]) for row in rows}) == len(rows)
    assert [column.name for column in FINDINGS.columns].count("open") == 1


def rows_by_unit(summary: Summary) -> Iterator[tuple[object, ...]]:
    yield from fact_records(summary)


def test_the_package_says_what_each_file_is(written: Path) -> None:
    package = json.loads((written / PACKAGE).read_text(encoding="utf-8"))
    for resource in package["resources"]:
        assert resource["bytes"] == (written / resource["path"]).stat().st_size
        assert resource["schema"]["primaryKey"]
