"""The daemon's log: small, rotating, private, and never a reason to fail."""

from __future__ import annotations

import io
import logging
import logging.handlers
import os
from pathlib import Path

from linewash.launch import state_folder

_MAX_BYTES, _KEPT = 1 << 20, 2
_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"


def log_path() -> Path:
    """Where the daemon's log lies: in the user's state folder, so that it outlives the session."""
    return state_folder() / "daemon.log"


class QuietFile(logging.handlers.RotatingFileHandler):
    """A rotating log file that gives up in silence where nothing can be written: a full disk must not cost a job."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)

    def _open(self) -> io.TextIOWrapper:
        # Unbuffered: a line that could not be written is lost, not kept to fail again when the file is closed.
        raw = io.FileIO(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")
        return io.TextIOWrapper(raw, encoding=self.encoding, write_through=True)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        return


def start_log(foreground: bool) -> None:
    """Send everything that is logged to the log file, and to standard error as well in the foreground."""
    logging.raiseExceptions = False
    path = log_path()
    handlers: list[logging.Handler] = [logging.StreamHandler()] if foreground else []
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(QuietFile(path))
    except OSError:
        pass
    logging.basicConfig(level=logging.INFO, format=_FORMAT, handlers=handlers or [logging.NullHandler()], force=True)
