"""报告文字.txt: the district's own texts and the facts of its report's preamble.

A file that any editor opens. Headings stand in 【…】 on a line of their own and are the
titles of the form; a line that begins with # is a hint and is not printed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from workbook_builder.campaign.files import unopened, write_atomically
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.form import Form
from workbook_builder.model.wording import OFFICE, Sentence

NAME = "报告文字.txt"
HINTS = ("#", "＃")
#: Some editors put it before the text, and look for it.
MARK = "\ufeff"

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
    text, _ = _read(path)
    found = _parse(path.name, text.removeprefix(MARK), headings(form))
    texts = {text.id for text in form.narratives}
    return OwnTexts(
        {id_: said for id_, said in found.items() if id_ in texts},
        {id_: said for id_, said in found.items() if id_ not in texts},
    )


def refresh_offers(
    path: Path,
    form: Form,
    offered: Mapping[str, Sequence[str]],
    earlier: Collection[str] = (),
) -> int:
    """Sentences with the figures of today: those that are still hints, and those that
    were taken over as they were offered ``earlier``; how many of these changed. What
    somebody wrote, and a text of which no such hint is left, stay as they are; a sentence
    that was taken over is not offered again."""
    text, encoding = _read(path)
    lines = list(_known(form, text))
    there = {line.sentence for line in lines}
    now = {
        sentence: each
        for id_, some in offered.items()
        for each in some
        if (sentence := _sentence(form, id_, each))
    }
    fresh: list[str] = []
    renewed = 0
    for line in lines:
        if line.sentence is None or not line.is_hint:
            today = now.get(line.sentence, "") if line.sentence else ""
            is_old = line.whole.strip() in earlier and today not in line.whole
            renewed += is_old
            fresh.append(f"{today}{line.end}" if is_old else line.whole)
            continue
        also = [each for each in now if each not in there and each.text == line.id]
        there.update(also)
        said = [now[each] for each in (line.sentence, *also) if each in now]
        fresh += [f"#{each}{line.end}" for each in said]
    if "".join(fresh) != text:
        write_atomically(path, "".join(fresh).encode(encoding))
    return renewed


def offers_before(path: Path) -> frozenset[str]:
    """The sentences that were offered the last time; none where nobody knows."""
    try:
        return frozenset(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return frozenset()


def note_offers(path: Path, offered: Mapping[str, Sequence[str]]) -> None:
    """Keeps what is offered, to know next time what nobody changed."""
    text = json.dumps([each for some in offered.values() for each in some], indent=1)
    write_atomically(path, text.encode())


class _Line(NamedTuple):
    """A line of the file, below the heading of ``id``; ``sentence`` is the one of the
    form that it says, as a hint or as text."""

    whole: str
    end: str
    id: str
    is_hint: bool
    sentence: Sentence | None


def _known(form: Form, text: str) -> Iterator[_Line]:
    known, id_ = headings(form), ""
    for line in text.splitlines(keepends=True):
        said = line.removeprefix(MARK).strip()
        if said.startswith("【") and said.endswith("】"):
            id_ = known.get(said[1:-1].strip(), "")
        plain = said.lstrip("".join(HINTS)).strip()
        end = line[len(line.rstrip("\r\n")) :]
        sentence = _sentence(form, id_, plain)
        yield _Line(line, end, id_, said.startswith(HINTS), sentence)


def _sentence(form: Form, id_: str, line: str) -> Sentence | None:
    """Which of the sentences for that text a line is, whatever its figures."""
    sentences = form.wording.sentences if form.wording else ()
    fits = (each for each in sentences if each.text == id_ and each.is_said(line))
    return next(fits, None)


def _read(path: Path) -> tuple[str, str]:
    """The text, a mark of its encoding included, and what it is encoded in."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unopened(path, error) from None
    for encoding in ("utf-8", "gb18030"):  # Notepad's two
        try:
            return data.decode(encoding), encoding
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
