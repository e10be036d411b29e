"""Where and when units published their reports: in the record, and as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from workbook_builder.campaign.roster import find_unit, plain_head
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.event import Event, Happening
from workbook_builder.model.period import Period, day_words
from workbook_builder.model.publication import Publication
from workbook_builder.model.times import day_of
from workbook_builder.model.unit import Roster, Unit

#: Column → the headers it may have.
HEADS = {
    "unit": ("单位代码", "单位", "单位名称", "代码", "名称", "unit"),
    "url": ("公布网址", "网址", "链接", "公布链接", "公布地址", "地址", "url"),
    "day": ("公布日期", "日期", "公布时间", "发布日期", "时间", "date"),
}
#: A list is no longer than that; a longer one is another file.
LONGEST = 20_000


def as_event(unit: str, known: Publication | None, at: str) -> Event:
    """A publication as an event; None takes back what was said before."""
    detail = {"url": known.url, "day": known.day.isoformat()} if known else {}
    return Event(Happening.PUBLISHED, unit, at, detail)


def publications(events: Iterable[Event]) -> Mapping[str, Publication]:
    """By unit code; the last word counts."""
    found: dict[str, Publication] = {}
    for event in events:
        if event.happening is Happening.PUBLISHED:
            found.pop(event.unit, None)
            if event.detail:
                day = date.fromisoformat(event.detail["day"])
                found[event.unit] = Publication(event.detail["url"], day)
    return found


def proved(url: str, day: date, period: Period, today: date) -> Publication:
    """Raises CampaignError for what is no address of a page, or cannot be the day."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or any(letter.isspace() for letter in address):
        raise CampaignError(
            f"“{url}”不是网址。请复制浏览器地址栏里的全部内容，以 http:// 或 https:// 开头。",
            f"{url} is no address of a page; copy all of it, from http:// on.",
        )
    if not period.last_day < day <= today:
        raise CampaignError(
            f"公布日期{day_words(day)}不对：应在{period.words}结束以后，不晚于今天。请核对年月日。",
            f"{day} cannot be the day: it is not between the end of {period} and today.",
        )
    return Publication(address, day)


def listed(
    rows: Sequence[Sequence[str]],
    file: str,
    roster: Roster,
    period: Period,
    today: date,
) -> dict[str, Publication]:
    """What a table says of units, by their code. Rows without an address are of units
    that published nothing yet.

    Raises CampaignError with every problem, each with its row.
    """
    top, columns = _head(rows, file)
    found: dict[str, Publication] = {}
    problems: list[CampaignError] = []
    for number, row in enumerate(rows[top + 1 :], top + 2):
        cells = [row[at].strip() if at < len(row) else "" for at in columns]
        if not cells[1]:
            continue
        try:
            unit, known = _read(cells, roster, period, today)
            if found.setdefault(unit.code, known) != known:
                raise CampaignError(
                    f"“{unit.name}”前面已有一行，网址或日期不同，请只留一行。",
                    f"{unit.name} stands there twice.",
                )
        except CampaignError as error:
            zh, en = error.text
            problems.append(CampaignError(f"第{number}行：{zh}", f"Row {number}: {en}"))
    if problems:
        raise CampaignError(
            f"“{file}”没有登记，请改正后再试。\n"
            + "\n".join(e.text.zh for e in problems),
            f"Nothing of {file} was noted:\n" + "\n".join(e.text.en for e in problems),
        )
    return found


def _read(
    cells: Sequence[str], roster: Roster, period: Period, today: date
) -> tuple[Unit, Publication]:
    said, url, written = cells
    day = day_of(written)
    if day is None:
        raise CampaignError(
            f"公布日期“{written}”不是日期。请写年月日，如 2026-01-28。",
            f"“{written}” is no date; write one like 2026-01-28.",
        )
    return find_unit(roster, said), proved(url, day, period, today)


def _head(rows: Sequence[Sequence[str]], file: str) -> tuple[int, tuple[int, ...]]:
    """The row of the head, and where unit, address and day stand."""
    for top, row in enumerate(rows[:10]):
        columns = tuple(_columns(row))
        if len(columns) == len(HEADS):
            return top, columns
    raise CampaignError(
        f"“{file}”的前十行里没有找到表头。要有三列：单位代码（或单位名称）、公布网址、公布日期。",
        f"{file} has no head with unit, address and date in its first ten rows.",
    )


def _columns(row: Sequence[str]) -> Iterator[int]:
    heads = [plain_head(text) for text in row]
    for variants in HEADS.values():
        yield from [heads.index(each) for each in variants if each in heads][:1]
