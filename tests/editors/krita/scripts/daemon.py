"""Programs of this machine's Python, started from inside Krita."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any


def load(stage: Any) -> Any:
    """Run ``command`` to its end."""
    process = subprocess.Popen(
        stage.args["command"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    )
    yield stage.until(lambda: process.poll() is not None, 100, "the program's end")
    stage.result["code"] = process.returncode
    stage.result["said"] = process.stdout.read() if process.stdout else ""


def start(stage: Any) -> Any:
    """Start the daemon, wait for its connection file, end it."""
    process = subprocess.Popen(stage.args["command"], env=_environment())
    connection = Path(stage.args["runtime_folder"], "connection.json")
    yield stage.until(connection.exists, 30, "the daemon's connection file")
    stage.result["connection"] = connection.read_text("utf-8")
    process.terminate()
    yield stage.until(lambda: process.poll() is not None, 30, "the daemon's end")


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}
