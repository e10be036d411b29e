"""The catalogue of everything that is said of a file and is not a check of the form.

A line for each code: how grave it is, what is wrong, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Severity
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


_ERROR, _WARNING, _HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

_FRESH = Text(
    "请用下发的报送表填写，保存为 .xlsx 后重新报送。",
    "Fill in the workbook that was sent out, save it as .xlsx and send it again.",
)
#: What the desk does about most files: the unit has to act.
_ASK = Text(
    "请通知该单位按要求重新报送。", "Tell the unit to send it again as described."
)
_RETURN = Text(
    "请将退回件发给该单位改正。", "Send the marked workbook back to the unit."
)
_NOTHING = Text("无需处理。", "Nothing to do.")
#: Where only the desk has something to look at.
_VERIFY = Text(
    "主管部门会与您单位核实。", "The collecting office will ask you about it."
)

#: P: a published report. R: the file cannot be read. N: it is not ours. T: the sheet
#: was tampered with.
#: V: a version. D: the tree of units. Y: what a clerk typed. J: what the district
#: decided. X: what else was done to the file.
CATALOGUE: Mapping[str, CatalogueEntry] = {
    "R01": CatalogueEntry(
        _ERROR,
        Text("文件是空的（0 字节）。", "The file is empty (0 bytes)."),
        Text(
            "可能没有传完，请重新报送。", "It may not have been sent whole: send again."
        ),
        _ASK,
    ),
    "R02": CatalogueEntry(
        _ERROR,
        Text("文件设了打开密码，无法读取。", "The file is protected by a password."),
        Text(
            "请取消打开密码，保存后重新报送。", "Remove the password and send it again."
        ),
        _ASK,
    ),
    "R03": CatalogueEntry(
        _ERROR,
        Text(
            "文件不完整或已损坏：{detail}。",
            "The file is cut off or damaged: {detail}.",
        ),
        Text(
            "请在电脑上打开，确认无误后另存为 .xlsx，重新报送。",
            "Open it, save it as .xlsx and send it again.",
        ),
        _ASK,
    ),
    "R04": CatalogueEntry(
        _ERROR,
        Text(
            "文件过大或结构异常，出于安全没有打开：{detail}。",
            "The file is too large or oddly built and was not opened: {detail}.",
        ),
        _FRESH,
        _ASK,
    ),
    "R05": CatalogueEntry(
        _ERROR,
        Text(
            "这是{detail}，不是 Excel 工作簿。", "This is {detail}, no Excel workbook."
        ),
        Text(
            "请用下发的报送表填写，以 .xlsx 文件报送；图片、PDF、网页不能代替。",
            "Fill in the workbook that was sent out and send the .xlsx; a picture, PDF "
            "or web page does not do.",
        ),
        _ASK,
    ),
    "R06": CatalogueEntry(
        _ERROR,
        Text(
            "这是 {detail} 格式的表格，无法读取；支持 .xlsx、.xlsm、.xlsb、.xls、.et 和 .ods。",
            "This is a spreadsheet of {detail}, which is not read; "
            ".xlsx, .xlsm, .xlsb, .xls, .et and .ods are.",
        ),
        Text(
            "请打开后另存为“Excel 工作簿（.xlsx）”，重新报送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
        _ASK,
    ),
    "R07": CatalogueEntry(
        _ERROR,
        Text("文件无法打开：{detail}。", "The file cannot be opened: {detail}."),
        Text(
            "请检查文件能否打开，另存为 .xlsx 后重新报送。",
            "See whether it opens, save it as .xlsx and send it again.",
        ),
        Text(
            "请检查文件是否被其他程序占用、有没有读取权限，再重新汇总。",
            "See whether another program holds it and whether it may be read; then collect again.",
        ),
    ),
    "R08": CatalogueEntry(
        _ERROR,
        Text(
            "程序读取这个文件时出错：{detail}。",
            "The program failed on this file: {detail}.",
        ),
        Text(
            "请将文件另存为 .xlsx 后重新报送。", "Save it as .xlsx and send it again."
        ),
        Text(
            "请将文件另存为 .xlsx 再试；仍不行的，把文件和这句话发给程序维护人员。",
            "Save it as .xlsx and try again; else send file and message to the maintainers.",
        ),
    ),
    "R09": CatalogueEntry(
        _ERROR,
        Text("压缩包是空的，里面没有文件。", "The archive is empty."),
        Text("请将填好的 .xlsx 直接报送。", "Send the filled-in .xlsx itself."),
        _ASK,
    ),
    "R10": CatalogueEntry(
        _ERROR,
        Text(
            "这是 {detail} 压缩包，无法打开，里面的文件没有读取。",
            "This is a {detail} archive, which is not opened; nothing in it was read.",
        ),
        Text("请解压后直接报送 .xlsx。", "Unpack it and send the .xlsx itself."),
        _ASK,
    ),
    "R11": CatalogueEntry(
        _ERROR,
        Text(
            "压缩包或邮件里的内容超过读取上限（{detail}），这里没有全部读取，"
            "已经读出的照常审核。",
            "There is more in it than is read ({detail}); what was read before stays.",
        ),
        Text("请直接报送 .xlsx。", "Send the .xlsx itself."),
        Text(
            "请解压后放入收件文件夹，或者通知该单位直接报送 .xlsx。",
            "Unpack it into the inbox, or have the unit send the .xlsx itself.",
        ),
    ),
    "R12": CatalogueEntry(
        _ERROR,
        Text(
            "压缩包或邮件里的这一项无法读取：{detail}。",
            "This item of an archive or mail cannot be read: {detail}.",
        ),
        Text(
            "是报送表的，请将 .xlsx 作为普通附件重新报送。",
            "If it is a return, send the .xlsx itself as an ordinary attachment.",
        ),
        _ASK,
    ),
    "R13": CatalogueEntry(
        _ERROR,
        Text(
            "这是 Outlook 特有的 winmail.dat，不完整或已损坏，里面的附件没有读出来。",
            "This is Outlook's winmail.dat, cut off or damaged; nothing in it was read.",
        ),
        Text(
            "请将邮件格式改为“纯文本”或“HTML”，把 .xlsx 作为附件重新报送。",
            "Send the .xlsx again in a mail of the format plain text or HTML.",
        ),
        _ASK,
    ),
    "R14": CatalogueEntry(
        _ERROR,
        Text(
            "读这个文件时{detail}，已经停止，没有读取。",
            "Reading this file {detail}; it was stopped and nothing was read.",
        ),
        Text(
            "请在电脑上打开，确认无误后另存为“Excel 工作簿（.xlsx）”，重新报送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
        _ASK,
    ),
    "R15": CatalogueEntry(
        _ERROR,
        Text(
            "这封邮件或附件是加密的（{detail}），程序无法解密，里面的内容没有读取。",
            "This mail or attachment is encrypted ({detail}); nothing in it was read.",
        ),
        Text(
            "请不要加密，将 .xlsx 作为普通附件重新报送。",
            "Send the .xlsx again as an ordinary attachment, without encryption.",
        ),
        Text(
            "请在能够解密的电脑上用邮件软件打开，将附件另存到收件文件夹；或者通知该单位不加密重新报送。",
            "Open it where the key is and save the attachment into the inbox, or have it "
            "sent again without encryption.",
        ),
    ),
    "R16": CatalogueEntry(
        _ERROR,
        Text(
            "这封邮件是拆成几段发送的，这里只有其中一段（{detail}），附件没有读取。",
            "The mail was sent in pieces and this is one of them ({detail}); its "
            "attachment was not read.",
        ),
        Text(
            "请在邮件软件里取消“拆分大邮件”，将 .xlsx 作为普通附件重新报送。",
            "Send the .xlsx again in one mail, without splitting it.",
        ),
        _ASK,
    ),
    "I01": CatalogueEntry(
        _HINT,
        Text("这是办公软件的临时文件或系统文件。", "A lock or system file."),
        _NOTHING,
        _NOTHING,
    ),
    "I02": CatalogueEntry(
        _HINT,
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
        _HINT,
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
        _HINT,
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
        _HINT,
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
        _HINT,
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
        _HINT,
        Text(
            "这是退信：发给 {detail} 的邮件没有送达；里面附的邮件没有当作报送表读取。",
            "A returned mail: what was sent to {detail} did not arrive; the mail it "
            "encloses was not read as a return.",
        ),
        _NOTHING,
        Text(
            "请核对该单位的邮箱地址，改正后重新发送。",
            "Check the unit's address, mend it and send it again.",
        ),
    ),
    "I08": CatalogueEntry(
        _HINT,
        Text(
            "这是邮件的电子签章，里面没有报送的内容。",
            "A signature; nothing else is in it.",
        ),
        _NOTHING,
        _NOTHING,
    ),
    "I09": CatalogueEntry(
        _HINT,
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
        _HINT,
        Text(
            "这是系统自动发出的回执、通知或自动回复，没有当作报送表读取。",
            "A receipt, notice or reply that a machine sent; not read as a return.",
        ),
        _NOTHING,
        _NOTHING,
    ),
    "I11": CatalogueEntry(
        _HINT,
        Text(
            "报送表没有填写任何内容，不算报送。",
            "Nobody filled anything in: a blank workbook is no return.",
        ),
        Text(
            "请填写后报送；已经另外报送的，无需处理。",
            "Fill it in and send it; nothing to do where that was sent as well.",
        ),
        _NOTHING,
    ),
    "N01": CatalogueEntry(
        _ERROR,
        Text(
            "这不是下发的报送表。",
            "The workbook carries no stamp: it is not one that was sent out.",
        ),
        _FRESH,
        _ASK,
    ),
    "N02": CatalogueEntry(
        _ERROR,
        Text(
            "这是按 {seen} 版表样填的，本次任务用的是 {expected} 版。",
            "This uses the tables of edition {seen}; the campaign's is {expected}.",
        ),
        _FRESH,
        _ASK,
    ),
    "N03": CatalogueEntry(
        _ERROR,
        Text(
            "这是“{seen}”的报送表，本次任务是“{expected}”。",
            "This workbook is for {seen}; the campaign is {expected}.",
        ),
        _FRESH,
        Text(
            "请核对是否放错了任务；确属本次任务的，请通知该单位用本次下发的报送表填报。",
            "See whether it belongs to another campaign; if not, have the right "
            "workbook filled in.",
        ),
    ),
    "N04": CatalogueEntry(
        _ERROR,
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
        _ERROR,
        Text(
            "这份表属于没有定义的报表“{seen}”。",
            "The stamp names a form that is not defined: {seen}.",
        ),
        _FRESH,
        _ASK,
    ),
    "N06": CatalogueEntry(
        _ERROR,
        Text(
            "这不是下发的报送表，从表上和文件名也看不出是哪个单位的。",
            "The stamp is gone, and neither sheets nor file name tell whose this is.",
        ),
        _FRESH,
        _ASK,
    ),
    "N07": CatalogueEntry(
        _WARNING,
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
    "T01": CatalogueEntry(
        _ERROR,
        Text(
            "合计单元格的公式被改成了别的内容。",
            "The formula of a total was replaced.",
        ),
        Text(
            "合计由公式自动计算，请在退回件里填报，不要改动灰色的合计单元格。",
            "Totals are computed: fill in the marked workbook and leave the grey cells alone.",
        ),
        _RETURN,
    ),
    "T02": CatalogueEntry(
        _ERROR,
        Text(
            "表样被改动：这里应是“{expected}”，现在是“{seen}”；{detail}。",
            "The table was changed: expected “{expected}”, found “{seen}”; {detail}.",
        ),
        Text(
            "请不要插入、删除行列，也不要改动表内文字；请把数字填入退回件。",
            "Do not insert, delete or rename: fill in the marked workbook.",
        ),
        _RETURN,
    ),
    "T03": CatalogueEntry(
        _ERROR,
        Text("缺少工作表“{expected}”。", "The sheet “{expected}” is missing."),
        _FRESH,
        _RETURN,
    ),
    "T04": CatalogueEntry(
        _ERROR,
        Text(
            "这份表与下发的版式不符。",
            "The stamp does not fit the layout of this edition.",
        ),
        _FRESH,
        _RETURN,
    ),
    "T05": CatalogueEntry(
        _ERROR,
        Text(
            "单位、统计期等信息可能被改过，与下发时不一致。",
            "The signature of the stamp is wrong: unit or year may have been changed.",
        ),
        _FRESH,
        Text(
            "请核对文件的来历；请该单位用下发的报送表重新填报。",
            "See where it comes from; have the workbook that was sent out filled in.",
        ),
    ),
    "T06": CatalogueEntry(
        _ERROR,
        Text(
            "此处是公式，但没有计算结果。",
            "This cell is a formula without a result.",
        ),
        Text(
            "请用 Excel 或 WPS 打开，直接填数字，保存后重新报送。",
            "Open it in Excel or WPS, type the number itself, save and send again.",
        ),
        _RETURN,
    ),
    "T07": CatalogueEntry(
        _ERROR,
        Text(
            "有两张一样的表“{expected}”和“{seen}”，填的内容不同，无法判断以哪张为准。",
            "The sheets “{expected}” and “{seen}” are the same table with different "
            "entries.",
        ),
        Text(
            "请留下填对的一张，名称用原来的，删掉另一张。",
            "Keep the right one under its original name and delete the other.",
        ),
        _RETURN,
    ),
    "T08": CatalogueEntry(
        _HINT,
        Text(
            "这是下级任务“{seen}”的上报表，本级无法验证它的来源。",
            "A roll-up of the campaign “{seen}”, signed with its own key, which cannot "
            "be verified here.",
        ),
        _VERIFY,
        Text(
            "请核对发件人，并与该单位公布的合计核对。",
            "Make sure that it came from that office and equals what it published.",
        ),
    ),
    "Y01": CatalogueEntry(
        _HINT,
        Text(
            "此处填的是公式，按显示的结果 {seen} 读取。",
            "A formula was typed here; its result {seen} was taken.",
        ),
        Text(
            "请核对结果；建议直接填数字。", "Check the result; better type the number."
        ),
        _RETURN,
    ),
    "Y02": CatalogueEntry(
        _ERROR,
        Text(
            "“本表无业务发生”处应选“是”或“否”，现在是“{seen}”。",
            "The zero declaration should be 是 or 否, not “{seen}”.",
        ),
        Text("请从下拉列表里选，或者清空。", "Choose from the list, or clear it."),
        _RETURN,
    ),
    "Y03": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”被改名为“{seen}”，按表内文字认出。",
            "The sheet “{expected}” was renamed “{seen}”; its labels tell.",
        ),
        Text("不影响结果；请不要改动工作表的名称。", "No harm; better keep the name."),
        _NOTHING,
    ),
    "Y04": CatalogueEntry(
        _HINT,
        Text(
            "工作表里的文字有变动：这里应是“{expected}”，现在是“{seen}”；填的内容都按标题对上了。",
            "Labels were changed: expected “{expected}”, found “{seen}”; all entries "
            "were found.",
        ),
        Text("请核对读出的内容。", "Check what was read."),
        Text("请核对读出的内容。", "Check what was read."),
    ),
    "Y05": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{seen}”与“{expected}”完全相同，只读了后者。",
            "The sheet “{seen}” says the same as “{expected}”; the latter was read.",
        ),
        _NOTHING,
        _NOTHING,
    ),
    "Y06": CatalogueEntry(
        _HINT,
        Text(
            "此处是文本“{seen}”，按数字 {expected} 读取。",
            "The text “{seen}” was taken for the number {expected}.",
        ),
        Text(
            "表内的合计和核对码没有算上这个单元格，请改填数字，重新打印签字页。",
            "Sums and 核对码 on paper leave it out: type the number and print again.",
        ),
        Text(
            "签字页上的合计没有算上这个单元格，请该单位改正后重新打印。",
            "The signed page leaves it out: have the unit type the number and print again.",
        ),
    ),
    "Y07": CatalogueEntry(
        _ERROR,
        Text(
            "应当写文字的地方是错误值“{seen}”。",
            "There is the error {seen} where a text should be.",
        ),
        Text(
            "多是因为文字以“=”“+”或“-”开头，被当成了公式，请删去后重新填写，不要以这些符号开头。",
            "A text that began with =, + or - was taken for a formula: write it again.",
        ),
        _RETURN,
    ),
    "X01": CatalogueEntry(
        _HINT,
        Text("工作表的保护被取消：{detail}。", "Sheets are not protected: {detail}."),
        Text(
            "请在退回件里填报，不要取消保护。",
            "Fill in the marked workbook with its protection left on.",
        ),
        Text(
            "请该单位用退回件重新填报，不要取消保护。",
            "Have the marked workbook filled in with its protection left on.",
        ),
    ),
    "X02": CatalogueEntry(
        _HINT,
        Text(
            "有 {detail} 个填报单元格没有了录入限制（从别处整块粘贴，或者换软件另存，都会这样）。",
            "{detail} cells lost the limits of what may be typed (pasted over, or saved "
            "by another program).",
        ),
        Text(
            "粘贴时请选“只粘贴数值”；请在退回件里填报。",
            "Paste values only; fill in the marked workbook.",
        ),
        Text(
            "请该单位用退回件重新填报，粘贴时只粘贴数值。",
            "Have the marked workbook filled in; values only when pasting.",
        ),
    ),
    "X03": CatalogueEntry(
        _HINT,
        Text(
            "文件里有宏，没有运行；下发的报送表没有宏。",
            "The file holds macros, which were not run; what was sent out has none.",
        ),
        Text(
            "请用下发的报送表填报，文件里不要带宏。",
            "Fill in the workbook that was sent out; it needs no macros.",
        ),
        Text(
            "请不要启用这个文件的宏；来历不明的，请向该单位核实。",
            "Do not enable them; ask the unit where they come from.",
        ),
    ),
    "X04": CatalogueEntry(
        _HINT,
        Text(
            "文件里有指向其他文件或程序的链接，没有读取；数字可能是从别处引用来的。",
            "The file links to other files or programs, which were not followed.",
        ),
        Text(
            "请把引用来的数改填为数字。",
            "Type the numbers themselves instead of links.",
        ),
        Text(
            "打开时请不要更新链接；请该单位改填数字。",
            "Do not update links; have the unit type the numbers themselves.",
        ),
    ),
    "X05": CatalogueEntry(
        _HINT,
        Text("单位留了批注：{seen}。", "The unit left a comment: {seen}."),
        Text(
            "需要说明的，请写在“审核”表的“说明”栏。",
            "What should be known belongs into the column 说明.",
        ),
        Text("请阅读批注；批注不作为数据。", "Read it: comments are no data."),
    ),
    "X06": CatalogueEntry(
        _HINT,
        Text("文件最后由“{seen}”保存。", "The file was last saved by {seen}."),
        _NOTHING,
        _NOTHING,
    ),
    "X07": CatalogueEntry(
        _HINT,
        Text(
            "文件里嵌入了别的文件，没有打开；下发的报送表里没有。",
            "Other files are embedded in it, which were not opened.",
        ),
        Text(
            "请删去嵌入的文件，需要的另附。",
            "Take the embedded files out; attach what is needed.",
        ),
        Text(
            "请不要打开；来历不明的，请向该单位核实。",
            "Do not open them; ask the unit where they come from.",
        ),
    ),
    "Y08": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”被隐藏了，里面的数照常读取。",
            "The sheet “{expected}” is hidden; it was read all the same.",
        ),
        Text(
            "请取消隐藏，核对里面的数是否应当报送。",
            "Unhide it and see whether its figures are meant.",
        ),
        Text(
            "请取消隐藏，核对里面的数是否应当报送。",
            "Unhide it and see whether its figures are meant.",
        ),
    ),
    "Y09": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”有 {detail} 个单元格填了内容，却在隐藏的行或列里，照常读取。",
            "On “{expected}” {detail} filled cells are in hidden rows or columns; "
            "they were read all the same.",
        ),
        Text(
            "请取消隐藏，核对里面的数是否应当报送。",
            "Unhide them and see whether the figures are meant.",
        ),
        Text(
            "请取消隐藏，核对里面的数是否应当报送。",
            "Unhide them and see whether the figures are meant.",
        ),
    ),
    "P01": CatalogueEntry(
        _ERROR,
        Text(
            "这份文件中未找到年度报告的表格。",
            "The tables of the annual report were not found in this document.",
        ),
        Text(
            "请提供公布的年度报告全文（Word、PDF 或网页）。",
            "Provide the whole report as it was published (Word, PDF or web page).",
        ),
        _ASK,
    ),
    "P02": CatalogueEntry(
        _ERROR,
        Text(
            "这份文件中有两份报告的表格（例如比对稿），未予读取。",
            "The document has the tables of two reports, a comparison for one; it was not read.",
        ),
        Text(
            "请提供一个单位、一个年度的报告。",
            "Provide the report of one unit for one year.",
        ),
        _ASK,
    ),
    "P03": CatalogueEntry(
        _WARNING,
        Text("未能识别是哪个单位的报告。", "Whose report it is could not be seen."),
        Text(
            "请在报告标题中写明单位名称。", "Write the name of the unit into the title."
        ),
        Text("请指明单位后再读取。", "Say which unit it is."),
    ),
    "P04": CatalogueEntry(
        _WARNING,
        Text("未能识别是哪一年度的报告。", "The year of the report could not be seen."),
        Text("请在报告标题中写明年度。", "Write the year into the title."),
        Text("请核对报告的年度。", "Check the year of the report."),
    ),
    "P05": CatalogueEntry(
        _WARNING,
        Text(
            "标题写的是 {expected} 年，统计期限写的是 {seen} 年。",
            "The title says {expected}, the period of the figures {seen}.",
        ),
        Text(
            "请核对标题和统计期限，改正写错的一处。", "Correct the title or the period."
        ),
        Text("请核对报告的年度。", "Check the year of the report."),
    ),
    "P06": CatalogueEntry(
        _HINT,
        Text(
            "“{detail}”只印了一行，没有分项。",
            "“{detail}” is printed as one line without its items.",
        ),
        Text("请按现行格式分项填写。", "Fill in its items as the form now has them."),
        Text(
            "需要分项数字的，请向该单位了解。",
            "Ask the unit where the items are needed.",
        ),
    ),
    "P07": CatalogueEntry(
        _HINT,
        Text(
            "“{detail}”没有按小标题分开，全部文字归在第一项。",
            "“{detail}” has no headings; all its text was put into its first part.",
        ),
        Text("请按格式要求分项写明。", "Divide it as the form asks."),
        Text("请核对后分到各项。", "Divide it."),
    ),
    "P08": CatalogueEntry(
        _WARNING,
        Text(
            "有 {detail} 个数字未能确定，需要人工核对。",
            "{detail} figures are unsure and must be confirmed.",
        ),
        Text(
            "请对照公布的报告核对标出的数字。",
            "Compare the marked figures with the report.",
        ),
        Text(
            "请对照原文核对标出的数字。",
            "Compare the marked figures with the document.",
        ),
    ),
    "P09": CatalogueEntry(
        _WARNING,
        Text(
            "有 {detail} 个数字在文件中未找到。",
            "{detail} figures were not found in the document.",
        ),
        Text("请补充报告中缺少的数字。", "Add what the report lacks."),
        Text(
            "请对照原文补填；原文没有的，向该单位了解。",
            "Fill them in from the document, or ask the unit.",
        ),
    ),
    "V01": CatalogueEntry(
        _HINT,
        Text(
            "同一单位后来又报了一次，以后一份（{detail}）为准。",
            "The unit sent a later version, which counts: {detail}.",
        ),
        _NOTHING,
        _NOTHING,
    ),
    "V02": CatalogueEntry(
        _HINT,
        Text("与 {detail} 是完全相同的文件。", "Identical to {detail}."),
        _NOTHING,
        _NOTHING,
    ),
    "V03": CatalogueEntry(
        _HINT,
        Text("与后一份相比{detail}。", "Compared with the later one: {detail}."),
        _VERIFY,
        Text(
            "请核对后一份的改动是否有依据。",
            "See whether the changes of the later one make sense.",
        ),
    ),
    "V04": CatalogueEntry(
        _HINT,
        Text(
            "与 {detail} 同时收到，内容不同，看不出先后，按文件名取了这一份。",
            "Came together with {detail}, which differs; nothing tells which one is "
            "later, so the name decided.",
        ),
        _VERIFY,
        Text(
            "请向该单位核实以哪一份为准；不是这一份的，请该单位重新报送。",
            "Ask the unit which one counts; if not this one, have it sent again.",
        ),
    ),
    "D01": CatalogueEntry(
        _ERROR,
        Text(
            "上级单位自己报的数与下级合计不一致：应为 {expected}，报的是 {seen}。",
            "The unit's own total differs from the sum below it: "
            "expected {expected}, found {seen}.",
        ),
        _VERIFY,
        Text(
            "以下级合计为准；请核对该单位的报送表，或者下级单位是否齐全。",
            "The sum below counts; check that return, or whether units are missing.",
        ),
    ),
    "D02": CatalogueEntry(
        _WARNING,
        Text(
            "上级单位报的数与下级合计完全相同，可能重复计算，没有加进合计。",
            "The unit's own figures equal the sum below it; to avoid counting twice "
            "they were not added.",
        ),
        _VERIFY,
        Text(
            "确是本级自己的数的，请在名录的“是否填报”填“是”，再重新汇总。",
            "If they are its own figures, set 是否填报 to 是 on the roster.",
        ),
    ),
    "J01": CatalogueEntry(
        _ERROR,
        Text("主管部门退回：{detail}。", "Sent back by the district: {detail}."),
        Text(
            "请按退回的理由修改后重新报送；有疑问的，请与主管部门联系。",
            "Amend it as the reason says and send it again; ask the collecting office in doubt.",
        ),
        _NOTHING,
    ),
}


def catalogued(code: str, detail: Text | str = "", **fields: str) -> Finding:
    """A finding of the catalogue, its sentences rendered from the fields.

    ``cell``, ``sheet``, ``address``, ``seen``, ``expected`` and ``difference`` are
    also kept as fields of the finding; ``detail`` may differ between the languages.
    """
    entry = CATALOGUE[code]
    details = detail if isinstance(detail, Text) else Text(detail, detail)
    message = Text(
        *(
            sentence.format(detail=said, **fields)
            for sentence, said in zip(entry.message, details, strict=True)
        )
    )
    return Finding(
        code,
        entry.severity,
        message,
        entry.remedy,
        entry.desk,
        cell=fields.get("cell"),
        sheet=fields.get("sheet"),
        address=fields.get("address"),
        seen=fields.get("seen"),
        expected=fields.get("expected"),
        difference=fields.get("difference"),
    )


#: UnreadableFile.reason → code of the catalogue.
UNREADABLE = {
    "empty": "R01",
    "encrypted": "R02",
    "truncated": "R03",
    "damaged": "R03",
    "too_large": "R04",
    "bomb": "R04",
    "dtd": "R04",
    "duplicate_parts": "R04",
    "not_spreadsheet": "R05",
    "other_format": "R06",
    "locked": "R07",
    "outside": "R07",
    "empty_archive": "R09",
    "archive": "R10",
    "too_deep": "R11",
    "too_many": "R11",
    "too_much": "R11",
    "too_long": "R11",
    "link": "R12",
    "method": "R12",
    "object": "R12",
    "tnef": "R13",
    "sealed": "R15",
    "partial": "R16",
    "crashed": "R14",
    "timeout": "R14",
    "memory": "R14",
}
