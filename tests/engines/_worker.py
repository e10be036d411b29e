"""A child process that answers JSON requests, one a line, with time limits."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ._base import Cell, EngineError, Entry, Move, Plan, Value, blocks, plan

START_SECONDS = 120
ANSWER_SECONDS = 300
STOP_SECONDS = 10
FILLS_A_REQUEST = 50  # so that the time limit holds for a share, not for thousands


class Worker:
    """One child process, alone in its process group, with a folder of its own."""

    def __init__(self, command: Callable[[Path], Sequence[str]]) -> None:
        """Start `command(folder)` and wait until it says that it is ready."""
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self._lines: queue.Queue[str] = queue.Queue()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command(self.folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # to kill the office it starts along with it
            )
        atexit.register(self.stop)
        assert self._process.stdout is not None
        threading.Thread(
            target=self._listen, args=(self._process.stdout,), daemon=True
        ).start()
        self._answer(START_SECONDS)

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def running(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def ask(self, do: str, **request: object) -> Any:
        """The answer to one request; EngineError where there is none."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
            self._process.stdin.flush()
            return self._answer(ANSWER_SECONDS)
        except OSError as error:
            raise self._failure("is gone") from error
        except EngineError:
            raise
        except BaseException:
            self.stop()  # or the next request would get the answer to this one
            raise

    def stop(self) -> None:
        """End the process and all it started; remove its folder."""
        atexit.unregister(self.stop)
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            if self._process.stdin is not None:
                self._process.stdin.close()  # tells a living worker to end
            self._process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line)
        self._lines.put("")

    def _answer(self, seconds: float) -> Any:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise self._failure(f"gave no answer in {seconds:g} s") from None
        if not line:
            raise self._failure("ended")
        answer = json.loads(line)
        if "error" in answer:
            raise EngineError(answer["error"])
        return answer["answer"]

    def _failure(self, what: str) -> EngineError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its exit status tells more than a broken pipe
        status = self._process.poll()
        log = self._log.read_text("utf-8", errors="replace")[-2000:]
        self.stop()
        return EngineError(f"the engine {what} (exit status {status})\n{log}")


class WorkerEngine:
    """An engine that lives in a worker, started when first needed and kept."""

    def __init__(self, name: str, command: Callable[[Path], Sequence[str]]) -> None:
        self._name = name
        self._command = command
        self._kept: Worker | None = None

    @property
    def name(self) -> str:
        """The name `require` takes."""
        return self._name

    def ready(self) -> Worker:
        """The living worker."""
        if self._kept is None or not self._kept.running:
            self._kept = Worker(self._command)
        return self._kept

    def fill(
        self,
        workbook: bytes,
        entries: Mapping[Cell, Entry],
        moves: Sequence[Move] = (),
    ) -> bytes:
        """The workbook saved after cutting and pasting, typing and recalculating."""
        todo = plan(workbook, [entries])
        worker = self.ready()
        with files(worker.folder, workbook) as (source, target):
            worker.ask(
                "fill",
                source=str(source),
                target=str(target),
                moves=moves,
                fill=todo.fills[0],
                **layout(todo, []),
            )
            if not target.is_file():
                raise EngineError(f"{self.name} saved nothing")
            return target.read_bytes()

    def convert(self, workbook: bytes, to: str, given: str = "xlsx") -> bytes:
        """The workbook recalculated and saved in another format (`xls`, `ods`, ...)."""
        worker = self.ready()
        with files(worker.folder, workbook, given, to) as (source, target):
            worker.ask("convert", source=str(source), target=str(target))
            if not target.is_file():
                raise EngineError(f"{self.name} saved nothing")
            return target.read_bytes()

    def recalculate(self, workbook: bytes) -> bytes:
        """The workbook saved after recalculating everything."""
        return self.fill(workbook, {})

    def fill_many(
        self,
        workbook: bytes,
        fills: Sequence[Mapping[Cell, Entry]],
        results: Sequence[Cell],
    ) -> list[list[Value]]:
        """The results' values after each fill, each made on the original workbook."""
        todo = plan(workbook, fills)
        if not results:
            return [[] for _ in fills]
        worker = self.ready()
        with files(worker.folder, workbook) as (source, _target):
            try:
                worker.ask("open", source=str(source), **layout(todo, results))
                values: list[list[Value]] = []
                for first in range(0, len(todo.fills), FILLS_A_REQUEST):
                    share = todo.fills[first : first + FILLS_A_REQUEST]
                    values += worker.ask("run", fills=share)
                worker.ask("close")
            except EngineError:
                worker.stop()  # rather than go on with a workbook half filled in
                raise
        return values


def layout(todo: Plan, results: Sequence[Cell]) -> dict[str, object]:
    """Where the entries and the results lie, in blocks; formulas in block -1."""
    formulas = set(todo.formulas)
    ranges, places = blocks(cell for cell in todo.cells if cell not in formulas)
    places |= {cell: (-1, number, 0) for number, cell in enumerate(todo.formulas)}
    result_ranges, result_places = blocks(results)
    return {
        "cells": todo.cells,
        "general": todo.general,
        "blocks": ranges,
        "places": [places[cell] for cell in todo.cells],
        "formulas": todo.formulas,
        "results": list(results),
        "result_blocks": result_ranges,
        "result_places": [result_places[cell] for cell in results],
    }


@contextlib.contextmanager
def files(
    folder: Path, workbook: bytes, given: str = "xlsx", to: str = "xlsx"
) -> Iterator[tuple[Path, Path]]:
    """The workbook in a file and a name to save it under, both removed afterwards."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        source = Path(name) / f"source.{given}"
        source.write_bytes(workbook)
        yield source, Path(name) / f"target.{to}"
