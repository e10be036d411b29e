"""The ``[mail]`` part of ``campaign.toml``: servers and senders, never a password."""

from __future__ import annotations

from typing import Literal

import msgspec

Security = Literal["tls", "starttls", "none"]

#: The usual ports of a sending and of a receiving server, by security.
SMTP_PORTS: dict[Security, int] = {"tls": 465, "starttls": 587, "none": 25}
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "none": 143}


class ImapSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[mail.imap]``: where answers arrive. Empty means as under ``[mail]``.

    ``largest_mb`` is the size in MiB above which a message is named, not fetched.
    """

    server: str
    port: int = 0
    security: Security = "tls"
    user: str = ""
    folder: str = "INBOX"
    largest_mb: int = 60


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[mail]``, key by key.

    ``pace`` is messages a minute (0: no pause), ``timeout`` is in seconds.
    ``ca_file`` names certificates to trust besides those of the system, for an office
    with a certificate authority of its own; it is taken from the campaign folder.
    """

    server: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    pace: int = 20
    timeout: float = 60.0
    ca_file: str = ""
    imap: ImapSettings | None = None

    @property
    def address(self) -> str:
        """The address messages come from."""
        return self.sender or self.user
