"""One daemon per user: a lock that the operating system gives back when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR = 1 << 30  # Windows forbids reading locked bytes, so the locked one lies far behind the pid


class Held(Exception):
    """Another process holds the lock; ``pid`` is its number, 0 when unknown."""

    def __init__(self, pid: int) -> None:
        super().__init__(pid)
        self.pid = pid


class Lock:
    """A context manager that holds the lock file ``path`` and writes its own pid in it. Raises `Held`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    def __enter__(self) -> Lock:
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._descriptor)
        except OSError as error:
            pid = _pid(os.read(self._descriptor, 32))
            os.close(self._descriptor)
            raise Held(pid) from error
        _note_pid(self._descriptor)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # The file stays: removing it would let a second process lock a new one while a third waits for the old.
        os.close(self._descriptor)


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _note_pid(descriptor: int) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError:
        return  # a full disk: the lock holds all the same


def _pid(text: bytes) -> int:
    return int(text) if text.isdigit() else 0
