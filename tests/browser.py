"""The system's Chromium, headless, for tests that look at published pages.

`require()` gives a browser or skips; with the environment variable CI set a missing one
fails the test instead. Nothing is downloaded: browser and driver are Debian packages.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import functools
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


class Browser:
    """One window. Sizes are CSS pixels."""

    def __init__(self, chromium: str, driver: str) -> None:
        options = Options()
        options.binary_location = chromium
        for argument in (
            *("--headless=new", "--no-sandbox", "--disable-gpu"),
            *("--disable-dev-shm-usage", "--hide-scrollbars", "--lang=zh-CN"),
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self._chrome = Chrome(options, Service(driver))
        self._chrome.set_page_load_timeout(60)
        atexit.register(self._chrome.quit)

    def open(self, file: Path, width: int = 1200, dark: bool = False) -> None:
        """Opens the page as on a screen of that width."""
        self.visit(file.as_uri(), width, dark=dark)

    def visit(
        self, address: str, width: int = 1200, height: int = 900, dark: bool = False
    ) -> None:
        """Opens an address in the same way."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": width < 600,
            },
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", {"features": [scheme]})
        self._chrome.get(address)

    def tell(self, command: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """A command of the DevTools protocol."""
        return self._chrome.execute_cdp_cmd(command, dict(arguments or {}))

    def ask(self, script: str) -> Any:
        """What a script of the test's own returns; pages have none."""
        return self._chrome.execute_script(script)

    def click(self, selector: str) -> None:
        self._chrome.find_element("css selector", selector).click()

    def type(self, selector: str, text: str) -> None:
        """Types into a field, in place of what stands there; file names into one for
        files."""
        field = self._chrome.find_element("css selector", selector)
        if field.get_attribute("type") != "file":
            field.clear()
        field.send_keys(text)

    def drop(self, selector: str, files: Sequence[Path]) -> None:
        """Files dragged from the system onto a place of the page."""
        place = self._chrome.find_element("css selector", selector)
        self._chrome.execute_script("arguments[0].scrollIntoView()", place)
        box = self._chrome.execute_script(
            "const r = arguments[0].getBoundingClientRect();"
            "return [r.left + r.width / 2, r.top + 12]",
            place,
        )
        data = {"items": [], "files": list(map(str, files)), "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.tell(
                "Input.dispatchDragEvent",
                {"type": kind, "x": box[0], "y": box[1], "data": data},
            )

    def until(self, script: str, seconds: float = 60) -> Any:
        """What the script returns as soon as that is something."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            with contextlib.suppress(WebDriverException):  # between two pages
                if found := self.ask(f"return {script}"):
                    return found
            time.sleep(0.05)
        raise AssertionError(
            f"never came: {script}\n{self.ask('return document.body.innerText')}"
        )

    def press(self, key: str, code: int) -> None:
        """A key, as from the keyboard; ``code`` is its Windows virtual key code."""
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        for kind in ("rawKeyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", {"type": kind, **pressed})

    def complaints(self) -> Sequence[str]:
        """What the browser wrote to its console since it was last asked."""
        log: list[dict[str, str]] = self._chrome.execute("getLog", {"type": "browser"})[
            "value"
        ]
        return [entry["message"] for entry in log]

    def picture(self) -> bytes:
        """The whole page as PNG."""
        shot = self.tell("Page.captureScreenshot", {"captureBeyondViewport": True})
        return base64.b64decode(shot["data"])

    def printed(self) -> bytes:
        """The page as PDF, as the print dialogue makes it."""
        asked = {"preferCSSPageSize": True, "printBackground": False}
        return base64.b64decode(self.tell("Page.printToPDF", asked)["data"])

    def accessible(self) -> list[dict[str, Any]]:
        """The accessibility tree as (role, name, …), without what is left out of it."""
        nodes = self.tell("Accessibility.getFullAXTree")["nodes"]
        return [
            {
                "role": node.get("role", {}).get("value", ""),
                "name": node.get("name", {}).get("value", ""),
                "id": node["nodeId"],
                "parent": node.get("parentId", ""),
            }
            for node in nodes
            if not node.get("ignored")
        ]


@functools.cache
def _browser() -> Browser | None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return Browser(chromium, driver) if chromium and driver else None


def require() -> Browser:
    """The browser; skips where it isn't installed, but fails where CI is set."""
    browser = _browser()
    if browser is not None:
        return browser
    message = "chromium and chromium-driver are not installed"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
