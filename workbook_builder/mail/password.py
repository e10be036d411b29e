"""Passwords: from the environment or the system's keyring, never from a file.

The one module that knows ``keyring``, which is an extra.
"""

from __future__ import annotations

import os

from workbook_builder.model.errors import MailError

SERVICE = "workbook-builder"
VARIABLE = "WORKBOOK_BUILDER_MAIL_PASSWORD"


def password(user: str, server: str) -> str:
    """Raises MailError that says how to give one."""
    given = os.environ.get(VARIABLE, "")
    return given or _kept(user, server)


def keep(user: str, server: str, secret: str) -> None:
    """Puts a password into the system's keyring. Raises MailError where it cannot."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise _no_keyring() from None
    try:
        keyring.set_password(_service(server), user, secret)
    except keyring.errors.KeyringError as error:
        raise MailError(
            f"系统密码库不能用（{error}）。可以改用环境变量 {VARIABLE}。",
            f"The system's keyring cannot be used ({error}). Set the environment "
            f"variable {VARIABLE} instead.",
        ) from None


def _kept(user: str, server: str) -> str:
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise _no_keyring() from None
    try:
        secret = keyring.get_password(_service(server), user)
    except keyring.errors.KeyringError:
        secret = None
    if not secret:
        raise MailError(
            f"没有“{user}”在“{server}”的密码（授权码）。"
            f"运行 workbook-builder mail 任务文件夹 password 存进系统密码库，"
            f"或者设环境变量 {VARIABLE}。",
            f"There is no password of {user} at {server}. Run “workbook-builder mail "
            f"DIR password” to keep it in the system's keyring, or set {VARIABLE}.",
        )
    return secret


def _service(server: str) -> str:
    return f"{SERVICE} {server}"


def _no_keyring() -> MailError:
    return MailError(
        "系统密码库需要 keyring。请运行 pip install 'workbook-builder[mail]'，"
        f"或者设环境变量 {VARIABLE}。",
        "The system's keyring needs keyring: pip install 'workbook-builder[mail]', or "
        f"set {VARIABLE}.",
    )
