"""Layers of a Krita document: found by unique id, listed, read as sRGB, told apart from what they were."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import suppress
from typing import Any

from ..linewash.editor.texts import tr
from ..linewash.errors import BadInput
from ..linewash.pictures import Picture
from ..pixels import swapped
from ..qt import QtCore, sip
from ..view import LayerRow
from .spaces import SRGB8, STRIP, STRIP_PLAIN, Bench, Space, space_of, transparent

DRAWABLE = frozenset({"paintlayer", "grouplayer", "vectorlayer", "filelayer", "clonelayer", "filllayer"})
"""Types that hold something to look at. Not masks, filters and references."""

_ACTIVATION_MS = (0, 20, 60, 150, 400)  # after which Krita may have made an added layer the active one

Reading = Generator[float, None, Picture]
"""Yields between steps the seconds after which the next one is wanted; returns the picture."""


def key_of(node: Any) -> str:
    """A layer's unique id: the same when it is renamed, moved, or saved and loaded."""
    return str(node.uniqueId().toString())


def freed(wrappers: Iterable[Any]) -> list[Any]:
    """The same objects, freed with their last use: Krita's lists give theirs to nobody, and each leaks 0.4 kB."""
    kept = list(wrappers)
    for wrapper in kept:
        sip.transferback(wrapper)
    return kept


def children(parent: Any) -> list[Any]:
    """From bottom to top."""
    return freed(parent.childNodes())


def walk(parent: Any, depth: int = 0) -> Iterator[tuple[Any, int]]:
    """All below ``parent`` from top to bottom, each with how many groups it lies in."""
    for node in reversed(children(parent)):
        yield node, depth
        if node.type() == "grouplayer":
            yield from walk(node, depth + 1)


def find(root: Any, key: str) -> Any | None:
    """The layer of this key. Krita 5.1 has no call for it; a walk through 200 layers takes 0.7 ms."""
    return next((node for node, _ in walk(root) if key_of(node) == key), None)


def stays_active(document: Any, again: Callable[[], Any], added: Any) -> None:
    """The active layer stays what it is although ``added`` is about to be added: Krita makes that the active one, on
    which the artist would go on painting, but only some turns of its event loop later.

    ``again``: gives the document then, or raises `BadInput`.
    """
    active = document.activeNode()
    if active is None:
        return
    before, new = key_of(active), key_of(added)

    taken_back = False

    def select() -> None:
        nonlocal taken_back
        with suppress(BadInput, RuntimeError):  # the document, or Krita, may be closing
            current = again()
            now = current.activeNode()
            node = find(current.rootNode(), before)
            if not taken_back and now is not None and key_of(now) == new and node is not None:
                current.setActiveNode(node)
                taken_back = True  # once: from then on it is the artist who goes there

    for delay in _ACTIVATION_MS:
        QtCore.QTimer.singleShot(delay, select)


def rows(root: Any, ours: Collection[str]) -> Iterator[LayerRow]:
    """What may be line art or hints, top to bottom; not ``ours``, nor what lies in them."""
    skipped: int | None = None
    for node, depth in walk(root):
        if skipped is not None and depth > skipped:
            continue
        key = key_of(node)
        skipped = depth if key in ours else None
        if skipped is None and node.type() in DRAWABLE:
            yield LayerRow(key, node.name(), depth)


def read(krita: Any, find_node: Callable[[], Any], width: int, height: int) -> Reading:
    """A layer's own pixels on the canvas as sRGB, "rgba", 8 bit, straight alpha: neither its opacity nor whether it
    is shown matters.

    ``find_node``: gives the layer, or raises `BadInput`; it may be gone at any step. Raises `BadInput` when Krita gives
    no pixels.
    """
    node = find_node()
    space = space_of(node)
    pixels = bytearray(width * height * 4)
    rows = max(1, (STRIP_PLAIN if space == SRGB8 else STRIP) // max(1, width))
    first, end = _filled_rows(node, height)
    bench = None if space == SRGB8 or first >= end else Bench(krita, space)
    try:
        for top in range(first, end, rows):
            count = min(rows, end - top)
            data = strip_of(find_node(), space, (0, top, width, count))
            if bench is not None:
                data = bench.converted(data, width, count, space, SRGB8)
            pixels[top * width * 4 : (top + count) * width * 4] = swapped(data, width, count)
            yield 0.0
    finally:
        if bench is not None:
            bench.close()
    return Picture(width, height, "rgba", 8, pixels)


def strip_of(node: Any, space: Space, rect: tuple[int, int, int, int]) -> Any:
    """A QByteArray of the layer's pixels of x, y, width, height in its own space; transparent outside of it. Raises
    `BadInput` (``layer_unreadable``)."""
    data = node.pixelData(*rect) if _is_plain(node) else node.projectionPixelData(*rect)
    if len(data) == 0:
        return transparent(rect[2] * rect[3], space)
    if len(data) != rect[2] * rect[3] * space.pixel_bytes:
        raise BadInput(
            tr("Krita gives no pixels of this layer."),
            tr("Choose another layer, or convert it to a paint layer."),
            "layer_unreadable",
        )
    return data


def _is_plain(node: Any) -> bool:
    """Whether the layer's pixels are all there is to it: a mask on it shows in its projection only. But that of a paint
    layer may hold onion skins."""
    return node.type() == "paintlayer" and not children(node)


def _filled_rows(node: Any, height: int) -> tuple[int, int]:
    """The first of the canvas's rows that may hold something, and the one after the last."""
    if not _is_plain(node):
        return 0, height
    bounds = node.bounds()
    return max(0, bounds.y()), min(height, bounds.y() + bounds.height())


def stamp(node: Any, width: int, height: int) -> int:
    """A fingerprint of what the layer holds on the canvas: bounds and pixels (CRC-32). Nothing is converted; 4096²
    pixels of 8 bit take 60 ms, an empty layer nothing."""
    bounds = node.bounds()
    left, top = max(0, bounds.x()), max(0, bounds.y())
    across = min(width, bounds.x() + bounds.width()) - left
    down = min(height, bounds.y() + bounds.height()) - top
    if across <= 0 or down <= 0:
        return 0
    space = space_of(node)
    value = zlib.crc32(repr((left, top, across, down)).encode())
    rows = max(1, STRIP_PLAIN // across)
    for y in range(top, top + down, rows):
        data = strip_of(node, space, (left, y, across, min(rows, top + down - y)))
        value = zlib.crc32(memoryview(data), value)
    return value
