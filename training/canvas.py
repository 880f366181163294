"""A page that is drawn in code, shape over shape, with what each of its pixels depicts; and the shapes and colours that
`scenery`, `people`, `animals` and `things` draw with.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator as Random
from numpy.typing import NDArray

from linewash_daemon.networks.depiction import CLASSES

from .semantic_truth import WHITE

ANY = ((50, 50, 50), (250, 250, 250))  # of 255, from and to
GREEN = ((40, 110, 30), (150, 200, 110))

Points = NDArray[np.floating]  # (n, 2), x and y in px
Color = NDArray[np.integer]  # (3,), 0…255 RGB


class Canvas:
    """``line`` uint8 (H, W), ``color`` uint8 (H, W, 3), ``told`` int8 (H, W, classes), painted over and over, all paper
    at first."""

    def __init__(self, height: int, width: int) -> None:
        self.line = np.full((height, width), 255, np.uint8)
        self.color = np.full((height, width, 3), 255, np.uint8)
        self.told = np.zeros((height, width, len(CLASSES)), np.int8)
        self.told[..., WHITE] = -1  # paper may be white

    def fill(self, shape: Points, color: NDArray[np.integer], what: int | None = None, ink: int = 1) -> None:
        """A closed shape of points (n, 2), x and y, over what lies behind, outlined; it is of the class ``what`` and of
        no other."""
        points = np.round(shape).astype(np.int32)
        height, width = self.line.shape
        (left, top), (right, low) = points.min(0).clip(0, (width, height)), (points.max(0) + 1).clip(0, (width, height))
        if not (left < right and top < low):  # off the page
            return
        box = np.s_[top:low, left:right]
        inside = cv2.fillPoly(np.zeros((low - top, right - left), np.uint8), [points - (left, top)], 1) > 0
        self.color[box][inside], self.told[box][inside], self.line[box][inside] = color, 0, 255
        if what is not None:
            self.told[box][inside, what] = 1
        cv2.polylines(self.line, [points], True, 0, ink, cv2.LINE_AA)

    def stroke(self, points: Points, ink: int = 1) -> None:
        cv2.polylines(self.line, [np.round(points).astype(np.int32)], False, 0, ink, cv2.LINE_AA)

    def write(self, text: str, middle: Points, wide: float, ink: int) -> None:
        """A word of block letters around ``middle``, x and y, ``wide`` px in all."""
        font = cv2.FONT_HERSHEY_SIMPLEX
        (across, high), _ = cv2.getTextSize(text, font, 1.0, 1)
        scale = wide / across
        at = np.round(middle + scale * np.array([-across / 2, high / 2])).astype(int)
        cv2.putText(self.line, text, (int(at[0]), int(at[1])), font, scale, 0, ink, cv2.LINE_AA)


def egg(middle: Points, radii: Points) -> Points:
    around = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    return np.asarray(middle + radii * np.stack([np.cos(around), np.sin(around)], 1))


def box(x: float, foot: float, half: float, height: float) -> Points:
    return np.array([[x - half, foot - height], [x + half, foot - height], [x + half, foot], [x - half, foot]])


def leaf(root: Points, long: float, turn: float, plump: float = 0.4, pointed: bool = True) -> Points:
    """From its ``root`` towards ``turn``, radians, points (n, 2); ``plump``: its width, of its length."""
    shape = egg(np.array([long / 2, 0.0]), np.array([long / 2, long / 2 * plump]))
    if pointed:
        shape[:, 1] *= np.sin(np.pi * np.clip(shape[:, 0] / long, 0, 1))
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray(shape @ spin.T + root)


def rounded(shape: Points) -> Points:
    """A closed shape (n, 2) as a curve through its points (Catmull and Rom 1974), (8 n, 2)."""
    before, after, far = (np.roll(shape, turn, 0) for turn in (1, -1, -2))
    t = np.linspace(0, 1, 8, endpoint=False)[None, :, None]
    p, q, r, s = (one[:, None] for one in (before, shape, after, far))
    curve = 2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3
    return np.asarray((curve / 2).reshape(-1, 2))


def petals(canvas: Canvas, at: Points, long: float, many: int, color: Color, middle: Color, ink: int) -> None:
    """So many around a ``middle``, each some ``long`` px."""
    for turn in np.linspace(0, 2 * np.pi, many, endpoint=False):
        canvas.fill(egg(at + long * np.array([np.cos(turn), np.sin(turn)]), np.full(2, long * 0.65)), color, ink=ink)
    canvas.fill(egg(at, np.full(2, long * 0.55)), middle, ink=ink)


def one_of(among: tuple[tuple[int, int, int], tuple[int, int, int]], rng: Random) -> Color:
    """A colour between two."""
    return np.asarray(rng.integers(*np.array(among)))
