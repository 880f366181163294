"""The session that never blocks, driven as a GUI's timer or a selector would."""

from __future__ import annotations

import selectors
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from linewash import Cancelled, DaemonError, Picture, Session
from linewash.jobs import AnyJob
from tests.fakes import daemon as fake
from tests.fakes.daemon import FakeDaemon
from tests.linewash.test_client import HINTS, LINES

LIMIT = 20.0


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    with FakeDaemon(tmp_path) as daemon:
        yield daemon


@pytest.fixture
def session(daemon: FakeDaemon) -> Iterator[Session]:
    with Session(daemon.info) as session:
        yield session


def turn(session: Session, *jobs: AnyJob) -> None:
    """A GUI's timer: polls every few milliseconds until the jobs are over."""
    end = time.monotonic() + LIMIT
    while not all(job.over for job in jobs):
        assert time.monotonic() < end
        session.poll()
        time.sleep(0.005)


def test_a_timer_drives_a_job_to_its_result(session: Session) -> None:
    job = session.submit(LINES, HINTS)
    assert not job.over
    turn(session, job)
    assert job.state == "done"
    assert job.result.layer("flats").picture.width == 32
    assert session.idle


def test_a_selector_says_when_to_poll(session: Session) -> None:
    job = session.submit(LINES)
    end = time.monotonic() + LIMIT
    while not job.over and time.monotonic() < end:
        with selectors.DefaultSelector() as selector:
            if session.fileno() >= 0:
                selector.register(session.fileno(), selectors.EVENT_READ)
                selector.select(0.2)
        session.poll()
    assert job.result.layers


def test_one_thread_polls_while_others_submit(session: Session) -> None:
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            session.poll()
            session.wait(0.05)

    runner = threading.Thread(target=run)
    runner.start()
    done: list[bool] = []

    def work(side: int) -> None:
        job = session.submit(Picture(side, side, "gray", 8, bytes(side * side)))
        done.append(job.join(LIMIT) and job.result.layers[0].picture.width == side)

    workers = [threading.Thread(target=work, args=(side,)) for side in range(16, 24)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    stop.set()
    runner.join()
    assert done == [True] * 8


def test_several_jobs_are_on_their_way_at_once(session: Session, daemon: FakeDaemon) -> None:
    held: list[fake.Header] = []

    def backwards(header: fake.Header, frames: list[bytes]) -> Iterable[fake.Reply]:
        held.append(header)
        if len(held) == 3:
            for one in reversed(held):
                reply, pixels = fake.layers(one)
                yield {**reply, "id": one["id"]}, pixels

    daemon.script = backwards
    jobs = [session.submit(Picture(16, 16 + i, "gray", 8, bytes(16 * (16 + i)))) for i in range(3)]
    turn(session, *jobs)
    assert [job.result.layers[0].picture.height for job in jobs] == [16, 17, 18]


def test_a_job_that_was_not_sent_is_cancelled_at_once(tmp_path: Path, daemon: FakeDaemon) -> None:
    with Session(daemon.info) as session:
        job = session.submit(LINES)
        session.cancel(job)
        with pytest.raises(Cancelled):
            _ = job.result
        turn(session, session.models())
        assert daemon.ops() == ["models"]


def test_progress_can_be_looked_at(session: Session, daemon: FakeDaemon) -> None:
    daemon.script = lambda header, frames: [fake.progress("prepare", 0.25)]
    job = session.submit(LINES)
    end = time.monotonic() + LIMIT
    while job.progress is None and time.monotonic() < end:
        session.poll()
        time.sleep(0.005)
    assert job.progress is not None
    assert (job.progress.stage, job.progress.fraction) == ("prepare", 0.25)
    assert job.state == "sent"


def test_a_closed_session_ends_its_jobs(daemon: FakeDaemon) -> None:
    session = Session(daemon.info)
    job = session.submit(LINES)
    session.close()
    assert isinstance(job.error, Cancelled)
    assert session.fileno() == -1


def test_no_daemon_is_the_jobs_error_not_an_exception_of_poll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINEWASH_RUNTIME_DIR", str(tmp_path))
    with Session(start=False) as session:
        job = session.submit(LINES)
        session.poll()
    assert isinstance(job.error, DaemonError)
    assert job.error.code == "daemon_unreachable"
