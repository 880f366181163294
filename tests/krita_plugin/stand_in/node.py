"""Layers."""
# ruff: noqa: N802

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linewash_krita.qt import QtCore

from .pixels import Plane, Space, from_rgba, over, to_rgba, without

if TYPE_CHECKING:
    from .document import Document


class Node(QtCore.QObject):
    """A layer, a group or a mask of a document. ``frames``: its pixels by the time of their keyframe; a layer that is
    not animated has those of time 0 only."""

    def __init__(self, document: Document, name: str, kind: str, space: Space) -> None:
        super().__init__()
        self.document = document
        self.frames = {0: Plane(space)}
        self.parent_node: Node | None = None
        self.children_nodes: list[Node] = []  # bottom to top
        self._name, self._kind, self._animated = name, kind, False
        self._opacity, self._visible, self._locked, self._mode = 255, True, False, "normal"
        self._id = QtCore.QUuid.createUuid()

    # What Krita has.

    def uniqueId(self) -> QtCore.QUuid:
        self._used()
        return self._id

    def name(self) -> str:
        return self._name

    def setName(self, name: str) -> None:
        self._name = name

    def type(self) -> str:
        return self._kind

    def opacity(self) -> int:
        return self._opacity

    def setOpacity(self, value: int) -> None:
        self._opacity = value

    def blendingMode(self) -> str:
        return self._mode

    def setBlendingMode(self, mode: str) -> None:
        self._mode = mode

    def locked(self) -> bool:
        return self._locked

    def setLocked(self, on: bool) -> None:
        self._locked = on

    def visible(self) -> bool:
        return self._visible

    def setVisible(self, on: bool) -> None:
        self._visible = on

    def colorModel(self) -> str:
        return self.plane().space.model

    def colorDepth(self) -> str:
        return self.plane().space.depth

    def colorProfile(self) -> str:
        return self.plane().space.profile

    def setColorSpace(self, model: str, depth: str, profile: str) -> bool:
        """An undo step of the document's, also on a copy that is nowhere in it."""
        old, space = self.frames, Space(model, depth, profile)
        new = {time: plane.converted(space) for time, plane in old.items()}
        self.frames = new
        self.document.done(lambda: setattr(self, "frames", old), lambda: setattr(self, "frames", new))
        return True

    def animated(self) -> bool:
        return self._animated

    def hasKeyframeAtTime(self, time: int) -> bool:
        return self._animated and time in self.frames

    def parentNode(self) -> Node | None:
        return self.parent_node

    def childNodes(self) -> list[Node]:
        self._used()
        return list(self.children_nodes)

    def addChildNode(self, child: Node, above: Node | None) -> bool:
        """``above``: the layer that ``child`` comes to lie on; ``None``: the topmost."""
        self._used()
        if child.parent_node is not None or (above is not None and above not in self.children_nodes):
            return False
        index = len(self.children_nodes) if above is None else self.children_nodes.index(above) + 1
        self._insert(child, index)
        self.document.done(lambda: self._take(child), lambda: self._insert(child, index))
        return True

    def removeChildNode(self, child: Node) -> bool:
        return child.parent_node is self and child.remove()

    def remove(self) -> bool:
        self._used()
        parent = self.parent_node
        if parent is None:
            return False
        index = parent.children_nodes.index(self)
        parent._take(self)
        self.document.done(lambda: parent._insert(self, index), lambda: parent._take(self))
        return True

    def duplicate(self) -> Node:
        """A copy with all that is in it, under ids of their own, not yet anywhere."""
        twin = Node(self.document, self._name, self._kind, self.plane().space)
        twin.frames = {time: plane.copy() for time, plane in self.frames.items()}
        twin._opacity, twin._visible, twin._locked = self._opacity, self._visible, self._locked
        twin._mode, twin._animated = self._mode, self._animated
        for child in self.children_nodes:
            twin._insert(child.duplicate(), len(twin.children_nodes))
        return twin

    def bounds(self) -> QtCore.QRect:
        self._used()
        if self._kind != "grouplayer":
            return self.plane().bounds()
        whole = QtCore.QRect(0, 0, 0, 0)
        for child in self.children_nodes:
            whole = whole.united(child.bounds())
        return whole

    def pixelData(self, x: int, y: int, width: int, height: int) -> QtCore.QByteArray:
        self._used()
        return QtCore.QByteArray(self.plane().read(x, y, width, height))

    def projectionPixelData(self, x: int, y: int, width: int, height: int) -> QtCore.QByteArray:
        """What the layer looks like: a group's children over one another, blended plainly or erasing."""
        if self._kind != "grouplayer":
            return self.pixelData(x, y, width, height)
        space = self.plane().space
        seen = np.zeros((width * height, 4))
        for child in self.children_nodes:
            if child._visible:
                data = child.projectionPixelData(x, y, width, height).data()
                pixels = to_rgba(data, child.plane().space) * (1, 1, 1, child._opacity / 255)
                seen = without(pixels, seen) if child._mode == "erase" else over(pixels, seen)
        return QtCore.QByteArray(from_rgba(seen, space))

    def setPixelData(self, data: QtCore.QByteArray, x: int, y: int, width: int, height: int) -> bool:
        """No undo step."""
        self._used()
        self.plane().write(data.data(), x, y, width, height)
        return True

    def move(self, x: int, y: int) -> None:
        for plane in self.frames.values():
            plane.moved(x, y)

    # What an artist does.

    def stroke(self, x: int, y: int, width: int, height: int, color: tuple[int, int, int, int]) -> None:
        """Fill a rectangle; one undo step."""
        old = {time: plane.copy() for time, plane in self.frames.items()}
        space = self.plane().space
        pixels = np.tile(np.array(color) / 255, (width * height, 1))
        self.plane().write(from_rgba(pixels, space), x, y, width, height)
        new = {time: plane.copy() for time, plane in self.frames.items()}
        self.document.done(lambda: setattr(self, "frames", old), lambda: setattr(self, "frames", new))
        self.document.setModified(True)

    def rgba(self, x: int, y: int) -> tuple[int, ...]:
        """One pixel as sRGB, 0…255."""
        pixel = to_rgba(self.plane().read(x, y, 1, 1), self.plane().space)[0]
        return tuple(int(value) for value in np.rint(pixel * 255))

    def animate(self, *times: int) -> None:
        """Give it empty keyframes at these times, besides the one at 0."""
        self._animated = True
        for time in times:
            self.frames.setdefault(time, Plane(self.plane().space))

    def looks(self) -> tuple[object, ...]:
        """Everything about the layer that must stay as the artist made it."""
        planes = tuple((time, _content(plane)) for time, plane in sorted(self.frames.items()))
        return self._name, self._kind, self._opacity, self._visible, self._locked, self._mode, planes

    def plane(self) -> Plane:
        """Its pixels at the document's time."""
        now = self.document.time if self._animated else 0
        return self.frames[max(time for time in self.frames if time <= max(now, 0))]

    def key(self) -> str:
        return str(self._id.toString())

    def loaded(self, document: Document) -> Node:
        """What a file gives back of this layer: the same under the same id."""
        twin = self.duplicate()
        for old, new in zip(self.all(), twin.all(), strict=True):
            new._id, new.document = old._id, document
        return twin

    def all(self) -> list[Node]:
        """It and everything in it."""
        return [self, *(below for child in self.children_nodes for below in child.all())]

    def _used(self) -> None:
        """A layer that is nowhere outlives its document."""
        if self.parent_node is not None or self is self.document.root:
            self.document.used()

    def _insert(self, child: Node, index: int) -> None:
        self.children_nodes.insert(index, child)
        child.parent_node = self
        if child.document is not self.document:
            for node in child.all():
                node.document = self.document
        self.document.came(child)

    def _take(self, child: Node) -> None:
        self.children_nodes.remove(child)
        child.parent_node = None
        self.document.went(child, self)


def _content(plane: Plane) -> tuple[object, ...]:
    bounds = plane.bounds()
    rect = bounds.x(), bounds.y(), bounds.width(), bounds.height()
    return (plane.space, rect, plane.read(*rect))
