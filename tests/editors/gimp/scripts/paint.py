"""Images, made and looked at."""

from __future__ import annotations

from typing import Any

from gi.repository import Gegl, Gimp

SRGB = "R'G'B'A u8"


def fill(stage: Any) -> None:
    """An image with one layer of ``width`` × 48 in one colour."""
    width = stage.args["width"]
    image = Gimp.Image.new(width, 48, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(image, "flat", width, 48, Gimp.ImageType.RGBA_IMAGE, 100, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, 48), SRGB, bytes((10, 20, 30, 255)) * (width * 48))
    buffer.flush()
    look(stage)


def look(stage: Any) -> None:
    """The images that are open, and the pixel at ``x``, ``y`` of the first."""
    images = Gimp.get_images()
    stage.result["images"] = len(images)
    if images:
        place = Gegl.Rectangle.new(stage.args.get("x", 0), stage.args.get("y", 0), 1, 1)
        layer = images[0].get_layers()[0]
        stage.result["pixel"] = list(layer.get_buffer().get(place, 1.0, SRGB, Gegl.AbyssPolicy.NONE))


def ask(stage: Any) -> None:
    """Run the plug-in of the tests with its dialog; how that ended."""
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-greeting")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
    config.set_property("image", Gimp.get_images()[0])
    stage.result["status"] = procedure.run(config).index(0).value_nick
