"""A layout lasts: what was sent out is read, whatever checks were added meanwhile.

``returned/layout-4037b411e58f0657.xlsx`` is a return that was built before the lines of
审核 had keys: 表二 and 表三 filled in, 表四 declared to be all zero, one 说明.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests import support
from tests.definitions import SHIPPED, define
from tests.sums import summarised
from tests.support import (
    FORMS,
    REASON,
    codes,
    edited,
    expected,
    form,
    judged,
    restamped,
)
from workbook_builder.definition.layouts import FOLDER, LayoutFiles
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.formats.grid import read_grid
from workbook_builder.model.answers import Answers
from workbook_builder.model.errors import DefinitionError
from workbook_builder.model.finding import Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook
from workbook_builder.model.layout import Place
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.outputs.records import FACTS, fact_records
from workbook_builder.reading.locate import fitting
from workbook_builder.reading.read import Reading, read_answers, read_stamp
from workbook_builder.workbook.build import build_workbook
from workbook_builder.workbook.place import AUDIT, KEY, layout_of, layouts, place

OLDER = "4037b411e58f0657"
SAMPLE = (Path(__file__).parent / "returned" / f"layout-{OLDER}.xlsx").read_bytes()
BEFORE = {"applications.carried_out.natural": Decimal(1)}

PUBLISHED = [
    each for name in FORMS.names() for each in FORMS.all_of(name) if each.published
]


# ---------------------------------------------------------------- published layouts


@pytest.mark.parametrize(
    "known", PUBLISHED, ids=lambda each: f"{each.id} {each.edition}"
)
def test_the_layout_of_today_is_published(known: Form) -> None:
    today = place(known)
    assert today.fingerprint in known.published, (
        "The layout has changed. Workbooks of the one before stay readable; keep this "
        "one as well before any is sent out: python -m tools.layouts"
    )
    kept = known.published[today.fingerprint]
    for part in ("cells", "declarations", "texts", "fields", "labels", "headings"):
        assert getattr(kept, part) == getattr(today, part)
    assert (kept.titles, kept.reasons) == (today.titles, today.reasons)


def test_a_layout_that_was_sent_out_is_kept() -> None:
    assert OLDER in form().published
    assert layouts(form())[0] is place(form())
    assert len({each.fingerprint for each in layouts(form())}) == len(layouts(form()))


def test_the_fingerprint_is_over_places_and_words() -> None:
    layout = place(form())
    one, *others = layout.boxes[1:]
    spot = Place("表二", 99, 0)
    head, *_ = layout.headings
    changed = [
        layout,
        replace(layout, boxes=(replace(one, text="其他"), *others)),
        replace(layout, cells={**layout.cells, "proactive.fees.amount": spot}),
        replace(layout, headings={**layout.headings, head: "其他"}),
        replace(layout, declarations={**layout.declarations, "disputes": spot}),
        replace(layout, reasons=spot),
    ]
    assert len({each.fingerprint for each in changed}) == len(changed)


def test_the_fingerprint_is_not_over_checks() -> None:
    layout = place(form())
    spot = Place("x", 0, 0)
    moved = replace(
        layout, lines={"A1": spot}, last_period={}, explanations={"A1": spot}
    )
    assert moved.fingerprint == layout.fingerprint


def copied(folder: Path, old: str = "", new: str = "") -> Path:
    """Today's published layout beside a copy of the edition, with other words."""
    made = define(folder)
    name = f"{place(form()).fingerprint}.toml"
    text = (SHIPPED / FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    (made / FOLDER).mkdir()
    (made / FOLDER / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return made


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("表二!B6", "表二!B66", "file"),
        ("本年废止件数", "本年失效件数", "file"),
        ('"proactive.fees.amount" =', '"proactive.fees.sum" =', "cells"),
        ("表二!B6", "B6", "B6"),
        ("[texts]", "[text]", "file"),
    ],
)
def test_a_published_layout_that_was_changed_is_refused(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        load_folder(copied(tmp_path, old, new))
    assert caught.value.key == key
    assert "layouts/" in str(caught.value)


def test_a_published_layout_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    found = LayoutFiles(folder, form().cells)
    assert [each.name for each in found.values()] == list(found)
    assert load_folder(folder).published.keys() == found.keys()
    sent = pickle.loads(pickle.dumps(found))
    assert {key: vars(each) for key, each in sent.items()} == {
        key: vars(each) for key, each in found.items()
    }


def test_a_published_layout_is_read_when_a_file_says_that_it_is_of_it(
    tmp_path: Path,
) -> None:
    """Who takes an edition into use learns at once that one is damaged."""
    folder = copied(tmp_path, "表二!B6", "B6")
    forms = Forms((folder.parent.parent,))
    taken: Callable[[], Form]
    for taken in (
        lambda: forms.edition(folder.parent.name, folder.name),
        lambda: forms.of(folder.parent.name, Period(2025)),
    ):
        with pytest.raises(DefinitionError):
            taken()
    known = forms.get(folder.parent.name, folder.name)
    assert known is not None
    (damaged,) = known.published
    assert layout_of(known, damaged) is place(known)
    with pytest.raises(DefinitionError):
        _ = known.published[damaged]


# ---------------------------------------------------------------- earlier workbooks


def test_a_workbook_of_an_earlier_layout_is_read_as_one_of_today() -> None:
    submission = judged(SAMPLE, expected())
    assert submission.verdict is Verdict.NEEDS_EXPLANATION, submission.findings
    # Its texts are of then, and nobody asked for its head.
    assert codes(submission.findings) == ["B1", "F12", "F8", "F11", "F13"]
    assert submission.answers.explanations == {"B1.natural": REASON}
    assert submission.answers.fields == {"telephone": "000-1111", "head": "某某"}
    assert set(submission.answers.texts) == {text.id for text in form().narratives}
    # The figures, the declared table and the 核对码 that was printed then.
    facts = submission.facts
    assert facts["applications.received.total"].number == 11
    assert facts["proactive.fees.amount"].number == Decimal("3.25")
    assert facts["disputes.review.total"].number == 0
    sheet = read_grid(SAMPLE).sheet("_calc")
    assert sheet is not None
    assert submission.print_code == sheet.cells[0, 1].value


def test_findings_and_facts_of_an_earlier_workbook_say_where_in_that_file() -> None:
    layout = form().published[OLDER]
    cell = "applications.granted.natural"
    blank = support.put(SAMPLE, {layout.cells[cell]: None})
    submission = judged(blank, expected())
    found = support.finding(submission, "A6")
    assert (found.sheet, found.address) == ("表三", "D9")
    summary = summarised(support.roster("U1"), [submission])
    columns = [column.name for column in FACTS.columns]
    rows = [dict(zip(columns, row, strict=True)) for row in fact_records(summary)]
    places = {row["cell"]: (row["sheet"], row["address"]) for row in rows}
    assert places == {
        id_: (spot.sheet, spot.address) for id_, spot in layout.cells.items()
    }


def test_an_earlier_workbook_that_lost_its_stamp_is_still_recognised() -> None:
    book = read_grid(SAMPLE)
    answers = read_answers(form(), fitting(form(), book), book).answers
    assert answers == judged(SAMPLE).answers
    assert fitting(form(), read_grid(support.workbook())) is place(form())
    assert fitting(form(), RawBook(())) is place(form())


def test_a_layout_nobody_knows_is_pointed_out() -> None:
    odd = restamped(support.workbook(), layout="0123456789abcdef")
    submission = judged(odd)
    assert "T04" in codes(submission.findings)
    assert layout_of(form(), "0123456789abcdef") is place(form())


# ---------------------------------------------------------------- a check more

NEW_CHECK = """
[[checks]]
code = "H1"
title = "许可不多于一千"
title_en = "at most a thousand licences"
severity = "warning"
each = ["proactive.licences.decisions"]
rule = "it <= 1000 or it <= 2 * last(it)"
source = "test"
message = "行政许可多于一千"
message_en = "more than a thousand licences"
remedy = "请核对。"
remedy_en = "Look again."

[[checks]]
code = "A0"
title = "每项不超过五千"
title_en = "at most five thousand"
severity = "error"
each = "input"
rule = "is_blank(it) or not is_number(it) or it <= 5000"
source = "test"
message = "超过五千"
message_en = "more than five thousand"
remedy = "请核对。"
remedy_en = "Look again."
"""


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Form:
    """The edition after two checks were added, one of them before all others."""
    folder = define(tmp_path_factory.mktemp("forms"))
    checks = folder / "checks.toml"
    checks.write_text(NEW_CHECK + checks.read_text("utf-8"), encoding="utf-8")
    return load_folder(folder)


def test_a_check_more_moves_nothing(later: Form) -> None:
    before, after = place(form()), place(later)
    assert after.fingerprint == before.fingerprint
    for part in ("cells", "declarations", "texts", "fields", "stamp", "labels"):
        assert getattr(after, part) == getattr(before, part)
    # Only the rows of 审核 are others, which nobody looks up by their address.
    assert after.lines["B1.natural"] != before.lines["B1.natural"]


def built(by: Form, **explanations: str) -> bytes:
    answers = replace(support.filled(by), explanations=explanations)
    return build_workbook(
        by, support.unit(), support.campaign(), answers, last_period=BEFORE
    )


def read(by: Form, data: bytes) -> Reading:
    book = read_grid(data)
    stamp = read_stamp(book)
    assert stamp is not None
    return read_answers(by, layout_of(by, stamp.layout), book)


def test_workbooks_built_before_and_after_are_read_side_by_side(later: Form) -> None:
    """Each by either definition: in the post, and at a desk not yet brought up to date."""
    said = {"B1.natural": REASON, "F1.problems": "本年没有发现突出问题"}
    readings = [
        read(by, built(of, **said)) for of in (form(), later) for by in (form(), later)
    ]
    for reading in readings:
        assert reading.answers == readings[0].answers
        assert reading.answers.explanations == said
        assert (reading.findings, reading.last_period) == ((), BEFORE)


def test_the_new_check_is_explained_where_the_workbook_has_its_line(
    later: Form,
) -> None:
    line = "H1.proactive.licences.decisions"
    after = built(later, **{line: REASON})
    assert read(later, after).answers.explanations == {line: REASON}
    assert read(form(), after).answers.explanations == {}


# ---------------------------------------------------------------- keys of the lines


def with_reason() -> bytes:
    return built(form(), **{"B1.natural": REASON})


def without_keys(data: bytes) -> bytes:
    return edited(data, lambda book: book[AUDIT].delete_cols(KEY + 1))


def rows_above(data: bytes) -> bytes:
    return edited(data, lambda book: book[AUDIT].insert_rows(2, 3))


def reworded(data: bytes) -> bytes:
    row = place(form()).lines["B1.natural"].row
    return support.put(data, {Place(AUDIT, row, 2): "别的话"})


@pytest.mark.parametrize("damage", [without_keys, rows_above, reworded])
def test_a_reason_is_found_by_key_or_by_words(damage: Callable[[bytes], bytes]) -> None:
    reading = read(form(), damage(with_reason()))
    assert reading.answers.explanations == {"B1.natural": REASON}


def test_a_copy_of_the_sheet_with_another_reason_is_noticed() -> None:
    spot = support.spot("B1.natural")

    def change(book: Workbook) -> None:
        copy = book.copy_worksheet(book[AUDIT])
        copy[spot.address] = "不是这个原因，另有情况。"

    submission: Submission = judged(edited(with_reason(), change))
    assert "T07" in codes(submission.findings)


def test_no_reason_is_lost_for_a_folded_row() -> None:
    """Folding and filtering lines of 审核 is no hiding of entries."""
    row = place(form()).lines["B1.natural"].row + 1

    def fold(book: Workbook) -> None:
        book[AUDIT].row_dimensions[row].hidden = True

    data = edited(with_reason(), fold)
    assert read(form(), data).answers.explanations == {"B1.natural": REASON}
    assert "Y09" not in codes(judged(data).findings)


def test_declared_blanks_are_what_they_were() -> None:
    answers = read(form(), SAMPLE).answers
    assert isinstance(answers, Answers)
    assert set(answers.declared) == {"disputes"}
