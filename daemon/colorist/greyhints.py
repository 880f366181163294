"""Strokes on a greyscale picture: their a and b are law under them, and reach into what looks alike around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.graph import MCP_Geometric
from skimage.segmentation import watershed

from ..generator import Hints
from .exactlab import Floats
from .lab import to_lab
from .pixels import Pixels, bands
from .strokes import Ints, packed_colors, palette, unpacked

_REACH = 0.8  # of the long side: how far a stroke reaches over an even area; edges end it much sooner
_WALL = 20.0  # L: crossing so much ends a stroke's reach at once
_RELIEF = 6.0  # of 255, a unit of L crossed: the relief that the strokes' floods meet on

Emptied = Callable[[NDArray[np.uint16]], NDArray[np.bool_]]


@dataclass(frozen=True)
class GreyStrokes:
    """Where strokes lie at working size (``shape``): ``y``, ``x``, ``color``, a row of ``colors``, int64 (m,).

    ``colors``: float32 (n, 3) Lab; ``empty``: bool (n,), those that leave what is under them grey.
    """

    shape: tuple[int, int]
    y: Ints
    x: Ints
    color: Ints
    colors: Floats
    empty: NDArray[np.bool_]

    def hints(self, h: int, w: int) -> Hints:
        """For a network, at its own size; strokes that leave grey are white to it."""
        markers = np.zeros((h, w), np.int32)
        markers[self.y * h // self.shape[0], self.x * w // self.shape[1]] = self.color + 1
        colors = np.where(self.empty[:, None], np.array([100, 0, 0], np.float32), self.colors)
        return Hints(markers, colors)

    def spread(self, painted: Floats, barrier: Floats) -> Floats:
        """``painted``, a and b (h, w, 2) at working size, drawn towards the strokes' within their reach."""
        if not len(self.colors):
            return painted
        markers = np.zeros(self.shape, np.int32)
        markers[self.y, self.x] = self.color + 1
        relief = np.asarray(np.clip(barrier * _RELIEF, 0, 255), np.uint8)
        label = np.asarray(watershed(relief, markers), np.int32)
        share = _faded(_distance(label, markers > 0, barrier))
        wanted = np.where(self.empty[:, None], np.float32(0), self.colors[:, 1:])[label - 1]
        return np.asarray(painted + share[..., None] * (wanted - painted), np.float32)


def read_grey_strokes(hints: Pixels | None, shape: tuple[int, int], emptied: Emptied) -> GreyStrokes:
    """``hints``: uint8 or uint16 (H, W, 2 grey, alpha | 4 RGBA); pixels at least half opaque count. ``shape``: the
    working size. ``emptied``: which of uint16 (n, 3) sRGB colours leave what is under them grey."""
    h, w = shape
    cells, packed = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    if hints is not None:
        height, width = hints.shape[:2]
        for top, bottom in bands(height, width):
            band = hints[top:bottom]
            at = np.flatnonzero(stroked(band))
            cell, first = np.unique((at // width + top) * h // height * w + at % width * w // width, return_index=True)
            cells.append(cell)
            packed.append(packed_colors(band.reshape(-1, hints.shape[2])[at[first]]))
    cell, first = np.unique(np.concatenate(cells), return_index=True)
    row, colors = palette(np.concatenate(packed)[first], np.ones(len(first)))
    return GreyStrokes(shape, cell // w, cell % w, row, to_lab(colors), emptied(colors))


def stroked(band: Pixels) -> NDArray[np.bool_]:
    """Pixels of a hint layer that are at least half opaque, (h, w)."""
    return np.asarray(band[..., -1] >= (128 if band.dtype == np.uint8 else 32768))


def law(band: Pixels, on: NDArray[np.bool_], emptied: Emptied) -> Floats:
    """a and b of the strokes at the pixels ``on`` of ``band``, float32 (n, 2)."""
    colors = unpacked(packed_colors(band[on]))
    lab = to_lab(colors)[:, 1:]
    lab[emptied(colors)] = 0
    return lab


def _distance(label: NDArray[np.int32], strokes: NDArray[np.bool_], barrier: Floats) -> Floats:
    """How far each pixel is from the strokes of its own label: 1 is out of reach, over even ground or over edges.

    Minimal cost paths over the picture (Dijkstra); where labels meet no path goes through.
    """
    cost = 1 / (_REACH * max(label.shape)) + barrier.astype(np.float64) / _WALL
    border = np.zeros(label.shape, bool)
    border[:-1] |= label[:-1] != label[1:]
    border[:, :-1] |= label[:, :-1] != label[:, 1:]
    border[:-1, :-1] |= label[:-1, :-1] != label[1:, 1:]
    border[:-1, 1:] |= label[:-1, 1:] != label[1:, :-1]
    border &= ~strokes
    far, _ = MCP_Geometric(np.where(border, -1, cost)).find_costs(np.argwhere(strokes))
    far = np.asarray(np.minimum(far, 2), np.float32)
    return _bridged(far, border, label, cost) if border.any() else far


def _bridged(far: Floats, border: NDArray[np.bool_], label: NDArray[np.int32], cost: NDArray[np.float64]) -> Floats:
    """``far`` on the ``border`` too, where no path went: one step from what has the same label beside it."""
    h, w = label.shape
    y, x = np.nonzero(border)
    best = np.full(len(y), 2, np.float32)
    for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        near = np.clip(y + down, 0, h - 1), np.clip(x + across, 0, w - 1)
        same = (label[near] == label[y, x]) & ~border[near]
        best = np.where(same, np.minimum(best, far[near]), best)
    out = far.copy()
    out[y, x] = np.minimum(2, best + cost[y, x])
    return out


def _faded(far: Floats) -> Floats:
    """1 at a stroke, 0 out of reach, smooth between."""
    near = np.clip(1 - far, 0, 1)
    return np.asarray(near * near * (3 - 2 * near), np.float32)


def resized(planes: Floats, h: int, w: int) -> Floats:
    """Float32 (h', w', c) -> (h, w, c), bilinear."""
    out = cv2.resize(planes, (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(out, np.float32).reshape(h, w, planes.shape[2])
