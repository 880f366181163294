"""The blocking client, for scripts:

    from linewash import Client, Picture
    with Client() as client:
        result = client.color(Picture(width, height, "rgba", 8, pixels))
    flats = result.layer("flats").picture.pixels

An editor that must not wait drives a `Session` instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .connection import ConnectionInfo
from .contract import CancelReply, HelloReply, ModelInfo, Options, Progress, StatusReply
from .jobs import Job
from .pictures import Picture, Result
from .session import Session

_SLICE = 0.25  # seconds at most between two looks at the clock
_FAREWELL = 2.0  # seconds that the end of a cancelled job is waited for
_ANSWER = 30.0  # seconds for anything but a colouring, the start of a daemon included
ReportProgress = Callable[[str, float], None]
T = TypeVar("T")


class Client:
    """A connection to the user's daemon, which is found, or started unless ``start`` is False.

    ``connection``: a certain daemon instead. ``name``: what the daemon's log calls this client. ``timeout``: seconds
    for each call but `color`. Every method may raise `DaemonError`, `TimedOut` and `ProtocolError`. A daemon that
    went away between two calls is replaced without a word. For use by one thread; see `Session` for more.
    """

    def __init__(
        self,
        connection: ConnectionInfo | None = None,
        *,
        start: bool = True,
        name: str = "",
        timeout: float = _ANSWER,
    ) -> None:
        self._session = Session(connection, start=start, name=name)
        self._timeout = timeout
        self._running = ""

    def __enter__(self) -> Client:
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> HelloReply:
        """Connect now, and learn who the daemon is; any other call does so by itself."""
        return self._finish(self._session.hello(self._timeout))

    def color(
        self,
        lineart: Picture,
        hints: Picture | None = None,
        *,
        options: Options | None = None,
        progress: ReportProgress | None = None,
        stream: str = "",
        timeout: float | None = None,
    ) -> Result:
        """Colour ``lineart`` (gray, graya, rgb or rgba; 16…16,384 px a side) after ``hints`` (rgba or graya, of the
        same size, alpha 0 where there is no stroke).

        ``progress(stage, 0…1)`` is told how far it got; it may raise to cancel, as Ctrl-C does. ``stream``: a newer
        job of this client and stream ends an older one. Raises `BadInput`, `ModelError`, `OutOfMemory`, `Cancelled`,
        `DaemonGone` when the daemon dies in the middle, `TimedOut` after ``timeout`` seconds.
        """
        job = self._session.submit(lineart, hints, options, stream=stream, timeout=timeout)
        self._running = job.id
        try:
            return self._finish(job, progress)
        finally:
            self._running = ""

    def models(self) -> tuple[ModelInfo, ...]:
        """The styles that the daemon offers."""
        return self._finish(self._session.models(self._timeout)).models

    def status(self) -> StatusReply:
        return self._finish(self._session.status(self._timeout))

    @property
    def running(self) -> str:
        """The id of the job that is waited for, "" when none is; for `cancel` from another thread."""
        return self._running

    def cancel(self, job_id: str) -> CancelReply:
        """Ask for the end of a job of this client; the `color` that waits for it raises `Cancelled`."""
        return self._finish(self._session.cancel_id(job_id, self._timeout))

    def unload(self) -> None:
        """Let the daemon give its model's memory back; the next colouring loads it again."""
        self._finish(self._session.unload(self._timeout))

    def stop(self) -> None:
        """Let the daemon end; jobs still running end with `Cancelled`."""
        self._finish(self._session.stop(self._timeout))

    def close(self) -> None:
        self._session.close()

    def _finish(self, job: Job[T], progress: ReportProgress | None = None) -> T:
        told: Progress | None = None
        try:
            while not job.over:
                self._session.wait(_SLICE if job.state == "sent" else 0.05)
                self._session.poll()
                if progress is not None and job.progress is not None and job.progress is not told:
                    told = job.progress
                    progress(told.stage, told.fraction)
        except BaseException:
            self._abandon(job)
            raise
        return job.result

    def _abandon(self, job: Job[T]) -> None:
        """Cancel, and give the daemon a moment to say that it did, so that its memory is free when this returns."""
        self._session.cancel(job)
        end = time.monotonic() + _FAREWELL
        while not job.over and time.monotonic() < end:
            self._session.poll()
            self._session.wait(0.05)
