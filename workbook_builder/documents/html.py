"""Web pages, by lxml: it mends what is broken as browsers do, in bounded depth."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from workbook_builder.documents.budget import DocumentBudget
from workbook_builder.documents.builder import Builder
from workbook_builder.documents.text import decoded
from workbook_builder.model.document import Document, DocumentFormat, Precision
from workbook_builder.model.errors import UnreadableFile

#: What nobody sees on the page.
_UNSEEN = {
    "head", "script", "style", "template", "noscript", "select", "textarea", "svg",
    "iframe", "object", "audio", "video", "math",
}  # fmt: skip
#: What stands in a line with its neighbours; all else begins a line of its own.
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del",
    "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "o:p", "q", "s", "samp",
    "small", "span", "st1:chsdate", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*+=\s*+[\"']?\s*+([\w-]+)", re.I)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BEGINNING = 16 * 1024

_Element = Any  # lxml publishes no types


def html_document(data: bytes) -> Document:
    """What the page shows. Raises UnreadableFile."""
    budget = DocumentBudget()
    if data.count(b"<") > budget.limits.tags:
        raise UnreadableFile("too_large", f"over {budget.limits.tags} elements")
    text = _XML_DECLARATION.sub("", decoded(data, _declared(data)), count=1)
    root = _parsed(text.replace("\0", ""))
    page = _Page(Builder(budget))
    if root is not None:
        page.walk(root)
    title = "" if root is None else _title(root)
    return Document(DocumentFormat.HTML, Precision.MARKUP, page.builder.blocks(), title)


def _parsed(text: str) -> _Element:
    # Text nodes, too, are bounded by libxml2 unless huge trees are asked for.
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except etree.ParserError:
        return None  # nothing but spaces
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableFile("damaged", f"HTML: {error}") from error


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:_BEGINNING])
    return found[1].decode("ascii", "replace") if found else ""


def _title(root: _Element) -> str:
    """As the page or the site's own marks say it."""
    for path in ("//meta[@name='ArticleTitle']/@content", "//title/text()"):
        said = [str(each).strip() for each in root.xpath(path)]
        if any(said):
            return next(each for each in said if each)
    return ""


class _Page:
    """Walks through the elements, telling the builder what begins and ends."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._in_row: list[bool] = []
        """For each open table, whether a row of it has begun."""
        self._cells: set[_Element] = set()

    def walk(self, root: _Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
                self._write(element.tail)
            elif _is_seen(element):
                self._start(element)
                self._write(element.text)
            else:
                walker.skip_subtree()

    def _start(self, element: _Element) -> None:
        match element.tag:
            case "br":
                self.builder.write("\n")
            case "table":
                self.builder.begin_table()
                self._in_row.append(False)
            case "tr" if self._in_row:
                self._begin_row()
            case "td" | "th" if self._in_row:
                if not self._in_row[-1]:
                    self._begin_row()
                self.builder.begin_cell(_span(element, "col"), _span(element, "row"))
                self._cells.add(element)
            case tag if tag not in _INLINE:
                self.builder.end_paragraph()

    def _begin_row(self) -> None:
        self.builder.begin_row()
        self._in_row[-1] = True

    def _end(self, element: _Element) -> None:
        match element.tag:
            case "table" if self._in_row and _is_seen(element):
                self.builder.end_table()
                self._in_row.pop()
            case "tr" if self._in_row:
                self._in_row[-1] = False
            case "td" | "th" if element in self._cells:
                self._cells.remove(element)
                self.builder.end_cell()
            case tag if tag not in _INLINE and tag != "br":
                self.builder.end_paragraph()

    def _write(self, text: str | None) -> None:
        if text:
            self.builder.write(_SPACE.sub(" ", text))


def _is_seen(element: _Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return False
    if element.get("hidden") is not None:
        return False
    return not _HIDDEN.search(element.get("style") or "")


def _span(element: _Element, kind: str) -> int:
    said = (element.get(f"{kind}span") or "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
