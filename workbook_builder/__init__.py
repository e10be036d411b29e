"""workbook-builder: the 政府信息公开工作年度报告 as spreadsheets, from form to total.

The public interface, for programs that want more than the command line:

- :class:`Forms` — which edition of a form serves a period, ``Forms.shipped()`` or of
  folders of your own; :func:`load_folder` — one that is not in such a folder
- :class:`Period` — a year, a quarter or a month
- :func:`build_workbook` — a unit's .xlsx, as bytes
- :func:`judge` — bytes of a returned file → verdict, findings, facts
- :func:`verify`, :func:`facts` — the checks and the recomputed figures of answers
- :func:`tally`, :func:`nodes` — adding up over the tree of units
"""

from workbook_builder.definition.load import load_folder
from workbook_builder.definition.registry import Forms
from workbook_builder.language.value import facts
from workbook_builder.model.answers import Answers, Circumstances
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.errors import WorkbookBuilderError
from workbook_builder.model.expected import Expected
from workbook_builder.model.finding import Finding, Verdict
from workbook_builder.model.form import Form
from workbook_builder.model.period import Period
from workbook_builder.model.submission import Submission
from workbook_builder.model.unit import Roster, Unit
from workbook_builder.model.values import State, Value
from workbook_builder.reading.judge import judge
from workbook_builder.rules.tally import Contribution, Tally, nodes, tally
from workbook_builder.rules.verify import verdict, verify
from workbook_builder.workbook.build import build_workbook

__all__ = [
    "Answers",
    "Campaign",
    "Circumstances",
    "Contribution",
    "Expected",
    "Finding",
    "Form",
    "Forms",
    "Period",
    "Roster",
    "State",
    "Submission",
    "Tally",
    "Unit",
    "Value",
    "Verdict",
    "WorkbookBuilderError",
    "build_workbook",
    "facts",
    "judge",
    "load_folder",
    "nodes",
    "tally",
    "verdict",
    "verify",
]
