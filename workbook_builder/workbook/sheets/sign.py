"""签章: who filled in, who reviewed, who answers for it; and the code of the figures."""

from __future__ import annotations

from workbook_builder.workbook.job import Job
from workbook_builder.workbook.place import META_ROW, SIGN, SIGN_TOP
from workbook_builder.workbook.plan import Item, Sheet
from workbook_builder.workbook.sheets.texts import field_items

WIDTHS = (20, 44, 28)


def sign_sheet(job: Job) -> Sheet:
    """One page to be signed and stamped."""
    end = SIGN_TOP + len(job.form.fields_of("signature"))
    rows = range(SIGN_TOP, end)
    return Sheet(
        name=SIGN,
        items=(
            Item(0, 0, f"{job.form.title}　签章页", "title", columns=3),
            Item(META_ROW, 0, job.heading, "whose", columns=2),
            Item(META_ROW, 2, job.code_formula(), "meta_right"),
            *field_items(job, "signature", len(WIDTHS) - 1),
            Item(end + 1, 0, "（单位公章）", "heading", columns=3),
            Item(
                end + 3,
                0,
                "每页右上角的核对码由各表的数字和各段文字的字数、数字、常用字算出：改了数字就会变，改了文字一般也会变；"
                "签字的纸质件与电子件核对码相同，才是同一份数据。",
                "small",
                columns=3,
            ),
        ),
        widths=dict(enumerate(WIDTHS)),
        heights={0: 34, **dict.fromkeys(rows, 30.0), end + 1: 60, end + 3: 34},
        select=(SIGN_TOP, 1),
    )
