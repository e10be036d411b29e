"""A file is read once for its fingerprint, as long as somebody asks and it stays as it is."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from workbook_builder.campaign.digests import Digests


def test_each_is_read_once_until_it_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbook_builder.campaign.digests._FRESH", -60)
    within, beside = tmp_path / "inbox" / "a", tmp_path / "inbox2"
    within.parent.mkdir()
    read: list[str] = []
    digest = hashlib.file_digest

    def told(stream, name):  # type: ignore[no-untyped-def]
        read.append(Path(stream.name).name)
        return digest(stream, name)

    monkeypatch.setattr("workbook_builder.campaign.digests.hashlib.file_digest", told)
    digests = Digests()
    for file in (within, beside):
        file.write_bytes(b"1")
    for _ in range(2):
        assert {digests.of(each) for each in (within, beside)} == {
            hashlib.sha256(b"1").hexdigest()
        }
    assert read == ["a", "inbox2"]
    digests.forget(within.parent)
    digests.of(within)
    digests.of(beside)
    assert read == ["a", "inbox2", "a"]
    before = beside.stat()
    beside.write_bytes(b"2")
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert digests.of(beside) == hashlib.sha256(b"2").hexdigest()
