"""Qt without a screen, and the studio of the flow's tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.editors.install import NotAvailable, install

if TYPE_CHECKING:
    from .studio import Daemon, Studio

LIBRARIES = ("libgl1", "libegl1", "libglib2.0-0", "libxkbcommon0", "libdbus-1-3", "libfontconfig1")


def _make_sure_of_qt() -> None:
    """A bare Debian lacks libraries that Qt's wheels want. A process holds one Qt: PyQt5, as in Krita 5, unless the
    other is there already."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if "PyQt6.QtCore" in sys.modules:
        return
    try:
        import PyQt5.QtWidgets
    except ImportError:
        install(LIBRARIES)
        import PyQt5.QtWidgets  # noqa: F401


LEFT_OUT = ""
try:
    _make_sure_of_qt()
except NotAvailable as reason:
    LEFT_OUT = f"tests/krita_plugin is left out: Qt can't be loaded, and its libraries are {reason}"
    collect_ignore_glob = ["test_*.py"]


def pytest_report_header() -> str:
    return LEFT_OUT


@pytest.fixture(scope="module")
def module_daemon() -> Iterator[Daemon]:
    """One daemon for the tests of a file, started by the first click."""
    from .studio import own_daemon

    with own_daemon() as daemon:
        yield daemon


@pytest.fixture
def daemon(module_daemon: Daemon) -> Daemon:
    for path in module_daemon.folder.glob("*.gate"):
        path.unlink()
    return module_daemon


@pytest.fixture
def studio(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """Looks at the editor at every tick instead of now and then; in the end nothing may have crashed or failed."""
    from .stand_in import Krita
    from .studio import Studio

    monkeypatch.setattr("linewash_krita.flow._LOOK", 0.0)
    monkeypatch.setattr("linewash_krita.live._SOON", 0.0)
    studio = Studio(Krita(), daemon)
    yield studio
    studio.flow.close()
    assert studio.krita.crashes == []
    assert studio.faults_expected or "Faults:\nnone\n" in studio.flow.diagnostics()
