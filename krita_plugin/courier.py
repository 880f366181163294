"""Runs errands to the daemon in a thread of its own, so that the editor never waits for a hash, a copy or a socket."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .linewash.contract import Progress
from .linewash.errors import Cancelled, InternalError, LinewashError, OutOfMemory
from .linewash.jobs import Job
from .linewash.session import Session

_BUSY, _IDLE = 0.02, 1.0  # seconds at most between two looks at the orders
T = TypeVar("T")


class Errand(Generic[T]):
    """Something asked of the daemon. The editor's thread looks at it; only the courier's thread changes it."""

    def __init__(self, begin: Callable[[Session], Job[T]], start: bool) -> None:
        self._begin = begin
        self.start = start
        self.job: Job[T] | None = None
        self.failure: LinewashError | None = None
        self.dropped = False

    @property
    def over(self) -> bool:
        return self.failure is not None or (self.job is not None and self.job.over)

    @property
    def error(self) -> LinewashError | None:
        """What it failed with, if it did."""
        return self.failure if self.failure is not None or self.job is None else self.job.error

    @property
    def progress(self) -> Progress | None:
        return None if self.job is None else self.job.progress

    @property
    def result(self) -> T:
        """What came of it; raises the `LinewashError` it failed with, also while it isn't over."""
        if self.failure is not None:
            raise self.failure
        if self.job is None:
            raise LinewashError("The errand has not begun.")
        return self.job.result

    def run(self, session: Session) -> None:
        try:
            self.job = self._begin(session)
        except LinewashError as error:
            self.failure = error
        except Exception as error:
            self.failure = fault_of(error)


class Courier:
    """One connection to the daemon, looked after by a thread that lives from the first errand to `close`.

    ``open_session(start)``: a new session that may or may not start a daemon. ``note`` is told, in the thread, of
    every fault of our own; the thread outlives them.
    """

    def __init__(self, open_session: Callable[[bool], Session], note: Callable[[Exception], None]) -> None:
        self._open, self._note = open_session, note
        self._errands: list[Errand[Any]] = []  # that may not be over yet
        self._orders: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._sessions: dict[bool, Session] = {}
        self._thread: threading.Thread | None = None

    def send(self, begin: Callable[[Session], Job[T]], *, start: bool) -> Errand[T]:
        """Let the thread call ``begin`` with a session. ``start``: start a daemon when none runs."""
        errand = Errand(begin, start)
        self._order(lambda: self._run(errand))
        return errand

    def cancel(self, errand: Errand[Any]) -> None:
        """End it, whether it has begun or not; it fails with `Cancelled`."""
        errand.dropped = True
        self._order(lambda: self._cancel(errand))

    def aside(self, work: Callable[[], None]) -> None:
        """Do something else that takes a while, such as packing a result away."""
        self._order(work)

    def connected(self) -> bool:
        """Whether a daemon is at the other end just now."""
        return any(session.daemon is not None for session in list(self._sessions.values()))

    def close(self) -> None:
        """Leave the daemon; whatever is not over fails with `Cancelled`."""
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join(5)
            self._thread = None

    def _order(self, order: Callable[[], None]) -> None:
        self._orders.put(order)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="linewash-courier", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            busy = any(not session.idle for session in self._sessions.values())
            try:
                order = self._orders.get(timeout=0 if busy else _IDLE)
            except queue.Empty:
                pass
            else:
                if order is None:
                    break
                self._guarded(order)
                continue
            self._guarded(self._poll)
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()

    def _guarded(self, work: Callable[[], None]) -> None:
        """A fault ends the errands that are under way, lest the artist wait for them forever; later ones go on."""
        try:
            work()
        except Exception as error:
            self._note(error)
            for errand in self._errands:
                if not errand.over:
                    errand.failure = fault_of(error)
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()

    def _poll(self) -> None:
        self._errands = [errand for errand in self._errands if not errand.over]
        for session in self._sessions.values():
            session.poll()
            if not session.idle:
                session.wait(_BUSY)

    def _run(self, errand: Errand[Any]) -> None:
        if errand.dropped:
            errand.failure = Cancelled("It was cancelled before it began.")
        else:
            self._errands.append(errand)
            errand.run(self._session(errand.start))

    def _session(self, start: bool) -> Session:
        starting = self._sessions.get(True)
        if not start and starting is not None and starting.daemon is not None:
            return starting  # connected already: there is nothing to start
        if start not in self._sessions:
            self._sessions[start] = self._open(start)
        return self._sessions[start]

    def _cancel(self, errand: Errand[Any]) -> None:
        if errand.job is not None:
            for session in self._sessions.values():
                session.cancel(errand.job)


def fault_of(error: Exception) -> LinewashError:
    """What the artist is told of an exception that is none of Linewash's own."""
    if isinstance(error, MemoryError):
        return OutOfMemory("The memory of this machine is full.", "Close other programs.")
    return InternalError(f"Linewash met a fault of its own ({type(error).__name__}: {error}).")
