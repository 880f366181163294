"""Krita itself: windows, views, documents, files, palettes, settings."""
# ruff: noqa: N802

from __future__ import annotations

import re
import traceback
import zipfile
from collections.abc import Callable
from typing import Any, ClassVar

from linewash_krita.qt import QAction, QtCore, QtWidgets

from .document import Document
from .palette import Resource
from .pixels import Space


class Crash(Exception):
    """What would have ended the real Krita."""


class View(QtCore.QObject):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document

    def document(self) -> Document:
        return self._document


class Window(QtCore.QObject):
    """``actions``: what was put into its menus, by id."""

    def __init__(self, krita: Krita) -> None:
        super().__init__()
        self._krita = krita
        self.actions: dict[str, QAction] = {}

    def createAction(self, name: str, text: str, menu: str) -> QAction:
        self.actions[name] = QAction(text, self)
        return self.actions[name]

    def addView(self, document: Document) -> View:
        """Shows the document in front of all others, its topmost layer active."""
        view = View(document)
        self._krita.open_views.append(view)
        self._krita.front = document
        if document.active is None and document.root.children_nodes:
            document.active = document.root.children_nodes[-1]
        return view


class Action:
    """An entry of Krita's menus."""

    def __init__(self, trigger: Callable[[], None]) -> None:
        self.trigger = trigger


class Krita(QtCore.QObject):
    """``crashes``: what a real one would have died of; a test looks that there is none."""

    running: ClassVar[Krita | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.crashes: list[str] = []
        self.files: dict[str, Document] = {}
        self.settings: dict[tuple[str, str], str] = {}
        self.palettes: dict[str, Resource] = {}
        self.open_views: list[View] = []
        self.front: Document | None = None
        self.factories: list[Any] = []
        self.extensions: list[Any] = []
        self.docks: list[QtWidgets.QDockWidget] = []
        self._documents: list[Document] = []
        self._later: list[Callable[[], None]] = []
        self._window = Window(self)
        self._batch = False
        self._qt = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
        Krita.running = self

    # What Krita has.

    @classmethod
    def instance(cls) -> Krita:
        assert cls.running is not None
        return cls.running

    def version(self) -> str:
        return "5.2.9"

    def batchmode(self) -> bool:
        return self._batch

    def setBatchmode(self, on: bool) -> None:
        self._batch = on

    def activeDocument(self) -> Document | None:
        return self.front

    def documents(self) -> list[Document]:
        """All that are open, hidden ones too."""
        return list(self._documents)

    def views(self) -> list[View]:
        return list(self.open_views)

    def activeWindow(self) -> Window:
        return self._window

    def createDocument(
        self, width: int, height: int, name: str, model: str, depth: str, profile: str, resolution: float
    ) -> Document:
        """Hidden, with one layer that is white all over."""
        document = Document(self, width, height, name, Space(model, depth, profile or f"plain {model}"))
        paper = document.createNode("Background", "paintlayer")
        document.fill(paper, (255, 255, 255, 255))
        document.root.addChildNode(paper, None)
        document.undo_steps.clear()
        self._documents.append(document)
        return document

    def openDocument(self, path: str) -> Document | None:
        """Hidden; ``None`` if the file is none of Krita's."""
        saved = self.files.get(path)
        document = _opened(self, path) if saved is None else saved.loaded(path)
        if document is not None:
            self._documents.append(document)
            document.undo_steps.clear()
        return document

    def action(self, name: str) -> Action:
        assert self.front is not None
        return Action({"edit_undo": self.front.undo, "edit_redo": self.front.redo}[name])

    def resources(self, kind: str) -> dict[str, Resource]:
        return dict(self.palettes) if kind == "palette" else {}

    def readSetting(self, group: str, name: str, default: str) -> str:
        return self.settings.get((group, name), default)

    def writeSetting(self, group: str, name: str, value: str) -> None:
        self.settings[group, name] = value

    def addDockWidgetFactory(self, factory: Any) -> None:
        self.factories.append(factory)

    def dockers(self) -> list[QtWidgets.QDockWidget]:
        return list(self.docks)

    def addExtension(self, extension: Any) -> None:
        self.extensions.append(extension)

    # Of the stand-in.

    def turn(self) -> None:
        """Control is back in the event loop: what was put off happens, then what timers wait for."""
        while self._later:
            self._later.pop(0)()
        self._qt.processEvents()

    def later(self, work: Callable[[], None]) -> None:
        self._later.append(work)

    def shows(self, document: Document) -> bool:
        return any(view.document() is document for view in self.open_views)

    def closed(self, document: Document) -> None:
        self._documents.remove(document)
        self.open_views = [view for view in self.open_views if view.document() is not document]
        if self.front is document:
            self.front = self.open_views[-1].document() if self.open_views else None

    def crash(self, why: str) -> None:
        self.crashes.append(f"{why}\n{''.join(traceback.format_stack(limit=8))}")
        raise Crash(why)


def _opened(krita: Krita, path: str) -> Document | None:
    """What `Document.exportImage` wrote, perhaps with keyframes put into it since."""
    try:
        with zipfile.ZipFile(path) as file:
            main = file.read("maindoc.xml").decode()
            names = file.namelist()
            keyframes = [file.read(name).decode() for name in names if name.endswith(".keyframes.xml")]
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
    found = dict(re.findall(r'(\w+)="([^"]*)"', main))
    space = Space(found["model"], found["depth"], found["profile"])
    document = Document(krita, int(found["width"]), int(found["height"]), "", space)
    layer = document.createNode(found["name"], "paintlayer")
    document.root.addChildNode(layer, None)
    for text in keyframes:
        layer.animate(*(int(time) for time in re.findall(r'time="(\d+)"', text)))
    return document
