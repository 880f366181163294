"""The one thread that colours. It alone touches the colorist, and so the GPU; the socket loop never waits for it."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

import zmq

from linewash.contract import Color, Layer, ModelInfo, Notice, Record
from linewash.errors import InternalError, LinewashError, OutOfMemory

from .log import log_path

log = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[str, float], None]
_WAKE = "inproc://linewash.worker"


class Painted(Protocol):
    """A result. ``planes[layer.plane.frame]`` are the pixels of ``layer``, C-contiguous."""

    @property
    def layers(self) -> tuple[Layer, ...]: ...
    @property
    def planes(self) -> Sequence[Any]: ...
    @property
    def record(self) -> Record: ...
    @property
    def notices(self) -> tuple[Notice, ...]: ...


class ColoristStatus(Protocol):
    @property
    def device(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def prepared(self) -> int: ...
    @property
    def prepared_bytes(self) -> int: ...


class Colorist(Protocol):
    """What the daemon needs of `linewash_daemon.colorist.Colorist`; called from the worker's thread only."""

    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Report,
        cancelled: Callable[[], bool],
    ) -> Painted: ...
    def models(self) -> tuple[ModelInfo, ...]: ...
    def status(self) -> ColoristStatus: ...
    def unload(self) -> None: ...


Work = Callable[[Colorist], Any]
Done = Callable[[Any], None]  # gets what the work returned, or the LinewashError it ended in


class Worker:
    """Runs work in its thread, in order, and hands what comes of it back to the thread that calls `news`.

    ``wake`` polls readable when there is news. The colorist is opened in the thread, by the first work that needs it.
    """

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], open_colorist: Callable[[], Colorist]) -> None:
        self.wake = context.socket(zmq.PULL)
        self.wake.linger = 0
        self.wake.bind(_WAKE)
        self._context = context
        self._open = open_colorist
        self._colorist: Colorist | None = None
        self._work: queue.SimpleQueue[tuple[Work, Done] | None] = queue.SimpleQueue()
        self._news: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="colorist", daemon=True)
        self._bell: zmq.Socket[bytes] | None = None
        #: Whether any work was submitted: until then there is nothing to unload.
        self.used = False
        #: As of the last work done; None before the first.
        self.status: ColoristStatus | None = None

    def start(self) -> None:
        self._thread.start()

    def submit(self, work: Work, done: Done) -> None:
        """Run ``work`` in the thread, then ``done`` with its outcome in the caller's, when that asks for `news`."""
        self.used = True
        self._work.put((work, done))

    def post(self, call: Callable[[], None]) -> None:
        """From inside work: have ``call`` run where `news` is asked for."""
        self._news.put(call)
        if self._bell is not None:
            with contextlib.suppress(zmq.ZMQError):  # full: it is awake anyway; terminated: nobody listens
                self._bell.send(b"", zmq.NOBLOCK)

    def news(self) -> Iterator[Callable[[], None]]:
        """Everything that was posted since."""
        with contextlib.suppress(zmq.Again):
            while True:
                self.wake.recv(zmq.NOBLOCK)
        with contextlib.suppress(queue.Empty):
            while True:
                yield self._news.get_nowait()

    def stop(self, patience: float) -> bool:
        """End the thread after its present work; False when that takes longer than ``patience`` seconds."""
        self._work.put(None)
        if self._thread.ident is not None:
            self._thread.join(patience)
        self.wake.close(0)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._bell = self._context.socket(zmq.PUSH)
        self._bell.linger = 0
        self._bell.connect(_WAKE)
        while (task := self._work.get()) is not None:
            work, done = task
            self._finish(done, self._outcome(work))
            del task, work, done  # pixels go as soon as they are sent, not when the next work comes
        self._bell.close(0)

    def _finish(self, done: Done, outcome: Any) -> None:
        self.post(lambda: done(outcome))

    def _outcome(self, work: Work) -> Any:
        try:
            if self._colorist is None:
                self._colorist = self._open()
            try:
                return work(self._colorist)
            finally:
                self.status = self._colorist.status()
        except LinewashError as error:
            return error
        except MemoryError:
            log.exception("Out of memory")
            return OutOfMemory(
                "The computer's memory does not suffice for this picture.",
                "Close other programs, or make the picture smaller.",
            )
        except Exception:
            log.exception("The worker met a fault")
            return InternalError(
                "Linewash met a fault of its own, and this job was lost.",
                f"Try again; if it happens again, please report it together with {log_path()}.",
            )
