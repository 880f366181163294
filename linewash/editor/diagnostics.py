"""The text behind *Copy diagnostics*: what somebody needs to know who is to help, and nothing of the drawing."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from ..connection import connection_path, log_path, read_connection
from ..contract import ModelInfo, StatusReply
from ..errors import LinewashError
from ..version import __version__
from .choices import Choices

_LOG_LINES = 30


def report(
    editor: Mapping[str, str],
    document: str,
    choices: Choices,
    status: StatusReply | None,
    styles: Sequence[ModelInfo],
    faults: Sequence[str],
) -> str:
    """Several lines of plain English text; never raises. ``editor``: its versions; ``document``: kind and size."""
    parts = {
        "Linewash plug-in": __version__,
        "System": platform.platform(),
        **editor,
        "Document": document,
        "Choices": choices.to_json(),
        "Connection": _connection(),
        "Daemon": "unknown" if status is None else json.dumps(asdict(status)),
        "Styles": ", ".join(f"{info.name} {info.hash[:12]} {info.problem}".strip() for info in styles),
    }
    lines = [f"{name}: {value}" for name, value in parts.items()]
    return "\n".join([*lines, "", "Faults:", *(faults or ["none"]), "", f"End of {log_path()}:", _log_end(log_path())])


def _connection() -> str:
    """Where the daemon listens; the token stays out of it."""
    try:
        info = read_connection()
    except LinewashError as error:
        return f"{connection_path()}: {error}"
    if info is None:
        return f"{connection_path()}: no such file"
    return f"{info.endpoint}, process {info.pid}, version {info.version}, protocol {info.protocol}"


def _log_end(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-_LOG_LINES:])
    except OSError as error:
        return str(error.strerror)
