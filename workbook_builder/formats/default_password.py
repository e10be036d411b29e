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
        from msoffcrypto.format.ooxml import OOXMLFile
    except ModuleNotFoundError:
        return None
    plain = io.BytesIO()
    with contextlib.suppress(MemoryError, Exception):  # it raises what it likes
        office = msoffcrypto.OfficeFile(io.BytesIO(data))
        # An .xls proves the password in any case, and has no word for it.
        proof = {"verify_password": True} if isinstance(office, OOXMLFile) else {}
        office.load_key(password=PASSWORD, **proof)
        office.decrypt(plain)
        return plain.getvalue()
    return None
