"""The desk: a year of a campaign in a real browser, by clicks, keys and dropped files;
and everybody who must not get in.

One desk serves all tests of this file: what comes first makes what comes after it.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests import browser
from workbook_builder import pipeline
from workbook_builder.bounds.limits import WORKBOOK
from workbook_builder.campaign.alone import alone
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.place import SETTINGS
from workbook_builder.campaign.roster_book import roster_book
from workbook_builder.definition.registry import Forms
from workbook_builder.desk import guard, home, serving
from workbook_builder.desk.guard import TYPED, AsgiMessage, Gate, Guard, Scope, Send
from workbook_builder.desk.home import Home
from workbook_builder.desk.jobs import Errand, ErrandState, Notice
from workbook_builder.desk.serving import RUNNING, serve
from workbook_builder.desk.words import PLACES, for_the_desk
from workbook_builder.model.errors import CampaignError
from workbook_builder.model.period import Period
from workbook_builder.model.text import Text
from workbook_builder.model.values import grouped
from workbook_builder.pipeline import Built, Progress, begin, build, collect, to_json
from workbook_builder.pipeline.demonstrating import fill_in, sample
from workbook_builder.workbook.write import write

NAME = "演示区 2021年报"
FORM, DEMO = sample(Forms.shipped(), "")
SCREEN = 1366, 768
#: A cell that several units have a figure for.
CELL = "applications.received.natural"


@dataclass
class Running:
    """A desk that runs, and the links that it was opened with."""

    home: Path
    links: list[str]
    found: dict[str, Any] = field(default_factory=dict)
    """What ``collect --json`` says, as the pages last showed it."""

    @property
    def host(self) -> str:
        return urlsplit(self.links[0]).netloc

    def url(self, page: str) -> str:
        return f"http://{self.host}/c/{quote(NAME)}/{page}"

    @property
    def folder(self) -> Folder:
        return Folder(self.home / NAME)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("desk")
    running = Running(home, [])
    thread = threading.Thread(
        target=serve, args=(home, "zh", running.links.append), daemon=True
    )
    thread.start()
    wait_for(lambda: bool(running.links))
    yield running
    if thread.is_alive():
        with_cookie(running, "POST", "/quit", {"Origin": f"http://{running.host}"})
        thread.join(20)
    assert not thread.is_alive()
    assert not (home / RUNNING).exists()


def wait_for(found: object, seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not found():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.02)


# ---------------------------------------------------------------- a year
#
# The pages of the year come first: all that follows looks at what they made.


@pytest.fixture(scope="module")
def window(desk: Running) -> browser.Browser:
    opened = browser.require()
    serve(desk.home, show=desk.links.append)
    opened.visit(desk.links[-1], *SCREEN)
    return opened


def go(window: browser.Browser, step: str) -> None:
    """By the step at the top of the page; waits until nothing is worked on."""
    window.click(f".steps a[href$='/{step}']")
    settled(window, f"location.pathname.endsWith('/{step}')")


def settled(window: browser.Browser, script: str = "true") -> None:
    window.until(
        "document.readyState === 'complete' && "
        f"!document.querySelector('.job') && ({script})"
    )


def told(window: browser.Browser, words: str) -> None:
    """Waits until the page says so of what was done."""
    said = "document.querySelector('.notices')?.innerText.includes"
    settled(window, f"{said}({words!r})")


def text(window: browser.Browser, selector: str) -> str:
    return str(window.ask(f"return document.querySelector({selector!r}).innerText"))


def shown(window: browser.Browser) -> dict[str, str]:
    """Cell id → the figure that the tables of the page show."""
    found = window.ask(
        "return [...document.querySelectorAll('[data-cell]')].map(e => "
        "[e.dataset.cell, (e.querySelector('a:not(.mark), span') || {}).innerText])"
    )
    return dict(found)


@pytest.mark.engine
def test_a_new_campaign_and_its_roster(
    desk: Running, window: browser.Browser, tmp_path: Path
) -> None:
    window.type("[name=name]", NAME)
    window.type("form[action='/new'] [name=period]", DEMO.period)
    window.type("[name=district]", DEMO.district)
    window.click("form[action='/new'] button.primary")
    settled(window, "document.querySelector('[name=deadline]')")
    assert desk.folder.campaign().district == DEMO.district
    window.type("[name=contact]", "经办人")
    window.click("form.fields button.primary")
    told(window, "设置已保存")
    assert desk.folder.campaign().contact == "经办人"

    go(window, "roster")
    wrong = tmp_path / "名录.csv"
    wrong.write_text("单位代码,单位名称,上级代码\nA,甲局,B\n", "utf-8")
    window.drop("[data-drop]", [wrong])
    window.until("document.querySelector('.uploads .bad')")
    assert "不在名录里" in text(window, ".uploads")
    assert len(window.complaints()) == 1  # that it was refused
    right = tmp_path / "单位名录.xlsx"
    right.write_bytes(write(roster_book(DEMO.roster, FORM)))
    window.drop("[data-drop]", [right])
    last = DEMO.units[-1].name
    settled(window, f"document.querySelector('.tree')?.innerText.includes('{last}')")
    assert desk.folder.roster().units == DEMO.roster.units

    window.click("main details > summary")
    window.type("tbody tr:nth-child(2) [name=emails]", "a@example.cn")
    window.click("main details button.primary")
    told(window, "名录已保存")
    assert desk.folder.roster().units[1].emails == ("a@example.cn",)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each workbook takes long enough for a page to show how far the work is."""

    def slow(folder: Folder, progress: Progress) -> Built:
        def told(done: int, of: int) -> None:
            time.sleep(0.15)
            progress(done, of)

        return build(folder, told)

    monkeypatch.setattr(pipeline, "build", slow)
    monkeypatch.setattr(home, "PATIENCE", 0.1)


@pytest.mark.engine
@pytest.mark.usefixtures("slowly")
def test_workbooks_are_built_while_the_page_says_how_far(
    desk: Running, window: browser.Browser
) -> None:
    go(window, "send")
    window.click("form[action$='/build'] button")
    window.until("document.querySelector('progress')?.value > 0")
    window.click("form[action$='/stop'] button")
    told(window, "已停止")
    assert len(list(desk.folder.outbox.glob("*.xlsx"))) < len(DEMO.units)

    window.click("form[action$='/build'] button")
    window.until("document.querySelector('progress')?.value > 0")
    window.visit("about:blank", *SCREEN)  # the window is closed, and the work goes on
    window.visit(desk.url("send"), *SCREEN)
    told(window, f"生成 {len(DEMO.units)} 份报送表")
    assert len(list(desk.folder.outbox.glob("*.xlsx"))) == len(DEMO.units)


@pytest.mark.engine
def test_what_is_dropped_gets_its_verdict_and_is_added_up(
    desk: Running, window: browser.Browser, tmp_path: Path
) -> None:
    other = tmp_path / "c"
    (other / "inbox").mkdir(parents=True)
    for name in (SETTINGS, "roster.xlsx"):
        (other / name).write_bytes((desk.folder.path / name).read_bytes())
    fill_in(FORM, Folder(other), DEMO)
    files = sorted((other / "inbox").iterdir())

    go(window, "receive")
    window.drop("[data-drop]", files)
    window.until("document.querySelectorAll('.uploads .tag').length > 2")
    settled(window, f"document.querySelectorAll('tbody tr').length === {len(files)}")
    assert "结果文件已更新" in text(window, ".notices")
    assert {p.name: p.read_bytes() for p in desk.folder.inbox.iterdir()} == {
        p.name: p.read_bytes() for p in files
    }
    collected(desk, window)


def collected(desk: Running, window: browser.Browser) -> None:
    """Each figure and state on the pages is that of ``collect --json``."""
    found = desk.found = to_json(collect(desk.folder))
    top = DEMO.root.code
    go(window, "totals")
    sums = {
        id_: grouped(Decimal(said))
        for id_, said in found["nodes"][top]["totals"].items()
    }
    assert shown(window) == sums
    window.visit(f"{desk.url('totals')}?unit={top}", *SCREEN)
    assert shown(window) == sums
    go(window, "review")
    rows = window.ask(
        "return [...document.querySelectorAll('[data-unit]')].map(e => "
        "[e.dataset.unit, e.dataset.state])"
    )
    stands = ("accepted", "rejected", "needs_explanation")
    states = dict.fromkeys((unit.code for unit in DEMO.units), "missing")
    for each in found["files"]:
        if each["verdict"] in stands:
            states[each["unit"]["code"]] = each["verdict"]
    assert dict(rows) == states


@pytest.mark.engine
def test_a_return_is_shown_as_it_came_and_decided_on(
    desk: Running, window: browser.Browser
) -> None:
    go(window, "review")
    window.click("[data-state=rejected] a")
    settled(window)
    code = window.ask("return new URLSearchParams(location.search).get('code')")
    (own,) = [e for e in desk.found["files"] if e["unit"]["code"] == code]
    cells = shown(window)
    for id_, fact in own["facts"].items():
        number = fact["state"] == "number"
        assert cells[id_] == (
            grouped(Decimal(fact["value"])) if number else fact["value"]
        )
    findings = text(window, ".findings")
    for each in own["findings"]:
        assert each["message"] in findings
        assert window.ask(
            f"return !!document.querySelector('[data-cell=\"{each['cell']}\"] .mark')"
        )

    window.click("button[value=accept]")  # without a reason nothing is sent
    assert window.ask("return document.activeElement.name") == "why"
    window.type(".decide [name=why]", "已经核对原始台账")
    window.click("button[value=accept]")
    told(window, "同意计入")
    assert "通过" in text(window, ".head")
    collected(desk, window)

    window.visit(f"{desk.url('unit')}?code={code}", *SCREEN)
    window.click("form[action$='/withdraw'] button")
    told(window, "已撤回")
    assert "退回" in text(window, ".head")


@pytest.mark.engine
def test_a_total_leads_to_its_files_and_the_report_is_made(
    desk: Running, window: browser.Browser
) -> None:
    go(window, "totals")
    assert "结果文件（汇总.xlsx 等）还是以前的" in text(window, "main")
    window.click(f"[data-cell='{CELL}'] a")
    settled(window)
    assert "以后又有变化" in text(window, "main")
    window.click("form[action$='/collect'] button")
    told(window, "结果文件已更新")
    sums, cell = shown(window), CELL
    window.click(f"[data-cell='{cell}'] a")
    settled(window)
    assert text(window, "[data-total]") == sums[cell]
    parts = window.ask(
        "return [...document.querySelectorAll('td.number')].map(e => e.innerText)"
    )
    added = sum((Decimal(each.replace(",", "")) for each in parts), Decimal(0))
    assert grouped(added) == sums[cell]

    go(window, "report")
    assert shown(window) == sums
    window.type("textarea", "本级工作总体平稳。")
    window.click("form[action$='/texts'] button.primary")
    told(window, "文字已保存")
    assert "本级工作总体平稳。" in (desk.folder.path / "报告文字.txt").read_text(
        "utf-8-sig"
    )
    window.click("form[action$='/report'] button.primary")
    settled(window, "document.querySelector('.files')")
    (page,) = (desk.folder.results / "报告").glob("*.html")
    assert "本级工作总体平稳。" in page.read_text("utf-8")
    window.visit(
        f"{desk.url('file')}?path=results/{quote('报告')}/{quote(page.name)}", *SCREEN
    )
    assert "主动公开政府信息情况" in text(window, "body")
    assert not window.complaints()


@pytest.mark.engine
def test_letters_are_drafted_and_a_unit_is_given_time(
    desk: Running, window: browser.Browser
) -> None:
    window.visit(desk.url("review"), *SCREEN)
    window.click("a[href*='occasion=return']")
    settled(window)
    assert "名录里没有邮箱" not in text(window, "main")
    window.click("form[action$='/mail'] button")
    told(window, "草稿")

    missing = next(unit.code for unit in DEMO.units if unit.missing)
    window.visit(f"{desk.url('unit')}?code={missing}", *SCREEN)
    window.click("details:has([name=until]) summary")
    window.type("[name=by]", "王主任")
    window.type("details [name=why]", "机构刚刚成立，数字尚未交接")
    window.click("button[formaction]")
    told(window, "免报")
    assert "免报" in text(window, ".head")


@pytest.mark.engine
def test_the_letter_is_written_and_publications_are_noted(
    desk: Running, window: browser.Browser, tmp_path: Path
) -> None:
    go(window, "circular")
    window.click("form[action$='/circular'] button")
    told(window, "通报已生成")
    assert list((desk.folder.results / "通报").glob("*.docx"))
    go(window, "published")
    first, second = DEMO.units[:2]
    table = tmp_path / "清单.csv"
    table.write_text(
        "单位,公布网址,公布日期\n"
        f"{first.code},https://example.cn/1,2022-01-20\n"
        f"{second.code},https://example.cn/2,2022-01-20\n",
        "utf-8",
    )
    window.drop("[data-drop]", [table])
    settled(window, "document.querySelectorAll('tbody a').length === 2")
    window.click("tbody form button")
    settled(window, "document.querySelectorAll('tbody a').length === 1")


@pytest.mark.engine
def test_the_next_year_takes_along_what_this_one_leaves(
    desk: Running, window: browser.Browser
) -> None:
    window.visit(f"http://{desk.host}/", *SCREEN)
    window.click("[name=from] option")
    window.type("section:has([name=from]) [name=name]", "下一年")
    window.click("section:has([name=from]) button")
    told(window, "已建好“下一年”")
    new = Folder(desk.home / "下一年")
    assert new.campaign().period == desk.folder.campaign().period.later(1)
    assert new.roster().by_code.keys() == desk.folder.roster().by_code.keys()
    assert new.last_period()


# ---------------------------------------------------------------- for everybody

PAGES = (
    "settings",
    "roster",
    "send",
    "receive",
    "review",
    "unit?code=",
    "mail?occasion=remind",
    "mail?occasion=return",
    "totals",
    "report",
    "circular",
    "published",
)


def each_page(desk: Running) -> Iterator[str]:
    yield f"http://{desk.host}/"
    rejected = next(u.code for u in DEMO.units if u.typed)
    for page in PAGES:
        yield desk.url(page) + (rejected if page.endswith("=") else "")


#: The contrast of every text with what is behind it, where it is too little.
PALE = """
const part = x => x / 255 <= .03928 ? x / 3294.6 : ((x / 255 + .055) / 1.055) ** 2.4;
const light = c => { const v = c.map(part);
  return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const rgb = s => s.match(/[\\d.]+/g).map(Number);
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !e.checkVisibility()) continue;
  if (e.closest('.unseen, .skip, :disabled')) continue;
  let at = e, back = [255, 255, 255];
  for (; at; at = at.parentElement) {
    const c = rgb(getComputedStyle(at).backgroundColor);
    if (c.length === 3 || c[3] > .99) { back = c.slice(0, 3); break; }
  }
  const [a, b] = [light(rgb(getComputedStyle(e).color).slice(0, 3)), light(back)];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) found.push([walk.currentNode.data.trim(), ratio]);
}
return found;
"""


@pytest.mark.engine
def test_every_page_serves_everybody(desk: Running, window: browser.Browser) -> None:
    """Names for screen readers, contrast in light and dark, a screen a quarter as wide
    (400 %), nothing wider than the screen, no complaint."""
    for address in each_page(desk):
        for dark in (False, True):
            window.visit(address, *SCREEN, dark=dark)
            settled(window)
            assert window.ask(PALE) == [], (address, dark)
            wide = window.ask("return document.documentElement.scrollWidth")
            assert wide <= SCREEN[0], address
        tree = window.accessible()
        acting = {"button", "link", "textbox", "combobox", "checkbox", "progressbar"}
        unnamed = [n for n in tree if n["role"] in acting and not n["name"].strip()]
        assert not unnamed, (address, unnamed)
        assert {n["role"] for n in tree} >= {"main", "heading", "banner"}, address
        window.visit(address, 341, 192)
        assert window.ask("return document.documentElement.scrollWidth") <= 341, address
        assert not window.complaints(), address


@pytest.mark.engine
def test_the_keyboard_is_enough(desk: Running, window: browser.Browser) -> None:
    """The first key leads past the steps; every control is reached and shows it."""
    window.visit(desk.url("review"), *SCREEN)
    settled(window)
    reached = []
    for _ in range(13):
        window.press("Tab", 9)
        reached.append(
            window.ask(
                "const e = document.activeElement; return [e.innerText, "
                "getComputedStyle(e).outlineStyle !== 'none']"
            )
        )
    assert reached[0][0] == "跳到正文"
    assert [said.split()[-1] for said, _ in reached[2:11]] == [
        *("任务", "名录", "发", "收", "审", "汇总", "报告", "通报", "公布")
    ]
    assert all(outlined for _, outlined in reached)


@pytest.mark.engine
def test_lists_are_printed_whole_and_in_english_too(
    desk: Running, window: browser.Browser, tmp_path: Path
) -> None:
    window.visit(desk.url("review"), *SCREEN)
    settled(window)
    paper = tmp_path / "a.pdf"
    paper.write_bytes(window.printed())
    said = "".join(
        subprocess.check_output(["pdftotext", paper, "-"], text=True).split()
    )
    assert all(unit.name in said for unit in DEMO.units)
    assert "退出" not in said
    window.click("button[name=language]")
    settled(window, "document.documentElement.lang === 'en'")
    assert "Review" in text(window, "h1")
    window.click("button[name=language]")
    settled(window, "document.documentElement.lang === 'zh-CN'")


# ---------------------------------------------------------------- who gets in


def asked(
    desk: Running,
    method: str,
    path: str,
    heads: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, Mapping[str, str], bytes]:
    """The answer to a request that says just this."""
    line = http.client.HTTPConnection(desk.host, timeout=20)
    line.request(method, path, body, dict(heads or {}))
    answer = line.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    line.close()
    return found


_cookies: dict[str, str] = {}


def cookie(desk: Running) -> str:
    """What a browser that was opened with a link brings from then on."""
    if desk.host not in _cookies:
        assert serve(desk.home, show=desk.links.append) is False  # runs already
        place = urlsplit(desk.links[-1])
        status, heads, _ = asked(desk, "GET", f"{place.path}?{place.query}")
        assert status == 303
        said = heads["set-cookie"]
        assert "HttpOnly" in said
        assert "SameSite=Strict" in said
        _cookies[desk.host] = said.partition(";")[0]
    return _cookies[desk.host]


def with_cookie(
    desk: Running,
    method: str,
    path: str,
    heads: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, Mapping[str, str], bytes]:
    return asked(desk, method, path, {"Cookie": cookie(desk), **(heads or {})}, body)


def test_a_link_opens_the_desk_once(desk: Running) -> None:
    known = cookie(desk)
    used = urlsplit(desk.links[-1])
    assert asked(desk, "GET", f"{used.path}?{used.query}")[0] == 401
    status, heads, body = asked(desk, "GET", "/", {"Cookie": known})
    assert status == 200
    assert "新建任务" in body.decode()
    assert "script-src 'self'" in heads["content-security-policy"]
    assert "unsafe" not in heads["content-security-policy"]
    assert "access-control-allow-origin" not in heads


def test_only_its_owner_reads_how_a_second_start_gets_in(desk: Running) -> None:
    file = desk.home / RUNNING
    assert file.stat().st_mode & 0o077 == 0
    key = json.loads(file.read_text())["key"]
    right = {"Authorization": f"Bearer {key}"}
    assert asked(desk, "POST", "/again", right)[0] == 200
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": "Bearer x"},
        {**right, "Origin": f"http://{desk.host}"},
        {**right, "Sec-Fetch-Site": "cross-site"},
    )
    for heads in wrong:
        assert asked(desk, "POST", "/again", heads)[0] == 403


def test_of_two_that_start_at_once_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = serving._running

    def slowly_look(home: Path) -> str:
        found = look(home)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(serving, "_running", slowly_look)
    running, ended = Running(tmp_path, []), list[bool]()
    threads = [
        threading.Thread(
            target=lambda: ended.append(serve(tmp_path, "zh", running.links.append)),
            daemon=True,
        )
        for _ in range(2)
    ]
    for each in threads:
        each.start()
    wait_for(lambda: len(running.links) == 2 and ended)
    assert ended == [False]
    assert len({urlsplit(link).netloc for link in running.links}) == 1
    with_cookie(running, "POST", "/quit", {"Origin": f"http://{running.host}"})
    for each in threads:
        each.join(20)
    assert ended == [False, True]


def strangers(desk: Running) -> list[tuple[str, dict[str, str], int]]:
    """Method, what the request says besides the cookie, and how it is turned away."""
    here = f"http://{desk.host}"
    port = desk.host.rpartition(":")[2]
    return [
        ("GET", {"Host": "evil.example"}, 421),  # its name was turned to 127.0.0.1
        ("GET", {"Host": f"evil.example:{port}"}, 421),
        ("GET", {"Host": f"localhost:{port}"}, 421),
        ("GET", {"Host": f"127.0.0.1.evil.example:{port}"}, 421),
        ("GET", {"Origin": "http://evil.example"}, 403),
        ("GET", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", {"Sec-Fetch-Site": "same-site"}, 403),  # another port of this computer
        ("POST", {}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Origin": f"{here}.evil.example"}, 403),
        ("POST", {"Origin": "http://127.0.0.1:1"}, 403),
        ("PUT", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Origin": here, "Cookie": "desk-1=x"}, 401),
        ("POST", {"Origin": here, "Cookie": ""}, 401),
        ("GET", {"Cookie": ""}, 401),
        ("GET", {"Cookie": f"desk-{port}=wrong"}, 401),
    ]


def test_strangers_are_turned_away_everywhere(desk: Running) -> None:
    before = sorted(desk.home.rglob("*"))
    for path in ("/new", "/quit", "/", "/desk.js", f"/c/{quote(NAME)}/inbox?name=x"):
        for method, heads, status in strangers(desk):
            found, _, body = with_cookie(
                desk, method, path, heads, b"" if method == "GET" else b"name=evil"
            )
            assert found == status, (path, method, heads)
            assert "新建" not in body.decode()
    assert sorted(desk.home.rglob("*")) == before


def test_the_year_that_is_offered_has_no_campaign_yet(desk: Running) -> None:
    over = date.today().year - 1
    for offered in (over, over + 1):
        body = with_cookie(desk, "GET", "/")[2].decode()
        assert f'value="{offered}年报"' in body
        assert f'value="{offered}"' in body
        begin(desk.home / f"{offered}年报", Period.parse(str(offered)))
    for offered in (over, over + 1):
        shutil.rmtree(desk.home / f"{offered}年报")


def test_too_much_is_not_taken_in(desk: Running) -> None:
    """Two gigabytes that are announced, and more than a page says that are not."""
    here = {"Origin": f"http://{desk.host}"}
    for size in (2 * 1024**3, WORKBOOK.file_size + 1, -1):
        heads = {**here, "Content-Length": str(size), "Cookie": cookie(desk)}
        line = http.client.HTTPConnection(desk.host, timeout=20)
        line.putrequest("PUT", f"/c/{quote(NAME)}/inbox?name=x", skip_host=False)
        for name, said in heads.items():
            line.putheader(name, said)
        line.endheaders()
        assert line.getresponse().status in {400, 413}
        line.close()
    pieces = (b"x" * 65536 for _ in range(TYPED // 65536 + 2))
    line = http.client.HTTPConnection(desk.host, timeout=20)
    try:
        line.request(
            "POST",
            "/new",
            pieces,
            {**here, "Cookie": cookie(desk)},
            encode_chunked=True,
        )
        assert line.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # it had heard enough
    line.close()
    assert with_cookie(desk, "GET", "/")[0] == 200


def test_who_sends_slowly_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PAUSE", 0.05)
    gate = Gate("127.0.0.1:1")
    sent: list[AsgiMessage] = []

    async def inside(scope: Scope, receive: guard.Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        raise AssertionError("it never ends")

    pieces = [b"x"]

    async def receive() -> AsgiMessage:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": True}
        await asyncio.sleep(60)
        raise AssertionError("nobody waits so long")

    async def send(message: AsgiMessage) -> None:
        sent.append(message)

    heads = [
        (b"host", gate.host.encode()),
        (b"origin", f"http://{gate.host}".encode()),
        (b"cookie", f"{gate.cookie}={gate.secret}".encode()),
    ]
    scope: Scope = {
        "type": "http",
        "method": "PUT",
        "path": "/x",
        "query_string": b"",
        "headers": heads,
    }
    asyncio.run(Guard(inside, gate)(scope, receive, send))
    assert sent[0]["status"] == 408


def test_a_thousand_requests_and_idle_connections_leave_it_alive(desk: Running) -> None:
    known = cookie(desk)

    def ask(number: int) -> int:
        heads = {"Cookie": known} if number % 2 else {}
        return asked(desk, "GET", "/desk.js", heads)[0]

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(1000)))
    assert set(found) <= {200, 401, 503}
    assert found.count(200) > 400
    idle = [http.client.HTTPConnection(desk.host) for _ in range(300)]
    for line in idle:
        line.connect()
    for line in idle:
        line.close()
    wait_for(lambda: with_cookie(desk, "GET", "/")[0] == 200)


def test_a_connection_that_asks_nothing_is_closed(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "PAUSE", 0.3)
    line = http.client.HTTPConnection(desk.host, timeout=10)
    line.connect()
    line.sock.sendall(b"GET / HTTP/1.1\r\nHost: ")
    assert line.sock.recv(1) == b""


@pytest.mark.parametrize(
    "way",
    [
        "campaign.toml",
        "inbox/../campaign.toml",
        "results/../record.sqlite",
        "../secret.txt",
        "/etc/passwd",
        "inbox/..\\campaign.toml",
        "inbox/%2e%2e/campaign.toml",
        "results/link",
        "inbox",
        "\0",
    ],
)
def test_no_way_leads_out_of_the_folders(
    desk: Running, campaign: Folder, way: str
) -> None:
    (desk.home / "secret.txt").write_text("secret")
    link = campaign.results / "link"
    if not link.exists():
        link.symlink_to(desk.home / "secret.txt")
    place = f"/c/{quote(campaign.path.name)}/file?path={quote(way, safe='%')}"
    assert with_cookie(desk, "GET", place)[0] == 404
    for name in ("..", "%2e%2e", "nothing", f"{quote(campaign.path.name)}%2finbox"):
        assert with_cookie(desk, "GET", f"/c/{name}/receive")[0] == 404


@pytest.fixture(scope="module")
def campaign(desk: Running) -> Folder:
    """A campaign that nobody else uses."""
    return begin(desk.home / "另一个", Period(2025))


def test_what_comes_in_stays_in_the_inbox_and_covers_nothing(
    desk: Running, campaign: Folder
) -> None:
    here = {"Origin": f"http://{desk.host}"}
    place = f"/c/{quote(campaign.path.name)}/inbox?name="
    before = {p for p in desk.home.rglob("*") if campaign.inbox not in p.parents}
    names = (
        "../../evil.xlsx",
        "/etc/evil",
        "..\\..\\evil",
        "a/../../b",
        "CON",
        "",
        "\0",
    )
    for name in names:
        status, _, said = with_cookie(
            desk, "PUT", place + quote(name, safe=""), here, name.encode() + b"text"
        )
        assert status == 200, said
        assert json.loads(said)["files"]
    for body in (b"one", b"two", b"one"):
        assert with_cookie(desk, "PUT", f"{place}same.xlsx", here, body)[0] == 200
    after = {p for p in desk.home.rglob("*") if campaign.inbox not in p.parents}
    assert after == before
    same = [p for p in campaign.inbox.iterdir() if p.name.startswith("same")]
    assert sorted(p.read_bytes() for p in same) == [b"one", b"two"]
    held = [p.read_bytes() for p in campaign.inbox.rglob("*") if p.is_file()]
    assert all(name.encode() + b"text" in held for name in names)


def test_letters_stand_with_their_unit_and_lead_to_the_disk(desk: Running) -> None:
    folder = begin(desk.home / "来信", Period(2025))
    mail, bounce = EmailMessage(), EmailMessage()
    mail["From"], mail["Subject"] = "a@b.cn", "示例区教育局年报"
    link = "https://pan.baidu.com/s/1abc?pwd=x7yz&a=1"
    mail.set_content(f"年报.xlsx {link}")
    bounce["From"], bounce["Subject"] = "postmaster@qq.com", "系统退信"
    bounce.set_content("退信原因：收件人 u9@example.cn 不存在")
    for number, each in enumerate((mail, bounce)):
        (folder.inbox / f"{number}.eml").write_bytes(each.as_bytes())
    here = {"Origin": f"http://{desk.host}"}
    place = f"/c/{quote('来信')}/"
    assert with_cookie(desk, "POST", f"{place}collect", here, b"")[0] == 303

    def page(name: str) -> str:
        return with_cookie(desk, "GET", place + name)[2].decode()

    wait_for(lambda: "0.eml" in page("receive"))
    leads = f'<a href="{link.replace("&", "&amp;")}" target="_blank"'
    assert "提取码：x7yz" in page("receive")
    assert leads in page("receive")
    assert "u9@example.cn 的邮件没有送达" in page("receive")
    assert "来信：附件在网盘" in page("review")
    assert leads in page("unit?code=Q01")
    assert leads not in page("unit?code=Q02")


def test_two_windows_lose_nothing(desk: Running, campaign: Folder) -> None:
    """What one changed, the other does not write over without having seen it."""
    here = {"Origin": f"http://{desk.host}"}
    place = f"/c/{quote(campaign.path.name)}/settings"
    page = with_cookie(desk, "GET", place)[2].decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    for name, kept in (("甲", "甲"), ("乙", "甲")):
        body = urlencode({"district": "区", "contact": name, "seen": seen[1]}).encode()
        assert with_cookie(desk, "POST", place, here, body)[0] == 303
        assert campaign.campaign().contact == kept
    assert "被改过" in with_cookie(desk, "GET", place)[2].decode()
    with alone(campaign.path):  # as a command line does
        collecting = place.replace("settings", "collect")
        with_cookie(desk, "POST", collecting, here, b"")
    said = with_cookie(desk, "GET", place)[2].decode()
    assert "正在" in said


def test_work_is_stopped_between_two_files() -> None:
    begun, told = threading.Event(), []

    def work(progress: Progress) -> tuple[Notice, ...]:
        for number in range(1000):
            told.append(number)
            begun.set()
            progress(number, 1000)
            time.sleep(0.01)
        return ()

    errand = Errand(Text("做", "work"), work)
    begun.wait(5)
    errand.stop()
    assert errand.wait(5)
    assert errand.state is ErrandState.STOPPED
    assert len(told) < 1000
    assert "已停止" in errand.notices[0].text.zh


def test_what_came_of_work_is_said_on_one_page() -> None:
    said = (Notice(Text("好", "good")),)
    errand = Errand(Text("做", "work"), lambda progress: said)
    assert errand.wait(5)
    assert [errand.tell(page) for page in ("/a", "/a", "/b")] == [said, said, ()]


def test_a_command_is_said_as_its_button() -> None:
    zh, en = CampaignError(
        "没有汇总。请运行 workbook-builder collect 2025年报，再看。",
        "Run workbook-builder collect x, then look.",
    ).text
    again = "没有收到就加 --again BS01", "if not, use --again BS01."
    assert for_the_desk(again[0], "zh") == "没有收到就按“再发一次”"
    assert for_the_desk(again[1], "en") == "if not, press “Once more”."
    assert for_the_desk(zh, "zh") == f"没有汇总。请运行{PLACES['collect'].zh}，再看。"
    assert "workbook-builder" not in for_the_desk(en, "en")
    deadline = "请改 campaign.toml 里的 deadline，再运行 workbook-builder build。"
    assert for_the_desk(deadline, "zh") == (
        f"请改“任务”页的“报送截止日期”，再运行{PLACES['build'].zh}。"
    )


def test_a_folder_of_campaigns_or_of_one(tmp_path: Path, campaign: Folder) -> None:
    home, opened = Home.of(campaign.path)
    assert (home.path, opened) == (campaign.path.parent.resolve(), campaign.path.name)
    assert Home.of(tmp_path)[1] == ""
    with pytest.raises(CampaignError, match="no folder"):
        Home.of(tmp_path / "none")
