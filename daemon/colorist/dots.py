"""Dots: strokes painted at less than half opacity. They say *around here*: this sort of colour, in this neighbourhood.

What is faint along a stroke is that stroke's soft edge, whatever its colour; what is tiny or thin was left over by an
eraser.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .lab import difference, to_lab
from .pixels import Pixels
from .regions import Regions
from .strokes import HALF, SAME_COLOR, THIN, Ints, Runs, Strokes, components, runs_of, strokes_of, touching

_FAINT = 0.1  # opacity below which nothing is meant
_LEAST = 16  # px, the area of a dot


def read_dots(hints: Pixels, regions: Regions, strokes: Strokes) -> Strokes:
    """The dots among the ``strokes`` of ``hints``, as `strokes.read_strokes` gives those. ``colors`` are the strokes',
    then those that dots alone have."""
    runs = runs_of(hints, regions, _FAINT, HALF)
    soft = _along(runs, strokes)
    found = strokes_of(Runs(*(part[~soft] for part in (runs.y, runs.x, runs.length, runs.region, runs.packed))))
    found = _only(found, (found.width >= THIN) & (found.area >= _LEAST))
    row, colors = _joined(strokes.colors, found)
    return replace(found, color=row, colors=colors)


def no_dots(strokes: Strokes) -> Strokes:
    """What `read_dots` gives where there are none."""
    return _only(strokes, np.zeros(len(strokes.area), bool))


def _along(runs: Runs, strokes: Strokes) -> NDArray[np.bool_]:
    """Which of the ``runs`` are joined to a stroke by others of them, or by themselves."""
    y, x, length = (
        np.concatenate(pair) for pair in ((runs.y, strokes.y), (runs.x, strokes.x), (runs.length, strokes.length))
    )
    order = np.lexsort((x, y))
    a, b, _ = touching(y[order], x[order], length[order])
    mark = np.empty(len(y), np.int64)
    mark[order] = components(len(y), a, b)
    return np.isin(mark[: len(runs.y)], mark[len(runs.y) :])


def _only(found: Strokes, kept: NDArray[np.bool_]) -> Strokes:
    on = kept[found.stroke]
    number = np.cumsum(kept) - 1
    return Strokes(
        found.y[on], found.x[on], found.length[on], found.region[on], number[found.stroke[on]],
        found.color[kept], found.area[kept], found.width[kept], found.colors,
    )  # fmt: skip


def _joined(colors: NDArray[np.uint16], found: Strokes) -> tuple[Ints, NDArray[np.uint16]]:
    """Each dot's row in a table of ``colors`` and whatever else dots are painted in, and that table."""
    used, at = np.unique(found.color, return_inverse=True)
    apart = difference(to_lab(found.colors[used])[:, None], to_lab(colors)[None])
    other = apart.min(1, initial=np.inf) > SAME_COLOR
    row = np.cumsum(other) - 1 + len(colors)
    if len(colors):
        row = np.where(other, row, apart.argmin(1))
    return row[at], np.concatenate([colors, found.colors[used][other]])
