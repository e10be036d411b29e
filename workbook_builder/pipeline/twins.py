"""The twin of every command, wherever in this package it works.

``workbook_builder.pipeline`` offers what is imported here.
"""

from __future__ import annotations

from workbook_builder.campaign.record import today
from workbook_builder.mail.password import keep
from workbook_builder.model.naming import workbook_name
from workbook_builder.pipeline.advising import Advice, advise
from workbook_builder.pipeline.agreeing import Agreed, excuse, extend
from workbook_builder.pipeline.auditing import AuditedReport, audit, audit_page
from workbook_builder.pipeline.beginning import (
    begin,
    change_roster,
    change_settings,
    roster_seen,
    settings_seen,
)
from workbook_builder.pipeline.building import Built, build
from workbook_builder.pipeline.checking import check
from workbook_builder.pipeline.choosing import Trusted, Used, trust, use
from workbook_builder.pipeline.circulating import CIRCULARS, MadeCircular, circulate
from workbook_builder.pipeline.collecting import (
    DATABASE,
    FACTS,
    FIELDS,
    FINDINGS,
    PROGRESS,
    RETURNED,
    SUMMARY,
    UPWARD,
    Collection,
    collect,
)
from workbook_builder.pipeline.comparing import Comparison, compare
from workbook_builder.pipeline.computing import computed_by, place_of
from workbook_builder.pipeline.contracts import to_json
from workbook_builder.pipeline.deciding import (
    Made,
    Wish,
    decide,
    list_decisions,
    withdraw,
)
from workbook_builder.pipeline.drafting import (
    OwnPart,
    own_parts,
    save_texts,
    texts_seen,
)
from workbook_builder.pipeline.examining import Examined, examine
from workbook_builder.pipeline.fetching import (
    Fetched,
    Fetching,
    FetchOutcome,
    Seen,
    fetch,
    logins,
)
from workbook_builder.pipeline.inbox import put_in
from workbook_builder.pipeline.lettering import LetterEntry, assign_letter, letters
from workbook_builder.pipeline.lifting import Lifted, lift
from workbook_builder.pipeline.mailing import (
    Choice,
    MailEntry,
    Plan,
    Readiness,
    named,
    plan,
)
from workbook_builder.pipeline.posting import (
    Posted,
    PostingRun,
    note_by_hand,
    post,
    write_drafts,
)
from workbook_builder.pipeline.progress import Progress
from workbook_builder.pipeline.published_reports import (
    ReadReport,
    as_last_period,
    left_out,
    prefilled,
    read_reports,
)
from workbook_builder.pipeline.publishing import (
    NotedPublication,
    Publications,
    list_publications,
    publish,
    publish_list,
    publish_table,
    unpublish,
)
from workbook_builder.pipeline.renewing import Renewed, renew
from workbook_builder.pipeline.reporting import (
    REPORTS,
    MadeReport,
    Reports,
    Wanted,
    make_reports,
)
from workbook_builder.pipeline.standing import Progressed, is_collected, status
from workbook_builder.pipeline.tracing import Traced, trace

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
    "computed_by",
    "decide",
    "examine",
    "excuse",
    "extend",
    "fetch",
    "is_collected",
    "keep",
    "left_out",
    "letters",
    "lift",
    "list_decisions",
    "list_publications",
    "logins",
    "make_reports",
    "named",
    "note_by_hand",
    "own_parts",
    "place_of",
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
