"""In what manner a stroke was drawn: how large it is beside the others, and how far from lines it goes.

Who marks something thin draws little, and keeps close to its outline.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

FIGURES = 2
_INK = 0.3  # of a line map from which a pixel is line
_LARGE, _OPEN, _MIDDLE = 2.0, 4.0, 0.6  # so that figures are about -1…1


def room(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far it is from each pixel to a line, in long sides: float32 (h, w). ``lines``: (h, w), 0 paper … 1 ink."""
    away = cv2.distanceTransform((lines < _INK).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(away / max(lines.shape), np.float32)


def manner(area: NDArray[np.floating], depth: NDArray[np.floating]) -> NDArray[np.float32]:
    """Float32 (s, `FIGURES`) of s strokes, about -1…1. ``area``: of each, in whatever unit: what counts is how large
    one is beside the median. ``depth``: the most `room` there is at any of its pixels."""
    if not len(area):
        return np.zeros((0, FIGURES), np.float32)
    size = np.log2(np.maximum(area, 1e-9) / max(float(np.median(area)), 1e-9)) / _LARGE
    return np.stack([np.clip(size, -2, 2), _OPEN * np.sqrt(depth) - _MIDDLE], 1).astype(np.float32)
