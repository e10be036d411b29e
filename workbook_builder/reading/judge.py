"""One file's bytes → one Submission: read, verify, verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbook_builder.formats.grid import read_grid
from workbook_builder.language.value import Evaluator
from workbook_builder.model.answers import Circumstances
from workbook_builder.model.arrival import Arrival
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form, Library
from workbook_builder.model.grid import RawBook
from workbook_builder.model.layout import Layout
from workbook_builder.model.period import Period
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text
from workbook_builder.model.unit import Roster, UnitChange
from workbook_builder.model.worded import worded
from workbook_builder.reading.forensics import hints, in_every_file
from workbook_builder.reading.identify import Whose, recognise, whose
from workbook_builder.reading.locate import fitting
from workbook_builder.reading.origin import about_origin
from workbook_builder.reading.proof import Proof, proof
from workbook_builder.reading.read import (
    WANTED,
    Reading,
    read_answers,
    read_stamp,
)
from workbook_builder.reading.unreadable import unreadable
from workbook_builder.rules.print_code import print_code_of, seed
from workbook_builder.rules.verify import failing, gathered, noted, verdict
from workbook_builder.workbook.place import is_known, layout_of

#: A file that came without a mail.
_BY_HAND = Arrival()
#: More of what a cell or a name says is of no use in a sentence.
LONGEST = 300


def judge(
    path: str,
    data: bytes,
    known: Expected | Library,
    received: float = 0.0,
    arrival: Arrival = _BY_HAND,
    digest: str = "",
) -> Submission:
    """The verdict on a file's bytes: by what its campaign knows, or where there are
    only forms to look it up in, by what it says of itself. ``digest`` is the SHA-256 of
    the bytes, where it is known already."""
    blank = Submission(
        path=path,
        sha256=digest or hashlib.sha256(data).hexdigest(),
        verdict=Verdict.UNREADABLE,
        received=received,
        arrival=arrival,
    )
    try:
        book = read_grid(data, WANTED)
    except UnreadableFile as error:
        return replace(blank, findings=(unreadable(error),))
    return _hinted(_of_book(blank, book, data, known), in_every_file(book))


def _of_book(
    blank: Submission, book: RawBook, data: bytes, known: Expected | Library
) -> Submission:
    expected = known if isinstance(known, Expected) else None
    stamp = read_stamp(book)
    if stamp is None:
        return _unstamped(blank, book, expected)
    form = _form_of(stamp, known)
    if form is None:
        finding = _shortened(catalogued("N05", seen=f"{stamp.form} {stamp.edition}"))
        return replace(
            blank, verdict=Verdict.NOT_OURS, findings=(finding,), stamp=stamp
        )
    foreign = _foreign(stamp, form, expected)
    judged = _judged(replace(blank, stamp=stamp), form, book, expected, foreign)
    if foreign is not None or not any(each.is_open for each in judged.findings):
        return judged
    layout = layout_of(form, stamp.layout)
    return _hinted(judged, hints(form, layout, book, data))


def _form_of(stamp: Stamp, known: Expected | Library) -> Form | None:
    if not isinstance(known, Expected):
        return known.get(stamp.form, stamp.edition)
    if (stamp.form, stamp.edition) == (known.form.id, known.form.edition):
        return known.form
    return known.forms.get(stamp.form, stamp.edition)


def _hinted(judged: Submission, found: tuple[Finding, ...]) -> Submission:
    """With hints, which come last and change no verdict."""
    said = tuple(_shortened(finding) for finding in found)
    return replace(judged, findings=(*judged.findings, *said))


def _unstamped(
    blank: Submission, book: RawBook, expected: Expected | None
) -> Submission:
    """A workbook without stamp is taken for a unit's only where all else tells whose
    it is, and a person has to agree."""

    def not_ours(finding: Finding) -> Submission:
        return replace(blank, verdict=Verdict.NOT_OURS, findings=(finding,))

    if expected is None:
        return not_ours(catalogued("N01"))
    ours = expected.form
    known = recognise(ours, expected.forms.all_of(ours.id), book)
    if known is None:
        return not_ours(catalogued("N01"))
    if known is not ours:
        return not_ours(catalogued("N02", seen=known.edition, expected=ours.edition))
    found = whose(book, blank.path, (blank.arrival.sender,), expected.roster)
    if found is None:
        return not_ours(catalogued("N06"))
    stamp = _assumed(ours, fitting(ours, book), found, expected.campaign)
    taken = catalogued("N07", detail=found.basis, seen=found.unit.name)
    foreign = _foreign(stamp, ours, expected)
    judged = _judged(replace(blank, stamp=stamp), ours, book, expected, foreign)
    return noted(judged, taken)


def _assumed(form: Form, layout: Layout, found: Whose, campaign: Campaign) -> Stamp:
    unit = found.unit
    return Stamp(
        form=form.id,
        edition=form.edition,
        layout=layout.fingerprint,
        campaign=campaign.id,
        kind="return",
        unit_code=unit.code,
        unit_name=unit.name,
        unit_type=unit.type,
        period=found.period or campaign.period,
    ).signed(campaign.key)


def _foreign(stamp: Stamp, form: Form, expected: Expected | None) -> Finding | None:
    """Why a stamped workbook does not belong to the campaign, if it does not."""
    if expected is None:
        return None
    campaign = expected.campaign
    ours = (campaign.form, campaign.edition, campaign.period)
    if (stamp.form, stamp.edition, stamp.period) != ours or (
        # A roll-up comes from the campaign one level below.
        stamp.kind != "rollup" and stamp.campaign != campaign.id
    ):
        return catalogued(
            "N03",
            seen=_task(stamp.period, form, stamp.campaign),
            expected=_task(campaign.period, expected.form, campaign.id),
        )
    if stamp.unit_code not in expected.roster.by_code:
        who = f"{stamp.unit_name}（{stamp.unit_code}）"
        became = _became(stamp.unit_code, expected.roster)
        return (
            catalogued("N10", seen=who, detail=became)
            if became
            else catalogued("N04", seen=who)
        )
    return None


def _became(code: str, roster: Roster) -> str:
    """What happened to a unit that was on the roster; empty for one never heard of."""
    now = roster.successors.get(code)
    if now is not None:
        return f"{now.change or UnitChange.MERGED}“{now.name}”（{now.code}）"
    gone = any(unit.code == code for unit in roster.gone)
    return UnitChange.GONE.value if gone else ""


def _task(period: Period, form: Form, campaign: str) -> str:
    return f"{period.full_words}{form.title}（任务 {campaign}）"


def _judged(
    blank: Submission,
    form: Form,
    book: RawBook,
    expected: Expected | None,
    foreign: Finding | None,
) -> Submission:
    stamp = blank.stamp
    assert stamp is not None
    form = worded(form, stamp.period)
    layout = layout_of(form, stamp.layout)
    reading = read_answers(form, layout, book, stamp.period)
    known = _circumstances(stamp, reading, expected)
    evaluator = Evaluator(form, reading.answers, known)
    proved = proof(stamp, reading.answers.values, expected) if expected else Proof()
    found = [*proved.findings, *reading.findings]
    if not is_known(form, stamp.layout):
        found.insert(0, catalogued("T04"))
    findings = _merge(form, found, failing(evaluator), reading.unread)
    if foreign is not None:
        findings = (foreign, *findings)
    elif expected is not None:
        said = reading.answers
        path, arrival = blank.path, blank.arrival
        against = about_origin(stamp, book, path, arrival, said, expected)
        findings = (*against, *findings)
    return replace(
        blank,
        verdict=Verdict.NOT_OURS if foreign else verdict(findings),
        findings=gathered(
            form, (_located(layout, _shortened(finding)) for finding in findings)
        ),
        answers=reading.answers,
        facts=evaluator.facts(),
        print_code=print_code_of(
            evaluator,
            seed(stamp.unit_code, stamp.period),
            with_texts=layout.paragraphs > 1,
        ),
        sealed_by=proved.sealed_by,
    )


def _circumstances(
    stamp: Stamp, reading: Reading, expected: Expected | None
) -> Circumstances:
    """The roster and the campaign's own records outrank what the file carries."""
    unit_type, last_period = stamp.unit_type, reading.last_period
    texts: Mapping[str, str] = {}
    if expected is not None:
        unit = expected.roster.by_code.get(stamp.unit_code)
        unit_type = unit.type if unit else unit_type
        last_period = expected.last_period.get(stamp.unit_code, last_period)
        texts = expected.texts_last_period.get(stamp.unit_code, texts)
    return Circumstances(stamp.period, unit_type, last_period, texts, reading.unread)


def _merge(
    form: Form,
    read: Sequence[Finding],
    checked: tuple[Finding, ...],
    unread: frozenset[str],
) -> tuple[Finding, ...]:
    """All findings, the gravest first, without what merely follows from another.

    A cell that could not be read has one finding; a total that was typed over with
    a wrong figure is reported by the check that defines it, with a right one by Y15.
    """
    settled = {f.cell for f in read if f.code in {"T06", "Y07"} and f.cell}
    kept = [
        finding
        for finding in checked
        if finding.cell not in settled and finding.cell not in unread
    ]
    defining = {check.code for check in form.checks if check.defines_totals}
    contradicted = {finding.cell for finding in kept if finding.code in defining}
    first = [
        f for f in read if f.code not in {"T01", "Y15"} or f.cell not in contradicted
    ]
    return tuple(sorted((*first, *kept), key=lambda finding: finding.severity.rank))


def _shortened(finding: Finding) -> Finding:
    """The finding without the bulk of what somebody pasted into a cell."""
    return replace(
        finding,
        message=Text(*(_cut(part) for part in finding.message)),
        seen=None if finding.seen is None else _cut(finding.seen),
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"


def _located(layout: Layout, finding: Finding) -> Finding:
    """The finding with the sheet and address it points at."""
    if finding.sheet is not None or finding.cell is None:
        return finding
    spot = layout.place_of(finding.cell)
    if spot is None:
        return finding
    return replace(finding, sheet=spot.sheet, address=spot.address)
