"""Our group of layers: built apart from the artist's document, placed in one undo step; its layers repainted."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

from ..linewash.editor.remedies import refusal
from ..linewash.pictures import PaintedLayer, Picture
from ..pixels import bounds_of, cut, opaque, replaced_by, rgba, swapped
from ..qt import QtCore, QtGui
from .annotations import add_our_group
from .frames import FrameBench
from .layers import children, find, key_of, stays_active
from .spaces import SRGB8, SRGB16, STRIP, STRIP_PLAIN, Bench, Space, space_of, transparent

Steps = Generator[float, None, None]


@dataclass(frozen=True)
class GroupKeys:
    """A group that was placed, and its layers' keys by the names that the result gave them."""

    group: str
    layers: dict[str, str]


class GroupBuilder:
    """Builds a group in a hidden document of the target's colour space, layer by layer, then places all at once."""

    def __init__(self, krita: Any, target: Callable[[], Any], name: str, frame: int | None) -> None:
        """``target``: gives the artist's document whenever it is asked for it, or raises `BadInput`.

        ``frame``: the only one that the group's layers are to show on; ``None``: the document is not animated.
        """
        self._target = target
        self._places: list[QtCore.QRect] = []  # of the layers, bottom to top
        space = space_of(target())
        self._bench: Bench | None = Bench(krita, space) if frame is None else FrameBench(krita, space, frame)
        self._group = self._bench.document.createGroupLayer(name)
        self._bench.document.rootNode().addChildNode(self._group, None)

    def add(self, layer: PaintedLayer, mask: Picture | None) -> Steps:
        """Add a layer on top of those added before; transparent outside of ``mask`` ("gray", 8 bit, canvas-sized)."""
        assert self._bench is not None
        node = self._bench.new_layer(layer.name)
        self._group.addChildNode(node, None)
        node.setOpacity(round(255 * layer.opacity))
        node.setBlendingMode(layer.blend)
        self._places.append(QtCore.QRect(layer.x, layer.y, layer.picture.width, layer.picture.height))
        yield from paint(self._bench, lambda: node, layer, mask)

    def place(self, line: str | None, over: bool) -> GroupKeys:
        """Insert the group directly under the layer ``line`` (``None``: on top), in one undo step.

        ``over``: the line art is opaque and would hide it; then it goes directly above, multiplied. Raises `BadInput`.
        """
        document = self._target()
        parent, below, blend = self._site(document.rootNode(), line, over)
        self._group.setBlendingMode(blend)
        group = self._group.duplicate()
        stays_active(document, self._target, group)
        if not parent.addChildNode(group, below):
            raise refusal("layer_gone")
        layers = children(group)
        self._compose(layers)
        add_our_group(document, key_of(group))
        return GroupKeys(key_of(group), {layer.name(): key_of(layer) for layer in layers})

    def drop(self) -> None:
        """Forget what was built. A group that was placed stays."""
        if self._bench is not None:
            self._bench.close()
            self._bench = None

    def _compose(self, layers: list[Any]) -> None:
        """Have Krita compose the group that was just placed, in the background and without an undo step.

        Krita composes what lies around a group that is added, but not what is in it. Setting a blend mode does; and
        these wrappers still belong to the hidden document, so that the undo step is one of that.
        """
        done = QtGui.QRegion()
        for layer, place in zip(layers, self._places, strict=True):
            if not QtGui.QRegion(place).subtracted(done).isEmpty():
                layer.setBlendingMode(layer.blendingMode())
                done = done.united(QtGui.QRegion(place))

    def _site(self, root: Any, line: str | None, over: bool) -> tuple[Any, Any | None, str]:
        """Parent of the group, the layer directly below it (``None``: it goes on top), and its blend mode."""
        if line is None:
            return root, None, "normal"
        node = find(root, line)
        if node is None:
            raise refusal("layer_gone")
        parent = node.parentNode()
        if over:
            return parent, node, "multiply"
        siblings = children(parent)
        index = [key_of(sibling) for sibling in siblings].index(line)
        if index:
            return parent, siblings[index - 1], "normal"
        # Krita's scripts can't insert at the very bottom. Painted behind the line art the group looks the same.
        return parent, node, "behind"


def paint(bench: Bench, find_node: Callable[[], Any], layer: PaintedLayer, mask: Picture | None) -> Steps:
    """Write the layer's pixels, converted to the node's space, over what lies there. ``find_node``: gives the layer of
    Krita's to write to, or raises `BadInput`; the artist may delete it between two steps."""
    picture = layer.picture if mask is None else cut(rgba(layer.picture), mask, layer.x, layer.y)
    target = space_of(find_node())
    source = SRGB16 if picture.depth == 16 else SRGB8
    rows = max(1, (STRIP_PLAIN if source == target else STRIP) // max(1, picture.width))
    row = picture.plane().nbytes // max(1, picture.height)
    for top in range(0, picture.height, rows):
        count = min(rows, picture.height - top)
        strip = picture.bytes[top * row : (top + count) * row]
        grey = picture.channels == "gray"
        pixels = opaque(strip, picture.depth) if grey else swapped(strip, picture.width, count, picture.depth)
        data = QtCore.QByteArray(pixels)
        data = bench.converted(data, picture.width, count, source, target)
        find_node().setPixelData(data, layer.x, layer.y + top, picture.width, count)
        yield 0.0


def paint_within(bench: Bench, find_node: Callable[[], Any], layer: PaintedLayer, mask: Picture) -> Steps:
    """Put ``layer`` in place of what the node has inside of the mask; outside pixels stay bit-exact. See `paint`."""
    bounds = bounds_of(mask)
    if bounds is None:
        return
    left, top, width, height = bounds
    # Krita composes it, in the node's own space: what was there, without what must go, and the layer's part over it.
    sheet = Bench(bench.krita, bench.space, (width, height))
    try:
        group = sheet.document.createGroupLayer("sheet")
        sheet.document.rootNode().addChildNode(group, None)
        old, gone, new = (sheet.new_layer(name) for name in ("old", "gone", "new"))
        for part in (old, gone, new):
            group.addChildNode(part, None)
        gone.setBlendingMode("erase")
        old.setPixelData(find_node().pixelData(*bounds), 0, 0, width, height)
        placed, picture = replace(layer, x=layer.x - left, y=layer.y - top), rgba(layer.picture)
        gap = replaced_by(picture, mask, layer.x, layer.y, bounds)
        yield from paint(sheet, lambda: gone, replace(placed, picture=gap, x=0, y=0), None)
        yield from paint(sheet, lambda: new, replace(placed, picture=cut(picture, mask, layer.x, layer.y)), None)
        sheet.document.refreshProjection()
        sheet.document.waitForDone()
        find_node().setPixelData(group.projectionPixelData(0, 0, width, height), *bounds)
    finally:
        sheet.close()
    yield 0.0


def clear(node: Any, space: Space, keep: Any) -> None:
    """Make everything of the layer transparent that lies outside of the QRect ``keep``."""
    old = node.bounds()
    inner = old.intersected(keep)
    if inner.isEmpty():
        inner = QtCore.QRect(old.x(), old.y(), 0, 0)
    right, bottom = inner.x() + inner.width(), inner.y() + inner.height()
    for x, y, width, height in (
        (old.x(), old.y(), old.width(), inner.y() - old.y()),
        (old.x(), bottom, old.width(), old.y() + old.height() - bottom),
        (old.x(), inner.y(), inner.x() - old.x(), inner.height()),
        (right, inner.y(), old.x() + old.width() - right, inner.height()),
    ):
        if width > 0 and height > 0:
            node.setPixelData(transparent(width * height, space), x, y, width, height)
