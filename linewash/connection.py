"""The connection file: where a user's daemon listens, and the token that proves one may talk to it.

One small JSON file per user, mode 0600, written by the daemon when it listens and removed when it stops.
Whoever can read it may paint, so it is believed only when it belongs to the current user and nobody else can read it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from .errors import DaemonError

USER = "linewash"  # the user name of ZMTP PLAIN; the password is the token
FOLDER_VARIABLE = "LINEWASH_RUNTIME_DIR"
MAX_BYTES = 64 * 1024
_POSIX = os.name == "posix"


@dataclass(frozen=True)
class ConnectionInfo:
    """What the file holds. ``endpoint``: ``ipc://PATH``, ``ipc://@NAME`` (Linux) or ``tcp://HOST:PORT``."""

    endpoint: str
    token: str  # 1…255 bytes of UTF-8
    pid: int
    protocol: int
    version: str


def runtime_folder() -> Path:
    """The folder for the connection file, the daemon's lock, socket and log; it need not exist yet."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "linewash"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "linewash"
    session = os.environ.get("XDG_RUNTIME_DIR")
    if session and os.path.isdir(session):
        return Path(session) / "linewash"
    return Path(tempfile.gettempdir()) / f"linewash-{os.getuid()}"


def make_runtime_folder() -> Path:
    """Create `runtime_folder` for this user alone (0700) and check that it is; `DaemonError` when it is another's."""
    folder = runtime_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise DaemonError(
            f"The folder {folder} can't be used: {error.strerror}.",
            f"Set {FOLDER_VARIABLE} to a folder that you can write to.",
            "daemon_not_started",
        ) from error
    if _POSIX and (not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022):
        raise DaemonError(
            f"The folder {folder} belongs to another user or others may write to it.",
            f"Remove it, or set {FOLDER_VARIABLE} to a folder of your own.",
            "connection_file_foreign",
        )
    return folder


def connection_path() -> Path:
    return runtime_folder() / "connection.json"


def log_path() -> Path:
    """Where what a daemon says before it can write its own log is kept."""
    return runtime_folder() / "daemon.log"


def read_connection(path: Path | None = None) -> ConnectionInfo | None:
    """What the connection file says, ``None`` when there is none.

    Raises `DaemonError`: ``connection_file_foreign`` when it is not this user's or others can read it,
    ``connection_file_damaged`` when it can't be understood.
    """
    path = path or connection_path()
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _foreign(path) from error
    with open(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise _foreign(path)
        if _POSIX and (status.st_uid != os.getuid() or status.st_mode & 0o077):
            raise _foreign(path)
        return _parse(file.read(MAX_BYTES + 1), path)


def write_connection(info: ConnectionInfo, path: Path | None = None) -> Path:
    """Write the file in one step: a reader sees the old one or the new one, and at no moment can others read it."""
    if path is None:
        path = make_runtime_folder() / connection_path().name
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(json.dumps(asdict(info), indent=1).encode())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    return path


def remove_connection(info: ConnectionInfo, path: Path | None = None) -> None:
    """Remove the file if it still is ``info``'s, so that a daemon that stops leaves its successor's alone."""
    path = path or connection_path()
    try:
        if read_connection(path) == info:
            path.unlink()
    except (DaemonError, OSError):
        return


def _parse(raw: bytes, path: Path) -> ConnectionInfo:
    try:
        if len(raw) > MAX_BYTES:
            raise ValueError("too long")
        values = json.loads(raw)
        return ConnectionInfo(**{f.name: _field(values, f.name) for f in fields(ConnectionInfo)})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DaemonError(
            f"The connection file {path} is damaged ({error}).",
            "Delete it and stop any Linewash daemon that still runs; the next command starts a new one.",
            "connection_file_damaged",
        ) from error


def _field(values: dict[str, Any], name: str) -> Any:
    value = values[name]
    if name in ("pid", "protocol"):
        if type(value) is not int or value <= 0:
            raise ValueError(f"{name} is not a positive number")
    elif type(value) is not str:
        raise ValueError(f"{name} is not a text")
    elif name == "endpoint" and not value.startswith(("ipc://", "tcp://")):
        raise ValueError("the endpoint is neither ipc:// nor tcp://")
    elif name == "token" and not 0 < len(value.encode()) < 256:
        raise ValueError("the token's length is wrong")
    return value


def _foreign(path: Path) -> DaemonError:
    return DaemonError(
        f"The connection file {path} belongs to another user, can be read by others, or is not a plain file.",
        "Delete it (or ask its owner to), then try again; never loosen its permissions.",
        "connection_file_foreign",
    )
