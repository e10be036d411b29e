"""What a parser can do to its process costs one item, and leaves nothing behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
import weakref
from dataclasses import replace
from email.message import EmailMessage
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests import binary, support
from workbook_builder.bounds import isolation
from workbook_builder.bounds.isolation import GROWN, Workers, beside, isolated
from workbook_builder.bounds.limits import MEGABYTE, PROCESS
from workbook_builder.bounds.many import each, each_apart
from workbook_builder.model.errors import MissingExtra, UnreadableFile, WorkerLost
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline import collect
from workbook_builder.reading import receive as received
from workbook_builder.reading.apart import received_by_parts
from workbook_builder.reading.judge import judge
from workbook_builder.reading.receive import Source, lost_file

ROOT = Path(__file__).parents[1]
ROOMY = replace(PROCESS, memory=300 * MEGABYTE)
TIGHT = replace(PROCESS, seconds=1)


def sleep() -> None:
    time.sleep(60)


def spin() -> None:
    while True:
        pass


def allocate() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(10 * MEGABYTE))


def unhindered() -> None:
    """As on a system that refuses nobody memory."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))


def allocate_unhindered() -> None:
    unhindered()
    allocate()


def hold_too_much() -> None:
    """It is refused memory, and goes on holding more than it may."""
    unhindered()
    _held.append(b"x" * (ROOMY.memory + 50 * MEGABYTE))
    raise MemoryError


_held: list[bytes] = []


def flood() -> str:
    os.write(1, b"x" * 10 * MEGABYTE)
    print("x" * MEGABYTE, file=sys.stderr, flush=True)
    return "done"


def leave() -> None:
    os._exit(0)


def ask_to_leave() -> None:
    raise SystemExit(0)


def refuse() -> None:
    raise UnreadableFile("damaged", "detail")


LOST = {
    sleep: "timeout",
    spin: "timeout",
    allocate: "memory",
    allocate_unhindered: "memory",
    os.abort: "crashed",
    leave: "crashed",
    ask_to_leave: "crashed",
}


@pytest.mark.parametrize("function", LOST, ids=lambda each: each.__name__)
def test_a_lost_worker_says_why_and_is_replaced(function: object) -> None:
    limits = TIGHT if LOST[function] == "timeout" else ROOMY  # type: ignore[index]
    with Workers(1, limits=limits) as workers:
        started = workers.start(call=function)  # type: ignore[arg-type]
        with pytest.raises(WorkerLost) as caught:
            workers.result(started)
        assert caught.value.reason == LOST[function]  # type: ignore[index]
        assert workers.result(workers.start(2, 3, call=pow)) == 8


def test_a_worker_that_was_refused_memory_takes_no_other_call_with_it() -> None:
    with Workers(1, limits=ROOMY) as workers:
        full = workers.start(call=hold_too_much)
        after = workers.start(3 * isolation.LOOK, call=time.sleep)
        with pytest.raises(WorkerLost) as caught:
            workers.result(full)
        assert caught.value.reason == "memory"
        assert workers.result(after) is None


def test_what_workers_print_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    assert isolated(flood) == "done"
    assert capfd.readouterr() == ("", "")


def test_what_a_function_raises_comes_back() -> None:
    with pytest.raises(UnreadableFile) as caught:
        isolated(refuse)
    assert (caught.value.reason, caught.value.detail) == ("damaged", "detail")


def test_a_worker_calls_directly() -> None:
    inside, outside = isolated(_nested), os.getpid()
    assert inside[0] == inside[1] != outside


def _nested() -> tuple[int, int]:
    return os.getpid(), isolated(os.getpid)


def test_a_worker_ended_by_somebody_else_is_replaced() -> None:
    pid = isolated(os.getpid)
    time.sleep(0.1)
    psutil.Process(pid).kill()
    time.sleep(0.5)
    assert isolated(os.getpid) != pid


def test_what_a_worker_answered_is_let_go_by_the_one_that_waits_for_more() -> None:
    answer = isolated(_Answer)
    gone = weakref.ref(answer)
    del answer
    gc.collect()
    assert gone() is None


class _Answer:
    pass


def test_a_worker_that_has_grown_is_not_kept() -> None:
    pid = isolated(os.getpid)
    assert isolated(_grown, 1 << 20) == pid == isolated(os.getpid)
    assert isolated(_grown, 2 * GROWN) == pid != isolated(os.getpid)


def _grown(size: int) -> int:
    _HELD.append(bytearray(b"1") * size)
    return os.getpid()


_HELD: list[bytearray] = []


# ---------------------------------------------------------------- many items


def behave(item: int) -> int:
    if item == 5:
        os.abort()
    if item == 17:
        leave()
    return item * item


def _minus(item: int, error: WorkerLost) -> int:
    assert error.reason == "crashed"
    return -item


needs_cores = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: no pool")


@needs_cores
def test_only_the_bad_items_are_lost() -> None:
    found = list(each_apart(behave, range(40), _minus))
    assert found == [-n if n in {5, 17} else n * n for n in range(40)]


@needs_cores
def test_without_an_answer_for_lost_items_the_loss_is_an_error() -> None:
    with pytest.raises(WorkerLost) as caught:
        list(each(behave, range(40)))
    assert support.is_a_sentence_for_clerks(caught.value.text.zh)


@needs_cores
def test_when_nothing_moves_any_more_the_rest_is_done_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stuck(self: Workers, _: object) -> None:
        self.stuck = True
        raise WorkerLost("timeout")

    kept = isolation._kept_workers()
    monkeypatch.setattr(
        Workers,
        "result",
        lambda self, future: future.result() if self is kept else stuck(self, future),
    )
    assert list(each(abs, range(40))) == list(range(40))


# ---------------------------------------------------------------- files


def test_a_lost_file_has_its_verdict(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"x")
    for reason in ("crashed", "timeout", "memory"):
        submission = lost_file(
            Source("a.xls", path), support.expected(), WorkerLost(reason)
        )
        assert submission.verdict is Verdict.UNREADABLE
        assert support.codes(submission.findings) == ["R14"]
        assert submission.sha256
        (finding,) = submission.findings
        assert support.is_a_sentence_for_clerks(finding.message.zh)
        assert finding.message.en.isascii()
    away = Source("b.xls", path.parent / "b.xls")
    gone = lost_file(away, support.expected(), WorkerLost("crashed"))
    assert support.codes(gone.findings) == ["R14"]


@needs_cores
def test_a_file_that_kills_its_reader_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone in the inbox, in an archive, and in an archive in a mail."""
    deadly = _book(1000)
    files = {f"{n:02}.xls": _book(n) for n in range(30)}
    files["30.xls"] = deadly
    inner = support.zipped({"a.xls": _book(50), "b.xls": deadly, "c.xls": _book(51)})
    files["包.zip"] = inner
    files["信.eml"] = _mail(("包.zip", inner), ("d.xls", _book(52)))
    folder = support.folder(tmp_path / "c", files=files)

    def kill(path: str, data: bytes, *rest: Any) -> Submission:
        if data == deadly:
            os.abort()
        return judge(path, data, *rest)

    monkeypatch.setattr(received, "judge", kill)
    monkeypatch.setattr(isolation, "_kept", None)  # does not know the deadly one
    found = {each.path: each for each in collect(folder).submissions}
    lost = {
        path for path, each in found.items() if "R14" in support.codes(each.findings)
    }
    assert lost == {"30.xls", "包.zip/b.xls", "信.eml/包.zip/b.xls"}
    assert {found[path].sha256 for path in lost} == {sha256(deadly).hexdigest()}
    assert found["信.eml/包.zip/b.xls"].arrival.sender == "a@b.cn"
    others = {path for path in found if path not in lost}
    assert len(others) == 30 + 2 + 3
    assert {found[path].verdict for path in others} <= {
        Verdict.NOT_OURS, Verdict.SUPERSEDED,
    }  # fmt: skip


def _book(number: int) -> bytes:
    return binary.xls({"S": [binary.number(0, 0, number)]})


def _mail(*attachments: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.cn", "c@d.cn", "报送"
    for name, data in attachments:
        message.add_attachment(data, "application", "octet-stream", filename=name)
    return message.as_bytes()


def test_what_cannot_be_taken_apart_is_one_file(tmp_path: Path) -> None:
    """Unpacking is lost as well; or the file is gone meanwhile."""
    data = support.zipped({"a.xls": _book(1)})
    folder = support.folder(tmp_path / "c", files={"包.zip": data})
    path = folder.inbox / "包.zip"
    source, known = Source(path.name, path, folder.inbox), folder.expected()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(received, "unpack", lambda *_: os.abort())
        patch.setattr(isolation, "_kept", None)
        (found,) = received_by_parts(known, source, WorkerLost("memory"))
        patch.setattr(isolation, "_kept", None)
    assert support.codes(found.findings) == ["R14"]
    path.unlink()
    (found,) = received_by_parts(known, source, WorkerLost("memory"))
    assert support.codes(found.findings) == ["R07"]


_PARENT = """
import sys, time
from workbook_builder.bounds.isolation import isolated
print(isolated(__import__("os").getpid), flush=True)
isolated(time.sleep, 60)
"""


def test_killing_the_parent_leaves_no_orphan() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        worker = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    gone, alive = psutil.wait_procs([worker], timeout=10)
    assert (len(gone), alive) == (1, [])


def in_the_child(own: int, result: str) -> str:
    """Ends the process, unless it is the one it was begun in."""
    if os.getpid() != own:
        os._exit(3)
    return result


def refused() -> None:
    raise MissingExtra("data")


@needs_cores
def test_work_beside_this_process_gives_its_answer() -> None:
    with beside(os.getpid) as answer:
        assert (answer() != os.getpid()) is (sys.platform == "linux")


def test_work_beside_this_process_is_done_here_where_there_is_one_core(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with beside(os.getpid) as answer:
        assert answer() == os.getpid()


def test_work_beside_this_process_that_is_lost_is_done_here() -> None:
    with beside(partial(in_the_child, os.getpid(), "done")) as answer:
        assert answer() == "done"


def sleeps_in_the_child(own: int, result: str) -> str:
    if os.getpid() != own:
        sleep()
    return result


def test_work_beside_this_process_is_not_waited_for_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(isolation, "PATIENCE", 0.1)
    with beside(partial(sleeps_in_the_child, os.getpid(), "done")) as answer:
        assert answer() == "done"


def test_work_beside_this_process_raises_what_it_raised() -> None:
    with beside(refused) as answer, pytest.raises(MissingExtra) as raised:
        answer()
    assert raised.value.extra == "data"


def test_work_beside_this_process_ends_with_whoever_wanted_it() -> None:
    before = psutil.Process().children()
    with pytest.raises(KeyError), beside(sleep):
        raise KeyError
    assert set(psutil.Process().children()) <= set(before)
