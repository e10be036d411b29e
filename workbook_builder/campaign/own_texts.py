"""报告文字.txt: the district's own texts and the facts of its report's preamble.

A file that any editor opens. Headings stand in 【…】 on a line of their own and are the
titles of the form; a line that begins with # is a hint and is not printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_builder.campaign.files import write_atomically
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form
from workbook_builder.model.wording import OFFICE

NAME = "报告文字.txt"
HINTS = ("#", "＃")

#: Heading → the id it stands for.
Headings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """Texts and fields by id; what is not written is absent."""

    texts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def headings(form: Form) -> Headings:
    """Every field that the report prints, then every text, under a name of its own."""
    slots = form.wording.slots if form.wording else ()
    titled = [("联系单位", "", OFFICE)]
    titled += [(each.printed, each.printed, each.id) for each in form.fields]
    titled = [entry for entry in titled if entry[2] in slots]
    titled += [(each.title, each.section, each.id) for each in form.narratives]
    often = Counter(title for title, _, _ in titled)
    return {
        title if often[title] == 1 else f"{section}{title}": id_
        for title, section, id_ in titled
    }


def read_own_texts(path: Path, form: Form) -> OwnTexts:
    """What the file says; nothing where there is none.

    Raises CampaignError that names the line.
    """
    if not path.is_file():
        return OwnTexts()
    found = _parse(path.name, _decoded(path), headings(form))
    texts = {text.id for text in form.narratives}
    return OwnTexts(
        {id_: said for id_, said in found.items() if id_ in texts},
        {id_: said for id_, said in found.items() if id_ not in texts},
    )


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CampaignError(
            f"“{path.name}”无法打开（{error.strerror}）。如果正在别的程序里打开，请先关闭再试。",
            f"Cannot read {path}: {error.strerror}. Close it elsewhere and try again.",
        ) from None
    for encoding in ("utf-8-sig", "gb18030"):  # Notepad's two
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CampaignError(
        f"“{path.name}”的编码无法识别。请用记事本打开，另存时编码选 UTF-8。",
        f"The encoding of {path} is unknown. Save it as UTF-8.",
    )


def _parse(name: str, text: str, known: Headings) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if said.startswith(HINTS):
            continue
        if said.startswith("【") and said.endswith("】"):
            current = found.setdefault(_id(name, number, said, known, found), [])
        elif said and current is None:
            raise CampaignError(
                f"“{name}”第{number}行不在任何标题下面。文字请写在【…】标题的下面。",
                f"{name}, line {number}: text before the first heading.",
            )
        elif current is not None:
            current.append(said)
    whole = {id_: "\n".join(lines).strip() for id_, lines in found.items()}
    return {id_: text for id_, text in whole.items() if text}


def _id(
    name: str, number: int, said: str, known: Headings, found: Mapping[str, object]
) -> str:
    id_ = known.get(said[1:-1].strip())
    if id_ is None:
        raise CampaignError(
            f"“{name}”第{number}行的标题“{said}”无法识别。"
            f"可用的标题：{'、'.join(f'【{title}】' for title in known)}。",
            f"{name}, line {number}: unknown heading {said}.",
        )
    if id_ in found:
        raise CampaignError(
            f"“{name}”第{number}行的标题“{said}”前面已经有了，请合并成一处。",
            f"{name}, line {number}: heading {said} stands twice.",
        )
    return id_


def write_own_texts(
    path: Path,
    form: Form,
    unit: str,
    known: Mapping[str, str],
    offered: Mapping[str, Sequence[str]],
) -> None:
    """A file to fill in: ``known`` fields stand there, sentences are ``offered``."""
    text = "\r\n".join(_template(form, unit, known, offered))
    write_atomically(path, text.encode("utf-8-sig"))


def _template(
    form: Form,
    unit: str,
    known: Mapping[str, str],
    offered: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    hints = {each.id: each.hint for each in form.fields}
    hints |= {each.id: each.hint for each in form.narratives}
    hints[OFFICE] = "公众向谁咨询，例如政府办公室。"
    yield f"# 这里写“{unit}”报告里本级自己的文字。下级单位的文字不会自动并进来。"
    yield "# 写在【标题】的下一行，一段一行。# 开头的行是提示，不会印进报告；标题请不要改。"
    yield "# 没写的地方，报告里会标出【待补充】。写完保存，再运行一次 report 命令。"
    yield "# 参考语句里的数字由汇总算出：核对以后，删去行首的 # 就是正文。"
    for title, id_ in headings(form).items():
        yield ""
        yield f"【{title}】"
        if hint := hints.get(id_):
            yield f"# {hint}"
        for sentence in offered.get(id_, ()):
            yield f"#{sentence}"
        yield known.get(id_, "")
    yield ""
