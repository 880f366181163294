"""A daemon in a process of its own around the fake colorist: ``daemon_process.py IDLE_UNLOAD IDLE_EXIT``."""

from __future__ import annotations

import sys

from linewash.errors import LinewashError
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import AlreadyRunning, serve
from linewash_daemon.log import start_log
from tests.fakes.colorist import FakeColorist

if __name__ == "__main__":
    start_log(foreground=False)
    unload, leave = map(float, sys.argv[1:])
    try:
        sys.exit(0 if serve(FakeColorist, None, Idle(unload, leave)) else 9)
    except AlreadyRunning as other:
        sys.exit(f"runs already: {other.pid}")
    except LinewashError as error:
        sys.exit(str(error))
