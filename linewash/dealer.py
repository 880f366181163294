"""A ZMTP DEALER on a real socket that never blocks: tcp:// and ipc:// (unix sockets, also Linux's abstract ones)."""

from __future__ import annotations

import contextlib
import selectors
import socket
import sys
import time
from typing import Any

from .errors import DaemonError, DaemonGone, TimedOut
from .zmtp import MAX_FRAME, Event, Pong, Zmtp

HANDSHAKE_LIMIT = 10.0  # seconds from the first byte sent to `Ready`
HEARTBEAT = 15.0  # seconds of silence after which the daemon is asked for a sign of life
GIVE_UP = 60.0  # seconds of silence, however often asked, after which it counts as gone
_SLICE = 16 << 20  # bytes moved each way by one `pump`, so that a GUI's timer gives the canvas its turn
_BUFFERS = 16  # handed to the kernel at once
_QUIET = getattr(socket, "MSG_NOSIGNAL", 0)  # an editor's own Python may not ignore SIGPIPE
_WOULD_BLOCK = (BlockingIOError, InterruptedError)


class Dealer:
    """One connection to ``endpoint``, begun at once. Call `pump` whenever `wait` returns, or from a timer."""

    def __init__(self, endpoint: str, token: str | None, max_frame: int = MAX_FRAME) -> None:
        """``token``, ``max_frame``: as for `Zmtp`. Raises `DaemonError` (``daemon_unreachable``): nobody listens."""
        self.zmtp = Zmtp(token, max_frame)
        self._endpoint = endpoint
        self._connected = False
        self._started = self._heard = self._pumped = time.monotonic()
        self._pinged = 0.0
        family, address = _address(endpoint)
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.setblocking(False)
            if family != getattr(socket, "AF_UNIX", None):
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(*_WOULD_BLOCK):
                self._socket.connect(address)
        except (OSError, ValueError) as error:
            self._socket.close()
            raise _unreachable(endpoint, error) from error

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def pump(self) -> list[Event]:
        """Send and receive what can be without waiting; the events that came of it.

        Raises `DaemonError` when the connection could not be made, was refused or ended, `TimedOut` when the
        handshake took too long, `ProtocolError` when the daemon broke the protocol. The connection is of no use then.
        """
        if not self._connected and not self._has_connected():
            self._watch(heard=False)
            return []
        self.flush()  # a broken pipe is told by what is received: there may be a reason to read
        events, open_ = self._receive()
        if not open_ and not events:
            raise self.zmtp.closed()
        self.flush()
        self._watch(heard=bool(events))
        return [event for event in events if not isinstance(event, Pong)]

    def wait(self, seconds: float) -> None:
        """Sleep until something can be sent or received, for at most ``seconds``."""
        writing = not self._connected or bool(self.zmtp.outgoing)
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0))
            selector.select(max(0.0, seconds))

    def _has_connected(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_WRITE)
            if not selector.select(0):
                return False
        code = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise _unreachable(self._endpoint, OSError(code, "refused"))
        self._connected = True
        return True

    def flush(self) -> None:
        """Send what can be sent without waiting; a broken connection is noticed by the next `pump`."""
        left = _SLICE
        queue = self.zmtp.outgoing
        while queue and left > 0:
            try:
                if hasattr(self._socket, "sendmsg"):
                    count = self._socket.sendmsg([queue[i] for i in range(min(len(queue), _BUFFERS))], (), _QUIET)
                else:
                    count = self._socket.send(queue[0], _QUIET)
            except OSError:  # would block, or broken
                return
            self.zmtp.sent(count)
            left -= count

    def _receive(self) -> tuple[list[Event], bool]:
        """Events, and whether the connection is still open."""
        events: list[Event] = []
        left = _SLICE
        while left > 0:
            try:
                with self.zmtp.space() as space:
                    count = self._socket.recv_into(space)
            except _WOULD_BLOCK:
                return events, True
            except OSError:
                return events, False
            if not count:
                return events, False
            left -= count
            self._heard = time.monotonic()
            events += self.zmtp.received(count)
        return events, True

    def _watch(self, heard: bool) -> None:
        """Ask for a sign of life in a long silence, and give up when none comes."""
        now = time.monotonic()
        if now - self._pumped > HEARTBEAT:
            self._heard = max(self._heard, now - HEARTBEAT)  # we were away, not the daemon
        self._pumped = now
        if not self.zmtp.ready:
            if now - self._started > HANDSHAKE_LIMIT:
                raise TimedOut("The daemon does not answer.", "Stop it with `linewash daemon stop` and try again.")
        elif not heard and now - self._heard > HEARTBEAT and now - self._pinged > HEARTBEAT:
            self._pinged = now
            alive = not self.zmtp.ping() or now - self._heard < GIVE_UP
            if not alive:
                raise DaemonGone("The daemon has not answered for a minute.", "Stop it and try again.")


def _address(endpoint: str) -> tuple[int, Any]:
    scheme, _, place = endpoint.partition("://")
    if scheme == "ipc" and place:
        if not hasattr(socket, "AF_UNIX"):
            raise _unreachable(endpoint, OSError(0, "this Python has no unix sockets"))
        return socket.AF_UNIX, "\0" + place[1:] if place.startswith("@") and sys.platform == "linux" else place
    host, _, port = place.rpartition(":")
    if scheme == "tcp" and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536:
        host = host.strip("[]")
        return (socket.AF_INET6 if ":" in host else socket.AF_INET), (host, int(port))
    raise _unreachable(endpoint, ValueError("an endpoint looks like ipc://PATH or tcp://HOST:PORT"))


def _unreachable(endpoint: str, error: Exception) -> DaemonError:
    why = getattr(error, "strerror", None) or str(error)
    sentence = f"No daemon answers at {endpoint} ({why})."
    return DaemonError(sentence, "Start one: linewash daemon start", "daemon_unreachable")
