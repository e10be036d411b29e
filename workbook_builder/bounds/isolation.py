"""Work in processes that may be lost, each within bounds of time and memory.

A parser that is not ours can hang, take all memory or end its process in a way that no
``try`` catches. So it runs in a worker: what happens there costs one file, never the
run. Three things watch a worker, because no single one works on every system: the pool
ends it after its time, the system refuses it memory where there is such a limit, and
this process looks at what it really uses.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, cast

import psutil
from pebble import CONSTS, ProcessExpired, ProcessPool

from workbook_builder.bounds.limits import PROCESS, ProcessLimits
from workbook_builder.model.errors import WorkerLost
from workbook_builder.model.failure import memory_is_short

if sys.platform != "win32":
    import resource

# Said outright, because versions of Python differ in what they take: forks begin at
# once, and are not safe on macOS.
if sys.platform == "linux":
    from multiprocessing.context import ForkProcess as Process

    _CONTEXT = multiprocessing.get_context("fork")
else:
    from multiprocessing.context import SpawnProcess as Process

    _CONTEXT = multiprocessing.get_context("spawn")

R = TypeVar("R")

# How often pools look whether they are to end, in seconds: so long they are waited for.
CONSTS.sleep_unit = 0.02

#: How often this process looks at the memory of its workers, in seconds.
LOOK = 0.1
#: A worker outlives its time limit by this many seconds only if nobody ended it.
GRACE = 5
#: How long a process beside this one is waited for, in seconds: a fork may want a lock that
#: nobody holds any more.
PATIENCE = 600
#: Bytes more than in the beginning with which a process is not kept for the next call.
GROWN = 32 << 20

#: The exit status of a worker that was refused memory.
_REFUSED = 77

_inside = False
"""Whether this process is itself a worker, and so may be lost."""


class Workers:
    """Processes that call functions; one that is lost is replaced.

    ``with Workers(…) as workers`` waits for nothing at its end: what is still running
    is ended. ``stuck`` tells that nothing more will come of what was started, which
    happens if the system ends a worker just while it hands over a result.
    """

    def __init__(
        self,
        count: int,
        function: Callable[..., Any] | None = None,
        limits: ProcessLimits = PROCESS,
    ) -> None:
        """``function`` is what :meth:`start` calls; it is sent to each worker once.

        Raises MemoryError where there is hardly any: Python waits for ever for a thread
        that got its stack and nothing more.
        """
        if memory_is_short():
            raise MemoryError
        self.count, self._function, self._limits = count, function, limits
        self.stuck = False
        self._context = _Remembering()
        _load_what_ends_threads()
        self._pool = self._new_pool()
        self._over_memory: set[int] = set()
        self._ended = threading.Event()
        threading.Thread(target=self._watch_memory, daemon=True).start()

    def start(self, *args: Any, call: Callable[..., Any] | None = None) -> Future[Any]:
        """Begin one call; :meth:`result` gives what comes of it."""
        try:
            return self._schedule(call, args)
        except RuntimeError:  # somebody ended all workers while they were idle
            self._end_pool()
            self._pool = self._new_pool()
            return self._schedule(call, args)

    def result(self, future: Future[Any]) -> Any:
        """Raises WorkerLost if there was no end of it, or what the function raised."""
        # It waits for one call before it at most, if asked for in the order of starts.
        patience = 2 * (self._limits.seconds + GRACE)
        try:
            return future.result(patience)
        except ProcessExpired as error:
            over = error.pid in self._over_memory or error.exitcode == _REFUSED
            raise WorkerLost("memory" if over else "crashed") from None
        except BrokenProcessPool:
            raise WorkerLost("crashed") from None
        except TimeoutError:
            if not future.done():
                self.stuck = True
            raise WorkerLost("timeout") from None

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        self._ended.set()
        self._end_pool()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            self.count,
            initializer=_begin,
            initargs=(self._function, self._limits, gc.get_threshold()),
            context=self._context,
        )

    def _end_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble's own gap
        self._pool.join()

    def _schedule(self, call: Callable[..., Any] | None, args: Any) -> Future[Any]:
        return self._pool.schedule(
            _work, args=(call, args), timeout=self._limits.seconds
        )

    def _watch_memory(self) -> None:
        watched: dict[int, psutil.Process] = {}
        most = self._limits.memory + _inherited()
        while not self._ended.wait(LOOK):
            for pid in self._context.pids() - watched.keys():
                with contextlib.suppress(psutil.Error):
                    watched[pid] = psutil.Process(pid)
            for pid, process in watched.items():
                with contextlib.suppress(psutil.Error):
                    if process.memory_info().rss > most:
                        self._over_memory.add(pid)
                        process.kill()


class _Worker(Process):
    """A worker ends only when it is told to, so an end without error is one as well."""

    @property
    def exitcode(self) -> int | None:
        return super().exitcode or (None if self.is_alive() else 255)


class _Remembering:
    """Multiprocessing as ever, but it is known which processes were started."""

    def __init__(self) -> None:
        self._started: list[BaseProcess] = []

    def Process(self, *args: Any, **named: Any) -> BaseProcess:  # noqa: N802
        process = _Worker(*args, **named)
        self._started.append(process)
        return process

    def __getattr__(self, name: str) -> Any:
        return getattr(_CONTEXT, name)

    def pids(self) -> set[int]:
        return {process.pid for process in self._started if process.pid is not None}


def isolated(function: Callable[..., R], *args: Any) -> R:
    """Call a function in a process that may be lost, and wait for it.

    Directly where this process is a worker already. Raises WorkerLost. One worker is
    kept for all calls, because starting it takes longer than most files; not one that
    has grown, which would hold that memory as long as this process is there.
    """
    global _kept
    if _inside:
        return function(*args)
    with _lock:
        workers = _kept_workers()
        # The pool remembers its last call until there is another: nothing is left in it.
        found = workers.result(workers.start(function, *args, call=_weighed))
        more, answer = found.pop(), found.pop()
        if more > GROWN:
            workers.end()
            _kept = None
        return cast(R, answer)


_lock = threading.Lock()
_kept: tuple[tuple[int, str], Workers] | None = None


def _kept_workers() -> Workers:
    global _kept
    # A fork of this process cannot use its parent's worker, and names of files mean
    # others in another folder.
    mine = os.getpid(), _working_folder()
    if _kept is None or _kept[0] != mine or _kept[1].stuck:
        if _kept is not None and _kept[0][0] == mine[0]:
            _kept[1].end()
        _kept = (mine, Workers(1))
    return _kept[1]


def _working_folder() -> str:
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:  # it was removed
        return ""


@contextmanager
def beside(function: Callable[[], R]) -> Iterator[Callable[[], R]]:
    """Has our own work done by the other core meanwhile; what is given, when called,
    waits for the answer, or raises what the function raised.

    Only a fork begins with all that this process knows. Where there is none, and where
    the process is lost, the function is called here, when its answer is wanted.
    """
    forks = _CONTEXT.get_start_method() == "fork" and (os.cpu_count() or 1) > 1
    near, far = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_tell, args=(function, far), daemon=True)
    with near, far:
        if forks:
            with contextlib.suppress(OSError):  # there is no room for another
                process.start()
        far.close()
        try:
            yield partial(_told, near, process, function)
        finally:
            _end(process)


def _told(near: Connection, process: BaseProcess, function: Callable[[], R]) -> R:
    answer: R
    try:
        if not near.poll(PATIENCE):
            raise EOFError
        answer, error = near.recv()
    except (EOFError, OSError):
        _end(process)
        return function()
    if error is not None:
        raise error
    return answer


def _end(process: BaseProcess) -> None:
    if process.pid is not None:
        process.kill()
        process.join()


# ---------------------------------------------------------------- inside a worker

_function: Callable[..., Any] | None = None
_seconds = PROCESS.seconds
_begun = 0


def _weighed(function: Callable[..., Any], *args: Any) -> list[Any]:
    """What it answers, and how many bytes this process has grown since it began."""
    return [function(*args), _used() - _begun]


def _used() -> int:
    return int(psutil.Process().memory_info().rss)


def _inherited() -> int:
    """Bytes that a worker has from the start: a fork has all that this process has."""
    forks = _CONTEXT.get_start_method() == "fork"
    return _used() if forks else 0


def _begin(
    function: Callable[..., Any] | None,
    limits: ProcessLimits,
    rarely: tuple[int, int, int],
) -> None:
    """Called once in each new worker, which looks for garbage as rarely as its parent."""
    gc.set_threshold(*rarely)
    global _inside, _function, _seconds, _begun
    _inside, _function, _seconds, _begun = True, function, limits.seconds, _used()
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _be_silent()
    _limit_resources(limits)
    _end_with_parent()


def _work(call: Callable[..., Any] | None, args: tuple[Any, ...]) -> Any:
    function = call or _function
    assert function is not None
    _end_after(_seconds + GRACE)
    failure: Exception
    try:
        return function(*args)
    except MemoryError:
        # It may still hold so much that it is ended for it, within the next call.
        os._exit(_REFUSED)
    except Exception as error:
        failure = error
    except BaseException:  # the panic of a Rust library, or the wish to exit
        failure = WorkerLost("crashed")
    finally:
        _end_after(0)
    # Where Dask is loaded, what an exception came from is sent along: a panic cannot be.
    failure.__context__ = None
    raise failure


def _tell(function: Callable[[], Any], far: Connection) -> None:
    _be_silent()
    _end_with_parent()
    try:
        answer, failure = function(), None
    except Exception as error:
        answer, failure = None, error
    far.send((answer, failure))


def _end_after(seconds: int) -> None:
    """The system ends this process then, even within a library; never for 0.

    Nobody else would, should the parent be gone.
    """
    if sys.platform != "win32":
        signal.alarm(seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=2)
    else:
        faulthandler.cancel_dump_traceback_later()


def _be_silent() -> None:
    """Libraries print what they think; none of it is for the person at the screen."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        with contextlib.suppress(OSError):
            os.dup2(nothing, stream)
    void = os.fdopen(os.dup(nothing), "w", encoding="utf-8")
    sys.stdout = sys.stderr = void  # they may have been something else


def _limit_resources(limits: ProcessLimits) -> None:
    """Refuse memory beyond the limit, and leave no dumps, where systems can."""
    if sys.platform == "win32":
        return
    most = psutil.Process().memory_info().vms + limits.memory
    for kind, value in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (value, hard))


def _load_what_ends_threads() -> None:
    """glibc loads it for the first thread that ends while Python is left, and aborts the
    program where no memory is left for it by then."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL("libgcc_s.so.1")


def _end_with_parent() -> None:
    """Ends a worker whose parent was killed; it would wait for work for ever."""
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
