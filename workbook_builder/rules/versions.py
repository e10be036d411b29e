"""What a unit changed between two versions of its return."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from workbook_builder.model.answers import Answers
from workbook_builder.model.catalogue import catalogued
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.layout import Layout, Place
from workbook_builder.model.submission import Change, Submission
from workbook_builder.model.text import Text
from workbook_builder.rules.settle import Settled

#: Changes named in a sentence; all of them are in ``Submission.changes``.
NAMED = 10
#: More of a text is of no use in a list of changes.
_LONGEST = 300
#: How a version begins that is not a copy: replaced, waiting, passed over.
_COMPARED = {"V01", "V05", "V06"}


Layouts = Callable[[str], Layout]
"""Fingerprint, as a stamp names it → layout."""


def with_changes(form: Form, layouts: Layouts, settled: Settled) -> Settled:
    """Each version that does not stand with what differs from the one that stands."""
    return replace(
        settled,
        submissions=tuple(
            _compared(form, layouts, each, settled.standing[each.unit_code])
            if each.unit_code in settled.standing
            else each
            for each in settled.submissions
        ),
    )


def _compared(
    form: Form, layouts: Layouts, older: Submission, newer: Submission
) -> Submission:
    """The same bytes, and what stands itself, have nothing to compare."""
    if not older.findings or older.findings[0].code not in _COMPARED:
        return older
    layout = layouts(newer.stamp.layout if newer.stamp else "")
    found = tuple(changes(form, layout, older.answers, newer.answers))
    said, *others = older.findings
    return replace(older, changes=found, findings=(said, _summed_up(found), *others))


def changes(
    form: Form, layout: Layout, older: Answers, newer: Answers
) -> Iterator[Change]:
    """Everything a clerk typed that is not the same, in the order of the sheets.

    Totals follow from it and are left out, unless somebody typed one over.
    """
    for places, before, after in (
        (layout.cells, _cells(form, older), _cells(form, newer)),
        (layout.declarations, _declared(older), _declared(newer)),
        (layout.texts, older.texts, newer.texts),
        (layout.fields, older.fields, newer.fields),
    ):
        yield from _differing(places, before, after)
    yield from _explained_otherwise(form, layout, older, newer)


def _differing(
    places: Mapping[str, Place],
    before: Mapping[str, str | None],
    after: Mapping[str, str | None],
) -> Iterator[Change]:
    for id_, place in places.items():
        was, is_ = before.get(id_) or None, after.get(id_) or None
        if was != is_:
            yield Change(id_, place.sheet, place.address, _cut(was), _cut(is_))


def _explained_otherwise(
    form: Form, layout: Layout, older: Answers, newer: Answers
) -> Iterator[Change]:
    """A 说明 that is another. Where lines have keys it has no address of its own: its
    row depends on which checks there were when the workbook was built."""
    head = layout.reasons
    if head is None:
        yield from _differing(
            layout.explanations, older.explanations, newer.explanations
        )
        return
    for _, line in form.lines:
        was, is_ = (each.explanations.get(line.key) for each in (older, newer))
        if was != is_:
            yield Change(line.key, head.sheet, "", _cut(was), _cut(is_))


def _cells(form: Form, answers: Answers) -> dict[str, str | None]:
    values = {**answers.values, **answers.printed}
    return {id_: values[id_].shown for id_ in form.cells if id_ in values}


def _declared(answers: Answers) -> dict[str, str | None]:
    return {table: answers.declaration(table) for table in answers.declared}


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= _LONGEST else f"{text[:_LONGEST]}……"


def _summed_up(found: tuple[Change, ...]) -> Finding:
    """V03: how many changes, and the first of them."""
    if not found:
        said = Text("填的内容相同，只是文件不同", "the same entries in another file")
    else:
        rest = len(found) > NAMED
        first = [change.text for change in found[:NAMED]]
        said = Text(
            f"改了 {len(found)} 个单元格：{'；'.join(t.zh for t in first)}"
            f"{'；等等' if rest else ''}",
            f"{len(found)} changed: {'; '.join(t.en for t in first)}"
            f"{'; and so on' if rest else ''}",
        )
    return catalogued("V03", detail=said)
