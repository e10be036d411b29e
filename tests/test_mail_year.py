"""A year of mail on three levels, and every count and total added up again by hand.

Two districts and the city above them, through real servers: a bounce, a blank workbook
first, clocks that are a year wrong, two units that send one another's workbook, a late
one that is back-dated, and a district that goes up before it is complete. Nothing that is
expected here is asked of the program: the figures are those that were typed, the days
those on which something came.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest

from tests.servers import PASSWORD
from tests.servers.answers import Answer, returned_by_a_server, written
from tests.servers.campaign import mail_folder, settings, unit_with
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.smtp import Post, smtp_server
from tests.support import TEXT, Shell, Typed, campaign, fields, form, spot, typed
from tests.tables import by_labels, labels_of, word_grids
from workbook_builder.campaign import record as clock
from workbook_builder.campaign.files import write_atomically
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.mail.password import VARIABLE
from workbook_builder.model.times import CHINA
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.pipeline import REPORTS, UPWARD
from workbook_builder.public import receive
from workbook_builder.workbook.write import write

DECISIONS, FEES = "proactive.licences.decisions", "proactive.fees.amount"
RECEIVED, GRANTED = "applications.received.natural", "applications.granted.natural"
UNITS = {"D1": ("S1", "S2", "S3", "S4", "S5"), "D2": ("T1", "T2")}


def figures(power: int) -> dict[str, Decimal]:
    """What a unit types but zeros: each sum says whose figures are in it."""
    amount = Decimal(4) ** power
    return {
        DECISIONS: amount,
        FEES: amount / 1000,
        RECEIVED: 3 * amount,
        GRANTED: 3 * amount,
    }


FIGURES = {code: figures(power) for power, code in enumerate(UNITS["D1"] + UNITS["D2"])}
#: What S2 sends first, with a clock that makes it the latest of all.
WRONG = figures(7)


def added(*units: str) -> dict[str, Decimal]:
    """The sum of every cell that is typed into, and of two that are computed."""
    sums = {cell.id: Decimal(0) for cell in form().inputs}
    for code in units:
        for id_, figure in FIGURES[code].items():
            sums[id_] += figure
    sums["applications.received.total"] = sums[RECEIVED]
    sums["applications.granted.total"] = sums[GRANTED]
    return sums


def moment(said: str) -> datetime:
    return datetime.fromisoformat(f"2026-{said}").replace(tzinfo=CHINA)


def address(code: str) -> str:
    return f"{code.lower()}@unit.example.cn"


class Year:
    """One clock for all; letters are numbered, so each is written another way."""

    def __init__(self, path: Path, shell: Shell, post: Post, box: Dovecot) -> None:
        self.path, self.shell, self.post, self.box = path, shell, post, box
        self.now, self.letters = moment("01-05 09:00"), 0

    def office(
        self, top: str, units: tuple[str, ...], smtp: int, deadline: str
    ) -> None:
        """An office with a campaign, a key and a folder of the mailbox of its own."""
        connection = self.box.connected()
        connection.create(top)
        connection.logout()
        district = Unit(top, f"示例区{top}", type="区县")
        of = replace(campaign(f"2025-{top}", key=f"secret of {top}"), district=top)
        mail_folder(
            self.path / top,
            Roster((district, *(replace(unit_with(c), parent=top) for c in units))),
            f'{settings(smtp, self.box.tls)}folder = "{top}"\n',
            days=(moment(deadline).date() - self.now.date()).days,
            of=of,
        )

    def does(self, top: str, command: str, *more: object, ends: int = 0) -> str:
        first, *rest = command.split()
        status = self.shell(first, self.path / top, *rest, *more)
        assert status == ends, self.shell.out + self.shell.err
        return self.shell.out

    def told(self, top: str, command: str) -> dict[str, dict[str, object]]:
        """``status`` by unit, or the tree of ``collect``."""
        said = self.shell.json(command, self.path / top)
        if command == "collect":
            return dict(said["nodes"])
        counts = {key: said[key] for key in ("due", "returned", "accepted", "punctual")}
        return {"": counts, **{each["code"]: each for each in said["units"]}}

    def workbook(self, code: str, entries: dict[str, Typed]) -> tuple[str, bytes]:
        """What the unit was sent last, filled in."""
        taken = [each for each in self.post.taken if address(code) in each.to][-1]
        (attachment,) = taken.mail.iter_attachments()
        name, data = attachment.get_filename(), attachment.get_content()
        assert name is not None
        return name, typed(data, entries) if entries else data

    def comes(
        self, code: str, at: str, *, dated: str = "", sender: str = "", blank: bool = False,
        of: dict[str, Decimal] | None = None,
    ) -> None:  # fmt: skip
        """A unit's workbook, at the moment the mailbox notes; ``dated`` by its sender."""
        zeros: dict[str, Typed] = {cell.id: 0 for cell in form().inputs}
        texts = {text.id: TEXT for text in form().narratives} | fields(form())
        entries = {} if blank else {**zeros, **texts, **(of or FIGURES[code])}
        top = next(top for top, units in UNITS.items() if code in units)
        self.mailed(top, sender or code, *self.workbook(code, entries), at, dated)

    def mailed(
        self, to: str, sender: str, name: str, data: bytes, at: str, dated: str = ""
    ) -> None:
        self.letters += 1
        when = datetime.fromisoformat(dated) if dated else moment(at)
        when = when.replace(tzinfo=CHINA)
        answer = Answer(address(sender), name, data, when, self.letters)
        self.box.deliver(written(answer), moment(at), to)

    def goes_up(self, top: str, at: str) -> None:
        (file,) = (self.path / top / "results" / UPWARD).iterdir()
        self.mailed("C", top, file.name, file.read_bytes(), at)

    def totals(self, top: str, *units: str) -> None:
        """Every place that says the sum of these units says it: data, tree, 汇总.xlsx,
        report, roll-up."""
        results, wanted = self.path / top / "results", added(*units)
        node = self.told(top, "collect")[top]
        assert isinstance(node["totals"], dict)
        said = {id_: Decimal(node["totals"][id_]) for id_ in wanted}
        assert said == wanted
        with (results / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["counted"] == "true"]
        for id_, total in wanted.items():
            each = [Decimal(row["value"]) for row in rows if row["cell"] == id_]
            assert sum(each) == total, id_
        book = openpyxl.load_workbook(results / "汇总.xlsx", data_only=True)
        for id_, total in wanted.items():
            at = spot(id_)
            shown = book[at.sheet][at.address].value
            assert Decimal(str(shown)) == total, id_
        self.shell("report", self.path / top)
        (word,) = (results / REPORTS).glob(f"{top}_*.docx")
        printed = by_labels(word_grids(word.read_bytes()))
        labels = {id_: at for at, id_ in labels_of(form()).items()}
        assert {id_: printed[labels[id_]] for id_ in wanted} == wanted
        (upward,) = (results / UPWARD).iterdir()
        (rollup,) = receive(upward.read_bytes(), upward.name)
        assert {id_: rollup.facts[id_].number for id_ in wanted} == wanted


@pytest.fixture
def year(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Year]:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    with smtp_server() as (post, port), dovecot() as box:
        made = Year(tmp_path, shell, post, box)
        with patch.object(clock, "clock", lambda: made.now):
            made.office("D1", UNITS["D1"], port, "01-20")
            made.office("D2", UNITS["D2"], port, "01-20")
            made.office("C", ("D1", "D2"), port, "01-31")
            yield made


def states(told: dict[str, dict[str, object]]) -> dict[str, tuple[object, object]]:
    """Unit → where it stands, how many days late its first return was."""
    return {c: (each["state"], each["days_late"]) for c, each in told.items() if c}


def test_a_year_of_mail(year: Year) -> None:
    for top in ("D1", "D2", "C"):
        year.does(top, "mail send --smtp")
    assert len(year.post.taken) == 5 + 2 + 2
    first_days(year)
    to_the_deadline(year)
    upwards(year)


def first_days(year: Year) -> None:
    """A bounce, a blank one, a wrong clock, and two that are not whose senders say."""
    (lost,) = [each for each in year.post.taken if address("S5") in each.to]
    year.box.deliver(
        returned_by_a_server(lost.data, to=address("S5")), moment("01-05 09:05"), "D1"
    )
    year.comes("S1", "01-08 09:00", blank=True)
    year.comes("S2", "01-10 09:00", dated="2027-01-10 09:00", of=WRONG)
    year.comes("S3", "01-13 09:00", sender="S4")
    year.comes("S4", "01-13 10:00", sender="S3")
    year.comes("T1", "01-15 09:00", dated="2025-01-15 09:00")
    year.now = moment("01-16 09:00")
    year.does("D1", "mail fetch", ends=1)
    year.does("D2", "mail fetch")
    found = year.told("D1", "status")
    assert found[""] == {"due": 5, "returned": 1, "accepted": 1, "punctual": 1}
    assert states(found) == {
        "S1": ("sent", 0),
        "S2": ("accepted", 0),
        "S3": ("sent", 0),
        "S4": ("sent", 0),
        "S5": ("undelivered", 0),
    }


def to_the_deadline(year: Year) -> None:
    """What was wrong is mended: by another mail, by the clerk, by another address."""
    units = Folder(year.path / "D1").roster().units
    moved = [replace(u, emails=("new@x.cn",)) if u.code == "S5" else u for u in units]
    book = roster_book(Roster(tuple(moved)), form())
    write_atomically(year.path / "D1" / "roster.xlsx", write(book))
    year.does("D1", "mail send --smtp")
    assert year.post.taken[-1].to == ("new@x.cn",)
    year.comes("S2", "01-18 09:00")
    year.comes("S4", "01-19 09:00")
    year.comes("S1", "01-23 09:00")
    year.comes("S5", "01-25 09:00", dated="2026-01-19 09:00", sender="new")
    year.now = moment("01-26 09:00")
    year.does("D1", "mail fetch")
    (file,) = (year.path / "D1" / "inbox").glob("20260113-*_s4@*")
    year.does("D1", f"use S3 {file.name}")
    found = year.told("D1", "status")
    assert found[""] == {"due": 5, "returned": 5, "accepted": 5, "punctual": 3}
    late = {"S1": 3, "S2": 0, "S3": 0, "S4": 0, "S5": 5}
    assert states(found) == {code: ("accepted", days) for code, days in late.items()}
    found = year.told("D2", "status")
    assert found[""] == {"due": 2, "returned": 1, "accepted": 1, "punctual": 1}
    assert states(found) == {"T1": ("accepted", 0), "T2": ("sent", 6)}
    year.totals("D1", *UNITS["D1"])
    year.totals("D2", "T1")


def upwards(year: Year) -> None:
    """Nobody counts before the key is agreed to, and 1/2 is never called whole."""
    year.goes_up("D1", "01-27 09:00")
    year.goes_up("D2", "01-27 10:00")
    year.now = moment("01-28 09:00")
    year.does("C", "mail fetch")
    assert whole(year) == (0, 0, 2)
    year.does("C", "trust D1")
    year.does("C", "trust D2")
    assert whole(year) == (6, 5, 7)
    year.totals("C", *UNITS["D1"])
    year.does("C", "decide D2 waive D03 --why 年内撤销")
    assert whole(year) == (6, 6, 7)
    year.totals("C", *UNITS["D1"], "T1")
    year.comes("T2", "01-29 09:00")
    year.now = moment("01-29 17:00")
    year.does("D2", "mail fetch")
    year.totals("D2", *UNITS["D2"])
    year.goes_up("D2", "01-30 09:00")
    year.now = moment("01-30 17:00")
    year.does("C", "mail fetch")
    assert whole(year) == (7, 7, 7)
    year.totals("C", *FIGURES)
    found = year.told("C", "status")
    assert found[""] == {"due": 2, "returned": 2, "accepted": 2, "punctual": 2}
    assert states(year.told("D2", "status"))["T2"] == ("accepted", 9)


def whole(year: Year) -> tuple[object, object, object]:
    """Of the lowest level, how many returned, how many count, and of how many; 汇总.xlsx
    says the same."""
    node = year.told("C", "collect")["C"]
    said = node["returned"], node["accepted"], node["expected"]
    book = openpyxl.load_workbook(year.path / "C/results/汇总.xlsx", data_only=True)
    row = next(book["层级"].iter_rows(min_row=5, max_col=6, values_only=True))
    assert (row[4], row[5], row[3]) == said
    return said
