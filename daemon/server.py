"""The socket loop: one thread that reads, answers and never waits for anything but the sockets themselves."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path

import zmq

from linewash.errors import DaemonError

from .auth import Gate, make_token
from .front import Front, Transport, default_transport
from .idle import Idle
from .ops import Ops
from .outbox import Outbox
from .worker import Colorist, Worker

log = logging.getLogger(__name__)

_BATCH = 64  # messages taken before the worker's news get their turn
_RECHECK = 0.05  # seconds between two looks at clients that have not taken their results
_SETTLE = (0.1, 0.5, 2.0)  # seconds after which libzmq may have noticed what its monitor already reports
_PATIENCE = 5.0  # seconds that the job at work may take to notice that the daemon stops


class Server:
    """A daemon's sockets and thread. It listens once built, at ``endpoint`` for whoever knows ``token``."""

    def __init__(
        self,
        open_colorist: Callable[[], Colorist],
        folder: Path,
        transport: Transport | None = None,
        idle: Idle | None = None,
    ) -> None:
        """``open_colorist`` is called in the worker's thread when the first job comes; ``folder`` takes the socket.

        Raises `DaemonError` when no address can be bound.
        """
        self.token = make_token()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._gate = Gate(self._context, self.token)
        try:
            self._front = Front(self._context, folder, transport or default_transport())
        except DaemonError:
            self._gate.close()
            self._context.term()
            raise
        self.endpoint = self._front.endpoint
        self._idle = idle or Idle()
        self._worker = Worker(self._context, open_colorist)
        self._ops = Ops(Outbox(self._front.socket), self._worker, self._idle)
        self._stopping = False
        self._probes: list[float] = []  # when to see whether a client is gone, the next first

    def run(self, interrupt: socket.socket | None = None) -> None:
        """Serve until a client or `stop` asks for the end, or the daemon was idle long enough.

        ``interrupt`` ends the wait when it turns readable, so that a signal's call of `stop` is noticed at once.
        """
        self._worker.start()
        self._idle.touch()
        poller = self._poller(interrupt)
        while not (self._stopping or self._ops.stopping):
            ready = dict(poller.poll(self._timeout()))
            if self._gate.socket in ready:
                self._gate.answer()
            if self._front.departures in ready and self._front.someone_left():
                looks = [time.monotonic() + after for after in _SETTLE]
                self._probes = sorted([*self._probes[:1], *looks])  # who leaves later puts off no look that is due
            if self._front.socket in ready:
                self._receive()
            self._hear()
            self._look_after_clients()
            self._look_at_the_clock()
        self._ops.stop()

    def stop(self) -> None:
        """Have `run` return; may be called from a signal handler."""
        self._stopping = True

    def close(self) -> bool:
        """Release sockets and thread. False when the job at work did not notice in time: its thread still runs."""
        ended = self._worker.stop(_PATIENCE)
        self._front.close()
        self._gate.close()
        if ended:
            self._context.term()
        return ended

    def _poller(self, interrupt: socket.socket | None) -> zmq.Poller:
        poller = zmq.Poller()
        for readable in (self._gate.socket, self._front.socket, self._front.departures, self._worker.wake, interrupt):
            if readable is not None:
                poller.register(readable, zmq.POLLIN)
        return poller

    def _receive(self) -> None:
        for _ in range(_BATCH):
            frames = self._front.receive()
            if frames is None:
                return
            self._idle.touch()
            self._ops.receive(frames[0].bytes, frames[1:])

    def _hear(self) -> None:
        for news in self._worker.news():
            try:
                news()
            except Exception:  # the other clients' jobs go on
                log.exception("News of the worker met a fault")

    def _look_after_clients(self) -> None:
        if self._probes and time.monotonic() >= self._probes[0]:
            del self._probes[0]
            self._ops.someone_left()
        if self._ops.jobs.blocked:
            self._ops.drop_deaf_clients()
            self._ops.advance()

    def _look_at_the_clock(self) -> None:
        if self._ops.busy:
            return
        if self._idle.should_unload():
            self._ops.unload_if_idle()
        if self._idle.should_exit():
            log.info("Nothing to do for a long while: the daemon stops.")
            self._stopping = True

    def _timeout(self) -> int | None:
        """Milliseconds that the loop may sleep."""
        waits = [] if self._ops.busy else [self._idle.remaining()]
        if self._probes:
            waits.append(self._probes[0] - time.monotonic())
        if self._ops.jobs.blocked:
            waits.append(_RECHECK)
        known = [w for w in waits if w is not None]
        return int(max(0.0, min(known)) * 1000) + 1 if known else None
