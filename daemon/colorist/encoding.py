"""Colours as samples of the wire: sRGB or Lab, 8 or 16 bit, as `linewash.contract.Plane` defines them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .lab import to_lab
from .pixels import Pixels


def encoded_table(colors: NDArray[np.uint16], opaque: NDArray[np.bool_], space: str, depth: int) -> Pixels:
    """sRGB uint16 (n, 3) -> (n, 4) samples; what is not opaque is all zeros. 8-bit colours (times 257) stay exact."""
    if space == "lab":
        samples = encoded_lab(to_lab(colors)[None], "lab", depth)[0]
    else:
        samples = ((colors.astype(np.uint32) + 128) // 257).astype(np.uint8) if depth == 8 else colors
    out = np.zeros((len(colors), 4), samples.dtype)
    out[opaque, :3] = samples[opaque]
    out[opaque, 3] = np.iinfo(samples.dtype).max
    return out


def encoded_lab(lab: NDArray[np.float32], space: str, depth: int) -> Pixels:
    """Lab float32 (h, w, 3) -> samples (h, w, 3) in ``space`` "rgb" or "lab"."""
    kind, most = (np.uint8, 255) if depth == 8 else (np.uint16, 65535)
    if space == "rgb":
        unit = np.clip(cv2.cvtColor(np.ascontiguousarray(lab, np.float32), cv2.COLOR_Lab2RGB), 0, 1)
        return np.rint(unit * most).astype(kind)
    step = 1 if depth == 8 else 257
    scaled = lab * np.array([most / 100, step, step], np.float32)
    scaled += np.array([0, 128 * step, 128 * step], np.float32)
    return np.rint(np.clip(scaled, 0, most)).astype(kind)


def packed(samples: Pixels) -> NDArray[Any]:
    """(…, 4) samples seen as one integer a pixel, without a copy, so that a pixel is gathered at once."""
    whole = samples.view(np.uint32 if samples.dtype == np.uint8 else np.uint64)
    return whole[..., 0]
