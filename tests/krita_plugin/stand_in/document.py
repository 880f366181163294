"""Documents, with an undo stack each."""
# ruff: noqa: N802

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from linewash_krita.qt import QtCore

from .node import Node
from .pixels import Space, from_rgba
from .selection import Selection

if TYPE_CHECKING:
    from .application import Krita

Change = Callable[[], object]


class Document(QtCore.QObject):
    """An open document, hidden as long as no view shows it."""

    def __init__(self, krita: Krita, width: int, height: int, name: str, space: Space) -> None:
        super().__init__()
        self.krita = krita
        self.time = 0
        self.active: Node | None = None
        self.undo_steps: list[tuple[Change, Change]] = []
        self.redo_steps: list[tuple[Change, Change]] = []
        self._closed = self._modified = False
        self._width, self._height, self._name, self._file = width, height, name, ""
        self._space = space
        self._annotations: dict[str, bytes] = {}
        self._selection: Selection | None = None
        self.root = Node(self, "root", "grouplayer", space)

    # What Krita has.

    def rootNode(self) -> Node | None:
        """``None`` once the document was closed."""
        return None if self._closed else self.root

    def topLevelNodes(self) -> list[Node]:
        self.used()
        return self.root.childNodes()

    def name(self) -> str:
        return self._name

    def fileName(self) -> str:
        return self._file

    def width(self) -> int:
        self.used()
        return self._width

    def height(self) -> int:
        self.used()
        return self._height

    def colorModel(self) -> str:
        self.used()
        return self._space.model

    def colorDepth(self) -> str:
        self.used()
        return self._space.depth

    def colorProfile(self) -> str:
        return self._space.profile

    def currentTime(self) -> int:
        return self.time

    def setCurrentTime(self, time: int) -> None:
        self.time = time

    def activeNode(self) -> Node | None:
        """Only a document in a view has one."""
        self.used()
        return self.active if self.krita.shows(self) else None

    def setActiveNode(self, node: Node) -> None:
        self.used()
        self._activate(node)

    def selection(self) -> Selection | None:
        self.used()
        return self._selection

    def setSelection(self, selection: Selection | None) -> None:
        self._selection = selection

    def createNode(self, name: str, kind: str) -> Node:
        self.used()
        return Node(self, name, kind, self._space)

    def createGroupLayer(self, name: str) -> Node:
        return self.createNode(name, "grouplayer")

    def modified(self) -> bool:
        return self._modified

    def setModified(self, on: bool) -> None:
        self.used()
        self._modified = on

    def setBatchmode(self, on: bool) -> None:
        self.used()

    def refreshProjection(self) -> None:
        self.used()

    def waitForDone(self) -> None:
        self.used()

    def annotationTypes(self) -> list[str]:
        self.used()
        return list(self._annotations)

    def annotation(self, kind: str) -> QtCore.QByteArray:
        return QtCore.QByteArray(self._annotations.get(kind, b""))

    def setAnnotation(self, kind: str, description: str, content: QtCore.QByteArray) -> None:
        self.used()
        self._annotations[kind] = content.data()

    def resizeImage(self, x: int, y: int, width: int, height: int) -> None:
        """One undo step; layers keep their pixels, and their place on what was the canvas."""
        old = self._width, self._height

        def resize(size: tuple[int, int], dx: int, dy: int) -> None:
            self._width, self._height = size
            for node in self.root.all():
                node.move(dx, dy)

        resize((width, height), -x, -y)
        self.done(lambda: resize(old, x, y), lambda: resize((width, height), -x, -y))

    def exportImage(self, path: str, settings: Any) -> bool:
        """Enough of a .kra file for what the plug-in wants of one: a space and one layer."""
        model, depth, profile = self._space
        with zipfile.ZipFile(path, "w") as file:
            file.writestr(
                "maindoc.xml",
                f'<DOC><IMAGE width="{self._width}" height="{self._height}" model="{model}" depth="{depth}" '
                f'profile="{profile}"><layers><layer name="Background" filename="layer2"/></layers></IMAGE></DOC>',
            )
            file.writestr("Unnamed/layers/layer2", b"")
            file.writestr("Unnamed/layers/layer2.defaultpixel", bytes(self._space.pixel_bytes))
        return True

    def saveAs(self, path: str) -> bool:
        self.used()
        self._file = path
        self.krita.files[path] = self._copied()
        self._modified = False
        return True

    def close(self) -> bool:
        self.used()
        self.krita.closed(self)
        self._closed = True
        return True

    # What an artist does.

    def undo(self) -> None:
        back, forth = self.undo_steps.pop()
        self.redo_steps.append((back, forth))
        back()

    def redo(self) -> None:
        back, forth = self.redo_steps.pop()
        self.undo_steps.append((back, forth))
        forth()

    def layer(self, name: str) -> Node:
        """The topmost layer of this name, wherever it lies."""
        return next(node for node in reversed(self.root.all()) if node.name() == name)

    def names(self, of: Node | None = None) -> list[str]:
        """Of the layers directly in a group, bottom to top."""
        return [node.name() for node in (of or self.root).children_nodes]

    def activate(self, node: Node) -> None:
        """Click on a layer in the layers docker."""
        self._activate(node)

    def fill(self, node: Node, color: tuple[int, int, int, int]) -> None:
        """Fill a layer with a colour, no undo step: how a document comes to be."""
        pixels = np.tile(np.array(color) / 255, (self._width * self._height, 1))
        node.plane().write(from_rgba(pixels, self._space), 0, 0, self._width, self._height)

    # Of the stand-in.

    def used(self) -> None:
        if self._closed:
            self.krita.crash(f"the document {self._name!r} is closed")

    def done(self, back: Change, forth: Change) -> None:
        self.undo_steps.append((back, forth))
        self.redo_steps.clear()

    def came(self, node: Node) -> None:
        """A layer was added: the view makes it the active one when control is back in the event loop."""
        if self.krita.shows(self):
            self.krita.later(lambda: self._activate(node))

    def went(self, node: Node, parent: Node) -> None:
        """A layer was taken away: if it was active, a neighbour becomes so."""
        if self.active in node.all():
            left = [child for child in self.root.all()[1:] if child is not node]
            self.active = left[-1] if left else None

    def loaded(self, path: str) -> Document:
        """A document as a file of this one gives it back."""
        document = self._copied()
        document._file = path
        return document

    def _copied(self) -> Document:
        twin = Document(self.krita, self._width, self._height, self._name, self._space)
        twin._annotations = dict(self._annotations)
        for child in self.root.children_nodes:
            node = child.loaded(twin)
            node.parent_node = twin.root
            twin.root.children_nodes.append(node)
        return twin

    def _activate(self, node: Node) -> None:
        if node in self.root.all():
            self.active = node
