"""Nothing that is said in foreign text takes longer than its length makes it.

Every regular expression of the program is attacked with texts made of its own letters;
what reads the parts of a file is given the same thing twice as often. Only how times
grow is compared, in processor time, never a time with a number.
"""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import pairwise, permutations
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest

import workbook_builder
from tests.test_formats import ods
from tests.test_grid import Entry, deflated, raw_zip
from workbook_builder.formats.grid import read_grid
from workbook_builder.intake import unpack
from workbook_builder.language.typed import number_in
from workbook_builder.model.errors import UnreadableFile
from workbook_builder.model.names import essence
from workbook_builder.workbook.place import heading_in

PACKAGE = Path(workbook_builder.__file__).parent
METHODS = {
    *("search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split")
}
#: Made of settings and helps of our own; no sender has a word in them.
OWN = {"campaign/renewal.py", "commands/offered.py"}
SIZES = (100, 400, 1_600, 6_400)
#: Less than this is the machine's own unrest.
NOTICED = 0.001
#: Four times the text may take this much longer; a square would take sixteen times.
MOST = 9.0


class Pattern(NamedTuple):
    where: str
    regex: re.Pattern[Any]
    methods: frozenset[str]


# ---------------------------------------------------------------- finding them all


def calls() -> Iterator[tuple[str, str, str, list[ast.expr]]]:
    """(module, what is called, method, arguments) of everything like ``X.search(…)``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr=method), args=args
                ) if method in METHODS:
                    yield path.relative_to(PACKAGE).as_posix(), name, method, args
                case ast.Attribute(value=ast.Name(id=name), attr=method):
                    yield path.relative_to(PACKAGE).as_posix(), name, method, []


def compiled() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """(module, name, pattern) of every constant of the program."""
    for found in pkgutil.walk_packages([str(PACKAGE)], "workbook_builder."):
        if not found.name.endswith("__main__"):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    yield found.name, name, value


def patterns() -> Iterator[Pattern]:
    used: dict[str, set[str]] = {}
    for module, name, method, args in calls():
        if name != "re":
            used.setdefault(name, set()).add(method)
        elif args and module not in OWN:
            (text,) = (args[0].value,) if isinstance(args[0], ast.Constant) else ("",)
            assert text, f"{module}: {ast.unparse(args[0])} cannot be attacked"
            assert isinstance(text, str | bytes)
            yield Pattern(f"{module} {text!r}", re.compile(text), frozenset({method}))
    for where, name, regex in compiled():
        methods = frozenset(used.get(name, set()) & METHODS) or {"search"}
        yield Pattern(f"{where} {name}", regex, frozenset(methods))


ALL = {each.regex.pattern: each for each in patterns()}


# ---------------------------------------------------------------- attacking one


def pieces(parsed: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    """Letters and words of a pattern: what its repetitions may be made to repeat."""
    word = ""
    for kind, what in parsed:
        if kind is _constants.LITERAL:
            word += chr(what)
            continue
        if word:
            yield word
            word = ""
        match kind:
            case _constants.IN:
                yield from _members(what)
            case _constants.MAX_REPEAT | _constants.MIN_REPEAT:
                yield from pieces(what[2])
            case _constants.SUBPATTERN:
                yield from pieces(what[3])
            case _constants.BRANCH:
                for each in what[1]:
                    yield from pieces(each)
            case _constants.ASSERT | _constants.ASSERT_NOT:
                yield from pieces(what[1])
    if word:
        yield word


CATEGORIES = {
    _constants.CATEGORY_DIGIT: "1",
    _constants.CATEGORY_SPACE: " ",
    _constants.CATEGORY_WORD: "a",
}


def _members(of: Iterable[tuple[Any, Any]]) -> Iterator[str]:
    for kind, what in of:
        if kind is _constants.LITERAL:
            yield chr(what)
        elif kind is _constants.RANGE:
            yield chr(what[0])
        elif kind is _constants.CATEGORY:
            yield CATEGORIES.get(what, "-")


def attacks(regex: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Texts by their length: a beginning, something repeated, and an end in vain."""
    found = list(dict.fromkeys(pieces(_parser.parse(regex.pattern, regex.flags))))
    letters = list(dict.fromkeys([p for p in found if len(p) == 1] + [" ", "\n", "a"]))
    words = [p for p in found if len(p) > 1][:8]
    repeated = [*letters[:12], *words, *map("".join, permutations(letters[:6], 2))]
    repeated += [word + letter for word in words for letter in letters[:4]]
    begun = ["", *words, *("".join(found[:n]) for n in range(1, min(len(found), 6)))]
    for begin in dict.fromkeys(begun):
        for part in dict.fromkeys(repeated):
            for end in ("\1", '"'):
                yield partial(_text, regex, begin, part, end)


def _text(regex: re.Pattern[Any], begin: str, part: str, end: str, size: int) -> Any:
    text = begin + part * (size // len(part)) + end
    return text.encode("latin-1") if isinstance(regex.pattern, bytes) else text


def use(regex: re.Pattern[Any], method: str, text: Any) -> None:
    if method in {"sub", "subn"}:
        getattr(regex, method)(text[:0], text)
    elif method == "finditer":
        list(regex.finditer(text))
    else:
        getattr(regex, method)(text)


def taken(function: Callable[[], object], times: int = 1) -> float:
    """The processor's time for it, the least of several."""
    least = float("inf")
    for _ in range(times):
        begun = time.process_time()
        function()
        least = min(least, time.process_time() - begun)
    return least


def growth(of: Callable[[int], Callable[[], object]], short: int, long: int) -> float:
    """How much longer the long one takes; asked again before it is believed."""
    least = float("inf")
    for _ in range(8):
        ratio = taken(of(long), 3) / max(taken(of(short), 3), 1e-9)
        least = min(least, ratio)
        if least < MOST:
            break
    return least


def is_steep(run: Callable[[int], Callable[[], object]]) -> bool:
    """Whether it grows faster than the text, told by the shortest that show it."""
    for short, long in pairwise(SIZES):
        # Most are through at once; only the others are worth a second look.
        if taken(run(long)) > NOTICED and growth(run, short, long) > MOST:
            return True
    return False


def weakness(regex: re.Pattern[Any], methods: Iterable[str]) -> Any:
    """A text over which it takes far longer than that is long, or None."""
    for method in methods:
        for attack in attacks(regex):

            def run(size: int, method: str = method, attack: Any = attack) -> Any:
                return partial(use, regex, method, attack(size))

            if is_steep(run):
                return attack(40)
    return None


@pytest.mark.parametrize("pattern", ALL.values(), ids=lambda each: each.where)
def test_no_regular_expression_is_worse_than_linear(pattern: Pattern) -> None:
    assert weakness(pattern.regex, pattern.methods) is None


@pytest.mark.parametrize(
    ("text", "method"),
    [
        (r"填报单位：(.+?)\s*统计年度：(\d{4})年", "search"),
        (r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", "fullmatch"),
        (r"[\n\t ]*\n[\n]*[\t ][\n\t ]*|[\t ]+\n[\n\t ]*|^\n+|\n+$", "sub"),
        (r"[. ]+$", "sub"),
        (r"<[^<>\s]+@[^<>\s]+>", "findall"),
        (r"[^;,<>]*<([^<>]*)>", "sub"),
    ],
)
def test_the_ones_there_were_are_found(text: str, method: str) -> None:
    """The test of the tests."""
    assert weakness(re.compile(text), [method]) is not None


def test_all_of_them_are_looked_at() -> None:
    assert len(ALL) >= 50
    known = {each.regex.pattern for each in ALL.values()}
    for _, _, regex in compiled():
        assert regex.pattern in known


# ---------------------------------------------------------------- what reads a file


def read(data: bytes) -> None:
    """To its end, or to the reason why not."""
    with suppress(UnreadableFile):
        read_grid(data)


def take_apart(data: bytes) -> None:
    list(unpack("信.eml", data))


def paragraphs(content: str, size: int) -> bytes:
    return ods(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>'
        f"{content * size}</text:p></table:table-cell></table:table-row>"
    )


def of_value(value: str, size: int) -> bytes:
    return ods(
        '<table:table-row><table:table-cell office:value-type="float" '
        f'office:value="{value * size}x"/></table:table-row>'
    )


def named(name: str, size: int) -> bytes:
    """A mail whose attachments have long names, as no mail program splits them."""
    part = f'--b\nContent-Disposition: attachment; filename="{name * 400}"\n\nx\n'
    head = 'From: a@b.cn\nTo: c@d.cn\nSubject: s\nContent-Type: multipart/mixed; boundary="b"\n\n'
    return (head + part * (size // 400) + "--b--\n").encode()


#: What is done → with what, by its size.
WORK: dict[str, tuple[Callable[[Any], object], Callable[[int], Any]]] = {
    "line ends of an .ods": (read, partial(paragraphs, "\n")),
    "tabs and line ends of an .ods": (read, partial(paragraphs, "\t\n\t")),
    "spaces of an .ods": (read, partial(paragraphs, "<text:s/>")),
    "digits of an .ods": (read, partial(of_value, "1")),
    "names in a mail": (take_apart, partial(named, "名")),
    "names with signs in a mail": (take_apart, partial(named, 'a"; ')),
    "a heading of spaces": (heading_in, lambda n: "填报单位：甲" + " " * n),
    "a heading of headings": (heading_in, lambda n: "填报单位：" * n),
    "marks in odd orders": (essence, lambda n: "a" + "\u0327\u0301" * n),
    "commas between digits": (number_in, lambda n: "1" + ",000" * n + "x"),
}


@pytest.mark.parametrize("name", WORK)
def test_twice_as_much_takes_twice_as_long(name: str) -> None:
    do, make = WORK[name]
    size = 8_000

    def run(size: int) -> Callable[[], object]:
        return partial(do, make(size))

    assert growth(run, size, 4 * size) < MOST


def test_spaces_are_paid_for_before_there_are_any() -> None:
    """A few bytes that stand for gigabytes."""
    spaces = '<text:s text:c="32767"/>' * 80_000
    with pytest.raises(UnreadableFile) as caught:
        read_grid(paragraphs(spaces, 1))
    assert caught.value.reason == "damaged"
    cell = '<text:p><text:s text:c="32767"/></text:p>' * 80_000
    row = f"<table:table-row><table:table-cell>{cell}</table:table-cell></table:table-row>"
    with pytest.raises(UnreadableFile) as caught:
        read_grid(ods(row))
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("left", [b"\0", b"x" * 3_000_000])
def test_what_is_left_behind_the_end_of_a_stream_is_refused(left: bytes) -> None:
    """A part, and a file in an archive, whose packed bytes go on after their end."""
    text = b"text" * 100
    data = raw_zip([Entry("a.txt", text, packed=deflated(text) + left)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("a.txt") == text  # others do not mind
    (leaf,) = unpack("包.zip", data)
    assert leaf.trouble is not None
    assert leaf.trouble.reason == "truncated"
