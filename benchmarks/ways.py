"""Ways to do the same with the same files; each is measured in a process of its own."""

from __future__ import annotations

import gc
import io
import resource
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from benchmarks import made
from workbook_builder.bounds.isolation import Workers
from workbook_builder.definition.registry import Forms
from workbook_builder.model.expected import Expected
from workbook_builder.model.unit import Unit
from workbook_builder.reading.read import WANTED
from workbook_builder.start import RARELY
from workbook_builder.workbook.plan import Book


@dataclass(frozen=True)
class Cost:
    """Of one file: processor and wall time in milliseconds. Memory is the peak of the
    whole process, in megabytes."""

    cpu: float
    wall: float
    memory: float


def measured(way: str, files: Sequence[Path], rounds: int) -> Cost:
    """The least of several rounds, after one file to get warm. Each round has files of its
    own: what is known of a file that was read before is no measure."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as alone:
        return alone.submit(_measured, way, files, rounds).result()


def _measured(way: str, files: Sequence[Path], rounds: int) -> Cost:
    gc.set_threshold(*RARELY)  # as in every command, whatever the way
    do = WAYS[way]
    do(files[0])
    best: list[tuple[float, float]] = []
    for number in range(rounds):
        batch = files[number::rounds]
        cpu, wall = time.process_time(), time.perf_counter()
        for file in batch:
            do(file)
        each = 1000 / len(batch)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        best.append((spent[0] * each, spent[1] * each))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(min(b[0] for b in best), min(b[1] for b in best), peak)


def in_processes(count: int, files: Sequence[Path], times: int) -> Cost:
    """Bytes to verdict in the processes that ``collect`` has it done by; each file so many
    times over, after every process has read some."""
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Workers(count, _verdict) as workers:
        _all(workers, files)
        wall = time.perf_counter()
        _all(workers, [*files] * times)
        wall = time.perf_counter() - wall
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - begun.ru_utime - begun.ru_stime
    read = len(files) * times
    return Cost(1000 * cpu / (read + len(files)), 1000 * wall / read, 0)


def _all(workers: Workers, files: Sequence[Path]) -> None:
    for begun in [workers.start(file) for file in files]:
        workers.result(begun)


def _unzip(file: Path) -> None:
    with zipfile.ZipFile(file) as package:
        for name in package.namelist():
            package.read(name)


def _calamine(file: Path) -> None:
    """The sheets that are read, all their cells as Python objects: the floor."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        if name in WANTED:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _openpyxl(file: Path) -> None:
    """As the usual script goes: every cell of every sheet."""
    import openpyxl

    book = openpyxl.load_workbook(file, data_only=True)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            list(row)


def _pandas(file: Path) -> None:
    import pandas

    pandas.read_excel(file, sheet_name=None, header=None)


def _cells(file: Path) -> None:
    """Bytes to typed raw cells, nothing judged."""
    from workbook_builder.formats.grid import read_grid

    read_grid(file.read_bytes(), WANTED)


def _verdict(file: Path) -> None:
    """Bytes to verdict, as ``collect`` does it."""
    from workbook_builder.reading.receive import Source, receive

    (found,) = receive(Source(file.name, file), _expected())
    assert found.verdict.is_return, found.findings


@cache
def _expected() -> Expected:
    return Expected(made.CAMPAIGN, made.roster(1000), made.FORM, Forms.shipped())


def _unit(file: Path) -> Unit:
    return made.units(int(file.stem) + 1)[-1]


def _build(file: Path) -> None:
    made.blank(_unit(file))


def _plain_xlsxwriter(file: Path) -> None:
    """The same cells, with no style, limit or protection: what a plain script writes."""
    _write_plainly(made.planned(_unit(file)))


def _plan(file: Path) -> None:
    """What both of the above do before anything is written."""
    made.planned(_unit(file))


def _write_plainly(book: Book) -> None:
    import xlsxwriter

    from workbook_builder.workbook.plan import Formula, Link

    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as workbook:
        for sheet in book.sheets:
            worksheet = workbook.add_worksheet(sheet.name)
            for item in sheet.items:
                at, content = (item.row, item.column), item.content
                match content:
                    case Formula(text=text, result=result):
                        worksheet.write_formula(*at, text, None, result)
                    case Link(text=text):
                        worksheet.write_string(*at, text)
                    case str():
                        worksheet.write_string(*at, content)
                    case None:
                        worksheet.write_blank(*at, None)
                    case _:
                        worksheet.write_number(*at, content)


def _report(file: Path) -> None:
    """A published report, bytes to figures with their certainty."""
    from workbook_builder.documents.read import read_document
    from workbook_builder.published.read import read

    assert read(read_document(file.read_bytes()), [made.FORM]).facts


def _bare_docx(file: Path) -> None:
    """The text of every cell of every table, with python-docx."""
    import docx

    for table in docx.Document(str(file)).tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


WAYS: dict[str, Callable[[Path], None]] = {
    "unzip": _unzip,
    "python-calamine, the sheets that are read": _calamine,
    "openpyxl, a loop over all cells": _openpyxl,
    "pandas.read_excel, all sheets": _pandas,
    "ours, bytes → cells": _cells,
    "ours, bytes → verdict": _verdict,
    "plan + plain XlsxWriter, same cells": _plain_xlsxwriter,
    "plan alone": _plan,
    "ours, build_workbook": _build,
    "python-docx, every cell of every table": _bare_docx,
    "ours, report → figures": _report,
}
