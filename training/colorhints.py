"""Colour hints of training for painters: the finished picture with small areas taken out, blurred beyond recognition.

In use strokes take the picture's place: `linewash_daemon.hintmaps`.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from linewash_daemon.hintmaps import PATCH, as_planes, scaled, softened
from linewash_daemon.histogram import Histogram

#: how many areas are taken out
AREAS = 30


def whited_out(color: NDArray[np.uint8], rng: Generator, fill: Histogram | None = None) -> NDArray[np.float32]:
    """deepcolor's hint: 30 areas of 10 px (at 256 px) whited out, then a blur over 100 px.

    Args:
        color: uint8 (H, W, 3) RGB, the finished picture.
        rng: where the areas lie, and what fills them.
        fill: fills each area with a colour drawn from it, as the CS229 project did, instead of white.

    Returns:
        float32 (3, H, W) RGB, -1…1.
    """
    edge = scaled(PATCH, color.shape)
    out = color.astype(np.float32)
    paints = np.full((AREAS, 3), 255, np.uint8) if fill is None else fill.draw(rng, AREAS)
    tops = rng.integers(0, max(1, color.shape[0] - edge + 1), AREAS)
    lefts = rng.integers(0, max(1, color.shape[1] - edge + 1), AREAS)
    for top, left, paint in zip(tops, lefts, paints, strict=True):
        out[top : top + edge, left : left + edge] = paint
    return as_planes(softened(out))
