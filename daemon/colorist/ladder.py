"""From labels at working size to labels at full size, doubling step by step.

Each step enlarges by Scale2x (A. Mazzoleni, 2001: edges of label areas stay smooth instead of growing stairs), then
lets the ink of the finer level decide: near it the labels are forgotten and grow back over paper only.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

INK = 80  # a line map value from which a pixel is ink; between two areas of paper it is law
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_BAND = 2  # px beside the ink in which enlarged labels may lie on the wrong side of it

Labels = NDArray[np.int32]
Line = NDArray[np.uint8]


def pyramid(line: Line, levels: int) -> list[Line]:
    """``line`` (0 paper … 255 ink) and its halvings; a pixel holds the most ink of the four below it."""
    out = [line]
    for _ in range(levels):
        line = out[-1]
        if line.shape[0] % 2 or line.shape[1] % 2:
            line = np.pad(line, ((0, line.shape[0] % 2), (0, line.shape[1] % 2)), mode="edge")
        wide = np.maximum(line[0::2], line[1::2])
        out.append(np.maximum(wide[:, 0::2], wide[:, 1::2]))
    return out


def lift(labels: Labels, lines: list[Line]) -> Labels:
    """``labels`` (> 0 everywhere) of the size of ``lines[-1]``, brought to that of ``lines[0]``."""
    for line in reversed(lines[:-1]):
        labels = _tidied(_doubled(labels)[: line.shape[0], : line.shape[1]], line)
    return labels


def _doubled(p: Labels) -> Labels:
    """Scale2x: a corner of a pixel takes its two neighbours' label where they agree and the opposite ones don't."""
    edge = np.pad(p, 1, mode="edge")
    up, down, left, right = edge[:-2, 1:-1], edge[2:, 1:-1], edge[1:-1, :-2], edge[1:-1, 2:]
    straight = (up != down) & (left != right)
    out = np.empty((p.shape[0] * 2, p.shape[1] * 2), np.int32)
    out[0::2, 0::2] = np.where(straight & (left == up), up, p)
    out[0::2, 1::2] = np.where(straight & (up == right), right, p)
    out[1::2, 0::2] = np.where(straight & (left == down), left, p)
    out[1::2, 1::2] = np.where(straight & (down == right), right, p)
    return out


def _tidied(labels: Labels, line: Line) -> Labels:
    """Labels within `_BAND` px of the ink grow anew from those farther off, over paper alone."""
    ink = (line >= INK).astype(np.uint8)
    near = cv2.dilate(ink, _CROSS, iterations=_BAND)
    out = np.ascontiguousarray(labels)
    flat = out.ravel()
    lines, unsure = np.flatnonzero(ink), np.flatnonzero(cv2.subtract(near, ink))
    under, before = flat[lines], flat[unsure]
    flat[lines] = flat[unsure] = 0
    _creep(flat, unsure, line.shape[1])
    flat[lines] = under
    flat[unsure] = np.where(flat[unsure] > 0, flat[unsure], before)
    return out


def _creep(flat: Labels, unsure: NDArray[np.intp], width: int) -> None:
    """Give the pixels ``unsure`` a label of one of their four neighbours, as often as the band is wide."""
    column = unsure % width
    around = [
        np.where(column > 0, unsure - 1, unsure),
        np.where(column < width - 1, unsure + 1, unsure),
        np.where(unsure >= width, unsure - width, unsure),
        np.where(unsure + width < flat.size, unsure + width, unsure),
    ]
    for _ in range(_BAND + 1):
        found = np.maximum.reduce([flat[a] for a in around])
        flat[unsure] = np.where(flat[unsure] > 0, flat[unsure], found)
