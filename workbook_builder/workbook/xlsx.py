"""The only module that knows XlsxWriter: its classes, as our workbooks need them."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from xlsxwriter.comments import Comments
from xlsxwriter.core import Core
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable
from xlsxwriter.vml import Vml
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.grid import Position
from workbook_builder.model.layout import column_letters

STRINGS, CORE = "xl/sharedStrings.xml", "docProps/core.xml"

#: The last column there is.
LAST_COLUMN = 16_383

#: More are not kept.
MANY_STRINGS = MANY_FORMULAS = 1 << 13
#: Different cells of which it is kept how they are written.
_KEPT = 1 << 12

#: What formulas that are written once do not hold: a cell counted from their own, and, as
#: spreadsheets have it, another sheet.
_OWN = re.compile(r"[A-Z][0-9]|!")

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

__all__ = ["BookWriter", "Format", "SheetWriter", "done", "figure"]


def done(code: int, what: str, where: object) -> None:
    """XlsxWriter answers bad input with a return code and drops it. Raises WorkbookError."""
    if code:
        raise WorkbookError(f"{what} could not be written (code {code}): {where}")


@lru_cache(maxsize=MANY_FORMULAS)
def _is_shared(formula: str) -> bool:
    """Whether it may be written once for a column; of many workbooks they are the same."""
    return not _OWN.search(formula)


_letters = lru_cache(maxsize=LAST_COLUMN + 1)(column_letters)


def _common(cell: Any) -> str:
    """A cell of which there are many, as XlsxWriter writes it after its place; of any
    other nothing."""
    if isinstance(cell, CellNumberTuple) and cell.format:
        held = f"><v>{cell.number:.16G}</v></c>"
    elif isinstance(cell, CellStringTuple) and cell.format:
        held = f' t="s"><v>{cell.string}</v></c>'
    elif isinstance(cell, CellBlankTuple) and cell.format:
        held = "/>"
    else:
        return ""
    return f' s="{cell.format._get_xf_index()}"{held}'


def figure(number: float | None, form: Format | None) -> object:
    """A cell as XlsxWriter keeps it, wherever it stands; of None it holds nothing."""
    return CellBlankTuple(form) if number is None else CellNumberTuple(number, form)


class _Packager(Packager):  # type: ignore[misc]  # XlsxWriter publishes no types
    """Hands the parts over: they are packed once, tighter than XlsxWriter packs, because
    it all goes by mail."""

    def _create_package(self) -> list[tuple[Any, str, bool]]:
        # Only listed once more, for people, in docProps/app.xml.
        self.named_ranges: list[object] = []
        self.parts = super()._create_package()
        return []


class SheetWriter(Worksheet):  # type: ignore[misc]  # XlsxWriter publishes no types
    """Takes formulas as they are.

    XlsxWriter looks for newer functions in every formula, which is half the time of a
    build; ours use none (tests/test_workbook.py reads them all).
    """

    def _prepare_formula(self, formula: str, _: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_formula(
        self,
        row: int,
        col: int,
        formula: str,
        cell_format: Format | None = None,
        value: object = 0,
    ) -> int:
        if self._check_dimensions(row, col):
            return -1
        text = self._prepare_formula(formula)
        self.table[row][col] = CellFormulaTuple(text, cell_format, value)
        return 0

    # None is told where to write by a text (“A1”), which these would look for.
    write_blank, write_formula = Worksheet._write_blank, _write_formula
    write_number, write_string = Worksheet._write_number, Worksheet._write_string

    def write_figures(self, row: int, column: int, cells: Sequence[object]) -> int:
        """Cells of one row, from that column on."""
        last = column + len(cells) - 1
        if self._check_dimensions(row, column) or self._check_dimensions(row, last):
            return -1
        self.table[row].update(enumerate(cells, column))
        return 0

    fitted: frozenset[int] = frozenset()
    """Rows whose height follows what is typed."""
    spans: dict[Position | int, tuple[int, int]] | None = None
    """From where to where each cell stands in the part, and each limit of what may be
    typed, by its number; where somebody wants to know."""

    def _calculate_spans(self) -> None:
        """As XlsxWriter does, which looks at every column of every row."""
        across: dict[int, list[int]] = defaultdict(list)
        for row, cells in chain(self.table.items(), self.comments.items()):
            if cells:
                across[row // 16] += min(cells), max(cells)
        self.row_spans = {
            at: f"{min(known) + 1}:{max(known) + 1}" for at, known in across.items()
        }

    def _write_rows(self) -> None:
        """As XlsxWriter does, which looks for a cell in every column of every row."""
        self._calculate_spans()
        # Of a part in a file it takes long to ask where a cell stands.
        write = (
            partial(self._write_cells, {}) if self.spans is None else self._each_cell
        )
        for row in sorted({*self.row_info, *self.comments, *self.table}):
            said = row, self.row_spans.get(row // 16), self.row_info.get(row)
            cells = self.table.get(row)
            if cells:
                self._write_row(*said)
                write(row, cells)
                self._xml_end_tag("row")
            elif row in self.row_info or row in self.comments:
                self._write_empty_row(*said)

    def _write_row(self, row: int, *args: Any, **kwargs: Any) -> None:
        self._fits = row in self.fitted
        super()._write_row(row, *args, **kwargs)

    def _xml_start_tag_unencoded(
        self, tag: str, attributes: list[tuple[str, object]]
    ) -> None:
        if tag == "row" and self._fits:
            attributes = [a for a in attributes if a[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def lock_columns(self, used: int, form: Format | None) -> None:
        """Every cell that holds nothing, for a sheet of so many columns.

        All 16,384 one by one would take longer than the rest of a build.
        """
        self._last_used = min(used, LAST_COLUMN)
        done(self.set_column(0, self._last_used, None, form), "columns", self.name)

    def _write_col_info(self, col_min: int, col_max: int, col_info: object) -> None:
        if col_max == getattr(self, "_last_used", None):
            col_max = LAST_COLUMN
        super()._write_col_info(col_min, col_max, col_info)

    def share_formulas(self) -> None:
        """Formulas that are the same down a column are written in its first cell, those
        below name it: as spreadsheets write them, smaller and sooner read."""
        found: dict[int, list[list[int]]] = defaultdict(list)
        for row in sorted(self.table):
            for column, cell in self.table[row].items():
                if isinstance(cell, CellFormulaTuple) and _is_shared(cell.formula):
                    runs = found[column]
                    if runs and runs[-1][-1] == row - 1 and self._alike(row, column):
                        runs[-1].append(row)
                    else:
                        runs.append([row])
        self._shared = {}
        long = [(c, run) for c, runs in found.items() for run in runs if len(run) > 1]
        for number, (column, run) in enumerate(sorted(long)):
            letters = column_letters(column)
            area = f"{letters}{run[0] + 1}:{letters}{run[-1] + 1}"
            self._shared |= dict.fromkeys(((r, column) for r in run), f'si="{number}"')
            self._shared[run[0], column] = f'ref="{area}" si="{number}"'

    def _alike(self, row: int, column: int) -> bool:
        cell, above = self.table[row][column], self.table[row - 1][column]
        return bool(cell.formula == above.formula)

    def _xml_formula_element(
        self, formula: str, result: object, attributes: list[tuple[str, object]]
    ) -> None:
        shared = (self._shared or {}).get(self._at)
        if shared is None:
            super()._xml_formula_element(formula, result, attributes)
            return
        named = "".join(f' {name}="{value}"' for name, value in attributes)
        text = f">{self._escape_data(formula)}</f>" if "ref" in shared else "/>"
        shown = self._escape_data(result)
        self.fh.write(f'<c{named}><f t="shared" {shared}{text}<v>{shown}</v></c>')

    def _each_cell(self, row: int, cells: dict[int, Any]) -> None:
        for column in sorted(cells):
            self._write_cell(row, column, cells[column])

    def _write_cells(
        self, known: dict[int, str], row: int, cells: dict[int, Any]
    ) -> None:
        """The same, in few writes; what is in many cells is one object, looked at once."""
        waiting: list[str] = []
        for column in sorted(cells):
            cell = cells[column]
            held = known.get(id(cell))
            if held is None:
                if len(known) >= _KEPT:
                    known.clear()
                held = known[id(cell)] = _common(cell)
            if held:
                waiting.append(f'<c r="{_letters(column)}{row + 1}"{held}')
            else:
                self.fh.write("".join(waiting))
                waiting.clear()
                self._write_any(row, column, cell)
        self.fh.write("".join(waiting))

    def _write_cell(self, row: int, col: int, cell: object) -> None:
        begin = self.fh.tell()
        self._write_any(row, col, cell)
        if self.spans is not None:
            self.spans[row, col] = begin, self.fh.tell()

    def _write_any(self, row: int, col: int, cell: Any) -> None:
        """As XlsxWriter does, but for the cells of which there are many."""
        held = _common(cell)
        if held:
            self.fh.write(f'<c r="{_letters(col)}{row + 1}"{held}')
        else:
            self._at = row, col
            super()._write_cell(row, col, cell)

    def _escape_attributes(self, attribute: object) -> object:
        """XlsxWriter finds out what is no text by trying."""
        whole = isinstance(attribute, int)
        return attribute if whole else super()._escape_attributes(attribute)

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        begin = self.fh.tell()
        super()._write_data_validation(options)
        if self.spans is not None:
            self.spans[self._validated] = begin, self.fh.tell()
            self._validated += 1

    _validated = 0
    _at = -1, -1
    _shared: dict[Position, str] | None = None

    def refer(self, row: int, column: int, string: int) -> None:
        """The cell holds the shared string of that number, in the style it has."""
        cell = CellStringTuple(string, self.table[row][column].format)
        self.table[row][column] = cell

    def cell_part(self, row: int, column: int) -> bytes:
        """A cell as it stands in the part, of what was put there last."""
        self.fh, self.spans = io.StringIO(), None
        self._write_any(row, column, self.table[row][column])
        return _bytes(self.fh)

    def limit_part(self) -> bytes:
        """The limit that was set last, as it stands in the part. It is not kept."""
        self.fh, self.spans = io.StringIO(), None
        self._write_data_validation(self.validations.pop())
        return _bytes(self.fh)

    def forget_notes(self) -> None:
        self.comments.clear()

    def notes_parts(self) -> tuple[bytes, bytes]:
        """The notes that were put there since, and the shapes they are shown in."""
        ids = self.vml_data_id, self.vml_shape_id
        self._prepare_vml_objects(*ids, 0, 0)
        shapes = _assembled(Vml(), *ids, self.comments_list, self.buttons_list)
        return _assembled(Comments(), self.comments_list), shapes


class _LockedFormat(Format):  # type: ignore[misc]  # XlsxWriter publishes no types
    """Says outright that it is locked, for cells of sheets whose Normal is not."""

    def _get_protection_properties(self) -> list[tuple[str, int]]:
        return [("locked", int(bool(self.locked)))]


class BookWriter(Workbook):  # type: ignore[misc]  # XlsxWriter publishes no types
    """Its style Normal is not locked.

    Excel leaves a cell that was cut in that style: locked, nobody could type there again.
    """

    def __init__(self, in_memory: bool) -> None:
        super().__init__(io.BytesIO(), {**_OPTIONS, "in_memory": in_memory})
        self._strings: dict[str, str] = {}

    def _get_packager(self) -> _Packager:
        self._packager = _Packager()
        return self._packager

    def add_format(self, properties: dict[str, Any] | None = None) -> Format:
        made = super().add_format(properties)
        if made.xf_index is None:
            made.__class__ = _LockedFormat
        else:
            made.set_locked(False)
        return made

    def drawn_as(self, place: SheetWriter) -> bytes:
        """The only sheet, as the part of another workbook where that one stands."""
        (sheet,) = self.worksheets()
        sheet.selected = place.selected
        return _assembled(sheet)

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """What the package is made of, once the workbook is closed."""
        return ((name, _bytes(part)) for part, name, _ in self._packager.parts)

    def count_strings_anew(self) -> Callable[[str], int]:
        """Begins an empty table, for another workbook with these sheets."""
        self.str_table = SharedStringTable()
        for sheet in self.worksheets():
            sheet.str_table = self.str_table
        number: Callable[[str], int] = self.str_table._get_shared_string_index
        return number

    def strings_part(self) -> bytes:
        """The shared strings that were counted since; empty where there are none, and no
        such part in the package."""
        if not self.str_table.count:
            return b""
        self.str_table._sort_string_data()
        if len(self._strings) > MANY_STRINGS:
            self._strings.clear()
        return _assembled(_Strings(self.str_table, self._strings))

    def core_part(self, title: str) -> bytes:
        """The properties of the document, with another title."""
        writer = Core()
        writer._set_properties({**self.doc_properties, "title": title})
        return _assembled(writer)


class _Strings(SharedStrings):  # type: ignore[misc]  # XlsxWriter publishes no types
    """Most strings are those of the workbook before: ``known`` says how they stand."""

    def __init__(self, table: SharedStringTable, known: dict[str, str]) -> None:
        super().__init__()
        self.string_table, self._known = table, known

    def _write_si(self, string: str) -> None:
        said = self._known.get(string)
        if said is None:
            begin = self.fh.tell()
            super()._write_si(string)
            self.fh.seek(begin)
            said = self._known[string] = self.fh.read()
        else:
            self.fh.write(said)


def _assembled(writer: Any, *what: object) -> bytes:
    part = io.StringIO()
    writer._set_xml_writer(part)
    writer._assemble_xml_file(*what)
    return _bytes(part)


def _bytes(part: io.StringIO | io.BytesIO | str) -> bytes:
    """A part in memory, or of a temporary file, which is done with then."""
    if isinstance(part, io.StringIO):
        return part.getvalue().encode()
    if isinstance(part, io.BytesIO):
        return part.getvalue()
    file = Path(part)
    data = file.read_bytes()
    file.unlink()
    return data
