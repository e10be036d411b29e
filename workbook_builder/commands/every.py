"""Every command: what ``--help`` says of it in a line, and the module that holds it.

A module is imported when its command is asked for: ``--help`` needs none of them, and
each needs little of what the others do.
"""

from __future__ import annotations

import click

from workbook_builder.commands.speak import Speaker
from workbook_builder.model.text import Text

#: Title of a part of the year → its commands, in the order of the year.
STAGES = {
    Text("开始", "To begin"): {
        "demo": Text(
            "演示：用自带的样例走完全程，最后告诉您打开哪些文件。",
            "The whole cycle on sample data; then says what to open.",
        ),
        "desk": Text(
            "工作台：在浏览器里走完全程，不用命令。",
            "The whole cycle in the browser, without commands.",
        ),
        "doctor": Text(
            "检查：装了什么、缺什么，文件夹能不能写，邮箱能不能登录。",
            "What is installed, what is missing for what, mail tried.",
        ),
        "console": Text(
            "生成 Excel 控制台：不用命令行，用按钮办同样的事。",
            "The Excel console: the same with buttons.",
        ),
    },
    Text("准备和下发", "Before the workbooks go out"): {
        "init": Text(
            "建任务：新建填报任务文件夹；加 --from 接着上一期办。",
            "A campaign folder: settings, roster, form; or the next period.",
        ),
        "build": Text(
            "生成报送表：每个填报单位一份，放在 outbox。",
            "The outbox: one workbook for each reporting unit.",
        ),
        "mail": Text(
            "邮件：发出报送表、催报、收取、退回。",
            "By e-mail: send, remind, fetch the answers, send back.",
        ),
        "extend": Text(
            "延期：同意一个单位晚些报送，按它自己的期限判断。",
            "More time for one unit, also one that is added later.",
        ),
        "excuse": Text(
            "免报：同意一个单位本期不报。", "No return is due from a unit this time."
        ),
    },
    Text("收表和审核", "While they come back"): {
        "collect": Text(
            "收取并汇总：读收件箱的全部文件，给出结论，算出汇总。",
            "Reads the inbox, says who returned what, adds it up.",
        ),
        "check": Text(
            "审核报送表：逐个文件给出结论和问题，不计入汇总。",
            "Verdict and findings of each file; nothing is added up.",
        ),
        "status": Text(
            "查看进度：谁报了、谁没报、结论、迟了几天。",
            "Where each unit stands, who is late, how many were in time.",
        ),
        "letters": Text(
            "来信：收件箱里不是报送表的文件，各是哪个单位的。",
            "What came and is no workbook, and whose it is.",
        ),
        "assign": Text("指定来信是哪个单位的。", "Says whose a letter is."),
        "lift": Text(
            "移表：把损坏、被改动或旧版报送表里已填的内容移到新表。",
            "A clerk's entries out of a damaged file into a fresh one.",
        ),
        "decide": Text(
            "主管部门的决定：同意计入、退回、准予免改。",
            "The district's decisions: accept, reject, waive.",
        ),
        "use": Text(
            "指定单位以哪一份报送表为准。", "Says which file of a unit is its return."
        ),
        "trust": Text(
            "认可下级单位上报表的防伪码。",
            "Agrees to the key that seals a unit's roll-ups.",
        ),
    },
    Text("汇总和报告", "Sums and reports"): {
        "trace": Text(
            "追溯一个汇总数：由哪些文件的哪个单元格相加而来。",
            "From a total back to the files and cells behind it.",
        ),
        "report": Text(
            "生成报告：年度报告的 Word 文件和网页。",
            "The annual report as a Word file and a web page.",
        ),
        "circular": Text(
            "通报：报送情况的正式通报，Word 文件、网页和数据。",
            "The official letter on who returned what, and when.",
        ),
    },
    Text("公布以后", "Once reports are published"): {
        "published": Text(
            "公布：各单位的报告公布在哪里、哪天公布的，与报送表是否一致。",
            "Who published its report, where and when, and whether in time.",
        ),
        "compare": Text(
            "比较单位公布的报告与计入的报送表。",
            "What a unit published against its return that counts.",
        ),
        "read-report": Text(
            "读取公布的年度报告：读出数字，指出矛盾，可预填报送表。",
            "What published reports print, each figure with its certainty.",
        ),
        "audit": Text(
            "审核公布的年度报告：一个文件夹里的全部报告，连同上年。",
            "Published reports against every check and the year before.",
        ),
    },
    Text("报表", "Forms"): {
        "form": Text("报表定义：列出、查看、检查。", "The defined forms."),
    },
}
COMMANDS = {name: text for named in STAGES.values() for name, text in named.items()}


def load(name: str, speaker: Speaker) -> click.Command:
    """A command of the table, in the speaker's language."""
    match name:
        case "demo":
            from workbook_builder.commands.demo import command
        case "desk":
            from workbook_builder.commands.desk import command
        case "doctor":
            from workbook_builder.commands.doctor import command
        case "init":
            from workbook_builder.commands.init import command
        case "build":
            from workbook_builder.commands.build import command
        case "check":
            from workbook_builder.commands.check import command
        case "collect":
            from workbook_builder.commands.collect import command
        case "mail":
            from workbook_builder.commands.mail import command
        case "status":
            from workbook_builder.commands.status import command
        case "letters":
            from workbook_builder.commands.letters import command
        case "assign":
            from workbook_builder.commands.assign import command
        case "decide":
            from workbook_builder.commands.decide import command
        case "use":
            from workbook_builder.commands.use import command
        case "trust":
            from workbook_builder.commands.trust import command
        case "extend":
            from workbook_builder.commands.extend import command
        case "excuse":
            from workbook_builder.commands.excuse import command
        case "report":
            from workbook_builder.commands.report import command
        case "circular":
            from workbook_builder.commands.circular import command
        case "trace":
            from workbook_builder.commands.trace import command
        case "lift":
            from workbook_builder.commands.lift import command
        case "read-report":
            from workbook_builder.commands.read_report import command
        case "audit":
            from workbook_builder.commands.audit import command
        case "compare":
            from workbook_builder.commands.compare import command
        case "published":
            from workbook_builder.commands.published import command
        case "console":
            from workbook_builder.commands.console import command_offering

            return command_offering(speaker, COMMANDS, load)
        case "form":
            from workbook_builder.commands.form import command
        case _:
            raise AssertionError(f"there is no command {name}")
    return command(speaker)
