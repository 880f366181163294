"""Drawings with light of a known kind: balls in ink, flat or painted as if lit."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE, CENTER, RADIUS = 256, (128, 128), 80
RED = (200, 80, 60)
WHITE = (255, 255, 255)

Image = NDArray[np.uint8]


def ball(color: tuple[int, int, int] = RED, around: tuple[int, int, int] = WHITE) -> tuple[Image, Image]:
    """A flat disc: colour uint8 (256, 256, 3) and line uint8 (256, 256)."""
    picture = np.full((SIDE, SIDE, 3), around, np.uint8)
    line = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.circle(picture, CENTER, RADIUS, color, -1)
    cv2.circle(line, CENTER, RADIUS, 0, 3)
    return picture, line


def shaded(towards: tuple[float, float], strength: float = 0.5) -> tuple[Image, Image]:
    """The same disc, up to ``strength`` darker the farther from ``towards``, a direction (x right, y down)."""
    picture, line = ball()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    turned = ((x - CENTER[0]) * towards[0] + (y - CENTER[1]) * towards[1]) / RADIUS / np.hypot(*towards)
    kept = 1 - strength * np.clip(0.5 - turned, 0, 1)
    inside = (picture != 255).any(2)
    picture[inside] = np.rint(picture[inside] * kept[inside][:, None])
    return picture, line
