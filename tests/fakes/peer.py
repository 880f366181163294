"""A client of the daemon made of nothing but pyzmq and msgpack, as a third party would write one."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import msgpack
import zmq

TERMINAL = {"layers", "error"}
HASH = "0" * 64
WAIT = 20_000  # ms until a test gives up on an answer


class Peer:
    """A DEALER that knows the token; `send` takes a header's fields, `receive` gives (header, pixel frames)."""

    def __init__(self, endpoint: str, token: str, context: zmq.Context[Any], **options: Any) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.plain_username = b"linewash"
        self.socket.plain_password = token.encode()
        for name, value in options.items():
            setattr(self.socket, name, value)
        self.socket.connect(endpoint)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.close(0)

    def send(self, op: str, job_id: str, *pixels: bytes, **fields: Any) -> None:
        self.raw(msgpack.packb({"v": 1, "op": op, "id": job_id, **fields}), *pixels)

    def raw(self, *frames: bytes) -> None:
        self.socket.send_multipart(frames)

    def receive(self, wait: int = WAIT) -> tuple[dict[str, Any], list[bytes]]:
        if not self.socket.poll(wait):
            raise TimeoutError("the daemon did not answer")
        header, *frames = self.socket.recv_multipart()
        return msgpack.unpackb(header), frames

    def ask(self, op: str, job_id: str = "q", **fields: Any) -> dict[str, Any]:
        """Send and return the next reply that is no progress."""
        self.send(op, job_id, **fields)
        return self.answer()

    def answer(self) -> dict[str, Any]:
        while (header := self.receive()[0])["op"] == "progress":
            pass
        return header

    def color(self, job_id: str, script: str = "", side: int = 16, **fields: Any) -> bytes:
        """Send a job for the fake colorist; returns the pixels."""
        pixels = bytes(range(256)) * (side * side // 64)
        plane = {"width": side, "height": side, "channels": "rgba", "depth": 8, "frame": 0}
        fields = {"lineart": plane, "hash": HASH, "options": {"style": script}, **fields}
        self.send("color", job_id, pixels, **fields)
        return pixels

    def wait_for(self, job_id: str, stage: str) -> None:
        """Read until the job's progress says ``stage``."""
        while True:
            header = self.receive()[0]
            if header["id"] == job_id and header["op"] == "progress" and header["stage"] == stage:
                return

    def terminals(self, *job_ids: str) -> dict[str, dict[str, Any]]:
        """The one terminal message of each of these jobs, in the order they came; none may come twice."""
        found: dict[str, dict[str, Any]] = {}
        while set(job_ids) - set(found):
            header = self.receive()[0]
            if header["op"] in TERMINAL:
                assert header["id"] not in found, header
                found[header["id"]] = header
        return found
