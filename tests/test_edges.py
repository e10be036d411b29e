"""Where a rule begins and ends: the last case on each side of it."""

from __future__ import annotations

import errno
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from tests.support import (
    BUSY,
    FORMS,
    campaign,
    codes,
    edited,
    expected,
    form,
    judged,
    restamped,
    workbook,
    zipped,
)
from tests.test_alike import PROBLEMS, alike
from tests.test_forensics import comment, open_return, part_of
from tests.test_read_cells import put, sound
from tests.test_read_cells import read as read_book
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.bounds.zip_entry import PIECE
from workbook_builder.language import compiled
from workbook_builder.language.alone import alone
from workbook_builder.language.likeness import RUN, runs
from workbook_builder.language.value import Evaluator, facts
from workbook_builder.language.words import shown
from workbook_builder.model.agreement import Agreement
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import UnreadableFile, reason
from workbook_builder.model.explanation import ExplanationRule
from workbook_builder.model.expression import (
    Both,
    Call,
    CellRef,
    Compare,
    Either,
    Node,
    Not,
    Number,
)
from workbook_builder.model.failure import failure
from workbook_builder.model.form import Form
from workbook_builder.model.grid import RawBook, RawCell, RawKind, RawSheet
from workbook_builder.model.letter import Bounce, Letter, LetterKind
from workbook_builder.model.naming import safe_name, workbook_name
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import listed
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import BLANK, number
from workbook_builder.reading import receive
from workbook_builder.reading.forensics import traces
from workbook_builder.reading.identify import MARKS, printed, recognise
from workbook_builder.reading.judge import LONGEST
from workbook_builder.reading.letters import said_of
from workbook_builder.reading.locate import words_of
from workbook_builder.reading.receive import Source, lost_file
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.reading.written import no_text
from workbook_builder.rules.alike import HALF, LONG
from workbook_builder.rules.grounds import of_finding
from workbook_builder.rules.outliers import outliers
from workbook_builder.rules.seal import fingerprint, fits, sealed
from workbook_builder.rules.settle import Settled
from workbook_builder.rules.versions import NAMED, with_changes
from workbook_builder.workbook.place import PASTE, heading, place

D = Decimal
FORM = form()
THEN = FORMS.edition("disclosure", "2019")
COUNT, MONEY = "applications.received.natural", "proactive.fees.amount"


def evaluator(figures: dict[str, Decimal]) -> Evaluator:
    values = {id_: number(amount) for id_, amount in figures.items()}
    return Evaluator(FORM, Answers(values), Circumstances(Period(2025)))


# ---------------------------------------------------------------- comparisons


@pytest.mark.parametrize("op", ["==", "<=", ">="])
@pytest.mark.parametrize(("id_", "step"), [(COUNT, D(1)), (MONEY, D("0.000001"))])
def test_what_is_half_a_step_apart_is_apart(op: str, id_: str, step: Decimal) -> None:
    """Not a hair more: doubles break a tie the other way."""
    compare = Compare(op, CellRef(id_), Number(D(9)))
    slack = FORM.tolerance(compare)
    assert step / 2 > slack > step * D("0.499")
    hair = step / 1000
    for gap, holds in ((slack - hair, True), (slack, False), (slack + hair, False)):
        over, under = (
            compiled.truth(FORM, compare)(evaluator({id_: D(9) + sign * gap}))
            for sign in (1, -1)
        )
        assert over is (holds or op == ">=")
        assert under is (holds or op == "<=")


def test_what_is_typed_over_one_total_is_seen_in_those_made_of_it() -> None:
    """As it is in the workbook; what counts is computed from the figures alone."""
    granted, closed = "applications.granted.total", "applications.closed.total"
    figures = {cell.id: number(0) for cell in FORM.inputs}
    figures["applications.partly_granted.natural"] = number(2)
    for typed, seen in (({}, 2), ({granted: number(5)}, 7), ({closed: number(9)}, 9)):
        answers = Answers(figures, printed=typed)
        known = Evaluator(FORM, answers, Circumstances(Period(2025)))
        assert known.cell(closed) == seen
        assert known.total(closed) == known.total_fact(closed).number == 2


LENGTH, FEWEST = Call("length", "a"), Call("minimum", "a")
WRITTEN = Not(Call("is_blank", "a"))
HOLDS = Compare("==", Number(D(1)), Number(D(1)))


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        (WRITTEN, True),
        (Call("is_blank", "a"), False),
        (Not(Call("zero_declared", "a")), False),
        (Both(WRITTEN, HOLDS), True),
        (Both(HOLDS, WRITTEN), False),
        (Either(WRITTEN, HOLDS), False),
        (Compare(">=", LENGTH, FEWEST), True),
        (Compare("<=", LENGTH, FEWEST), False),
        (Compare(">=", FEWEST, LENGTH), False),
        (Compare(">=", LENGTH, Call("minimum", "b")), False),
        (Compare(">=", LENGTH, Number(D(9))), False),
        (Both(Compare(">=", LENGTH, FEWEST), HOLDS), True),
    ],
)
def test_only_what_asks_for_more_fails_a_blank_workbook(rule: Node, asks: bool) -> None:
    check = FORM.checks[0]
    (line, *_), (instance, *_) = check.lines, check.lines[0].instances
    line = replace(line, instances=(replace(instance, expression=rule),))
    assert replace(check, lines=(line,)).fails_untouched is asks


@pytest.mark.parametrize(
    ("amount", "said"),
    {
        "0.0000005": "0.000001",
        "0.00000049": "0",
        "-0.0000005": "-0.000001",
        "999999999999999.1234567": "999,999,999,999,999.123457",
        "1000000000000000.1234567": "1,000,000,000,000,000.1234567",
        "-1000000000000000.1234567": "-1,000,000,000,000,000.1234567",
        "1E+30": "1" + ",000" * 10,
    }.items(),
)  # fmt: skip
def test_an_amount_is_said_to_six_decimals_as_far_as_they_go(
    amount: str, said: str
) -> None:
    assert shown(evaluator({}), Number(D(amount))) == said


def test_a_total_of_the_year_is_blank_while_nobody_knows_the_quarter_before() -> None:
    quarterly = FORMS.edition("requests_quarterly", "2021")
    answers = Answers({cell.id: number(2) for cell in quarterly.inputs})
    first = Circumstances(quarterly.first_period)
    assert quarterly.running
    for id_ in quarterly.running:
        assert facts(quarterly, answers)[id_] == BLANK
        assert facts(quarterly, answers, first)[id_].number is not None
    assert facts(FORM, answers).keys() == FORM.cells.keys()


# ---------------------------------------------------------------- which edition it is


def book_with(*words: str, sheet: str = "表", kind: RawKind = RawKind.TEXT) -> RawBook:
    cells = {(row, 0): RawCell(kind, word) for row, word in enumerate(words)}
    return RawBook((RawSheet(sheet, "visible", cells),))


def only(form: Form, other: Form) -> list[str]:
    return sorted(words_of(form) - words_of(other))


@pytest.mark.parametrize(
    ("theirs", "own", "found"),
    [
        (MARKS, 0, THEN),
        (MARKS - 1, 0, None),
        (MARKS, MARKS - 1, THEN),
        (MARKS, MARKS, None),
        (MARKS + 1, MARKS, THEN),
    ],
)
def test_another_edition_shows_more_of_what_only_it_prints(
    theirs: int, own: int, found: Form | None
) -> None:
    words = [*only(THEN, FORM)[:theirs], *only(FORM, THEN)[:own]]
    assert len(words) == theirs + own
    assert recognise(FORM, [FORM, THEN], book_with(*words)) is found


@pytest.mark.parametrize(("less", "known"), [(0, True), (1, False)])
def test_half_the_labels_make_it_ours(less: int, known: bool) -> None:
    words = sorted(words_of(FORM))
    half = -(-len(words) // 2)
    assert len(words) % 2 == 0
    found = recognise(FORM, [FORM], book_with(*words[: half - less]))
    assert (found is FORM) is known


def test_a_heading_is_a_text_on_a_sheet_of_its_own() -> None:
    said = heading("城关镇", Period(2025))
    assert printed(book_with(said)) == {("城关镇", Period(2025))}
    assert printed(book_with(said, sheet=PASTE)) == set()
    assert printed(book_with(said, kind=RawKind.ERROR)) == set()


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(("more", "is_cut"), [(0, False), (1, True)])
def test_only_a_text_that_is_too_long_is_cut(more: int, is_cut: bool) -> None:
    edition = "2021"
    name = "x" * (LONGEST - len(edition) - 1 + more)
    submission = judged(restamped(workbook(), form=name), expected())
    assert codes(submission.findings) == ["N05"]
    seen = submission.findings[0].seen or ""
    assert seen == f"{name} {edition}"[:LONGEST] + ("……" if is_cut else "")


def test_a_maintainer_is_told_what_the_reader_met_or_else_of_which_kind() -> None:
    met = unreadable(UnreadableFile("damaged", "no end"))
    assert "no end" in met.message.en
    without = unreadable(UnreadableFile("damaged"))
    assert met.message.en.replace("no end", "damaged") == without.message.en
    assert met.message.en != without.message.en


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "full"), "磁盘满了"),
        (OSError(errno.EDQUOT, "full"), "空间配额用完了"),
        (OSError(errno.EPROTO, "protocol"), "protocol"),
        (OSError("by hand"), "OSError"),
        (FileNotFoundError(), "FileNotFoundError"),
    ],
)
def test_why_a_file_could_not_be_had(error: OSError, said: str) -> None:
    assert reason(error) == said
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    assert failure(error).zh.startswith(f"{said}，" if is_full else "程序出错（")
    assert failure(error).en.startswith("The disk" if is_full else "The program failed")


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (OSError(errno.ENOMEM, ""), True),
        (OSError(errno.EAGAIN, ""), True),
        (OSError(errno.ENOENT, ""), False),
        (RuntimeError("can't start new thread"), True),
        (SystemError("error return without exception set"), True),
        (ImportError("a.so: failed to map segment from"), True),
        (RuntimeError(errno.ENOMEM), False),
        (ValueError("b"), False),
    ],
)
def test_a_machine_without_memory_is_told_from_a_mistake(
    error: Exception, short: bool
) -> None:
    assert failure(error).zh.startswith("内存不够") is short
    assert failure(error).en.startswith("Out of memory") is short


@pytest.mark.parametrize(("before", "code"), [(0, "Y10"), (32, "Y10"), (33, None)])
def test_a_text_that_begins_as_a_picture_is_none(before: int, code: str | None) -> None:
    """What stands further on is about pictures."""
    lost = RawCell(RawKind.TEXT, "=" * before + 'DISPIMG("ID_1",1)')
    assert no_text(lost) == code


# ---------------------------------------------------------------- alike


def with_runs(seed: int, count: int) -> str:
    """So many runs, all different, and none of another seed's."""
    said = "".join(chr(0x4E00 + seed * 1000 + n) for n in range(count + RUN - 1))
    assert len(runs(said)) == count
    return said


@pytest.mark.parametrize(
    ("length", "shared", "told"),
    [
        (200, 2 * HALF, False),
        (200, 2 * (HALF + 1) - 1, False),
        (200, 2 * (HALF + 1), True),
        (LONG, LONG, True),
        (LONG - 1, LONG - 1, False),
    ],
)
def test_more_than_half_of_enough_runs_is_alike(
    length: int, shared: int, told: bool
) -> None:
    one = with_runs(1, length)
    other = one[: shared + RUN - 1] + with_runs(3, max(length - shared - RUN + 1, 1))
    other = other if length > shared else one
    assert len(runs(one) & runs(other)) == shared
    said = alike({PROBLEMS: one}, {PROBLEMS: other + with_runs(5, 40)})
    assert bool(said) is told


# ---------------------------------------------------------------- how deep a text stands

#: Over the limit of one, and more than a piece, however it is packed.
TEXT = "".join(f"{n * 7919 % 999_983:06}" for n in range(PIECE // 5))
BEFORE = "<a><b/></a>" * 150  # what has ended adds nothing to how deep the next is
SHEET, PROPERTIES, COMMENTS = (
    "xl/worksheets/sheet3.xml",
    "docProps/app.xml",
    "xl/comments/comment1.xml",
)


@cache
def commented() -> bytes:
    return edited(open_return(), comment)


def nested(depth: int) -> str:
    """The text at that depth, in a part whose outermost element is the first."""
    inner = "".join(f"<e{n}>" for n in range(2, depth + 1))
    outer = "".join(f"</e{n}>" for n in range(depth, 1, -1))
    return f"<e1>{BEFORE}{inner}{TEXT}{outer}</e1>"


@pytest.mark.parametrize(
    ("part", "depth"), [(SHEET, 4), (PROPERTIES, 2), (COMMENTS, 3)]
)
def test_only_what_is_no_indentation_is_a_text_too_long(part: str, depth: int) -> None:
    def read(at: int) -> None:
        traces(part_of(commented(), part, nested(at).encode()))

    read(depth - 1)
    with pytest.raises(UnreadableFile, match="damaged"):
        read(depth)


# ---------------------------------------------------------------- what is told of returns


def test_of_several_editions_the_one_that_shows_most_is_meant() -> None:
    words = only(THEN, FORM)[: MARKS + 1]
    nobody_s = replace(FORM, edition="2030")
    for editions in ([FORM, nobody_s, THEN], [THEN, nobody_s, FORM]):
        assert recognise(FORM, editions, book_with(*words)) is THEN


def test_a_usual_change_is_told_to_two_decimals() -> None:
    some = [(f"U{n}", D(400), D(300)) for n in range(9)]
    (found,) = outliers([*some, ("U", D(9000), D(300))])
    assert (found.unit, found.usual) == ("U", D("1.33"))


def test_what_no_check_found_rests_on_its_code_and_how_grave_it_is() -> None:
    found = catalogued("T01", detail="甲", seen="乙", expected="丙")
    grounds = of_finding(FORM, judged(workbook()), found)
    assert grounds["rule"] == f"T01|{found.severity.value}"


@pytest.mark.parametrize(
    ("changed", "more"), [(0, False), (NAMED, False), (NAMED + 1, True)]
)
def test_the_first_of_many_changes_are_told_in_both_languages(
    changed: int, more: bool
) -> None:
    older = judged(workbook(), expected())
    older = replace(older, findings=(catalogued("V01", detail="甲"),))
    ids = [cell.id for cell in FORM.inputs[:changed]]
    values = {**older.answers.values, **{id_: number(777) for id_ in ids}}
    newer = replace(older, path="b", sha256="b", answers=Answers(values))
    newer = replace(newer, answers=replace(older.answers, values=values))
    settled = Settled((older,), {"U1": newer}, {})
    (found,) = with_changes(FORM, lambda _: place(FORM), settled).submissions
    assert len(found.changes) == changed
    said = next(each for each in found.findings if each.code == "V03").message
    assert said.zh.endswith("；等等。") is said.en.endswith("; and so on.") is more
    assert said.zh.count(" 改为 ") == said.en.count(" → ") == min(changed, NAMED)


def test_figures_gathered_into_one_finding_are_told_by_where_they_stand() -> None:
    some = dict.fromkeys((cell.id for cell in FORM.inputs[20:23]), "几件")
    submission = judged(workbook({**BUSY, **some}), expected())
    wanted = "、".join(f"{place(FORM).cells[id_].address}“几件”" for id_ in some)
    assert any(wanted in each.message.zh for each in submission.findings)


def test_what_asks_one_input_alone_is_asked_once_for_a_figure() -> None:
    found = alone(FORM)
    per_input = [line for _, line in FORM.lines if line.per_input]
    asked = {id(line) for line in per_input} & found.lines
    assert {(cell.id, cell.table) for cell in FORM.inputs} == set(found.by_input)
    assert len(asked) == len(
        [line for line in per_input if line.instances[0].place in FORM.cells]
    )
    totals = [line for check, line in FORM.lines if check.defines_totals]
    assert totals
    assert not {id(line) for line in totals} & found.lines


def test_what_forms_and_campaigns_say_of_themselves() -> None:
    assert campaign().year == campaign().period.year == 2025
    assert FORM.due is not None
    assert FORM.counting_texts == ("overview_proactive", "overview_on_request")
    labels = {text.id: text.label for text in FORM.narratives}
    assert labels["overview_proactive"] == "一、总体情况\n（一）主动公开"
    assert labels["problems"] == "五、存在的主要问题及改进情况"  # a section of its own
    assert FORM.due.law == "《政府信息公开条例》第四十九条"
    assert FORM.grounds == f"{FORM.due.law}和{FORM.authority}"
    assert replace(FORM, due=None).grounds == FORM.authority
    check, line = next(pair for pair in FORM.lines if pair[1].label)
    assert check.words(line) == f"{check.title}【{line.label}】"
    assert check.words(replace(line, label="")) == check.title


# ---------------------------------------------------------------- the day, and names


@pytest.mark.parametrize(
    ("until", "today", "over"),
    [
        (None, 20, False),
        (None, 21, True),
        (date(2026, 1, 22), 22, False),
        (date(2026, 1, 22), 23, True),
        (date(2026, 1, 10), 20, False),
    ],
)
def test_a_day_is_over_when_it_has_ended(
    until: date | None, today: int, over: bool
) -> None:
    of = Unit("U1", "甲", agreement=Agreement(until) if until else None)
    due = replace(campaign(), deadline=date(2026, 1, 20))
    assert due.is_over(of, date(2026, 1, today)) is over
    assert not replace(due, deadline=None).is_over(Unit("U1", "甲"), date.max)


NAMES = Roster(
    (Unit("A", "新城街道"), Unit("B", "城"), Unit("C", "——"), Unit("D", "新城"))
)


@pytest.mark.parametrize(
    ("text", "codes_"),
    {
        "新城街道": "A", "年报新城街道": "A", "新城年报": "D", "城": "", "——": "",
        "": "", "A": "A", "B、C": "BC",
    }.items(),
)  # fmt: skip
def test_a_name_is_mentioned_where_all_of_it_stands(text: str, codes_: str) -> None:
    assert "".join(each.code for each in NAMES.names.mentioned(text)) == codes_


def test_a_workbook_is_called_by_its_unit_and_never_like_another_one() -> None:
    known = workbook_name(campaign(), FORM, Unit("U1", "甲"))
    assert known == f"U1_甲_2025年{FORM.title}.xlsx"
    one, other = (
        workbook_name(campaign(), FORM, Unit(c, "甲")) for c in ("a/b", "a?b")
    )
    assert one != other
    assert re.fullmatch(r"a_b_甲_.*_[0-9a-f]{6}\.xlsx", one)
    assert [len(safe_name("a" * n)) for n in (119, 120, 121)] == [119, 120, 120]


@pytest.mark.parametrize(("count", "is_more"), [(20, False), (21, True)])
def test_a_stamp_has_room_for_twenty_names(count: int, is_more: bool) -> None:
    names = [f"甲{n}" for n in range(count)]
    more = f"等 {count} 个" if is_more else ""
    assert listed(names) == "、".join(names[:20]) + more


RULE = ExplanationRule(4, ("情况属实",))


@pytest.mark.parametrize(
    ("said", "accepted"),
    {
        "去年重复登记": True, "去少报": False, "2025去少报": False,
        "2025去年少报": True, "情况属实。": False, "一二三四一二三四": False,
        "一二三四五一二三四五": True, "": False,
    }.items(),
)  # fmt: skip
def test_a_reason_has_four_words_that_are_not_the_same(
    said: str, accepted: bool
) -> None:
    assert RULE.accepts(said) is accepted


# ---------------------------------------------------------------- what comes in


def test_what_came_as_bytes_is_of_no_time_and_as_large_as_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = WORKBOOK.file_size
    assert Source("a", b"x").opened() == (0.0, b"x")
    assert len(Source("a", bytes(size)).opened()[1]) == size
    with pytest.raises(UnreadableFile, match="too_large"):
        Source("a", bytes(size + 1)).opened()
    found = lost_file(Source("a", bytes(size + 1)), expected(), RuntimeError("gone"))
    assert (found.received, found.sha256) == (0.0, "")


@pytest.mark.parametrize(
    ("at_once", "taken", "more"),
    [(2, 1, True), (3, 2, True), (8, 3, False), (9, 3, False)],
)
def test_so_many_bytes_of_an_archive_are_taken_at_once(
    at_once: int, taken: int, more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "AT_ONCE", at_once)
    data = zipped({f"{name}.txt": b"abc" for name in "123"})
    found = receive.take(Source("包.zip", data))
    assert ([len(each.data) for each in found.leaves], found.more) == (
        [3] * taken,
        more,
    )
    assert not found.whole
    rest = receive.take(Source("包.zip", data), taken) if more else None
    assert rest is None or rest.leaves[0].path != found.leaves[0].path


@pytest.mark.parametrize(
    ("count", "zh"), [(0, "（不明）"), (3, "1、2、3"), (4, "1、2、3")]
)
def test_a_bounce_names_its_first_three_recipients(count: int, zh: str) -> None:
    bounce = Bounce(tuple(str(n) for n in range(1, count + 1)), (), "no such user")
    said = said_of(Letter(LetterKind.BOUNCE, bounce=bounce)).message
    assert zh in said.zh
    assert "4" not in said.zh
    assert ("(unknown)" if not count else "1, 2, 3") in said.en


def test_limits_of_cells_are_read_up_to_so_many() -> None:
    def read(count: int) -> int:
        area = f'<dataValidation type="whole" sqref="{"A1 " * count}"/>'
        part = f"<worksheet><dataValidations>{area}</dataValidations></worksheet>"
        found = traces(part_of(open_return(), SHEET, part.encode()))
        return len(found.limited["表三"])

    assert read(WORKBOOK.records) == WORKBOOK.records
    with pytest.raises(UnreadableFile, match="too_large"):
        read(WORKBOOK.records + 1)


# ---------------------------------------------------------------- sums


@pytest.mark.parametrize(
    ("now", "then", "far"),
    [
        (D(48), D(9), True),
        (D(10), D(1), False),
        (D(11), D(1), True),
    ],
)
def test_few_units_are_out_of_line_beyond_five_times(
    now: Decimal, then: Decimal, far: bool
) -> None:
    assert bool(outliers([("U", now, then)])) is (far and (now + 1) > 5 * (then + 1))


@pytest.mark.parametrize(
    ("now", "then", "far"), [(9, 0, False), (10, 0, True), (0, 10, True)]
)
def test_a_small_difference_is_never_out_of_line(
    now: int, then: int, far: bool
) -> None:
    """Whatever the others did."""
    others = [(f"U{n}", D(400), D(300)) for n in range(9)]
    found = outliers([*others, ("U", D(now), D(then))])
    assert [each.unit for each in found] == ["U"] * far


def test_a_seal_is_of_one_secret_one_stamp_and_its_figures() -> None:
    stamp = judged(workbook()).stamp
    assert stamp is not None
    figures = {COUNT: number(3), MONEY: BLANK}
    assert sealed(stamp, figures, "") == stamp  # of an office without a secret
    made = sealed(stamp, figures, "secret")
    assert fits(made, figures)
    assert fits(made, {COUNT: number(D("3.0"))})  # what holds no number says nothing
    assert sealed(stamp, figures, "secret") == made
    other = sealed(stamp, figures, "another")
    for spoilt in (
        replace(made, unit_code="U2"),
        replace(made, public_key=other.public_key),
        replace(made, seal=other.seal),
        replace(made, seal=""),
        replace(made, public_key="no key"),
    ):
        assert not fits(spoilt, figures)
    assert not fits(made, {COUNT: number(4)})
    assert not fits(made, figures | {MONEY: number(0)})


def test_a_key_is_read_in_four_groups_of_four() -> None:
    assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", fingerprint("a" * 64))
    assert fingerprint("a" * 64) == "ffe0-54fe-7ae0-cb6d"  # as on every machine
    assert fingerprint("") == ""


def test_a_typed_over_total_is_told_as_it_stands() -> None:
    spot = place(FORM).cells["applications.received.total"]
    sheet = sound().sheet(spot.sheet)
    assert sheet is not None
    other = replace(sheet.cells[spot.row, spot.column], value="999")
    (found,) = read_book(put(sound(), spot, other)).findings
    assert (found.code, found.seen) == ("T01", "999")
