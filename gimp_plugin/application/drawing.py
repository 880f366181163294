"""One image of GIMP's: its size and layers, and their pixels as sRGB whatever the image is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from ..layers import LayerRow
from ..linewash.contract import MAX_SIDE
from ..linewash.editor.remedies import refusal
from ..linewash.editor.texts import tr
from ..linewash.errors import BadInput
from ..linewash.pictures import PaintedLayer, Picture
from .api import Gegl, Gimp
from .group import Group, one_step
from .marks import mark_of, set_mark

_RGBA = "R'G'B'A u8"  # sRGB; GEGL converts from the layer's own precision and profile
_FINE = 200  # Gimp.Precision: from here on more than 8 bits a sample


class Drawing:
    """``image``: a `Gimp.Image`; it may be closed, and its layers deleted, at any time."""

    def __init__(self, image: Any) -> None:
        self.image = image

    def is_open(self) -> bool:
        return bool(self.image.is_valid())

    def size(self) -> tuple[int, int]:
        """Width and height in px."""
        return self.image.get_width(), self.image.get_height()

    def depth(self) -> Literal[8, 16]:
        """Bits a sample worth asking for: 16 for anything finer than 8."""
        return 16 if int(self.image.get_precision()) >= _FINE else 8

    def is_rgb(self) -> bool:
        return bool(self.image.get_base_type() == Gimp.ImageBaseType.RGB)

    def has_selection(self) -> bool:
        return not Gimp.Selection.is_empty(self.image)

    def describe(self) -> str:
        """Kind and size, for diagnostics."""
        width, height = self.size()
        kind = f"{self.image.get_base_type().value_nick} {self.image.get_precision().value_nick}"
        return f"{width} × {height} px, {kind}, {len(self.layers())} layers"

    def layers(self) -> list[LayerRow]:
        """All of them, groups too, from top to bottom."""
        return [_row(layer, depth) for layer, depth in _walk(self.image.get_layers())]

    def has_layer(self, key: int) -> bool:
        return bool(Gimp.Item.id_is_valid(key) and Gimp.Item.id_is_layer(key))

    def layer(self, key: int) -> Any:
        """The `Gimp.Layer`. Raises `BadInput`."""
        self.check_open()
        if not self.has_layer(key):
            raise refusal("layer_gone")
        return Gimp.Layer.get_by_id(key)

    def check_open(self) -> None:
        """Raise `BadInput` when the image is closed; GIMP opens a window of its own over any other call then."""
        if not self.is_open():
            raise BadInput(
                tr("The image was closed before its colours were ready."),
                tr("Open it and colour it anew."),
                "document_closed",
            )

    def check(self, size: tuple[int, int]) -> None:
        """Raise `BadInput` when the image is closed or no longer of ``size``."""
        self.check_open()
        if self.size() != size:
            raise refusal("document_resized")

    def read(self, key: int) -> Picture:
        """A layer as it is seen, less its opacity and mode: canvas-sized, sRGB, "rgba" 8 bit. Raises `BadInput`."""
        return self._read(key, 1.0)

    def reduced(self, key: int, scale: float) -> Picture:
        """The same made smaller, by ``scale`` below 1."""
        return self._read(key, scale)

    def built_group(self, layers: Sequence[PaintedLayer], within_selection: bool) -> Group:
        """Layers from bottom to top, ready to be placed."""
        return Group(self, layers, within_selection)

    def add_hint_layer(self, key: int, name: str) -> Any:
        """A new transparent layer directly above the layer ``key``, made active; one undo step. An image without
        colours becomes RGB, or the hints would have none."""
        line = self.layer(key)
        with one_step(self.image):
            if not self.is_rgb():
                self.image.convert_rgb()
            kind, mode = Gimp.ImageType.RGBA_IMAGE, Gimp.LayerMode.NORMAL
            hints = Gimp.Layer.new(self.image, name, *self.size(), kind, 100.0, mode)
            set_mark(hints, "hints", line)
            self.image.insert_layer(hints, line.get_parent(), self.image.get_item_position(line))
        self.image.set_selected_layers([hints])
        return hints

    def _read(self, key: int, scale: float) -> Picture:
        found = self.layer(key)
        width, height = self.size()
        if max(width, height) > MAX_SIDE:
            raise refusal("document_too_large")
        with self._as_seen(found) as layer:
            _, left, top = layer.get_offsets()
            across, down = max(1, round(width * scale)), max(1, round(height * scale))
            part = Gegl.Rectangle.new(round(-left * scale), round(-top * scale), across, down)
            pixels = layer.get_buffer().get(part, scale, _RGBA, Gegl.AbyssPolicy.NONE)
        if len(pixels) != across * down * 4:
            raise refusal("layer_unreadable")
        return Picture(across, down, "rgba", 8, pixels)

    @contextmanager
    def _as_seen(self, layer: Any) -> Iterator[Any]:
        """The layer, or where it has a mask or filters a copy, in an image of its own, into which those are worked."""
        mask = layer.get_mask()
        if mask is None and not layer.get_filters():
            yield layer
            return
        bench = Gimp.Image.new_with_precision(*self.size(), Gimp.ImageBaseType.RGB, self.image.get_precision())
        try:
            bench.undo_disable()
            applied = mask is not None and layer.get_apply_mask()
            copy = Gimp.Layer.new_from_drawable(layer, bench)
            bench.insert_layer(copy, None, 0)
            if copy.is_group():
                copy = copy.merge()
            copy.merge_filters()
            if copy.get_mask() is not None:
                copy.remove_mask(Gimp.MaskApplyMode.APPLY if applied else Gimp.MaskApplyMode.DISCARD)
            yield copy
        finally:
            bench.delete()


def _walk(layers: list[Any], depth: int = 0) -> Iterator[tuple[Any, int]]:
    for layer in layers:
        yield layer, depth
        if layer.is_group():
            yield from _walk(layer.get_children(), depth + 1)


def _row(layer: Any, depth: int) -> LayerRow:
    mark, line = mark_of(layer)
    return LayerRow(layer.get_id(), layer.get_name(), depth, layer.get_tattoo(), mark, line)
