"""Wide regions cut into cells, so that where no line parts two strokes the network may say how far each one reaches.

A cell is hardly more than a thirtieth of the page wide; it ends where the paper narrows, and in the open halfway to its
neighbours.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial.distance import cdist
from skimage.segmentation import watershed

from .ladder import Labels

_CELL = 0.035  # of the long side, between the middles of two cells
_LEAST = 12  # px
_WIDE = 1.5  # squares of a cell from which on a basin is cut
RIDGE = 30  # of 255: a ridge that a cell's middle keeps away from


def cut_into_cells(basins: Labels, ridges: NDArray[np.uint8]) -> tuple[Labels, NDArray[np.int32]]:
    """``basins``: int32 (h, w), 1…; ``ridges``: uint8 (h, w), ink and contours.

    Returns cells, int32 (h, w), 1…, each within one basin, and int32 (cells + 1,), each cell's basin; row 0 is 0.
    """
    size = cell_size(basins.shape)
    distance = cv2.distanceTransform((ridges < RIDGE).astype(np.uint8), cv2.DIST_L2, 3)
    room = np.asarray(np.minimum(distance, size / 2), np.float32)
    wide = np.bincount(basins.ravel()) > _WIDE * size**2
    wide[0] = False
    middles = _middles(basins, room, wide, size)
    depth = ((1 - room / (size / 2)) * 160).astype(np.uint8)
    owner = np.arange(int(basins.max()) + 1, dtype=np.int32)
    out = basins.copy()
    boxes = ndimage.find_objects(basins)
    for number in np.flatnonzero(wide).tolist():
        mine = middles[basins.ravel()[middles] == number]
        if len(mine) < 2:
            continue
        box = boxes[number - 1]
        inside = basins[box] == number
        y, x = np.divmod(mine, basins.shape[1])
        markers = np.zeros(inside.shape, np.int32)
        ids = np.concatenate([[number], np.arange(len(owner), len(owner) + len(mine) - 1)])
        markers[y - box[0].start, x - box[1].start] = ids
        cells = np.asarray(watershed(depth[box], markers, mask=inside), np.int32)
        reached = inside & (cells > 0)
        out[box][reached] = cells[reached]
        owner = np.concatenate([owner, np.full(len(mine) - 1, number, np.int32)])
    return out, owner


def cell_size(shape: tuple[int, ...]) -> int:
    """px between the middles of two cells of a picture of this ``shape``, where there is room."""
    return max(_LEAST, round(_CELL * max(shape)))


def _middles(basins: Labels, room: NDArray[np.float32], wide: NDArray[np.bool_], size: int) -> NDArray[np.int64]:
    """The cells' middles in ``wide`` basins, indices of pixels: the roomiest of each square of ``size`` px that is
    two thirds of that away from roomier ones."""
    h, w = basins.shape
    at = np.flatnonzero(wide[basins.ravel()] & (room.ravel() > 1))
    y, x = np.divmod(at, w)
    aside = np.hypot(y % size - size / 2, x % size - size / 2)  # in the open, the square's own middle
    score = room.ravel()[at] - 0.02 * aside
    square = (y // size) * (w // size + 1) + x // size
    key = basins.ravel()[at].astype(np.int64) * ((h // size + 1) * (w // size + 1)) + square
    order = np.lexsort((score, key))
    last = order[np.append(np.diff(key[order]) > 0, True)] if len(order) else order
    best = last[np.argsort(-score[last], kind="stable")]
    kept: list[int] = []
    points = np.stack([y[best], x[best]], 1).astype(np.float64)
    owner = basins.ravel()[at[best]]
    close = (cdist(points, points) < size * 2 / 3) & (owner[:, None] == owner) if len(best) else np.zeros((0, 0), bool)
    for i in range(len(best)):
        if not close[i, kept].any():
            kept.append(i)
    return at[best[kept]]
