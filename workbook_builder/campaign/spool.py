"""What returns say, kept out of memory until somebody asks for it.

A return is a hundred times as large as its verdict. What it says lies packed in a
temporary file without a name; the mappings of its Submission look it up there, and what
was looked up last stays at hand.
"""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from io import FileIO
from tempfile import TemporaryFile
from typing import Any

import msgspec

from workbook_builder.bounds.deflate import deflated, inflated
from workbook_builder.model.later import Something
from workbook_builder.model.submission import Submission
from workbook_builder.model.values import BLANK, ZERO, State, Value

#: Returns whose contents stay at hand: some 25 MB.
AT_HAND = 1000
#: Different contents of cells that stay at hand; most cells hold what others hold.
_COMMON = 1 << 16
#: What is said in a part of a return that says nothing: the same for all.
NOTHING: Mapping[str, Any] = {}

#: Ids, one a line, and what stands in each.
_Column = tuple[str, list[str]]


class _Said(msgspec.Struct, array_like=True, frozen=True):
    """What is packed of a return."""

    values: _Column
    facts: _Column
    texts: dict[str, str]
    fields: dict[str, str]


_encoded = msgspec.msgpack.Encoder().encode
_decoded = msgspec.msgpack.Decoder(_Said).decode

#: values, facts, texts and fields of a return.
_Parts = tuple[
    Mapping[str, Value], Mapping[str, Value], Mapping[str, str], Mapping[str, str]
]


class Spool:
    """Packed contents of returns, by number. Raises OSError where there is no room."""

    def __init__(self) -> None:
        self._ends = array("Q", (0,))
        self._lock = threading.Lock()
        self._at_hand: dict[int, _Parts] = {}
        # Of a return, what looks up each of its parts; its number is there once.
        self._look = [partial(self._part, at) for at in range(4)]

    def put(self, submission: Submission, packed: bytes, parts: int) -> Submission:
        """The same submission, whose contents lie here, packed by :func:`packed`;
        ``parts`` are those that are not empty, as :func:`apart` tells them."""
        with self._lock:
            end = self._ends[-1]
            self._file.seek(end)
            rest = memoryview(packed)
            while rest:
                rest = rest[self._file.write(rest) :]
            number = len(self._ends) - 1
            self._ends.append(end + len(packed))

        def here(at: int) -> Mapping[str, Any]:
            return Something(self._look[at], number) if parts >> at & 1 else NOTHING

        answers = replace(
            submission.answers, values=here(0), texts=here(2), fields=here(3)
        )
        return replace(submission, answers=answers, facts=here(1))

    @cached_property
    def _file(self) -> FileIO:
        return TemporaryFile(buffering=0)  # for long

    def _part(self, at: int, number: int) -> Mapping[str, Any]:
        return self._parts(number)[at]

    def _parts(self, number: int) -> _Parts:
        known = self._at_hand.get(number)
        if known is None:
            known = unpacked(self._packed(number))
            with self._lock:
                if len(self._at_hand) >= AT_HAND:
                    del self._at_hand[next(iter(self._at_hand))]
                self._at_hand[number] = known
        return known

    def _packed(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        if hasattr(os, "pread"):  # a fork shares the place in the file
            return os.pread(self._file.fileno(), end - start, start)
        with self._lock:
            self._file.seek(start)
            return self._file.read(end - start)


def apart(submission: Submission) -> tuple[Submission, int]:
    """The submission without what is packed of it, and which parts these are, in bits."""
    said = submission.answers
    parts = (said.values, submission.facts, said.texts, said.fields)
    bits = sum(bool(each) << at for at, each in enumerate(parts))
    lean = replace(said, values={}, texts={}, fields={})
    return replace(submission, answers=lean, facts={}), bits


def packed(submission: Submission) -> bytes | None:
    """What it says, as few bytes; None where it would not come out as it went in."""
    said = submission.answers
    parts = (said.values, submission.facts, said.texts, said.fields)
    values, facts = _column(said.values), _column(submission.facts)
    try:
        whole = _encoded(_Said(values, facts, dict(said.texts), dict(said.fields)))
        data = deflated(whole)
        return data if unpacked(data) == parts else None
    except (msgspec.MsgspecError, ArithmeticError, TypeError, ValueError):
        return None  # half a character


def unfolded(lean: Submission, data: bytes) -> Submission:
    """What :func:`apart` and :func:`packed` made two of, in memory."""
    values, facts, texts, fields = unpacked(data)
    answers = replace(lean.answers, values=values, texts=texts, fields=fields)
    return replace(lean, answers=answers, facts=facts)


def unpacked(data: bytes) -> _Parts:
    said = _decoded(inflated(data))
    return _cells(said.values), _cells(said.facts), said.texts, said.fields


def _column(cells: Mapping[str, Value]) -> _Column:
    return "\n".join(cells), [_word(value) for value in cells.values()]


def _cells(column: _Column) -> dict[str, Value]:
    ids, words = column
    return dict(zip(_ids(ids), map(_values.__getitem__, words), strict=True))


@lru_cache(maxsize=256)
def _ids(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("\n")) if joined else ()


#: How the word of a value begins that is no number; numbers begin in no such way.
_STATES = {state.value[0]: state for state in State if state is not State.NUMBER}


def _word(value: Value) -> str:
    if value.number is not None:
        return str(value.number)
    return value.state.value[0] + value.text


class _Values(dict[str, Value]):
    """Each word's value, made once."""

    def __missing__(self, word: str) -> Value:
        if len(self) >= _COMMON:
            self.clear()
        state = _STATES.get(word[:1])
        made = (
            Value(State.NUMBER, Decimal(word))
            if state is None
            else Value(state, None, word[1:])
        )
        self[word] = made
        return made


# Most cells hold these, which readers make once as well: to compare them takes no time.
_values = _Values({_word(each): each for each in (ZERO, BLANK)})
