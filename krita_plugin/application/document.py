"""One open document of Krita's."""

from __future__ import annotations

import os
from typing import Any, Literal

from ..linewash.editor.remedies import refusal
from ..linewash.editor.texts import tr
from ..linewash.pictures import PaintedLayer, Picture
from ..qt import QtCore
from ..view import LayerRow
from .annotations import annotate, annotation, our_groups, overlay, set_overlay
from .group import GroupBuilder, Steps, clear, paint, paint_within
from .layers import Reading, find, freed, key_of, read, rows, stamp, stays_active, walk
from .spaces import Bench, id_of, space_of

_MEMORY = "linewash"  # the annotation of what the flow remembers
_SEE_THROUGH = 128  # opacity of the overlay, of 255


class OpenDocument:
    """A document, by the unique id of its root layer: two copies of one file differ, its views don't.

    Every call raises `BadInput` (``document_closed``, ``layer_gone``) when what it needs is no longer there.
    """

    def __init__(self, krita: Any, key: str) -> None:
        self._krita, self._id = krita, key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpenDocument) and other._id == self._id

    def __hash__(self) -> int:
        return hash(self._id)

    def is_open(self) -> bool:
        return self._found() is not None

    def title(self) -> str:
        document = self._document()
        return document.name() or os.path.basename(document.fileName()) or tr("Unnamed")

    def file_name(self) -> str:
        """Path of the file, "" while it was never saved."""
        return str(self._document().fileName())

    def describe(self) -> str:
        """Kind and size, for diagnostics."""
        document = self._document()
        frame = self.frame()
        kind = " ".join(space_of(document))
        layers = sum(1 for _ in walk(document.rootNode()))
        at = "" if frame is None else f", animated, frame {frame}"
        return f"{document.width()} × {document.height()} px, {kind}, {layers} layers{at}"

    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        document = self._document()
        return document.width(), document.height()

    def depth(self) -> Literal[8, 16]:
        """Bits a sample worth asking for: 16 for anything finer than 8."""
        return 8 if self._document().colorDepth() == "U8" else 16

    def is_gray(self) -> bool:
        """Whether the document can't show any colour."""
        return str(self._document().colorModel()) == "GRAYA"

    def frame(self) -> int | None:
        """The current frame if a layer is animated."""
        document = self._document()
        animated = any(node.animated() for node, _ in walk(document.rootNode()))
        return document.currentTime() if animated else None

    def layers(self) -> list[LayerRow]:
        """Top to bottom, what may be line art or hints; no group of ours and nothing in it, not the overlay."""
        document = self._document()
        ours = {*our_groups(document), overlay(document)}
        return list(rows(document.rootNode(), ours))

    def active_layer(self) -> str | None:
        """Of the document's first view; for a mask the layer that it lies on."""
        node = self._document().activeNode()
        while node is not None and node.type().endswith("mask"):
            node = node.parentNode()
        return None if node is None else key_of(node)

    def has_layer(self, key: str) -> bool:
        return find(self._document().rootNode(), key) is not None

    def select(self, key: str) -> None:
        """Make the layer the active one; Krita does so once control is back in its event loop."""
        self._document().setActiveNode(self._layer(key))

    def read(self, key: str) -> Reading:
        """The layer's own pixels (see `layers.read`) on the current frame, in steps."""
        yield 0.0
        return (yield from read(self._krita, lambda: self._layer(key), *self.size()))

    def stamp(self, key: str) -> int:
        """A fingerprint of the layer's pixels."""
        return stamp(self._layer(key), *self.size())

    def selection(self) -> Picture | None:
        """What is selected, "gray" 8 bit, canvas-sized; ``None``: nothing is."""
        document = self._document()
        selection = document.selection()
        if selection is None or not selection.width() or not selection.height():
            return None
        width, height = document.width(), document.height()
        return Picture(width, height, "gray", 8, memoryview(selection.pixelData(0, 0, width, height)))

    def add_hint_layer(self, line: str, name: str) -> str:
        """An empty paint layer directly above the line art, made active; returns its key. One undo step."""
        document, below = self._document(), self._layer(line)
        node = document.createNode(name, "paintlayer")
        below.parentNode().addChildNode(node, below)
        document.setActiveNode(node)
        return key_of(node)

    def start_group(self, name: str, frame: int | None) -> GroupBuilder:
        """Begin a group. ``frame``: the only one that its layers will show on; ``None``: all there are."""
        return GroupBuilder(self._krita, self._document, name, frame)

    def rewritable(self, key: str) -> bool:
        """Whether `rewrite` would change this layer, and on the current frame only."""
        document = self._document()
        node = find(document.rootNode(), key)
        if node is None or node.type() != "paintlayer":
            return False
        frame = self.frame()
        return frame is None or bool(node.hasKeyframeAtTime(frame))

    def rewrite(self, key: str, layer: PaintedLayer, mask: Picture | None) -> Steps:
        """Repaint a layer of ours in place, in the document's own space; no undo step. Outside of ``mask`` it keeps
        its pixels. What Krita shows of it follows with `refresh`."""
        node = self._layer(key)
        bench = Bench(self._krita, space_of(node))
        try:
            if mask is None:
                clear(node, bench.space, QtCore.QRect(layer.x, layer.y, layer.picture.width, layer.picture.height))
                yield from paint(bench, lambda: self._layer(key), layer, None)
            else:
                yield from paint_within(bench, lambda: self._layer(key), layer, mask)
        finally:
            bench.close()
        self._document().setModified(True)

    def refresh(self) -> None:
        """Have Krita compose the canvas anew after `rewrite`: 0.4 s at 4096² of 8 bit."""
        self._document().refreshProjection()

    def show_overlay(self, layer: PaintedLayer, name: str) -> Steps:
        """Show the layer above all others, locked and half transparent, in place of one shown before, in steps.

        Krita's scripts can't add a layer without an undo step: showing is one, and `hide_overlay` another.
        """
        bench = Bench(self._krita, space_of(self._document()))
        try:
            node = bench.new_layer(name)
            yield from paint(bench, lambda: node, layer, None)
            copy = node.duplicate()
        finally:
            bench.close()
        self.hide_overlay()
        document = self._document()
        copy.setOpacity(_SEE_THROUGH)
        copy.setLocked(True)
        stays_active(document, self._document, copy)
        document.rootNode().addChildNode(copy, None)
        set_overlay(document, key_of(copy))

    def has_overlay(self) -> bool:
        """Whether the overlay is there, also one that was saved with the file."""
        document = self._document()
        key = overlay(document)
        return bool(key) and find(document.rootNode(), key) is not None

    def hide_overlay(self) -> None:
        """Take the overlay away, if it is there."""
        document = self._document()
        key = overlay(document)
        if not key:
            return
        set_overlay(document, "")
        node = find(document.rootNode(), key)
        if node is not None:
            node.remove()

    def remember(self, text: str) -> None:
        """Keep a text with the document, in its file too. No undo step."""
        annotate(self._document(), _MEMORY, text)

    def recall(self) -> str:
        """What was remembered last, "" if nothing was."""
        return annotation(self._document(), _MEMORY)

    def _document(self) -> Any:
        found = self._found()
        if found is None:
            raise refusal("document_closed")
        return found

    def _found(self) -> Any | None:
        return next((document for document in freed(self._krita.documents()) if id_of(document) == self._id), None)

    def _layer(self, key: str) -> Any:
        node = find(self._document().rootNode(), key)
        if node is None:
            raise refusal("layer_gone")
        return node
