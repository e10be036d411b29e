"""Sentences that name a command, as the desk says them: by page and button.

What went wrong is said once, for every face of the program; whoever sits at the desk has
no command line.
"""

from __future__ import annotations

import re

from workbook_builder.model.text import Text

#: Command → where the desk has it.
PLACES = {
    "init": Text("任务列表里的“新建任务”", "“New campaign” on the first page"),
    "build": Text("“发”页的“生成报送表”", "“Build” on the page Send"),
    "collect": Text(
        "“汇总”页的“更新结果文件”", "“Update the files” on the page Totals"
    ),
    "decide": Text("“审”页里该单位的“决定”", "the decisions on the unit's page"),
    "use": Text("“审”页里该单位的“以这一份为准”", "“Use this one” on the unit's page"),
    "trust": Text("“审”页里该单位的“认可防伪码”", "“Trust” on the unit's page"),
    "assign": Text("“收”页的来信一栏", "the letters on the page Receive"),
    "letters": Text("“收”页的来信一栏", "the letters on the page Receive"),
    "report": Text("“报告”页的“生成报告”", "“Make the report” on the page Report"),
    "circular": Text("“通报”页的“生成通报”", "“Write the letter” on the page Circular"),
    "published": Text("“公布”页", "the page Published"),
    "form": Text("报表的说明", "the description of the form"),
    "mail": Text("“邮件”页", "the page Mail"),
    "extend": Text("该单位页上的“延期”", "“More time” on the unit's page"),
    "excuse": Text("该单位页上的“免报”", "“Excuse” on the unit's page"),
}
#: A setting of campaign.toml that the desk has a field for.
_SETTING = re.compile(r"campaign\.toml 里的 deadline|deadline in campaign\.toml")
_FIELD = Text("“任务”页的“报送截止日期”", "the deadline on the page Campaign")
#: Options that say that a message is to go out once more.
_AGAIN = re.compile(r"(?:就加|use) --again [^\s，。；]*[^\s，。；.]")
_ONCE_MORE = Text("就按“再发一次”", "press “Once more”")
#: What set a Latin word apart, which is gone.
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=“)")
_COMMAND = re.compile(r"(?:“)?workbook-builder (\w+)(?: [^，。；：、”,;)\n]*)?(?:”)?")


def for_the_desk(text: str, language: str) -> str:
    """The text, each command in it as the place where the desk has it."""

    def place(found: re.Match[str]) -> str:
        known = PLACES.get(found[1])
        return known.in_language(language) if known else found[0]

    said = _AGAIN.sub(_ONCE_MORE.in_language(language), text)
    said = _SETTING.sub(_FIELD.in_language(language), said)
    said = _COMMAND.sub(place, said)
    return _BETWEEN.sub("", said) if language == "zh" else said
