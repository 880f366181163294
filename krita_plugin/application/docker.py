"""Krita's side of the docker and the menu: what starts with Krita, once for each of its windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from krita import DockWidget, DockWidgetFactory, DockWidgetFactoryBase, Extension

from ..qt import QAction, QtWidgets

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

    factory = DockWidgetFactory("linewash", DockWidgetFactoryBase.DockPosition.DockRight, Docker)
    extension = Actions(krita)
    krita.addDockWidgetFactory(factory)
    krita.addExtension(extension)
    application = QtWidgets.QApplication.instance()
    if application is not None:
        application.aboutToQuit.connect(closing)
    return factory, extension
