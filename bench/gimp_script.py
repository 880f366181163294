"""Played inside GIMP by bench/gimp.py."""

from __future__ import annotations

import time
from typing import Any

from gi.repository import Gimp, Gio

QUIET = Gimp.RunMode.NONINTERACTIVE


def color(stage: Any) -> None:
    """Colour ``line`` with the strokes of ``hints`` by the procedure; how long that call took."""
    image = _opened(stage.args)
    hints, ink = image.get_layers()
    start = time.monotonic()
    stage.call("plug-in-linewash-color", run_mode=QUIET, image=image, drawables=[ink], hints=hints)
    stage.result["seconds"] = time.monotonic() - start
    stage.result["layers"] = len(image.get_layers())
    image.delete()


def show(stage: Any) -> None:
    """The same drawing in a window, its lines active."""
    image = _opened(stage.args)
    image.set_selected_layers(image.get_layers()[1:])
    Gimp.Display.new(image)
    Gimp.displays_flush()


def _opened(files: dict[str, str]) -> Any:
    image = Gimp.file_load(QUIET, Gio.File.new_for_path(files["line"]))
    if image.get_base_type() != Gimp.ImageBaseType.RGB:
        image.convert_rgb()
    image.insert_layer(Gimp.file_load_layer(QUIET, image, Gio.File.new_for_path(files["hints"])), None, 0)
    return image
