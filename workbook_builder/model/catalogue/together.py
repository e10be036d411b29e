"""Returns among others: versions, units above, decisions of the office."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import (
    ERROR,
    HINT,
    NOTHING,
    VERIFY,
    WARNING,
    CatalogueEntry,
)
from workbook_builder.model.text import Text

TOGETHER: Mapping[str, CatalogueEntry] = {
    "V01": CatalogueEntry(
        HINT,
        Text(
            "同一单位后来又报了一次，以后一份（{detail}）为准。",
            "The unit sent a later version, which counts: {detail}.",
        ),
        NOTHING,
        NOTHING,
    ),
    "V02": CatalogueEntry(
        HINT,
        Text("与 {detail} 是完全相同的文件。", "Identical to {detail}."),
        NOTHING,
        NOTHING,
    ),
    "V03": CatalogueEntry(
        HINT,
        Text("与后一份相比{detail}。", "Compared with the later one: {detail}."),
        VERIFY,
        Text(
            "请核对后一份的改动是否有依据。",
            "See whether the changes of the later one make sense.",
        ),
    ),
    "V04": CatalogueEntry(
        HINT,
        Text(
            "与 {detail} 同时收到，内容不同，看不出先后，按文件名取了这一份。",
            "Came together with {detail}, which differs; nothing tells which one is "
            "later, so the name decided.",
        ),
        VERIFY,
        Text(
            "请向该单位核实以哪一份为准；不是这一份的，请该单位重新报送。",
            "Ask the unit which one counts; if not this one, have it sent again.",
        ),
    ),
    "V05": CatalogueEntry(
        WARNING,
        Text(
            "比已有的一份（{detail}）报得晚，但是不能证明来源，或者合计被改动，没有代替它。",
            "Came after {detail}, but its stamp is not proved or its totals are broken: "
            "it did not take the place.",
        ),
        Text(
            "请用下发的报送表填报，不要改动合计，重新报送。",
            "Fill in the workbook that was sent out, leave the totals alone, send again.",
        ),
        Text(
            "请向该单位核实；以这一份为准的，指定采用这一份；不是的，请该单位重新报送。",
            "Ask the unit; if this one counts, choose it; if not, have it sent again.",
        ),
    ),
    "V06": CatalogueEntry(
        HINT,
        Text(
            "主管部门指定以 {detail} 为准。",
            "The collecting office chose {detail}.",
        ),
        NOTHING,
        NOTHING,
    ),
    "V07": CatalogueEntry(
        HINT,
        Text(
            "这是年度报告；该单位的报送表是 {detail}，报告里的数没有采用。",
            "An annual report; the unit's return is {detail}, and its figures were not "
            "taken.",
        ),
        NOTHING,
        NOTHING,
    ),
    "D01": CatalogueEntry(
        ERROR,
        Text(
            "上级单位自己报的数与下级合计不一致：应为 {expected}，报的是 {seen}。",
            "The unit's own total differs from the sum below it: "
            "expected {expected}, found {seen}.",
        ),
        VERIFY,
        Text(
            "以下级合计为准；请核对该单位的报送表，或者下级单位是否齐全。",
            "The sum below counts; check that return, or whether units are missing.",
        ),
    ),
    "D02": CatalogueEntry(
        WARNING,
        Text(
            "上级单位报的数与下级合计完全相同，可能重复计算，没有加进合计。",
            "The unit's own figures equal the sum below it; to avoid counting twice "
            "they were not added.",
        ),
        VERIFY,
        Text(
            "确是本级自己的数的，请在名录的“是否填报”填“是”，再重新汇总。",
            "If they are its own figures, set 是否填报 to 是 on the roster.",
        ),
    ),
    "D03": CatalogueEntry(
        WARNING,
        Text(
            "上报表不完整：应报 {expected} 个单位，只计入 {seen} 个，缺：{detail}。",
            "The roll-up is not complete: {seen} of {expected} units; missing: {detail}.",
        ),
        Text(
            "请等下级报齐、通过后再报一次；确实不报的，请说明原因。",
            "Collect again when all have returned; where one never will, say why.",
        ),
        Text(
            "请催该单位报齐后重新上报；确实不报的，写明原因同意计入，本级的应报数仍算上这些单位。",
            "Ask for the whole; where units never return, accept it with the reason: they "
            "still count as missing.",
        ),
    ),
    "J01": CatalogueEntry(
        ERROR,
        Text("主管部门退回：{detail}。", "Sent back by the district: {detail}."),
        Text(
            "请按退回的理由修改后重新报送；有疑问的，请与主管部门联系。",
            "Amend it as the reason says and send it again; ask the collecting office in doubt.",
        ),
        NOTHING,
    ),
}
