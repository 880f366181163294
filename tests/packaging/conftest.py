"""The project built as its users get it: sdist, wheel out of that, and an environment with nothing but the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from setup_env import ROOT, venv_python

SHIPPED = ("src", "linewash", "daemon", "krita_plugin", "gimp_plugin", "training")
FILES = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "LICENSE-weights")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the sdist and the wheel that was built from it, made offline from a copy of the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in SHIPPED:
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / folder, tree / folder, symlinks=True, ignore=ignore)
    for name in FILES:
        shutil.copy(ROOT / name, tree / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(tree / "dist"), str(tree)]
    made = subprocess.run(command, capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return tree / "dist"


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment in which the wheel is installed; returns its interpreter.

    The wheel's dependencies are lent by the environment that runs the tests, after its own packages, so that
    nothing is downloaded. Editable installs over there are out of sight: path files are read in one's own folder only.
    """
    environment = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(environment, with_pip=False)
    python = venv_python(environment)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True)
    find = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(find, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "zz_lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python
