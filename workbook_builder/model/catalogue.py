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
    """One line of the catalogue; ``{names}`` are filled in from the finding."""

    severity: Severity
    message: Text
    remedy: Text


_ERROR, _WARNING, _HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

_FRESH = Text(
    "请用原来发的报送表填写，另存为 .xlsx 后重新发回。",
    "Fill in the workbook that was sent out, save it as .xlsx and send it again.",
)

#: R: the file cannot be read. N: it is not ours. T: the sheet was tampered with.
#: V: a version. D: the tree of units. Y: what a clerk typed. J: what the district
#: decided. X: what else was done to the file.
CATALOGUE: Mapping[str, CatalogueEntry] = {
    "R01": CatalogueEntry(
        _ERROR,
        Text("文件是空的（0 字节）。", "The file is empty (0 bytes)."),
        Text(
            "可能没有传完，请重新发送。", "It may not have been sent whole: send again."
        ),
    ),
    "R02": CatalogueEntry(
        _ERROR,
        Text("文件设了打开密码，读不了。", "The file is protected by a password."),
        Text(
            "请取消打开密码，另存后重新发送。", "Remove the password and send it again."
        ),
    ),
    "R03": CatalogueEntry(
        _ERROR,
        Text(
            "文件不完整或已损坏：{detail}。",
            "The file is cut off or damaged: {detail}.",
        ),
        Text(
            "请在电脑上打开确认无误，另存为 .xlsx 后重新发送。",
            "Open it, save it as .xlsx and send it again.",
        ),
    ),
    "R04": CatalogueEntry(
        _ERROR,
        Text(
            "文件过大或结构异常，出于安全没有打开：{detail}。",
            "The file is too large or oddly built and was not opened: {detail}.",
        ),
        _FRESH,
    ),
    "R05": CatalogueEntry(
        _ERROR,
        Text(
            "这是{detail}，不是 Excel 工作簿。", "This is {detail}, no Excel workbook."
        ),
        Text(
            "请用原来发的报送表填写，把 .xlsx 文件本身发来，不要发图片、PDF、网页或压缩包。",
            "Fill in the workbook that was sent out and attach the .xlsx file itself, "
            "not a picture, PDF, web page or archive.",
        ),
    ),
    "R06": CatalogueEntry(
        _ERROR,
        Text(
            "这是 {detail} 格式的表格，读不了；能读的是 .xlsx、.xlsm、.xlsb、.xls、.et 和 .ods。",
            "This is a spreadsheet of {detail}, which is not read; "
            ".xlsx, .xlsm, .xlsb, .xls, .et and .ods are.",
        ),
        Text(
            "请打开后另存为“Excel 工作簿（.xlsx）”，重新发送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
    ),
    "R07": CatalogueEntry(
        _ERROR,
        Text("文件打不开：{detail}。", "The file cannot be opened: {detail}."),
        Text(
            "请检查文件是否正被占用、有没有读取权限。",
            "See whether another program holds it, and whether it may be read.",
        ),
    ),
    "R08": CatalogueEntry(
        _ERROR,
        Text(
            "程序读这个文件时出了错：{detail}。",
            "The program failed on this file: {detail}.",
        ),
        Text(
            "请把文件另存为 .xlsx 再试；仍不行的，把文件和这句话发给程序维护人员。",
            "Save it as .xlsx and try again; else send file and message to us.",
        ),
    ),
    "R09": CatalogueEntry(
        _ERROR,
        Text("压缩包是空的，里面没有文件。", "The archive is empty."),
        Text(
            "请把填好的 .xlsx 放进去重新压缩，或者直接发 .xlsx。",
            "Put the workbook in and send it again, or send the .xlsx itself.",
        ),
    ),
    "R10": CatalogueEntry(
        _ERROR,
        Text(
            "这是 {detail} 压缩包，打不开，里面的文件没有读取。",
            "This is a {detail} archive, which is not opened; nothing in it was read.",
        ),
        Text("请解压后直接发 .xlsx。", "Unpack it and send the .xlsx itself."),
    ),
    "R11": CatalogueEntry(
        _ERROR,
        Text(
            "压缩包或邮件里的内容超过读取上限（{detail}），这里没有全部读取，"
            "已经读出的照常审核。",
            "There is more in it than is read ({detail}); what was read before stays.",
        ),
        Text("请解压后直接发 .xlsx。", "Unpack it and send the .xlsx itself."),
    ),
    "R12": CatalogueEntry(
        _ERROR,
        Text(
            "压缩包或邮件里的这一项读不了：{detail}。",
            "This item of an archive or mail cannot be read: {detail}.",
        ),
        Text(
            "如果这是报送表，请把 .xlsx 文件本身作为普通附件重新发送。",
            "If it is a return, send the .xlsx itself as an ordinary attachment.",
        ),
    ),
    "R13": CatalogueEntry(
        _ERROR,
        Text(
            "这是 Outlook 特有的 winmail.dat，里面的附件没有读取。",
            "This is Outlook's winmail.dat; the attachments in it were not read.",
        ),
        Text(
            "请对方把邮件格式改成“纯文本”或“HTML”，把 .xlsx 作为附件重新发送。",
            "Ask for the .xlsx again in a mail of the format plain text or HTML.",
        ),
    ),
    "R14": CatalogueEntry(
        _ERROR,
        Text(
            "读这个文件时{detail}，已经停止，没有读取。",
            "Reading this file {detail}; it was stopped and nothing was read.",
        ),
        Text(
            "请在电脑上打开确认无误，另存为“Excel 工作簿（.xlsx）”后重新发送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
    ),
    "I01": CatalogueEntry(
        _HINT,
        Text("这是办公软件的临时文件或系统文件。", "A lock or system file."),
        Text("不用处理。", "Nothing to do."),
    ),
    "I02": CatalogueEntry(
        _HINT,
        Text(
            "这是没有下载完的文件，没有当作报送表读取。",
            "A download that was not finished; it was not read as a return.",
        ),
        Text(
            "请重新下载完整的文件，放进收件文件夹。",
            "Download the whole file and put it into the inbox.",
        ),
    ),
    "I03": CatalogueEntry(
        _HINT,
        Text(
            "这是图片，没有当作报送表读取；如果这是报送表的扫描件，请另发 .xlsx。",
            "A picture, not read as a return; if it is a scan of one, send the .xlsx.",
        ),
        Text(
            "只是图标、照片的，不用处理。", "Nothing to do about a logo or photograph."
        ),
    ),
    "I04": CatalogueEntry(
        _HINT,
        Text(
            "这是 PDF，没有当作报送表读取；如果这是报送表的扫描件，请另发 .xlsx。",
            "A PDF, not read as a return; if it is a scan of one, send the .xlsx.",
        ),
        Text(
            "只是来文、盖章页的，不用处理。",
            "Nothing to do about a letter or signed page.",
        ),
    ),
    "I05": CatalogueEntry(
        _HINT,
        Text(
            "这是文字材料，没有当作报送表读取；如果报送的数字写在里面，请另发 .xlsx。",
            "A letter or text, not read as a return; if the figures are in it, send the "
            ".xlsx.",
        ),
        Text("只是来文、说明的，不用处理。", "Nothing to do about a covering letter."),
    ),
    "I06": CatalogueEntry(
        _HINT,
        Text("这封邮件没有附件。", "This mail has no attachment."),
        Text(
            "应当有报送表的，请对方把 .xlsx 作为普通附件重新发送；"
            "网盘链接、超大附件不会去下载。",
            "If a return was meant, ask for the .xlsx as an ordinary attachment; links "
            "to network disks are not followed.",
        ),
    ),
    "I07": CatalogueEntry(
        _HINT,
        Text(
            "这是退信或回执，里面附的是发出去的邮件，没有当作报送表读取。",
            "A delivery report or receipt; the mail it encloses is one that was sent.",
        ),
        Text(
            "退信的，请核对该单位的邮箱地址后重新发送。",
            "If it was not delivered, check the unit's address and send it again.",
        ),
    ),
    "N01": CatalogueEntry(
        _ERROR,
        Text(
            "表里没有本工具的标识，不是下发的报送表。",
            "The workbook carries no stamp: it is not one that was sent out.",
        ),
        _FRESH,
    ),
    "N02": CatalogueEntry(
        _ERROR,
        Text(
            "这是按 {detail} 年版旧表样填的，已经停用。",
            "This uses the tables of edition {detail}, which has expired.",
        ),
        _FRESH,
    ),
    "N03": CatalogueEntry(
        _ERROR,
        Text(
            "这是“{seen}”的报送表，本次任务是“{expected}”。",
            "This workbook is for {seen}; the campaign is {expected}.",
        ),
        _FRESH,
    ),
    "N04": CatalogueEntry(
        _ERROR,
        Text(
            "单位“{seen}”不在本次任务的单位名录里。",
            "The unit {seen} is not on the roster of this campaign.",
        ),
        Text(
            "请核对是不是发错了地方；确属本级的，先把它加进单位名录。",
            "Was it sent to the wrong office? If it belongs here, add it to the roster.",
        ),
    ),
    "N05": CatalogueEntry(
        _ERROR,
        Text(
            "标识里的报表“{seen}”没有定义。",
            "The stamp names a form that is not defined: {seen}.",
        ),
        _FRESH,
    ),
    "N06": CatalogueEntry(
        _ERROR,
        Text(
            "表里没有标识，从表上和文件名也看不出是哪个单位的。",
            "The stamp is gone, and neither sheets nor file name tell whose this is.",
        ),
        _FRESH,
    ),
    "N07": CatalogueEntry(
        _WARNING,
        Text(
            "表里的标识没有了，按{detail}认作“{seen}”的报送表。",
            "The stamp is gone; taken for the return of {seen} by {detail}.",
        ),
        Text(
            "请核对是不是这个单位的；把退回件发给单位，请它核对后发回。",
            "See whether that is right; send the marked workbook back to the unit.",
        ),
    ),
    "T01": CatalogueEntry(
        _ERROR,
        Text(
            "合计格的公式被改成了别的内容。",
            "The formula of a total was replaced.",
        ),
        Text(
            "合计由公式自动计算。请在原表上重新填报，不要改动灰色的合计格。",
            "Totals are computed: fill in the original and leave the grey cells alone.",
        ),
    ),
    "T02": CatalogueEntry(
        _ERROR,
        Text(
            "表样被改动：这里应是“{expected}”，现在是“{seen}”；{detail}。",
            "The table was changed: expected “{expected}”, found “{seen}”; {detail}.",
        ),
        Text(
            "请不要插入、删除行列或改动文字，把数字填到原来的报送表里。",
            "Do not insert, delete or rename: fill in the original workbook.",
        ),
    ),
    "T03": CatalogueEntry(
        _ERROR,
        Text("缺少工作表“{expected}”。", "The sheet “{expected}” is missing."),
        _FRESH,
    ),
    "T04": CatalogueEntry(
        _ERROR,
        Text(
            "标识与表样不符，可能不是本版本生成的。",
            "The stamp does not fit the layout of this edition.",
        ),
        _FRESH,
    ),
    "T05": CatalogueEntry(
        _ERROR,
        Text(
            "标识的签名不对：单位、年度等信息可能被改过。",
            "The signature of the stamp is wrong: unit or year may have been changed.",
        ),
        _FRESH,
    ),
    "T06": CatalogueEntry(
        _ERROR,
        Text(
            "这一格是公式，但没有计算结果。",
            "This cell is a formula without a result.",
        ),
        Text(
            "请用 Excel 或 WPS 打开，直接填数字，保存后重新发送。",
            "Open it in Excel or WPS, type the number itself, save and send again.",
        ),
    ),
    "T07": CatalogueEntry(
        _ERROR,
        Text(
            "有两张一样的表“{expected}”和“{seen}”，填的内容不同，不知道以哪张为准。",
            "The sheets “{expected}” and “{seen}” are the same table with different "
            "entries.",
        ),
        Text(
            "请留下填对的一张，名称用原来的，删掉另一张。",
            "Keep the right one under its original name and delete the other.",
        ),
    ),
    "T08": CatalogueEntry(
        _HINT,
        Text(
            "这是下级任务“{seen}”的合计表，签名用的是下级的密钥，本级无法核对。",
            "A roll-up of the campaign “{seen}”, signed with its own key, which cannot "
            "be verified here.",
        ),
        Text(
            "请确认是那个单位发来的（看发件人），合计与它公布的一致。",
            "Make sure that it came from that office and equals what it published.",
        ),
    ),
    "Y01": CatalogueEntry(
        _HINT,
        Text(
            "这一格填的是公式，按显示的结果 {seen} 读取。",
            "A formula was typed here; its result {seen} was taken.",
        ),
        Text(
            "请核对结果；建议直接填数字。", "Check the result; better type the number."
        ),
    ),
    "Y02": CatalogueEntry(
        _ERROR,
        Text(
            "“本表无业务发生”处应选“是”或“否”，现在是“{seen}”。",
            "The zero declaration should be 是 or 否, not “{seen}”.",
        ),
        Text("请从下拉列表里选，或者清空。", "Choose from the list, or clear it."),
    ),
    "Y03": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”被改名为“{seen}”，按表内文字认出。",
            "The sheet “{expected}” was renamed “{seen}”; its labels tell.",
        ),
        Text(
            "不影响结果；以后请不要改工作表的名称。", "No harm; better keep the name."
        ),
    ),
    "Y04": CatalogueEntry(
        _HINT,
        Text(
            "工作表里的文字有变动：这里应是“{expected}”，现在是“{seen}”；填的内容都按标题对上了。",
            "Labels were changed: expected “{expected}”, found “{seen}”; all entries "
            "were found.",
        ),
        Text("请核对读出的内容。", "Check what was read."),
    ),
    "Y05": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{seen}”与“{expected}”完全相同，只读了后者。",
            "The sheet “{seen}” says the same as “{expected}”; the latter was read.",
        ),
        Text("不用处理。", "Nothing to do."),
    ),
    "Y06": CatalogueEntry(
        _HINT,
        Text(
            "这一格是文本“{seen}”，按数字 {expected} 读取。",
            "The text “{seen}” was taken for the number {expected}.",
        ),
        Text(
            "表里的合计和核对码没有算上这一格：请改填数字，重新打印签字页。",
            "Sums and 核对码 on paper leave it out: type the number and print again.",
        ),
    ),
    "Y07": CatalogueEntry(
        _ERROR,
        Text(
            "应当写文字的地方是错误值“{seen}”。",
            "There is the error {seen} where a text should be.",
        ),
        Text(
            "多半是文字以“=”“+”或“-”开头，被当成了公式：请删掉重新写，不要以这些符号开头。",
            "A text that began with =, + or - was taken for a formula: write it again.",
        ),
    ),
    "X01": CatalogueEntry(
        _HINT,
        Text("工作表的保护被取消：{detail}。", "Sheets are not protected: {detail}."),
        Text(
            "请单位用退回件重新填写，不要取消保护：合计和表样就是这样被改动的。",
            "Have the marked workbook filled in with its protection left on.",
        ),
    ),
    "X02": CatalogueEntry(
        _HINT,
        Text(
            "有 {detail} 个填报格没有了录入限制（从别处整块粘贴，或者换软件另存，都会这样）。",
            "{detail} cells lost the limits of what may be typed (pasted over, or saved "
            "by another program).",
        ),
        Text(
            "粘贴时请选“只粘贴数值”；请用退回件重新填写。",
            "Paste values only; fill in the marked workbook.",
        ),
    ),
    "X03": CatalogueEntry(
        _HINT,
        Text(
            "文件里有宏，没有运行；下发的报送表没有宏。",
            "The file holds macros, which were not run; what was sent out has none.",
        ),
        Text(
            "请不要在 Excel 里启用这个文件的宏；来历不明的，请问一问单位。",
            "Do not enable them in Excel; ask the unit where they come from.",
        ),
    ),
    "X04": CatalogueEntry(
        _HINT,
        Text(
            "文件里有指向其他文件或程序的链接，没有跟过去；数字可能是从别处引用来的。",
            "The file links to other files or programs, which were not followed.",
        ),
        Text(
            "打开时请不要更新链接；请单位把引用来的改成数字。",
            "Do not update links; have the unit type the numbers themselves.",
        ),
    ),
    "X05": CatalogueEntry(
        _HINT,
        Text("单位留了批注：{seen}。", "The unit left a comment: {seen}."),
        Text("请看一看，批注不会被读作数据。", "Read it: comments are no data."),
    ),
    "X06": CatalogueEntry(
        _HINT,
        Text("文件最后由“{seen}”保存。", "The file was last saved by {seen}."),
        Text("供查找原因时参考，不用处理。", "For your information only."),
    ),
    "X07": CatalogueEntry(
        _HINT,
        Text(
            "文件里嵌入了别的文件，没有打开；下发的报送表里没有。",
            "Other files are embedded in it, which were not opened.",
        ),
        Text(
            "请不要双击打开；来历不明的，请问一问单位。",
            "Do not open them; ask the unit where they come from.",
        ),
    ),
    "Y08": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”被隐藏了，里面的数照常读取。",
            "The sheet “{expected}” is hidden; it was read all the same.",
        ),
        Text("请取消隐藏看一看，里面的数是不是要报的。", "Unhide it and have a look."),
    ),
    "Y09": CatalogueEntry(
        _HINT,
        Text(
            "工作表“{expected}”有 {detail} 格填了内容，却在隐藏的行或列里，照常读取。",
            "On “{expected}” {detail} filled cells are in hidden rows or columns; "
            "they were read all the same.",
        ),
        Text(
            "请取消隐藏看一看，里面的数是不是要报的。", "Unhide them and have a look."
        ),
    ),
    "V01": CatalogueEntry(
        _HINT,
        Text(
            "同一单位后来又报了一次，以后一份（{detail}）为准。",
            "The unit sent a later version, which counts: {detail}.",
        ),
        Text("不用处理。", "Nothing to do."),
    ),
    "V02": CatalogueEntry(
        _HINT,
        Text("与 {detail} 是完全相同的文件。", "Identical to {detail}."),
        Text("不用处理。", "Nothing to do."),
    ),
    "V03": CatalogueEntry(
        _HINT,
        Text("与后一份相比{detail}。", "Compared with the later one: {detail}."),
        Text(
            "请看一眼后一份的改动是不是都有道理。",
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
        Text(
            "请向单位核实以哪一份为准；不是这一份的，请单位把正确的重新发一次。",
            "Ask the unit which one counts; if not this one, have it sent again.",
        ),
    ),
    "V05": CatalogueEntry(
        _HINT,
        Text(
            "这一份没有填过，以填了的一份（{detail}）为准。",
            "Nobody filled this one in; the one that was counts: {detail}.",
        ),
        Text("不用处理。", "Nothing to do."),
    ),
    "D01": CatalogueEntry(
        _ERROR,
        Text(
            "上级单位自己报的数与下级合计不一致：应为 {expected}，报的是 {seen}。",
            "The unit's own total differs from the sum below it: "
            "expected {expected}, found {seen}.",
        ),
        Text(
            "以下级合计为准；请核对该单位的报送表或下级单位是否齐全。",
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
        Text(
            "若确是本级自己的数，请在名录的“是否填报”填“是”并重新汇总。",
            "If they are its own figures, set 是否填报 to 是 on the roster.",
        ),
    ),
    "J01": CatalogueEntry(
        _ERROR,
        Text("收表单位退回：{detail}。", "Sent back by the district: {detail}."),
        Text(
            "请按退回的理由修改，重新发送；有疑问请联系收表单位。",
            "Amend it as the reason says and send it again; ask the district in doubt.",
        ),
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
    "crashed": "R14",
    "timeout": "R14",
    "memory": "R14",
}
