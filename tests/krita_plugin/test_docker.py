"""What docker_promises.py and docker_looks.py promise, with real widgets, in PyQt5 and in PyQt6:
a process can hold only one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROMISES = [str(Path(__file__).with_name(name)) for name in ("docker_promises.py", "docker_looks.py")]
RUN = "import sys, {binding}.QtWidgets, pytest; sys.exit(pytest.main(sys.argv[1:]))"


@pytest.mark.parametrize("binding", ["PyQt5", "PyQt6"])
def test_the_docker_keeps_its_promises(binding: str, tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path)}
    run = _python(RUN.format(binding=binding), environment, "-q", "-p", "no:cacheprovider", *PROMISES)
    assert run.returncode == 0, run.stdout + run.stderr


def _python(code: str, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
