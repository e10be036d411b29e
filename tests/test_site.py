"""The documentation as a site: every link leads somewhere, and nothing is fetched to read it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tools import site

#: What a browser fetches by itself, by whatever address.
FETCHED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*?\bsrc=\"?([^\"\s>]+)"
    r"|<link\b[^>]*?\bhref=\"?([^\"\s>]+)"
)


def test_the_site_is_built_and_fetches_nothing(tmp_path: Path) -> None:
    site.site(tmp_path)
    pages = sorted(tmp_path.rglob("*.html"))
    assert {"index", "manual", "unit", "architecture"} <= {page.stem for page in pages}
    for page in pages:
        for found in FETCHED.findall(page.read_text(encoding="utf-8")):
            address = "".join(found)
            assert not re.match(r"(https?:)?//", address), f"{page}: {address}"
    for style in tmp_path.rglob("*.css"):
        assert not re.search(r"(url\(|@import )\W*(https?:)?//", style.read_text())


def test_a_link_that_leads_nowhere_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "README.md").write_text("[x](index.md#nowhere)", encoding="utf-8")
    (tmp_path / "README.zh-CN.md").write_text("# a", encoding="utf-8")
    config = site.CONFIG.read_text(encoding="utf-8").partition("\nnav:")[0]
    (tmp_path / site.CONFIG.name).write_text(config, encoding="utf-8")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "CONFIG", tmp_path / site.CONFIG.name)
    monkeypatch.setattr(site, "PARTS", ())
    monkeypatch.setattr(site, "PAGES", ())
    with pytest.raises(subprocess.CalledProcessError):
        site.site(tmp_path / "site")
    (tmp_path / "README.md").write_text("[x](index.md#a)", encoding="utf-8")
    site.site(tmp_path / "site")
