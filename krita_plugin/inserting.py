"""Puts the layers of a result into the document: as a new group in one undo step, or into the group that is there."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from .linewash.contract import Notice
from .linewash.editor.texts import tr
from .linewash.errors import LinewashError
from .linewash.pictures import PaintedLayer, Picture
from .memory import Group, Memory

if TYPE_CHECKING:
    from .application import OpenDocument

Steps = Generator[float, None, None]
"""Each step yields the seconds after which it wants the next one; closing it drops what was begun."""


class Inserter:
    """Inserts into one document. ``line``: the key of the line art, ``None`` for the top of the document; ``over``: it
    is opaque, so colours go above it; ``frame``: the one that the colours were made for, ``None`` if none."""

    def __init__(self, document: OpenDocument, memory: Memory, line: str | None, over: bool, frame: int | None) -> None:
        self._document, self._memory = document, memory
        self._line, self._over, self._frame = line, over, frame
        self.notices: list[Notice] = []
        self.repainting = False  # layers are being painted over: to stop now would leave half of it

    def update(self, layers: tuple[PaintedLayer, ...], mask: Picture | None) -> Steps:
        """Repaint our group's layers, without an undo step; where that can't be, or would take away what the artist
        painted on them since, a new group is placed. Outside of ``mask`` the layers stay as they are."""
        found = self._repaintable(layers) if self._document.frame() == self._frame else None
        if found is None:
            yield from self.place(layers, mask)
            return
        group, keys = found
        for key in keys:
            if self._document.stamp(key) != group.stamps.get(key):
                self.notices.append(Notice("layer_edited", ""))
                yield from self.place(layers, mask)
                return
            if self._frame is None:
                yield 0.0
        self.repainting = True
        for key, layer in zip(keys, layers, strict=True):
            try:
                yield from self._repaint(key, layer, mask)
            finally:  # half painted is no work of the artist's either
                self._stamp(group, key)
        self._document.refresh()
        self._remember()

    def place(self, layers: Iterable[PaintedLayer], mask: Picture | None) -> Steps:
        """A new group in one undo step, each layer built apart from the document first; transparent outside of
        ``mask``. ``layers`` may unpack them one by one."""
        builder = self._document.start_group(tr("Auto color"), self._frame)
        try:
            yield 0.0
            for layer in layers:
                yield from builder.add(layer, mask)
                yield 0.0
            placed = builder.place(self._line, self._over)
        finally:
            builder.drop()
        if self._document.is_gray():
            self.notices.append(Notice("document_gray", ""))
        if self._document.frame() != self._frame:  # on another one its layers are empty: no update finds them there
            return
        group = Group(placed.group, placed.layers)
        self._memory.groups.append(group)
        try:
            for key in group.layers.values():
                yield 0.0
                self._stamp(group, key)
        finally:  # also when something newer takes over: a layer without a stamp counts as the artist's
            for key in group.layers.values():
                if key not in group.stamps:
                    self._stamp(group, key)
            self._remember()

    def _repaint(self, key: str, layer: PaintedLayer, mask: Picture | None) -> Steps:
        """In steps; on a frame in one go, for its pixels may only be written while the artist is there."""
        steps = self._document.rewrite(key, layer, mask)
        if self._frame is None:
            yield from steps
            yield 0.0
        else:
            for _ in steps:
                pass

    def _stamp(self, group: Group, key: str) -> None:
        with suppress(LinewashError):  # it may be gone
            group.stamps[key] = self._document.stamp(key)

    def _remember(self) -> None:
        with suppress(LinewashError):
            self._document.remember(self._memory.to_json())

    def _repaintable(self, layers: tuple[PaintedLayer, ...]) -> tuple[Group, list[str]] | None:
        """The latest of our groups that has all these layers to repaint, and their keys. One may have been deleted, or
        belong to another frame."""
        for group in reversed(self._memory.groups):
            keys = [group.layers.get(layer.name) for layer in layers]
            found = [key for key in keys if key is not None and self._document.rewritable(key)]
            if len(found) == len(layers):
                return group, found
        return None
