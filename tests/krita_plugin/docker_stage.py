"""The docker on a table: its states, and hands to find, press and wait. For docker_promises.py and docker_looks.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from linewash_krita.docker import DockerPanel
from linewash_krita.linewash.editor.choices import Choices
from linewash_krita.linewash.editor.remedies import Message
from linewash_krita.qt import QtCore, QtGui, QtWidgets
from linewash_krita.view import View

from .scripted_flow import ScriptedFlow, drawing

TROUBLE = Message(
    "The Linewash daemon, the program that works out the colours, is not running.",
    "Press Start daemon.",
    mends=("start_daemon", "free_gpu", "copy_diagnostics"),
    code="daemon_unreachable",
)
STATES = {
    "no document": View(status="The daemon is not running"),
    "no styles yet": replace(drawing(), styles=(), history=()),
    "idle": drawing(),
    "running": replace(drawing(), running="Choosing colours…", fraction=0.4),
    "live": replace(drawing(), live=True, running="Choosing colours…", fraction=0.4),
    "trouble": replace(drawing(), message=TROUBLE),
    "everything else": replace(
        drawing(),
        regions=True,
        hints=None,
        message=Message("Cancelled; nothing was changed.", calm=True),
        choices=Choices(
            style="comic-flats",
            seed=7,
            seed_locked=not Choices().seed_locked,
            variety=0.25,
            palette="A palette that was deleted",
            strength=1.5,
            gap=12.0,
            empty=(1, 2, 3),
            layers=("flats", "per_color"),
            placement="new_group",
        ),
    ),
}
W = TypeVar("W", bound=QtCore.QObject)
application = QtWidgets.QApplication([])
application.setFont(QtGui.QFont("DejaVu Sans", 9))  # as wide as fonts get


def shown(flow: ScriptedFlow, width: int = 240) -> Iterator[DockerPanel]:
    panel = DockerPanel(flow)
    panel.setStyle(QtWidgets.QStyleFactory.create("Fusion"))
    panel.resize(width, 900)
    for section in ("colors", "lines", "layers", "history"):
        find(panel, QtWidgets.QAbstractButton, section).setChecked(True)
    panel.show()
    settle()
    yield panel
    panel.hide()
    panel.deleteLater()
    settle()


def settle() -> None:
    for _ in range(10):
        application.processEvents()


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        application.processEvents(QtCore.QEventLoop.ProcessEventsFlag.AllEvents, 20)


def find(panel: QtWidgets.QWidget, kind: type[W], name: str) -> W:
    found = panel.findChild(kind, name)
    assert found is not None, name
    return found


def press(panel: DockerPanel, name: str) -> None:
    find(panel, QtWidgets.QAbstractButton, name).click()


def text(panel: DockerPanel, name: str) -> str:
    return find(panel, QtWidgets.QLabel, name).text()


def controls(panel: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    kinds = (QtWidgets.QAbstractButton, QtWidgets.QComboBox, QtWidgets.QAbstractSlider, QtWidgets.QAbstractSpinBox)
    found = [w for w in panel.findChildren(QtWidgets.QWidget) if isinstance(w, (*kinds, QtWidgets.QListWidget))]
    return [w for w in found if w.isVisible() and not isinstance(w, QtWidgets.QScrollBar)]
