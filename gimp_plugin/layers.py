"""Layers of an image as plain values, and which of them are meant where nobody chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal["hints", "colors"]
"""What Linewash made a layer for: strokes of the artist, or (a group) the colours of a result."""


@dataclass(frozen=True)
class LayerRow:
    """One layer; ``key`` stays the same when it is renamed or moved, until the image is closed."""

    key: int
    name: str
    depth: int = 0  # how many groups it lies in
    tattoo: int = 0  # stays the same in the file, too
    mark: Mark | None = None  # of the layer or of a group that it lies in
    line: int = 0  # tattoo of the line art it was made for, where it is marked


def guess(layers: Sequence[LayerRow], active: int | None) -> tuple[int | None, int | None]:
    """Keys of line art and hints, for the layer that the artist works on. ``layers``: from top to bottom.

    Whoever painted hints has the hint layer active, and whoever looked at a result its group: then the line art is
    the one that layer was made for, or what lies below the hints.
    """
    at = next((index for index, row in enumerate(layers) if row.key == active), None)
    if at is None:
        return None, None
    row = layers[at]
    line = row if row.mark is None else _line_of(layers, at)
    if row.mark == "hints":
        return None if line is None else line.key, row.key
    if line is None:
        return None, None
    made = [hints.key for hints in layers if hints.mark == "hints" and hints.line == line.tattoo]
    return line.key, made[0] if made else None


def _line_of(layers: Sequence[LayerRow], at: int) -> LayerRow | None:
    own = next((row for row in layers if row.tattoo == layers[at].line and row.mark is None), None)
    return own or next((row for row in layers[at + 1 :] if row.mark is None), None)
