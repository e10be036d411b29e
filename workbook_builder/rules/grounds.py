"""What a decision rests on: the rule and the values it was made for.

Grounds are names with texts, so that what changed can be said. Long texts stand as
fingerprints; their bulk is of no use there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from workbook_builder.model.answers import ALL_ZERO, REST_ZERO, Answers
from workbook_builder.model.check import Check, Instance
from workbook_builder.model.decision import Ruling
from workbook_builder.model.expression import Call, walk
from workbook_builder.model.finding import Finding
from workbook_builder.model.form import Form
from workbook_builder.model.submission import Submission
from workbook_builder.model.text import Text

#: How many changes a sentence names.
NAMED = 3

Grounds = dict[str, str]


def basis(grounds: Mapping[str, str]) -> str:
    """The fingerprint of some grounds: 16 hex digits."""
    return _digest(json.dumps(dict(grounds), sort_keys=True), 16)


def of_finding(form: Form, submission: Submission, finding: Finding) -> Grounds:
    """The check of a finding, and every value it reads on that line."""
    found = instance_of(form, finding)
    grounds = {
        "rule": _rule(form, finding),
        "seen": finding.seen or "",
        "expected": finding.expected or "",
    }
    if found is not None:
        grounds |= _read_by(form, submission, found[1])
        grounds |= _cells(submission, finding.others)
    elif finding.cell is not None:
        grounds |= _cells(submission, [finding.cell])
    elif submission.stamp is not None:  # whose it is: agreed for these figures only
        grounds["stamp"] = submission.stamp.signature
        grounds |= _cells(submission, submission.facts)
    return grounds


def of_return(form: Form, submission: Submission, ruling: Ruling) -> Grounds:
    """Every figure, text and open finding of a return.

    Whoever sends a return back may want other names or addresses in it, so a
    rejection also rests on the fields.
    """
    answers = submission.answers
    grounds = _cells(submission, submission.facts)
    grounds |= {
        f"declared:{table}": _declaration(answers, table)
        for table in sorted(answers.declared)
    }
    grounds |= {f"text:{id_}": _digest(text) for id_, text in answers.texts.items()}
    grounds |= {
        f"explanation:{line}": _digest(text)
        for line, text in answers.explanations.items()
    }
    if ruling is Ruling.REJECT:
        grounds |= {f"field:{id_}": text for id_, text in answers.fields.items()}
    for finding in submission.findings:
        if finding.is_open:
            name = f"finding:{finding.code}@{finding.line}@{finding.cell or ''}"
            grounds[name] = _rule(form, finding)
    return grounds


def instance_of(form: Form, finding: Finding) -> tuple[Check, Instance] | None:
    """The place of a check that a finding is about; None for the program's own."""
    for check, line in form.lines:
        if (check.code, line.key) == (finding.code, finding.line):
            for instance in line.instances:
                # A rule about several fields is broken at the first that is blank.
                if not line.per_input or instance.place == finding.cell:
                    return check, instance
    return None


def changed(form: Form, before: Mapping[str, str], after: Mapping[str, str]) -> Text:
    """What is not as it was, the first few things by name."""
    names = [*after, *(name for name in before if name not in after)]
    said = [
        _change(form, name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]
    # What a check compares follows from its cells; name it only where they are equal.
    told = [text for text in said if text is not None] or [
        Text("比较的数有变化", "the figures compared have changed")
    ]
    more = len(told) - NAMED
    return Text(
        "；".join(text.zh for text in told[:NAMED])
        + (f"等 {len(told)} 处" if more > 0 else ""),
        "; ".join(text.en for text in told[:NAMED])
        + (f" and {more} more" if more > 0 else ""),
    )


def _rule(form: Form, finding: Finding) -> str:
    found = instance_of(form, finding)
    if found is None:
        return f"{finding.code}|{finding.severity.value}"
    check, instance = found
    parts = (check.rule, check.severity.value, check.message, *instance.cells)
    return _digest("\x1f".join(parts))


def _read_by(form: Form, submission: Submission, instance: Instance) -> Grounds:
    answers = submission.answers
    grounds = _cells(submission, instance.cells)
    for subject in _subjects(instance):
        if subject in answers.texts:
            grounds[f"text:{subject}"] = _digest(answers.texts[subject])
        elif subject in answers.fields:
            grounds[f"field:{subject}"] = answers.fields[subject]
        elif subject in form.cells:
            table = form.cells[subject].table
            grounds[f"declared:{table}"] = _declaration(answers, table)
    return grounds


def _declaration(answers: Answers, table: str) -> str:
    """As decisions have always kept it."""
    return {"": "", ALL_ZERO: "yes", REST_ZERO: "rest"}[answers.declaration(table)]


def _subjects(instance: Instance) -> Iterator[str]:
    """What functions such as ``contains`` and ``zero_declared`` look at."""
    for node in walk(instance.expression):
        if isinstance(node, Call):
            yield node.subject


def _cells(
    submission: Submission, ids: Mapping[str, object] | tuple[str, ...] | list[str]
) -> Grounds:
    """As they stand in the workbook; a total that was typed over, as it was typed."""
    printed, facts = submission.answers.printed, submission.facts
    values = {id_: printed.get(id_, facts.get(id_)) for id_ in ids}
    return {
        f"cell:{id_}": (value.shown or "") for id_, value in values.items() if value
    }


def _change(form: Form, name: str, before: str, after: str) -> Text | None:
    kind, _, subject = name.partition(":")
    match kind:
        case "cell":
            cell = form.cells.get(subject)
            label = f"【{cell.name if cell else subject}】"
            return Text(
                f"{label}由 {before or '空白'} 改为 {after or '空白'}",
                f"{label} {before or 'blank'} → {after or 'blank'}",
            )
        case "rule":
            return Text("审核公式有修改", "the check was changed")
        case "finding":
            code = subject.partition("@")[0]
            if not before:
                return Text(f"多了问题 {code}", f"a new finding {code}")
            if not after:
                return Text(f"问题 {code} 已经没有了", f"finding {code} is gone")
            return Text(f"审核公式 {code} 有修改", f"check {code} was changed")
        case "seen" | "expected":
            return None
        case _:
            return _KINDS[kind]


_KINDS = {
    "text": Text("文字部分有修改", "the texts were changed"),
    "declared": Text("表上方的零报告选择有修改", "a zero declaration was changed"),
    "explanation": Text("单位说明有修改", "an explanation was changed"),
    "field": Text("单位信息或签章有修改", "names or addresses were changed"),
    "stamp": Text("单位信息有变化", "the stamp is another one"),
}


def _digest(text: str, length: int = 12) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
