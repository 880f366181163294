"""Which job runs next, and how each one ends. Pure logic: no sockets, no threads, no clock.

A job is open from `Jobs.add` until it ends, and it ends once: in an `Ending` that one of the methods here returns, or
in `Jobs.finish` saying True. Whoever calls sends exactly that one terminal message. One job runs at a time, the rest
wait; clients take turns, and within a client the order of arrival holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from linewash.contract import Color
from linewash.errors import Cancelled, LinewashError, ProtocolError

MAX_WAITING = 32
#: A client may fill this much of the queue, so that a script with a folder of pages leaves room for the artist.
MAX_WAITING_PER_CLIENT = 16
#: Pixels that wait together; a single job may be larger, for it has to fit somewhere.
MAX_WAITING_BYTES = 2 << 30


@dataclass(eq=False)
class Job:
    """A `Color` request of one client. ``ended`` only ever turns from False to True; other threads may read it."""

    client: bytes
    request: Color
    lineart: memoryview | None = None
    hints: memoryview | None = None
    ended: bool = False
    progress: tuple[str, float] = ("queued", 0.0)  # what was last told of it: stage, fraction

    @property
    def nbytes(self) -> int:
        return sum(pixels.nbytes for pixels in (self.lineart, self.hints) if pixels is not None)

    def release(self) -> None:
        """Let go of the pixels."""
        self.lineart = self.hints = None


@dataclass(frozen=True)
class Ending:
    """A job that ended without a result, and the error to tell its client."""

    job: Job
    error: LinewashError


class Jobs:
    """The waiting jobs and the running one."""

    def __init__(self) -> None:
        self.running: Job | None = None
        self._waiting: dict[bytes, deque[Job]] = {}  # in the order of the clients' turns
        self._stopping = False

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def clients(self) -> set[bytes]:
        """Clients that have an open job."""
        open_jobs = {} if self.running is None or self.running.ended else {self.running.client}
        return {*self._waiting, *open_jobs}

    @property
    def blocked(self) -> bool:
        """Whether jobs wait although none runs: their clients have not taken their earlier results."""
        return self.running is None and bool(self._waiting)

    def of(self, client: bytes) -> list[Job]:
        """The client's open jobs."""
        jobs = list(self._waiting.get(client, ()))
        if self.running is not None and self.running.client == client and not self.running.ended:
            jobs.append(self.running)
        return jobs

    def add(self, job: Job) -> list[Ending]:
        """Let ``job`` wait its turn; the endings are those of older jobs of its stream.

        Raises `ProtocolError` (``busy``: the queue is full; ``bad_message``: the id is in use) or `Cancelled`
        (``stopping``); the job is then not open, and the caller answers it.
        """
        if self._stopping:
            raise _stopping()
        if self._find(job.client, job.request.id) is not None:
            raise ProtocolError(f"The id {job.request.id} belongs to a job that has not ended.", "Use a new id.")
        older = self._of_stream(job)
        self._check_room(job, older)
        if older is None or older is self.running:
            self._waiting.setdefault(job.client, deque()).append(job)
        else:
            queue = self._waiting[job.client]
            queue[queue.index(older)] = job
        if older is None:
            return []
        return [_end(older, Cancelled("A newer job of the same stream took its place.", code="superseded"))]

    def take(self, ready: Callable[[bytes], bool] = lambda client: True) -> Job | None:
        """The next job, now running; None while one runs or no client with waiting jobs is ``ready``."""
        if self.running is not None:
            return None
        client = next((c for c in self._waiting if ready(c)), None)
        if client is None:
            return None
        queue = self._waiting.pop(client)
        self.running = queue.popleft()
        if queue:
            self._waiting[client] = queue  # at the end: the others' turn comes first
        return self.running

    def finish(self, job: Job) -> bool:
        """The running ``job`` came back. True: it ends now, send its outcome. False: it ended before, send nothing."""
        assert job is self.running
        self.running = None
        ends_now = not job.ended
        job.ended = True
        job.release()
        return ends_now

    def cancel(self, client: bytes, target: str) -> tuple[Literal["queued", "running", "unknown"], list[Ending]]:
        """End the client's job of the id ``target``; also says where it was: queued, running or unknown."""
        job = self._find(client, target)
        if job is None:
            return "unknown", []
        if job is not self.running:
            self._remove(job)
        endings = [_end(job, Cancelled("The job was cancelled."))]
        return "running" if job is self.running else "queued", endings

    def drop(self, client: bytes) -> int:
        """End all jobs of a client that is gone, with nobody left to tell; how many there were."""
        jobs = self.of(client)
        self._waiting.pop(client, None)
        for job in jobs:
            _end(job, Cancelled("The client is gone."))
        return len(jobs)

    def stop(self) -> list[Ending]:
        """End every open job; from now on none is added."""
        self._stopping = True
        jobs = [job for queue in self._waiting.values() for job in queue]
        self._waiting.clear()
        if self.running is not None and not self.running.ended:
            jobs.insert(0, self.running)
        return [_end(job, _stopping()) for job in jobs]

    def _find(self, client: bytes, job_id: str) -> Job | None:
        return next((j for j in self.of(client) if j.request.id == job_id), None)

    def _of_stream(self, job: Job) -> Job | None:
        stream = job.request.stream
        return next((j for j in self.of(job.client) if stream and j.request.stream == stream), None)

    def _remove(self, job: Job) -> None:
        queue = self._waiting[job.client]
        queue.remove(job)
        if not queue:
            del self._waiting[job.client]

    def _check_room(self, job: Job, older: Job | None) -> None:
        waiting = [j for queue in self._waiting.values() for j in queue if j is not older]
        held = sum(j.nbytes for j in waiting)
        full = (
            len(waiting) >= MAX_WAITING
            or sum(j.client == job.client for j in waiting) >= MAX_WAITING_PER_CLIENT
            or (held > 0 and held + job.nbytes > MAX_WAITING_BYTES)
        )
        if full:
            raise ProtocolError(
                f"The queue is full: {len(waiting)} jobs wait.",
                "Wait until some have ended, then try again.",
                "busy",
            )


def _end(job: Job, error: LinewashError) -> Ending:
    assert not job.ended
    job.ended = True
    job.release()
    return Ending(job, error)


def _stopping() -> Cancelled:
    return Cancelled("The daemon is stopping.", "Try again; a new one starts by itself.", "stopping")
