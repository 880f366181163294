"""A session with the daemon that never blocks: submit jobs, call `Session.poll` from a timer, look at the jobs.

The blocking `Client` is a loop around it. A session connects when the first job is submitted, starts a daemon if
there is none, and connects anew when the daemon went away.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import threading
import time
from collections import deque
from typing import TypeVar

from .connection import ConnectionInfo
from .contract import (
    PROTOCOL,
    Cancel,
    CancelReply,
    Color,
    Done,
    Error,
    Hello,
    HelloReply,
    Models,
    ModelsReply,
    Options,
    Progress,
    Status,
    StatusReply,
    Stop,
    Unload,
    check_options,
    check_planes,
)
from .dealer import Dealer
from .errors import Cancelled, DaemonError, DaemonGone, LinewashError, ProtocolError, TimedOut, from_code
from .jobs import AnyJob, ColorJob, Job
from .launch import Finder, Fixed
from .messages import read_reply, wire_frames, wrong_protocol
from .pictures import Picture, Result, lineart_hash
from .zmtp import Message, Ready

_TICK = 0.05  # seconds between looks at a daemon that is starting
_HELLO_LIMIT = 10.0
_KNOWN = 64  # hashes of line arts remembered as sent
_ANOTHER_MAY_ANSWER = ("daemon_unreachable", "daemon_gone", "daemon_refused")
T = TypeVar("T")


class Session:
    """Jobs over one connection. Safe to use from several threads: one may poll while others submit.

    ``connection``: a daemon to use and no other; by default the user's own is found, or started unless ``start`` is
    False. ``name``: what the daemon's log calls this client.
    """

    def __init__(self, connection: ConnectionInfo | None = None, *, start: bool = True, name: str = "") -> None:
        self._finder: Finder | Fixed = Finder(start) if connection is None else Fixed(connection)
        self._name = name
        self._lock = threading.RLock()
        self._waiting: deque[AnyJob] = deque()
        self._sent: dict[str, AnyJob] = {}
        self._known: dict[str, None] = {}  # hashes, oldest first
        self._prefix = secrets.token_hex(4)
        self._count = 0
        self._info: ConnectionInfo | None = None
        self._dealer: Dealer | None = None
        self._hello: Job[HelloReply] | None = None
        self.daemon: HelloReply | None = None  # who answered, while connected

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        lineart: Picture,
        hints: Picture | None = None,
        options: Options | None = None,
        *,
        stream: str = "",
        timeout: float | None = None,
    ) -> Job[Result]:
        """Begin to colour ``lineart``; a newer job of the same ``stream`` takes an older one's place.

        Raises `BadInput` at once when sizes or options are out of range; anything later is the job's ``error``.
        """
        hint_plane = None if hints is None else hints.plane(1)
        request = Color("", lineart.plane(), "", hint_plane, options or Options(), stream)
        check_options(request.options)
        check_planes(request, [p.bytes.nbytes for p in (lineart, hints) if p is not None])
        request = dataclasses.replace(request, hash=lineart_hash(lineart))
        return self._submit(ColorJob(request, lineart, hints, _deadline(timeout)))

    def hello(self, timeout: float | None = None) -> Job[HelloReply]:
        """Ask who the daemon is; the way to connect, or to start it, ahead of need."""
        return self._submit(Job(Hello("", self._name), HelloReply, _deadline(timeout)))

    def models(self, timeout: float | None = None) -> Job[ModelsReply]:
        return self._submit(Job(Models(""), ModelsReply, _deadline(timeout)))

    def status(self, timeout: float | None = None) -> Job[StatusReply]:
        return self._submit(Job(Status(""), StatusReply, _deadline(timeout)))

    def unload(self, timeout: float | None = None) -> Job[Done]:
        return self._submit(Job(Unload(""), Done, _deadline(timeout)))

    def stop(self, timeout: float | None = None) -> Job[Done]:
        """Ask the daemon to end."""
        return self._submit(Job(Stop(""), Done, _deadline(timeout)))

    def cancel(self, job: AnyJob) -> None:
        """End ``job``: at once when it was not sent yet, else when the daemon says so (error `Cancelled`)."""
        with self._lock:
            if job in self._waiting:
                self._waiting.remove(job)
                job.fail(Cancelled("The job was cancelled before it was sent."))
            elif job.id in self._sent:
                self.cancel_id(job.id)

    def cancel_id(self, target: str, timeout: float | None = None) -> Job[CancelReply]:
        """Ask the daemon to end the job of this session that has the id ``target``."""
        return self._submit(Job(Cancel("", target), CancelReply, _deadline(timeout)))

    def fileno(self) -> int:
        """The socket's descriptor, for a selector; -1 while not connected. It changes when the connection does."""
        dealer = self._dealer
        return -1 if dealer is None else dealer.fileno()

    @property
    def idle(self) -> bool:
        """True when every job is over."""
        return not self._waiting and not self._sent

    def poll(self) -> None:
        """Do what can be done without waiting. Never raises on the daemon's account: errors go to the jobs."""
        with self._lock:
            self._expire(time.monotonic())
            try:
                if self._dealer is None and self._waiting:
                    self._connect()
                if self._dealer is not None:
                    self._advance(self._dealer)
            except LinewashError as error:
                self._lost(error)

    def wait(self, seconds: float) -> None:
        """Sleep until `poll` has something to do, for at most ``seconds``."""
        dealer = self._dealer
        if dealer is None:
            time.sleep(max(0.0, min(seconds, _TICK)))
            return
        with contextlib.suppress(OSError, ValueError):  # another thread closed it meanwhile
            dealer.wait(seconds)

    def close(self) -> None:
        """Leave the daemon; jobs that aren't over fail with `Cancelled`."""
        with self._lock:
            self._drop()
            self._fail_all(Cancelled("The session was closed."))

    def _submit(self, job: Job[T]) -> Job[T]:
        with self._lock:
            job.request = dataclasses.replace(job.request, id=self._new_id())
            self._waiting.append(job)
            self.poll()
        return job

    def _new_id(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"

    def _connect(self) -> None:
        self._info = self._finder.poll()
        if self._info is not None:
            self._dealer = Dealer(self._info.endpoint, self._info.token, max_frame=0)

    def _advance(self, dealer: Dealer) -> None:
        for event in dealer.pump():
            if isinstance(event, Ready):
                self._hello = Job(Hello("", self._name), HelloReply, time.monotonic() + _HELLO_LIMIT)
                self._send(dealer, self._hello)
            elif isinstance(event, Message):
                self._take(event.frames)
        if self._hello is not None and self._hello.over:
            self._greeted(self._hello)
        while self.daemon is not None and self._waiting:
            self._send(dealer, self._waiting.popleft())
        dealer.flush()

    def _greeted(self, hello: Job[HelloReply]) -> None:
        self._hello = None
        daemon = hello.result  # raises what the daemon answered instead
        if daemon.protocol != PROTOCOL:
            raise wrong_protocol(daemon.protocol)
        self.daemon = daemon
        self._finder.settle()

    def _send(self, dealer: Dealer, job: AnyJob) -> None:
        request, frames = job.message(self._new_id() if job.tries or not job.id else job.id, set(self._known))
        job.tries += 1
        job.state = "sent"
        self._sent[request.id] = job
        if isinstance(job, ColorJob):
            self._remember(job.request.hash)
            dealer.zmtp.max_frame = max(dealer.zmtp.max_frame, job.largest)
        dealer.zmtp.send(wire_frames(request, frames))

    def _remember(self, known: str) -> None:
        self._known.pop(known, None)
        self._known[known] = None
        while len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def _take(self, frames: list[bytearray]) -> None:
        reply = read_reply(frames[0])
        job = None if reply is None else self._sent.get(reply.id)
        if reply is None or job is None:
            return  # the answer to a job that ran out of time, or news of a newer daemon
        job.heard = True
        if isinstance(reply, Progress):
            job.progress = reply
            return
        del self._sent[reply.id]
        if isinstance(reply, Error):
            self._refuse(job, reply)
            return
        try:
            job.finish(job.read(reply, frames[1:]))
        except ProtocolError as error:
            job.fail(error)

    def _refuse(self, job: AnyJob, reply: Error) -> None:
        if reply.code == "lineart_unknown" and isinstance(job, ColorJob) and job.request.lineart.frame is None:
            self._known.pop(job.request.hash, None)
            job.heard, job.progress, job.state = False, None, "waiting"
            self._waiting.appendleft(job)
            return
        job.fail(from_code(reply.code, reply.sentence, reply.remedy))

    def _expire(self, now: float) -> None:
        for job in [*self._waiting, *self._sent.values()]:
            if job.deadline is None or now < job.deadline:
                continue
            if job in self._waiting:
                self._waiting.remove(job)
            else:
                del self._sent[job.id]
                if isinstance(job, ColorJob):
                    self._waiting.append(Job(Cancel(self._new_id(), job.id), CancelReply, now + _HELLO_LIMIT))
            job.fail(TimedOut("The daemon did not answer in the time allowed.", "Allow more time, or try again."))

    def _lost(self, error: LinewashError) -> None:
        """The connection ended or can't be had: decide what that means for each job."""
        info, was_ready = self._info, self.daemon is not None
        self._drop()
        if was_ready:
            self._retry_or_fail(error)
            return
        self._sent.clear()  # the hello of this connection
        if info is not None and isinstance(error, DaemonError) and error.code in _ANOTHER_MAY_ANSWER:
            try:
                self._finder.reject(info, error)
                return
            except DaemonError as final:
                error = final
        self._finder.settle()
        self._fail_all(error)

    def _retry_or_fail(self, error: LinewashError) -> None:
        """Jobs that the lost daemon never spoke about go to the next one, once; the others are lost with it."""
        jobs = list(self._sent.values())
        self._sent.clear()
        for job in reversed(jobs):
            if isinstance(error, DaemonGone) and not job.heard and job.tries < 2 and not isinstance(job.request, Stop):
                job.state = "waiting"
                self._waiting.appendleft(job)
            else:
                job.fail(error)

    def _drop(self) -> None:
        if self._dealer is not None:
            self._dealer.close()
        self._dealer = self._hello = self.daemon = self._info = None
        self._known.clear()

    def _fail_all(self, error: LinewashError) -> None:
        for job in [*self._waiting, *self._sent.values()]:
            job.fail(error)
        self._waiting.clear()
        self._sent.clear()


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout
