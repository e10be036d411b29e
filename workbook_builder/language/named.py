"""Figures that a text names, beside those of the tables.

A text names a figure by the label of its row and of its column: “不予公开5件，其中属于国家
秘密2件”, “行政诉讼案件4件，其中结果维持3件”. Labels are the printed ones, without their
numbers, and the words by which texts call them (``report.called``). What stands right before
the number is one of the two; the other was named before it in the same sentence, or is that
of the row's total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from workbook_builder.language.figures import MEASURES, prepared
from workbook_builder.language.numerals import spelled
from workbook_builder.model.form import Cell, CellType, Form, Kind, Table
from workbook_builder.model.period import Period
from workbook_builder.model.values import plain
from workbook_builder.model.wording import Slot

_SENTENCE = re.compile(r"[。；;！!？?\n]")
_CLAUSE = re.compile(r"[，。；;：:,（）()]")
#: What may stand between a name and its number, and says nothing of its own. No word is
#: tried again as two (共计, 共 and 计): that would take time without end.
_BETWEEN = re.compile(
    "(?>政府信息公开|申请|案件|决定|事项|情形|信息|数量|件数|总数|共计|总计|合计|累计|共|的"
    "|为|有|计|达到|达|类)*+"
)
#: A clause that speaks of another time than the tables.
_OTHER_TIME = re.compile("上年|去年|上一年|前年|同比|相比|较|半年|(?<!本)季度|月份")
_YEAR = re.compile(r"<(\d{4})>年")
_MARKS = str.maketrans("", "", "“”‘’\"'")
#: “一、”, “（一）”, “1.” before a label; what stands in brackets after it.
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)"
)
_BRACKETS = re.compile("（.*$")


class Misnamed(NamedTuple):
    """What a text says of a figure, and what the tables say."""

    name: str
    said: str
    amount: str


@dataclass(frozen=True, slots=True)
class _Term:
    """Words for rows or for columns of a table: those under one label."""

    words: str
    table: str
    is_row: bool
    ids: frozenset[str]


def misnamed(
    form: Form,
    period: Period,
    figures: Mapping[str, Decimal],
    texts: Mapping[str, str],
) -> Iterator[tuple[str, Misnamed]]:
    """(id of the text, figure) of every number that is not that of the tables.

    Looked at are the texts for which sentences with figures are offered.
    """
    vocabulary = _vocabulary(form)
    for id_ in vocabulary.texts & texts.keys():
        for sentence in _SENTENCE.split(texts[id_].replace(",", "")):
            said = _Sentence(vocabulary, period, prepared(sentence.translate(_MARKS)))
            yield from ((id_, each) for each in said.differing(figures))


class _Vocabulary:
    """What a form's figures are called, by prepared words."""

    def __init__(self, form: Form) -> None:
        wording = form.wording
        self.form = form
        self.texts = {
            each.text
            for each in (wording.sentences if wording else ())
            if any(not isinstance(part, str | Slot) for part in each.phrase)
        }
        found: dict[str, set[_Term]] = {}
        for term in (t for table in form.tables for t in _terms(form, table)):
            found.setdefault(prepared(term.words.translate(_MARKS)), set()).add(term)
        # Words that may mean this or that tell nothing: “其他”, “总计”.
        self.terms = {
            words: next(iter(terms))
            for words, terms in found.items()
            if len(words) > 1 and len({(t.table, t.is_row, t.ids) for t in terms}) == 1
        }
        longest = sorted(self.terms, key=len, reverse=True)
        names = "|".join(map(re.escape, longest)) or "(?!)"
        self.token = re.compile(
            rf"(?P<name>(?<![未不])(?<!没有)(?<!未能)(?:{names}))"
            r"|<(?P<number>[^<>]+?)(?:>|(?=万))(?P<measure>万?.)"
        )

    def cells(self, term: _Term, other: _Term | None) -> list[Cell]:
        """The cells under two labels; of a row alone those of its total."""
        rows, columns = (term, other) if term.is_row else (other, term)
        if rows is None:
            return []
        found = [
            cell
            for cell in self.form.table_cells(term.table)
            if cell.row in rows.ids and (columns is None or cell.column in columns.ids)
        ]
        if columns is None and not all(
            self.has_total(term.table, id_) for id_ in rows.ids
        ):
            return []
        return found

    def has_total(self, table: str, row: str) -> bool:
        """Whether a row of a table says its own total."""
        cells = [c for c in self.form.table_cells(table) if c.row == row]
        whole = self.inputs(cell.id for cell in cells)
        return any(c.kind is Kind.TOTAL and self.inputs([c.id]) == whole for c in cells)

    def inputs(self, ids: Iterable[str]) -> frozenset[str]:
        """What these cells are made of, each once."""
        found: set[str] = set()
        for id_ in ids:
            is_sum = id_ in self.form.totals and id_ not in self.form.running
            found |= self.inputs(self.form.parts(id_)) if is_sum else {id_}
        return frozenset(found)


_vocabulary = lru_cache(maxsize=8)(_Vocabulary)


def _terms(form: Form, table: Table) -> Iterator[_Term]:
    called = form.wording.called if form.wording else {}
    ids: dict[tuple[str, bool], set[str]] = {}
    for block in table.blocks:
        lines = [(row.labels, row.id, True) for row in block.rows]
        lines += [(column.labels, column.id, False) for column in block.columns]
        for labels, id_, is_row in lines:
            for label in labels:
                ids.setdefault((label, is_row), set()).add(id_)
    for (label, is_row), of in ids.items():
        bare = _BRACKETS.sub("", _NUMBERED.sub("", label))
        for words in {bare, *form.aliases.get(label, ()), *called.get(label, ())}:
            yield _Term(words, table.id, is_row, frozenset(of))


class _Sentence:
    """A prepared sentence, read from its beginning to its end."""

    def __init__(self, vocabulary: _Vocabulary, period: Period, text: str) -> None:
        self._known, self._period, self._text = vocabulary, period, text
        self._seen: dict[tuple[str, bool], _Term] = {}
        """(table, whether rows) → what was named last."""
        self._crossed: set[tuple[str, bool]] = set()
        """Those after which a number stands already."""

    def differing(self, figures: Mapping[str, Decimal]) -> Iterator[Misnamed]:
        last: tuple[_Term, int] | None = None
        for token in self._known.token.finditer(self._text):
            if token["name"]:
                term = self._known.terms[token["name"]]
                self._seen[term.table, term.is_row] = term
                self._crossed.discard((term.table, term.is_row))
                last = term, token.end()
                continue
            if last and self._is_told(last[0], last[1], token.start()):
                between = self._text[last[1] : token.start()]
                yield from self._compared(last[0], between, token, figures)
            self._crossed.update(self._seen)

    def _is_told(self, term: _Term, ends: int, number: int) -> bool:
        """Whether the number is that of the term, and of this period."""
        if not _BETWEEN.fullmatch(self._text, ends, number):
            return False
        clause = _CLAUSE.split(self._text[:number])[-1]
        others = clause.replace(prepared(term.words), "")
        years = {int(year) for year in _YEAR.findall(clause)}
        return not _OTHER_TIME.search(others) and years <= {self._period.year}

    def _compared(
        self,
        term: _Term,
        between: str,
        token: re.Match[str],
        figures: Mapping[str, Decimal],
    ) -> Iterator[Misnamed]:
        other = self._seen.get((term.table, not term.is_row))
        cells = self._known.cells(term, other)
        if term.is_row and (table := (term.table, False)) in self._crossed:
            # “新收9件，其中自然人5件，上年结转3件”: 上年结转 is no longer of 自然人.
            whole = self._known.cells(term, None)
            cells, other = (whole, None) if whole else (cells, self._seen[table])
        inputs = self._known.inputs(cell.id for cell in cells)
        if not inputs or not inputs <= figures.keys():
            return
        amount = sum((figures[id_] for id_ in inputs), Decimal(0))
        counted = _in_measure(amount, cells[0].type, token["measure"])
        if counted is not None and not _is(token["number"], counted):
            name = f"{term.words}{between}"
            if other is not None:
                name = f"{other.words}·{name}"
            yield Misnamed(name, token["number"], plain(counted))


def _in_measure(amount: Decimal, of: CellType, measure: str) -> Decimal | None:
    """The amount in what the text counts; None where it counts something else."""
    if of.also and measure == of.also[0]:
        return amount * of.also[1]
    same = measure in MEASURES if of.unit == MEASURES[0] else measure == of.unit
    return amount if same else None


def _is(number: str, amount: Decimal) -> bool:
    try:
        return Decimal(number) == amount
    except InvalidOperation:
        return f"<{number}>" == spelled(amount)
