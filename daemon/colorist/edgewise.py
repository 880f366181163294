"""Colours that keep to the edges of L: smoothed at working size, and enlarged to full size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .exactlab import Floats

_RADIUS = 8  # px of working size
_FLAT = 2.0  # L: differences as small as this are no edges
_LIKE = 6.0  # L: how alike two places are that take each other's colours
_NO_PARTS = np.zeros(0, np.uint16)  # places are whole pixels
_LEAST = np.float32(1e-4)  # of weight, so that a pixel like none of those around it takes their mean


Places = NDArray[np.int16]


def guided(planes: Floats, guide: Floats) -> Floats:
    """``planes`` float32 (h, w, c) smoothed, but for edges of ``guide`` float32 (h, w), L: the guided filter of
    He, Sun and Tang 2013, equations 5 and 6."""
    mean = _mean(guide)
    variance = _mean(guide * guide) - mean * mean
    out = np.empty_like(planes)
    for c in range(planes.shape[2]):
        plane = planes[..., c]
        middle = _mean(plane)
        covariance = _mean(guide * plane) - mean * middle
        slope = np.asarray(covariance / (variance + np.float32(_FLAT**2)), np.float32)
        out[..., c] = _mean(slope) * guide + _mean(middle - slope * mean)
    return out


def _mean(plane: Floats) -> Floats:
    size = (2 * _RADIUS + 1, 2 * _RADIUS + 1)
    return np.asarray(cv2.blur(plane, size, borderType=cv2.BORDER_REFLECT), np.float32)


def enlarged(planes: Floats, small: Floats, light: Floats, height: int, top: int) -> Floats:
    """Rows of ``planes`` float32 (h, w, c ≤ 3), enlarged to ``height`` rows and the width of ``light``.

    ``small``: float32 (h, w), L at the size of the planes; ``light``: float32 (rows, W), L of the rows from ``top`` on.
    Each pixel takes the mean of the four around it, weighted as in bilinear interpolation and by how near their L is to
    its own: joint bilateral upsampling (Kopf et al. 2007, section 3), with the smallest window there is.
    """
    h, w = small.shape
    y = (np.arange(top, top + light.shape[0], dtype=np.float32) + np.float32(0.5)) * np.float32(h / height) - 0.5
    x = (np.arange(light.shape[1], dtype=np.float32) + np.float32(0.5)) * np.float32(w / light.shape[1]) - 0.5
    channels = planes.shape[2]
    source = np.concatenate([planes, small[..., None]], 2)
    total = np.zeros((*light.shape, channels), np.float32)
    weights = np.zeros(light.shape, np.float32)
    for rows, down in _neighbours(y, h):
        for columns, across in _neighbours(x, w):
            here = cv2.remap(source, _places(rows, columns), _NO_PARTS, cv2.INTER_NEAREST)
            near = (here[..., channels] - light) * np.float32(1 / _LIKE)
            weight = (cv2.exp(near * near * np.float32(-0.5)) + _LEAST) * down[:, None] * across
            total += here[..., :channels] * weight[..., None]
            weights += weight
    return np.asarray(total / weights[..., None], np.float32)


def _neighbours(at: Floats, count: int) -> list[tuple[Places, Floats]]:
    """The two places on either side of each of ``at``, and their shares."""
    low = np.floor(at)
    part = np.asarray(at - low, np.float32)
    places = [np.clip(low + step, 0, count - 1).astype(np.int16) for step in (0, 1)]
    return [(places[0], 1 - part), (places[1], part)]


def _places(rows: Places, columns: Places) -> Places:
    """The places that ``rows`` and ``columns`` make, (rows, columns, 2), x before y."""
    out = np.empty((len(rows), len(columns), 2), np.int16)
    out[..., 0], out[..., 1] = columns, rows[:, None]
    return out
