"""How long the files take that are just within the limits, and mails made to take long.

    python benchmarks/hostile.py

Prints seconds for each; none should take more than two on a quiet machine. Run it after
raising a limit in ``workbook_builder/bounds/limits.py``. Not a test: machines are noisy.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import binary, test_intake
from tests.support import unzipped, workbook, zipped
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.definition.registry import Forms
from workbook_builder.model.layout import column_letters
from workbook_builder.reading.receive import Source, receive

SHEET, STRINGS = "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml"
COLUMNS = 100
CELLS = WORKBOOK.cells * 98 // 100
ELEMENTS = WORKBOOK.elements * 98 // 100


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "file"
        for what, make in CASES.items():
            path.write_bytes(make())
            started = time.perf_counter()
            found = receive(Source(path.name, path), Forms.shipped())
            seconds = time.perf_counter() - started
            codes = sorted({each.code for s in found for each in s.findings})
            print(f"{seconds:5.2f} s  {what}: {len(found)} × {' '.join(codes[:6])}")


def addresses(count: int) -> Iterator[tuple[int, str]]:
    for number in range(count):
        row, column = divmod(number, COLUMNS)
        yield row + 1, f"{column_letters(column)}{row + 1}"


def rows(count: int, cell: Callable[[str], str]) -> str:
    """``count`` cells, a hundred to a row."""
    text, last = [], 0
    for row, address in addresses(count):
        if row != last:
            text.append(f'</row><row r="{row}">' if last else f'<row r="{row}">')
            last = row
        text.append(cell(address))
    return f"{''.join(text)}</row>"


def sheet(body: str) -> bytes:
    """A return whose table three holds this instead."""
    parts = unzipped(workbook())
    parts[SHEET] = re.sub(
        "<sheetData>.*</sheetData>",
        lambda _: f"<sheetData>{body}</sheetData>",
        parts[SHEET].decode(),
        flags=re.DOTALL,
    ).encode()
    return zipped(parts)


def beside(tail: str) -> bytes:
    parts = unzipped(workbook())
    text = parts[SHEET].decode()
    parts[SHEET] = text.replace("</worksheet>", f"{tail}</worksheet>").encode()
    return zipped(parts)


def strings(space: str) -> bytes:
    """A table of shared strings, as suites write it or with a space in it."""
    parts = unzipped(workbook())
    items = "".join(f"<si><t>{n}</t></si>" for n in range(ELEMENTS // 2))
    head = parts[STRINGS].decode().partition("<si>")[0]
    parts[STRINGS] = f"{head}{space}{items}</sst>".encode()
    return zipped(parts)


def xls(record: Callable[[int, int, int], bytes]) -> bytes:
    return binary.xls(
        {"表三": [record(n // COLUMNS, n % COLUMNS, n) for n in range(CELLS)]}
    )


CASES: dict[str, Callable[[], bytes]] = {
    "cells": lambda: sheet(rows(CELLS, '<c r="{}"><v>1</v></c>'.format)),
    "cells, oddly spelled": lambda: sheet(
        " " + rows(CELLS, '<c  r="{}"><v>1</v></c>'.format)
    ),
    "different texts": lambda: sheet(
        " " + rows(CELLS, lambda a: f'<c r="{a}" t="str"><v>{a}</v></c>')
    ),
    "formatted cells": lambda: sheet(rows(2_000_000, '<c r="{}" s="1"/>'.format)),
    "formatted cells, oddly spelled": lambda: sheet(
        rows(ELEMENTS - ELEMENTS // 50, '<c s="1" r="{}"/>'.format)
    ),
    "elements beside the cells": lambda: beside(
        "<x>" + "".join(f'<a b="{n}"/>' for n in range(ELEMENTS)) + "</x>"
    ),
    "strings": lambda: strings(""),
    "strings, oddly spelled": lambda: strings(" "),
    "cells of an .xls": lambda: xls(binary.number),
    "texts of an .xls": lambda: xls(lambda r, c, n: binary.label(r, c, f"t{n}")),
    **{f"mail: {name}": make for name, (make, _) in test_intake.BUSY_MAILS.items()},
}


if __name__ == "__main__":
    main()
