"""Our group of layers: built apart from the image, then placed in it in one undo step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..linewash.contract import Blend
from ..linewash.editor.remedies import refusal
from ..linewash.pictures import PaintedLayer
from .api import Gegl, Gimp
from .marks import set_mark

if TYPE_CHECKING:
    from .drawing import Drawing

_FORMATS = {"gray": "Y'", "graya": "Y'A", "rgb": "R'G'B'", "rgba": "R'G'B'A"}  # babl's names of sRGB


class Group:
    """Layers on their way into an image. Nothing of the image changes before `place`, which can't run short of
    anything: whatever takes memory was done by then.

    ``within_selection``: they are transparent outside of the selection, with its soft edges.
    """

    def __init__(self, drawing: Drawing, layers: Sequence[PaintedLayer], within_selection: bool) -> None:
        self._drawing = drawing
        self._within = within_selection
        self._bench: Any = None  # an image to build in, where the drawing's own has no colours
        self._layers: list[Any] = []
        try:
            for layer in layers:
                self._layers.append(self._built(layer))
        except BaseException:
            self.drop()
            raise

    def place(self, name: str, key: int, over: bool) -> Any:
        """Insert the group directly under the layer ``key`` and return it, a `Gimp.GroupLayer`.

        ``over``: that layer is opaque and would hide it; then it goes directly above, multiplied. An image without
        colours becomes RGB. Raises `BadInput`, the image as it was; only, what became RGB stays so until the artist's
        Undo, for which GIMP has no call, and converting back would change pixels and profile.
        """
        image, line = self._drawing.image, self._drawing.layer(key)
        with one_step(image):
            if not self._drawing.is_rgb() and not image.convert_rgb():
                raise refusal("layer_unreadable")
            group = Gimp.GroupLayer.new(image, name)
            if over:
                _set_mode(group, "multiply")
            set_mark(group, "colors", line)
            place = image.get_item_position(line) + (0 if over else 1)
            if not image.insert_layer(group, line.get_parent(), place):
                raise refusal("layer_gone")
            try:
                self._fill(group, image)
            except BaseException:
                image.remove_layer(group)
                raise
        return group

    def drop(self) -> None:
        """Forget what was built and not placed."""
        for layer in self._layers:
            layer.delete()
        self._layers = []
        if self._bench is not None:
            self._bench.delete()
            self._bench = None

    def _built(self, painted: PaintedLayer) -> Any:
        picture = painted.picture
        home = self._home()
        size = (picture.width, picture.height)
        layer = Gimp.Layer.new(
            home, painted.name, *size, Gimp.ImageType.RGBA_IMAGE, 100.0 * painted.opacity, Gimp.LayerMode.NORMAL
        )
        if layer is None:
            raise refusal("out_of_memory")
        _set_mode(layer, painted.blend)
        buffer = layer.get_buffer()
        # GObject takes bytes as one block, but any other buffer number by number.
        buffer.set(
            Gegl.Rectangle.new(0, 0, *size), f"{_FORMATS[picture.channels]} u{picture.depth}", bytes(picture.bytes)
        )
        buffer.flush()
        layer.set_offsets(painted.x, painted.y)
        return layer

    def _home(self) -> Any:
        image = self._drawing.image
        if self._drawing.is_rgb():
            return image
        if self._bench is None:
            size, precision = self._drawing.size(), image.get_precision()
            self._bench = Gimp.Image.new_with_precision(*size, Gimp.ImageBaseType.RGB, precision)
        return self._bench

    def _fill(self, group: Any, image: Any) -> None:
        while self._layers:
            built = layer = self._layers.pop(0)
            if self._bench is not None:
                layer = Gimp.Layer.new_from_drawable(built, image)
                layer.set_name(built.get_name())  # GIMP calls it a copy
                built.delete()
            if self._within:
                layer.add_mask(layer.create_mask(Gimp.AddMaskType.SELECTION))
            if not image.insert_layer(layer, group, 0):
                raise refusal("layer_gone")
            if self._within:
                layer.remove_mask(Gimp.MaskApplyMode.APPLY)


def _set_mode(layer: Any, blend: Blend) -> None:
    """GIMP multiplies in linear light by itself; our layers are made to be multiplied as they are encoded."""
    modes = {
        "normal": Gimp.LayerMode.NORMAL,
        "multiply": Gimp.LayerMode.MULTIPLY,
        "screen": Gimp.LayerMode.SCREEN,
        "color": Gimp.LayerMode.LCH_COLOR,
    }
    layer.set_mode(modes[blend])
    if blend in ("multiply", "screen"):
        layer.set_blend_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)
    layer.set_composite_space(Gimp.LayerColorSpace.RGB_PERCEPTUAL)


@contextmanager
def one_step(image: Any) -> Iterator[None]:
    """What is done within is one step of the undo history, and leaves the selected layers selected."""
    selected = image.get_selected_layers()
    image.undo_group_start()
    try:
        yield
    finally:
        image.set_selected_layers(selected)
        image.undo_group_end()
