"""Files that are no return of the campaign: of something else, or of nothing."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import (
    ASK,
    ERROR,
    FRESH,
    HINT,
    NOTHING,
    WARNING,
    CatalogueEntry,
)
from workbook_builder.model.text import Text

STRANGERS: Mapping[str, CatalogueEntry] = {
    "I01": CatalogueEntry(
        HINT,
        Text("这是办公软件的临时文件或系统文件。", "A lock or system file."),
        NOTHING,
        NOTHING,
    ),
    "I02": CatalogueEntry(
        HINT,
        Text(
            "这是没有下载完的文件，没有当作报送表读取。",
            "A download that was not finished; it was not read as a return.",
        ),
        Text("请重新报送完整的文件。", "Send the whole file again."),
        Text(
            "请重新下载完整的文件，放入收件文件夹。",
            "Download the whole file and put it into the inbox.",
        ),
    ),
    "I03": CatalogueEntry(
        HINT,
        Text(
            "这是图片，没有当作报送表读取；如果这是报送表的扫描件，请另发 .xlsx。",
            "A picture, not read as a return; if it is a scan of one, send the .xlsx.",
        ),
        Text("报送表请以 .xlsx 文件报送。", "Send the return as an .xlsx file."),
        Text(
            "是报送表扫描件的，请通知该单位报送 .xlsx；只是图标、照片的，无需处理。",
            "If it is a scan of a return, ask for the .xlsx; nothing to do about a logo.",
        ),
    ),
    "I04": CatalogueEntry(
        HINT,
        Text(
            "这是 PDF，没有当作报送表读取；如果这是报送表的扫描件，请另发 .xlsx。",
            "A PDF, not read as a return; if it is a scan of one, send the .xlsx.",
        ),
        Text(
            "报送表请以 .xlsx 文件报送；盖章页可以另附。",
            "Send the return as an .xlsx file; the signed page may be added.",
        ),
        Text(
            "是报送表扫描件的，请通知该单位报送 .xlsx；只是来文、盖章页的，无需处理。",
            "If it is a scan of a return, ask for the .xlsx; nothing to do about a signed page.",
        ),
    ),
    "I05": CatalogueEntry(
        HINT,
        Text(
            "这是文字材料，没有当作报送表读取；如果报送的数字写在里面，请另发 .xlsx。",
            "A letter or text, not read as a return; if the figures are in it, send the "
            ".xlsx.",
        ),
        Text("报送表请以 .xlsx 文件报送。", "Send the return as an .xlsx file."),
        Text(
            "数字写在材料里的，请通知该单位报送 .xlsx；只是来文、说明的，无需处理。",
            "If the figures are in it, ask for the .xlsx; nothing to do about a covering letter.",
        ),
    ),
    "I06": CatalogueEntry(
        HINT,
        Text("这封邮件没有附件。", "This mail has no attachment."),
        Text(
            "请以普通附件报送 .xlsx，不要用网盘链接、超大附件。",
            "Attach the .xlsx itself, no link to a network disk.",
        ),
        Text(
            "应当有报送表的，请通知该单位以普通附件报送 .xlsx；网盘链接、超大附件不会下载。",
            "If a return was meant, ask for the .xlsx as an attachment; links are not followed.",
        ),
    ),
    "I07": CatalogueEntry(
        HINT,
        Text(
            "这是退信：发给 {detail} 的邮件没有送达；里面附的邮件没有当作报送表读取。",
            "A returned mail: what was sent to {detail} did not arrive; the mail it "
            "encloses was not read as a return.",
        ),
        NOTHING,
        Text(
            "请核对该单位的邮箱地址，改正后重新发送。",
            "Check the unit's address, mend it and send it again.",
        ),
    ),
    "I08": CatalogueEntry(
        HINT,
        Text(
            "这是邮件的电子签章，里面没有报送的内容。",
            "A signature; nothing else is in it.",
        ),
        NOTHING,
        NOTHING,
    ),
    "I09": CatalogueEntry(
        HINT,
        Text(
            "附件“{seen}”在网盘 {link} （{detail}），没有下载。",
            "The attachment “{seen}” is on a network disk, {link} ({detail}), and was "
            "not downloaded.",
        ),
        Text(
            "请将 .xlsx 作为普通附件重新报送，不要用超大附件、网盘链接。",
            "Send the .xlsx itself as an ordinary attachment, no link.",
        ),
        Text(
            "请在有效期内打开链接下载，放入收件文件夹；或者通知该单位以普通附件重新报送。",
            "Download it while it is there and put it into the inbox, or have it sent "
            "again as an ordinary attachment.",
        ),
    ),
    "I10": CatalogueEntry(
        HINT,
        Text(
            "这是系统自动发出的回执、通知或自动回复，没有当作报送表读取。",
            "A receipt, notice or reply that a machine sent; not read as a return.",
        ),
        NOTHING,
        NOTHING,
    ),
    "I11": CatalogueEntry(
        HINT,
        Text(
            "报送表没有填写任何内容，不算报送。",
            "Nobody filled anything in: a blank workbook is no return.",
        ),
        Text(
            "请填写后报送；已经另外报送的，无需处理。",
            "Fill it in and send it; nothing to do where that was sent as well.",
        ),
        NOTHING,
    ),
    "N01": CatalogueEntry(
        ERROR,
        Text(
            "这不是下发的报送表。",
            "The workbook carries no stamp: it is not one that was sent out.",
        ),
        FRESH,
        ASK,
    ),
    "N02": CatalogueEntry(
        ERROR,
        Text(
            "这是按 {seen} 版表样填的，本次任务用的是 {expected} 版。",
            "This uses the tables of edition {seen}; the campaign's is {expected}.",
        ),
        FRESH,
        ASK,
    ),
    "N03": CatalogueEntry(
        ERROR,
        Text(
            "这是“{seen}”的报送表，本次任务是“{expected}”。",
            "This workbook is for {seen}; the campaign is {expected}.",
        ),
        FRESH,
        Text(
            "请核对是否放错了任务；确属本次任务的，请通知该单位用本次下发的报送表填报。",
            "See whether it belongs to another campaign; if not, have the right "
            "workbook filled in.",
        ),
    ),
    "N04": CatalogueEntry(
        ERROR,
        Text(
            "单位“{seen}”不在本次任务的单位名录里。",
            "The unit {seen} is not on the roster of this campaign.",
        ),
        Text(
            "请核对是否发错了地方；有疑问的，请与主管部门联系。",
            "Was it sent to the wrong office? Ask the collecting office in doubt.",
        ),
        Text(
            "请核对是否发错了地方；确属本级的，先把该单位加入名录，再重新汇总。",
            "Was it sent to the wrong office? If it belongs here, add the unit to the roster.",
        ),
    ),
    "N05": CatalogueEntry(
        ERROR,
        Text(
            "这份表属于没有定义的报表“{seen}”。",
            "The stamp names a form that is not defined: {seen}.",
        ),
        FRESH,
        ASK,
    ),
    "N06": CatalogueEntry(
        ERROR,
        Text(
            "这不是下发的报送表，从表上和文件名也看不出是哪个单位的。",
            "The stamp is gone, and neither sheets nor file name tell whose this is.",
        ),
        FRESH,
        ASK,
    ),
    "N07": CatalogueEntry(
        WARNING,
        Text(
            "这份表缺少下发时的信息，按{detail}认作“{seen}”的报送表。",
            "The stamp is gone; taken for the return of {seen} by {detail}.",
        ),
        Text(
            "请核对表上的单位名称；用退回件填报，核对后重新报送。",
            "Check the unit on the sheets; fill in the marked workbook and send it again.",
        ),
        Text(
            "请核对是不是这个单位的，并将退回件发给该单位核对。",
            "See whether that is right; send the marked workbook back to the unit.",
        ),
    ),
    "N08": CatalogueEntry(
        WARNING,
        Text(
            "表上印的是“{seen}”，下发时是“{expected}”。",
            "The sheets print “{seen}”; what was sent out is “{expected}”.",
        ),
        Text(
            "请核对填的是不是本单位、本期的表；用下发的报送表填报，不要改动表上的单位名称和统计期。",
            "See whether this is your own table of this period; leave both as they were.",
        ),
        Text(
            "请向该单位核实；确是该单位本期的数的，可以同意计入。",
            "Ask the unit; if these are its figures of this period, accept them.",
        ),
    ),
    "N09": CatalogueEntry(
        WARNING,
        Text(
            "这是下发给“{expected}”的报送表，{detail}却是“{seen}”；"
            "看不出是哪个单位的数，等待主管部门确认，没有采用。",
            "The workbook was sent out to {expected}, but {detail} is {seen}: nobody "
            "can tell whose figures these are, and it was not taken.",
        ),
        Text(
            "请用下发给本单位的报送表填报；代其他单位报送的，请向主管部门说明。",
            "Fill in the workbook that was sent out to you; if you send it for another "
            "unit, tell the collecting office.",
        ),
        Text(
            "请向两个单位核实。确是原下发单位的数的，指定采用这一份；不是的，请各单位用自己的"
            "报送表重新报送。约定代报的，把发件地址加进名录里被代报单位的邮箱。",
            "Ask both units. If the figures are those of the unit it was sent out to, choose "
            "this file; if not, have each send its own. Where it was agreed that one sends "
            "for the other, add its address to those of the other on the roster.",
        ),
    ),
    "N10": CatalogueEntry(
        ERROR,
        Text(
            "单位“{seen}”已经{detail}，不再单独报送，这一份没有采用。",
            "The unit {seen} reports no more ({detail}); this file was not taken.",
        ),
        Text(
            "请由现在的单位用它自己的报送表报送，把原单位全年的数算在里面；"
            "有疑问的，请与主管部门联系。",
            "The unit there is now reports, with the figures of the former one included.",
        ),
        Text(
            "请告知报送的人；现在的单位还没有把这部分数算进去的，请其补上。名录的“变动”"
            "“原代码”写错了的，改正后重新汇总。",
            "Tell the sender; have the unit there is now include these figures. If the "
            "roster is wrong, correct 变动 and 原代码 and collect again.",
        ),
    ),
    "N11": CatalogueEntry(
        WARNING,
        Text(
            "这是年度报告（{seen}），不是报送表；按{detail}认作“{expected}”的，"
            "报告里的数已经读出，等待确认，没有采用。",
            "An annual report ({seen}), no workbook; taken for that of {expected} by "
            "{detail}. Its figures were read and wait to be agreed to.",
        ),
        Text(
            "报告里的数已预填在退回件里，请对照原文逐项核对，补上没有读出的，再报送退回件。",
            "The marked workbook has the figures of the report: check them, fill in what "
            "was not read, and send it.",
        ),
        Text(
            "请将预填好的退回件发给该单位核对后报送；已与该单位核对无误的，指定采用这一份。",
            "Send the filled-in workbook to the unit to be checked; where the figures are "
            "agreed, choose this file.",
        ),
    ),
}
