"""ZMTP 3.1, the client's side, without a socket: bytes in, events out; messages in, bytes out.

ZeroMQ RFC 37 (rfc.zeromq.org/spec/37): greeting, NULL or PLAIN handshake, message and command frames, heartbeats.
Only what a DEALER needs. Frames too long for the small reading space are received straight into their own
bytearray, and frames to send stay the caller's memory, so pixels are never copied here.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .connection import USER
from .contract import MAX_HEADER, MAX_SIDE
from .errors import DaemonError, DaemonGone, ProtocolError

MAX_FRAME = MAX_SIDE * MAX_SIDE * 8  # bytes: the largest picture, RGBA at 16 bit
MAX_FRAMES = 4097  # of one message: the header and its pixel frames
_MAX_COMMAND = 16 * 1024
_SPACE = 64 * 1024
_MORE, _LONG, _COMMAND = 1, 2, 4
_GREETING = 64
_LIBZMQ_ERROR = b"^RROR"  # how libzmq 4.3.5's PLAIN server misspells its command "\x05ERROR"
_SERVERS = (b"ROUTER", b"DEALER", b"REP")  # what a DEALER may talk to


@dataclass(frozen=True)
class Ready:
    """The handshake is done: messages may be sent."""


@dataclass(frozen=True)
class Message:
    frames: list[bytearray]


@dataclass(frozen=True)
class Pong:
    """The peer answered our `Zmtp.ping`."""


Event = Ready | Message | Pong


class Zmtp:
    """One connection. Fill `space`, tell `received`, act on its events; send what lies in `outgoing`, tell `sent`.

    ``token``: the password of PLAIN, ``None`` for the NULL mechanism. ``max_frame``: bytes that a frame after the
    first of a message may have; it may be changed at any time.
    """

    def __init__(self, token: str | None, max_frame: int = MAX_FRAME) -> None:
        self.max_frame = max_frame
        self.outgoing: deque[memoryview] = deque()
        self._token = token
        self._expects = "greeting"  # then "WELCOME" (PLAIN only), "READY", "messages"
        self._minor = 0
        self._space = bytearray(_SPACE)
        self._filled = 0
        self._long: bytearray | None = None  # the frame being received into its own memory
        self._long_filled = 0
        self._long_more = False
        self._frames: list[bytearray] = []
        self._queue(_greeting(b"NULL" if token is None else b"PLAIN"))

    @property
    def ready(self) -> bool:
        return self._expects == "messages"

    def space(self) -> memoryview:
        """Where the next bytes from the peer belong; never empty."""
        if self._long is not None:
            return memoryview(self._long)[self._long_filled :]
        return memoryview(self._space)[self._filled :]

    def received(self, count: int) -> list[Event]:
        """``count`` bytes were put into `space`. Raises `ProtocolError` or `DaemonError` when the peer must be left."""
        if self._long is not None:
            self._long_filled += count
            if self._long_filled < len(self._long):
                return []
            frame, self._long = self._long, None
            return self._message_frame(frame, self._long_more)
        self._filled += count
        return self._parse()

    def send(self, frames: Sequence[Any]) -> None:
        """Queue a message of bytes-like frames; they must stay unchanged until they are sent."""
        if not self.ready:
            raise ProtocolError("No message can be sent before the handshake is done.")
        for index, frame in enumerate(frames):
            view = memoryview(frame).cast("B") if len(frame) else memoryview(b"")
            self._queue(_frame_head(_MORE if index < len(frames) - 1 else 0, view.nbytes))
            if view.nbytes:
                self.outgoing.append(view)

    def sent(self, count: int) -> None:
        """``count`` bytes from the front of `outgoing` have left."""
        while count:
            first = self.outgoing.popleft()
            if count < first.nbytes:
                self.outgoing.appendleft(first[count:])
                return
            count -= first.nbytes

    def ping(self) -> bool:
        """Queue a heartbeat; False when the peer is too old (ZMTP 3.0) or the handshake isn't done."""
        if not self.ready or self._minor < 1:
            return False
        self._command(b"PING", struct.pack(">H", 0))
        return True

    def closed(self) -> DaemonError:
        """The error that the end of the connection means now."""
        if self.ready:
            return DaemonGone("The daemon went away.", "Try again; a new daemon is started.")
        if self._expects == "WELCOME":
            return _refused("it knows another token")
        return DaemonError("The daemon closed the connection before it was made.", "Try again.", "daemon_unreachable")

    def _queue(self, raw: bytes) -> None:
        self.outgoing.append(memoryview(raw))

    def _command(self, name: bytes, body: bytes) -> None:
        raw = bytes((len(name),)) + name + body
        self._queue(_frame_head(_COMMAND, len(raw)) + raw)

    def _parse(self) -> list[Event]:
        events: list[Event] = []
        start = 0
        while self._long is None:
            used = self._greeting(start) if self._expects == "greeting" else self._frame(start, events)
            if not used:
                break
            start += used
        left = 0 if self._long is not None else self._filled - start
        self._space[:left] = self._space[start : start + left]
        self._filled = left
        return events

    def _greeting(self, start: int) -> int:
        """Bytes used: those of the greeting once it is whole, else 0."""
        raw = bytes(self._space[start : self._filled][:_GREETING])
        if raw[:1] not in (b"", b"\xff") or (len(raw) > 9 and raw[9] & 1 == 0) or (len(raw) > 10 and raw[10] < 3):
            raise ProtocolError("What listens there does not speak ZMTP 3, so it is not a Linewash daemon.")
        if len(raw) < _GREETING:
            return 0
        self._minor = raw[11] if raw[10] == 3 else 1
        wanted = b"NULL" if self._token is None else b"PLAIN"
        if raw[12:32].rstrip(b"\0") != wanted:
            raise _refused(f"it uses another security mechanism than {wanted.decode()}")
        if self._token is None:
            self._command(b"READY", _METADATA)
            self._expects = "READY"
        else:
            self._command(b"HELLO", _short(USER.encode()) + _short(self._token.encode()))
            self._expects = "WELCOME"
        return _GREETING

    def _frame(self, start: int, events: list[Event]) -> int:
        """Bytes used of the frame that starts there; 0 when more are needed."""
        have = self._filled - start
        if have < 2:
            return 0
        flags = self._space[start]
        head = 9 if flags & _LONG else 2
        if have < head:
            return 0
        size = int.from_bytes(self._space[start + 1 : start + head], "big")
        self._check_head(flags, size)
        if flags & _COMMAND:
            if have < head + size:
                return 0
            events += self._obey(bytes(self._space[start + head : start + head + size]))
            return head + size
        more = bool(flags & _MORE)
        if have < head + size:
            self._long = bytearray(size)
            self._long_filled = have - head
            self._long_more = more
            self._long[: have - head] = self._space[start + head : self._filled]
            return have
        events += self._message_frame(self._space[start + head : start + head + size], more)
        return head + size

    def _check_head(self, flags: int, size: int) -> None:
        if flags & ~(_MORE | _LONG | _COMMAND) or flags & (_MORE | _COMMAND) == _MORE | _COMMAND:
            raise ProtocolError("The daemon sent a frame that ZMTP does not allow.")
        if flags & _COMMAND:
            limit = _MAX_COMMAND
        elif not self.ready:
            raise ProtocolError("The daemon sent a message before the handshake was done.")
        else:
            limit = self.max_frame if self._frames else MAX_HEADER
        if size > limit:
            raise ProtocolError(f"The daemon announced a frame of {size} bytes where at most {limit} are allowed.")
        if len(self._frames) >= MAX_FRAMES:
            raise ProtocolError(f"The daemon sent a message of more than {MAX_FRAMES} frames.")

    def _message_frame(self, frame: bytearray, more: bool) -> list[Event]:
        self._frames.append(frame)
        if more:
            return []
        frames, self._frames = self._frames, []
        return [Message(frames)]

    def _obey(self, raw: bytes) -> list[Event]:
        if raw.startswith(_LIBZMQ_ERROR) and not self.ready:
            raw = b"\x05ERROR" + raw[len(_LIBZMQ_ERROR) :]
        length = raw[0] if raw else 0
        name, body = raw[1 : 1 + length], raw[1 + length :]
        if not length or len(name) < length:
            raise ProtocolError("The daemon sent a command without a name.")
        if self.ready:
            if name == b"PING" and len(body) >= 2:
                self._command(b"PONG", body[2:18])
            return [Pong()] if name == b"PONG" else []
        if name == b"ERROR":
            raise _refused(f"it knows another token ({body[1:].decode('ascii', 'replace')})")
        if name.decode("ascii", "replace") != self._expects:
            raise ProtocolError(f"The daemon sent {name!r} where the handshake expects {self._expects}.")
        if name == b"WELCOME":
            self._command(b"INITIATE", _METADATA)
            self._expects = "READY"
            return []
        if _metadata(body).get(b"socket-type") not in _SERVERS:
            raise ProtocolError("What listens there is not a Linewash daemon: its socket is of another type.")
        self._expects = "messages"
        return [Ready()]


def _greeting(mechanism: bytes) -> bytes:
    signature = b"\xff" + bytes(8) + b"\x7f"
    return signature + b"\x03\x01" + mechanism.ljust(20, b"\0") + bytes(32)  # as-server 0, filler


def _frame_head(flags: int, size: int) -> bytes:
    return struct.pack(">BB", flags, size) if size < 256 else struct.pack(">BQ", flags | _LONG, size)


def _short(raw: bytes) -> bytes:
    return bytes((len(raw),)) + raw


def _property(name: bytes, value: bytes) -> bytes:
    return _short(name) + struct.pack(">I", len(value)) + value


_METADATA = _property(b"Socket-Type", b"DEALER") + _property(b"Identity", b"")


def _metadata(raw: bytes) -> dict[bytes, bytes]:
    out = {}
    while raw:
        name, rest = raw[1 : 1 + raw[0]], raw[1 + raw[0] :]
        if len(name) != raw[0] or not name or len(rest) < 4:
            raise ProtocolError("The daemon's metadata is damaged.")
        size = int.from_bytes(rest[:4], "big")
        if size > len(rest) - 4:
            raise ProtocolError("The daemon's metadata is damaged.")
        out[name.lower()] = rest[4 : 4 + size]
        raw = rest[4 + size :]
    return out


def _refused(reason: str) -> DaemonError:
    return DaemonError(
        f"The daemon refused the connection: {reason}.",
        "The connection file is not this daemon's: end the daemon's process, then try again.",
        "daemon_refused",
    )
