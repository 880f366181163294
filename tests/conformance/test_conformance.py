"""Our daemon keeps the promises, and the checker notices one that doesn't."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewash import Client
from linewash.connection import ConnectionInfo, write_connection
from linewash_daemon.idle import Idle
from linewash_daemon.server import Server
from tests.conformance.promises import PROMISES, Broken, Place, connected
from tests.fakes.colorist import FakeColorist
from tests.fakes.daemon import FakeDaemon

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    server = Server(FakeColorist, tmp_path_factory.mktemp("daemon"), idle=Idle(0, 0))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield Place(server.endpoint, server.token)
    with Client(ConnectionInfo(server.endpoint, server.token, os.getpid(), 1, "")) as client:
        client.stop()
    thread.join(30)
    server.close()


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_daemon_keeps_its_promise(place: Place, promise: object) -> None:
    assert callable(promise)
    promise(place)


def test_a_peer_that_was_turned_away_before_it_sends_does_not_wait_for_ever(place: Place) -> None:
    with connected(Place(place.endpoint, "guess")) as peer, pytest.raises(Broken, match="takes no message"):
        while True:  # until the refusal has come
            peer.send("hello")
            time.sleep(0.05)


def test_the_program_prints_a_line_for_each_promise(place: Place, tmp_path: Path) -> None:
    file = write_connection(ConnectionInfo(place.endpoint, place.token, os.getpid(), 1, ""), tmp_path / "c.json")
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance", "--file", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("kept    ") == len(PROMISES)


def test_a_daemon_that_obeys_everything_is_found_out(tmp_path: Path) -> None:
    with FakeDaemon(tmp_path) as daemon:
        place = Place(daemon.endpoint, "secret")
        broken = []
        for promise in PROMISES:
            if promise.__name__ in ("unknown_op_is_refused", "wrong_version_is_refused", "bounds_are_kept"):
                with pytest.raises(Broken):
                    promise(place)
                broken.append(promise)
        assert len(broken) == 3
