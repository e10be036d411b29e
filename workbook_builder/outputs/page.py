"""Web pages: one self-contained file each, every value escaped by the template engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

#: The templates and their style sheet; they ship inside the package.
PAGES = Path(__file__).parent / "pages"


def page(template: str, **values: object) -> bytes:
    """The page as UTF-8. Texts must be printable (``model.text.printable``)."""
    return _environment().get_template(template).render(**values).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,  # a misspelt name must not become an empty place
        trim_blocks=False,
        keep_trailing_newline=True,
    )
