"""汇总.xlsx: live sums whose stored results are true, in real office engines."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openxml_audit import OpenXmlValidator

from tests import engines
from tests.published import published
from tests.sums import (
    COUNT,
    DAY,
    DEADLINE,
    MONEY,
    PAYLOADS,
    SENT,
    TOTAL,
    district,
    random_facts,
    submission,
    summarised,
    the_year_before,
    with_facts,
)
from tests.support import campaign, form, tree, unit, unzipped
from tests.test_data import hostile
from tests.test_workbook import WHITELIST
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.decision import Decided, Decision, Ruling
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.period import Period
from workbook_builder.model.severity import Severity
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import number
from workbook_builder.outputs.summary import summary_book
from workbook_builder.outputs.summary.book import summary_book as made_book
from workbook_builder.outputs.summary.parts import (
    COUNTED,
    DECISIONS,
    DETAIL,
    DETAIL_TOP,
    EXPLANATIONS,
    FILES,
    FINDINGS,
    FIRST_FIGURE,
    GROUPS,
    LIST_TOP,
    OVERVIEW,
    PROGRESS,
    no_last_period,
)
from workbook_builder.outputs.summary.tree import FIRST, GAP, OWN, SUM, tree_sheet
from workbook_builder.outputs.summary.years import NEW, NOTHING, TOP
from workbook_builder.rules.added import added
from workbook_builder.rules.outliers import outliers
from workbook_builder.workbook.place import place
from workbook_builder.workbook.plan import Formula, Item, Link, Sheet
from workbook_builder.workbook.write import write

YEARS, OUTLIERS, BEFORE = "同比", "同比异常", "上年明细"

ENGINES = ["libreoffice", "onlyoffice"]
LAYOUT = place(form())

#: A city with two districts; the first sends its own sum, the second has none.
CITY = Roster(
    (
        Unit("C", "示例市", type="设区的市"),
        Unit("D1", "甲区", "C", "区县"),
        Unit("D2", "乙区", "C", "区县"),
        *(Unit(f"U{i}", f"甲区单位{i}", "D1", "部门") for i in range(1, 5)),
        *(Unit(f"V{i}", f"乙区单位{i}", "D2", "街道") for i in range(1, 4)),
    )
)


@cache
def city() -> Summary:
    """Everything at once: a control total that is off, a late unit, one that is
    rejected, one missing, blanks, explanations, last year for some."""
    random = Random(5)
    by_code = CITY.by_code
    returns = [
        with_facts(by_code[code], random_facts(random), SENT + hour)
        for hour, code in enumerate(("U1", "U2", "V1"))
    ]
    returns.append(with_facts(by_code["V2"], random_facts(random), SENT + 8 * DAY))
    returns.append(submission(by_code["U3"], {COUNT: 7, MONEY: None}, path="=坏.xlsx"))
    returns.append(
        submission(
            by_code["U4"],
            {COUNT: 10**6},
            verdict=Verdict.REJECTED,
            findings=[catalogued("T05")],
        )
    )
    returns.append(
        submission(by_code["U1"], {COUNT: 1}, received=SENT - DAY, path="U1 旧.xlsx")
    )
    sums = added(form(), (each.facts for each in returns if each.unit_code[0] == "U"))
    own = {c.id: sums.get(c.id, Decimal(0)) for c in form().inputs}
    own[COUNT] = Decimal(99_999)
    returns.append(submission(by_code["D1"], own, kind="rollup"))
    last_period = {
        each.unit_code: the_year_before(each.facts, random) for each in returns[:3]
    }
    del last_period["U2"][MONEY]
    made = summarised(CITY, returns, last_period)
    lines = [line.key for check, line in form().lines if check.code == "B3"]
    standing = made.standing["V1"]
    found = Finding(
        "B3", Severity.WARNING, Text("少了。", "x"), Text("说明。", "x"),
        Text("核对。", "x"),
        cell="proactive.regulations.in_force", line=lines[0], explained=True,
        explanation="清理后重新认定的。",
    )  # fmt: skip
    said = replace(
        standing,
        findings=(found,),
        answers=replace(
            standing.answers,
            explanations={lines[0]: "清理后重新认定的。", lines[1]: "属实"},
        ),
    )
    everything = [said if each is standing else each for each in made.submissions]
    return summarised(CITY, everything, last_period)


@cache
def written(name: str) -> bytes:
    makers: dict[str, Callable[[], Summary]] = {
        "city": city,
        "district": lambda: district(300),
        "empty": lambda: summarised(tree(Q="", U1="Q"), []),
        "hostile": hostile,
    }
    return write(summary_book(makers[name]()))


def opened(data: bytes, results: bool = True) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=results)


def sheet_of(summary: Summary, name: str) -> Sheet:
    return next(each for each in made_book(summary).sheets if each.name == name)


def rows_of(sheet: Sheet, top: int = LIST_TOP) -> list[list[Any]]:
    """The lines of a list, each content as it is shown."""
    rows: dict[int, dict[int, Any]] = {}
    figures = (
        Item(row, column, content, block.style)
        for block in sheet.blocks
        for row, contents in enumerate(block.rows, block.row)
        for column, content in enumerate(contents, block.column)
    )
    for item in (*sheet.items, *figures):
        rows.setdefault(item.row, {})[item.column] = shown(item)
    width = max(column for row in rows.values() for column in row) + 1
    return [
        [rows[row].get(column) for column in range(width)]
        for row in sorted(rows)
        if row >= top
    ]


def shown(item: Item) -> Any:
    match item.content:
        case Formula(result=result):
            return result
        case Link(text=text):
            return text
        case other:
            return other


# ---------------------------------------------------------------- true and live


@pytest.mark.engine
@pytest.mark.parametrize(
    ("engine", "name"),
    [
        *(("libreoffice", name) for name in ("city", "district", "empty", "hostile")),
        ("onlyoffice", "city"),
    ],
)
def test_what_is_stored_is_what_an_engine_computes(engine: str, name: str) -> None:
    data = written(name)
    after = opened(engines.require(engine).recalculate(data))
    formulas, stored = opened(data, results=False), opened(data)
    seen = 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    where = (sheet.title, cell.coordinate)
                    same(
                        stored[where[0]][where[1]].value,
                        after[where[0]][where[1]].value,
                        where,
                    )
                    seen += 1
    assert seen > 200


def same(one: Any, other: Any, where: object) -> None:
    if isinstance(one, int | float) and isinstance(other, int | float):
        assert other == pytest.approx(one, abs=1e-9), where
    else:
        assert (one or "") == (other or ""), where


@pytest.mark.engine
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("code", ["U1", "U3", "V2"])
def test_a_unit_switched_off_lowers_each_total_by_exactly_its_figures(
    engine: str, code: str
) -> None:
    made = city()
    switch = (DETAIL, f"D{DETAIL_TOP + made.position[code] + 1}")
    cells = [(spot.sheet, spot.address) for spot in LAYOUT.cells.values()]
    results = [*cells, (OVERVIEW, "G5")]
    on, off = engines.require(engine).fill_many(
        written("city"), [{switch: 1}, {switch: 0}], results
    )
    without = {c: s.facts for c, s in made.counted.items() if c != code}
    lower = added(form(), without.values())
    for id_, before, after in zip(LAYOUT.cells, on, off, strict=False):
        assert number_of(before) == made.totals.get(id_), id_
        assert number_of(after) == lower.get(id_), id_
    assert (on[-1], off[-1]) == (5, 4)


def number_of(value: object) -> Decimal | None:
    if value == "":
        return None
    assert isinstance(value, int | float)
    return Decimal(repr(round(value, 6))).normalize()


def test_only_whitelisted_functions_occur() -> None:
    used: set[str] = set()
    for name in ("city", "empty"):
        for part, xml in unzipped(written(name)).items():
            if part.startswith("xl/worksheets/sheet"):
                for text in re.findall(rb"<(?:f|formula)[^>]*>([^<]*)<", xml):
                    plain = re.sub(r'"[^"]*"', "", text.decode().replace("&quot;", '"'))
                    used |= set(re.findall(r"([A-Z.]+)\(", plain))
    assert {"SUMPRODUCT", "COUNTIF"} <= used <= WHITELIST


def test_every_official_figure_is_a_formula_over_the_detail() -> None:
    book = opened(written("city"), results=False)
    for id_, spot in LAYOUT.cells.items():
        text = str(book[spot.sheet][spot.address].value)
        assert text.startswith("="), id_
        if id_ not in form().totals:
            assert f"{DETAIL}!$D$" in text, id_


def test_it_validates_strictly_against_the_ooxml_schemas(tmp_path: Path) -> None:
    for name in ("city", "empty", "hostile"):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(written(name))
        result = OpenXmlValidator().validate(path)
        assert result.is_valid, result.errors


def test_a_large_summary_is_the_same_whether_kept_in_memory_or_in_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = summary_book(district(3))
    inside = write(book)
    monkeypatch.setattr("workbook_builder.workbook.write.MANY_CELLS", 0)
    assert unzipped(write(book)) == unzipped(inside)


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert write(summary_book(district(4))) == write(summary_book(district(4)))


# ---------------------------------------------------------------- blanks


def test_a_blank_is_no_zero_and_the_units_with_a_number_are_counted() -> None:
    made = city()
    book = opened(written("city"))
    row = DETAIL_TOP + made.position["U3"] + 1
    column = FIRST_FIGURE + form().positions[MONEY] + 1
    assert book[DETAIL].cell(row, column).value is None
    assert book[DETAIL].cell(3, column).value == 4
    assert book[DETAIL].cell(3, column + 1).value == 5
    line = str(book["表二"]["A3"].value)
    assert line.startswith("计入 5 个单位，应报 7 个")


def test_a_figure_nobody_has_is_empty_not_zero() -> None:
    lone = unit("U1", "Q")
    made = summarised(tree(Q="", U1="Q"), [submission(lone, {COUNT: None})])
    book = opened(write(summary_book(made)))
    for id_ in (COUNT, TOTAL):
        spot = LAYOUT.cells[id_]
        assert not book[spot.sheet][spot.address].value, id_
    assert book["表三"]["E7"].value == 0


# ---------------------------------------------------------------- overview


def keys(summary: Summary) -> dict[str, Any]:
    """The key figures of the overview, by name."""
    items = {(i.row, i.column): shown(i) for i in sheet_of(summary, OVERVIEW).items}
    return {
        str(items[row, column]): items[row + 1, column]
        for row in (3, 5)
        for column in range(8)
    }


def test_the_overview_says_how_many_have_returned_and_what_is_open() -> None:
    found = keys(city())
    assert found["应报单位"] == 7, "a control total is no unit that reports"
    assert found["已报单位"] == 6
    assert (found["通过"], found["退回"], found["未报"]) == (5, 1, 1)
    assert found["计入汇总"] == 5
    assert found["按时报送率"] == Decimal("0.714"), "5 of 7: one late, one missing"
    assert (found["强制性错误"], found["核实性问题"], found["待处理问题"]) == (2, 1, 2)
    assert found["收到文件"] == 8
    assert found["截止日期"] == DEADLINE.isoformat()


@pytest.mark.parametrize(
    ("units", "breaks", "tall", "rows"),
    [(24, 1, 0, None), (60, 0, 2, None), (61, 0, 1, 1)],
)
def test_the_overview_is_two_pages_of_print_however_many_units_there_are(
    units: int, breaks: int, tall: int, rows: int | None
) -> None:
    """The first holds figures and charts; LibreOffice was looked at for all three."""
    codes = {f"U{number}": "Q" for number in range(units)}
    one = submission(
        Unit("U1", "示例街道办事处U1", "Q"), {COUNT: 1}, path="回复/新建.xlsx"
    )
    made = sheet_of(summarised(tree(Q="", **codes), [one]), OVERVIEW)
    assert (len(made.page_breaks), made.pages_tall) == (breaks, tall)
    printed = made.print_area
    assert (printed is None) is (rows is None)
    texts = [shown(item) for item in made.items]
    assert ("供屏幕查看，不打印" in "".join(map(str, texts))) is (rows is not None)
    assert "回复/新建.xlsx" not in texts, "units are named, not files"
    assert any(str(text).startswith("制表单位：") for text in texts)


def test_without_a_deadline_there_is_no_rate() -> None:
    made = summarised(city().roster, city().submissions, of=campaign())
    assert keys(made)["按时报送率"] is None
    assert keys(made)["截止日期"] == "未设"
    assert {row[7] for row in rows_of(sheet_of(made, PROGRESS))} == {"—"}


def test_a_control_total_is_no_unit_to_report_but_its_finding_is_shown() -> None:
    made = city()
    assert made.controls == {"D1"}
    assert "D1" not in made.position
    assert made.nodes["D1"].expected == 4
    codes = {(row[0], row[2]) for row in rows_of(sheet_of(made, FINDINGS))}
    assert ("D1", "D01") in codes
    (found,) = [row for row in rows_of(sheet_of(made, FINDINGS)) if row[2] == "D01"]
    assert found[5:7] == ["表三", "D7"]


def test_the_charts_are_drawn_from_live_figures() -> None:
    parts = unzipped(written("city"))
    charts = {
        n: p.decode() for n, p in parts.items() if n.startswith("xl/charts/chart")
    }
    assert len(charts) == 4
    for xml in charts.values():
        assert re.search(r"<c:f>图表数据!\$", xml)
        cached = re.findall(r"<c:numCache>.*?</c:numCache>", xml, re.DOTALL)
        assert cached
        assert all("<c:v>" in each for each in cached)
    assert "予以公开" in "".join(charts.values())


def test_where_nothing_counts_no_chart_draws_zeros() -> None:
    data = written("empty")
    assert not [name for name in unzipped(data) if "charts/chart" in name]
    shown = (cell.value for row in opened(data)[OVERVIEW] for cell in row)
    assert any("没有数据的图没有画" in str(text) for text in shown)


# ---------------------------------------------------------------- progress


def test_progress_tells_when_each_unit_was_in_time() -> None:
    rows = {row[0]: row for row in rows_of(sheet_of(city(), PROGRESS))}
    assert rows["U1"][5:10] == ["2026-01-13 09:00", "2026-01-14 09:00", "按时", None, 2]
    assert rows["V2"][5:10] == ["2026-01-22 09:00", "2026-01-22 09:00", "迟报", 2, 1]
    assert rows["V3"][4:10] == ["未报", None, None, "—", None, 0]
    assert rows["U4"][10] == 1


@pytest.mark.parametrize(
    ("seconds", "late"), [(0, 0), (7 * DAY - 9 * 3600 - 1, 0), (7 * DAY - 9 * 3600, 1)]
)
def test_the_day_of_the_deadline_counts_to_its_end_in_china(
    seconds: float, late: int
) -> None:
    """SENT is 2026-01-14 09:00; the deadline is the 20th."""
    returned = submission(unit("U1", "Q"), received=SENT + seconds)
    made = summarised(tree(Q="", U1="Q"), [returned])
    assert made.days_late(made.units[0]) == late


def test_progress_is_counted_by_type_and_branch() -> None:
    rows = [row[:9] for row in rows_of(sheet_of(city(), GROUPS), 3)]
    assert ["部门", 4, 3, 0, 1, 0, 4, 0, Decimal(1)] in rows
    assert ["街道", 3, 2, 0, 0, 1, 1, 1, Decimal("0.333")] in rows
    assert ["示例市", 7, 5, 0, 1, 1, 5, 1, Decimal("0.714")] in rows
    assert ["　乙区", 3, 2, 0, 0, 1, 1, 1, Decimal("0.333")] in rows


# ---------------------------------------------------------------- the tree


def tree_lines(summary: Summary) -> dict[tuple[str, str], list[Any]]:
    rows = rows_of(tree_sheet(summary), 4)
    return {(row[0], row[6]): row for row in rows if row[0]}


def test_a_control_total_stands_beside_the_sum_with_the_difference() -> None:
    lines, at = tree_lines(city()), FIRST + form().positions[COUNT]
    total, own = lines["D1", SUM][at], lines["D1", OWN][at]
    assert (own, total) == (99_999, city().nodes["D1"].totals[COUNT])
    assert lines["D1", GAP][at] == own - total
    assert ("D2", OWN) not in lines
    assert lines["C", SUM][3:6] == [7, 6, 5]


def test_five_thousand_units_in_three_levels_add_up_at_every_node() -> None:
    made = many()
    lines = tree_lines(made)
    wanted = independent(made)
    assert len(lines) == 1 + 60
    for code, sums in wanted.items():
        for id_, at in form().positions.items():
            assert lines[code, SUM][FIRST + at] == sums.get(id_, ""), (code, id_)
            if id_ in sums:
                assert made.nodes[code].totals[id_] == sums[id_]


def many() -> Summary:
    """A province, sixty cities below it, and 5,000 units below those, shuffled."""
    random = Random(3)
    units = [Unit("P", "省")]
    units += [Unit(f"C{i}", f"市{i}", "P") for i in range(60)]
    units += [
        Unit(f"U{i}", f"单位{i}", f"C{random.randrange(60)}") for i in range(5000)
    ]
    random.shuffle(units)
    kinds = [random_facts(random) for _ in range(40)]
    returns = [
        with_facts(each, random.choice(kinds), SENT)
        for each in units
        if each.code[0] == "U" and random.random() < 0.95
    ]
    return summarised(Roster(tuple(units)), returns)


def independent(made: Summary) -> dict[str, dict[str, Decimal]]:
    """Sums by walking up from each unit, without the program's tree."""
    above = {each.code: each.parent for each in made.roster.units}
    sums: dict[str, dict[str, Decimal]] = {}
    for code, returned in made.counted.items():
        at = above[code]
        while at:
            node = sums.setdefault(at, {})
            for id_, value in returned.facts.items():
                assert value.number is not None
                node[id_] = node.get(id_, Decimal(0)) + value.number
            at = above[at]
    return sums


# ---------------------------------------------------------------- last year


def years(summary: Summary) -> dict[str, list[Any]]:
    """Lines of 同比 by address, and of what must carry over by check and label."""
    rows = rows_of(sheet_of(summary, YEARS), TOP)
    return {
        f"{row[0]} {row[1]}" if re.fullmatch("[A-Z][0-9]", str(row[0])) else row[0]: row
        for row in rows
        if row[0]
    }


def real(names: Mapping[str, str]) -> Summary:
    """Units whose figures of 2024 and 2023 are those they published."""
    units, returns, before = [Unit("Q", "示例")], [], {}
    for code, name in names.items():
        now, then = (published(f"{name}-{year}", form()) for year in (2024, 2023))
        one = Unit(code, now.unit, "Q", now.unit_type)
        units.append(one)
        values = {id_: number(n) for id_, n in now.inputs(form()).items()}
        returns.append(with_facts(one, facts(form(), Answers(values=values)), SENT))
        before[code] = dict(then.figures)
    year = replace(campaign(), period=Period(2024))
    return summarised(Roster(tuple(units)), returns, before, of=year)


@pytest.mark.parametrize(
    "names",
    [{"S": "suqian"}, {"H": "hongze"}, {"S": "suqian", "H": "hongze"}],
    ids=["suqian", "hongze", "both"],
)
def test_published_reports_of_two_years_compare_as_printed(
    names: Mapping[str, str],
) -> None:
    made, lines = real(names), years(real(names))
    for id_ in form().inputs:
        spot = LAYOUT.cells[id_.id]
        line = lines[f"{spot.sheet} {spot.address}"]
        both = [
            sum(published(f"{n}-{y}", form()).figures[id_.id] for n in names.values())
            for y in (2024, 2023)
        ]
        assert line[3] == len(names)
        assert line[4:7] == [*both, both[0] - both[1]], id_.id
        assert line[2] == made.totals[id_.id]
    carried = {
        key: line for key, line in lines.items() if str(key)[:3] in ("B1 ", "B2 ")
    }
    assert len(carried) >= 9
    stock = [line for key, line in carried.items() if str(key).startswith("B2")]
    assert all(line[6] == 0 and line[8] == "✔ 相符" for line in stock), "domain.md B2"
    if names == {"S": "suqian"}:
        assert all(line[6] == 0 for line in carried.values()), "domain.md B1"


def test_without_last_period_there_is_a_sentence_and_nothing_else() -> None:
    made = district(3)
    alone = summarised(made.roster, made.submissions)
    texts = [shown(item) for item in sheet_of(alone, YEARS).items]
    said = no_last_period(alone)
    assert "last-year" in said
    assert said in texts
    assert BEFORE not in {each.name for each in made_book(alone).sheets}
    assert rows_of(sheet_of(alone, OUTLIERS))[0][0] == said


def test_new_and_vanished_figures_are_named_without_a_division_by_zero() -> None:
    lone = unit("U1", "Q")
    now = {
        COUNT: 12,
        "applications.received.business": 0,
        "applications.granted.natural": 3,
    }
    before = {
        COUNT: Decimal(0),
        "applications.received.business": Decimal(0),
        "applications.granted.natural": Decimal(0),
        "applications.granted.business": Decimal(40),
    }
    made = summarised(tree(Q="", U1="Q"), [submission(lone, now)], {"U1": before})
    lines = years(made)
    assert lines["表三 D7"][4:9] == [12, 0, 12, NEW, "▲ 大增"]
    assert lines["表三 E7"][4:9] == [0, 0, 0, NOTHING, ""]
    assert lines["表三 D9"][4:9] == [3, 0, 3, NEW, ""]
    assert lines["表三 E9"][4:9] == [0, 40, -40, -1, "▼ 大减"]
    assert lines["表三 F9"][3:9] == [0, "", "", "", "", ""]


def test_only_units_with_both_years_are_compared_and_their_number_is_said() -> None:
    lines = years(city())
    assert lines["表三 D7"][3] == 3
    assert lines["表二 B17"][3] == 2, "one of the three did not know it last year"
    note = next(shown(i) for i in sheet_of(city(), YEARS).items if i.row == 1)
    assert "有上年数的单位 3 个，其中本年计入的 3 个" in note


def test_outliers_stand_out_from_the_others_not_from_zero() -> None:
    doubled = [(f"U{i}", Decimal(100 + i), Decimal(50 + i // 2)) for i in range(20)]
    assert outliers(doubled) == ()
    odd = [*doubled, ("X", Decimal(60), Decimal(60)), ("Y", Decimal(900), Decimal(90))]
    assert [each.unit for each in outliers(odd)] == ["Y"]
    assert outliers(odd)[0].usual == pytest.approx(Decimal(2), abs=Decimal("0.1"))


def test_few_units_are_judged_by_five_times_and_small_numbers_never() -> None:
    few = [("A", Decimal(60), Decimal(10)), ("B", Decimal(49), Decimal(10)),
           ("C", Decimal(9), Decimal(0)), ("D", Decimal(0), Decimal(30))]  # fmt: skip
    assert [each.unit for each in outliers(few)] == ["A", "D"]
    assert outliers([]) == ()


def test_the_list_of_outliers_leads_to_unit_and_cell() -> None:
    base = district(12)
    top = base.units[0]
    figures = {COUNT: 5000, "applications.granted.natural": 5000}
    changed = [submission(top, figures), *base.submissions[1:]]
    made = summarised(base.roster, changed, base.last_period)
    rows = rows_of(sheet_of(made, OUTLIERS))
    assert ["U0000", "表三 D7"] in [[row[0], row[2]] for row in rows]
    assert years(made)["表三 D7"][9] == sum(row[2] == "表三 D7" for row in rows)


# ---------------------------------------------------------------- lists


def test_every_explanation_is_listed_with_what_became_of_it() -> None:
    rows = rows_of(sheet_of(city(), EXPLANATIONS))
    assert [(row[0], row[2], row[6], row[7]) for row in rows] == [
        ("V1", "B3", "清理后重新认定的。", "说明有效"),
        ("V1", "B3", "属实", "没有对应问题"),
    ]


def test_without_decisions_it_says_so_and_with_them_each_is_listed() -> None:
    assert rows_of(sheet_of(city(), DECISIONS))[0][0] == "没有人工决定。"
    decided = Decided(
        Decision("U4", Ruling.ACCEPT, "电话核实。", "2026-01-25T10:00+08:00", "x"),
        False,
    )
    made = replace(city(), decisions=(decided,))
    (row,) = rows_of(sheet_of(made, DECISIONS))
    assert row[:3] == ["U4", "甲区单位4", "同意计入"]
    assert "失效" in row[6]


def test_every_file_is_listed_with_its_hash_edition_and_time() -> None:
    rows = {row[0]: row for row in rows_of(sheet_of(city(), FILES))}
    assert len(rows) == len(city().submissions)
    assert rows["U1.xlsx"][3] == city().standing["U1"].sha256
    assert rows["U1.xlsx"][4:8] == ["通过", "是", "2026-01-14 09:00", form().edition]
    assert rows["U1 旧.xlsx"][4:6] == ["已有新版", None]
    assert rows["D1.xlsx"][5] == "核对"


def test_every_link_leads_to_the_line_of_its_unit() -> None:
    book = opened(written("city"))
    codes = {DETAIL: 1, FINDINGS: 1, FILES: 2}
    seen = 0
    for sheet in made_book(city()).sheets:
        for item in sheet.items:
            if isinstance(item.content, Link):
                target = book[item.content.sheet]
                row = int(re.sub(r"\D", "", item.content.address))
                there = target.cell(row, codes[item.content.sheet]).value
                here = book[sheet.name].cell(item.row + 1, 1).value
                if sheet.name == FILES:
                    here = book[sheet.name].cell(item.row + 1, 2).value
                assert there == here, (sheet.name, item)
                seen += 1
    assert seen > 30


def test_every_sheet_has_a_title_a_page_set_up_and_lists_a_frozen_head() -> None:
    for sheet in opened(written("city")).worksheets:
        assert sheet["A1"].value, sheet.title
        assert sheet.page_setup.paperSize == 9, sheet.title
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None, sheet.title
        assert fit.fitToPage, sheet.title
    for name in (PROGRESS, FINDINGS, EXPLANATIONS, FILES, DETAIL, YEARS, OUTLIERS):
        sheet = opened(written("city"))[name]
        assert sheet.freeze_panes, name
        assert sheet.auto_filter.ref, name
        assert sheet.print_title_rows, name


# ---------------------------------------------------------------- hostile text


def test_no_payload_becomes_a_formula_or_a_link() -> None:
    data = written("hostile")
    for sheet in opened(data, results=False).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not any(text in str(cell.value) for text in PAYLOADS[:20])
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None
                    assert cell.hyperlink.location is not None
                    assert cell.hyperlink.location.split("!")[0].strip("'") in {
                        DETAIL, FILES, FINDINGS
                    }  # fmt: skip
    parts = unzipped(data)
    assert not [name for name in parts if "externalLink" in name]
    outside = [n for n, p in parts.items() if b'TargetMode="External"' in p]
    assert outside == []


@pytest.mark.engine
def test_libreoffice_sees_every_payload_as_text() -> None:
    """Saved again by an office suite, the same texts stand there and no formula."""
    after = engines.require("libreoffice").recalculate(written("hostile"))
    book = opened(after, results=False)
    names = {cell.value for cell in book[DETAIL]["B"][DETAIL_TOP:]}
    formulas = {cell.data_type for cell in book[DETAIL]["B"]}
    assert "f" not in formulas
    kept = {text for text in PAYLOADS if text.strip() == text and "\r" not in text}
    assert kept <= names
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert not [n for n in archive.namelist() if "externalLink" in n]


def test_long_texts_are_cut_and_do_not_stop_the_summary() -> None:
    lone = Unit("U1", "甲" * 40_000, "Q")
    said = submission(
        lone, findings=[replace(catalogued("T05"), explanation="乙" * 40_000)]
    )
    made = summarised(Roster((Unit("Q", "区"), lone)), [said])
    assert opened(write(summary_book(made)))[FINDINGS]["J4"].value


def test_a_switch_may_only_be_one_or_zero() -> None:
    (rule,) = opened(written("city"), results=False)[
        DETAIL
    ].data_validations.dataValidation
    assert rule.formula1 == '"1,0"'
    assert str(rule.sqref).startswith("D7")
    assert COUNTED == 3
