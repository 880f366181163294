"""The colours that regions without a stroke may have where the artist named some: a palette, or a reference picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from .lab import to_lab
from .strokes import merged

_LIKE = 6.0  # ΔE within which colours of a reference are one
_MOST = 64  # colours that are taken over from a reference


@dataclass(frozen=True)
class Allowed:
    """``colors``: uint16 (n, 3) sRGB 0…65535, and float32 (n, 3) ``lab``. ``share``: float64 (n,), summing to 1: how
    much of each there is in the reference, the same for all of a palette."""

    colors: NDArray[np.uint16]
    lab: NDArray[np.float32]
    share: NDArray[np.float64]


def allowed_colors(options: Options) -> Allowed | None:
    """The palette's colours, else the commonest ones of the reference, None where anything goes."""
    if options.palette:
        colors = np.array(options.palette, np.uint16) * np.uint16(257)
        return Allowed(colors, to_lab(colors), np.full(len(colors), 1 / len(colors)))
    if not options.like:
        return None
    table = np.array(options.like, np.float64)
    table = table[table[:, 3] > 0]
    colors = np.rint(table[:, :3] * 257).astype(np.uint16)
    lab, share = to_lab(colors), np.asarray(table[:, 3] / table[:, 3].sum(), np.float64)
    chosen, member = merged(lab, share, _LIKE, _MOST)
    return Allowed(colors[chosen], lab[chosen], np.asarray(np.bincount(member, share, len(chosen)), np.float64))
