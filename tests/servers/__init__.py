"""Real mail servers on loopback ports: aiosmtpd takes messages, Dovecot keeps them."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import trustme

HOST = "localhost"
USER, PASSWORD = "zwgk@example.cn", 'abcd efgh"1234'


@dataclass(frozen=True)
class Certificates:
    """Files of a certificate authority of our own and of a server it vouches for."""

    authority: Path
    certificate: Path
    key: Path


@cache
def certificates(name: str = HOST) -> Certificates:
    """Of a server of that name; made once, removed by nobody: they are of no worth."""
    place = Path(mkdtemp(prefix="certificates-"))
    place.chmod(0o755)  # the server may be somebody else
    authority = trustme.CA()
    issued = authority.issue_cert(name, "127.0.0.1")
    made = Certificates(place / "ca.pem", place / "cert.pem", place / "key.pem")
    authority.cert_pem.write_to_path(made.authority)
    made.certificate.write_bytes(b"".join(b.bytes() for b in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(made.key)
    made.key.chmod(0o644)
    return made


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
