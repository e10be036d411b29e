"""A workbook as values → the file. Text is always written as text: nothing that a unit
typed becomes a formula or a link."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from workbook_builder.model.errors import WorkbookError
from workbook_builder.model.text import printable
from workbook_builder.workbook.kept import KeptBook, Shelf, repeats
from workbook_builder.workbook.pack import QUICK, Packed, package, packed
from workbook_builder.workbook.place import NOTED_BY
from workbook_builder.workbook.plan import (
    MARGINS,
    MAX_TEXT,
    Area,
    Book,
    Button,
    Content,
    FigureBlock,
    Formula,
    Item,
    Link,
    Note,
    PlacedChart,
    Series,
    Sheet,
    Validation,
)
from workbook_builder.workbook.stored import EMPTY, as_double, storable, stored_text
from workbook_builder.workbook.styles import COUNT, properties
from workbook_builder.workbook.xlsx import (
    BookWriter,
    Format,
    SheetWriter,
    done,
    figure,
)

#: From so many cells on the parts of the package are kept in temporary files while it
#: is made: 3,000 units are more than a million cells.
MANY_CELLS = 200_000

#: The style of cells that hold nothing.
LOCKED = "locked"

#: What a clerk may still do on a protected sheet: make columns and rows fit.
_ALLOWED = {"format_columns": True, "format_rows": True, "autofilter": True}


SHELF = Shelf()


def write(book: Book) -> bytes:
    """The .xlsx or .xlsm file; the same book always gives the same bytes.

    Raises WorkbookError for anything the format cannot hold.
    """
    return package(SHELF.like(book) or parts_of(book))


def parts_of(book: Book) -> Iterable[Packed]:
    """The parts of the workbook, written from the beginning."""
    cells = sum(
        len(sheet.items) + sum(len(row) for b in sheet.blocks for row in b.rows)
        for sheet in book.sheets
    )
    workbook = BookWriter(in_memory=cells < MANY_CELLS)
    workbook.set_properties(
        {
            "title": book.title,
            "subject": book.subject,
            "created": datetime.datetime.combine(
                book.created, datetime.time(), datetime.UTC
            ),
        }
    )
    workbook.set_calc_mode("auto")
    if book.macros:
        stream = io.BytesIO(book.macros)
        done(workbook.add_vba_project(stream, is_stream=True), "macros", book.title)
    for name, reference in book.names.items():
        done(workbook.define_name(name, f"={reference}"), "name", name)
    writer, keep = _Writer(workbook, book.password), repeats(book)
    for sheet in book.sheets:
        writer.sheet(sheet, keep)
    workbook.close()
    if not keep:
        return (packed(name, part, level=QUICK) for name, part in workbook.parts())
    kept = KeptBook(book, workbook, writer.put, writer.draw)
    SHELF.keep(kept)
    return kept.parts


class _Writer:
    def __init__(self, workbook: BookWriter, password: str) -> None:
        self._workbook, self._password = workbook, password
        self._formats: dict[str, Format] = {}

    def sheet(self, sheet: Sheet, keep: bool) -> None:
        worksheet = self._workbook.add_worksheet(sheet.name, SheetWriter)
        worksheet.spans = {} if keep else None
        for item in sheet.items:
            self._item(worksheet, item)
        for block in sheet.blocks:
            self._block(worksheet, block)
        if sheet.hidden:  # others are read, and their rows known by how they stand
            worksheet.share_formulas()
        if sheet.protected:
            used = max((i.column + i.columns for i in sheet.items), default=0)
            worksheet.lock_columns(
                max(used, *sheet.widths, 0) + 1, self._format(LOCKED)
            )
        for column, width in sheet.widths.items():
            otherwise = LOCKED if sheet.protected else ""
            style = self._format(sheet.columns.get(column, otherwise))
            unseen = {"hidden": column in sheet.unseen_columns}
            code = worksheet.set_column(column, column, width, style, unseen)
            done(code, "column", sheet.name)
        worksheet.fitted = frozenset(sheet.fitted)
        for row, height in {**sheet.heights, **sheet.fitted}.items():
            done(worksheet.set_row(row, height), "row", sheet.name)
        for validation in sheet.validations:
            _validate(worksheet, validation)
        for highlight in sheet.highlights:
            area = highlight.area
            options = {
                "type": "formula",
                "criteria": f"={highlight.formula}",
                "format": self._format(highlight.style),
            }
            done(
                worksheet.conditional_format(
                    area.row, area.column, area.last_row, area.last_column, options
                ),
                "highlight",
                area.address,
            )
        for note in sheet.notes:
            self.put(worksheet, note)
        for button in sheet.buttons:
            _button(worksheet, sheet, button)
        for chart in sheet.charts:
            self._chart(worksheet, chart)
        self._set_up(worksheet, sheet, self._password)

    def _block(self, worksheet: SheetWriter, block: FigureBlock) -> None:
        cells = _Figures(self._format(block.style))
        for row, contents in enumerate(block.rows, block.row):
            if _FIGURES.issuperset(map(type, contents)):
                known = [cells[content] for content in contents]
                done(worksheet.write_figures(row, block.column, known), "figures", row)
                continue
            for column, content in enumerate(contents, block.column):
                code = _put(worksheet, row, column, content, cells.form)
                done(code, "cell", f"{row}, {column}")

    def _chart(self, worksheet: SheetWriter, chart: PlacedChart) -> None:
        drawn = self._workbook.add_chart({"type": chart.kind})
        for series in chart.series:
            drawn.add_series(_series(chart, series))
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_legend(
            {"position": "bottom"} if len(chart.series) > 1 else {"none": True}
        )
        if chart.kind == "bar":  # the first label on top, as it is read
            drawn.set_y_axis({"reverse": True})
            drawn.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        else:
            drawn.set_y_axis({"num_format": COUNT})
        drawn.set_size({"width": chart.width, "height": chart.height})
        done(
            worksheet.insert_chart(chart.row, chart.column, drawn), "chart", chart.title
        )

    def draw(self, sheet: Sheet, place: SheetWriter) -> bytes | None:
        """A sheet of another book like this one, as it stands where that one does; None
        where it has a style that the book has not."""
        workbook = BookWriter(in_memory=True)
        workbook.str_table = self._workbook.str_table
        beside = _Writer(workbook, self._password)
        beside._formats = dict(self._formats)
        beside.sheet(sheet, keep=False)
        if beside._formats.keys() != self._formats.keys():
            return None
        return workbook.drawn_as(place)

    def _item(self, worksheet: SheetWriter, item: Item) -> None:
        if item.rows > 1 or item.columns > 1:
            last = (item.row + item.rows - 1, item.column + item.columns - 1)
            form = self._format(item.style)
            done(
                worksheet.merge_range(item.row, item.column, *last, "", form),
                "merge",
                item,
            )
        self.put(worksheet, item)

    def put(self, worksheet: SheetWriter, what: Item | Validation | Note) -> None:
        """A limit, a note, or what an item holds, into its first cell."""
        if isinstance(what, Validation):
            _validate(worksheet, what)
            return
        if isinstance(what, Note):
            _note(worksheet, what)
            return
        form = self._format(what.style)
        done(_put(worksheet, what.row, what.column, what.content, form), "cell", what)

    def _format(self, style: str) -> Format | None:
        if not style:
            return None
        if style not in self._formats:
            self._formats[style] = self._workbook.add_format(dict(properties(style)))
        return self._formats[style]

    @staticmethod
    def _set_up(worksheet: SheetWriter, sheet: Sheet, password: str) -> None:
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(sheet.pages_wide, sheet.pages_tall)
        if sheet.narrow:
            worksheet.set_margins(left=0.45, right=0.45, top=0.45, bottom=0.55)
        else:
            worksheet.set_margins(**MARGINS)
        worksheet.center_horizontally()
        worksheet.set_footer("&C第 &P 页  共 &N 页")
        if sheet.landscape:
            worksheet.set_landscape()
        if sheet.print_area:
            area = sheet.print_area
            worksheet.print_area(area.row, area.column, area.last_row, area.last_column)
        if sheet.repeat_rows:
            worksheet.repeat_rows(*sheet.repeat_rows)
        if sheet.repeat_columns:
            worksheet.repeat_columns(*sheet.repeat_columns)
        if sheet.freeze:
            worksheet.freeze_panes(*sheet.freeze)
        if sheet.filter:
            area = sheet.filter
            worksheet.autofilter(area.row, area.column, area.last_row, area.last_column)
        if not sheet.grid:
            worksheet.hide_gridlines(2)
        if sheet.protected:
            worksheet.protect(password, _ALLOWED)
        if sheet.hidden:
            worksheet.very_hidden()
        if sheet.page_breaks:
            worksheet.set_h_pagebreaks(list(sheet.page_breaks))
        worksheet.set_selection(*sheet.select, *sheet.select)


class _Figures(dict[Content, object]):
    """The cells of a block, each made once: most figures of most units are 0."""

    def __init__(self, form: Format | None) -> None:
        super().__init__()
        self.form = form

    def __missing__(self, content: Any) -> object:
        number = None if content is None else as_double(content)
        cell = self[content] = figure(number, self.form)
        return cell


_FIGURES = frozenset((Decimal, int, type(None)))


def _series(chart: PlacedChart, series: Series) -> dict[str, Any]:
    def absolute(area: Area) -> list[Any]:
        corners = (area.row, area.column, area.last_row, area.last_column)
        return [chart.sheet, *corners]

    return {
        "name": series.name,
        "categories": absolute(series.labels),
        "values": absolute(series.values),
        "gap": 60,
        "data_labels": {"value": True, "num_format": COUNT},
    }


def _put(
    worksheet: SheetWriter, row: int, column: int, content: Content, form: Format | None
) -> int:
    code: int
    match content:
        case None:
            code = worksheet.write_blank(row, column, None, form)
        case Formula(text=text, result=result):
            value = as_double(result) if isinstance(result, Decimal) else result
            if isinstance(value, str):
                value = stored_text(value) or EMPTY
            code = worksheet.write_formula(row, column, text, form, value)
        case Link(sheet=sheet, address=address, text=text):
            target = f"internal:'{sheet}'!{address}"
            code = worksheet.write_url(row, column, target, form, text)
        case str():
            if len(content) > MAX_TEXT:
                raise WorkbookError(f"a text of {len(content)} characters")
            text = storable(content)
            code = worksheet.write_string(row, column, text, form)
        case _:
            code = worksheet.write_number(row, column, as_double(content), form)
    return code


def _button(worksheet: SheetWriter, sheet: Sheet, button: Button) -> None:
    """XlsxWriter wants the size in pixels: 7 a character and 5 a column, 4 for 3 points."""
    area = button.area
    columns = range(area.column, area.last_column + 1)
    rows = range(area.row, area.last_row + 1)
    options = {
        "macro": button.macro,
        "caption": button.text,
        "width": sum(int(sheet.widths[column] * 7 + 5) for column in columns),
        "height": sum(int(sheet.heights[row] * 4 / 3) for row in rows),
    }
    code = worksheet.insert_button(area.row, area.column, options)
    done(code, "button", area.address)


def _note(worksheet: SheetWriter, note: Note) -> None:
    options = {"x_scale": 2.2, "y_scale": 1.4, "author": NOTED_BY}
    code = worksheet.write_comment(note.row, note.column, printable(note.text), options)
    done(code, "note", note.text)


def _validate(worksheet: SheetWriter, validation: Validation) -> None:
    area = validation.area
    options: dict[str, Any] = {
        "validate": validation.kind,
        "input_title": validation.title,
        "input_message": validation.prompt,
    }
    if validation.kind != "any":
        options |= {"error_title": "填写有误", "error_message": validation.error}
    if validation.kind == "list":
        options["source"] = list(validation.choices) or validation.formula
    elif validation.kind == "custom":
        options["value"] = validation.formula
    elif validation.kind != "any":
        options |= {
            "criteria": "between",
            "minimum": validation.minimum,
            "maximum": validation.maximum,
        }
    done(
        worksheet.data_validation(
            area.row, area.column, area.last_row, area.last_column, options
        ),
        "validation",
        area.address,
    )
