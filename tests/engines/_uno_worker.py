"""Drives one LibreOffice over UNO; run as a script by an interpreter that has `uno`.

Usage: _uno_worker.py SOFFICE PROFILE.  One JSON request a line on standard input, one
JSON answer a line on standard output; ends, and ends the office, when standard input
does.  It imports nothing of the project: the interpreter is often another Python.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.document.MacroExecMode import ALWAYS_EXECUTE_NO_WARN
from com.sun.star.lang import DisposedException, Locale
from com.sun.star.uno import Exception as UnoException
from com.sun.star.util.NumberFormat import LOGICAL, NUMBER

START_SECONDS = 90
STOP_SECONDS = 8
FILTER = "Calc MS Excel 2007 XML"
FILTERS = {
    ".xlsx": FILTER,
    ".pdf": "calc_pdf_Export",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
}
SCRATCH = "_logical_"
LIBRARY, MODULE = "Standard", "Tested"

# What the .xlsx export writes for the codes of formula/errorcodes.hxx.
ERROR_TEXTS = {
    502: "#VALUE!",
    503: "#NUM!",
    504: "#VALUE!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


def start(soffice: str, profile: str) -> tuple[subprocess.Popen[bytes], Any]:
    """Start an office of its own profile and pipe; its process and its desktop."""
    pipe = f"engine{uuid.uuid4().hex}"
    process = subprocess.Popen(
        [
            soffice,
            "--headless",
            "--norestore",
            "--nologo",
            "--nodefault",
            "--nolockcheck",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        stderr=sys.stderr,
    )
    return process, connect(process, f"uno:pipe,name={pipe};urp;")


def connect(process: subprocess.Popen[bytes], address: str) -> Any:
    """The desktop of the office, once it listens."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            context = resolver.resolve(f"{address}StarOffice.ComponentContext")
        except NoConnectException:
            if process.poll():
                raise RuntimeError(f"soffice ended: {process.returncode}") from None
            time.sleep(0.1)
            continue
        return context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )
    raise RuntimeError(f"soffice did not listen within {START_SECONDS} s")


def properties(**values: object) -> tuple[Any, ...]:
    """Media descriptor arguments."""
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


class Book:
    """One open workbook, calculating only when told to."""

    def __init__(self, desktop: Any, path: str) -> None:
        # Not Hidden: without a window, saving forgets the frozen panes.
        # What is no .xlsx is told by its content.
        known = {"FilterName": FILTER} if path.endswith(".xlsx") else {}
        self.document = desktop.loadComponentFromURL(
            Path(path).as_uri(), "_blank", 0, properties(**known)
        )
        if self.document is None:
            raise RuntimeError("LibreOffice did not open the workbook")
        self.document.enableAutomaticCalculation(False)
        self.document.lockControllers()
        self.document.UndoManager.lock()
        formats = self.document.NumberFormats
        self.general = formats.getStandardFormat(NUMBER, Locale())
        self.logical = formats.getStandardFormat(LOGICAL, Locale())

    def range(self, name: str, address: str) -> Any:
        """A cell or a range of a sheet."""
        return self.document.Sheets.getByName(name).getCellRangeByName(address)

    def cell(self, name: str, address: str) -> Any:
        """A cell of a sheet (a range of one cell has no setString)."""
        return self.range(name, address).getCellByPosition(0, 0)

    def move(self, name: str, source: str, target: str) -> None:
        """Cut a range and paste it, as dragging it does."""
        sheet = self.document.Sheets.getByName(name)
        to = self.cell(name, target).getCellAddress()
        sheet.moveRange(to, self.range(name, source).getRangeAddress())

    def save(self, path: str) -> None:
        """Recalculate everything and write the workbook."""
        self.document.calculateAll()
        how = properties(FilterName=FILTERS[Path(path).suffix])
        self.document.storeToURL(Path(path).as_uri(), how)

    def close(self) -> None:
        """Let the workbook go."""
        self.document.close(True)


class Block:
    """A rectangle of entry cells, none of them a formula: written in one call."""

    def __init__(self, book: Book, sheet: str, address: str) -> None:
        self.book = book
        self.range = book.range(sheet, address)
        self.original = self.range.getDataArray()
        self.logical: list[Any] = []

    def cell(self, row: int, column: int) -> Any:
        """One cell; a millisecond, so for the few that no array call will do for."""
        return self.range.getCellByPosition(column, row)

    def write(self, fill: dict[tuple[int, int], Any]) -> None:
        """The original contents with `fill` (by row and column) over them."""
        rows = [list(row) for row in self.original]
        for (row, column), value in fill.items():
            plain = float(value) if isinstance(value, bool) else value
            rows[row][column] = "" if plain is None else plain
        self.range.setDataArray(tuple(map(tuple, rows)))

    def show_logical(self, row: int, column: int) -> None:
        """Give the format that typing TRUE gives."""
        cell = self.cell(row, column)
        cell.NumberFormat = self.book.logical
        self.logical.append(cell)

    def reset_formats(self) -> None:
        """Take back what `show_logical` gave."""
        while self.logical:
            self.logical.pop().NumberFormat = self.book.general


class Entries:
    """The cells that fills write to, in the blocks that the request lays out."""

    def __init__(self, book: Book, request: dict[str, Any]) -> None:
        self.book = book
        self.blocks = [Block(book, *block) for block in request["blocks"]]
        self.places = request["places"]
        self.general = request["general"]
        self.formulas = [
            (cell, cell.getFormula())
            for cell in (book.cell(*at) for at in request["formulas"])
        ]

    def write(self, fill: list[list[Any]]) -> None:
        """Enter one fill (place, value) over the original contents."""
        inside: list[dict[tuple[int, int], Any]] = [{} for _ in self.blocks]
        for index, value in fill:
            block, row, column = self.places[index]
            if block < 0:
                self.overwrite(self.formulas[row][0], value)
            else:
                inside[block][row, column] = value
        for target, values in zip(self.blocks, inside, strict=True):
            target.write(values)
        for index, value in fill:
            block, row, column = self.places[index]
            if isinstance(value, bool) and self.general[index] and block >= 0:
                self.blocks[block].show_logical(row, column)

    @staticmethod
    def overwrite(cell: Any, value: Any) -> None:
        """Enter a value over a formula."""
        if value is None or isinstance(value, str):
            cell.setString(value or "")
        else:
            cell.setValue(value)

    def restore(self, fill: list[list[Any]]) -> None:
        """Bring back what the next `write` will not."""
        for block in self.blocks:
            block.reset_formats()
        for index, _value in fill:
            block, row, _column = self.places[index]
            if block < 0:
                cell, formula = self.formulas[row]
                cell.setFormula(formula)

    def texts(self, fill: list[list[Any]]) -> list[Any]:
        """The cells that the fill enters a text into."""
        return [
            self.formulas[row][0] if block < 0 else self.blocks[block].cell(row, column)
            for index, value in fill
            if isinstance(value, str)
            for block, row, column in [self.places[index]]
        ]

    def type_in(self, fill: list[list[Any]]) -> None:
        """Enter one fill for good, as typed.

        The array call makes the format "@" where a text looks like a number; typing it
        behind an apostrophe does not.
        """
        formats = [(cell, cell.NumberFormat) for cell in self.texts(fill)]
        self.write(fill)
        for cell, number_format in formats:
            cell.NumberFormat = number_format


class Results:
    """The cells to read after each fill, read in blocks."""

    def __init__(self, book: Book, request: dict[str, Any]) -> None:
        self.blocks = [book.range(*block) for block in request["result_blocks"]]
        self.places = request["result_places"]
        self.kinds = self.scratch(book, request["results"])

    def scratch(self, book: Book, results: list[list[str]]) -> Any:
        """A scratch sheet telling which results are logical, and the errors' codes.

        A value read in a block is 1 or 0 where it is logical and nothing at all where
        it is an error; asking cell by cell takes a millisecond a cell.
        """
        sheets = book.document.Sheets
        sheets.insertNewByName(SCRATCH, sheets.getCount())
        kinds = book.range(SCRATCH, f"A1:B{len(results)}")
        cells = ["$'{}'.{}".format(name.replace("'", "''"), at) for name, at in results]
        kinds.setFormulaArray(
            tuple(
                (f"=ISLOGICAL({cell})", f"=IF(ISERROR({cell});ERRORTYPE({cell});0)")
                for cell in cells
            )
        )
        return kinds

    def read(self) -> list[Any]:
        """The values, in the order asked for."""
        blocks = [block.getDataArray() for block in self.blocks]
        return [
            result(blocks[block][row][column], *kind)
            for (block, row, column), kind in zip(
                self.places, self.kinds.getDataArray(), strict=True
            )
        ]


def result(value: Any, logical: float, code: float) -> Any:
    """A value as read, made what its cell shows."""
    if code:
        return ERROR_TEXTS.get(int(code), f"Err:{code:g}")
    return bool(value) if logical else value


class Many:
    """A workbook open for many fills."""

    def __init__(self, desktop: Any, request: dict[str, Any]) -> None:
        self.book = Book(desktop, request["source"])
        self.entries = Entries(self.book, request)
        self.results = Results(self.book, request)

    def run(self, fill: list[list[Any]]) -> list[Any]:
        """Enter one fill, recalculate, read, restore."""
        self.entries.write(fill)
        self.book.document.calculateAll()
        read = self.results.read()
        self.entries.restore(fill)
        return read


class Server:
    """Answers the requests."""

    def __init__(self, desktop: Any) -> None:
        self.desktop = desktop
        self.many: Many | None = None

    def fill(self, request: dict[str, Any]) -> None:
        """Open, enter, recalculate, save, close."""
        book = Book(self.desktop, request["source"])
        try:
            for move in request["moves"]:
                book.move(*move)
            Entries(book, request).type_in(request["fill"])
            book.save(request["target"])
        finally:
            book.close()

    def convert(self, request: dict[str, Any]) -> None:
        """Open, recalculate, save in the format that the target's name tells."""
        book = Book(self.desktop, request["source"])
        try:
            book.save(request["target"])
        finally:
            book.close()

    def open(self, request: dict[str, Any]) -> None:
        """Open a workbook for `run`."""
        self.many = Many(self.desktop, request)

    def run(self, request: dict[str, Any]) -> list[list[Any]]:
        """Each fill's results."""
        if self.many is None:
            raise RuntimeError("no workbook is open")
        return [self.many.run(fill) for fill in request["fills"]]

    def macros(self, request: dict[str, Any]) -> list[Any]:
        """What calls of a Basic module return, made on a workbook, which is then saved.

        A call that fails in Basic returns None: there is nobody to show an error to.
        """
        document = self.desktop.loadComponentFromURL(
            Path(request["source"]).as_uri(),
            "_blank",
            0,
            properties(FilterName=FILTER, MacroExecutionMode=ALWAYS_EXECUTE_NO_WARN),
        )
        try:
            libraries = document.BasicLibraries
            libraries.VBACompatibilityMode = True
            module = f"Option VBASupport 1\n{request['module']}"
            libraries.getByName(LIBRARY).insertByName(MODULE, module)
            returned = [call(document, *each) for each in request["calls"]]
            document.storeToURL(
                Path(request["target"]).as_uri(), properties(FilterName=FILTER)
            )
            return returned
        finally:
            document.close(True)

    def close(self, _request: dict[str, Any]) -> None:
        """Close what `open` opened."""
        if self.many is not None:
            self.many.book.close()
            self.many = None


def call(document: Any, name: str, arguments: list[Any]) -> Any:
    """What one procedure of the module that `macros` put in returns."""
    address = f"vnd.sun.star.script:{LIBRARY}.{MODULE}.{name}"
    script = document.getScriptProvider().getScript(
        f"{address}?language=Basic&location=document"
    )
    returned, _indexes, _out = script.invoke(tuple(arguments), (), ())
    return returned


def answer(server: Server, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request, failures included, short of a dead office."""
    try:
        return {"answer": getattr(server, request["do"])(request)}
    except DisposedException:
        raise
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def stop(process: subprocess.Popen[bytes], desktop: Any) -> None:
    """End the office, so that it removes its pipes; the caller kills what is left."""
    with contextlib.suppress(UnoException):
        desktop.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)


def main() -> None:
    """Serve until standard input ends."""
    process, desktop = start(sys.argv[1], sys.argv[2])
    try:
        server = Server(desktop)
        print(json.dumps({"answer": "ready"}), flush=True)
        for line in sys.stdin:
            print(json.dumps(answer(server, json.loads(line))), flush=True)
    finally:
        stop(process, desktop)


if __name__ == "__main__":
    main()
