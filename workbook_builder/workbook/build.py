"""Makes a unit's workbook: blank, pre-filled, lifted, or sent back with marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workbook_builder.model.answers import Answers
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.unit import Unit
from workbook_builder.model.values import BLANK, ERRORS, State, Value
from workbook_builder.workbook.job import Job
from workbook_builder.workbook.plan import Book
from workbook_builder.workbook.sheets.audit import audit_sheet
from workbook_builder.workbook.sheets.entries import entries_sheet
from workbook_builder.workbook.sheets.guide import guide_sheet
from workbook_builder.workbook.sheets.helpers import helpers_sheet, macro_names
from workbook_builder.workbook.sheets.hidden import hidden_sheet
from workbook_builder.workbook.sheets.lines import failing_names, state_names
from workbook_builder.workbook.sheets.pasted import pasted_sheet
from workbook_builder.workbook.sheets.printed import printed_sheet
from workbook_builder.workbook.sheets.returned import returned_sheet
from workbook_builder.workbook.sheets.sign import sign_sheet
from workbook_builder.workbook.sheets.table import table_sheet
from workbook_builder.workbook.sheets.texts import texts_sheet
from workbook_builder.workbook.write import write

#: No spreadsheet holds every figure from here on.
LARGEST = Decimal(10) ** 15


def build_workbook(
    form: Form,
    unit: Unit,
    campaign: Campaign,
    answers: Answers | None = None,
    *,
    last_period: Mapping[str, Decimal] | None = None,
    findings: Sequence[Finding] = (),
    kind: str = "return",
    about: str = "",
) -> bytes:
    """The unit's .xlsx. The same input gives the same bytes.

    ``answers`` pre-fill it; ``last_period`` holds the unit's figures of the year
    before by cell id; ``findings`` are marked on their cells and listed on a sheet
    退回意见, after what ``about`` says of the version. ``kind`` is ``rollup`` for a
    district's own sum. Raises WorkbookError for what a spreadsheet cannot hold, such as
    a figure of more than 15 digits.
    """
    job = Job(
        form,
        unit,
        campaign.of(unit),
        answers or Answers(),
        dict(last_period or {}),
        tuple(findings),
        kind,
        about,
    )
    return write(book(job))


def book(job: Job) -> Book:
    """The workbook as values: its sheets in the order of a clerk's work."""
    return Book(
        sheets=(
            *((returned_sheet(job),) if job.findings else ()),
            guide_sheet(job),
            *(table_sheet(job, table) for table in job.form.tables),
            *((texts_sheet(job),) if job.has_texts else ()),
            audit_sheet(job),
            *((sign_sheet(job),) if job.form.fields_of("signature") else ()),
            pasted_sheet(job),
            printed_sheet(job),
            hidden_sheet(job),
            entries_sheet(job),
            helpers_sheet(job),
        ),
        names=state_names(job) | failing_names(job) | macro_names(job),
        title=f"{job.campaign.period.words}{job.form.title}　{job.unit.name}",
        subject=job.form.authority,
        created=job.campaign.period.last_day,
        password=job.campaign.password,
    )


def put_back(answers: Answers) -> Answers:
    """What a unit typed, as far as it can stand in its cell again.

    Totals become formulas again, whatever was typed over them.
    """
    values = {id_: _as_typed(value) for id_, value in answers.values.items()}
    return replace(answers, values=values, printed={})


def _as_typed(value: Value) -> Value:
    if value.number is not None and abs(value.number) >= LARGEST:
        return Value(State.TEXT, text=f"{value.number:.6E}")
    if value.state is State.ERROR and value.text not in ERRORS:
        return BLANK  # a cell that could not be read, or nothing an office suite shows
    return value
