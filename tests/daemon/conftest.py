"""A real daemon (sockets, threads, ZeroMQ) around a scriptable colorist, and clients for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from linewash_daemon.idle import Idle
from linewash_daemon.server import Server
from tests.fakes.colorist import FakeColorist
from tests.fakes.peer import Peer


class Running:
    """A `Server` in a thread."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.colorist = FakeColorist()
        self.server = Server(lambda: self.colorist, folder, **options)
        self.closed: bool | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.server.run()
        finally:
            self.closed = self.server.close()

    def peer(self, context: zmq.Context[Any], **options: Any) -> Peer:
        return Peer(self.server.endpoint, self.server.token, context, **options)


@pytest.fixture
def context() -> Iterator[zmq.Context[Any]]:
    context: zmq.Context[Any] = zmq.Context()
    yield context
    context.destroy(0)


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, context: zmq.Context[Any]) -> Iterator[Start]:
    """Starts daemons and stops them after the test."""
    running: list[Running] = []

    def begin(**options: Any) -> Running:
        folder = tmp_path / str(len(running))
        folder.mkdir()
        running.append(Running(folder, **{"idle": Idle(0, 0), **options}))
        return running[-1]

    yield begin
    for one in running:
        if one.thread.is_alive():
            with one.peer(context) as peer:
                peer.send("stop", "the end")
                one.thread.join(30)
        assert not one.thread.is_alive()


@pytest.fixture
def daemon(start: Start) -> Running:
    return start()


@pytest.fixture
def peer(daemon: Running, context: zmq.Context[Any]) -> Iterator[Peer]:
    with daemon.peer(context) as peer:
        yield peer
