"""Workbooks that Excel encrypted without anybody's wish: the module that knows msoffcrypto.

Where only the structure of a workbook or writing to it is protected, Excel encrypts the
whole file with a password that every program knows, and opens it without asking.
"""

from __future__ import annotations

import contextlib
import io

PASSWORD = "VelvetSweatshop"


def decrypted(data: bytes) -> bytes | None:
    """The workbook in it; None where another password is needed, or the library."""
    try:
        import msoffcrypto
    except ModuleNotFoundError:
        return None
    plain = io.BytesIO()
    with contextlib.suppress(MemoryError, Exception):  # it raises what it likes
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        office.load_key(password=PASSWORD, verify_password=True)
        office.decrypt(plain)
        return plain.getvalue()
    return None
