"""Replies on their way to the clients: bounded for each client, pixels without a copy, never waiting."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import zmq

from linewash.contract import Reply
from linewash.packing import pack
from linewash.schema import to_wire

#: Pixels that may still be on their way to a client when its next job begins.
MAX_UNSENT = 64 << 20
#: Seconds that a client may leave its results untaken before its jobs are dropped.
PATIENCE = 60.0


class Outbox:
    """Sends on the ROUTER ``socket``; knows how many bytes of pixels each client has not taken yet."""

    def __init__(self, socket: zmq.Socket[bytes]) -> None:
        self._socket = socket
        self._unsent: dict[bytes, list[tuple[zmq.MessageTracker, int]]] = {}
        self._full_since: dict[bytes, float] = {}

    def send(self, client: bytes, message: Reply, planes: Sequence[Any] = ()) -> bool:
        """Hand ``message`` and its pixel frames (C-contiguous buffers, to be left alone) to libzmq.

        False when the client is gone or has `MAX_UNREAD` replies unread; nothing was sent then. Raises `ProtocolError`
        when the header is too large.
        """
        frames = [zmq.Frame(_flat(p), track=True, copy=False, copy_threshold=0) for p in planes]
        parts: list[Any] = [client, pack(to_wire(message)), *frames]
        try:
            self._socket.send_multipart(parts, zmq.NOBLOCK, copy=False)
        except zmq.ZMQError as error:
            if error.errno in (zmq.EHOSTUNREACH, zmq.EAGAIN):
                return False
            raise
        for frame in frames:
            if isinstance(frame.tracker, zmq.MessageTracker):
                self._unsent.setdefault(client, []).append((frame.tracker, len(frame)))
        return True

    def ready(self, client: bytes) -> bool:
        """Whether the client has taken its earlier results, so that it may be given another one."""
        unsent = [(tracker, size) for tracker, size in self._unsent.pop(client, []) if not tracker.done]
        if unsent:
            self._unsent[client] = unsent
        if sum(size for _, size in unsent) <= MAX_UNSENT:
            self._full_since.pop(client, None)
            return True
        self._full_since.setdefault(client, time.monotonic())
        return False

    def gave_up(self, client: bytes) -> bool:
        """Whether the client has not taken its results for `PATIENCE` seconds."""
        return not self.ready(client) and time.monotonic() - self._full_since[client] > PATIENCE

    def tidy(self) -> None:
        """Forget what has been sent."""
        for client in list(self._unsent):
            self.ready(client)


def _flat(plane: Any) -> memoryview:
    view = memoryview(plane)
    return view.cast("B") if view.nbytes else memoryview(b"")
