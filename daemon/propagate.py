"""Strokes carried over a drawing by rules, at working size: what the network is given, and learns when to trust.

Three sources, each an int32 (h, w) map of stroke labels: a marker watershed over the ink alone (Meyer 1994), the
same over ink and learned contours, and a bucket fill of the closed areas. At 512 px all three take about 50 ms.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import watershed

from .generator import Hints, Sources

_INK_FLOOR = 0.05  # lighter than this is paper: scanner noise must not steer a flood
_PAPER = 0.22  # a bucket fill stops where there is more ink than this


def propagate(lines: NDArray[np.float32], contours: NDArray[np.float32], hints: Hints) -> Sources:
    """All three sources for ``hints`` over ``lines`` (float32 (h, w), 0 paper … 1 ink) and ``contours`` (0…1)."""
    ink = elevation(lines)
    both = with_contours(ink, contours)
    return Sources(
        flood(ink, hints.markers),
        flood(both, hints.markers),
        fill(lines, hints.markers),
    )


def flood(relief: NDArray[np.uint8], markers: NDArray[np.int32]) -> NDArray[np.int32]:
    """A marker watershed of ``relief``: each pixel takes the label that reaches it first, 0 without strokes."""
    if not markers.any():
        return np.zeros_like(markers)
    return np.asarray(watershed(relief, markers), np.int32)


def elevation(lines: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The ink as a relief, uint8: blurred by 0.7 px at 512 px so that a flood finds the middle of a line."""
    blurred = cv2.GaussianBlur(lines, (0, 0), max(0.3, 0.7 * max(lines.shape) / 512))
    return quantised(np.asarray(np.where(blurred < _INK_FLOOR, 0, blurred), np.float32))


def with_contours(relief: NDArray[np.uint8], contours: NDArray[np.float32]) -> NDArray[np.uint8]:
    """``relief`` with a ridge where a colour border is likely: the root lifts faint ones, ink stays the highest."""
    return np.maximum(relief, quantised(np.sqrt(contours) * 0.9))


def quantised(relief: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(relief, 0, 1) * 255, np.uint8)


def fill(lines: NDArray[np.float32], markers: NDArray[np.int32]) -> NDArray[np.int32]:
    """Each closed area of paper takes the stroke label with most pixels in it, 0 where it holds none."""
    _, areas = cv2.connectedComponents((lines < _PAPER).astype(np.uint8), connectivity=4)
    on = (markers > 0) & (areas > 0)
    if not on.any():
        return np.zeros_like(markers)
    width = int(markers.max()) + 1
    pairs, counts = np.unique(areas[on].astype(np.int64) * width + markers[on], return_counts=True)
    winner = np.zeros(int(areas.max()) + 1, np.int32)
    order = np.argsort(counts, kind="stable")  # the commonest label of an area is written last
    winner[pairs[order] // width] = pairs[order] % width
    return grown(winner[areas], areas > 0)


def grown(labels: NDArray[np.int32], known: NDArray[np.bool_]) -> NDArray[np.int32]:
    """``labels`` with every pixel that is not ``known`` given the label of the nearest one that is."""
    if known.all() or not known.any():
        return labels
    _, nearest = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    at = np.zeros(int(nearest.max()) + 1, np.int32)
    at[nearest[known]] = labels[known]
    return np.asarray(at[nearest], np.int32)
