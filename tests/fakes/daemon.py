"""A scripted daemon: a pyzmq ROUTER with PLAIN through ZAP, in a thread, that answers what a test tells it to."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import msgpack
import zmq

from linewash.connection import ConnectionInfo

Header = dict[str, Any]
Reply = tuple[Header, list[bytes]]  # header without v and id, which are filled in, and pixel frames
Script = Callable[[Header, list[bytes]], Iterable[Reply]]


def bound(socket: zmq.Socket[Any]) -> str:
    """The endpoint that a socket was bound to."""
    return bytes(socket.getsockopt(zmq.LAST_ENDPOINT)).decode().rstrip("\0")


class Vanish(Exception):
    """Raised by a script: the daemon drops dead without another word."""


def hello(header: Header) -> Reply:
    return {"op": "hello", "version": "0.1.0", "pid": os.getpid(), "protocol": 1, "max_side": 16_384}, []


def progress(stage: str, fraction: float) -> Reply:
    return {"op": "progress", "stage": stage, "fraction": fraction}, []


def layers(header: Header, pixels: bytes | None = None, **plane: Any) -> Reply:
    """One flats layer of the line art's size, opaque white unless ``pixels`` are given."""
    shape = {"width": header["lineart"]["width"], "height": header["lineart"]["height"], "channels": "rgba", **plane}
    if pixels is None:
        pixels = b"\xff" * (shape["width"] * shape["height"] * 4)
    layer = {"name": "Flats", "role": "flats", "blend": "normal", "plane": {**shape, "depth": 8, "frame": 0}}
    record = {
        "model": "fake",
        "model_hash": "0" * 64,
        "seed": 0,
        "device": "cpu",
        "lineart_hash": header["hash"],
        "cached": header["lineart"]["frame"] is None,
        "seconds": {"prepare": 0.1, "color": 0.1, "total": 0.2},
        "options": header.get("options", {}),
    }
    return {"op": "layers", "layers": [layer], "record": record, "notices": []}, [pixels]


def error(code: str, sentence: str = "It is so.") -> Reply:
    return {"op": "error", "code": code, "sentence": sentence, "remedy": "Do something."}, []


def paint(header: Header, frames: list[bytes]) -> Iterable[Reply]:
    """What a healthy daemon does."""
    if header["op"] == "color":
        yield progress("color", 0.5)
        yield layers(header)
    elif header["op"] == "cancel":
        yield {"op": "cancel", "found": "unknown"}, []
    elif header["op"] == "models":
        yield {"op": "models", "models": []}, []
    else:
        yield {"op": "done"}, []


class FakeDaemon:
    """Listens as soon as it is built, on ``ipc`` in ``folder``, ``tcp`` or ``abstract``; ``token`` None: NULL."""

    def __init__(
        self,
        folder: Path,
        script: Script = paint,
        transport: str = "ipc",
        token: str | None = "secret",
        **greeting: Any,
    ) -> None:
        self.token = token
        self.script = script
        self.seen: list[tuple[Header, list[bytes]]] = []
        self.greeting = greeting
        self._context: zmq.Context[Any] = zmq.Context()
        self._zap = self._context.socket(zmq.REP)
        self._zap.bind("inproc://zeromq.zap.01")
        self._router = self._context.socket(zmq.ROUTER)
        self._router.linger = 0
        if token is not None:
            self._router.plain_server = True
            self._router.zap_domain = b"linewash"
        places = {
            "ipc": f"ipc://{folder / 'fake.sock'}",
            "abstract": f"ipc://@linewash-test-{secrets.token_hex(6)}",
            "tcp": "tcp://127.0.0.1:*",
        }
        self._router.bind(places[transport])
        self.endpoint = bound(self._router) if transport == "tcp" else places[transport]
        self._wake, self._told = self._context.socket(zmq.PAIR), self._context.socket(zmq.PAIR)
        self._told.bind("inproc://stop")
        self._wake.connect("inproc://stop")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __enter__(self) -> FakeDaemon:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        if self._thread.is_alive():
            with contextlib.suppress(zmq.Again):  # it is just ending by itself, and nobody takes the message
                self._wake.send(b"", zmq.NOBLOCK)
        self._thread.join()
        self._wake.close(0)
        self._context.destroy(0)

    @property
    def info(self) -> ConnectionInfo:
        return ConnectionInfo(self.endpoint, self.token or "", os.getpid(), 1, "0.1.0")

    def ops(self) -> list[str]:
        return [header["op"] for header, _ in self.seen if header["op"] != "hello"]

    def _run(self) -> None:
        poller = zmq.Poller()
        for socket in (self._zap, self._router, self._told):
            poller.register(socket, zmq.POLLIN)
        while True:
            ready = dict(poller.poll())
            if self._told in ready:
                break
            if self._zap in ready:
                self._judge(self._zap.recv_multipart())
            if self._router in ready:
                try:
                    self._answer(self._router.recv_multipart())
                except Vanish:
                    break
        for socket in (self._zap, self._router, self._told):
            socket.close(0)

    def _judge(self, question: list[bytes]) -> None:
        known = question[5:] == [b"PLAIN", b"linewash", (self.token or "").encode()]
        verdict = [b"200", b"OK", b"linewash"] if known or self.token is None else [b"400", b"no", b""]
        self._zap.send_multipart([b"1.0", question[1], *verdict, b""])

    def _answer(self, message: list[bytes]) -> None:
        client, packed, *frames = message
        header = msgpack.unpackb(packed)
        self.seen.append((header, frames))
        replies = [hello(header)] if header["op"] == "hello" else self.script(header, frames)
        for reply, pixels in replies:
            whole = {"v": 1, "id": header["id"], **reply}
            if reply["op"] == "hello":
                whole |= self.greeting
            self._router.send_multipart([client, msgpack.packb(whole), *pixels])
