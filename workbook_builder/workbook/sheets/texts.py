"""文字部分: what the preamble prints, then sections 一, 五 and 六."""

from __future__ import annotations

from collections.abc import Iterator

from workbook_builder.language.spelling import compact_length
from workbook_builder.model.explanation import compact
from workbook_builder.model.form import Narrative
from workbook_builder.workbook.job import FAIL, Job
from workbook_builder.workbook.place import META_ROW, TEXT_HEADS, TEXTS
from workbook_builder.workbook.plan import (
    MAX_TITLE,
    Area,
    Formula,
    Highlight,
    Item,
    Sheet,
    Validation,
)
from workbook_builder.workbook.sheets.entries import by_paragraph
from workbook_builder.workbook.sheets.fit import height
from workbook_builder.workbook.sheets.lines import state_name
from workbook_builder.workbook.sheets.returned import cell_notes

WIDTHS = (20, 62, 7, 27)
MOST_HEIGHT = 400
"""Excel shows no row higher than 409 points."""


def texts_sheet(job: Job) -> Sheet:
    """Wrapped texts, each with its character count and what belongs there."""
    heights = {0: 30.0, META_ROW: 18.0, META_ROW + 1: 24.0}
    heights |= dict.fromkeys((head.row for head in _heads(job)), 24.0)
    for field in job.form.fields_of("preamble"):
        heights[job.layout.fields[field.id].row] = 24
    return Sheet(
        name=TEXTS,
        items=(
            Item(0, 0, "文字部分", "title", columns=len(WIDTHS)),
            Item(META_ROW, 0, job.heading, "whose", columns=2),
            Item(META_ROW, 2, job.code_formula(), "meta_right", columns=2),
            *_preamble(job),
            *_heads(job),
            *(item for text in job.form.narratives for item in _text(job, text)),
        ),
        widths=dict(enumerate(WIDTHS)),
        heights=heights,
        fitted=dict(_fitted(job)),
        validations=tuple(_prompts(job)),
        highlights=tuple(_marks(job)),
        notes=tuple(cell_notes(job, TEXTS)),
        select=(META_ROW + 2, 1),
    )


def _fitted(job: Job) -> Iterator[tuple[int, float]]:
    for text in job.layout.texts:
        rows = job.layout.rows_of(text)
        parts = by_paragraph(job.answers.texts.get(text, ""), len(rows))
        for spot, part in zip(rows, parts, strict=True):
            yield spot.row, min(MOST_HEIGHT, height(part, WIDTHS[1]))


def field_items(job: Job, group: str, hint_column: int) -> Iterator[Item]:
    """Label, place and hint of each field of a group."""
    for field in job.form.fields_of(group):
        place = job.layout.fields[field.id]
        value = job.answers.fields.get(field.id) or None
        yield Item(place.row, 0, field.title, "stub")
        yield Item(place.row, place.column, value, "text_input")
        if field.hint:
            yield Item(place.row, hint_column, field.hint, "small")


def _preamble(job: Job) -> Iterator[Item]:
    if job.form.fields_of("preamble"):
        title = "报告首部（报告开头印出）"
        yield Item(META_ROW + 1, 0, title, "heading", columns=4)
        yield from field_items(job, "preamble", len(WIDTHS) - 1)


def _heads(job: Job) -> Iterator[Item]:
    for text in job.form.narratives[:1]:
        row = job.layout.texts[text.id].row - 1
        for column, head in TEXT_HEADS.items():
            yield Item(row, column, head, "small" if column else "heading")


def _text(job: Job, text: Narrative) -> Iterator[Item]:
    """A text in its rows, each as high as what stands in it."""
    place, rows = job.layout.texts[text.id], job.layout.rows_of(text.id)
    said = job.answers.texts.get(text.id, "")
    yield Item(place.row, 0, text.label, "stub", len(rows))
    for spot, part in zip(rows, by_paragraph(said, len(rows)), strict=True):
        yield Item(spot.row, 1, part or None, "text_input")
    length = compact_length(job.formulas(TEXTS).ref(place))
    count = Formula(f"={length}", len(compact(said)))
    yield Item(place.row, 2, count, "line_centre", len(rows))
    yield Item(place.row, 3, text.hint, "small", len(rows))


def _prompts(job: Job) -> Iterator[Validation]:
    for text in job.form.narratives:
        hint = f"{text.hint}一段一行，最多 {job.layout.paragraphs} 段，可以整篇粘贴。"
        yield Validation(_area(job, text.id), "any", text.title[:MAX_TITLE], hint)


def _marks(job: Job) -> Iterator[Highlight]:
    """A text whose check fails turns red; its line is on the 审核 sheet."""
    for check, line in job.lines:
        text = line.instances[0].place
        if text in job.layout.texts and check.severity.asks:
            yield Highlight(
                _area(job, text), f'{state_name(job, line)}="{FAIL}"', "bad"
            )


def _area(job: Job, text: str) -> Area:
    first, last = job.layout.texts[text], job.layout.rows_of(text)[-1]
    return Area(first.row, first.column, last.row, last.column)
