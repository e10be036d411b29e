"""How cells look, by name. Colour is never the only sign: totals are bold on grey,
inputs have a dashed inner edge, figures of the period before are slanted, errors carry ✘.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook_builder.model.drawing import BAND_SHADE

#: The shading of the 第二十条 bands in the official template.
BAND = f"#{BAND_SHADE}"
INPUT, TOTAL, LAST_PERIOD, HEAD = "#FFFBE0", "#EDEDED", "#E8F3EA", "#F7F7F7"
RED, DARK_RED, ORANGE = "#FFD9D6", "#B00020", "#FFE8CC"
GREEN, AMBER, GREY = "#1B7F3B", "#9A5B00", "#666666"

#: What is printed is set in 宋体, as the official tables are; suites without it
#: fall back to their own Chinese serif by the font family.
_BASE: dict[str, Any] = {
    "font_name": "宋体",
    "font_family": 1,
    "font_size": 11,
    "valign": "vcenter",
}
_BOX: dict[str, Any] = {"border": 1}
_CENTRE: dict[str, Any] = {"align": "center"}
_WRAP: dict[str, Any] = {"text_wrap": True}
#: A figure with ✘ before it may be wider than its column: smaller, never ####.
_FIGURE: dict[str, Any] = {**_BOX, **_CENTRE, "shrink": True}
_LINK: dict[str, Any] = {"font_color": "#0563C1", "underline": 1}
COUNT, AMOUNT = "#,##0", "General"
_LINE: dict[str, Any] = {**_BOX, "align": "right", "indent": 1, "font_size": 10}
_SUM: dict[str, Any] = {"bold": True, "bg_color": TOTAL}
_BEFORE: dict[str, Any] = {"italic": True, "bg_color": LAST_PERIOD}
_MARKED = '"✘"#,##0;"✘"-#,##0;"✘"0;"✘"@'
_DOUBTED, _DOUBTED_AMOUNT = (
    '"？"#,##0;"？"-#,##0;"？"0;"？"@',
    '"？"General;"？"-General;"？"0;"？"@',
)
_MARKED_AMOUNT = '"✘"General;"✘"-General;"✘"0;"✘"@'

_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "locked": {},
    "wrap": {**_WRAP, "valign": "top"},
    "title": {**_CENTRE, "bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 12},
    "meta": {"font_size": 10},
    # Unit and period over merged cells: smaller where the name is long, never cut off.
    "whose": {"font_size": 10, "shrink": True},
    "meta_right": {"font_size": 10, "align": "right"},
    "small": {"font_size": 9, "font_color": GREY, **_WRAP},
    "band": {**_BOX, "bg_color": BAND},
    "head": {**_BOX, **_CENTRE, **_WRAP, "bg_color": HEAD},
    "note": {**_BOX, **_WRAP, "bg_color": HEAD},
    "stub": {**_BOX, **_WRAP},
    "stub_centre": {**_BOX, **_WRAP, **_CENTRE},
    "vertical": {**_BOX, **_CENTRE, "rotation": 270, "text_wrap": True},
    "input_count": {
        **_FIGURE,
        "bg_color": INPUT,
        "locked": False,
        "num_format": COUNT,
    },
    "input_amount": {
        **_FIGURE,
        "bg_color": INPUT,
        "locked": False,
        "num_format": AMOUNT,
    },
    # Looks like a cell to fill in, but is only part of the legend.
    "input_sample": {**_FIGURE, "bg_color": INPUT, "num_format": COUNT},
    # Shows whatever is pasted there as it is.
    "pasted": {**_FIGURE, "bg_color": INPUT},
    "pasted_total": {**_FIGURE, "bg_color": TOTAL, "bold": True},
    "total_count": {
        **_FIGURE,
        "bg_color": TOTAL,
        "bold": True,
        "num_format": COUNT,
    },
    "total_amount": {
        **_FIGURE,
        "bg_color": TOTAL,
        "bold": True,
        "num_format": AMOUNT,
    },
    "sum_count": {**_FIGURE, "num_format": COUNT},
    "sum_amount": {**_FIGURE, "num_format": AMOUNT},
    "switch": {**_BOX, **_CENTRE, "bg_color": INPUT, "bold": True},
    "last_period_count": {
        **_FIGURE,
        "bg_color": LAST_PERIOD,
        "italic": True,
        "num_format": COUNT,
    },
    "last_period": {
        **_FIGURE,
        "bg_color": LAST_PERIOD,
        "italic": True,
        "num_format": AMOUNT,
    },
    "choice": {**_BOX, **_CENTRE, "bg_color": INPUT, "locked": False, "bold": True},
    "choice_label": {"font_size": 10},
    "text_input": {
        **_BOX,
        **_WRAP,
        "bg_color": INPUT,
        "locked": False,
        "valign": "top",
        "num_format": "@",
    },
    # Pages to be signed: white.
    "print_title": {**_CENTRE, "bold": True, "font_size": 14},
    "print_heading": {"bold": True, "font_size": 12},
    "print_text": {"font_size": 10.5},
    "print_whose": {"font_size": 10.5, "shrink": True},
    "print_right": {"font_size": 10.5, "align": "right"},
    "print_line": {**_BOX, **_WRAP, "font_size": 10.5},
    "print_head": {**_BOX, **_CENTRE, **_WRAP, "font_size": 10.5},
    "print_stub": {**_BOX, **_WRAP, "font_size": 10.5},
    "print_vertical": {**_BOX, **_CENTRE, **_WRAP, "font_size": 10.5, "rotation": 270},
    "print_count": {**_FIGURE, "font_size": 10.5, "num_format": COUNT},
    "print_amount": {**_FIGURE, "font_size": 10.5, "num_format": AMOUNT},
    "balance_head": {"font_size": 9, "font_color": GREY, "align": "right"},
    "balance": {"font_size": 9, "font_color": GREY, **_CENTRE, "shrink": True},
    "aside": {"font_size": 9, "font_color": GREY, "align": "left"},
    "text_cell": {"num_format": "@"},
    "line": {**_BOX, **_WRAP, "font_size": 10},
    "line_centre": {**_BOX, **_CENTRE, "font_size": 10},
    "line_number": {
        **_BOX,
        "align": "right",
        "indent": 1,
        "font_size": 10,
        "num_format": AMOUNT,
    },
    #: One line, cut off where the next cell begins: what is long and only to be copied or followed.
    "line_short": {**_BOX, "font_size": 10, "font_color": GREY},
    "line_link_left": {
        **_BOX,
        "font_size": 10,
        **_LINK,
    },
    "line_percent": {**_LINE, "num_format": "0.0%"},
    "line_count": {**_LINE, "num_format": COUNT},
    "line_amount": {**_LINE, "num_format": AMOUNT},
    "line_total_count": {**_LINE, **_SUM, "num_format": COUNT},
    "line_total_amount": {**_LINE, **_SUM, "num_format": AMOUNT},
    "line_last_count": {**_LINE, **_BEFORE, "num_format": COUNT},
    "line_last_amount": {**_LINE, **_BEFORE, "num_format": AMOUNT},
    "line_bold": {**_BOX, **_WRAP, "font_size": 10, "bold": True, "bg_color": TOTAL},
    "key": {**_BOX, **_CENTRE, **_WRAP, "font_size": 10, "bg_color": HEAD},
    "key_count": {
        **_BOX,
        **_CENTRE,
        "font_size": 16,
        "bold": True,
        "num_format": COUNT,
    },
    "key_percent": {
        **_BOX,
        **_CENTRE,
        "font_size": 16,
        "bold": True,
        "num_format": "0.0%",
    },
    "line_link": {
        **_BOX,
        **_CENTRE,
        "font_size": 10,
        **_LINK,
    },
    "link": _LINK,
    # Whole columns that are filled in later; borders come with the content.
    "column_text": {**_WRAP, "font_size": 10, "num_format": "@"},
    "column_number": {**_CENTRE, "font_size": 10, "num_format": AMOUNT},
    "column_link": {
        **_CENTRE,
        "font_size": 10,
        **_LINK,
    },
    "setting": {
        **_BOX,
        **_WRAP,
        "bg_color": INPUT,
        "locked": False,
        "font_size": 10,
        "num_format": "@",
    },
    "message": {**_BOX, **_WRAP, "valign": "top", "num_format": "@"},
    "explanation": {
        **_BOX,
        **_WRAP,
        "bg_color": INPUT,
        "locked": False,
        "font_size": 10,
        "num_format": "@",
    },
    "status": {"bold": True, "font_size": 13},
    "status_link": {
        "bold": True,
        "font_size": 12,
        **_CENTRE,
        **_LINK,
    },
    "code": {"bold": True, "align": "right", "font_size": 10},
    "wrong_sample": {**_BOX, **_CENTRE, "bg_color": RED, "font_color": DARK_RED},
    "doubt_sample": {**_BOX, **_CENTRE, "bg_color": ORANGE, "font_color": AMBER},
    # Conditional formats
    "wrong_count": {"bg_color": RED, "font_color": DARK_RED, "num_format": _MARKED},
    "wrong_amount": {
        "bg_color": RED,
        "font_color": DARK_RED,
        "num_format": _MARKED_AMOUNT,
    },
    "doubt_count": {
        "bg_color": ORANGE,
        "font_color": AMBER,
        "num_format": _DOUBTED,
    },
    "doubt_amount": {
        "bg_color": ORANGE,
        "font_color": AMBER,
        "num_format": _DOUBTED_AMOUNT,
    },
    "bad": {"font_color": DARK_RED, "bold": True, "bg_color": RED},
    "good": {"font_color": GREEN},
    "open": {"font_color": AMBER},
    "good_cell": {"font_color": GREEN, "bold": True, "bg_color": LAST_PERIOD},
    "open_cell": {"font_color": AMBER, "bold": True, "bg_color": ORANGE},
    "current": {"bg_color": BAND},
    "boxed": {"border": 1},
}
_CONDITIONAL = {
    "wrong_count", "wrong_amount", "doubt_count", "doubt_amount", "bad", "good", "open",
    "good_cell", "open_cell", "current", "boxed",
}  # fmt: skip


def properties(style: str) -> Mapping[str, Any]:
    """XlsxWriter format properties of a style; KeyError if there is none."""
    own = _STYLES[style]
    return own if style in _CONDITIONAL else {**_BASE, **own}
