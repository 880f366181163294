"""What every plug-in's zip promises of the Python files in it, on each Python that an editor may embed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from setup_env import ROOT

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]

_COMPILE = """
import pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob('*.py'):
    compile(path.read_bytes(), str(path), 'exec', dont_inherit=True)
"""
_COLOR = """
import sys, types
package = types.ModuleType("PLUGIN")  # what the package itself imports is the editor's
package.__path__ = [sys.argv[1]]
sys.modules["PLUGIN"] = package
from PLUGIN.linewash import Client, Picture
from PLUGIN.linewash.editor.choices import Choices
with Client() as client:
    try:
        result = client.color(Picture(16, 16, "rgba", 8, bytes(1024)), options=Choices().options())
        print(*(layer.name for layer in result.layers))
    finally:
        client.stop()
assert not any(name.partition(".")[0] in ("linewash", "zmq", "numpy", "msgpack") for name in sys.modules)
"""


def python(version: str) -> str:
    """The interpreter of that version, from PATH or pyenv; skips the test when there is none."""
    for candidate in [f"python{version}", *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]:
        found = shutil.which(candidate)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    pytest.skip(f"no Python {version} on this machine")


def compiles(version: str, folder: Path) -> None:
    """Every module below ``folder``, without a warning."""
    command = [python(version), "-I", "-S", "-W", "error", "-c", _COMPILE, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def colors(version: str, package: Path) -> None:
    """The client in the plug-in's ``package`` colours with a real daemon and nothing else installed."""
    # Not tmp_path: a unix socket's path has some hundred characters at most.
    with tempfile.TemporaryDirectory(prefix="lw") as runtime:
        environment = {
            **os.environ,
            "LINEWASH_RUNTIME_DIR": str(Path(runtime) / "run"),
            "LINEWASH_DAEMON": f'"{sys.executable}" -m tests.daemon.cli.painting_daemon',
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        script = _COLOR.replace("PLUGIN", package.name)
        command = [python(version), "-I", "-S", "-W", "error", "-c", script, str(package)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Flats Shading Highlights\n", "")
