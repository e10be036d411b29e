"""Which program this is, and which forms it knows: what is made by the same of the same
is the same.
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workbook_builder.definition.registry import Forms

#: What reads and writes besides this program's own text; some need not be there.
_LIBRARIES = (
    "cryptography",
    "jinja2",
    "lxml",
    "msgspec",
    "msoffcrypto-tool",
    "olefile",
    "pdfminer.six",
    "pdfplumber",
    "pyarrow",
    "pypdfium2",
    "python-calamine",
    "xlrd",
    "xlsxwriter",
    "zlib-ng",
)


@cache
def program() -> str:
    """A fingerprint of its own text, and of the versions of what it works with."""
    total = hashlib.sha256(platform.python_version().encode())
    for name in ("workbook-builder", *_LIBRARIES):
        total.update(f"{name} {_version(name)}\n".encode())
    for file in sorted(Path(__file__).parent.parent.rglob("*.py")):
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def definitions(forms: Forms) -> str:
    """A fingerprint of every form that is defined."""
    total = hashlib.sha256()
    for root in forms.roots:
        for file in sorted(root.rglob("*.toml")):
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
