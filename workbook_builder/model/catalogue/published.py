"""Published reports."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_builder.model.catalogue.entry import (
    ASK,
    ERROR,
    HINT,
    WARNING,
    CatalogueEntry,
)
from workbook_builder.model.text import Text

PUBLISHED: Mapping[str, CatalogueEntry] = {
    "P01": CatalogueEntry(
        ERROR,
        Text(
            "这份文件中未找到年度报告的表格。",
            "The tables of the annual report were not found in this document.",
        ),
        Text(
            "请提供公布的年度报告全文（Word、PDF 或网页）。",
            "Provide the whole report as it was published (Word, PDF or web page).",
        ),
        ASK,
    ),
    "P02": CatalogueEntry(
        ERROR,
        Text(
            "这份文件中有两份报告的表格（例如比对稿），未予读取。",
            "The document has the tables of two reports, a comparison for one; it was not read.",
        ),
        Text(
            "请提供一个单位、一个年度的报告。",
            "Provide the report of one unit for one year.",
        ),
        ASK,
    ),
    "P03": CatalogueEntry(
        WARNING,
        Text("未能识别是哪个单位的报告。", "Whose report it is could not be seen."),
        Text(
            "请在报告标题中写明单位名称。", "Write the name of the unit into the title."
        ),
        Text("请指明单位后再读取。", "Say which unit it is."),
    ),
    "P04": CatalogueEntry(
        WARNING,
        Text("未能识别是哪一年度的报告。", "The year of the report could not be seen."),
        Text("请在报告标题中写明年度。", "Write the year into the title."),
        Text("请核对报告的年度。", "Check the year of the report."),
    ),
    "P05": CatalogueEntry(
        WARNING,
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
        HINT,
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
        HINT,
        Text(
            "“{detail}”没有按小标题分开，全部文字归在第一项。",
            "“{detail}” has no headings; all its text was put into its first part.",
        ),
        Text("请按格式要求分项写明。", "Divide it as the form asks."),
        Text("请核对后分到各项。", "Divide it."),
    ),
    "P08": CatalogueEntry(
        WARNING,
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
        WARNING,
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
    "P10": CatalogueEntry(
        ERROR,
        Text("这不是能读取的报告文件。", "This is no report that can be read."),
        Text(
            "请提供年度报告的 Word、PDF、网页或文本文件。",
            "Send the report as a Word file, a PDF, a web page or text.",
        ),
        Text(
            "报送表请放入收件文件夹，用 collect 汇总；压缩包请先解开。",
            "Put workbooks into the inbox for collect; unpack archives first.",
        ),
    ),
    "P11": CatalogueEntry(
        ERROR,
        Text("这份 PDF 中只有图片，没有文字。", "This PDF holds pictures and no text."),
        Text(
            "请提供带文字的 PDF，或 Word、网页版的报告。",
            "Send a PDF with text, or the report in Word or as a web page.",
        ),
        Text(
            "请向该单位索要 Word 或网页版；或者安装 workbook-builder[scan] 后认读扫描件。",
            "Ask for the report in Word or as a web page, or install workbook-builder[scan].",
        ),
    ),
    "P12": CatalogueEntry(
        ERROR,
        Text(
            "这台电脑上没有装读取 {detail} 的组件。",
            "Nothing installed here reads {detail}.",
        ),
        Text("请改用 Word 版（.docx）的报告。", "Send the report as a .docx."),
        Text(
            "请安装 workbook-builder[documents]（图片装 [scan]，.rtf、.wps 装 LibreOffice），"
            "或把报告另存为 .docx 后再读。",
            "Install workbook-builder[documents] ([scan] for pictures, LibreOffice for .rtf "
            "and .wps), or save it as .docx.",
        ),
    ),
    "P13": CatalogueEntry(
        WARNING,
        Text(
            "报告中的这个数未能确定，未予填入：{detail}。",
            "This figure of the report is unsure and was not filled in: {detail}.",
        ),
        Text("请对照原文填写。", "Fill it in from the document."),
        Text("请对照原文填写。", "Fill it in from the document."),
    ),
}
