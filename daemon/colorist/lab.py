"""sRGB and CIE Lab (D65) for small tables and for bands of a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def to_lab(rgb16: NDArray[np.uint16]) -> NDArray[np.float32]:
    """sRGB uint16 (n, 3), 0…65535 -> Lab float32 (n, 3), L 0…100."""
    if not len(rgb16):
        return np.zeros((0, 3), np.float32)
    unit = (np.asarray(rgb16, np.float32) / 65535).reshape(1, -1, 3)
    lab: NDArray[np.float32] = np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2Lab), np.float32)[0]
    return lab


def to_rgb16(lab: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Lab float32 (n, 3) -> the nearest 8-bit sRGB colour, uint16 (n, 3), multiples of 257; clipped to the gamut."""
    if not len(lab):
        return np.zeros((0, 3), np.uint16)
    unit = cv2.cvtColor(np.asarray(lab, np.float32).reshape(1, -1, 3), cv2.COLOR_Lab2RGB)[0]
    return np.asarray(np.rint(np.clip(unit, 0, 1) * 255) * 257, np.uint16)


def difference(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """CIE76 ΔE between Lab (…, 3) arrays, broadcast against each other."""
    d = a - b
    return np.asarray(np.sqrt(np.einsum("...c,...c->...", d, d)), np.float32)
