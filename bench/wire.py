"""What the wire adds: hints there and a layer back, through client and daemon, and through nothing but pyzmq.

Both ways move the same bytes between two processes over the same kind of socket. Ours also hashes the line art, packs
and checks headers, and passes the job through queue and worker; the line art itself goes over only once, beforehand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import zmq

from .daemon import own_daemon
from .drawing import Drawing, draw
from .figures import WireFigures, timed

_LIMIT = 60_000  # ms that an echo may take
_ECHO = """
import sys, zmq
context = zmq.Context()
socket = context.socket(zmq.ROUTER)
socket.rcvhwm = socket.sndhwm = 0
if sys.argv[1].startswith("tcp"):
    print(socket.bind_to_random_port("tcp://127.0.0.1"), flush=True)
else:
    socket.bind(sys.argv[1])
    print(0, flush=True)
while True:
    socket.send_multipart(socket.recv_multipart(copy=False), copy=False)
"""


def measure_wire(side: int, runs: int) -> WireFigures:
    """``runs`` hint edits of a drawing of ``side`` px each way; the first of each way is not counted."""
    drawing = draw(side, seed=1)
    return WireFigures(_ours(drawing, runs), _echo(drawing, runs))


def _ours(drawing: Drawing, runs: int) -> list[float]:
    lineart, hints = drawing.lineart, drawing.edited(0)
    with own_daemon("bench.null_daemon") as daemon:
        return [timed(lambda: daemon.client.color(lineart, hints)) for _ in range(runs + 1)][1:]


def _echo(drawing: Drawing, runs: int) -> list[float]:
    pixels = drawing.edited(0).bytes
    with _echoing_socket() as socket:

        def there_and_back() -> None:
            socket.send_multipart([b"header", pixels], copy=False)
            _, back = socket.recv_multipart(copy=False)
            assert len(back.buffer) == len(pixels)

        return [timed(there_and_back) for _ in range(runs + 1)][1:]


@contextmanager
def _echoing_socket() -> Iterator[zmq.Socket[bytes]]:
    """A DEALER whose messages come back from a ROUTER in another process."""
    with tempfile.TemporaryDirectory(prefix="lwbench") as folder, zmq.Context() as context:
        endpoint = f"ipc://{folder}/echo" if zmq.has("ipc") else "tcp://127.0.0.1"
        command = [sys.executable, "-c", _ECHO, endpoint]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        socket = context.socket(zmq.DEALER)
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            socket.linger, socket.rcvtimeo, socket.rcvhwm, socket.sndhwm = 0, _LIMIT, 0, 0
            socket.connect(endpoint if endpoint.startswith("ipc") else f"{endpoint}:{port}")
            yield socket
        finally:
            socket.close()
            process.kill()
            process.communicate()
