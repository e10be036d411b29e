"""The order of the stages; every command has its twin here.

Nothing but the command line, the desk and the console's actions imports this package. One
module for each command that does work; what the command line says and asks is in
``commands/``. What is offered is loaded when the first name is asked for (``twins``);
who wants one of them only, and soon, imports its module.
"""

# ruff: noqa: F405  # what is offered is imported in twins.py
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbook_builder.pipeline.twins import *  # noqa: F403

__all__ = [
    "CIRCULARS",
    "DATABASE",
    "FACTS",
    "FIELDS",
    "FINDINGS",
    "PROGRESS",
    "REPORTS",
    "RETURNED",
    "SUMMARY",
    "UPWARD",
    "Advice",
    "Agreed",
    "AuditedReport",
    "Built",
    "Choice",
    "Collection",
    "Comparison",
    "Examined",
    "FetchOutcome",
    "Fetched",
    "Fetching",
    "LetterEntry",
    "Lifted",
    "Made",
    "MadeCircular",
    "MadeReport",
    "MailEntry",
    "NotedPublication",
    "OwnPart",
    "Plan",
    "Posted",
    "PostingRun",
    "Progress",
    "Progressed",
    "Publications",
    "ReadReport",
    "Readiness",
    "Renewed",
    "Reports",
    "Seen",
    "Traced",
    "Trusted",
    "Used",
    "Wanted",
    "Wish",
    "advise",
    "as_last_period",
    "assign_letter",
    "audit",
    "audit_page",
    "begin",
    "build",
    "change_roster",
    "change_settings",
    "check",
    "circulate",
    "collect",
    "compare",
    "decide",
    "examine",
    "excuse",
    "extend",
    "fetch",
    "is_collected",
    "keep",
    "letters",
    "lift",
    "list_decisions",
    "list_publications",
    "logins",
    "make_reports",
    "named",
    "note_by_hand",
    "own_parts",
    "plan",
    "post",
    "prefilled",
    "publish",
    "publish_list",
    "publish_table",
    "put_in",
    "read_reports",
    "renew",
    "roster_seen",
    "save_texts",
    "settings_seen",
    "status",
    "texts_seen",
    "to_json",
    "today",
    "trace",
    "trust",
    "unpublish",
    "use",
    "withdraw",
    "workbook_name",
    "write_drafts",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from workbook_builder.pipeline import twins

    return getattr(twins, name)
