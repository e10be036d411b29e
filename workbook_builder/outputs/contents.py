"""What each body reports: its figures, and its own texts and nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workbook_builder.language.named import misnamed
from workbook_builder.language.sentences import sentences
from workbook_builder.language.value import summed
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.later import at_once
from workbook_builder.model.summary import Summary
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Unit
from workbook_builder.model.wording import OFFICE
from workbook_builder.outputs.report import Contents
from workbook_builder.outputs.rollup import top_unit
from workbook_builder.rules.verify import verify

#: No more units than this are named in one sentence.
NAMED = 8


@dataclass(frozen=True)
class Draft:
    """What one report is made from; ``notes`` are for the clerk, not for the public.

    ``offered`` are sentences with the figures in them, by the id of their text.
    """

    unit: Unit
    contents: Contents
    notes: tuple[Text, ...] = ()
    offered: Mapping[str, Sequence[str]] = field(default_factory=dict)


def district_draft(
    summary: Summary,
    texts: Mapping[str, str],
    fields: Mapping[str, str],
    last_period: Mapping[str, Mapping[str, Decimal]],
) -> Draft:
    """The report of the body at the top: sums of what counts, and its own texts.

    Its own return, where it made one that is accepted, says what its texts are;
    ``texts`` and ``fields`` fill what that leaves open. Texts of units below are never
    taken: a published report speaks for the body that publishes it.
    """
    unit = top_unit(summary)
    figures, gaps = _sum(summary, summary.counted)
    own = summary.standing.get(unit.code)
    notes = list(gaps)
    said, facts = dict(texts), {OFFICE: summary.campaign.district, **fields}
    if own is not None and own.verdict.counts:
        returned = {
            id_: text for id_, text in own.answers.texts.items() if text.strip()
        }
        notes += _overruled(summary, texts, returned, own.path)
        said |= returned
        facts |= {id_: text for id_, text in own.answers.fields.items() if text.strip()}
    elif own is not None:
        notes.append(
            Text(
                f"本级的报送表“{own.path}”没有通过（{own.verdict.text.zh}），"
                "其中的文字和数字没有采用。",
                f"The district's own return {own.path} is not accepted "
                f"({own.verdict.text.en}); it was left out.",
            )
        )
    offered = sentences(summary.form, unit.name, summary.campaign.period, figures)
    answers = replace(summed(summary.form, figures), texts=said)
    notes += _doubts(summary, unit, answers, last_period, offered)
    notes += _misnamed(summary, figures, said)
    contents = Contents(
        unit.name,
        summary.campaign.period,
        figures,
        said,
        facts,
        _warnings(summary, summary.units),
    )
    return Draft(unit, contents, tuple(notes), offered)


def unit_draft(summary: Summary, unit: Unit) -> Draft | Text:
    """The report of one unit, or why there can be none.

    Figures and texts are those of its accepted return. A unit with others below it
    reports the sum of all of them, as the district does.
    """
    own = summary.standing.get(unit.code)
    below = unit.code in summary.roster.children
    if own is None and (not below or summary.roster.is_reporting(unit)):
        return Text("还没有报送表。", "There is no return yet.")
    if own is not None and not own.verdict.counts:
        return Text(
            f"报送表“{own.path}”的结论是“{own.verdict.text.zh}”，还没有通过。",
            f"Its return {own.path} is not accepted: {own.verdict.text.en}.",
        )
    figures, gaps = _figures(summary, unit)
    if not figures:
        return Text("下级还没有通过的报送表。", "No return below it is accepted yet.")
    texts = own.answers.texts if own else {}
    contents = Contents(
        unit.name,
        summary.campaign.period,
        figures,
        texts,
        own.answers.fields if own else {},
        _warnings(summary, _below(summary, unit)) if below else (),
    )
    if not below:
        return Draft(unit, contents, gaps)
    return Draft(unit, contents, (*gaps, *_of_the_sum(summary, unit, figures, texts)))


def _of_the_sum(
    summary: Summary,
    unit: Unit,
    figures: Mapping[str, Decimal],
    texts: Mapping[str, str],
) -> Iterator[Text]:
    """That the tables are a sum and the texts are not, where there are texts."""
    if not any(text.strip() for text in texts.values()):
        return
    below = len(_below(summary, unit)) - 1
    yield Text(
        f"表里的数是{unit.name}和下级 {below} 个单位的合计，文字是{unit.name}自己报送表里的。"
        "请核对文字写的是不是全部单位的情况。",
        f"The tables are the sum of {unit.name} and {below} units below it; the texts are "
        "from its own return. See whether they speak of all of them.",
    )
    yield from _misnamed(summary, figures, texts)


def _misnamed(
    summary: Summary, figures: Mapping[str, Decimal], texts: Mapping[str, str]
) -> Iterator[Text]:
    form, period = summary.form, summary.campaign.period
    for id_, (name, said, amount) in misnamed(form, period, figures, texts):
        title = form.narrative(id_).title
        yield Text(
            f"{title}：文字里“{name}”写的是 {said}，表里是 {amount}。",
            f"{title}: the text says {said} for {name}, the tables {amount}.",
        )


def _figures(
    summary: Summary, unit: Unit
) -> tuple[dict[str, Decimal], tuple[Text, ...]]:
    if unit.code in summary.roster.children:
        return _sum(
            summary,
            [u.code for u in _below(summary, unit) if u.code in summary.counted],
        )
    facts = summary.standing[unit.code].facts
    known = {id_: v.number for id_, v in facts.items() if v.number is not None}
    return known, ()


def _below(summary: Summary, unit: Unit) -> tuple[Unit, ...]:
    """The unit and all below it that report or did."""
    return tuple(u for u in summary.units if unit.code in summary.roster.above(u.code))


def _sum(
    summary: Summary, codes: Iterable[str]
) -> tuple[dict[str, Decimal], tuple[Text, ...]]:
    """Sums by cell id, without the cells that one of the returns leaves open."""
    sums: dict[str, Decimal] = {}
    lacking: set[str] = set()
    for facts in (at_once(summary.counted[code].facts) for code in codes):
        for id_ in summary.form.cells:
            amount = facts[id_].number
            if amount is None:
                lacking.add(id_)
            else:
                sums[id_] = sums.get(id_, Decimal(0)) + amount
    open_ = [
        cell.name
        for id_, cell in summary.form.cells.items()
        if id_ in lacking and sums.pop(id_, None) is not None
    ]
    if not open_:
        return sums, ()
    names = "、".join(open_[:NAMED])
    gap = Text(
        f"{len(open_)} 个单元格因有单位没有填数，合计没有印出：{names}。",
        f"{len(open_)} sums are left out, because a return lacks the figure: {names}.",
    )
    return sums, (gap,)


def _warnings(summary: Summary, units: Sequence[Unit]) -> tuple[str, ...]:
    """Why the sums must not be published yet."""
    covers = summary.covered(units)
    if covers.is_whole:
        return ()
    return (
        f"【待补充】数字还不完整，请勿公布：应报 {covers.due} 个单位，"
        f"尚有 {covers.due - covers.counted} 个没有计入（{covers.missing}）。",
    )


def _overruled(
    summary: Summary, texts: Mapping[str, str], returned: Mapping[str, str], path: str
) -> list[Text]:
    """Texts that were written twice, differently."""
    both = [id_ for id_ in returned if texts.get(id_, returned[id_]) != returned[id_]]
    titles = "、".join(summary.form.narrative(id_).title for id_ in both)
    if not both:
        return []
    return [
        Text(
            f"本级报送表“{path}”里也写了{titles}，以报送表为准，另写的没有采用。",
            f"{path}, the district's own return, also has {titles}; it was taken.",
        )
    ]


def _doubts(
    summary: Summary,
    unit: Unit,
    answers: Answers,
    last_period: Mapping[str, Mapping[str, Decimal]],
    offered: Mapping[str, Sequence[str]],
) -> list[Text]:
    """What the checks say of the texts that are written, with the figures they need."""
    period = summary.campaign.period
    known = Circumstances(period, unit.type, last_period.get(unit.code, {}))
    written = {id_ for id_, text in answers.texts.items() if text.strip()}
    notes = []
    for finding in verify(summary.form, answers, known):
        place = finding.cell or ""
        if place not in written:
            continue
        said = "".join(offered.get(place, ()))
        zh, en = finding.message
        notes.append(
            Text(
                f"{finding.code} {zh}" + (f"汇总数：{said}" if said else ""),
                f"{finding.code} {en}" + (f" By the sums: {said}" if said else ""),
            )
        )
    return notes
