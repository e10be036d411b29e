"""Every command as something the console can offer: said by the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import click

from workbook_builder.commands.speak import Speaker
from workbook_builder.console.operations import HERE, Blank, Operation
from workbook_builder.model.decision import Ruling

#: What needs a terminal or a browser, asks for a secret, or makes a campaign of its own.
_LEFT_OUT = {"demo", "desk", "mail password"}
#: Commands whose folder is another one than the campaign's.
_ELSEWHERE = {"init", "console"}
#: Name of an argument → what a clerk calls it.
LABELS = {
    "unit": "单位",
    "file": "文件",
    "files": "文件",
    "day": "日期",
    "url": "网址",
    "code": "问题代码",
    "ruling": "决定",
    "seal": "防伪码",
    "cell": "单元格",
    "folder": "文件夹",
    "form": "报表",
}
#: How the help says that something is taken back.
_TAKEN_BACK = re.compile(r"decide 任务文件夹 单位 withdraw (\w+) 撤回")
_WITHDRAWAL = r"要撤回，用“主管部门的决定”：决定选“撤回”，问题代码填 \1"
_RULINGS = {**{each.value: each.chinese for each in Ruling}, "withdraw": "撤回"}


def operations(
    names: Iterable[str], load: Callable[[str, Speaker], click.Command]
) -> tuple[Operation, ...]:
    """Those of these commands, in their order; ``load`` makes one in a language."""
    speaker = Speaker("zh")
    found = (_below((name,), load(name, speaker)) for name in names)
    return tuple(each for some in found for each in some)


def _below(words: tuple[str, ...], command: click.Command) -> Iterator[Operation]:
    here = () if words[0] in _ELSEWHERE else _here(command)
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _below((*words, *here, name), each)
        return
    name = " ".join(word for word in words if word != HERE)
    if name not in _LEFT_OUT:
        blanks = [_blank(p) for p in command.params if _is_asked(p, bool(here))]
        title = f"{_title(command)}（{name}）"
        about = _about(command)
        yield Operation(title, about, (*words, *here), tuple(blanks))


def _here(command: click.Command) -> tuple[str, ...]:
    """The words that say which campaign, where the command asks for it."""
    names = {each.name: each for each in command.params}
    if "folder" in names:
        return (HERE,)
    return ("--campaign", HERE) if "campaign" in names else ()


def _is_asked(each: click.Parameter, is_here: bool) -> bool:
    known = {"as_json", "interpreter", *({"folder", "campaign"} if is_here else ())}
    return each.name not in known


def _blank(each: click.Parameter) -> Blank:
    several = each.nargs == -1 or each.multiple
    kind = "words" if several else "text"
    if isinstance(each.type, click.Path):
        kind = "files" if several else "file"
        if each.name in {"folder", "old"}:
            kind = "beside"
    choices: dict[str, str] = {}
    if isinstance(each.type, click.Choice):
        choices = {_RULINGS.get(str(c), str(c)): str(c) for c in each.type.choices}
    hints = [f"可填：{'、'.join(choices)}。"] if choices else []
    if each.required:
        hints.append("必填。")
    if not isinstance(each, click.Option):
        label = LABELS[each.name or ""]
        return Blank(label, "".join(hints), "", kind, each.required, choices)
    help_ = (each.help or "").replace("可以写几次", "几个的用空格隔开")
    if each.is_flag:
        kind = "flag"
        hints.append("要的填“是”。")
    label = re.split("[。：，；（]", help_)[0]
    option = each.opts[-1]
    return Blank(label, help_ + "".join(hints), option, kind, each.required, choices)


def _title(command: click.Command) -> str:
    return re.split("[。：，（]", command.help or "")[0]


def _about(command: click.Command) -> str:
    """The help, without what is about command lines."""
    parts = (command.help or "").split("\n\n")
    said = [each for each in parts if not each.startswith(("\b", "退出码"))]
    return _TAKEN_BACK.sub(_WITHDRAWAL, "\n".join(said))
