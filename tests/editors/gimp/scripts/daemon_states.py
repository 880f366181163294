"""Colouring with the daemon as it may be: what is said, and that the image is as it was."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import easel
from gi.repository import Gimp


def color(stage: Any) -> None:
    """Colour once with the style ``style``; how long that took, and whether the image is as it was."""
    image, ink = easel.drawing()
    before, images = easel.state(image), len(Gimp.get_images())
    began = time.monotonic()
    stage.result["said"] = easel.refused(lambda: easel.run(stage, image, ink, style=stage.args.get("style", "")))
    print(f"answered after {time.monotonic() - began:.1f} s")
    stage.result["kept"] = easel.state(image) == before
    stage.result["images_left"] = len(Gimp.get_images()) - images
    stage.result["names"] = easel.names(image.get_layers())


def restarted(stage: Any) -> None:
    """Colour, end the daemon without a farewell, colour again."""
    connection = Path(os.environ["LINEWASH_RUNTIME_DIR"], "connection.json")
    for end in (True, False):
        color(stage)
        stage.result.setdefault("clicks", []).append([stage.result["said"], stage.result["names"]])
        stage.result.setdefault("pids", []).append(json.loads(connection.read_text())["pid"])
        if end:
            os.kill(stage.result["pids"][-1], signal.SIGKILL)
