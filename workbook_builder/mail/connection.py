"""What a sending and a receiving server have in common: trust, and what went wrong."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from workbook_builder.mail.settings import Security
from workbook_builder.model.errors import MailError


@dataclass(frozen=True, slots=True)
class Account:
    """A server and who we are there. ``ca_file`` is trusted besides the system's.

    ``timeout`` is in seconds. An empty ``user`` means that nobody logs in.
    """

    server: str
    port: int
    security: Security
    user: str = ""
    password: str = ""
    timeout: float = 60.0
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.security == "none" and self.user:
            raise MailError(
                f'“{self.server}”设的是不加密（security = "none"），密码会被别人看到，没有登录。'
                "请改为 tls 或 starttls；不用登录的内网服务器，请删掉 user。",
                f"{self.server} is set to no encryption, where anyone could read the "
                "password. Set security to tls or starttls; a relay without login "
                "needs no user.",
            )

    @property
    def where(self) -> str:
        return f"{self.server}:{self.port}"

    def context(self) -> ssl.SSLContext:
        """Certificates and names are verified, always. Raises MailError."""
        context = ssl.create_default_context()
        if self.ca_file is not None:
            try:
                context.load_verify_locations(self.ca_file)
            except (OSError, ssl.SSLError) as error:
                raise MailError(
                    f"证书文件“{self.ca_file}”无法读取，请检查 campaign.toml 里的 ca_file。",
                    f"{self.ca_file} (ca_file) cannot be read: {error}.",
                ) from None
        return context


def unreached(account: Account, error: Exception) -> MailError:
    """Why a server could not be reached or trusted, as a sentence."""
    where = account.where
    match error:
        case ssl.SSLCertVerificationError():
            return MailError(
                f"“{where}”的证书不可信（{error.verify_message}），没有登录，也没有发出任何内容。"
                "请核对服务器名；单位自建的邮件服务器，把它的证书存成文件，填在 ca_file。",
                f"The certificate of {where} is not to be trusted "
                f"({error.verify_message}); nothing was sent. Check the server's name; "
                "for a server of your own name its certificate in ca_file.",
            )
        case ssl.SSLError():
            return MailError(
                f"“{where}”在这个端口没有按 TLS 应答。请核对 port 和 security："
                "465、993 用 tls，587、143 用 starttls。",
                f"{where} does not speak TLS on this port. Check port and security: "
                "tls for 465 and 993, starttls for 587 and 143.",
            )
        case socket.gaierror():
            return MailError(
                f"找不到邮件服务器“{account.server}”。请检查网络，核对 campaign.toml。",
                f"There is no server {account.server}. Check the network and the name "
                "in campaign.toml.",
            )
        case ConnectionRefusedError():
            return MailError(
                f"“{where}”拒绝连接。请核对端口（port），或问网络管理员是否被防火墙拦住。",
                f"{where} refuses the connection. Check the port, or ask whether a "
                "firewall is in the way.",
            )
        case TimeoutError():
            return MailError(
                f"“{where}”在 {account.timeout:g} 秒内没有应答。请检查网络和端口，稍后再试。",
                f"{where} did not answer within {account.timeout:g} seconds. Check the "
                "network, the port and the firewall, and try later.",
            )
        case _:
            return MailError(
                f"和“{where}”的连接断了（{said(str(error))}）。请检查网络，稍后再试。",
                f"The connection to {where} broke ({said(str(error))}). Check the "
                "network and try later.",
            )


def no_starttls(account: Account) -> MailError:
    """The server cannot encrypt where it was asked to."""
    return MailError(
        f"“{account.where}”不提供 STARTTLS 加密，没有登录，也没有发出任何内容。"
        '请改用 security = "tls" 和对应的端口（465、993）。',
        f"{account.where} does not offer STARTTLS; nothing was sent. Use "
        'security = "tls" and its port (465, 993).',
    )


def not_let_in(account: Account, reply: str) -> MailError:
    """Wrong user or password."""
    return MailError(
        f"“{account.where}”不接受用户“{account.user}”的密码（{reply}）。QQ、163 等邮箱要用授权码，"
        "不是网页登录的密码，并要先在网页上开启 SMTP/IMAP 服务；见 docs/mail.md。",
        f"{account.where} does not accept the password of {account.user} ({reply}). "
        "QQ, 163 and others want an authorisation code, not the password of the web "
        "page; see docs/mail.md.",
    )


def said(reply: bytes | str) -> str:
    """A server's words in one line of at most 300 characters."""
    text = _decoded(reply) if isinstance(reply, bytes) else reply
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).strip()[:300]


def _decoded(reply: bytes) -> str:
    try:
        return reply.decode()
    except UnicodeDecodeError:
        return reply.decode("gb18030", "replace")
