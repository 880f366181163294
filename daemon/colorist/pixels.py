"""Raw frames as arrays, and the walk over a picture in bands of rows that keeps memory flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.contract import CHANNELS, Plane
from linewash.errors import ProtocolError

BAND = 1 << 20  # pixels of a band
Pixels = NDArray[Any]  # uint8 or uint16


def as_array(plane: Plane, frame: Any) -> Pixels:
    """A frame's pixels, uint8 or uint16 (height, width, channels), without a copy. Raises `ProtocolError`."""
    view = memoryview(frame)
    if view.nbytes != plane.nbytes:
        raise ProtocolError(f"A frame should hold {plane.nbytes} bytes, {view.nbytes} came.")
    kind = np.dtype("u1" if plane.depth == 8 else "<u2")
    return np.frombuffer(view.cast("B"), kind).reshape(plane.height, plane.width, CHANNELS[plane.channels])


def bands(height: int, width: int, step: int = 1, pixels: int = BAND) -> Iterator[tuple[int, int]]:
    """(first row, row after the last) of each band; bands begin at multiples of ``step``."""
    rows = max(1, pixels // max(1, width) // step) * step
    for top in range(0, height, rows):
        yield top, min(height, top + rows)


def eight_bit(samples: Pixels) -> NDArray[np.uint8]:
    """Samples as 8 bit: 16-bit ones by their high byte."""
    return np.asarray(samples if samples.dtype == np.uint8 else samples >> 8, np.uint8)


def upscaled(small: NDArray[np.float32], height: int, width: int, top: int, bottom: int) -> NDArray[np.float32]:
    """Rows ``top`` … ``bottom`` of ``small`` (h, w) or (h, w, c) enlarged bilinearly to ``height`` × ``width``."""
    h, w = small.shape[:2]
    x, y = w / width, h / height
    matrix = np.array([[x, 0, x / 2 - 0.5], [0, y, (top + 0.5) * y - 0.5]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width, bottom - top)
    return np.asarray(cv2.warpAffine(small, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)
