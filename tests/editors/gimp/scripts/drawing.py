"""A drawing of ours as an artist has it: its lines, a hint layer made by Linewash, strokes on that."""

from __future__ import annotations

import zlib
from typing import Any

from gi.repository import Gegl, Gimp, Gio

SRGB = "R'G'B'A u8"


def show(stage: Any) -> None:
    """Open ``line`` in a window, with the strokes of ``hints`` on a layer of their own where there are any."""
    image = _loaded(stage.args["line"])
    if image.get_base_type() != Gimp.ImageBaseType.RGB:
        image.convert_rgb()
    line = image.get_layers()[0]
    line.set_name("Ink")
    Gimp.Display.new(image)
    if stage.args.get("hints"):
        layer = stage.call("plug-in-linewash-hints", image=image, drawables=[line])[0]
        strokes = _loaded(stage.args["hints"])
        whole = Gegl.Rectangle.new(0, 0, image.get_width(), image.get_height())
        buffer = layer.get_buffer()
        source = strokes.get_layers()[0].get_buffer()
        buffer.set(whole, SRGB, source.get(whole, 1.0, SRGB, Gegl.AbyssPolicy.NONE))
        buffer.flush()
        layer.update(0, 0, whole.width, whole.height)
        strokes.delete()
    image.set_selected_layers([line])
    image.clean_all()
    Gimp.displays_flush()


def look(stage: Any) -> None:
    """The first image's layers by name (a group's under it), a check sum of each one's pixels, which are selected,
    and whether anything is selected in it."""
    image = min(Gimp.get_images(), key=Gimp.Image.get_id)  # a dialog's preview is an image, too
    stage.result["layers"] = _tree(image.get_layers())
    stage.result["pixels"] = {layer.get_name(): _sum(layer) for layer in image.get_layers()}
    stage.result["active"] = [layer.get_name() for layer in image.get_selected_layers()]
    stage.result["selection"] = not Gimp.Selection.is_empty(image)
    stage.result["changed"] = image.is_dirty()


def _loaded(path: str) -> Any:
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))


def _tree(layers: list[Any]) -> list[Any]:
    return [
        [layer.get_name(), _tree(layer.get_children())] if layer.is_group() else layer.get_name() for layer in layers
    ]


def _sum(layer: Any) -> int:
    whole = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return zlib.crc32(layer.get_buffer().get(whole, 1.0, SRGB, Gegl.AbyssPolicy.NONE))
