"""Under a table, for the screen: what must come out equal in each column, “12＋1＝11＋2 ✔”,
and every amount of money in a smaller unit, “25.1 万元 ＝ 251,000 元”. Live.

Balances are of every check that compares two sums of its own column.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from workbook_builder.language.value import Unknown
from workbook_builder.language.words import Amount, shown, summed
from workbook_builder.model.check import Instance
from workbook_builder.model.expression import (
    Arithmetic,
    CellRef,
    Compare,
    Node,
    Number,
)
from workbook_builder.model.form import Cell, Form, Table
from workbook_builder.model.text import Text
from workbook_builder.workbook.job import FAIL, PASS, Job
from workbook_builder.workbook.plan import Formula, Item

HEAD = "平衡（✔ 相等，✘ 不等）"


def balances(form: Form, table: Table) -> tuple[Instance, ...]:
    """The comparisons that stand under the columns of a table."""
    if table.side_by_side:
        return ()
    return tuple(
        line.instances[0]
        for check in form.checks
        if check.severity.must_hold and not check.defines_totals
        for line in check.lines
        if _is_balance(form, table, line.instances[0])
    )


def below_items(job: Job, table: Table) -> Iterator[Item]:
    """The rows below the table."""
    row = 1 + max(job.layout.cells[c.id].row for c in job.form.table_cells(table.id))
    yield from _balance_items(job, table, row)
    amounts = [c for c in job.form.table_cells(table.id) if c.type.also]
    for number, cell in enumerate(amounts, 1):
        said = _in_small(job, cell)
        yield Item(row + number, 0, said, "aside", columns=len(table.widths))


def _in_small(job: Job, cell: Cell) -> Formula:
    """What an amount is in its smaller unit; nothing while there is none."""
    unit, times = cell.type.also or ("", 1)
    whole = CellRef(cell.id)
    small = Arithmetic("*", whole, Number(Decimal(times)))
    formulas, parts = (
        job.formulas(job.layout.cells[cell.id].sheet),
        (
            Text(
                f"{'·'.join((*cell.row_labels[-1:], *cell.column_labels[-1:]))}：", ""
            ),
            Amount(whole),
            Text(f" {cell.type.unit} ＝ ", ""),
            Amount(small),
            Text(f" {unit}", ""),
        ),
    )
    text = f'=IF({formulas.known([whole])},{formulas.spoken(parts)},"")'
    now = job.evaluator.cell(cell.id)
    told = (
        part.zh if isinstance(part, Text) else shown(job.evaluator, part.node)
        for part in parts
    )
    return Formula(text, "" if isinstance(now, Unknown) else "".join(told))


def _balance_items(job: Job, table: Table, row: int) -> Iterator[Item]:
    found = balances(job.form, table)
    if found:
        yield Item(row, 0, HEAD, "balance_head", columns=table.stub_columns)
    for instance in found:
        column = job.layout.cells[instance.cells[0]].column
        yield Item(row, column, _said(job, table, instance), "balance")


def _is_balance(form: Form, table: Table, instance: Instance) -> bool:
    rule = instance.expression
    cells = [form.cells[id_] for id_ in instance.cells]
    return (
        isinstance(rule, Compare)
        and rule.op == "=="
        and all(len(summed(side)) > 1 for side in (rule.left, rule.right))
        and {cell.table for cell in cells} == {table.id}
        and len({cell.column for cell in cells}) == 1
    )


def _said(job: Job, table: Table, instance: Instance) -> Formula:
    rule = instance.expression
    assert isinstance(rule, Compare)
    formulas = job.formulas(table.sheet)
    left, right = (formulas.spoken(_sum(side)) for side in (rule.left, rule.right))
    truth = formulas.truth(rule)
    equal, tick = (
        f'IF({truth.holds},"{then}","{otherwise}")'
        for then, otherwise in (("＝", "≠"), (f" {PASS}", f" {FAIL}"))
    )
    text = f'=IF({truth.known},{left}&{equal}&{right}&{tick},"")'
    return Formula(text, _now(job, rule))


def _now(job: Job, rule: Compare) -> str:
    amounts = [job.evaluator.amount(side) for side in (rule.left, rule.right)]
    if any(isinstance(amount, Unknown) for amount in amounts):
        return ""
    left, right = (
        "＋".join(shown(job.evaluator, term) for term in summed(side))
        for side in (rule.left, rule.right)
    )
    holds = job.evaluator.truth(rule) is True
    return f"{left}{'＝' if holds else '≠'}{right} {PASS if holds else FAIL}"


def _sum(side: Node) -> Iterator[Text | Amount]:
    for index, term in enumerate(summed(side)):
        if index:
            yield Text("＋", "+")
        yield Amount(term)
