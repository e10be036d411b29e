"""What a unit is told: from campaign, unit and findings to the words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbook_builder.mail.texts import MailValues, Message, Template, render
from workbook_builder.model.campaign import Campaign
from workbook_builder.model.finding import Finding
from workbook_builder.model.period import day_words
from workbook_builder.model.unit import Unit
from workbook_builder.model.worded import full_title

_MARKED = "里保留了您填的数字，有问题的单元格已经标出，请逐条改正或说明"
_BLANK = "是空白的报送表，请在里面填写"

#: More findings than this stand in the workbook only.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Case:
    """Where a unit stands. ``state`` is 未报 or a verdict in Chinese.

    ``marked`` says that the attachment holds what the unit had typed, ``returned`` that
    something of it counts as a return.
    """

    unit: Unit
    state: str = ""
    findings: tuple[Finding, ...] = ()
    attachment: str = ""
    marked: bool = False
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes, about what, and on which day."""

    campaign: Campaign
    title: str
    today: date
    email: str = ""
    basis: str = ""
    """The notice that the form comes from."""


def message(template: Template, office: Office, case: Case) -> Message:
    """The message about a case."""
    return render(template, _values(office, case))


def _values(office: Office, case: Case) -> MailValues:
    campaign, unit = office.campaign.of(case.unit), case.unit
    deadline = campaign.deadline
    return {
        "单位名称": unit.name,
        "单位代码": unit.code,
        "称呼": addressed(unit.contact),
        "统计期": campaign.period.full_words,
        "年度": str(campaign.year),
        "报表": office.title,
        "报表全称": full_title(campaign.period, office.title),
        "依据": office.basis or "有关规定",
        "今天": day_words(office.today),
        "附件": case.attachment,
        "附件说明": _MARKED if case.marked else _BLANK,
        "截止日期": day_words(deadline) if deadline else "另行通知",
        "期限": time_left(deadline, office.today, case.returned),
        "状态": case.state,
        "问题数": str(len(case.findings)),
        "问题清单": _listed(case.findings),
        "主管部门": campaign.district,
        "收表联系人": campaign.contact,
        "收表电话": campaign.phone,
        "收表邮箱": campaign.email or office.email,
    }


_ADDRESSED = ("同志", "老师", "先生", "女士", "主任", "科长", "局长")


def addressed(contact: str) -> str:
    """“张三同志”; as the roster has it where that says how."""
    name = contact.strip()
    return name if name.endswith(_ADDRESSED) else f"{name or '经办'}同志"


def time_left(deadline: date | None, today: date, returned: bool = False) -> str:
    """“距截止还有 5 天”, “今天截止”, “已逾期 3 天，请尽快报送”. Who ``returned`` something
    and is to mend it is not late for that."""
    if deadline is None:
        return "请按通知的时间报送"
    days = (deadline - today).days
    if days == 0:
        return "今天截止"
    if days > 0:
        return f"距截止还有 {days} 天"
    return "请尽快改正或说明" if returned else f"已逾期 {-days} 天，请尽快报送"


def _listed(findings: Sequence[Finding]) -> list[str]:
    lines = [_line(finding) for finding in findings[:LISTED]]
    rest = len(findings) - LISTED
    if rest > 0:
        lines.append(f"其余 {rest} 个问题见附件里的标记。")
    return lines


def _line(finding: Finding) -> str:
    place = f"{finding.sheet} {finding.address}　" if finding.sheet else ""
    return (
        f"[{finding.code} {finding.severity.word}] {place}"
        f"{finding.message.zh}处理意见：{finding.remedy.zh}"
    )
