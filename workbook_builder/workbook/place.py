"""The layout of a form: computed from the definition, the same every time.

A change here is a new layout. Those that were sent out are kept beside the edition
(``templates/<form>/<edition>/layouts``), and a test asks for the new one there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import accumulate, chain

from workbook_builder.model.drawing import draw
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form, Table
from workbook_builder.model.layout import TITLE, Box, Design, Layout, Place
from workbook_builder.model.period import Frequency, Period
from workbook_builder.model.stamp import stamp_keys

GUIDE, TEXTS, AUDIT, SIGN = "填报说明", "文字部分", "审核", "签章"
#: Made of the others, to be printed and signed.
PRINTED = "打印页"
#: Where tables that were filled in elsewhere are put as a whole.
PASTE = "粘贴页"
#: Very hidden: what the reader looks up, what was typed as formulas reach it, and what
#: else only the formulas need.
HIDDEN, ENTRIES, HELPERS = "_form", "_in", "_calc"

#: The author of what stands beside a cell of a workbook sent back.
NOTED_BY = "审核"

#: Rows above the printed head of a table: title, unit and year, zero declaration.
TABLE_TOP = 3
META_ROW, DECLARATION_ROW = 1, 2
AUDIT_TOP = 4
TEXTS_TOP = 3
SIGN_TOP = 3
#: Rows of a text. Suites show about 900 characters in a row at most.
PARAGRAPHS = 8
#: On the page for copied tables: rows above the first, and free ones between two.
PASTE_TOP, PASTE_GAP = 7, 4
#: The last row looked at there, and how many columns: documents have more than we print.
PASTE_END, PASTE_WIDE = 255, 26

#: Columns of the 审核 sheet.
CODE, SEVERITY, WORDS, LEFT, RIGHT, GAP, STATE, LINK, EXPLANATION = range(9)
#: Hidden: the key by which a line and its 说明 are found again.
KEY = 9

AUDIT_HEADS = (
    "代码", "级别", "审核内容", "填报数", "应为", "差额", "状态", "定位", "说明",
)  # fmt: skip
#: Heads of the texts: what is in the columns beside them.
TEXT_HEADS = {0: "正文", 2: "字数", 3: "填写要求"}

#: Columns of the hidden sheets.
STAMP_COLUMN, LAST_PERIOD_COLUMN = 0, 3
PHRASE_COLUMN, REASON_COLUMN, STATE_COLUMN = 3, 4, 5
#: Of each line: which of the open ones it is, its severity, what is wrong, what to do, and
#: the cell it leads to.
COUNTED_COLUMN, SEVERITY_COLUMN, SAID_COLUMN, REMEDY_COLUMN, ADDRESS_COLUMN = range(
    6, 11
)
#: Which of the explained lines it is.
EXPLAINED_COLUMN = 11
#: Whether its 说明 counts as one.
ACCEPTED_COLUMN = 12
HELPER_COLUMN = 13
#: In the first column, below what the 核对码 is made of.
PREPARED_ROW = 3


#: How such a heading begins.
HEADING = "填报单位："


def heading(unit: str, period: Period) -> str:
    """Unit and period as they stand under the title of every sheet."""
    return f"{HEADING}{unit}　　{period.frequency.label}：{period.words}"


def heading_in(text: str) -> tuple[str, Period] | None:
    """Unit and period where a text is such a heading; read once, however long it is."""
    _, found, rest = text.partition(HEADING)
    if not found:
        return None
    for frequency in Frequency:
        unit, label, after = rest.partition(f"{frequency.label}：")
        words = re.match(r"\w{1,12}", after)
        if label and unit.strip() and words:
            with suppress(ValueError):
                return unit.strip(), Period.parse(words[0])
    return None


def layouts(form: Form) -> tuple[Layout, ...]:
    """Every layout that workbooks of the form may have, today's first."""
    today = place(form)
    older = (e for e in form.published.values() if e.name != today.fingerprint)
    return (today, *older)


def layout_of(form: Form, fingerprint: str) -> Layout:
    """The layout of that fingerprint; today's where nobody knows it."""
    today = place(form)
    ours = fingerprint == today.fingerprint
    return today if ours else form.published.get(fingerprint, today)


def is_known(form: Form, fingerprint: str) -> bool:
    """Whether a layout of that fingerprint is one of the form's."""
    return fingerprint in form.published or fingerprint == place(form).fingerprint


@cache
def place(form: Form) -> Design:
    """Where everything of the form stands in workbooks that are built now."""
    drawn = [(table, draw(table)) for table in form.tables]
    texts, fields = _place_texts(form)
    figures = [
        (id_, table, figure)
        for table, drawing in drawn
        for id_, figure in drawing.figures.items()
    ]
    cells = {id_: _below(table, at.row, at.column) for id_, table, at in figures}
    declarations = {
        table.id: Place(table.sheet, DECLARATION_ROW, 0) for table in form.tables
    }
    lines, explanations = _place_lines(form)
    inputs = {cell.id: cells[cell.id] for cell in form.inputs}
    typed = _by_sheet(inputs, declarations, _rows(texts), fields, explanations)
    tops = _tops(_by_sheet(cells, *(_rows(texts), fields, explanations)))
    return Design(
        cells=cells,
        entries={
            spot: _entry(tops, spot) for spots in typed.values() for spot in spots
        },
        frames={sheet: _frame(spots) for sheet, spots in typed.items()}
        | {PASTE: (Place(PASTE, 0, 0), Place(PASTE, PASTE_END, PASTE_WIDE - 1))},
        pasted=dict(_place_pasted(form)),
        pasted_totals={id_: _entry(tops, cells[id_]) for id_ in form.totals},
        spans={id_: at.columns for id_, _, at in figures if at.columns > 1},
        declarations=declarations,
        texts=texts,
        paragraphs=PARAGRAPHS if texts else 1,
        fields=fields,
        lines=lines,
        reasons=Place(AUDIT, AUDIT_TOP - 1, EXPLANATION),
        explanations=explanations,
        last_period=_down(
            Place(HIDDEN, 0, LAST_PERIOD_COLUMN + 1), form.used_last_period
        ),
        stamp=_down(Place(HIDDEN, 0, STAMP_COLUMN + 1), stamp_keys(form.frequency)),
        helpers=_down(Place(HELPERS, 0, HELPER_COLUMN), inputs),
        prepared=_down(Place(HELPERS, PREPARED_ROW, 0), texts),
        phrases=Place(HELPERS, 0, PHRASE_COLUMN),
        headings=dict(_headings(form, texts, fields)),
        boxes=tuple(box for table in form.tables for box in _boxes(table)),
        heads={
            table.id: (TABLE_TOP + drawing.head[0], TABLE_TOP + drawing.head[1])
            for table, drawing in drawn
        },
    )


def _down(first: Place, ids: Iterable[str], step: int = 1) -> dict[str, Place]:
    """Each below the one before."""
    return {
        id_: replace(first, row=first.row + step * index)
        for index, id_ in enumerate(ids)
    }


def _place_texts(form: Form) -> tuple[dict[str, Place], dict[str, Place]]:
    """Preamble fields, then the narrative; signature fields on their own sheet."""
    preamble = [field.id for field in form.fields_of("preamble")]
    signature = [field.id for field in form.fields_of("signature")]
    fields = _down(Place(TEXTS, TEXTS_TOP, 1), preamble)
    fields |= _down(Place(SIGN, SIGN_TOP, 1), signature)
    top = TEXTS_TOP + len(preamble) + 1  # one heading row between
    narratives = [text.id for text in form.narratives]
    return _down(Place(TEXTS, top, 1), narratives, PARAGRAPHS), fields


def _place_lines(form: Form) -> tuple[dict[str, Place], dict[str, Place]]:
    """The lines of 审核, and the 说明 of those that may be explained.

    What nobody has filled in yet comes first, then the gravest: the sheet opens on it.
    """
    ordered = sorted(form.lines, key=lambda pair: not pair[0].fails_untouched)
    rows = [(check, line, AUDIT_TOP + n) for n, (check, line) in enumerate(ordered)]
    lines = {line.key: Place(AUDIT, row, 0) for _, line, row in rows}
    explanations = {
        line.key: Place(AUDIT, row, EXPLANATION)
        for check, line, row in rows
        if not check.severity.must_hold
    }
    return lines, explanations


def _rows(texts: Mapping[str, Place]) -> dict[str, Place]:
    return {
        f"{id_} {number}": Place(first.sheet, first.row + number, first.column)
        for id_, first in texts.items()
        for number in range(PARAGRAPHS)
    }


def _by_sheet(*parts: Mapping[str, Place]) -> dict[str, list[Place]]:
    """What is typed, by the sheet it is typed on."""
    typed: dict[str, list[Place]] = {}
    for spot in chain.from_iterable(part.values() for part in parts):
        typed.setdefault(spot.sheet, []).append(spot)
    return typed


def _tops(placed: Mapping[str, Sequence[Place]]) -> dict[str, int]:
    """Where each sheet begins on the hidden one."""
    deep = [1 + max(spot.row for spot in spots) for spots in placed.values()]
    return dict(zip(placed, accumulate(deep, initial=0), strict=False))


def _entry(tops: Mapping[str, int], spot: Place) -> Place:
    """Its cell of the hidden sheet, neighbours beside neighbours."""
    return Place(ENTRIES, tops[spot.sheet] + spot.row, spot.column)


def _place_pasted(form: Form) -> Iterator[tuple[str, Place]]:
    """The tables one below the other, on the page for copied ones."""
    top = PASTE_TOP
    for table in form.tables:
        yield table.id, Place(PASTE, top, 0)
        top += 1 + draw(table).rows + PASTE_GAP


def _frame(spots: Sequence[Place]) -> tuple[Place, Place]:
    """Around what is typed stand labels or nothing, all locked."""
    rows, columns = {spot.row for spot in spots}, {spot.column for spot in spots}
    sheet, left = spots[0].sheet, max(min(columns) - 1, 0)
    return (
        Place(sheet, min(rows) - 1, left),
        Place(sheet, max(rows) + 1, max(columns) + 1),
    )


def _headings(
    form: Form, texts: Mapping[str, Place], fields: Mapping[str, Place]
) -> Iterator[tuple[Place, str]]:
    for each in form.fields:
        spot = fields[each.id]
        yield Place(spot.sheet, spot.row, 0), each.title
    for column, head in TEXT_HEADS.items() if texts else ():
        above = min(spot.row for spot in texts.values()) - 1
        yield Place(TEXTS, above, column), head
    for text in form.narratives:
        yield Place(TEXTS, texts[text.id].row, 0), text.label
    for column, head in enumerate(AUDIT_HEADS):
        yield Place(AUDIT, AUDIT_TOP - 1, column), head


def _boxes(table: Table) -> Iterator[Box]:
    """The title, then the labels as printed below the rows of our own."""
    yield Box(Place(table.sheet, 0, 0), table.title, TITLE, 1, len(table.widths))
    for label in draw(table).labels:
        yield Box(
            _below(table, label.row, label.column),
            label.text,
            label.role,
            label.rows,
            label.columns,
        )


def _below(table: Table, row: int, column: int) -> Place:
    """A spot of the printed table on its sheet."""
    return Place(table.sheet, TABLE_TOP + row, column)


def where(form: Form, finding: Finding) -> tuple[str | None, str | None]:
    """Sheet and address of a finding; those of its cell where it names none."""
    spot = place(form).place_of(finding.cell)
    if finding.sheet is not None or spot is None:
        return finding.sheet, finding.address
    return spot.sheet, spot.address
