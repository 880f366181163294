"""A daemon's life: one per user, a connection file while it listens, a clean end."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from linewash.connection import (
    ConnectionInfo,
    make_runtime_folder,
    read_connection,
    remove_connection,
    write_connection,
)
from linewash.contract import PROTOCOL
from linewash.errors import DaemonError
from linewash.version import __version__

from .front import Transport
from .idle import Idle
from .lock import Held, Lock
from .server import Server
from .worker import Colorist

log = logging.getLogger(__name__)

LOCK_NAME = "daemon.lock"
_TAKEOVER = 10.0  # seconds that a daemon that is just starting or stopping may take


class AlreadyRunning(Exception):
    """The user's daemon runs already, as process ``pid``."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


def serve(open_colorist: Callable[[], Colorist], transport: Transport | None, idle: Idle) -> bool:
    """Be the user's daemon until asked to stop. False: the job at work did not end, its thread still runs.

    Raises `AlreadyRunning`, or `DaemonError` when no daemon can be started here.
    """
    folder = make_runtime_folder()
    try:
        with _lock(folder / LOCK_NAME):
            return _serve(Server(open_colorist, folder, transport, idle))
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _serve(server: Server) -> bool:
    info = ConnectionInfo(server.endpoint, server.token, os.getpid(), PROTOCOL, __version__)
    try:
        with _signals(server.stop) as interrupt:
            log.info("Linewash %s listens at %s.", __version__, server.endpoint)
            write_connection(info)  # replaces what a daemon that was killed left behind
            server.run(interrupt)
    finally:
        remove_connection(info)
        ended = server.close()
    log.info("The daemon stopped.")
    return ended


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Hold the lock; wait for one that is being given back, not for one whose holder can be connected to."""
    deadline = time.monotonic() + _TAKEOVER
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(Lock(path))
                break
            except Held as held:
                if _connectable() or time.monotonic() > deadline:
                    raise AlreadyRunning(held.pid) from held
                time.sleep(0.05)
        yield


def _connectable() -> bool:
    try:
        return read_connection() is not None
    except DaemonError:
        return False


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[socket.socket]:
    """Call ``stop`` on SIGTERM and SIGINT; the socket given turns readable then, to end a poll at once."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    chosen = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop()) for number in chosen]
    woken = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in zip(chosen, before, strict=True):
            signal.signal(number, handler)
        reader.close()
        writer.close()


def _cannot_write(folder: Path, error: OSError) -> DaemonError:
    return DaemonError(
        f"The daemon can't write to {folder}: {error.strerror}.",
        "Make room there, or set LINEWASH_RUNTIME_DIR to another folder.",
        "daemon_not_started",
    )
