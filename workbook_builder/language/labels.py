"""A printed label as it may come back from a document: as a text and as a formula. Pure."""

from __future__ import annotations

from workbook_builder.language.spelling import without

#: What documents vary in a label and no two labels differ by.
_VARIED = " \u3000\xa0\t\r\n.．。、，,：:；;（）()“”…？?！!—-－·"


def bare_label(text: str) -> str:
    """Without what documents vary; capitals count for nothing, as in the suites."""
    return text.translate(dict.fromkeys(map(ord, _VARIED))).casefold()


def bare_formula(ref: str) -> str:
    """:func:`bare_label` of what stands in a cell, but for capitals."""
    return without(ref, _VARIED)
