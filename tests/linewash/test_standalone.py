"""The folder is copied whole into editors: it needs nothing but the standard library, on every Python it promises."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "linewash"
MODULES = sorted(FOLDER.rglob("*.py"))


def python(version: str) -> str:
    """The interpreter of that version, from PATH or pyenv; skips the test when there is none."""
    for candidate in [f"python{version}", *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))]:
        found = shutil.which(candidate)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    pytest.skip(f"no Python {version} on this machine")


def test_the_folder_is_not_empty() -> None:
    assert FOLDER / "client.py" in MODULES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_only_the_standard_library_and_relative_modules_are_imported(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert {alias.name.partition(".")[0] for alias in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.level > 0 or str(node.module).partition(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_a_copy_under_another_name_works_alone(version: str, tmp_path: Path) -> None:
    interpreter = python(version)
    shutil.copytree(FOLDER, tmp_path / "vendored", ignore=shutil.ignore_patterns("__pycache__"))
    script = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import vendored
from vendored.contract import Color, Options
from vendored.schema import from_wire, to_wire
from vendored.packing import pack, unpack
picture = vendored.Picture(16, 16, "rgba", 8, bytes(1024))
request = Color("1", picture.plane(), vendored.lineart_hash(picture), None, Options(empty=(1, 2, 3)))
assert from_wire(Color, unpack(pack(to_wire(request)))) == request
try:
    vendored.Client(start=False).models()
except vendored.DaemonError as error:
    print(error.code)
assert not any(name.startswith("linewash") for name in sys.modules)
"""
    environment = {**os.environ, "LINEWASH_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [interpreter, "-I", "-S", "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "daemon_unreachable\n", "")
