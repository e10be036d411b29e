"""Letters as the clerk assigned them to units. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text

_CLERK = Text("收表单位指定", "assigned by the clerk")


def assign(
    submissions: Sequence[Submission], assigned: Mapping[str, str]
) -> tuple[Submission, ...]:
    """What the clerk says goes before what the mail says; ``assigned`` is by path."""
    return tuple(
        replace(
            each, letter=replace(each.letter, unit=assigned[each.path], basis=_CLERK)
        )
        if each.letter is not None and each.path in assigned
        else each
        for each in submissions
    )
