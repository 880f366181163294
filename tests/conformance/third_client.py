"""A whole client in pyzmq and msgpack, written from docs/protocol.md alone: a pattern for one in another language."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgpack
import zmq

WIDTH, HEIGHT = 40, 24
PIXELS = bytes(range(240)) * 4  # gray, 8 bit


def connection() -> dict[str, Any]:
    path = Path(os.environ["LINEWASH_RUNTIME_DIR"]) / "connection.json"
    status = path.stat()
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        sys.exit("The connection file is not mine alone.")
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value


def ask(socket: zmq.Socket[bytes], header: dict[str, Any], *frames: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Send a request and wait for its terminal reply."""
    try:
        socket.send_multipart([msgpack.packb({"v": 1, **header}), *frames])
    except zmq.Again:  # a wrong token takes the way down, and a send would wait for ever
        sys.exit("The daemon does not let me in.")
    while socket.poll(10_000):
        packed, *pixels = socket.recv_multipart()
        reply = msgpack.unpackb(packed)
        if reply["v"] != 1:
            sys.exit("The daemon speaks another version.")
        if reply["id"] != header["id"] or reply["op"] == "progress":
            continue
        if reply["op"] == "error":
            sys.exit(f"{reply['sentence']} {reply.get('remedy', '')}")
        return reply, pixels
    sys.exit("The daemon does not answer.")


def main() -> None:
    info = connection()
    context: zmq.Context[Any] = zmq.Context()
    socket = context.socket(zmq.DEALER)
    socket.linger, socket.sndtimeo = 0, 5000
    socket.plain_username, socket.plain_password = b"linewash", info["token"].encode()
    socket.connect(info["endpoint"])
    ask(socket, {"op": "hello", "id": "1", "client": "third"})
    digest = hashlib.sha256(f"{WIDTH} {HEIGHT} gray 8\n".encode() + PIXELS).hexdigest()
    lineart = {"width": WIDTH, "height": HEIGHT, "channels": "gray"}
    reply, frames = ask(socket, {"op": "color", "id": "2", "lineart": lineart, "hash": digest}, PIXELS)
    sys.stdout.buffer.write(frames[reply["layers"][0]["plane"]["frame"]])


if __name__ == "__main__":
    main()
