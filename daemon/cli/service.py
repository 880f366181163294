"""``linewash daemon start | stop | status``."""

from __future__ import annotations

import dataclasses
import os
import time

import typer

from linewash.connection import ConnectionInfo, read_connection
from linewash.contract import StatusReply
from linewash.errors import DaemonError, TimedOut, WrongProtocol
from linewash.launch import COMMAND_VARIABLE, end_daemon

from .connect import connected
from .show import duration, megabytes, print_json

STOP_LIMIT = 15.0
"""Seconds that a daemon may take to end a job at work and go."""


def start(json: bool) -> None:
    """Start this installation's daemon unless one runs; tell which. Raises `DaemonError`."""
    # LINEWASH_DAEMON may well be this very command: it is for those who look for a daemon, not for the one who has it.
    os.environ.pop(COMMAND_VARIABLE, None)
    before = read_connection()
    with connected() as client:
        now = client.connect()
    fresh = before is None or before.pid != now.pid
    if json:
        print_json({"running": True, "started": fresh, "pid": now.pid, "version": now.version})
    else:
        typer.echo(f"The daemon {'was started' if fresh else 'runs already'} (process {now.pid}, {now.version}).")


def stop(json: bool) -> None:
    """Stop the daemon and wait until it is gone; fine when none runs. Raises `LinewashError`."""
    info = read_connection()
    stopped = info is not None and _asked_to_stop(info)
    if stopped and info is not None:
        _wait_until_gone(info)
    if json:
        print_json({"running": False, "stopped": stopped})
    else:
        typer.echo("The daemon was stopped." if stopped else "No daemon runs.")


def status(json: bool) -> None:
    """Tell what the daemon does; none running is an answer, not an error. Raises `LinewashError`."""
    found = running_status()
    if json:
        print_json({"running": False} if found is None else {"running": True, **_fields(found)})
    elif found is None:
        typer.echo("No daemon runs. The next colouring starts one.")
    else:
        typer.echo("\n".join(_lines(found)))


def running_status() -> StatusReply | None:
    """The running daemon's status, None when none runs. Raises `LinewashError` for one that can't be talked to."""
    try:
        with connected(start=False) as client:
            return client.status()
    except DaemonError as error:
        if error.code in ("daemon_unreachable", "daemon_gone"):
            return None
        raise


def _asked_to_stop(info: ConnectionInfo) -> bool:
    try:
        with connected(start=False) as client:
            client.stop()
    except WrongProtocol:
        if not end_daemon(info, STOP_LIMIT):
            raise
    except DaemonError as error:
        if error.code == "daemon_gone":  # it went before its answer came
            return True
        if error.code == "daemon_unreachable":
            return False
        raise
    return True


def _wait_until_gone(info: ConnectionInfo) -> None:
    """A daemon removes its connection file when it no longer answers."""
    deadline = time.monotonic() + STOP_LIMIT
    while read_connection() == info:
        if time.monotonic() > deadline:
            raise TimedOut(
                f"The daemon (process {info.pid}) was asked to stop and still runs.", "Wait a moment, or end it."
            )
        time.sleep(0.05)


def _fields(status: StatusReply) -> dict[str, object]:
    fields = dataclasses.asdict(status)
    renamed = {"jobs_running": fields.pop("running"), "jobs_queued": fields.pop("queued")}
    return {**{name: value for name, value in fields.items() if name not in ("id", "v")}, **renamed}


def _lines(status: StatusReply) -> list[str]:
    def after(seconds: float) -> str:
        return f"after {duration(seconds)} without work" if seconds > 0 else "never"

    style = status.model or "none loaded yet (the first colouring loads it)"
    return [
        f"The daemon {status.version} runs as process {status.pid} since {duration(status.uptime)}.",
        f"  device       {status.device}",
        f"  style        {style}",
        f"  jobs         {status.running} at work, {status.queued} waiting",
        f"  line arts    {status.prepared} remembered, {megabytes(status.prepared_bytes)}",
        f"  memory       {megabytes(status.memory_bytes)}",
        f"  frees style  {after(status.idle_unload)}",
        f"  stops        {after(status.idle_exit)}",
    ]
