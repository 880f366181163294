"""The one place where the commands reach the daemon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from linewash.client import Client

NAME = "linewash-cli"


@contextmanager
def connected(start: bool = True) -> Iterator[Client]:
    """A client of the user's daemon; with ``start`` one is started when none runs. Raises `DaemonError`."""
    with Client(start=start, name=NAME) as client:
        yield client
