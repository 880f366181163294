"""A pair as it is put to those who colour it: as line art, or as the finished picture without its colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewash.contract import Mode

from ..flats import Image, under_lines
from ..pack import FILM, Pair
from .lab import to_lab
from .metrics import Truth

_LEVELS = np.arange(256, dtype=np.uint8)
_L_OF_LEVELS = to_lab(np.repeat(_LEVELS[:, None], 3, 1))[:, 0]


@dataclass(frozen=True)
class Case:
    """``given`` uint8 (H, W): line art, 0 ink to 255 paper, or sRGB grey; ``known``: what should come of it."""

    given: Image
    known: Truth

    @classmethod
    def of(cls, pair: Pair, mode: Mode) -> Case:
        """The truth of a greyscale picture has the lines on it, since its L has."""
        if mode == "lines":
            return cls(pair.line, Truth.of(pair.color, pair.line))
        picture = finished(pair)
        return cls(grey(picture), Truth.of(picture, pair.line))


def finished(pair: Pair) -> Image:
    """The picture with its lines, uint8 (H, W, 3) RGB; a film's frame has them already."""
    return pair.color if pair.meta.kind == FILM else under_lines(pair.color, pair.line)


def grey(picture: Image) -> Image:
    """The grey uint8 (H, W) of the same L, as nearly as 8 bits hold it, as ``picture`` uint8 (H, W, 3) RGB."""
    return np.asarray(np.interp(to_lab(picture)[..., 0], _L_OF_LEVELS, _LEVELS).round(), np.uint8)
