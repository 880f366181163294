"""How a command ends badly: one sentence and what to do, or one line of JSON; the exit code says whose turn it is."""

from __future__ import annotations

import contextlib
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from linewash.connection import runtime_folder
from linewash.errors import (
    BadInput,
    Cancelled,
    DaemonError,
    InternalError,
    LinewashError,
    ModelError,
    OutOfMemory,
    ProtocolError,
    TimedOut,
)

from .show import print_json

INTERNAL, BAD_INPUT, DAEMON, MODEL, MEMORY, CANCELLED = 1, 2, 3, 4, 5, 130
_EXIT_CODES: tuple[tuple[type[LinewashError], int], ...] = (
    (BadInput, BAD_INPUT),
    (DaemonError, DAEMON),
    (TimedOut, DAEMON),
    (ProtocolError, DAEMON),
    (ModelError, MODEL),
    (OutOfMemory, MEMORY),
    (Cancelled, CANCELLED),
)


def exit_code(error: LinewashError) -> int:
    """What the process returns for ``error``."""
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), INTERNAL)


@contextmanager
def reported(json: bool) -> Iterator[None]:
    """Turn whatever goes wrong in the block into a message and an exit code; a traceback goes to a log only."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except LinewashError as error:
        raise _ended(error, json) from error
    except KeyboardInterrupt as stop:
        raise _ended(Cancelled("Cancelled; nothing was written."), json) from stop
    except MemoryError as error:
        full = OutOfMemory("The memory of this machine is full.", "Close other programs, or use a smaller picture.")
        raise _ended(full, json) from error
    except BrokenPipeError as error:  # whoever read our output has gone
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise typer.Exit(INTERNAL) from error
    except Exception as error:
        raise _ended(_fault(error), json) from error


def _ended(error: LinewashError, json: bool) -> typer.Exit:
    if json:
        print_json({"error": {"code": error.code, "sentence": error.sentence, "remedy": error.remedy}})
    else:
        typer.echo(f"linewash: {error.sentence}", err=True)
        if error.remedy:
            typer.echo(error.remedy, err=True)
    return typer.Exit(exit_code(error))


def _fault(error: Exception) -> InternalError:
    """A fault of ours, its traceback kept in ``cli.log`` of the runtime folder."""
    log = runtime_folder() / "cli.log"
    remedy = "Please report this."
    with contextlib.suppress(OSError):
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {''.join(traceback.format_exception(error))}\n")
        remedy = f"Please report this, with the end of {log}."
    return InternalError(f"Linewash met a fault of its own ({type(error).__name__}).", remedy)
