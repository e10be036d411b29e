"""A line of the catalogue, and the sentences that many lines share."""

from __future__ import annotations

from dataclasses import dataclass

from workbook_builder.model.severity import Severity
from workbook_builder.model.text import Text


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One line of the catalogue; ``{names}`` are filled in from the finding.

    ``remedy`` is what the unit does, ``desk`` what the collecting office does.
    """

    severity: Severity
    message: Text
    remedy: Text
    desk: Text


ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

FRESH = Text(
    "请用下发的报送表填写，保存为 .xlsx 后重新报送。",
    "Fill in the workbook that was sent out, save it as .xlsx and send it again.",
)
#: What the desk does about most files: the unit has to act.
ASK = Text(
    "请通知该单位按要求重新报送。", "Tell the unit to send it again as described."
)
RETURN = ERROR.desk
NOTHING = Text("无需处理。", "Nothing to do.")
#: Where only the desk has something to look at.
VERIFY = Text(
    "主管部门会与贵单位核实。", "The collecting office will ask you about it."
)
