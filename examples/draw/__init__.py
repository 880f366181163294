"""The project's own demo drawings, drawn in code; see examples/README.md."""

from __future__ import annotations

from collections.abc import Callable

from . import animal, comic, face, figure, landscape, still_life
from .brush import Sheet

DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "animal": animal.draw,
    "comic": comic.draw,
    "face": face.draw,
    "figure": figure.draw,
    "landscape": landscape.draw,
    "still-life": still_life.draw,
}
