"""What programs use: a notebook, the test of a rule, a small web service.

``workbook_builder`` offers every name of this module, and loads it only when the first
one is asked for. Each command has its twin here or in ``pipeline`` (docs/python.md).
"""

from __future__ import annotations

from pathlib import Path

from workbook_builder.campaign.folder import Folder as Folder
from workbook_builder.campaign.folder import create as create
from workbook_builder.console.making import make_console as make_console
from workbook_builder.definition.lint import lint as lint
from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms as Forms
from workbook_builder.desk.serving import serve as serve
from workbook_builder.language.value import facts as facts
from workbook_builder.model.answers import Answers as Answers
from workbook_builder.model.answers import Circumstances as Circumstances
from workbook_builder.model.campaign import Campaign as Campaign
from workbook_builder.model.errors import WorkbookBuilderError as WorkbookBuilderError
from workbook_builder.model.expected import Expected as Expected
from workbook_builder.model.finding import Finding as Finding
from workbook_builder.model.finding import Verdict as Verdict
from workbook_builder.model.form import Form as Form
from workbook_builder.model.form import Library
from workbook_builder.model.period import Period as Period
from workbook_builder.model.severity import Severity as Severity
from workbook_builder.model.submission import Submission as Submission
from workbook_builder.model.summary import Summary as Summary
from workbook_builder.model.unit import Roster as Roster
from workbook_builder.model.unit import Unit as Unit
from workbook_builder.model.values import State as State
from workbook_builder.model.values import Value as Value
from workbook_builder.model.values import number as number
from workbook_builder.pipeline import Collection as Collection
from workbook_builder.pipeline import Wanted as Wanted
from workbook_builder.pipeline import Wish as Wish
from workbook_builder.pipeline import build as build
from workbook_builder.pipeline import check as check
from workbook_builder.pipeline import collect as collect
from workbook_builder.pipeline import decide as decide
from workbook_builder.pipeline import lift as lift
from workbook_builder.pipeline import list_decisions as list_decisions
from workbook_builder.pipeline import make_reports as make_reports
from workbook_builder.pipeline import renew as renew
from workbook_builder.pipeline import status as status
from workbook_builder.pipeline import trace as trace
from workbook_builder.pipeline import trust as trust
from workbook_builder.pipeline import use as use
from workbook_builder.pipeline import withdraw as withdraw
from workbook_builder.pipeline.contracts import to_json as to_json
from workbook_builder.pipeline.demonstrating import demo as demo
from workbook_builder.reading.apart import received as _received
from workbook_builder.reading.receive import Source as _Source
from workbook_builder.rules.tally import Contribution as Contribution
from workbook_builder.rules.tally import Tally as Tally
from workbook_builder.rules.tally import nodes as nodes
from workbook_builder.rules.tally import tally as tally
from workbook_builder.rules.verify import verdict as verdict
from workbook_builder.rules.verify import verify as verify
from workbook_builder.workbook.build import build_workbook as build_workbook


def load_form(
    form: str | Path, period: Period | int | str | None = None, *, edition: str = ""
) -> Form:
    """A shipped form by its name and the period it is to serve (``2026``, ``"2026Q1"``)
    or by its edition; or the one that a folder defines.

    Raises NoSuchForm where there is none, DefinitionError for a folder that defines
    none. The forms of a campaign are ``Folder(…).forms``.
    """
    if isinstance(form, Path):
        return load_folder(form)
    if edition:
        return Forms.shipped().edition(form, edition)
    if period is None:
        raise TypeError("say for which period, or which edition")
    return Forms.shipped().of(form, Period.parse(str(period)))


def receive(
    data: bytes, name: str, known: Expected | Library | None = None
) -> tuple[Submission, ...]:
    """What came under a name, as bytes: a workbook in any format, or an archive or mail
    for the files in it. There is always at least one, each with its one verdict, and
    whatever is wrong with the bytes, nothing is raised.

    ``known`` is what a campaign knows (``Folder(…).expected()``), or forms; without it,
    a workbook is judged by what it says of itself, among the shipped forms.
    """
    (found,) = _received([_Source(name, data)], known or Forms.shipped())
    return found
