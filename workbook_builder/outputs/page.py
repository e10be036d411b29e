"""Web pages: one self-contained file each, every value escaped by the template engine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbook_builder.outputs.report import Report

#: The templates and their style sheet; they ship inside the package.
PAGES = Path(__file__).parent / "pages"
#: Pieces of a template that are written at a time, each a few words.
_PIECES = 1000


def page(template: str, /, *, within: Path = PAGES, **values: object) -> bytes:
    """The page as UTF-8. Texts must be printable (``model.text.printable``).

    ``within`` is the folder of the template, which may include those of ``PAGES``.
    """
    return _environment(within).get_template(template).render(**values).encode()


def parts(template: str, /, **values: object) -> Iterator[bytes]:
    """The same page, a part at a time: of very many lines, none need be in memory."""
    stream = _environment(PAGES).get_template(template).stream(**values)
    stream.enable_buffering(_PIECES)
    yield from (part.encode() for part in stream)


@cache
def _environment(within: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([within, PAGES]),
        autoescape=True,
        undefined=StrictUndefined,  # a misspelt name must not become an empty place
        trim_blocks=False,
        keep_trailing_newline=True,
    )


def html(report: Report) -> bytes:
    """The report as a page that needs nothing else and runs no script.

    Every figure names its labels (``headers``), so that a screen reader says them; wide
    tables scroll in a region of their own, which a keyboard can reach.
    """
    return page("report.html", report=report)
