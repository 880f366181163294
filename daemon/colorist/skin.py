"""Skin in a drawing for which nothing was said: one tone for everybody's faces and hands, and a believable one.

Which regions are skin a style may know (`linewash_daemon.generator.Skin`). A drawing has one tone, drawn evenly from
dark to light, but rather one that is near a colour of its scheme. Of a palette or a reference picture it is the colour
that is nearest to any tone, if one is near enough: those colours alone are the artist's wish.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .lab import difference

SURE = 0.5  # chance of being skin from which on a region is taken for it
_LIKE_SKIN = 22.0  # ΔE to the nearest tone within which a wished-for colour may be somebody's skin
_PALE = 6.0  # chroma below which a colour is white or grey, and nobody's skin
_PULL = 15.0  # ΔE to the nearest colour of a scheme that weighs as much as chance at variety 1


def tone_beside(
    colors: NDArray[np.float32], tones: NDArray[np.float32], variety: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """One of the ``tones``, float32 (t, 3) Lab, for a drawing in the ``colors``, float32 (c, 3) Lab."""
    apart = difference(tones[:, None], colors[None]).min(1) if len(colors) else np.zeros(len(tones))
    return np.asarray(tones[int((variety * rng.gumbel(size=len(tones)) - apart / _PULL).argmax())], np.float32)


def most_like_skin(colors: NDArray[np.float32], tones: NDArray[np.float32]) -> int | None:
    """The row of the ``colors`` that is nearest to any of the ``tones``; None where none could be skin."""
    apart = difference(colors[:, None], tones[None]).min(1)
    apart = np.where(np.hypot(colors[:, 1], colors[:, 2]) < _PALE, np.inf, apart)
    return int(apart.argmin()) if apart.min() < _LIKE_SKIN else None
