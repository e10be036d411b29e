"""What a parser can do to its process costs one item, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests import binary, support
from workbook_builder import isolation
from workbook_builder.excel.limits import LIMITS, MEGABYTE
from workbook_builder.isolation import Workers, isolated
from workbook_builder.judge import Expected
from workbook_builder.model.errors import UnreadableFile, WorkerLost
from workbook_builder.model.finding import Verdict
from workbook_builder.model.submission import Submission
from workbook_builder.pipeline import collect, collecting
from workbook_builder.pipeline.workers import each
from workbook_builder.receive import lost_file, receive

ROOT = Path(__file__).parents[1]
ROOMY = replace(LIMITS, memory=300 * MEGABYTE)
TIGHT = replace(ROOMY, seconds=1)


def sleep() -> None:
    time.sleep(60)


def spin() -> None:
    while True:
        pass


def allocate() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(10 * MEGABYTE))


def allocate_unhindered() -> None:
    """As on a system that refuses nobody memory."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    allocate()


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
    found = list(each(behave, range(40), _minus))
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
        submission = lost_file(path, "a.xls", WorkerLost(reason), tmp_path)
        assert submission.verdict is Verdict.UNREADABLE
        assert support.codes(submission.findings) == ["R14"]
        assert submission.sha256
        (finding,) = submission.findings
        assert support.is_a_sentence_for_clerks(finding.message.zh)
        assert finding.message.en.isascii()
    gone = lost_file(path.parent / "b.xls", "b.xls", WorkerLost("crashed"), tmp_path)
    assert support.codes(gone.findings) == ["R14"]


@needs_cores
def test_an_inbox_with_a_file_that_kills_the_reader_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"{n:02}.xls": binary.xls({"S": [binary.number(0, 0, n)]}) for n in range(30)
    }
    folder = support.folder(tmp_path / "c", files=files)
    good = receive

    def deadly(
        path: Path, shown: str, expected: Expected, within: Path
    ) -> tuple[Submission, ...]:
        if path.name == "07.xls":
            os.abort()
        return good(path, shown, expected, within)

    monkeypatch.setattr(collecting, "receive", deadly)
    monkeypatch.setattr(isolation, "_kept", None)  # does not know the deadly one
    found = {each.path: each for each in collect(folder).submissions}
    assert len(found) == 30
    assert support.codes(found["07.xls"].findings) == ["R14"]
    others = [each for path, each in found.items() if path != "07.xls"]
    assert {each.verdict for each in others} == {Verdict.NOT_OURS}


_PARENT = """
import sys, time
from workbook_builder.isolation import isolated
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
