"""Files that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import ASK, ERROR, FRESH, CatalogueEntry
from workbook_builder.model.text import Text

UNREADABLE_FILES: Mapping[str, CatalogueEntry] = {
    "R01": CatalogueEntry(
        ERROR,
        Text("文件是空的（0 字节）。", "The file is empty (0 bytes)."),
        Text(
            "可能没有传完，请重新报送。", "It may not have been sent whole: send again."
        ),
        ASK,
    ),
    "R02": CatalogueEntry(
        ERROR,
        Text("文件设了打开密码，无法读取。", "The file is protected by a password."),
        Text(
            "请取消打开密码，保存后重新报送。", "Remove the password and send it again."
        ),
        ASK,
    ),
    "R03": CatalogueEntry(
        ERROR,
        Text(
            "文件不完整或已损坏：{detail}。",
            "The file is cut off or damaged: {detail}.",
        ),
        Text(
            "请在电脑上打开，确认无误后另存为 .xlsx，重新报送。",
            "Open it, save it as .xlsx and send it again.",
        ),
        ASK,
    ),
    "R04": CatalogueEntry(
        ERROR,
        Text(
            "文件过大或结构异常，出于安全没有打开：{detail}。",
            "The file is too large or oddly built and was not opened: {detail}.",
        ),
        FRESH,
        ASK,
    ),
    "R05": CatalogueEntry(
        ERROR,
        Text(
            "这是{detail}，不是 Excel 工作簿。", "This is {detail}, no Excel workbook."
        ),
        Text(
            "请用下发的报送表填写，以 .xlsx 文件报送；图片、PDF、网页不能代替。",
            "Fill in the workbook that was sent out and send the .xlsx; a picture, PDF "
            "or web page does not do.",
        ),
        ASK,
    ),
    "R06": CatalogueEntry(
        ERROR,
        Text(
            "这是 {detail} 格式的表格，无法读取；支持 .xlsx、.xlsm、.xlsb、.xls、.et 和 .ods。",
            "This is a spreadsheet of {detail}, which is not read; "
            ".xlsx, .xlsm, .xlsb, .xls, .et and .ods are.",
        ),
        Text(
            "请打开后另存为“Excel 工作簿（.xlsx）”，重新报送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
        ASK,
    ),
    "R07": CatalogueEntry(
        ERROR,
        Text("文件无法打开：{detail}。", "The file cannot be opened: {detail}."),
        Text(
            "请检查文件能否打开，另存为 .xlsx 后重新报送。",
            "See whether it opens, save it as .xlsx and send it again.",
        ),
        Text(
            "请检查文件是否被其他程序占用、有没有读取权限，名称太长的改短，再重新汇总。",
            "See whether another program holds it and whether it may be read, shorten a name "
            "that is too long; then collect again.",
        ),
    ),
    "R08": CatalogueEntry(
        ERROR,
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
        ERROR,
        Text("压缩包是空的，里面没有文件。", "The archive is empty."),
        Text("请将填好的 .xlsx 直接报送。", "Send the filled-in .xlsx itself."),
        ASK,
    ),
    "R10": CatalogueEntry(
        ERROR,
        Text(
            "这是 {detail} 压缩包，无法打开，里面的文件没有读取。",
            "This is a {detail} archive, which is not opened; nothing in it was read.",
        ),
        Text("请解压后直接报送 .xlsx。", "Unpack it and send the .xlsx itself."),
        ASK,
    ),
    "R11": CatalogueEntry(
        ERROR,
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
        ERROR,
        Text(
            "压缩包或邮件里的这一项无法读取：{detail}。",
            "This item of an archive or mail cannot be read: {detail}.",
        ),
        Text(
            "是报送表的，请将 .xlsx 作为普通附件重新报送。",
            "If it is a return, send the .xlsx itself as an ordinary attachment.",
        ),
        ASK,
    ),
    "R13": CatalogueEntry(
        ERROR,
        Text(
            "这是 Outlook 特有的 winmail.dat，不完整或已损坏，里面的附件没有读出来。",
            "This is Outlook's winmail.dat, cut off or damaged; nothing in it was read.",
        ),
        Text(
            "请将邮件格式改为“纯文本”或“HTML”，把 .xlsx 作为附件重新报送。",
            "Send the .xlsx again in a mail of the format plain text or HTML.",
        ),
        ASK,
    ),
    "R14": CatalogueEntry(
        ERROR,
        Text(
            "读这个文件时{detail}，已经停止，没有读取。",
            "Reading this file {detail}; it was stopped and nothing was read.",
        ),
        Text(
            "请在电脑上打开，确认无误后另存为“Excel 工作簿（.xlsx）”，重新报送。",
            "Open it, save it as an Excel workbook (.xlsx) and send it again.",
        ),
        ASK,
    ),
    "R15": CatalogueEntry(
        ERROR,
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
        ERROR,
        Text(
            "这封邮件是拆成几段发送的，这里只有其中一段（{detail}），附件没有读取。",
            "The mail was sent in pieces and this is one of them ({detail}); its "
            "attachment was not read.",
        ),
        Text(
            "请在邮件软件里取消“拆分大邮件”，将 .xlsx 作为普通附件重新报送。",
            "Send the .xlsx again in one mail, without splitting it.",
        ),
        ASK,
    ),
    "R17": CatalogueEntry(
        ERROR,
        Text(
            "这是文件夹，里面的文件没有读取：{detail}。",
            "This is a folder; no file in it was read: {detail}.",
        ),
        Text("请直接报送 .xlsx。", "Send the .xlsx itself."),
        Text(
            "请将里面的文件复制到收件文件夹，或者取得读取权限，再重新汇总。",
            "Copy the files in it into the inbox, or have it opened to you; then collect again.",
        ),
    ),
    "R18": CatalogueEntry(
        ERROR,
        Text(
            "文件被{detail}加密，无法读取。",
            "The file was encrypted by {detail} and cannot be read.",
        ),
        Text(
            "请在本单位的电脑上解密（需要审批的先申请外发），取消标签的保护，"
            "再报送解密后的 .xlsx。",
            "Decrypt it where it was made, or take its label off, and send the .xlsx.",
        ),
        Text(
            "请通知该单位解密后重新报送；本单位的电脑能打开的，解密后放入收件文件夹，再重新汇总。",
            "Have the unit send it decrypted; or, if your computer opens it, save it "
            "decrypted into the inbox and collect again.",
        ),
    ),
}
