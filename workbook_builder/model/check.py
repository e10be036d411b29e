"""审核公式: a check, the lines it has on 审核, the places it is applied to."""

from __future__ import annotations

from dataclasses import dataclass, field

from workbook_builder.model.expression import (
    READER_ONLY,
    Both,
    Call,
    Compare,
    LastPeriod,
    Node,
    Not,
    walk,
)
from workbook_builder.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Instance:
    """A check applied to one place. ``cells`` are the cell ids it looks at."""

    key: str
    expression: Node
    cells: tuple[str, ...]
    place: str
    """Cell or text id a finding points at."""
    last_period: tuple[LastPeriod, ...] = ()
    """What of the period before it needs."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the 审核 sheet and the place of its 说明.

    It has one instance, or, for a check of every input cell, one per input of a
    table.
    """

    key: str
    label: str
    instances: tuple[Instance, ...]
    per_input: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """审核公式. ``defines_totals``: its right sides are the formulas of totals."""

    code: str
    title: str
    title_en: str
    severity: Severity
    rule: str
    source: str
    message: str
    message_en: str
    remedy: str
    remedy_en: str
    lines: tuple[Line, ...]
    defines_totals: bool
    reader_only: bool = field(init=False)
    """Whether no formula can tell, so that only whoever reads the return judges."""

    def __post_init__(self) -> None:
        rule = self.lines[0].instances[0].expression
        asked = {node.name for node in walk(rule) if isinstance(node, Call)}
        object.__setattr__(self, "reader_only", bool(asked & READER_ONLY))

    @property
    def fails_untouched(self) -> bool:
        """Whether it asks for what is not filled in, or not written, yet."""
        return _asks_for_more(self.lines[0].instances[0].expression)

    def words(self, line: Line) -> str:
        """What one of its lines on the 审核 sheet says."""
        return f"{self.title}【{line.label}】" if line.label else self.title


def _asks_for_more(rule: Node) -> bool:
    match rule:
        case Both(left=left):
            return _asks_for_more(left)
        case Not(operand=Call(name="is_blank")):
            return True
        case Compare(
            op=">=",
            left=Call(name="length", subject=text),
            right=Call(name="minimum", subject=other),
        ):
            return text == other
        case _:
            return False
