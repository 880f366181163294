"""Krita's side of the docker and the menu: what starts with Krita, once for each of its windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension

from ..qt import QAction, QtCore, QtWidgets

SETTINGS = "linewash"  # the group in kritarc
_ID = "linewash"

CreateAction = Callable[[str, str, str], QAction]
"""Adds an action with an id (the name of its file in actions/), a text and a menu such as "tools/linewash"."""


def register(
    krita: Any,
    docker: Callable[[], QtWidgets.QWidget],
    actions: Callable[[CreateAction], None],
    closing: Callable[[], None],
) -> tuple[Any, Any]:
    """Have Krita show what ``docker`` makes in a docker named Linewash, and call ``actions`` for each window. What is
    returned must be kept: Krita holds no reference."""

    class Docker(DockWidget):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.setWindowTitle("Linewash")
            self.setWidget(docker())

        def canvasChanged(self, canvas: Any) -> None:  # noqa: N802
            """Krita insists on it; the flow looks for itself which document is active."""

    class Actions(Extension):  # type: ignore[misc]
        def setup(self) -> None:
            pass

        def createActions(self, window: Any) -> None:  # noqa: N802
            actions(window.createAction)
            QtCore.QTimer.singleShot(0, lambda: _introduce(krita))  # once Krita has put its dockers in place

    factory = DockWidgetFactory(_ID, DockWidgetFactoryBase.DockPosition.DockRight, Docker)
    extension = Actions(krita)
    krita.addDockWidgetFactory(factory)
    krita.addExtension(extension)
    application = QtWidgets.QApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(closing)
    return factory, extension


def _introduce(krita: Any) -> None:
    """Show the docker at the first start of all: Krita 5.2 hides a docker that it doesn't know yet."""
    if krita.readSetting(SETTINGS, "introduced", ""):
        return
    for docker in krita.dockers():
        if docker.objectName() == _ID:
            docker.show()
            krita.writeSetting(SETTINGS, "introduced", "yes")
