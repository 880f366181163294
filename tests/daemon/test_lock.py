"""One holder at a time; the operating system takes the lock back from the dead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linewash_daemon.lock import Held, Lock

HOLD = """
import sys, pathlib
sys.path[:0] = sys.argv[2:]
from linewash_daemon.lock import Lock
with Lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_holder_is_told_the_first_ones_pid(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with Lock(path), pytest.raises(Held) as held, Lock(path):
        pytest.fail("two hold the lock")
    assert held.value.pid == os.getpid()
    with Lock(path):
        pass


def test_a_dead_holder_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path), *sys.path]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Held) as held, Lock(path):
            pytest.fail("two hold the lock")
        assert held.value.pid == holder.pid
        holder.kill()
        holder.wait()
        with Lock(path):
            assert path.read_text() == str(os.getpid())
