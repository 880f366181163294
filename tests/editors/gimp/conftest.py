"""One running GIMP for all tests of a file: `gimp`, its console; `window`, the whole of it.

A file that needs plug-ins or variables in GIMP has module-scoped fixtures of its own, ``plugins`` or ``environment``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from linewash_daemon.editors.gimp.package import write_zip
from tests.editors.install import NotAvailable

from .console import Gimp, running_gimp
from .gui import GimpWindow, gimp_window


@pytest.fixture(scope="session")
def built_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plug-in as it is shipped."""
    return write_zip(tmp_path_factory.mktemp("zip"))


@pytest.fixture(scope="module")
def plugins() -> Sequence[Path]:
    return ()


@pytest.fixture(scope="module")
def environment(runtime_folder: Path) -> Mapping[str, str]:
    return {"LINEWASH_RUNTIME_DIR": str(runtime_folder), "LINEWASH_STATE_DIR": str(runtime_folder / "state")}


@pytest.fixture(scope="module")
def runtime_folder() -> Iterator[Path]:
    """For a daemon's socket, whose path must be short."""
    with tempfile.TemporaryDirectory(prefix="lw-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def running(
    plugins: Sequence[Path], environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gimp]:
    folder = tmp_path_factory.mktemp("gimp")
    try:
        with running_gimp(folder, plugins, environment) as gimp:
            yield gimp
    except NotAvailable as reason:
        pytest.skip(f"no GIMP here: {reason}")
    shutil.rmtree(folder / "home")


@pytest.fixture
def gimp(running: Gimp) -> Iterator[Gimp]:
    """The file's GIMP console; no image is left open after a test."""
    yield running
    if running.is_alive():
        running.close_images()


@pytest.fixture(scope="module")
def shown(
    plugins: Sequence[Path], environment: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GimpWindow]:
    folder = tmp_path_factory.mktemp("window")
    try:
        with gimp_window(folder, plugins, environment) as window:
            yield window
    except NotAvailable as reason:
        pytest.skip(f"no GIMP here: {reason}")
    shutil.rmtree(folder / "home")


@pytest.fixture
def window(shown: GimpWindow) -> Iterator[GimpWindow]:
    """The file's GIMP with its window; no image is left open after a test."""
    yield shown
    if shown.is_alive():
        shown.close_images()
