"""The seal of a roll-up: Ed25519 over its stamp and its figures. Pure.

The level above knows nobody's secret. It agrees to a district's public key once, and
then knows that a sum is that district's, and as it was added up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from workbook_builder.model.errors import MissingExtra
from workbook_builder.model.stamp import Stamp
from workbook_builder.model.values import Value, plain


def sealed(stamp: Stamp, figures: Mapping[str, Value], secret: str) -> Stamp:
    """The stamp with the seal that a secret of any length gives it; as it is where there
    is no secret. Raises MissingExtra."""
    if not secret:
        return stamp
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        raise MissingExtra("seal") from None
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())
    stamp = replace(stamp, public_key=key.public_key().public_bytes_raw().hex())
    return replace(stamp, seal=key.sign(_sealed(stamp, figures)).hex())


def fits(stamp: Stamp, figures: Mapping[str, Value]) -> bool:
    """Whether whoever has the secret of its public key sealed this stamp with these
    figures. Raises MissingExtra."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise MissingExtra("seal") from None
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(stamp.public_key))
        key.verify(bytes.fromhex(stamp.seal), _sealed(stamp, figures))
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """A public key as two people read it to each other: ``1a2b-3c4d-5e6f-7a8b``; empty
    for none."""
    if not public_key:
        return ""
    digest = hashlib.sha256(public_key.encode()).hexdigest()
    return "-".join(digest[at : at + 4] for at in range(0, 16, 4))


def _sealed(stamp: Stamp, figures: Mapping[str, Value]) -> bytes:
    said = [f"{key}={value}" for key, value in replace(stamp, seal="").entries.items()]
    said += [
        f"{id_}={plain(value.number)}"
        for id_, value in sorted(figures.items())
        if value.number is not None
    ]
    return "\x1f".join(said).encode()
