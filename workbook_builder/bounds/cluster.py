"""The only module that knows Dask: work done by the workers of a cluster that is there.

What is sent is the function that would be called here, and on a worker it is called as
here: in a process that may be lost (``bounds.isolation``). So a file costs itself there
as well, and the results are the same. A worker that is lost altogether loses a batch, of
which others take care; what none of them brings to an end is done here.

It belongs to the extra ``cluster``.
"""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from workbook_builder.bounds.isolation import Workers
from workbook_builder.bounds.many import each_by, each_here, in_order, worked_by
from workbook_builder.model.errors import CampaignError, WorkerLost

_T = TypeVar("_T")
_R = TypeVar("_R")

#: Things that are sent at a time: the scheduler has a note for each batch.
BATCH = 16
#: Batches for each thread of the cluster that are sent before the first is wanted.
AHEAD = 3
#: Seconds to wait for the scheduler, and for its first worker.
PATIENCE = 20


@contextmanager
def cluster(address: str, proof: Callable[[], str]) -> Iterator[None]:
    """Within it, ``many.each_apart`` has the work done by the workers of a scheduler.

    ``proof`` tells of a process which program it runs: where it says something else on
    a worker than here, nothing is computed. Raises CampaignError for that, and where
    nobody answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CampaignError(
            "用集群（--scheduler）需要的程序库没有安装，请先运行："
            "pip install 'workbook-builder[cluster]'",
            "--scheduler needs: pip install 'workbook-builder[cluster]'",
        ) from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise _unanswered(address, error) from None
    with client:
        try:
            client.wait_for_workers(1, PATIENCE)
        except TimeoutError as error:
            raise _unanswered(address, error) from None
        with worked_by(_Cluster(client, proof)):
            yield


def _unanswered(address: str, error: Exception) -> CampaignError:
    return CampaignError(
        f"集群“{address}”没有回应，或者还没有工作进程。请核对地址、先启动 dask scheduler 和 "
        "dask worker 再运行；去掉 --scheduler 就在这台电脑上算，结果相同。",
        f"The cluster {address} does not answer, or has no workers ({error}). Without "
        "--scheduler the same is computed here.",
    )


class _Cluster:
    def __init__(self, client: Any, proof: Callable[[], str]) -> None:
        self._client, self._proof = client, proof

    def __call__(
        self,
        function: Callable[[_T], _R],
        items: Collection[_T],
        lost: Callable[[_T, WorkerLost], _R],
    ) -> Iterator[_R]:
        from distributed import CancelledError, KilledWorker

        sent = pickle.dumps((self._proof, self._proof(), function, lost))
        # A task of its own, so that each worker has it once, and again where all that
        # had it are lost.
        work = self._client.submit(_the_same, sent, pure=False)
        threads = sum(self._client.nthreads().values()) or 1
        waiting = iter(items)
        batches = iter(lambda: list(islice(waiting, BATCH)), [])
        for batch, future in in_order(
            lambda batch: self._client.submit(_work, work, batch, pure=False),
            batches,
            AHEAD * threads,
        ):
            try:
                found = future.result()
            except (KilledWorker, CancelledError):
                yield from each_here(function, batch, lost)
                continue
            if found is None:
                raise CampaignError(
                    "集群上的程序和这台电脑上的不是同一个版本，没有计算。请在每台机器上安装"
                    "相同的版本再运行。",
                    "The workers run another version of the program or of its libraries; "
                    "nothing was computed. Install the same everywhere.",
                )
            yield from found


# ---------------------------------------------------------------- on a worker


@dataclass(frozen=True)
class _Known:
    """The work that is done, and the processes that do it."""

    workers: Workers
    function: Callable[[Any], Any]
    lost: Callable[[Any, WorkerLost], Any]


_lock = threading.Lock()
_known: tuple[bytes, _Known | None] = b"", None


def _the_same(sent: bytes) -> bytes:
    return sent


def _work(sent: bytes, items: Sequence[Any]) -> list[Any] | None:
    """What comes of each; None where this is not the same program."""
    from distributed import get_worker

    global _known
    with _lock:
        if _known[0] != sent:
            if _known[1] is not None:
                _known[1].workers.end()
            _known = sent, _begun(sent, get_worker().state.nthreads)
        known = _known[1]
    if known is None:
        return None
    return list(each_by(known.workers, known.function, items, known.lost))


def _begun(sent: bytes, threads: int) -> _Known | None:
    # Dask's workers are daemons, which may begin no processes; ours end with their
    # parent by themselves.
    multiprocessing.current_process().daemon = False
    proof, proved, function, lost = pickle.loads(sent)
    if proof() != proved:
        return None
    return _Known(Workers(threads, function), function, lost)
