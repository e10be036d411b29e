"""What a clerk is told of a file that cannot be read."""

from __future__ import annotations

from workbook_builder.bounds.limits import CONTAINER, MEGABYTE
from workbook_builder.model.catalogue import UNREADABLE, catalogued
from workbook_builder.model.errors import LOSSES, UnreadableFile
from workbook_builder.model.finding import Finding
from workbook_builder.model.text import Text

#: UnreadableFile.reason → what a clerk is told of it.
_REASONS = {
    "truncated": "可能没有传完",
    "damaged": "内部结构有错误",
    "too_large": "内容超过读取上限",
    "bomb": "压缩内容异常",
    "dtd": "含有不该有的文档类型声明",
    "duplicate_parts": "内部有重名的部分",
    "locked": "文件被占用，或者没有读取权限",
    "outside": "这是指向别处的快捷方式，未读取",
    "gone": "文件不在了，或者这是快捷方式，它指向的文件不在了",
    "link_to_itself": "这是指向自己的快捷方式",
    "long_path": "文件名连同所在的文件夹名太长",
    "closed_folder": "没有读取权限",
    "linked_folder": "这是指向别处的快捷方式，未读取",
    "too_deep": f"一层套一层，超过 {CONTAINER.depth} 层",
    "too_many": f"文件超过 {CONTAINER.entries} 个",
    "too_much": f"解开后超过 {CONTAINER.unpacked // MEGABYTE} MB",
    "too_long": "附件的文件名太长",
    "link": "只有链接，没有文件",
    "method": "压缩方法少见，不支持",
    "object": "这是嵌入的对象，不是文件",
}
#: UnreadableFile.detail of ``not_spreadsheet`` → what the file is instead.
_KINDS = {
    "page": Text("网页（HTML）", "a web page (HTML)"),
    "pdf": Text(" PDF 文件", "a PDF"),
    "picture": Text("图片", "a picture"),
    "word": Text("文字处理文档（Word 等）", "a text document (Word or the like)"),
    "slides": Text("演示文稿（PPT 等）", "a slide show"),
    "rtf": Text(" RTF 文档", "an RTF document"),
    "text": Text("纯文本或 CSV 文件", "a text or CSV file"),
    "sylk": Text(" SYLK 文件", "a SYLK file"),
    "dif": Text(" DIF 文件", "a DIF file"),
    "mail": Text("邮件", "a mail message"),
    "archive": Text("压缩包", "an archive"),
    "program": Text("程序文件", "a program"),
}
_UNKNOWN = Text("无法识别的文件", "a file of unknown kind")
#: UnreadableFile.detail of ``guarded`` → what encrypted the file.
_GUARDS = {
    "lvdun": Text("文档加密软件（绿盾）", "a program for documents (绿盾)"),
    "esafenet": Text("文档加密软件（亿赛通）", "a program for documents (亿赛通)"),
    "label": Text(
        "敏感度标签（Microsoft 权限管理）", "a sensitivity label (Microsoft's rights)"
    ),
    "unknown": Text(
        "某种程序（可能是亿赛通、绿盾、IP-guard 之类的文档加密软件）",
        "something, perhaps a program for documents (亿赛通, 绿盾, IP-guard)",
    ),
}
#: UnreadableFile.detail of ``other_format`` → the format.
_FORMATS = {
    "biff4": Text(
        "早期 Excel（2.0 至 4.0 版 .xls）", "early Excel (.xls of 2.0 to 4.0)"
    ),
    "xml2003": Text("XML 表格 2003", "XML Spreadsheet 2003"),
    "fods": Text("单个 XML 的 OpenDocument（.fods）", "flat OpenDocument (.fods)"),
    "uof": Text("标文通 UOF", "UOF"),
    "numbers": Text("苹果 Numbers", "Apple Numbers"),
    "gnumeric": Text("Gnumeric", "Gnumeric"),
}


def unreadable(error: UnreadableFile) -> Finding:
    """The finding for a file that could not be read.

    The details of the reader are English and for maintainers; a clerk is told what
    kind of trouble it is.
    """
    said = Text(_REASONS.get(error.reason, error.reason), error.detail or error.reason)
    if error.reason == "other_format":
        said = _FORMATS[error.detail]
    elif error.reason == "not_spreadsheet":
        said = _KINDS.get(error.detail, _UNKNOWN)
    elif error.reason == "guarded":
        said = _GUARDS[error.detail]
    elif error.reason == "no_reader":
        said = Text(error.detail.upper(), error.detail)
    elif error.reason in LOSSES:
        said = LOSSES[error.reason]
    elif error.reason in {"archive", "sealed"}:
        said = Text(error.detail, error.detail)
    elif error.reason == "partial":
        number, total = error.detail.split("/")
        said = Text(f"第 {number} 段，共 {total} 段", f"{number} of {total}")
    return catalogued(UNREADABLE[error.reason], detail=said)
