"""Programs of this machine's Python, started from inside GIMP."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any


def load(stage: Any) -> None:
    """Run ``command`` to its end."""
    done = subprocess.run(stage.args["command"], capture_output=True, text=True, env=_environment())
    stage.result["code"] = done.returncode
    stage.result["said"] = done.stdout + done.stderr


def start(stage: Any) -> None:
    """Start the daemon, wait for its connection file, end it."""
    process = subprocess.Popen(stage.args["command"], env=_environment())
    connection = Path(os.environ["LINEWASH_RUNTIME_DIR"], "connection.json")
    stage.until(connection.exists, 30, "the daemon's connection file")
    stage.result["connection"] = connection.read_text("utf-8")
    process.terminate()
    process.wait(30)


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1"}
