"""A stand-in for Krita's module ``krita``, in memory: what the plug-in calls of it behaves as the real one does.

What it promises is in ``../promises_of_*.py``, played here and inside the real Krita. Beyond Krita's own calls a
test plays the artist through the classes' methods in lower case: ``document.undo()``, ``layer.stroke(…)``.

Krita does some things only when control is back in its event loop: `Krita.turn` is that moment. A wrapper of a closed
document crashes the real one; here it raises and is noted in ``Krita.crashes``.
"""

from __future__ import annotations

import sys

import linewash_krita  # noqa: F401  (before the stand-in is there: the plug-in must not start by itself)
from linewash_krita.qt import QtCore, QtWidgets

from .application import Crash, Krita, View, Window
from .document import Document
from .node import Node
from .palette import ManagedColor, Palette, Resource, Swatch
from .selection import Selection

__all__ = [
    "Crash",
    "DockWidget",
    "DockWidgetFactory",
    "DockWidgetFactoryBase",
    "Document",
    "Extension",
    "InfoObject",
    "Krita",
    "ManagedColor",
    "Node",
    "Palette",
    "Resource",
    "Selection",
    "Swatch",
    "View",
    "Window",
]


class InfoObject(QtCore.QObject):
    """Settings of an export: none."""


class DockWidget(QtWidgets.QDockWidget):
    """What a docker is made of."""


class Extension(QtCore.QObject):
    """What puts entries into the menus."""


class DockWidgetFactoryBase:
    class DockPosition:
        DockRight = 1


class DockWidgetFactory(DockWidgetFactoryBase):
    def __init__(self, name: str, position: int, kind: type[DockWidget]) -> None:
        self.name, self.position, self.kind = name, position, kind


# From here on ``import krita`` gives this package.
sys.modules.setdefault("krita", sys.modules[__name__])
