"""Which regions a stroke speaks for: those that hold a good part of it, not those it merely spills into."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .regions import Regions
from .strokes import Strokes

_SHARE = 0.25  # of the stroke
_REACH = 2.0  # squares of the pen's width: the stroke was drawn on into this region, it did not just touch it
_COVER = 0.6  # of the region
_MOSTLY = 0.6  # of a basin


@dataclass(frozen=True)
class Votes:
    """``of_run``: bool (runs,), the run lies in a region that its stroke speaks for. ``region``, ``color``: int64
    (m,), one row for each region and colour (a row of `Strokes.colors`) that has its vote, sorted by region."""

    of_run: NDArray[np.bool_]
    region: NDArray[np.int64]
    color: NDArray[np.int64]

    @property
    def contested(self) -> NDArray[np.int64]:
        """Regions with strokes of more than one colour."""
        regions, count = np.unique(self.region, return_counts=True)
        return regions[count > 1]


def mostly(choice: NDArray[np.int64], regions: Regions, colors: int) -> NDArray[np.int64]:
    """The colour that most of each basin has, of ``colors``, -1 where there is none: int64 (basins,). ``choice``: int64
    (n,), each region's, or -1."""
    basin = regions.basin.astype(np.int64)
    count = int(basin.max()) + 1
    held = np.bincount(basin * (colors + 1) + choice + 1, regions.area, count * (colors + 1)).reshape(count, colors + 1)
    if not colors:
        return np.full(count, -1, np.int64)
    return np.where(held[:, 1:].max(1) > _MOSTLY * held.sum(1), held[:, 1:].argmax(1), -1)


def count_votes(strokes: Strokes, regions: Regions) -> Votes:
    keys, at = np.unique(strokes.stroke * regions.n + strokes.region, return_inverse=True)
    stroke, region = keys // regions.n, keys % regions.n
    held = np.bincount(at, strokes.length, len(keys))
    most = np.zeros(len(strokes.area))
    np.maximum.at(most, stroke, held)
    speaks = (held >= _SHARE * strokes.area[stroke]) | (held >= _REACH * strokes.width[stroke] ** 2)
    speaks |= (held >= _COVER * regions.area[region] * regions.factor**2) | (held == most[stroke])
    colors = max(1, len(strokes.colors))
    won = np.unique(region[speaks] * colors + strokes.color[stroke[speaks]])
    return Votes(speaks[at], won // colors, won % colors)
