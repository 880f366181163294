"""A reduced copy of what is to be coloured, and of how it looks coloured: for the dialog's preview."""

from __future__ import annotations

from typing import Any

from ..linewash.editor.layer_names import named
from ..linewash.editor.lineart import is_opaque
from ..linewash.pictures import Picture, Result
from .api import Gegl, Gimp
from .drawing import Drawing


class Miniature:
    """Line art and hints of ``drawing`` in a small image of GIMP's own, where results are placed as in the real one.

    ``side``: px that its longer side has at most. ``lineart``, ``hints``: what to send to the daemon. ``scale``: of
    its lengths to the drawing's, at most 1. Raises `BadInput`.
    """

    def __init__(self, drawing: Drawing, line: int, hints: int | None, side: int) -> None:
        drawing.check_open()
        width, height = drawing.size()
        self.scale = min(1.0, side / max(width, height))
        self.lineart = drawing.reduced(line, self.scale)
        self.hints = None if hints is None else drawing.reduced(hints, self.scale)
        self._over = is_opaque(self.lineart)
        self._image = Gimp.Image.new(self.lineart.width, self.lineart.height, Gimp.ImageBaseType.RGB)
        self._image.undo_disable()
        self._paper = self._layer(Gimp.ImageType.RGB_IMAGE)
        self._paper.fill(Gimp.FillType.WHITE)
        self._line = self._layer(Gimp.ImageType.RGBA_IMAGE)
        _paint(self._line, self.lineart, "R'G'B'A u8")
        self._select(drawing)
        self._group: Any = None

    def plain(self) -> Picture:
        """The line art on white: "rgb", 8 bit."""
        return self._seen()

    def colored(self, result: Result, within_selection: bool) -> Picture:
        """The line art with a result of its size: "rgb", 8 bit. It takes the place of an earlier one."""
        if self._group is not None:
            self._image.remove_layer(self._group)
        small = Drawing(self._image)
        group = small.built_group([named(layer) for layer in result.layers], within_selection and small.has_selection())
        self._group = group.place("", self._line.get_id(), self._over)
        return self._seen()

    def close(self) -> None:
        self._image.delete()

    def _layer(self, kind: Any) -> Any:
        size = (self.lineart.width, self.lineart.height)
        layer = Gimp.Layer.new(self._image, "", *size, kind, 100.0, Gimp.LayerMode.NORMAL)
        self._image.insert_layer(layer, None, 0)
        return layer

    def _select(self, drawing: Drawing) -> None:
        if not drawing.has_selection():
            return
        width, height = self.lineart.width, self.lineart.height
        part, none = Gegl.Rectangle.new(0, 0, width, height), Gegl.AbyssPolicy.NONE
        pixels = drawing.image.get_selection().get_buffer().get(part, self.scale, "Y u8", none)
        channel = Gimp.Channel.new(self._image, "", width, height, 100.0, Gegl.Color.new("black"))
        self._image.insert_channel(channel, None, 0)
        _paint(channel, Picture(width, height, "gray", 8, pixels), "Y u8")
        self._image.select_item(Gimp.ChannelOps.REPLACE, channel)
        self._image.remove_channel(channel)  # it would show

    def _seen(self) -> Picture:
        seen = Gimp.Layer.new_from_visible(self._image, self._image, "")
        try:
            width, height = self.lineart.width, self.lineart.height
            part, none = Gegl.Rectangle.new(0, 0, width, height), Gegl.AbyssPolicy.NONE
            return Picture(width, height, "rgb", 8, seen.get_buffer().get(part, 1.0, "R'G'B' u8", none))
        finally:
            seen.delete()


def _paint(drawable: Any, picture: Picture, form: str) -> None:
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, picture.width, picture.height), form, bytes(picture.bytes))
    buffer.flush()
    drawable.update(0, 0, picture.width, picture.height)
