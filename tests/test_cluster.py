"""Work done by a Dask cluster: a real one, of processes, some of which are lost."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from tests.own_reports import sample
from tests.support import BUSY, contents, deliver, folder, roster, unit, workbook
from tests.test_audit import EDITIONS, changed, printed
from workbook_builder.bounds import cluster, isolation
from workbook_builder.bounds.cluster import cluster as served_by
from workbook_builder.campaign.folder import Folder
from workbook_builder.campaign.program import program
from workbook_builder.model.errors import CampaignError
from workbook_builder.pipeline import audit, audit_page, collect, computed_by

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes")

#: More than one batch for each worker.
COPIES = 16


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """An S3 store on this machine, which processes find by their environment."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
            patch.setenv(f"AWS_{name}", "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        # The process that is kept for reading knows the environment it was begun in.
        patch.setattr(isolation, "_kept", None)
        yield "s3://returns/2025"
    server.stop()


@pytest.fixture(scope="module")
def scheduler(store: str) -> Iterator[LocalCluster]:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Returns of two units, copies of one, and files that nobody can read."""
    made = folder(tmp_path_factory.mktemp("here"), roster("U1", "U2", "U3"))
    one = workbook(BUSY, unit("U1", "Q"))
    deliver(made, "乙/2.xlsx", workbook(BUSY, unit("U2", "Q")), hour=3)
    for number in range(COPIES):
        deliver(made, f"{number:02}.xlsx", one, hour=4)
    deliver(made, "坏.xlsx", b"PK\3\4" + bytes(80), hour=5)
    return made


def _beside(made: Folder, tmp_path: Path) -> Folder:
    """The same campaign, of which nothing was read yet."""
    shutil.copytree(made.path, tmp_path / "there")
    there = Folder(tmp_path / "there")
    shutil.rmtree(there.results, ignore_errors=True)
    for file in there.path.glob("*.sqlite"):
        file.unlink()
    (there.path / ".read.sqlite").unlink(missing_ok=True)
    return there


def test_a_cluster_that_loses_a_worker_comes_to_the_same_bytes(
    made: Folder, scheduler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = _beside(made, tmp_path)
    collect(made)
    monkeypatch.setattr(cluster, "BATCH", 2)
    killed: list[int] = []

    def kill(done: int, of: int) -> None:
        if done == 3:
            killed.append(scheduler.workers[0].process.pid)
            os.kill(killed[0], signal.SIGKILL)

    with computed_by(scheduler.scheduler_address):
        found = collect(there, kill)
    assert killed
    assert len(found.submissions) == COPIES + 2
    assert contents(there.results) == contents(made.results)


def test_files_of_a_store_are_read_by_the_workers(
    made: Folder, scheduler: Any, store: str, tmp_path: Path
) -> None:
    """With the same results as in one process that reads there."""
    import s3fs

    s3 = s3fs.S3FileSystem()
    s3.mkdir("returns")
    for name in ("乙/2.xlsx", "00.xlsx", "坏.xlsx"):
        s3.pipe_file(f"{store}/{name}", (made.inbox / name).read_bytes())
    results = []
    for number, address in enumerate(("", scheduler.scheduler_address)):
        there = Folder(_beside(made, tmp_path / str(number)).path, store)
        with computed_by(address):
            found = collect(there)
        assert [each.path for each in found.submissions] == [
            "00.xlsx",
            "乙/2.xlsx",
            "坏.xlsx",
        ]
        results.append(contents(there.results))
    assert results[0] == results[1]


def test_published_reports_are_audited_alike(
    scheduler: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a worker is lost over them: the page is the same to the byte."""
    year, edited = sample(), tmp_path / "r" / "b.docx"
    edited.parent.mkdir()
    for name in ("a.docx", "c.docx"):
        (tmp_path / "r" / name).write_bytes(printed(year))
    edited.write_bytes(printed(changed(year, applications__carried_in__natural=9)))
    (tmp_path / "r" / "坏.pdf").write_bytes(b"%PDF-1.7 no report")
    here = audit([tmp_path / "r"], EDITIONS)
    assert sum(each.errors > 0 for each in here) == 1
    monkeypatch.setattr(cluster, "BATCH", 1)
    os.kill(scheduler.workers[1].process.pid, signal.SIGKILL)
    with computed_by(scheduler.scheduler_address):
        there = audit([tmp_path / "r"], EDITIONS)
    assert audit_page(there) == audit_page(here)


def test_another_program_on_the_workers_computes_nothing(
    made: Folder, scheduler: Any, tmp_path: Path
) -> None:
    there = _beside(made, tmp_path)
    with (
        served_by(scheduler.scheduler_address, _elsewhere_another),
        pytest.raises(CampaignError, match="another version"),
    ):
        collect(there)
    assert not there.results.exists()


def _elsewhere_another() -> str:
    return f"{program()} {os.getpid()}"


def test_where_nobody_answers_it_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with (
        pytest.raises(CampaignError, match="does not answer"),
        computed_by("tcp://127.0.0.1:9"),
    ):
        pass
