"""The flat regions that the true picture has off the lines.

Lengths are given at a long side of 512 px and scale with the picture. Line art is uint8 (H, W), 0 ink to 255 paper;
the true picture uint8 (H, W, 3) RGB.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .flats import INK_BELOW, Image, Mask, near_line

Labels = NDArray[np.int32]

_STEP = 24  # colours that differ by no more in every channel are one flat colour
_MOST_COLORS = 250
_SMALLEST = 40  # px at 512


def scale_of(shape: tuple[int, ...]) -> float:
    """The long side of a picture in units of 512 px."""
    return max(shape[:2]) / 512


def ink(line: Image) -> Mask:
    return np.asarray(line < INK_BELOW)


@dataclass(frozen=True)
class Regions:
    """The flat regions of a true picture: ``labels`` int32 (H, W), 0 on lines and in specks; row r of ``colors``
    uint8 (n + 1, 3) RGB is the median colour of region r, ``areas`` int64 (n + 1,) its pixels. Row 0 is empty."""

    labels: Labels
    colors: Image
    areas: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.areas) - 1


def truth_regions(color: Image, line: Image) -> Regions:
    """Connected areas (4 neighbours) of one quantised colour off the lines, 40 px (at 512) or larger.

    The palette is greedy: from the commonest of 32³ colours to the rarest, each joins the nearest colour so far
    (largest difference of a channel) when that is within 24 levels, or becomes a new one.
    """
    indices = _palette_indices(color, ~near_line(line))
    pieces = _connected(indices)
    count = int(pieces.max()) + 1
    areas = np.bincount(pieces.ravel(), minlength=count)
    areas[0] = 0
    keep = np.flatnonzero(areas >= max(8.0, _SMALLEST * scale_of(line.shape) ** 2))
    _, first = np.unique(pieces.ravel(), return_index=True)
    present = np.zeros(count, np.int64)
    present[np.unique(pieces)] = first
    keep = keep[np.lexsort((present[keep], indices.ravel()[present[keep]]))]  # by palette colour, then top to bottom
    renamed = np.zeros(count, np.int32)
    renamed[keep] = np.arange(1, len(keep) + 1)
    labels = renamed[pieces]
    return Regions(labels, _median_colors(color, labels, len(keep)), np.concatenate([[0], areas[keep]]))


def _palette_indices(color: Image, off: Mask) -> Labels:
    """int32 (H, W): which palette colour each pixel off the lines has; -1 on lines."""
    coarse = cv2.medianBlur(np.ascontiguousarray(color), 3)[off].astype(np.int32) // 8
    keys, inverse, counts = np.unique(
        coarse[:, 0] << 10 | coarse[:, 1] << 5 | coarse[:, 2], return_inverse=True, return_counts=True
    )
    colors = np.stack([keys >> 10, keys >> 5 & 31, keys & 31], 1) * 8 + 4
    palette = np.empty((_MOST_COLORS, 3), np.int32)
    used = 0
    index_of = np.zeros(len(keys), np.int32)
    for i in np.argsort(-counts, kind="stable"):
        distance = np.abs(palette[:used] - colors[i]).max(1)
        if used and (distance.min() <= _STEP or used == _MOST_COLORS):
            index_of[i] = distance.argmin()
            continue
        palette[used] = colors[i]
        index_of[i] = used
        used += 1
    indices = np.full(off.shape, -1, np.int32)
    indices[off] = index_of[inverse.ravel()]
    return indices


def _connected(indices: Labels) -> Labels:
    """Labels from 1 of the 4-connected areas of equal index; 0 where the index is -1."""
    pieces = np.zeros(indices.shape, np.int32)
    used = 0
    for index in range(int(indices.max()) + 1):
        where = indices == index
        rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
        if not len(rows):
            continue
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        count, labels = cv2.connectedComponents(where[box].astype(np.uint8), connectivity=4)
        inside = labels > 0
        pieces[box][inside] = labels[inside] + used
        used += count - 1
    return pieces


def _median_colors(color: Image, labels: Labels, count: int) -> Image:
    """The median RGB of each label, uint8 (count + 1, 3); row 0 is black."""
    where = labels > 0
    owners = labels[where].astype(np.int32)
    sizes = np.bincount(owners, minlength=count + 1)[1:]
    starts = np.cumsum(sizes) - sizes
    medians = np.zeros((count + 1, 3), np.uint8)
    for channel in range(3):
        values = np.sort(owners << 8 | color[..., channel][where]) & 255
        middle = (values[starts + (sizes - 1) // 2] + values[starts + sizes // 2]) / 2
        medians[1:, channel] = np.round(middle)
    return medians
