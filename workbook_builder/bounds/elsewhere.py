"""The only module that knows fsspec: files that lie elsewhere than on a disk of ours.

``s3://bucket/folder``, ``hdfs://…``, ``sftp://…``: whatever fsspec reads with what it is
told by its own settings and by the environment. It comes with the extra ``cluster``.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbook_builder.model.errors import CampaignError

#: What says when a file was written, by kind of place.
_TIMES = ("LastModified", "mtime", "last_modified", "created")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A file by its address."""

    url: str

    def opened(self, most: int) -> tuple[float, int, bytes]:
        """Its time in seconds (0 where nobody says), its size, and its bytes, unless
        they are more than ``most``. Raises OSError."""
        try:
            place, path = _place(self.url)
            about = place.info(path)
            size = int(about["size"] or 0)
            data: bytes = place.cat_file(path) if size <= most else b""
        except OSError:
            raise
        except Exception as error:  # what each kind of place has of its own
            raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from None
        return _time(about), size, data

    def __reduce__(self) -> tuple[Callable[[str], Elsewhere], tuple[str]]:
        return _received, (self.url,)


def _received(url: str) -> Elsewhere:
    """Whoever is sent one loads what reads there, before time is measured: a worker of
    a cluster, that is, before the processes that read are forked from it."""
    with suppress(Exception):
        _place(url)
    return Elsewhere(url)


def is_elsewhere(path: str) -> bool:
    return "://" in path


def below(url: str) -> list[tuple[str, Elsewhere]]:
    """Every file below an address, by its name from there, in the order of names.

    Raises CampaignError where nobody can look there.
    """
    try:
        place, root = _place(url)
        found = sorted(place.find(root))
    except CampaignError:
        raise
    except Exception as error:  # what each kind of place has of its own
        raise CampaignError(
            f"“{url}”无法读取（{error}）。请核对地址、网络和访问权限，再试一次。",
            f"Cannot look into {url}: {error}",
        ) from None
    start = len(root.rstrip("/")) + 1
    return [(path[start:], Elsewhere(place.unstrip_protocol(path))) for path in found]


def _place(url: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise CampaignError(
            f"读“{url}”需要的程序库没有安装，请先运行：pip install "
            "'workbook-builder[cluster]'",
            f"{url} needs: pip install 'workbook-builder[cluster]'",
        ) from None
    place, path = fsspec.core.url_to_fs(url)
    return place, str(path)


def _time(about: dict[str, Any]) -> float:
    for name in _TIMES:
        said = about.get(name)
        if isinstance(said, datetime):
            return said.timestamp()
        if isinstance(said, int | float):
            return float(said)
    return 0.0
