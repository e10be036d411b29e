"""The shipped form is what the notice prints; a wrong definition is refused.

Broken variants are made from the shipped text by replacing a few words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook_builder.cli import run
from workbook_builder.definition.lint import lint
from workbook_builder.definition.load import (
    load_folder,
    templates_root,
)
from workbook_builder.definition.registry import Forms
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import DefinitionError
from workbook_builder.model.expression import CellRef, walk
from workbook_builder.model.form import Form, Kind
from workbook_builder.model.unit import Unit
from workbook_builder.workbook.build import book
from workbook_builder.workbook.job import Job

SHIPPED = templates_root() / "disclosure" / "2021"
FORM = Forms.shipped().edition("disclosure", "2021")


# ---------------------------------------------------------------- what is shipped


def test_the_form_has_the_cells_of_the_official_tables() -> None:
    by_table = Counter(cell.table for cell in FORM.cells.values())
    assert by_table == {"proactive": 10, "applications": 175, "disputes": 15}
    assert len(FORM.cells) == 200
    assert len(FORM.totals) == 34
    assert len(FORM.inputs) == 166


def test_totals_are_one_column_one_row_and_three_groups() -> None:
    totals = {cell.id for cell in FORM.cells.values() if cell.kind is Kind.TOTAL}
    applications = {id_ for id_ in totals if id_.startswith("applications.")}
    assert totals == set(FORM.totals)
    assert len(applications) == 25 + 7 - 1
    assert all(".closed." in id_ or id_.endswith(".total") for id_ in applications)
    assert totals - applications == {
        "disputes.review.total",
        "disputes.direct.total",
        "disputes.after_review.total",
    }


def test_a_total_stands_after_the_totals_it_is_made_of() -> None:
    order = list(FORM.totals)
    for id_, parts in FORM.totals.items():
        below = [
            node.id
            for node in walk(parts)
            if isinstance(node, CellRef) and node.id in FORM.totals
        ]
        assert all(order.index(part) < order.index(id_) for part in below)


def test_the_corner_is_computed_down_its_column() -> None:
    """A2 and A3 meet there: the first computes it, the second checks it."""
    parts = [
        node.id
        for node in walk(FORM.totals["applications.closed.total"])
        if isinstance(node, CellRef)
    ]
    assert len(parts) == 21
    assert all(id_.endswith(".total") for id_ in parts)


def test_only_the_fee_is_money() -> None:
    money = [cell.id for cell in FORM.cells.values() if cell.type.unit == "万元"]
    assert money == ["proactive.fees.amount"]
    assert FORM.cells[money[0]].type.decimals == 6
    assert {c.type.decimals for c in FORM.cells.values() if c.id not in money} == {0}


def test_cells_are_named_by_their_innermost_labels() -> None:
    assert FORM.cells["applications.closed.total"].name == "（七）总计·总计"
    assert FORM.cells["disputes.direct.upheld"].name == "未经复议直接起诉·结果维持"
    assert FORM.cells["proactive.fees.amount"].name == (
        "行政事业性收费·本年收费金额（单位：万元）"
    )


def test_the_texts_are_five_aspects_and_two_sections() -> None:
    sections = Counter(text.section for text in FORM.narratives)
    assert list(sections.values()) == [5, 1, 1]


def test_the_gravest_lines_come_first() -> None:
    ranks = [check.severity.rank for check, _ in FORM.lines]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


def test_last_period_is_asked_for_what_checks_compare() -> None:
    assert set(FORM.used_last_period) == {
        id_
        for _, line in FORM.lines
        for instance in line.instances
        for id_ in (node.id for node in instance.last_period)
    }
    assert "applications.carried_out.natural" in FORM.used_last_period
    assert "applications.received.natural" not in FORM.used_last_period


# ---------------------------------------------------------------- what is refused


def variant(folder: Path, edits: dict[str, tuple[str, str]]) -> Path:
    """A copy of the shipped definition, some words replaced in a file."""
    made = folder / "disclosure" / "2021"
    made.mkdir(parents=True)
    for name in ("form.toml", "checks.toml"):
        text = (SHIPPED / name).read_text(encoding="utf-8")
        old, new = edits.get(name, ("", ""))
        assert old in text, f"{name} no longer says: {old}"
        (made / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return made


def changed(folder: Path, file: str, old: str, new: str) -> Form:
    return load_folder(variant(folder, {file: (old, new)}))


@dataclass(frozen=True)
class Broken:
    """An edit of the shipped text, and what the refusal must say."""

    file: str
    old: str
    new: str
    key: str
    problem: str
    remedy: str


_B1 = 'rule = "carried_in == last(carried_out)"'
_B2_ONLY = 'only = ["regulations", "normative_documents"]'
_A4 = 'rule = "total == sum(span(upheld, pending))"'
_A4 = 'rule = "total == sum(span(upheld, pending))"'
_F6 = 'rule = "year >= 2021"'
_WIDTHS = next(
    line
    for line in (SHIPPED / "form.toml").read_text(encoding="utf-8").splitlines()
    if line.startswith("widths")
)
_SCHEMA = "definition/schema.py"
_LISTS_IDS = "form show"


def _circle(code: str, rule: str) -> str:
    return f"""
[[checks]]
code = "{code}"
title = "t"
title_en = "t"
severity = "error"
table = "applications"
each = "column"
only = ["natural"]
rule = "{rule}"
defines_totals = true
source = "s"
message = "m"
message_en = "m"
remedy = "r"
remedy_en = "r"
"""


FORM_EDITS = {
    "a page of another width": Broken(
        "form.toml",
        "page_widths = [554, ",
        "page_widths = [",
        key="tables.applications.page_widths",
        problem="9 widths for 10 columns",
        remedy="as many as there are widths",
    ),
    "a report that leaves out a table": Broken(
        "form.toml",
        '"proactive", "applications", "disputes", "problems"',
        '"proactive", "applications", "problems"',
        key="report.order",
        problem="does not list every table and text once: disputes",
        remedy="in the order of the report",
    ),
    "a slot nobody can fill": Broken(
        "form.toml",
        'signature = ["{unit}"',
        'signature = ["{mayor}"',
        key="report.signature[1]",
        problem="there is no cell “mayor”",
        remedy="postcode",
    ),
    "an amount outside a sentence": Broken(
        "form.toml",
        'signature = ["{unit}"',
        'signature = ["{disputes.review.total}"',
        key="report.signature[1]",
        problem="there is no cell “disputes.review.total”",
        remedy="unit",
    ),
    "a brace that stays open": Broken(
        "form.toml",
        'signature = ["{unit}"',
        'signature = ["{unit"',
        key="report.signature[1]",
        problem="a brace is open",
        remedy="both braces",
    ),
    "a sentence with a question": Broken(
        "form.toml",
        "行政复议案件{disputes.review.total}件",
        "行政复议案件{disputes.review.total == 0}件",
        key="report.sentences[9].says",
        problem="an amount, not a yes or no",
        remedy="unit",
    ),
    "a list of what has no amount": Broken(
        "form.toml",
        "复议后起诉{disputes.after_review.total}件]",
        "复议后起诉件]",
        key="report.sentences[10].says",
        problem="not words and one amount each",
        remedy="[words{amount}件|words",
    ),
    "a sentence offered by an amount": Broken(
        "form.toml",
        'when = "disputes.review.total >= 1"',
        'when = "disputes.review.total"',
        key="report.sentences[9].when",
        problem="is offered by a yes or no",
        remedy="a yes or no",
    ),
    "a sentence for no text": Broken(
        "form.toml",
        'text = "overview_proactive"\nsays = "{year}年，作出',
        'text = "overview"\nsays = "{year}年，作出',
        key="report.sentences[3].text",
        problem="there is no text “overview”",
        remedy="overview_proactive",
    ),
    "words for a label that is not there": Broken(
        "form.toml",
        '"结果维持" = ["维持"]',
        '"维持" = ["结果维持"]',
        key="report.called",
        problem="no row or column has the label “维持”",
        remedy="as it is in the tables",
    ),
    "two rows of one id": Broken(
        "form.toml",
        '{ id = "coercion", labels',
        '{ id = "penalties", labels',
        key="tables.proactive.rows",
        problem="“penalties” is used twice",
        remedy="its own id",
    ),
    "two columns of one id": Broken(
        "form.toml",
        '{ id = "business", labels',
        '{ id = "natural", labels',
        key="tables.applications.columns",
        problem="“natural” is used twice",
        remedy="its own id",
    ),
    "one row id in two blocks": Broken(
        "form.toml",
        '{ id = "licences", labels',
        '{ id = "regulations", labels',
        key="tables.proactive.rows",
        problem="“regulations” is used twice",
        remedy="its own id",
    ),
    "two tables of one id": Broken(
        "form.toml",
        'id = "disputes"',
        'id = "applications"',
        key="tables.id",
        problem="“applications” is used twice",
        remedy="its own id",
    ),
    "two tables on one sheet": Broken(
        "form.toml",
        'sheet = "表四"',
        'sheet = "表三"',
        key="tables.sheet",
        problem="“表三” is used twice",
        remedy="its own id",
    ),
    "a text and a field of one id": Broken(
        "form.toml",
        'id = "postcode"',
        'id = "problems"',
        key="narratives/fields id",
        problem="“problems” is used twice",
        remedy="its own id",
    ),
    "an id that a rule cannot say": Broken(
        "form.toml",
        'id = "licences"',
        'id = "行政许可"',
        key="tables.proactive.blocks.2.rows.行政许可.id",
        problem="matching regex",
        remedy=_SCHEMA,
    ),
    "an id that is a word of the language": Broken(
        "form.toml",
        'id = "licences"',
        'id = "year"',
        key="tables.proactive.blocks.2.rows.year.id",
        problem="matching regex",
        remedy=_SCHEMA,
    ),
    "an unknown type": Broken(
        "form.toml",
        'labels = ["本年制发件数"], type = "count"',
        'labels = ["本年制发件数"], type = "counts"',
        key="tables.proactive.columns.issued.type",
        problem="“counts” is not a type",
        remedy="count, amount",
    ),
    "a type with more digits than a spreadsheet keeps": Broken(
        "form.toml",
        "decimals = 6",
        "decimals = 8",
        key="types.amount",
        problem="too many digits",
        remedy="15 digits",
    ),
    "a type that allows nothing": Broken(
        "form.toml",
        "maximum = 99999999",
        "maximum = 0",
        key="types.*.maximum",
        problem=">= 1",
        remedy=_SCHEMA,
    ),
    "a type whose least is above its most": Broken(
        "form.toml",
        "maximum = 99999999\n\n[types.amount]",
        "maximum = 9\nminimum = 10\n\n[types.amount]",
        key="types.count",
        problem="from 10 to 9 there is no figure",
        remedy="the smaller one",
    ),
    "a type that reaches too far below zero": Broken(
        "form.toml",
        "decimals = 6",
        "decimals = 6\nminimum = -900000001",
        key="types.amount",
        problem="from -900000001 to 99999999 with 6 decimals has too many digits",
        remedy="15 digits",
    ),
    "more columns than letters": Broken(
        file="form.toml",
        old=_WIDTHS,
        new=f"widths = {[9] * 27}",
        key="tables.proactive.widths",
        problem="27 columns",
        remedy="at most 26",
    ),
    "too few widths": Broken(
        "form.toml",
        _WIDTHS,
        _WIDTHS.rpartition(",")[0] + "]",
        key="tables.proactive.widths",
        problem="3 widths for 4 columns",
        remedy="one width for each column",
    ),
    "a wider column side by side": Broken(
        "form.toml",
        '{ id = "pending",',
        '{ id = "pending", span = 2,',
        key="tables.disputes.widths",
        problem="15 widths for 18 columns",
        remedy="one width for each column",
    ),
    "more labels than label columns": Broken(
        "form.toml",
        'labels = ["规章"]',
        'labels = ["文件", "规章"]',
        key="tables.proactive.rows.regulations.labels",
        problem="2 labels for 1 label columns",
        remedy="outermost first",
    ),
    "a column without a label": Broken(
        "form.toml",
        'labels = ["结果维持"]',
        "labels = []",
        key="tables.disputes.blocks.1.columns.upheld.labels",
        problem="length >= 1",
        remedy=_SCHEMA,
    ),
    "a column that covers nothing": Broken(
        "form.toml",
        "span = 3",
        "span = 0",
        key="tables.proactive.blocks.2.columns.decisions.span",
        problem=">= 1",
        remedy=_SCHEMA,
    ),
    "a missing key": Broken(
        "form.toml",
        'unit = "万元"\n',
        "",
        key="types.*",
        problem="missing required field `unit`",
        remedy=_SCHEMA,
    ),
    "a missing key at the top": Broken(
        "form.toml",
        "first_year = 2021\n",
        "",
        key="file",
        problem="missing required field `first_year`",
        remedy=_SCHEMA,
    ),
    "a misspelt key": Broken(
        "form.toml",
        "side_by_side = true",
        "sidebyside = true",
        key="tables.disputes",
        problem="unknown field `sidebyside`",
        remedy=_SCHEMA,
    ),
    "a value of the wrong type": Broken(
        "form.toml",
        "first_year = 2021",
        'first_year = "2021"',
        key="first_year",
        problem="Expected `int`, got `str`",
        remedy=_SCHEMA,
    ),
    "unit types that are no list": Broken(
        "form.toml",
        "unit_types = [",
        "unit_types = 1\nsteps_of_old = [",
        key="unit_types",
        problem="Expected `array`, got `int`",
        remedy=_SCHEMA,
    ),
    "a unit type that is no word": Broken(
        "form.toml",
        '"街道", "镇"',
        '1, "镇"',
        key="unit_types.1",
        problem="Expected `str`, got `int`",
        remedy=_SCHEMA,
    ),
    "a field in no group": Broken(
        "form.toml",
        'group = "signature"',
        'group = "signatures"',
        key="fields.prepared_by.group",
        problem="Invalid enum value 'signatures'",
        remedy=_SCHEMA,
    ),
    "a folder of another name": Broken(
        "form.toml",
        'edition = "2021"',
        'edition = "2019"',
        key="form, edition",
        problem="says disclosure 2019",
        remedy="templates/<form>/<edition>",
    ),
    "no TOML": Broken(
        "form.toml",
        "first_year = 2021",
        "first_year = ",
        key="file",
        problem="is not TOML",
        remedy="line",
    ),
}

CHECK_EDITS = {
    "an unknown cell in a rule": Broken(
        "checks.toml",
        _B1,
        'rule = "carried_in == last(carried_over)"',
        key="B1.rule",
        problem="no cell “carried_over”",
        remedy=_LISTS_IDS,
    ),
    "a cell where a text is asked for": Broken(
        "checks.toml",
        'rule = "length(it) >= minimum(it)"',
        'rule = "length(applications.closed.total) >= minimum(it)"',
        key="F1.rule",
        problem="no text or field “applications.closed.total”",
        remedy=_LISTS_IDS,
    ),
    "what a year had so far, asked of a year": Broken(
        "checks.toml",
        _B1,
        'rule = "carried_in == so_far(carried_out)"',
        key="B1.rule",
        problem="a year has none",
        remedy="Write last()",
    ),
    "a slot no remedy has": Broken(
        "checks.toml",
        'remedy = "{types}；不要带',
        'remedy = "{type}；不要带',
        key="A5.remedy",
        problem="there is no cell “type”",
        remedy="title, types, year",
    ),
    "what cells take, said of a text": Broken(
        "checks.toml",
        'remedy = "在“文字部分”补写本项',
        'remedy = "{types}，在“文字部分”补写本项',
        key="F1.remedy",
        problem="{types}",
        remedy="period, title, year",
    ),
    "a slot no text has": Broken(
        "form.toml",
        'meaning = "以个人名义提出的申请。"',
        'meaning = "{unit}收到的、以个人名义提出的申请。"',
        key="applications.received.natural: meaning",
        problem="there is no cell “unit”",
        remedy="Write one of authority, first_day, last_day, period, title, year",
    ),
    "a brace that stays open in a message": Broken(
        "checks.toml",
        'message = "文字里写的是上一年',
        'message = "{year 文字里写的是上一年',
        key="F4.message",
        problem="a brace is open",
        remedy="both braces",
    ),
    "an unknown word": Broken(
        "checks.toml",
        'rule = "not is_blank(it)"',
        'rule = "not is_empty(it)"',
        key="A6.rule",
        problem="no word “is_empty”; the words are sum, span, by_type, last, so_far",
        remedy=_LISTS_IDS,
    ),
    "a rule that is no sentence": Broken(
        "checks.toml",
        _B1,
        'rule = "carried_in == == last(carried_out)"',
        key="B1.rule",
        problem="not a sentence",
        remedy=_LISTS_IDS,
    ),
    "a rule that is only a number": Broken(
        "checks.toml",
        _B1,
        'rule = "carried_in - last(carried_out)"',
        key="B1.rule",
        problem="only a number",
        remedy=_LISTS_IDS,
    ),
    "a code given twice": Broken(
        "checks.toml",
        'code = "A2"',
        'code = "A1"',
        key="A1",
        problem="used twice",
        remedy="take a new one",
    ),
    "a code of the program's own findings": Broken(
        "checks.toml",
        'code = "G4"',
        'code = "D01"',
        key="D01",
        problem="used twice",
        remedy="take a new one",
    ),
    "a code with a full stop": Broken(
        "checks.toml",
        'code = "G4"',
        'code = "G.4"',
        key="checks.G.4.code",
        problem="matching regex",
        remedy=_SCHEMA,
    ),
    "a part of a year that the form does not know": Broken(
        "checks.toml",
        _F6,
        'rule = "quarter <= 2"',
        key="F6.rule",
        problem="knows no quarter",
        remedy="year",
    ),
    "a sample of a type that is none": Broken(
        "form.toml",
        'parent = "Q00", type = "镇"',
        'parent = "Q00", type = "村"',
        key="sample.type",
        problem="“村” is not in unit_types",
        remedy="街道",
    ),
    "a sample that is no tree": Broken(
        "form.toml",
        'name = "示例镇人民政府", parent = "Q00"',
        'name = "示例镇人民政府", parent = "Q09"',
        key="sample",
        problem="Q09",
        remedy="Mend the roster",
    ),
    "an unknown severity": Broken(
        "checks.toml",
        'severity = "hint"',
        'severity = "remark"',
        key="C2.severity",
        problem="“remark” is no severity",
        remedy="error, warning, hint",
    ),
    "an unknown table": Broken(
        "checks.toml",
        'table = "disputes"',
        'table = "cases"',
        key="A4.table",
        problem="no table “cases”",
        remedy="proactive, applications, disputes",
    ),
    "only naming nothing": Broken(
        "checks.toml",
        _B2_ONLY,
        'only = ["regulation"]',
        key="B2.only",
        problem="no row “regulation” in proactive",
        remedy="regulations, normative_documents",
    ),
    "except naming nothing": Broken(
        "checks.toml",
        _B2_ONLY,
        'except = ["licence"]',
        key="B2.except",
        problem="no row “licence” in proactive",
        remedy="licences",
    ),
    "only and except leaving nothing": Broken(
        "checks.toml",
        _B2_ONLY,
        'only = ["regulations"]\nexcept = ["regulations"]',
        key="B2.each",
        problem="nothing to check",
        remedy="Name rows",
    ),
    "only where there are no rows": Broken(
        "checks.toml",
        _F6,
        f'only = ["natural"]\n{_F6}',
        key="F6.only",
        problem="row or column only",
        remedy="Leave it out",
    ),
    "an unknown kind of place": Broken(
        "checks.toml",
        'each = "form"\nrule = "year >= 2021"',
        'each = "cell"\nrule = "year >= 2021"',
        key="F6.each",
        problem="“cell” is not known",
        remedy="row, column, input",
    ),
    "an unknown cell in a list": Broken(
        "checks.toml",
        'each = ["proactive.fees.amount"]',
        'each = ["proactive.fees.amounts"]',
        key="G4.each",
        problem="no cell, text or field “proactive.fees.amounts”",
        remedy=_LISTS_IDS,
    ),
    "a cell twice in a list": Broken(
        "checks.toml",
        'each = ["proactive.fees.amount"]',
        'each = ["proactive.fees.amount", "proactive.fees.amount"]',
        key="G4.each",
        problem="named twice",
        remedy="once",
    ),
    "a span across blocks": Broken(
        "checks.toml",
        _F6,
        'rule = "sum(span(proactive.licences.decisions, '
        'proactive.coercion.decisions)) >= 0"',
        key="F6.rule",
        problem="no part of a row or column",
        remedy=_LISTS_IDS,
    ),
    "a span across tables": Broken(
        "checks.toml",
        _F6,
        'rule = "sum(span(disputes.review.total, applications.closed.total)) >= 0"',
        key="F6.rule",
        problem="no part of a row or column",
        remedy=_LISTS_IDS,
    ),
    "a span that runs backwards": Broken(
        "checks.toml",
        _A4,
        'rule = "total == sum(span(pending, upheld))"',
        key="A4.rule",
        problem="no part of a row or column",
        remedy=_LISTS_IDS,
    ),
    "a total of what is not in the row": Broken(
        "checks.toml",
        _A4,
        'rule = "closed == sum(span(upheld, pending))"',
        key="A4.rule",
        problem="“closed” is not in “行政复议”",
        remedy="<total> == sum(…)",
    ),
    "a total that is no sum": Broken(
        "checks.toml",
        _A4,
        'rule = "total == upheld + corrected"',
        key="A4.rule",
        problem="does not say of what the total is the sum",
        remedy="<total> == sum(…)",
    ),
    "a total that holds on a condition": Broken(
        "checks.toml",
        _A4,
        'rule = "total == sum(span(upheld, pending)) or upheld == 0"',
        key="A4.rule",
        problem="does not say of what the total is the sum",
        remedy="<total> == sum(…)",
    ),
    "a total in a list of cells": Broken(
        "checks.toml",
        'table = "disputes"\neach = "row"',
        'table = "disputes"\neach = ["disputes.review.total"]',
        key="A4.each",
        problem="each row or column of a table",
        remedy="each =",
    ),
    "a total that is part of itself": Broken(
        "checks.toml",
        _A4,
        'rule = "total == sum(span(upheld, total))"',
        key="A4.rule",
        problem="disputes.review.total → disputes.review.total",
        remedy="Take it out",
    ),
    "totals that are parts of each other": Broken(
        "checks.toml",
        "",
        _circle("Z1", "received == sum(carried_in)")
        + _circle("Z2", "carried_in == sum(received)"),
        key="Z1.rule",
        problem="applications.received.natural → applications.carried_in.natural → "
        "applications.received.natural",
        remedy="Take it out",
    ),
    "a unit type that no roster may use": Broken(
        "checks.toml",
        'unit_type in (\\"街道\\", \\"镇\\", \\"乡\\") and it',
        'unit_type in (\\"街道\\", \\"鎮\\", \\"乡\\") and it',
        key="C3.rule",
        problem="“鎮” is not a type of unit",
        remedy="街道、镇、乡",
    ),
    "a missing key": Broken(
        "checks.toml",
        'severity = "hint"\n',
        "",
        key="checks.C2",
        problem="missing required field `severity`",
        remedy=_SCHEMA,
    ),
    "a misspelt key": Broken(
        "checks.toml",
        'code = "A4"\ntitle =',
        'code = "A4"\ntitel =',
        key="checks.A4",
        problem="field `tit",
        remedy=_SCHEMA,
    ),
    "a value of the wrong type": Broken(
        "checks.toml",
        _B2_ONLY,
        'only = "regulations"',
        key="checks.B2.only",
        problem="Expected `array`, got `str`",
        remedy=_SCHEMA,
    ),
    "no TOML": Broken(
        "checks.toml",
        '[[checks]]\ncode = "A1"',
        '[[checks]\ncode = "A1"',
        key="file",
        problem="is not TOML",
        remedy="line",
    ),
}

BROKEN = {
    **{f"form.toml: {name}": broken for name, broken in FORM_EDITS.items()},
    **{f"checks.toml: {name}": broken for name, broken in CHECK_EDITS.items()},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_definition_names_file_key_and_remedy(
    name: str, tmp_path: Path
) -> None:
    broken = BROKEN[name]
    with pytest.raises(DefinitionError) as caught:
        changed(tmp_path, broken.file, broken.old, broken.new)
    error = caught.value
    assert error.file == f"disclosure/2021/{broken.file}"
    assert error.key == broken.key
    assert broken.problem in error.problem
    assert broken.remedy in error.remedy
    for said in (error.file, error.key, error.problem, error.remedy):
        assert said in str(error)


def test_an_unchanged_copy_is_the_same_form(tmp_path: Path) -> None:
    copy = load_folder(variant(tmp_path, {}))
    assert list(copy.cells) == list(FORM.cells)
    assert copy.checks == FORM.checks


def test_a_form_may_be_named_by_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(variant(tmp_path, {}))
    assert load_folder(Path()).edition == "2021"


@pytest.mark.parametrize("missing", ["form.toml", "checks.toml"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    folder = variant(tmp_path, {})
    (folder / missing).unlink()
    with pytest.raises(DefinitionError, match=rf"2021/{missing}: file: is missing"):
        load_folder(folder)


# ---------------------------------------------------------------- what is odd


def test_the_shipped_form_has_no_lint_error() -> None:
    assert [remark for remark in lint(FORM) if remark.level == "error"] == []


@dataclass(frozen=True)
class Odd:
    """An edit of the shipped text, and what lint must remark."""

    file: str
    old: str
    new: str
    level: str
    key: str
    problem: str


ODD = {
    "a check that nobody can satisfy": Odd(
        "checks.toml",
        _B1,
        'rule = "carried_in >= 1 and carried_in <= 0"',
        "error",
        "B1.natural",
        "satisfies “carried_in >= 1 and carried_in <= 0”",
    ),
    "a year that never comes": Odd(
        "checks.toml",
        _F6,
        'rule = "year <= 2020"',
        "error",
        "F6",
        "satisfies “year <= 2020”",
    ),
    "an input that nothing checks": Odd(
        "checks.toml",
        _A4,
        'rule = "total == sum(upheld, corrected, pending)"',
        "remark",
        "disputes.review.other",
        "no check or total touches this input",
    ),
    "a label that is too long": Odd(
        "form.toml",
        'labels = ["规章"]',
        f'labels = ["{"规" * 61}"]',
        "error",
        "proactive.regulations.issued",
        "a label of 61 characters",
    ),
    "a meaning that is too long": Odd(
        "form.toml",
        'meaning = "以个人名义提出的申请。"',
        f'meaning = "{"长" * 171}"',
        "error",
        "applications.received.natural",
        "a meaning of ",
    ),
    "a slot in what is printed in every period": Odd(
        "form.toml",
        'labels = ["规章"]',
        'labels = ["{year}年规章"]',
        "error",
        "proactive.regulations.issued",
        "a slot in what is printed",
    ),
    "a meaning that is too long when its slots are filled": Odd(
        "form.toml",
        'meaning = "以个人名义提出的申请。"',
        f'meaning = "{{last_day}}{"长" * 156}"',
        "error",
        "applications.received.natural",
        "a meaning of ",
    ),
    "a message that does not fit beside its remedy": Odd(
        "checks.toml",
        'message = "文字里写的是上一年，没有写本年"',
        f'message = "{"长" * 230}"',
        "error",
        "F4",
        "message and remedy of ",
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_remarked_but_not_refused(name: str, tmp_path: Path) -> None:
    odd = ODD[name]
    edits = {odd.file: (odd.old, odd.new)}
    remarks = lint(load_folder(variant(tmp_path, edits)))
    found = [(r.level, r.key) for r in remarks if odd.problem in r.problem.en]
    assert (odd.level, odd.key) in found
    assert all(
        each.remedy.zh and each.problem.zh != each.problem.en for each in remarks
    )


def test_errors_stand_before_remarks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = variant(
        tmp_path,
        {
            "form.toml": ('labels = ["规章"]', f'labels = ["{"规" * 61}"]'),
            "checks.toml": (_A4, 'rule = "total == sum(upheld, corrected, pending)"'),
        },
    )
    levels = [remark.level for remark in lint(load_folder(folder))]
    assert levels == sorted(levels)
    assert set(levels) == {"error", "remark"}
    assert run(["--lang", "zh", "form", "lint", str(folder)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("错误  proactive.regulations.issued：栏目名称有 61 个字")
    assert "提醒  disputes.review.other：没有一条审核公式" in said


@pytest.mark.parametrize(("characters", "fits"), [(170, True), (171, False)])
def test_what_lint_lets_pass_can_be_built(
    characters: int, fits: bool, tmp_path: Path
) -> None:
    """A meaning as long as lint allows still fits into the prompt of its cell."""
    block = FORM.tables[0].blocks[0]
    cells = [c for c in FORM.cells.values() if c.row == block.rows[0].id]
    row = cells[0].meaning.partition(" ")[0]
    longer = "长" * (characters - max(len(c.meaning) - len(row) for c in cells))
    form = changed(tmp_path, "form.toml", row, longer)
    assert (not [r for r in lint(form) if r.level == "error"]) is fits
    if fits:
        campaign = Campaign("c", form.id, form.edition, form.first_period, "示例区")
        assert book(Job(form, Unit("U1", "甲"), campaign)).sheets
