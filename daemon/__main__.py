"""``python -m linewash_daemon``: the user's daemon, in this process, until it is asked to stop."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from linewash.errors import LinewashError
from linewash.launch import leave_note

from .idle import Idle
from .lifecycle import AlreadyRunning, serve
from .log import start_log

if TYPE_CHECKING:
    from .worker import Colorist


def _open_colorist() -> Colorist:
    # Imported by the first job, in the worker's thread: the network's library takes seconds, hello must not.
    # Its threads wait asleep: spinning at a barrier they would take the editor's processor while it is busy.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from .colorist import Colorist
    from .models import ModelFolder

    return Colorist(ModelFolder())


def main(arguments: list[str] | None = None, open_colorist: Callable[[], Colorist] = _open_colorist) -> int:
    """0: it ran and stopped, or another one runs already. 1: it could not start, a sentence on stderr says why."""
    options = _parser().parse_args(arguments)
    start_log(options.foreground)
    leave_note()
    try:
        ended = serve(open_colorist, options.endpoint, Idle(options.idle_unload, options.idle_exit))
    except AlreadyRunning as other:
        print(f"A Linewash daemon already runs (process {other.pid}).")
        return 0
    except LinewashError as error:
        print(error, file=sys.stderr)
        return 1
    if not ended:
        # A thread inside a network can't be interrupted, and the interpreter's own end would pull memory from under it.
        logging.shutdown()
        os._exit(0)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m linewash_daemon", description="The Linewash daemon.")
    for name, default, what in (("exit", 7200.0, "stop"), ("unload", 600.0, "give the model's memory back")):
        what = f"{what} after S idle seconds, 0: never ({default:g})"
        parser.add_argument(f"--idle-{name}", type=_seconds, default=default, metavar="S", help=what)
    parser.add_argument("--endpoint", choices=("ipc", "tcp"), help="the kind of address (ipc where there is one)")
    parser.add_argument("--foreground", action="store_true", help="log to standard error as well")
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("a number of seconds, 0 or more, is needed")
    return value


if __name__ == "__main__":
    sys.exit(main())
