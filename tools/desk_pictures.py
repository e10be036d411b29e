"""The pictures of ``docs/desk.md``: the desk's pages on a screen of 1366×768, with the demo
in a folder of its own. Taken with all others by ``python -m tools.pictures``.
"""

from __future__ import annotations

import base64
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests import browser
from workbook_builder.desk.serving import serve
from workbook_builder.pipeline.demonstrating import demo

NAME = "演示任务"
#: Picture → the page.
PAGES = {
    "desk-1-receive": "receive",
    "desk-2-review": "review",
    "desk-3-unit": "unit?code=BS07",
    "desk-4-totals": "totals",
    "desk-5-report": "report",
}


def take(folder: Path) -> list[Path]:
    """Writes the pictures into a folder; needs Chromium."""
    drawn = []
    window, links = browser.require(), list[str]()
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "任务"
        home.mkdir()
        demo(home / NAME)
        threading.Thread(
            target=serve, args=(home, "zh", links.append), daemon=True
        ).start()
        while not links:
            time.sleep(0.1)
        window.visit(links[0], 1366, 768)
        for picture, page in PAGES.items():
            address = f"http://{urlsplit(links[0]).netloc}/c/{quote(NAME)}/{page}"
            window.visit(address, 1366, 768)
            window.until("!document.querySelector('.job')")
            shot = window.tell(
                "Page.captureScreenshot", {"format": "webp", "quality": 60}
            )
            file = folder / f"{picture}.webp"
            file.write_bytes(base64.b64decode(shot["data"]))
            drawn.append(file)
        window.click("form[action='/quit'] button")
        window.until("document.title === '已退出'")
    return drawn
