"""What was asked of the daemon, from the moment it is submitted to its one result or error."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any, Generic, Literal, TypeVar

from .contract import Color, Layers, Plane, Progress, Reply, Request
from .errors import LinewashError, ProtocolError
from .pictures import Picture, Result, result_from

State = Literal["waiting", "sent", "done", "failed"]
T = TypeVar("T")


class Job(Generic[T]):
    """One request. Read its ``state``, ``progress``, ``result`` and ``error`` at any time, from any thread.

    ``state``: "waiting" (for the connection, or for the daemon to start), "sent", then "done" or "failed" for ever.
    """

    def __init__(self, request: Request, kind: type[T], deadline: float | None = None) -> None:
        self.request = request
        self.state: State = "waiting"
        self.progress: Progress | None = None
        self.error: LinewashError | None = None
        self.deadline = deadline  # on time.monotonic's clock
        self.heard = False  # the daemon has said something about it
        self.tries = 0
        self._kind = kind
        self._result: T | None = None
        self._end = threading.Event()

    @property
    def id(self) -> str:
        return self.request.id

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed")

    @property
    def result(self) -> T:
        """What came of it; raises ``error`` when it failed, and `LinewashError` while it isn't over."""
        if self.error is not None:
            raise self.error
        if self._result is None:
            raise LinewashError("The job is not over yet.")
        return self._result

    def join(self, seconds: float | None = None) -> bool:
        """Wait until the job is over, while another thread polls the session; False when the time was too short."""
        return self._end.wait(seconds)

    def message(self, job_id: str, known: set[str]) -> tuple[Request, list[memoryview]]:
        """The request under a new id, with its pixel frames. ``known``: hashes of line arts that the daemon holds."""
        self.request = dataclasses.replace(self.request, id=job_id)
        return self.request, []

    def read(self, reply: Reply, frames: list[bytearray]) -> T:
        """The result in a terminal message. Raises `ProtocolError` when it is none for this request."""
        if not isinstance(reply, self._kind) or frames:
            raise ProtocolError(f"The daemon answered {self.request.op} with {reply.op}.")
        return reply

    def finish(self, result: T) -> None:
        if not self.over:
            self._result, self.state = result, "done"
            self._end.set()

    def fail(self, error: LinewashError) -> None:
        if not self.over:
            self.error, self.state = error, "failed"
            self._end.set()


class ColorJob(Job[Result]):
    """A colouring: the line art travels only when the daemon may not have it."""

    request: Color

    def __init__(self, request: Color, lineart: Picture, hints: Picture | None, deadline: float | None) -> None:
        super().__init__(request, Result, deadline)
        self._lineart = lineart
        self._hints = hints

    @property
    def largest(self) -> int:
        """Bytes that a layer of the result can have at most: the size of the line art, RGBA or Lab with alpha."""
        depth = self.request.options.depth
        return Plane(self._lineart.width, self._lineart.height, "rgba", depth).nbytes

    def message(self, job_id: str, known: set[str]) -> tuple[Request, list[memoryview]]:
        frames: list[memoryview] = []

        def plane(picture: Picture) -> Plane:
            frames.append(picture.bytes)
            return picture.plane(len(frames) - 1)

        lineart = self._lineart.plane(None) if self.request.hash in known else plane(self._lineart)
        hints = None if self._hints is None else plane(self._hints)
        self.request = dataclasses.replace(self.request, id=job_id, lineart=lineart, hints=hints)
        return self.request, frames

    def read(self, reply: Reply, frames: list[bytearray]) -> Result:
        if not isinstance(reply, Layers):
            raise ProtocolError(f"The daemon answered color with {reply.op}.")
        return result_from(reply, frames, self.request)


AnyJob = Job[Any]
