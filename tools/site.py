"""Builds the documentation as a small site, and fails on a link that leads nowhere.

``python -m tools.site [FOLDER]`` lays the pages of the repository out as they lead to one
another, the Chinese README first, and has MkDocs build them (``mkdocs.yml``). Nothing is
fetched, neither to build the site nor to read it; it opens from a folder.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONFIG = ROOT / "mkdocs.yml"
#: What pages lead to, beside themselves.
PARTS = ("docs", "macros", "examples", "benchmarks/results", "templates")
KINDS = {".md", ".png", ".webp", ".py", ".bas", ".toml", ".sh"}
PAGES = ("CONTRIBUTING.md", "CHANGELOG.md")
#: A page at the top → what it is called on the site, where only one may be the first.
RENAMED = {"README.zh-CN.md": "index.md", "README.md": "README.en.md"}


def laid_out(place: Path) -> None:
    """Copies the pages and what they lead to."""
    place.mkdir()
    for part in PARTS:
        for file in sorted((ROOT / part).rglob("*")):
            if file.suffix in KINDS:
                target = place / file.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
    for name in PAGES:
        shutil.copyfile(ROOT / name, place / name)
    for name, new in RENAMED.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        for old, other in RENAMED.items():
            text = text.replace(f"]({old})", f"]({other})")
        (place / new).write_text(text, encoding="utf-8")


def site(folder: Path) -> None:
    """Builds the site into a folder. Raises CalledProcessError, with what MkDocs said, on
    any warning: a dead link, a page that stands nowhere."""
    with tempfile.TemporaryDirectory() as place:
        laid_out(Path(place) / "pages")
        shutil.copyfile(CONFIG, Path(place) / CONFIG.name)
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict"]
        where = ["--config-file", f"{place}/{CONFIG.name}", "--site-dir", str(folder)]
        subprocess.run([*mkdocs, *where], check=True)


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site")
    site(folder.resolve())
    print(f"wrote {folder / 'index.html'}")


if __name__ == "__main__":
    main()
