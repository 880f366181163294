"""Images with a history, to be undone by real keys; what they are like then."""

from __future__ import annotations

from typing import Any

import easel
from gi.repository import Gimp


def show(stage: Any) -> None:
    """An image of this ``kind`` with a selection, whose last step was to call *Notes* *Remarks*."""
    base = stage.args["kind"]
    image, _ = easel.drawing("rgb" if base == "indexed" else base)
    if base == "indexed":
        dither, colors = Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE
        image.convert_indexed(dither, colors, 8, False, False, "")
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 50, 30)
    image.undo_disable()
    image.undo_enable()  # with no step yet
    image.clean_all()
    stage.result["before"] = easel.state(image)
    image.get_layers()[0].set_name("Remarks")
    Gimp.Display.new(image)
    Gimp.displays_flush()
    stage.result["state"] = easel.state(image)


def look(stage: Any) -> None:
    """The state of the only image."""
    (image,) = Gimp.get_images()
    stage.result["state"] = easel.state(image)
    stage.result["names"] = easel.names(image.get_layers())


def color(stage: Any) -> None:
    """Colour it by the procedure, with ``values``."""
    (image,) = Gimp.get_images()
    ink = next(layer for layer in image.get_layers() if layer.get_name() == "Ink")
    stage.result["said"] = easel.refused(lambda: easel.run(stage, image, ink, **stage.args["values"]))
    Gimp.displays_flush()


def hints(stage: Any) -> None:
    """Make a hint layer by the procedure."""
    (image,) = Gimp.get_images()
    values = {"run_mode": Gimp.RunMode.NONINTERACTIVE, "image": image, "drawables": image.get_selected_layers()}
    stage.call(easel.HINTS, **values)


def close(stage: Any) -> None:
    """Close it, as by ctrl+w without a question."""
    stage.close_images()
    stage.result["images"] = len(Gimp.get_images())
