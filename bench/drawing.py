"""Drawings to measure with: closed and almost closed outlines, more of them the larger the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash import Picture

Pixels = NDArray[np.uint8]

CREAM = (236, 214, 178, 255)
_CORNERS = 9  # of an outline, before it is rounded
_STROKES = 32


@dataclass(frozen=True)
class Drawing:
    """Line art, uint8 (side, side), 0 ink … 255 paper, and hints, uint8 (side, side, 4) RGBA, alpha 0 where empty."""

    lines: Pixels
    hints: Pixels

    @property
    def lineart(self) -> Picture:
        side = self.lines.shape[0]
        return Picture(side, side, "gray", 8, self.lines)

    def edited(self, number: int) -> Picture:
        """The hints with one more stroke, another place and colour for each ``number``."""
        rng = np.random.default_rng([number, 1])
        hints = self.hints.copy()
        side = hints.shape[0]
        _stroke(hints, rng.uniform(0.1, 0.9, 2) * side, rng)
        return Picture(side, side, "rgba", 8, hints)


def draw(side: int, seed: int) -> Drawing:
    """A page of ``side`` px square: side/64 rounded shapes that overlap as paper cut-outs do, every third with a gap,
    with two strokes inside each, and hints in the foremost 32 of them and on the background. Same seed, same drawing.
    """
    rng = np.random.default_rng(seed)
    page = np.full((side, side), 255, np.uint8)
    ink = max(1, side // 512)
    centres = []
    for number in range(max(4, side // 64)):
        centre = rng.uniform(0.08, 0.92, 2) * side
        outline = _outline(centre, rng.uniform(0.05, 0.14) * side, rng)
        cv2.fillPoly(page, [outline], 255)
        gap = 0 if number % 3 else max(1, len(outline) // 60)
        cv2.polylines(page, [outline[: len(outline) - gap]], gap == 0, 0, ink, cv2.LINE_AA)
        for _ in range(2):
            _detail(page, centre, 0.03 * side, ink, rng)
        centres.append(centre)
    hints = np.zeros((side, side, 4), np.uint8)
    for centre in centres[-_STROKES:]:
        _stroke(hints, centre, rng)
    cv2.line(hints, (side // 50, side // 50), (side // 12, side // 50), CREAM, max(2, side // 120))
    return Drawing(page, hints)


def _outline(centre: NDArray[np.float64], radius: float, rng: np.random.Generator) -> NDArray[np.int32]:
    """A closed curve through corners at uneven distances, rounded by a periodic convolution; int32 (points, 2)."""
    reach = rng.uniform(0.45, 1.0, _CORNERS)
    fine = np.interp(np.linspace(0, _CORNERS, 240, endpoint=False), np.arange(_CORNERS + 1), np.append(reach, reach[0]))
    window = np.hanning(33)
    smooth = np.convolve(np.tile(fine, 3), window / window.sum(), "same")[240:480]
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    points = centre + radius * smooth[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    rounded: NDArray[np.int32] = np.rint(points).astype(np.int32)
    return rounded


def _detail(page: Pixels, centre: NDArray[np.float64], reach: float, ink: int, rng: np.random.Generator) -> None:
    """One short open curve near ``centre``: a fold, an eyebrow."""
    bend = np.cumsum(rng.normal(0, reach / 6, (12, 2)), 0)
    points = np.rint(centre + rng.normal(0, reach, 2) + bend).astype(np.int32)
    cv2.polylines(page, [points], False, 0, ink, cv2.LINE_AA)


def _stroke(hints: Pixels, centre: NDArray[np.float64], rng: np.random.Generator) -> None:
    side = hints.shape[0]
    color = (*(int(c) for c in rng.integers(30, 240, 3)), 255)
    reach = np.array((0.01, 0.003)) * side
    start, end = (np.rint(point).astype(int).tolist() for point in (centre - reach, centre + reach))
    cv2.line(hints, start, end, color, max(2, side // 120))
