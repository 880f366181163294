"""Images, made and looked at."""

from __future__ import annotations

from typing import Any

from gi.repository import Gegl, Gimp


def fill(stage: Any) -> None:
    image = Gimp.Image.new(64, 48, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "flat", 64, 48, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, 64, 48), "R'G'B'A u8", bytes((10, 20, 30, 255)) * (64 * 48))
    buffer.flush()
    data = layer.get_buffer().get(Gegl.Rectangle.new(0, 0, 1, 1), 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)
    stage.result["pixel"] = list(data)
    stage.result["images"] = len(Gimp.get_images())
