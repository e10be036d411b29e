"""Turns ``[report]`` of ``form.toml`` into the Wording of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbook_builder.definition.places import between
from workbook_builder.definition.schema import FormFile, ReportEntry
from workbook_builder.language.parse import parse, read
from workbook_builder.language.words import REMEDIES, TYPES
from workbook_builder.model.check import Check
from workbook_builder.model.errors import DefinitionError, RuleError
from workbook_builder.model.expression import Node, is_amount
from workbook_builder.model.form import Cell, Form, Table
from workbook_builder.model.worded import SLOT, texts_of, texts_of_check
from workbook_builder.model.wording import (
    IN_SENTENCES,
    IN_TEXTS,
    SLOTS,
    Enumeration,
    Part,
    Phrase,
    Sentence,
    Slot,
    Wording,
)

_LISTED = re.compile(r"\[([^][|]+\|[^][]+)\]")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads phrases: ``{name}`` is a slot, any other ``{…}`` an amount; of what stands in
    ``[…|…]`` those parts are said whose amount is not 0."""

    file: str
    slots: frozenset[str]
    tables: Sequence[Table]
    cells: Mapping[str, Cell]

    def phrases(self, key: str, lines: Sequence[str]) -> tuple[Phrase, ...]:
        return tuple(
            self.phrase(f"report.{key}[{number}]", line)
            for number, line in enumerate(lines, 1)
        )

    def phrase(self, key: str, line: str) -> Phrase:
        return tuple(
            part
            for number, piece in enumerate(_LISTED.split(line))
            for part in (
                [self._listed(key, piece)] if number % 2 else self._parts(key, piece)
            )
        )

    def _listed(self, key: str, piece: str) -> Enumeration:
        items = tuple(tuple(self._parts(key, each)) for each in piece.split("|"))
        for item in items:
            if not isinstance(item[0], str) or (
                sum(not isinstance(part, str | Slot) for part in item) != 1
            ):
                raise DefinitionError(
                    self.file,
                    key,
                    f"[{piece}]: what is listed is not words and one amount each",
                    "Write [words{amount}件|words{amount}件]",
                )
        return Enumeration(items)

    def _parts(self, key: str, line: str) -> Iterator[Part]:
        for index, piece in enumerate(SLOT.split(line)):
            if index % 2:
                yield Slot(piece) if piece in self.slots else self._amount(key, piece)
            elif "{" in piece or "}" in piece:
                raise DefinitionError(
                    self.file, key, "a brace is open", "Write {name} with both braces"
                )
            elif piece:
                yield piece

    def _amount(self, key: str, piece: str) -> Node:
        known = f"{', '.join(sorted(self.slots))}"
        known += ", or an amount of cells" if self.cells else ""
        return self._rule(key, f"{{{piece}}}", piece, True, f"Write one of {known}")

    def when(self, key: str, rule: str) -> Node | None:
        """When a sentence is offered; always where nothing is written."""
        ask = "Write a yes or no about cells of the form"
        return self._rule(key, f"“{rule}”", rule, False, ask) if rule else None

    def _rule(self, key: str, said: str, rule: str, amount: bool, remedy: str) -> Node:
        def resolve(kind: str, name: str) -> str:
            if "cell" not in kind or name not in self.cells:
                raise RuleError(f"there is no {kind} “{name}”")
            return name

        def span(first: str, last: str) -> tuple[str, ...]:
            return between(self.tables, self.cells, first, last)

        try:
            node = read(parse(rule), resolve, span)
            if is_amount(node) is not amount:
                wanted = "shows an amount, not" if amount else "is offered by"
                raise RuleError(f"a sentence {wanted} a yes or no")
        except RuleError as error:
            raise DefinitionError(self.file, key, f"{said}: {error}", remedy) from None
        return node


def wording_of(
    file: str,
    source: FormFile,
    tables: Sequence[Table],
    cells: Mapping[str, Cell],
) -> Wording | None:
    """The wording, proved; None for a form that makes no report."""
    entry = source.report
    if entry is None:
        return None
    _prove_order(file, source, entry)
    # The document has no amounts outside its tables; a sentence knows no fields.
    slots = frozenset({*SLOTS, *(field.id for field in source.fields)})
    document = _Reader(file, slots, tables, {})
    figures = _Reader(file, frozenset(IN_SENTENCES), tables, cells)
    texts = {text.id for text in source.narratives}
    for number, sentence in enumerate(entry.sentences, 1):
        if sentence.text not in texts:
            raise DefinitionError(
                file,
                f"report.sentences[{number}].text",
                f"there is no text “{sentence.text}”",
                f"The texts are {', '.join(sorted(texts))}",
            )
    return Wording(
        title=document.phrases("title", entry.title),
        preamble=document.phrases("preamble", entry.preamble),
        signature=document.phrases("signature", entry.signature),
        order=entry.order,
        sentences=tuple(
            Sentence(
                each.text,
                figures.phrase(f"report.sentences[{number}].says", each.says),
                figures.when(f"report.sentences[{number}].when", each.when),
            )
            for number, each in enumerate(entry.sentences, 1)
        ),
        called=_called(file, tables, entry),
    )


def _called(
    file: str, tables: Sequence[Table], entry: ReportEntry
) -> dict[str, tuple[str, ...]]:
    blocks = [block for table in tables for block in table.blocks]
    paths = [row.labels for block in blocks for row in block.rows]
    paths += [column.labels for block in blocks for column in block.columns]
    labels = {label for path in paths for label in path}
    for label in entry.called:
        if label not in labels:
            raise DefinitionError(
                file,
                "report.called",
                f"no row or column has the label “{label}”",
                "Write the label as it is in the tables",
            )
    return entry.called


def prove_texts(file: str, check_file: str, form: Form) -> None:
    """Refuses a slot that nobody fills in the texts of a form and of its checks."""
    reader = _Reader(file, frozenset(IN_TEXTS), form.tables, {})
    for key, text in texts_of(form):
        reader.phrase(key, text)
    reader = replace(reader, file=check_file)
    takers = replace(reader, slots=reader.slots | {TYPES})
    for check in form.checks:
        for key, text in texts_of_check(check):
            knows = takers if key in REMEDIES and _has_cells(check) else reader
            knows.phrase(f"{check.code}.{key}", text)


def _has_cells(check: Check) -> bool:
    return any(each.cells for line in check.lines for each in line.instances)


def _prove_order(file: str, source: FormFile, entry: ReportEntry) -> None:
    known = [table.id for table in source.tables]
    known += [text.id for text in source.narratives]
    if sorted(entry.order) != sorted(known):
        odd = sorted(set(entry.order) ^ set(known)) or ["an id that stands twice"]
        raise DefinitionError(
            file,
            "report.order",
            f"does not list every table and text once: {odd[0]}",
            f"List {', '.join(known)} in the order of the report",
        )
