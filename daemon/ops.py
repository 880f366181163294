"""What the daemon does for each request. Runs in the socket loop, so nothing here waits or computes."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import psutil
import zmq

from linewash.contract import (
    Cancel,
    CancelReply,
    Color,
    Done,
    Error,
    Hello,
    HelloReply,
    Layers,
    Models,
    ModelsReply,
    Progress,
    Reply,
    Request,
    Status,
    StatusReply,
    Stop,
    Unload,
)
from linewash.errors import Cancelled, InternalError, LinewashError, ProtocolError
from linewash.version import __version__

from .idle import Idle
from .intake import Refused, read
from .jobs import Ending, Job, Jobs
from .log import log_path
from .outbox import Outbox
from .worker import Colorist, Painted, Report, Worker

log = logging.getLogger(__name__)

MAX_ERRANDS = 32  # `models` and `unload` requests that may wait for the worker
_PROGRESS_EVERY = 0.05  # seconds between two reports of one stage


class Ops:
    """Answers requests and keeps the worker busy. ``stopping`` turns True when a client asked the daemon to stop."""

    def __init__(self, outbox: Outbox, worker: Worker, idle: Idle) -> None:
        self.stopping = False
        self.jobs = Jobs()
        self._outbox = outbox
        self._worker = worker
        self._idle = idle
        self._errands = 0
        self._started = time.monotonic()

    @property
    def busy(self) -> bool:
        return bool(self._errands or self.jobs.running or self.jobs.waiting)

    def receive(self, client: bytes, frames: Sequence[zmq.Frame]) -> None:
        """Act on one message (without its routing id), whatever it holds."""
        request_id = ""
        try:
            request, pixels = read(frames)
            request_id = request.id
            self._answer(client, request, pixels)
        except Refused as refused:
            self._refuse(client, refused.id, refused.error)
        except LinewashError as error:
            self._refuse(client, request_id, error)
        except Exception:
            log.exception("A message met a fault")
            self._refuse(client, request_id, InternalError("Linewash met a fault of its own.", _report()))

    def advance(self) -> None:
        """Give the worker its next job, if it is free and a client is ready for a result."""
        job = self.jobs.take(self._outbox.ready)
        if job is not None:
            if self._worker.status is None:
                self._progress(job, "loading", 0.0)
            self._worker.submit(self._paint(job), partial(self._painted, job))

    def unload_if_idle(self) -> None:
        """Give the memory of an unused model back."""
        status = self._worker.status
        if status is not None and status.model and not self.busy:
            log.info("Nothing to do for a while: the model is unloaded.")
            self._errand(lambda colorist: colorist.unload(), lambda outcome: None)

    def someone_left(self) -> None:
        """A client disconnected, and libzmq does not say which: speak to all that have jobs, so that it shows."""
        for client in self.jobs.clients:
            for job in self.jobs.of(client)[:1]:
                stage, fraction = job.progress
                self._say(client, Progress(job.request.id, stage, fraction))

    def drop_deaf_clients(self) -> None:
        """End the jobs of clients that have not taken their results for too long."""
        for client in self.jobs.clients:
            if self._outbox.gave_up(client):
                self._lose(client)

    def stop(self) -> None:
        """End every job with ``stopping``."""
        self._tell(self.jobs.stop())

    def _answer(self, client: bytes, request: Request, pixels: list[memoryview]) -> None:
        match request:
            case Color():
                self._color(client, request, pixels)
            case Cancel():
                found, endings = self.jobs.cancel(client, request.target)
                self._say(client, CancelReply(request.id, found))
                self._tell(endings)
            case Hello():
                log.info("%s said hello.", request.client[:80] or "A client")
                self._say(client, HelloReply(request.id, __version__, os.getpid()))
            case Models():
                self._errand(lambda colorist: colorist.models(), partial(self._listed, client, request.id))
            case Status():
                self._say(client, self._status(request.id))
            case Unload():
                self._unload(client, request.id)
            case Stop():
                self._say(client, Done(request.id))
                self.stopping = True

    def _color(self, client: bytes, request: Color, pixels: list[memoryview]) -> None:
        planes = [request.lineart, request.hints]
        lineart, hints = (None if p is None or p.frame is None else pixels[p.frame] for p in planes)
        job = Job(client, request, lineart, hints)
        self._tell(self.jobs.add(job))
        self._say(client, Progress(request.id, *job.progress))
        self.advance()

    def _paint(self, job: Job) -> Callable[[Colorist], Painted]:
        request, lineart, hints = job.request, job.lineart, job.hints
        report = _throttled(lambda stage, part: self._worker.post(lambda: self._progress(job, stage, part)))

        def paint(colorist: Colorist) -> Painted:
            if job.ended:
                raise Cancelled("The job ended before it began.")
            return colorist.color(request, lineart, hints, report, lambda: job.ended)

        return paint

    def _progress(self, job: Job, stage: str, fraction: float) -> None:
        if not job.ended:
            job.progress = (stage, fraction)
            self._say(job.client, Progress(job.request.id, stage, fraction))

    def _painted(self, job: Job, outcome: Painted | LinewashError) -> None:
        if self.jobs.finish(job):
            if isinstance(outcome, LinewashError):
                self._fail(job.client, job.request.id, outcome)
            else:
                self._deliver(job, outcome)
        self._idle.touch()
        self._outbox.tidy()
        self.advance()

    def _deliver(self, job: Job, painted: Painted) -> None:
        message = Layers(job.request.id, painted.layers, painted.record, painted.notices)
        try:
            sizes = [memoryview(plane).nbytes for plane in painted.planes]
            if any(layer.plane.nbytes != sizes[layer.plane.frame or 0] for layer in painted.layers):
                raise IndexError("planes don't fit their layers")
            self._say(job.client, message, painted.planes)
        except Exception:  # whatever it is, the job has to end
            log.exception("A result could not be sent")
            error = InternalError("The result is of a form that can't be sent.", _report())
            self._fail(job.client, job.request.id, error)

    def _errand(self, work: Callable[[Colorist], Any], done: Callable[[Any], None]) -> None:
        if self._errands >= MAX_ERRANDS:
            raise ProtocolError("Too many requests wait for the colorist.", "Wait for some answers first.", "busy")
        self._errands += 1

        def finish(outcome: Any) -> None:
            self._errands -= 1
            done(outcome)

        self._worker.submit(work, finish)

    def _listed(self, client: bytes, request_id: str, outcome: Any) -> None:
        self._conclude(client, request_id, outcome, lambda: ModelsReply(request_id, outcome))

    def _unload(self, client: bytes, request_id: str) -> None:
        if not self._worker.used:
            self._say(client, Done(request_id))
            return
        conclude = partial(self._conclude, client, request_id)
        self._errand(lambda colorist: colorist.unload(), lambda outcome: conclude(outcome, lambda: Done(request_id)))

    def _conclude(self, client: bytes, request_id: str, outcome: Any, reply: Callable[[], Reply]) -> None:
        if isinstance(outcome, LinewashError):
            self._fail(client, request_id, outcome)
        else:
            self._say(client, reply())

    def _status(self, request_id: str) -> StatusReply:
        now = self._worker.status
        return StatusReply(
            id=request_id,
            version=__version__,
            pid=os.getpid(),
            uptime=time.monotonic() - self._started,
            device=now.device if now else "not chosen yet",
            model=now.model if now else "",
            running=int(self.jobs.running is not None),
            queued=self.jobs.waiting,
            prepared=now.prepared if now else 0,
            prepared_bytes=now.prepared_bytes if now else 0,
            memory_bytes=psutil.Process().memory_info().rss,
            idle_unload=self._idle.unload_after,
            idle_exit=self._idle.exit_after,
        )

    def _tell(self, endings: list[Ending]) -> None:
        for ending in endings:
            self._fail(ending.job.client, ending.job.request.id, ending.error)

    def _refuse(self, client: bytes, request_id: str, error: LinewashError) -> None:
        """Answer a message that led to nothing; under the id of an open job this would read as that job's end."""
        taken = any(job.request.id == request_id for job in self.jobs.of(client))
        self._fail(client, "" if taken else request_id, error)

    def _fail(self, client: bytes, request_id: str, error: LinewashError) -> None:
        self._say(client, Error(request_id, error.code, error.sentence, error.remedy))

    def _say(self, client: bytes, message: Reply, planes: Sequence[Any] = ()) -> None:
        if not self._outbox.send(client, message, planes):
            self._lose(client)

    def _lose(self, client: bytes) -> None:
        """The client is gone or does not read: nobody waits for its jobs."""
        count = self.jobs.drop(client)
        if count:
            log.info("A client is gone or does not read its replies; its %d jobs were dropped.", count)


def _throttled(report: Report) -> Report:
    """``report``, but a stage's fractions at most every `_PROGRESS_EVERY` seconds, and always within 0…1."""
    last: list[Any] = ["", 0.0]

    def now(stage: str, fraction: float) -> None:
        if stage != last[0] or time.monotonic() - last[1] >= _PROGRESS_EVERY:
            last[:] = [stage, time.monotonic()]
            report(stage, min(1.0, max(0.0, fraction)))

    return now


def _report() -> str:
    return f"Please report it together with {log_path()}."
