"""邮件模板: what the messages say, in files a clerk can edit. Pure.

A template is a plain text file: a line “主题：…”, an empty line, the message. Names in
braces stand for what differs from unit to unit. A line that holds nothing but a name
may become several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

from workbook_builder.model.errors import MailError


class Occasion(StrEnum):
    """Why a message goes out."""

    SEND = "send"
    REMIND = "remind"
    RETURN = "return"
    ASK = "ask"

    @property
    def chinese(self) -> str:
        """Also the name of its template and of its folder of drafts."""
        return {"send": "发送", "remind": "催报", "return": "退回", "ask": "请报表"}[
            self.value
        ]


#: Name in braces → what it stands for, as the files explain it.
PLACEHOLDERS: Mapping[str, str] = {
    "单位名称": "收信单位的名称",
    "单位代码": "收信单位在名录里的代码",
    "称呼": "名录里的联系人，加“同志”；没有填的写“经办同志”",
    "统计期": "如 2025年度、2026年第一季度、2026年3月",
    "年度": "统计期所在的年份，如 2025",
    "报表": "报表的名称",
    "报表全称": "如 2025年政府信息公开工作年度报告",
    "依据": "规定期限的法规、印发表样的文件",
    "今天": "写信的日期，如 2026年1月4日",
    "附件": "附件的文件名",
    "附件说明": "“保留了您填的数字……”，或者“是空白的报送表……”",
    "截止日期": "如 2026年1月20日；没有设的写“另行通知”",
    "期限": "如“距截止还有 5 天”“已逾期 3 天，请尽快报送”",
    "状态": "未报、退回、待说明，或者收到了什么来信",
    "问题数": "还没有解决的问题有几个",
    "问题清单": "每个问题和改法，单独占一行；没有问题的不占行",
    "主管部门": "campaign.toml 里的 district",
    "收表联系人": "campaign.toml 里的 contact",
    "收表电话": "campaign.toml 里的 phone",
    "收表邮箱": "campaign.toml 里的 email，没有填的写发信的地址",
}

_EXPLAINED = "\n".join(f"#   {{{name}}}　{said}" for name, said in PLACEHOLDERS.items())
_HEAD = f"""\
# 邮件模板，可以用记事本修改。以 # 开头的行是说明，不会发出去。
# 删掉这个文件，下次运行会重新生成原来的模板。
# 可以使用的占位（花括号也可以是全角的）：
{_EXPLAINED}
"""
_SIGNED = """\
联系人：{收表联系人}　电话：{收表电话}　邮箱：{收表邮箱}

{主管部门}
{今天}
"""

#: What the program says as long as nobody edits it.
STANDARD: Mapping[Occasion, str] = {
    Occasion.SEND: f"""{_HEAD}
主题：【请填报】{{单位名称}}{{报表全称}}报送表

{{称呼}}：

　　按照{{依据}}的要求，请{{单位名称}}填报{{报表全称}}，报送表见附件“{{附件}}”。截止日期：{{截止日期}}（{{期限}}）。

1. 用 Excel、WPS 或 LibreOffice 打开附件，先看“填报说明”，再填浅黄色的单元格；没有发生的填 0。
2. 首页第一行变绿、显示“可以打印、签字、报送”，就可以报送。
3. 把填好的 .xlsx 文件作为附件回复本邮件，不要只发图片或 PDF；要求盖章的，另附盖章页的扫描件。

　　附件只供{{单位名称}}使用，请勿转给其他单位填写。

{_SIGNED}""",
    Occasion.REMIND: f"""{_HEAD}
主题：【催报】{{单位名称}}{{报表全称}}报送表（{{状态}}，{{期限}}）

{{称呼}}：

　　{{单位名称}}{{报表全称}}报送表目前的状态：{{状态}}。截止日期：{{截止日期}}，{{期限}}。

{{问题清单}}

　　附件“{{附件}}”{{附件说明}}。完成后作为附件回复本邮件；如已报送，请忽略本邮件。

{_SIGNED}""",
    Occasion.RETURN: f"""{_HEAD}
主题：【{{状态}}】{{单位名称}}{{报表全称}}报送表，请改正或说明后重新报送

{{称呼}}：

　　{{单位名称}}的报送表已经收到，审核结果：{{状态}}，还有 {{问题数}} 个问题：

{{问题清单}}

　　附件“{{附件}}”{{附件说明}}。保存后作为附件回复本邮件。

　　截止日期：{{截止日期}}，{{期限}}。

{_SIGNED}""",
    Occasion.ASK: f"""{_HEAD}
主题：【请报送表格】{{单位名称}}{{报表全称}}报送表

{{称呼}}：

　　来信收悉。{{单位名称}}目前的状态：{{状态}}。图片、PDF、文字材料和网盘链接里的数不能直接审核汇总，请用附件报送。

1. 附件“{{附件}}”{{附件说明}}；填好后首页第一行变绿、显示“可以打印、签字、报送”。
2. 把填好的 .xlsx 文件作为附件回复本邮件；要求盖章的，另附盖章页的扫描件。

　　截止日期：{{截止日期}}，{{期限}}。

{_SIGNED}""",
}


@dataclass(frozen=True, slots=True)
class Template:
    """``file`` is how messages about mistakes in it name it."""

    subject: str
    body: str
    file: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says: a line, and the same words twice."""

    subject: str
    text: str
    html: str


MailValues = Mapping[str, str | Sequence[str]]
"""A name of :data:`PLACEHOLDERS` → what to write; a sequence becomes a list."""

_NAME = re.compile(r"[{｛]([^{}｛｝\n]*)[}｝]")
_SUBJECT = re.compile(r"(?:主题|标题|Subject)\s*[:：]\s*(.*)", re.IGNORECASE)


def parse(text: str, file: str) -> Template:
    """Raises MailError that names the file, the line and what is wrong in it."""
    lines = text.lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            _prove_names(line, number, file)
    kept = [line.rstrip() for line in lines if not line.startswith("#")]
    while kept and not kept[0]:
        kept.pop(0)
    found = _SUBJECT.fullmatch(kept[0]) if kept else None
    body = "\n".join(kept[1:]).strip("\n")
    if found is None or not found[1].strip():
        raise MailError(
            f"邮件模板“{file}”没有主题。说明后面的第一行应是“主题：…”。",
            f"{file}: the first line must be “主题：…”, the subject.",
        )
    if not body:
        raise MailError(
            f"邮件模板“{file}”只有主题，没有正文。请补上，或删掉文件重新生成。",
            f"{file} has a subject but no text; write one, or delete the file.",
        )
    return Template(found[1].strip(), body, file)


def _prove_names(line: str, number: int, file: str) -> None:
    for name in _NAME.findall(line):
        if name.strip() not in PLACEHOLDERS:
            raise MailError(
                f"邮件模板“{file}”第{number}行：没有“{{{name}}}”这个占位。"
                f"可以使用的：{'、'.join(PLACEHOLDERS)}。",
                f"{file}, line {number}: there is no placeholder {{{name}}}. "
                f"Known are: {', '.join(PLACEHOLDERS)}.",
            )
    if re.search(r"[{}｛｝]", _NAME.sub("", line)):
        raise MailError(
            f"邮件模板“{file}”第{number}行：花括号没有成对，请改成“{{单位名称}}”这样。",
            f"{file}, line {number}: a brace stands alone; write {{单位名称}}.",
        )


def render(template: Template, values: MailValues) -> Message:
    """The message for one unit, as plain text and as HTML with the same words."""
    blocks = list(_blocks(template.body, values))
    return Message(
        subject=one_line(_filled(template.subject, values)),
        text="\n\n".join(_as_text(block) for block in blocks) + "\n",
        html=_HTML.format("\n".join(_as_html(block) for block in blocks)),
    )


def one_line(text: str) -> str:
    """Without line breaks and controls: nothing can become a header of its own."""
    return re.sub(r"[ \x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


_Block = list[str] | tuple[str, ...]
"""A paragraph as its lines, or a list as its entries (a tuple)."""


def _blocks(body: str, values: MailValues) -> Iterator[_Block]:
    for paragraph in re.split(r"\n{2,}", body):
        lines: list[str] = []
        for line in paragraph.split("\n"):
            entries = _entries(line, values)
            if entries is None:
                lines.append(_filled(line, values))
                continue
            if lines:
                yield lines
                lines = []
            if entries:
                yield entries
        if lines:
            yield lines


def _entries(line: str, values: MailValues) -> tuple[str, ...] | None:
    """The list that a line stands for, if it stands for one."""
    alone = _NAME.fullmatch(line.strip())
    value = values[alone[1].strip()] if alone else ""
    return None if isinstance(value, str) else tuple(map(one_line, value))


def _filled(line: str, values: MailValues) -> str:
    def said(found: re.Match[str]) -> str:
        value = values[found[1].strip()]
        return one_line(value if isinstance(value, str) else "；".join(value))

    return _NAME.sub(said, line)


def _as_text(block: _Block) -> str:
    if isinstance(block, tuple):
        return "\n".join(f"{n}. {entry}" for n, entry in enumerate(block, 1))
    return "\n".join(block)


_HTML = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head>\n'
    "<body style=\"font-family:'Microsoft YaHei','PingFang SC',SimSun,sans-serif;"
    'font-size:15px;line-height:1.7;color:#222;max-width:46em">\n{}\n</body></html>\n'
)


def _as_html(block: _Block) -> str:
    if isinstance(block, tuple):
        items = "\n".join(
            f'<li style="margin:0 0 6px">{escape(entry)}</li>' for entry in block
        )
        return f'<ol style="margin:0 0 1em;padding-left:2em">\n{items}\n</ol>'
    lines = "<br>\n".join(map(escape, block))
    return f'<p style="margin:0 0 1em">{lines}</p>'
