"""A region that holds strokes of several colours is divided between them, along the ridges inside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .ladder import Labels, Line, lift, pyramid
from .regions import BASE, Regions, flooded
from .strokes import Strokes, parcels, spread
from .votes import Votes


@dataclass(frozen=True)
class Division:
    """``labels`` as in `Regions`, with new ones from `Regions.n` on; ``parent``: int64 (m,) the region each new one
    was cut from; ``color``: int64 (m,) the stroke colour that it gets."""

    labels: Labels
    parent: NDArray[np.int64]
    color: NDArray[np.int64]


def divide(regions: Regions, line: Line, strokes: Strokes, votes: Votes) -> Division:
    """``line``: uint8 line map of the size of ``regions.labels``, which are not changed but copied when need be."""
    labels = regions.labels
    parents: list[int] = []
    colors: list[int] = []
    for region in votes.contested.tolist():
        if labels is regions.labels:
            labels = labels.copy()
        rows, columns, level = _box(regions, region)
        inside = regions.labels[rows, columns] == region
        mine = votes.of_run & (strokes.region == region)
        markers = _markers(regions, strokes, mine, rows, columns, level)
        parts = _parts(regions, line, rows, columns, level, markers)
        _draw_over(parts, regions, strokes, mine, rows, columns)
        for color in np.unique(parts[inside]).tolist():
            labels[rows, columns][inside & (parts == color)] = regions.n + len(parents)
            parents.append(region)
            colors.append(color - 1)
    return Division(labels, np.array(parents, np.int64), np.array(colors, np.int64))


def _box(regions: Regions, region: int) -> tuple[slice, slice, int]:
    """The region's bounding box, begun at a multiple of the step down to working size, and the halvings down to it."""
    rows, columns = regions.boxes[region]
    side = max(rows.stop - rows.start, columns.stop - columns.start)
    level = max(0, int(np.ceil(np.log2(side / BASE))))
    step = 2**level
    return slice(rows.start // step * step, rows.stop), slice(columns.start // step * step, columns.stop), level


def _markers(
    regions: Regions, strokes: Strokes, mine: NDArray[np.bool_], rows: slice, columns: slice, level: int
) -> Labels:
    """Stroke colours + 1 in the box, ``level`` halvings down."""
    step = 2**level * regions.factor
    shape = (-(-(rows.stop - rows.start) // 2**level), -(-(columns.stop - columns.start) // 2**level))
    y = strokes.y[mine] // step - (rows.start >> level)
    first = strokes.x[mine] // step - (columns.start >> level)
    last = (strokes.x + strokes.length - 1)[mine] // step - (columns.start >> level)
    markers = np.zeros(shape, np.int32)
    at, which = spread(first, last)
    markers[y[which], at] = strokes.color[strokes.stroke[mine]][which] + 1
    return markers


def _draw_over(
    parts: Labels, regions: Regions, strokes: Strokes, mine: NDArray[np.bool_], rows: slice, columns: slice
) -> None:
    """The strokes' own pixels, which working size may have blurred, exactly."""
    factor = regions.factor
    color = strokes.color[strokes.stroke] + 1
    runs = np.flatnonzero(mine)
    for some in (runs[part] for part in parcels(strokes.length[runs])):
        x, which = spread(strokes.x[some] // factor, (strokes.x + strokes.length - 1)[some] // factor)
        parts[strokes.y[some][which] // factor - rows.start, x - columns.start] = color[some][which]


def _parts(regions: Regions, line: Line, rows: slice, columns: slice, level: int, markers: Labels) -> Labels:
    """Every pixel of the box given to a stroke colour (+ 1) by a watershed from the strokes."""
    lines = pyramid(line[rows, columns], level)
    relief = regions.relief
    scale = regions.labels.shape[0] / relief.shape[0], regions.labels.shape[1] / relief.shape[1]
    part = relief[
        int(rows.start / scale[0]) : max(int(rows.start / scale[0]) + 1, int(np.ceil(rows.stop / scale[0]))),
        int(columns.start / scale[1]) : max(int(columns.start / scale[1]) + 1, int(np.ceil(columns.stop / scale[1]))),
    ]
    contours = cv2.resize(part, (markers.shape[1], markers.shape[0]), interpolation=cv2.INTER_LINEAR)
    return lift(flooded(np.maximum(lines[-1], np.asarray(contours, np.uint8)), markers), lines)
