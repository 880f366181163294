"""The truth of training: colours as they go on under the lines, and where they change."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

#: darker than this is line, of 255
INK_BELOW = 230
#: difference in Lab over 3 px from which on two colours are two: soft shading stays under it
CONTOUR = 9.0
#: how much of a difference in lightness counts, beside one in colour: light and shade are no colour border
LIGHTNESS = 0.7


def near_line(line: Image, reach: float = 1.0) -> Mask:
    """Where ink is, and within `reach` px (at 512 px on the long side; 1 px at least) of it; bool (H, W)."""
    radius = max(1, round(reach * max(line.shape) / 512))
    ink = (line < INK_BELOW).astype(np.uint8)
    return cv2.dilate(ink, np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)).astype(bool)


def flats(color: Image, line: Image, reach: float = 1.0) -> Image:
    """`color` with the colour under the lines replaced by the nearest off-line colour.

    Args:
        color: uint8 (H, W, 3) RGB.
        line: uint8 (H, W), 0 ink to 255 paper.
        reach: how far from the ink colours count as the line's soft edge, in px at 512 px on the long side.

    Returns:
        uint8 (H, W, 3); `color` itself, copied, where there is no line or nothing but line.
    """
    under = near_line(line, reach)
    out = color.copy()
    if under.all() or not under.any():
        return out
    _, labels = cv2.distanceTransformWithLabels(
        under.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    nearest = np.zeros((int(labels.max()) + 1, 3), np.uint8)
    nearest[labels[~under]] = color[~under]
    out[under] = nearest[labels[under]]
    return out


def contours(flat: Image) -> Mask:
    """Where the colours of `flat` (uint8 (H, W, 3), from `flats`) change; bool (H, W), about 2 px wide.

    A place is marked when Lab differs by more than `CONTOUR` over 3 px, across or down, after a 3 px median.
    """
    smooth = cv2.medianBlur(flat, 3).astype(np.float32) / 255
    lab = np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2LAB), np.float32)
    lab[..., 0] *= LIGHTNESS
    change = np.zeros(flat.shape[:2], np.float32)
    across, down = lab[:, 2:] - lab[:, :-2], lab[2:] - lab[:-2]
    change[:, 1:-1] = np.einsum("ijk,ijk->ij", across, across)
    change[1:-1] = np.maximum(change[1:-1], np.einsum("ijk,ijk->ij", down, down))
    return change > CONTOUR**2


def under_lines(flat: Image, line: Image) -> Image:
    """``flat`` uint8 (H, W, 3) times the line art."""
    return np.asarray((flat.astype(np.float32) * (line[..., None].astype(np.float32) / 255)).round(), np.uint8)
