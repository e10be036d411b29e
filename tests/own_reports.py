"""Reports of our own with figures of any kind, as documents of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from hypothesis import strategies as st

from tests import support
from workbook_builder.documents.read import read_document
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers
from workbook_builder.model.document import Document, Passage, PrintedTable
from workbook_builder.model.form import Cell, Form
from workbook_builder.model.period import Period
from workbook_builder.model.published_report import Certainty, PublishedReport
from workbook_builder.model.values import number
from workbook_builder.outputs.report import Contents, report
from workbook_builder.outputs.report_docx import docx

FORM = support.form()
YEAR = 2025
FIELDS = {
    "address": "示例路1号",
    "postcode": "100000",
    "telephone": "010-0000",
    "email": "a@b.cn",
    "download": "www.example.gov.cn",
    "date": "2026年1月15日",
}
_LETTERS = "本年度单位认真落实各项要求共办理申请件次人员培训及时准确规范"


@dataclass(frozen=True)
class Own:
    """What a report says, totals included."""

    unit: str
    figures: Mapping[str, Decimal]
    texts: Mapping[str, str]

    def docx(self) -> bytes:
        assert FORM.wording is not None
        contents = Contents(self.unit, Period(YEAR), self.figures, self.texts, FIELDS)
        return docx(report(FORM, FORM.wording, contents))

    def document(self) -> Document:
        return read_document(self.docx())


def amounts(cell: Cell) -> st.SearchStrategy[Decimal]:
    """Mostly zeros and small numbers, as in real reports, and now and then large."""
    whole = st.one_of(
        st.just(0),
        st.just(0),
        st.just(0),
        st.integers(0, 30),
        st.integers(0, 3_000),
        st.integers(0, 9_000_000),
    ).map(Decimal)
    if not cell.type.decimals:
        return whole
    cents = st.integers(0, 10**cell.type.decimals - 1)
    return st.builds(lambda w, c: w + Decimal(c).scaleb(-6), whole, cents)


def lines(numbered: bool) -> st.SearchStrategy[str]:
    first = st.sampled_from(["1.", "一是", ""] if numbered else ["", "一是"])
    rest = st.text(_LETTERS + "，。0123456789", min_size=12, max_size=80)
    return st.builds(lambda a, b: f"{a}{b}。", first, rest)


def own_reports() -> st.SearchStrategy[Own]:
    figures = st.fixed_dictionaries({c.id: amounts(c) for c in FORM.inputs})
    texts = st.fixed_dictionaries(
        {
            text.id: st.lists(lines(True), min_size=1, max_size=3).map("\n".join)
            for text in FORM.narratives
        }
    )
    units = st.sampled_from(["示例区", "示例区人民政府", "示例市示例区幸福街道办事处"])
    return st.builds(_own, units, figures, texts)


def _own(unit: str, typed: dict[str, Decimal], texts: dict[str, str]) -> Own:
    return Own(unit, with_totals(typed), texts)


def with_totals(typed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """All figures, with as many received as were dealt with or carried over."""
    figures = _totals(typed)
    balanced = dict(typed)
    for column in (
        "natural",
        "business",
        "research",
        "welfare",
        "legal_service",
        "other",
    ):
        received, carried_in, closed, carried_out = (
            f"applications.{row}.{column}"
            for row in ("received", "carried_in", "closed", "carried_out")
        )
        dealt_with = figures[closed] + figures[carried_out]
        balanced[carried_in] = min(figures[carried_in], dealt_with)
        balanced[received] = dealt_with - balanced[carried_in]
    return _totals(balanced)


def _totals(typed: Mapping[str, Decimal]) -> dict[str, Decimal]:
    values = {id_: number(amount) for id_, amount in typed.items()}
    known = facts(FORM, Answers(values))
    return {
        id_: value.number for id_, value in known.items() if value.number is not None
    }


@lru_cache(maxsize=8)
def sample(seed: int = 0) -> Own:
    """A report whose figures differ from each other as far as they can."""
    typed = {
        cell.id: Decimal((at * 37 + seed * 11) % 89 if (at + seed) % 3 else 0)
        for at, cell in enumerate(FORM.inputs)
    }
    texts = {text.id: f"{support.TEXT}第{text.title}项。" for text in FORM.narratives}
    return Own("示例区", with_totals(typed), texts)


def glued(document: Document) -> str:
    """All there is in one run, as when a page is copied without its cells."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Passage):
            parts.append(block.text)
        else:
            parts += [cell.text for cell in block.cells]
    return " ".join(parts[:2]) + "".join(part.replace("\n", "") for part in parts[2:])


def tabbed(document: Document) -> str:
    """As text with tabs; a cell that covers others is followed by empty ones."""
    said = []
    for block in document.blocks:
        said += [block.text] if isinstance(block, Passage) else _tabbed(block)
    return "\n".join(said)


def _tabbed(table: PrintedTable) -> list[str]:
    width = max(cell.column + cell.columns for cell in table.cells)
    lines_ = []
    for line in table.lines:
        row = [""] * width
        for cell in line:
            row[cell.column] = cell.text.replace("\n", "")
        lines_.append("\t".join(row))
    return lines_


def wrong(
    found: PublishedReport, wanted: Mapping[str, Decimal | None], form: Form = FORM
) -> dict[str, object]:
    """The cells that are certain, or certain as printed, and not what was printed."""
    return {
        id_: (fact, wanted.get(id_))
        for id_, fact in found.facts.items()
        if fact.certainty in {Certainty.CERTAIN, Certainty.AS_PRINTED}
        and fact.value.number != wanted.get(id_)
    }
