"""workbook-builder: the 政府信息公开工作年度报告 as spreadsheets, from form to total.

What a notebook, the test of a rule or a small web service needs is offered here, each
command's twin included (docs/python.md). It is loaded when the first name is asked for.
"""

# ruff: noqa: F405  # what is offered is defined in public.py
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook_builder.public import *  # noqa: F403

__all__ = [
    "Answers",
    "Campaign",
    "Circumstances",
    "Collection",
    "Contribution",
    "Expected",
    "Finding",
    "Folder",
    "Form",
    "Forms",
    "Period",
    "Roster",
    "Severity",
    "State",
    "Submission",
    "Summary",
    "Tally",
    "Unit",
    "Value",
    "Verdict",
    "Wanted",
    "Wish",
    "WorkbookBuilderError",
    "build",
    "build_workbook",
    "check",
    "collect",
    "create",
    "decide",
    "demo",
    "facts",
    "lift",
    "lint",
    "list_decisions",
    "load_form",
    "make_console",
    "make_reports",
    "nodes",
    "number",
    "receive",
    "renew",
    "serve",
    "status",
    "tally",
    "to_json",
    "trace",
    "trust",
    "use",
    "verdict",
    "verify",
    "withdraw",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbook_builder import public

    return getattr(public, name)
