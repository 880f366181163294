"""Find the user's daemon, or start one, without ever blocking: ask `Finder.poll` until it knows."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from .connection import ConnectionInfo, connection_path, log_path, make_runtime_folder, read_connection
from .errors import DaemonError

COMMAND_VARIABLE = "LINEWASH_DAEMON"
COMMAND_NOTE = "daemon.json"  # a list of words, in the client's own folder or in the user's state folder
STATE_VARIABLE = "LINEWASH_STATE_DIR"
START_LIMIT = 30.0  # seconds from the start of the process to its connection file
_GRACE = 3.0  # seconds that another daemon, which ours gave way to, may still take


class Finder:
    """Gives the `ConnectionInfo` of a daemon that is likely to live.

    The caller tries it and tells `reject` when nothing answers there (a stale file), or `settle` when a daemon
    answered. With ``start`` a daemon is started when there is none, by ``command`` or as `daemon_command` says.
    """

    def __init__(self, start: bool = True, command: Sequence[str] | None = None, limit: float = START_LIMIT) -> None:
        self._start = start
        self._command = command
        self._limit = limit
        self.settle()

    def settle(self) -> None:
        """A daemon answered: forget the search, so that a later one begins afresh."""
        self._rejected: ConnectionInfo | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._ended: float | None = None

    def poll(self) -> ConnectionInfo | None:
        """A daemon to try, or ``None`` while one is starting. Raises `DaemonError` when there will be none."""
        info = read_connection()
        if info is not None and info != self._rejected and _may_live(info):
            return info
        if not self._start:
            raise DaemonError("No Linewash daemon runs.", "Start one: linewash daemon start", "daemon_unreachable")
        if self._process is None:
            self._process = start_daemon(self._command or daemon_command())
            self._started = time.monotonic()
        else:
            self._check(self._process, time.monotonic())
        return None

    def reject(self, info: ConnectionInfo, error: DaemonError) -> None:
        """Nothing answers at ``info``, or it refused. Raises ``error`` when there is no other daemon to hope for."""
        now = read_connection()
        if now not in (None, info):
            return  # a newer daemon has written the file since
        if not self._start or (error.code == "daemon_refused" and now == info):
            raise error  # one that is just leaving takes its file away and hangs up, which reads as a refusal
        self._rejected = info

    def _check(self, process: subprocess.Popen[bytes], now: float) -> None:
        code = process.poll()
        if code and self._ended is None:
            self._ended = now
        if self._ended is not None and now - self._ended > _GRACE:
            raise _not_started(f"it ended with code {code}")
        if now - self._started > self._limit:
            raise _not_started(f"it did not answer within {self._limit:g} seconds")


class Fixed:
    """Stands in for `Finder` where the caller already knows the daemon, and no other will do."""

    def __init__(self, info: ConnectionInfo) -> None:
        self._info = info

    def poll(self) -> ConnectionInfo | None:
        return self._info

    def reject(self, info: ConnectionInfo, error: DaemonError) -> None:
        raise error

    def settle(self) -> None:
        return


def daemon_command() -> list[str]:
    """How a daemon is started here: the variable LINEWASH_DAEMON (a command line), this Python when it has the daemon
    installed, what installed this copy of the client, the `linewash` program, else the installation that ran last
    (`leave_note`). Raises `DaemonError` when there is none of these.
    """
    chosen = os.environ.get(COMMAND_VARIABLE)
    if chosen:
        return shlex.split(chosen, posix=os.name == "posix")
    # An editor's own Python may call the editor its executable: starting that would open a second window.
    is_python = Path(sys.executable or "").name.lower().startswith("python")
    if is_python and importlib.util.find_spec("linewash_daemon") is not None:
        return [sys.executable, "-m", "linewash_daemon"]
    noted = _noted_command(Path(__file__).with_name(COMMAND_NOTE))
    if noted:
        return noted
    # A desktop session often lacks the folder that `pip install --user` and pipx install programs into.
    folders = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path.home() / ".local" / "bin")])
    program = shutil.which("linewash", path=folders)
    if program:
        return [program, "daemon", "start"]
    noted = _noted_command(state_folder() / COMMAND_NOTE)
    if noted:
        return noted
    raise DaemonError(
        "The Linewash daemon is not installed where it can be found.",
        f"Install Linewash, or set {COMMAND_VARIABLE} to the command that starts its daemon.",
        "daemon_not_started",
    )


def state_folder() -> Path:
    """The user's folder for what should outlast a session: logs, and the note of `leave_note`."""
    chosen = os.environ.get(STATE_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "linewash"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "linewash"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "linewash"


def leave_note() -> None:
    """Note how this installation's daemon is started, for clients that came without it, such as a plug-in's zip from
    a checkout that is on no PATH. Where nothing can be written, nothing is.
    """
    path = state_folder() / COMMAND_NOTE
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([sys.executable, "-m", "linewash_daemon"], file)
        os.replace(draft, path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()


def _noted_command(path: Path) -> list[str]:
    """The command in a note; [] when there is none, or when it is of no use or not this user's own."""
    try:
        status = path.stat()
        if os.name == "posix" and (status.st_uid not in (os.getuid(), 0) or status.st_mode & 0o022):
            return []
        command = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    words = isinstance(command, list) and all(isinstance(word, str) for word in command)
    return command if words and command and shutil.which(command[0]) else []


def start_daemon(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start ``command`` apart from this program, so that it outlives it; what it prints goes to the log file."""
    make_runtime_folder()
    try:
        with _open_log() as log:
            process = _spawn(command, log)
    except OSError as error:
        raise _not_started(f"{command[0]}: {error.strerror}") from error
    threading.Thread(target=process.wait, name="linewash-reaper", daemon=True).start()  # no zombie is left behind
    return process


def end_daemon(info: ConnectionInfo, limit: float = 15.0) -> bool:
    """End a daemon that answered at ``info`` and speaks another version, which can't be asked to stop: a signal to its
    process. True when it is gone; False when that process isn't one of ours, or still there after ``limit`` seconds.
    """
    if info.pid == os.getpid() or not _is_linewash(info.pid):
        return False
    try:
        os.kill(info.pid, signal.SIGTERM)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        return False
    deadline = time.monotonic() + limit
    while read_connection() == info and _is_linewash(info.pid):  # the last thing it does is to remove its file
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _is_linewash(pid: int) -> bool:
    """False when that is another program's process: seen from a sandbox, a number may mean another one."""
    if not sys.platform.startswith("linux"):
        return True
    try:
        return b"linewash_daemon" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _open_log() -> IO[bytes]:
    return open(os.open(log_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _spawn(command: Sequence[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=os.name == "posix",
        creationflags=flags,
        env=_environment(command),
    )


def _environment(command: Sequence[str]) -> dict[str, str]:
    """Ours, less what an editor set for its own Python and would break another one."""
    environment = dict(os.environ)
    if command[0] != sys.executable:
        names = ["PYTHONHOME"]
        if "APPIMAGE" in environment:
            names += ["PYTHONPATH", "LD_LIBRARY_PATH"]
        for name in names:
            environment.pop(name, None)
    return environment


def _may_live(info: ConnectionInfo) -> bool:
    """False when the daemon's process is gone. Asked for tcp only, lest the token go to a stranger who got the port:
    a dead daemon's unix socket refuses by itself, and from inside a sandbox pids can't be compared."""
    if os.name != "posix" or not info.endpoint.startswith("tcp://"):
        return True
    try:
        os.kill(info.pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _not_started(why: str) -> DaemonError:
    return DaemonError(
        f"The Linewash daemon could not be started: {why}.",
        f"Its log says more: {log_path()} (connection file: {connection_path()})",
        "daemon_not_started",
    )
