"""A daemon for one measurement, in a runtime folder of its own, so that the user's daemon is left alone."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from linewash import Client

_SET = ("LINEWASH_RUNTIME_DIR", "LINEWASH_DAEMON")
_STOP_LIMIT = 15.0


@dataclass(frozen=True)
class OwnDaemon:
    """A daemon that answers; ``start``: seconds from asking for a client to its `hello`."""

    client: Client
    pid: int
    start: float


@contextmanager
def own_daemon(module: str = "linewash_daemon") -> Iterator[OwnDaemon]:
    """Start ``python -m module`` as a script that finds no daemon would, and end it when done. Raises `DaemonError`."""
    before = {name: os.environ.get(name) for name in _SET}
    with tempfile.TemporaryDirectory(prefix="lwbench") as folder:
        os.environ["LINEWASH_RUNTIME_DIR"] = folder
        os.environ["LINEWASH_DAEMON"] = shlex.join([sys.executable, "-m", module])
        client = Client(name="bench")
        try:
            began = time.perf_counter()
            pid = client.connect().pid
            start = time.perf_counter() - began
            try:
                yield OwnDaemon(client, pid, start)
            finally:
                client.stop()
                _wait_until_gone(pid)
        finally:
            client.close()
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _wait_until_gone(pid: int) -> None:
    try:
        psutil.Process(pid).wait(_STOP_LIMIT)
    except psutil.NoSuchProcess:
        return
