"""What the harness itself needs done inside GIMP."""

from __future__ import annotations

from typing import Any

from gi.repository import Gimp, Gio


def close_images(stage: Any) -> None:
    stage.close_images()


def open_image(stage: Any) -> None:
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(stage.args["path"]))
    image.clean_all()
    Gimp.Display.new(image)
    Gimp.displays_flush()


def leave(stage: Any) -> None:
    stage.call("gimp-quit", force=True)
