"""Which regions a stroke speaks for: those that hold a good part of it, not those it merely spills into.

A stroke in an ink's colour, dark or grey, that follows a line, and so lies over ink for a good part, goes over that
line again. It speaks for no region beside it, only for what it fills.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lab import to_lab
from .ladder import INK, Line
from .regions import Regions
from .strokes import Strokes, parcels, spread

_SHARE = 0.25  # of the stroke
_REACH = 2.0  # squares of the pen's width: the stroke was drawn on into this region, it did not just touch it
_COVER = 0.6  # of the region
_MOSTLY = 0.6  # of a basin
_INKED = 0.25  # of a stroke over ink: then it follows a line
_DARK, _GRAY = 50.0, 75.0  # L below which any colour is an ink's, and one without hue
_HUE = 12.0  # C* from which a colour has one
_FILLED = 0.25  # of a region's basin, which even such a stroke speaks for: of a cell, any line fills as much


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


def count_votes(strokes: Strokes, regions: Regions, line: Line) -> Votes:
    """``line``: uint8 line map of the size of ``regions.labels``."""
    keys, at = np.unique(strokes.stroke * regions.n + strokes.region, return_inverse=True)
    stroke, region = keys // regions.n, keys % regions.n
    held = np.bincount(at, strokes.length, len(keys))
    most = np.zeros(len(strokes.area))
    np.maximum.at(most, stroke, held)
    area = regions.area[region] * regions.factor**2
    speaks = (held >= _SHARE * strokes.area[stroke]) | (held >= _REACH * strokes.width[stroke] ** 2)
    speaks |= (held >= _COVER * area) | (held == most[stroke])
    speaks &= ~_follows_a_line(strokes, line, regions.factor)[stroke] | _fills(stroke, region, held, regions)
    colors = max(1, len(strokes.colors))
    won = np.unique(region[speaks] * colors + strokes.color[stroke[speaks]])
    return Votes(speaks[at], won // colors, won % colors)


def _fills(
    stroke: NDArray[np.int64], region: NDArray[np.int64], held: NDArray[np.number], regions: Regions
) -> NDArray[np.bool_]:
    """Whether each ``stroke``, of which a ``region`` has ``held`` so many pixels, fills that region's basin."""
    basin, count = regions.basin.astype(np.int64), int(regions.basin.max()) + 1
    _, at = np.unique(stroke * count + basin[region], return_inverse=True)
    area = np.bincount(basin, regions.area * regions.factor**2, count)
    return np.asarray(np.bincount(at, held)[at] >= _FILLED * area[basin[region]])


def _follows_a_line(strokes: Strokes, line: Line, factor: int) -> NDArray[np.bool_]:
    """Of each stroke; ``line`` is ``factor`` times smaller than what the stroke was drawn on."""
    lab = to_lab(strokes.colors)
    gray = np.hypot(lab[:, 1], lab[:, 2]) < _HUE
    inks = (lab[:, 0] < np.where(gray, _GRAY, _DARK))[strokes.color]
    inked = np.zeros(len(strokes.area))
    of_inks = np.flatnonzero(inks[strokes.stroke])
    for runs in (of_inks[part] for part in parcels(strokes.length[of_inks])):
        x, which = spread(strokes.x[runs], (strokes.x + strokes.length - 1)[runs])
        on = line[strokes.y[runs][which] // factor, x // factor] >= INK
        inked += np.bincount(strokes.stroke[runs][which], on, len(inked))
    return np.asarray(inks & (inked >= _INKED * strokes.area))
