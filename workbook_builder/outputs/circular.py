"""通报: how a collection went, as an official letter and as rows.

The letter is a :class:`Report`, so that Word document and web page are written by what
writes reports; everything it says comes from the standings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from workbook_builder.model.campaign import Campaign
from workbook_builder.model.form import Form
from workbook_builder.model.period import day_words
from workbook_builder.model.publication import Duty, duty
from workbook_builder.model.standing import Absence, Count, Standing, count
from workbook_builder.model.text import printable
from workbook_builder.model.worded import full_title
from workbook_builder.outputs.records import ListColumn, Listing, ListRecord
from workbook_builder.outputs.report import (
    NUMERALS,
    Paragraph,
    Report,
    ReportGrid,
    Section,
    Spot,
    TextRun,
)

#: The columns of the letter's table: title, and relative width.
COLUMNS = (
    ("单位", 40.0),
    ("报送期限", 26.0),
    ("首次报送", 26.0),
    ("是否按时", 20.0),
    ("报送次数", 10.0),
    ("退回次数", 10.0),
    ("现状", 14.0),
)
UNKNOWN = "—"

CIRCULAR = Listing(
    "circular",
    "报送情况：每个单位一行",
    (
        ListColumn("unit", "string", "单位代码", "名录里的单位代码", required=True),
        ListColumn(
            "unit_name", "string", "单位名称", "名录里的单位名称", required=True
        ),
        ListColumn("type", "string", "单位类型", "名录里的单位类型"),
        ListColumn("due", "boolean", "应报", "免报而没有报的为 false", required=True),
        ListColumn(
            "state", "string", "状态", "未报、通过、退回、免报等", required=True
        ),
        ListColumn("deadline", "string", "报送期限", "本单位的期限；没有的为空"),
        ListColumn("first", "string", "首次报送", "北京时间；未报的为空"),
        ListColumn(
            "days_late", "integer", "迟报天数", "0 按时；未报的算到当天；不能判断的为空"
        ),
        ListColumn("versions", "integer", "报送次数", "不同的文件数", required=True),
        ListColumn(
            "sent_back", "integer", "退回次数", "需要改正或说明的份数", required=True
        ),
        ListColumn("until", "string", "延期至", "延期的单位才有"),
        ListColumn("agreed_by", "string", "同意人", "延期、免报由谁同意"),
        ListColumn("agreed_why", "string", "理由", "延期、免报的理由"),
        ListColumn("published", "string", "公布日期", "没有登记公布的为空"),
        ListColumn("url", "string", "公布网址", "没有登记公布的为空"),
        ListColumn(
            "published_late",
            "integer",
            "迟公布天数",
            "0 按时；未公布的算到当天；不用公布的、没有期限的为空",
        ),
    ),
    ("unit",),
)


@dataclass(frozen=True)
class Circular:
    """What the letter is about. ``by_rank``: the most punctual unit first, instead of
    the order of the roster."""

    form: Form
    campaign: Campaign
    standings: tuple[Standing, ...]
    today: date
    by_rank: bool = False
    due: tuple[Standing, ...] = field(init=False)
    duty: Duty | None = field(init=False)
    """By when units have to publish; None where they need not, or nothing is to be said
    of it yet."""

    def __post_init__(self) -> None:
        held_to = duty(self.form, self.campaign)
        over = held_to and held_to.by and held_to.by < self.today
        if not over and not any(each.publication for each in self.standings):
            held_to = None
        object.__setattr__(self, "duty", held_to)
        due = tuple(each for each in self.standings if each.due)
        if self.by_rank:
            due = tuple(sorted(due, key=rank))
        object.__setattr__(self, "due", due)

    @property
    def count(self) -> Count:
        return count((each.state, each.days_late) for each in self.due)

    @property
    def late(self) -> tuple[Standing, ...]:
        """Who returned too late."""
        return tuple(e for e in self.due if e.state.is_return and e.days_late)

    @property
    def missing(self) -> tuple[Standing, ...]:
        """Who returned nothing, and might still be in time."""
        return tuple(e for e in self.due if not e.state.is_return)

    @property
    def extended(self) -> tuple[Standing, ...]:
        return tuple(e for e in self.due if self.campaign.is_extended(e.unit))

    @property
    def excused(self) -> tuple[Standing, ...]:
        return tuple(e for e in self.standings if e.state is Absence.EXCUSED)


def rank(each: Standing) -> tuple[bool, int, int, str]:
    """Returned before missing, then days late, times sent back and the first arrival."""
    own = each.returned
    first = own.first.isoformat() if own and own.first else "~"
    late = each.days_late or 0
    return not each.state.is_return, late, each.sent_back, first


def circular_records(circular: Circular) -> Iterator[ListRecord]:
    """The rows of :data:`CIRCULAR`, in the order of the letter, then who is excused."""
    others = (e for e in circular.standings if e.state is Absence.EXCUSED)
    for each in (*circular.due, *others):
        own, agreed = each.returned, each.unit.agreement
        until = circular.campaign.is_extended(each.unit) and agreed and agreed.until
        told = agreed if until or each.unit.is_excused else None
        yield (
            *(each.unit.code, each.unit.name, each.unit.type or None),
            each.due,
            each.state.word if each.state.is_return or not each.due else MISSING,
            each.deadline.isoformat() if each.deadline else None,
            own.first.isoformat() if own and own.first else None,
            each.days_late,
            own.version if own else 0,
            each.sent_back,
            until.isoformat() if until else None,
            (told.by or None) if told else None,
            (told.why or None) if told else None,
            *_published(circular, each),
        )


def _published(circular: Circular, each: Standing) -> ListRecord:
    known, held_to = each.publication, circular.duty
    late = held_to.days_late(known, circular.today) if held_to and each.due else None
    if known is None:
        return None, None, late
    return known.day.isoformat(), known.url, late


MISSING = Absence.MISSING.word


def letter(circular: Circular) -> Report:
    """The letter. Pure; every text is made printable here."""
    form, campaign = circular.form, circular.campaign
    what = full_title(campaign.period, form.title)
    title = f"关于{what}报送情况的通报"
    parts: list[tuple[str, Iterable[Paragraph | ReportGrid]]] = [
        ("总体情况", _overall(circular)),
        ("迟报和未报的单位", _not_in_time(circular)),
        ("退回修改情况", _sent_back(circular)),
    ]
    if circular.extended or circular.excused:
        parts.append(("延期和免报", _agreed(circular)))
    if circular.duty:
        parts.append(("公布情况", _publishing(circular, circular.duty)))
    parts.append(("各单位报送情况", [_table(circular)]))
    district = printable(campaign.district)
    return Report(
        unit=district,
        period=campaign.period,
        name=f"{district}{title}",
        title=(_said(district), _said(title)),
        warnings=(),
        preamble=(
            Paragraph((TextRun("各填报单位："),), "address"),
            _said(f"现将{what}报送情况通报如下（截至{day_words(circular.today)}）。"),
        ),
        sections=tuple(
            Section(f"{NUMERALS[number]}、{name}", tuple(said))
            for number, (name, said) in enumerate(parts, 1)
        ),
        signature=(_said(district), _said(day_words(circular.today))),
        missing=(),
    )


def _said(text: str) -> Paragraph:
    return Paragraph((TextRun(printable(text)),))


def _overall(circular: Circular) -> Iterator[Paragraph]:
    sums, deadline = circular.count, circular.campaign.deadline
    yield _said(
        f"应报 {sums.due} 个单位，已报 {sums.returned} 个，未报 {sums.due - sums.returned} 个；"
        f"已报的单位中，审核通过 {sums.accepted} 个。"
    )
    if deadline is None or sums.rate is None:
        return
    own = "延期的单位按各自的期限，" if circular.extended else ""
    yield _said(
        f"报送截止日期为{day_words(deadline)}。按时报送 {sums.punctual} 个单位，按时报送率 "
        f"{sums.rate}%；迟报 {len(circular.late)} 个单位。是否按时以第一次报送的时间为准，"
        f"{own}退回后改正再报的不算迟报。"
    )


def _not_in_time(circular: Circular) -> Iterator[Paragraph]:
    over = [each for each in circular.missing if each.days_late]
    ahead = [each for each in circular.missing if not each.days_late]
    if any(each.deadline for each in circular.due):
        yield _listed("迟报", circular.late, lambda each: f"迟 {each.days_late} 天")
        yield _listed("逾期未报", over, lambda each: f"逾期 {each.days_late} 天")
    if ahead:
        yield _listed("尚未报送", ahead, _until)
    if over:
        yield _said("请未报的单位尽快报送。")


def _until(each: Standing) -> str:
    return f"{day_words(each.deadline)}到期" if each.deadline else ""


def _sent_back(circular: Circular) -> Iterator[Paragraph]:
    back = [each for each in circular.due if each.sent_back]
    times = sum(each.sent_back for each in back)
    if not back:
        yield _said("没有退回修改的报送表。")
        return
    units = _names(back, lambda each: f"{each.sent_back} 次")
    yield _said(f"共退回 {times} 次，涉及 {len(back)} 个单位：{units}。")
    still = [e for e in circular.due if e.state.is_return and not e.state.counts]
    if still:
        states = _names(still, lambda each: each.state.word)
        yield _said(
            f"目前还没有通过的 {len(still)} 个单位：{states}。请抓紧改正、说明。"
        )


def _agreed(circular: Circular) -> Iterator[Paragraph]:
    def whole(each: Standing) -> str:
        agreed = each.unit.agreement
        assert agreed is not None  # that is what these units are chosen for
        if agreed.until is None:
            return agreed.reason
        return "，".join(filter(None, (agreed.text.zh, agreed.reason)))

    if circular.extended:
        yield _listed("延期", circular.extended, whole)
    if circular.excused:
        yield _listed("免报", circular.excused, whole)


def _publishing(circular: Circular, held_to: Duty) -> Iterator[Paragraph]:
    sums = held_to.count(each.publication for each in circular.due)
    yield _said(
        f"应公布 {sums.due} 个单位，已公布 {sums.published} 个，"
        f"未公布 {sums.due - sums.published} 个。"
    )

    def late(each: Standing) -> int | None:
        return held_to.days_late(each.publication, circular.today)

    if sums.by is None or sums.rate is None:
        return
    yield _said(
        f"公布期限为{day_words(sums.by)}。按时公布 {sums.punctual} 个单位，按时公布率 "
        f"{sums.rate}%。"
    )
    behind = [each for each in circular.due if late(each)]
    yield _listed(
        "未按时公布",
        behind,
        lambda each: f"{'迟' if each.publication else '未公布，逾期'} {late(each)} 天",
    )


def _listed(
    what: str, units: Sequence[Standing], said: Callable[[Standing], str]
) -> Paragraph:
    if not units:
        return _said(f"没有{what}的单位。")
    return _said(f"{what} {len(units)} 个单位：{_names(units, said)}。")


#: Of more units than these, what is so of all of them is said once.
TOLD_ALONE = 2


def _names(units: Sequence[Standing], said: Callable[[Standing], str]) -> str:
    about = [said(each) for each in units]
    if len(units) > TOLD_ALONE and len(set(about)) == 1 and about[0]:
        return f"{'、'.join(each.unit.name for each in units)}（均{about[0]}）"
    return "、".join(
        f"{each.unit.name}（{note}）" if note else each.unit.name
        for each, note in zip(units, about, strict=True)
    )


# ---------------------------------------------------------------- the table


def _table(circular: Circular) -> ReportGrid:
    first = "名次" if circular.by_rank else "序号"
    heads = (first, *(title for title, _ in COLUMNS))
    spots = [Spot(_key(0, at), "head", head, 0, at) for at, head in enumerate(heads)]
    for row, each in enumerate(circular.due, 1):
        for at, text in enumerate((str(row), *_line(circular, each))):
            role = "stub" if at < 2 else "figure"
            headers = (_key(0, at), _key(row, 1)) if at >= 2 else ()
            text = printable(text)
            spots.append(Spot(_key(row, at), role, text, row, at, headers=headers))
    rows = len(circular.due) + 1
    return ReportGrid(
        id="circular",
        caption="各单位报送情况",
        widths=(10.0, *(width for _, width in COLUMNS)),
        rows=rows,
        head_rows=1,
        blocks=((0, rows - 1),),
        stub_columns=2,
        spots=tuple(spots),
    )


def _key(row: int, column: int) -> str:
    return f"circular-{row + 1}-{column + 1}"


def _line(circular: Circular, each: Standing) -> tuple[str, ...]:
    own, deadline = each.returned, each.deadline
    extended = "（延期）" if circular.campaign.is_extended(each.unit) else ""
    return (
        each.unit.name,
        f"{deadline.isoformat()}{extended}" if deadline else UNKNOWN,
        own.first.date().isoformat() if own and own.first else UNKNOWN,
        _punctual(each),
        str(own.version if own else 0),
        str(each.sent_back),
        each.state.word if each.state.is_return else MISSING,
    )


def _punctual(each: Standing) -> str:
    if each.days_late is None:
        return UNKNOWN
    if each.state.is_return:
        return f"迟 {each.days_late} 天" if each.days_late else "按时"
    return f"逾期 {each.days_late} 天" if each.days_late else "未到期限"
