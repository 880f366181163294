"""What can't be coloured, and what goes wrong on the way: the words, and that the image is as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import easel
from gi.repository import Gimp

ROLES = ("flats", "shading", "highlights", "color", "per_color")
LARGE, MOST_COLORS = "Too large", 256
Case = tuple[Any, list[Any], dict[str, Any]]  # image, drawables, further arguments


def refused(stage: Any) -> None:
    """What is said to the ``case``."""
    image, drawables, values = CASES[stage.args["case"]]()
    for one in Gimp.get_images():
        one.clean_all()
    before, images = easel.state(image), len(Gimp.get_images())
    stage.result["said"] = easel.refused(lambda: easel.run(stage, image, *drawables, **values))
    stage.result["kept"] = easel.state(image) == before
    stage.result["images_left"] = len(Gimp.get_images()) - images


def style(stage: Any) -> None:
    """What comes of a colouring with this ``style``, in an image of the kind ``base``; and of the next."""
    image, ink = easel.drawing(stage.args.get("base", "rgb"))
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 10, 10, 50, 30)
    image.clean_all()
    before, images = easel.state(image), len(Gimp.get_images())
    stage.result["said"] = easel.refused(lambda: easel.run(stage, image, ink, style=stage.args["style"]))
    stage.result["kept"] = easel.state(image) == before
    stage.result["images_left"] = len(Gimp.get_images()) - images
    if stage.args.get("again"):
        stage.result["again"] = easel.refused(lambda: easel.run(stage, image, ink))
        stage.result["names"] = easel.names(image.get_layers())


def meanwhile(stage: Any) -> None:
    """Colour an image, to which ``what`` is done by somebody else as soon as the daemon works."""
    (image, ink), (other, _) = easel.drawing(), easel.drawing()
    runtime = Path(os.environ["LINEWASH_RUNTIME_DIR"])
    order, asked = runtime / "meanwhile.json", runtime / "asked.json"
    asked.unlink(missing_ok=True)
    order.write_text(json.dumps({"what": stage.args["what"], "image": image.get_id()}))
    before = easel.state(other)
    stage.result["said"] = easel.refused(lambda: easel.run(stage, image, ink, style="sleep 3"))
    stage.result["done"] = not order.exists()
    stage.result["other_kept"] = easel.state(other) == before
    stage.result["names"] = easel.names(image.get_layers())


def _no_layer() -> Case:
    return Gimp.Image.new(50, 40, Gimp.ImageBaseType.RGB), [], {}


def _channel() -> Case:
    image, _ = easel.drawing()
    channel = Gimp.Channel.new(image, "Mask", easel.WIDTH, easel.HEIGHT, 100, Gimp.context_get_foreground())
    image.insert_channel(channel, None, 0)
    return image, [channel], {}


def _hints_elsewhere() -> Case:
    (image, ink), (_, other) = easel.drawing(), easel.drawing()
    return image, [ink], {"hints": other}


def _line_elsewhere() -> Case:
    (image, ink), (_, other) = easel.drawing(), easel.drawing()
    return image, [ink], {"line_art": other}


def _hints_are_line() -> Case:
    image, ink = easel.drawing()
    return image, [ink], {"hints": ink}


def _empty_line_art() -> Case:
    image, _ = easel.drawing()
    return image, [easel.new_layer(image, "Nothing")], {}


def _empty_group() -> Case:
    image, _ = easel.drawing()
    group = Gimp.GroupLayer.new(image, "Nothing")
    image.insert_layer(group, None, 0)
    return image, [group], {}


def _nothing_selected() -> Case:
    image, ink = easel.drawing()
    return image, [ink], {"selection_only": True}


def _selected_beside() -> Case:
    image, ink = easel.drawing()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 500, 500, 40, 40)
    return image, [ink], {"selection_only": True}


def _no_roles() -> Case:
    image, ink = easel.drawing()
    return image, [ink], dict.fromkeys(ROLES, False)


def _wide() -> Case:
    image = easel.new_image(size=(30_000, 40))
    return image, [image.get_layers()[0]], {}


def _tiny() -> Case:
    image = easel.new_image(size=(8, 8))
    layer = easel.new_layer(image, "Ink", (8, 8))
    easel.fill(layer, (2, 2, 3, 3), easel.INK)
    return image, [layer], {}


def _large_palette() -> Case:
    palette = Gimp.Palette.get_by_name(LARGE) or Gimp.Palette.new(LARGE)
    color = Gimp.context_get_foreground()
    while palette.get_color_count() <= MOST_COLORS:
        palette.add_entry("", color)
    image, ink = easel.drawing()
    return image, [ink], {"palette": palette}


CASES: dict[str, Callable[[], Case]] = {
    "no layer": _no_layer,
    "a channel": _channel,
    "hints of another image": _hints_elsewhere,
    "line art of another image": _line_elsewhere,
    "hints are the line art": _hints_are_line,
    "empty line art": _empty_line_art,
    "empty group": _empty_group,
    "nothing selected": _nothing_selected,
    "selected beside the canvas": _selected_beside,
    "no kind of layer": _no_roles,
    "30,000 px wide": _wide,
    "tiny": _tiny,
    "a palette too large": _large_palette,
}
