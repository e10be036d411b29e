"""A real IMAP server: Dovecot, as this test's own process, with its own configuration.

Works for root (the server then gives up its rights) and for anybody else.
"""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import re
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from tests.servers import HOST, PASSWORD, USER, certificates, free_port

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {place}/run
state_dir = {place}/run
log_path = {place}/log
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{place}/mail
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {place}/passwd
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={place}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass
class Dovecot:
    """``plain`` is the port for STARTTLS, ``tls`` the one that is encrypted at once."""

    place: Path
    plain: int
    tls: int

    def connected(self) -> imaplib.IMAP4_SSL:
        context = ssl.create_default_context(cafile=str(certificates().authority))
        box = imaplib.IMAP4_SSL(HOST, self.tls, ssl_context=context)
        box.login(USER, PASSWORD)
        return box

    def deliver(
        self, data: bytes, when: datetime | None = None, folder: str = "INBOX"
    ) -> None:
        """Puts a message into the mailbox as a server does: unread, with a time."""
        box = self.connected()
        at = imaplib.Time2Internaldate((when or datetime.now()).astimezone())
        status, said = box.append(folder, "", at, data)
        assert status == "OK", said
        box.logout()

    def end_sessions(self) -> None:
        """As if the network failed: every connection ends."""
        for pid in re.findall(r"mpid=(\d+)", (self.place / "log").read_text()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def flags(self, folder: str = "INBOX") -> list[str]:
        box = self.connected()
        box.select(folder, readonly=True)
        _, answer = box.fetch("1:*", "(FLAGS)")
        box.logout()
        return [item.decode() for item in answer if isinstance(item, bytes)]


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """The server, ready; it is gone afterwards with all its messages."""
    place = Path(mkdtemp(prefix="dovecot-"))
    server = Dovecot(place, free_port(), free_port())
    user, group = _who()
    files = certificates()
    text = _CONFIGURATION.format(
        place=place, certificate=files.certificate, key=files.key, user=user,
        group=group, plain=server.plain, tls=server.tls,
    )  # fmt: skip
    (place / "dovecot.conf").write_text(text)
    (place / "passwd").write_text(f"{USER}:{PASSWORD}::::::\n")
    for each in ("run", "mail"):
        (place / each).mkdir()
    if os.geteuid() == 0:
        for path in (place, *place.iterdir()):
            shutil.chown(path, user, group)
    program = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "the Debian package dovecot-imapd is missing"
    process = subprocess.Popen(
        [program, "-F", "-c", str(place / "dovecot.conf")],
        stdout=subprocess.DEVNULL,
        stderr=(place / "stderr").open("wb"),
    )
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(place, ignore_errors=True)


def _who() -> tuple[str, str]:
    """Root gives up its rights; the server insists."""
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            server.connected().logout()
        except OSError:
            time.sleep(0.05)
        else:
            return
    logs = [server.place / name for name in ("stderr", "log")]
    said = "\n".join(log.read_text() for log in logs if log.exists())
    raise AssertionError(f"Dovecot does not start:\n{said}")
