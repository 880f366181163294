"""What Linewash notes on the layers that it makes; saved with the image."""

from __future__ import annotations

from typing import Any, get_args

from ..layers import Mark
from .api import Gimp

_NAME = "linewash"
_KEPT = 1 | 2  # persistent, undoable: saved with the file, and no obstacle to undo


def set_mark(layer: Any, mark: Mark, line: Any) -> None:
    """Note on ``layer`` what it was made for, and for which line art."""
    layer.attach_parasite(Gimp.Parasite.new(_NAME, _KEPT, f"{mark} {line.get_tattoo()}".encode()))


def mark_of(layer: Any) -> tuple[Mark | None, int]:
    """The mark and the line art's tattoo of a layer or of the innermost marked group that it lies in."""
    while layer is not None:
        parasite = layer.get_parasite(_NAME)
        words = [] if parasite is None else bytes(parasite.get_data()).decode("utf-8", "replace").split()
        for mark in get_args(Mark):
            if len(words) == 2 and words[0] == mark and words[1].isdigit():
                return mark, int(words[1])
        layer = layer.get_parent()
    return None, 0
