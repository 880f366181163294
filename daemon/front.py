"""The socket that clients talk to: its address, its bounds, and word of clients that went away."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Literal

import zmq
from zmq.utils.monitor import recv_monitor_message

from linewash.contract import MAX_SIDE
from linewash.errors import DaemonError

from .auth import DOMAIN

Transport = Literal["ipc", "tcp"]
SOCKET_NAME = "daemon.sock"
MAX_FRAME = MAX_SIDE * MAX_SIDE * 8  # bytes: the largest picture, RGBA at 16 bit
#: Replies that may wait for one client; a client this far behind counts as one that does not read.
MAX_UNREAD = 256
_MAX_UNTAKEN = 4  # requests of one client that libzmq holds for us
_HANDSHAKE = 5_000  # ms that a peer may take to prove itself
#: Clients that are driven by a GUI timer answer heartbeats only now and then, so they get two minutes.
_HEARTBEAT, _HEARTBEAT_TIMEOUT = 30_000, 120_000  # ms
_LINGER = 1_000  # ms that the last replies may take to leave when the daemon stops


def default_transport() -> Transport:
    return "ipc" if zmq.has("ipc") and os.name == "posix" else "tcp"


class Front:
    """A bound ROUTER. ``endpoint`` is where clients connect; ``departures`` polls readable when one disconnects."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], folder: Path, transport: Transport) -> None:
        """Raises `DaemonError` (``daemon_not_started``) when no address can be bound."""
        self.socket = context.socket(zmq.ROUTER)
        _bound(self.socket)
        self.departures = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self._path = folder.absolute() / SOCKET_NAME
        fits = len(os.fsencode(self._path)) <= zmq.IPC_PATH_MAX_LEN
        try:
            # The wildcard lets the kernel choose the port in the bind itself: nobody can take it in between.
            self.socket.bind(f"ipc://{self._path}" if transport == "ipc" and fits else "tcp://127.0.0.1:*")
        except zmq.ZMQError as error:
            self.close()
            raise DaemonError(
                f"The daemon can't listen in {folder}: {error.strerror}.",
                "Set LINEWASH_RUNTIME_DIR to a folder of your own, or use --endpoint tcp.",
                "daemon_not_started",
            ) from error
        self.endpoint = self.socket.get_string(zmq.LAST_ENDPOINT).rstrip("\0")

    def receive(self) -> list[zmq.Frame] | None:
        """The next message, routing id first, its pixels still in libzmq's memory; None when there is none."""
        with contextlib.suppress(zmq.Again):
            return self.socket.recv_multipart(zmq.NOBLOCK, copy=False)
        return None

    def someone_left(self) -> bool:
        """Whether a client disconnected since this was last asked."""
        left = False
        with contextlib.suppress(zmq.Again):
            while True:
                recv_monitor_message(self.departures, zmq.NOBLOCK)
                left = True
        return left

    def close(self) -> None:
        self.socket.disable_monitor()
        self.departures.close(0)
        self.socket.close()
        with contextlib.suppress(OSError):
            self._path.unlink()  # libzmq leaves the file behind


def _bound(socket: zmq.Socket[bytes]) -> None:
    socket.sndhwm = MAX_UNREAD
    socket.rcvhwm = _MAX_UNTAKEN
    socket.maxmsgsize = MAX_FRAME
    socket.handshake_ivl = _HANDSHAKE
    socket.heartbeat_ivl = _HEARTBEAT
    socket.heartbeat_timeout = _HEARTBEAT_TIMEOUT
    socket.linger = _LINGER
    socket.router_mandatory = True  # sending to a client that is gone or never reads is an error, not a silent loss
    socket.plain_server = True
    socket.zap_domain = DOMAIN
