"""The program as a person starts it, in a runtime folder of the test's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = [sys.executable, "-c", "from linewash_daemon.cli import main; main()"]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one line on standard output."""
        lines = self.out.splitlines()
        assert len(lines) == 1, (self.out, self.err)
        value = json.loads(lines[0])
        assert isinstance(value, dict)
        return value

    @property
    def error(self) -> dict[str, Any]:
        error = self.json["error"]
        assert error.keys() == {"code", "sentence", "remedy"}
        assert error["sentence"].endswith(".")
        assert "Traceback" not in self.err
        return dict(error)


@dataclass(frozen=True)
class Program:
    """Runs ``linewash ARGUMENTS``; a daemon it starts is the one of painting_daemon.py."""

    environment: dict[str, str]

    def __call__(self, *arguments: str | Path) -> Ran:
        command = [*PROGRAM, *map(str, arguments)]
        run = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=90)
        return Ran(run.returncode, run.stdout, run.stderr)

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        command = [*PROGRAM, *map(str, arguments)]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heeds_ctrl_c,
        )


def _heeds_ctrl_c() -> None:
    """As in a terminal, also where the tests themselves were started in the background, with Ctrl+C ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def linewash() -> Iterator[Program]:
    # Not tmp_path: a unix socket's path has some hundred characters at most.
    with tempfile.TemporaryDirectory(prefix="lw") as folder:
        program = Program(
            {
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
                "LINEWASH_RUNTIME_DIR": str(Path(folder) / "run"),
                "LINEWASH_DAEMON": f'"{sys.executable}" -m tests.daemon.cli.painting_daemon',
                "OMP_NUM_THREADS": "1",
            }
        )
        yield program
        if (Path(folder) / "run" / "connection.json").exists():
            assert program("daemon", "stop").code == 0
