"""A greyscale picture as the colorist keeps it: L at full size, and what hints need to know of its edges.

Coloured pictures are taken for their L. All of it is read in bands of rows, so that memory stays flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .exactlab import Floats, lightness
from .pixels import Pixels, bands, eight_bit
from .prepare import working_size

SIDE = 512  # px: the long side that colours and hints are worked out at
_GRAIN = 3.0  # L between two pixels of the picture up to which a difference is grain
_SOFT = 1.5  # L a pixel at working size, likewise


@dataclass(frozen=True)
class GreyPicture:
    """``lightness``: uint16 (H, W), L 0…100 as 0…65535. ``alpha``: uint8 or uint16 (H, W), or None.

    ``small``: float32 (h, w), L over white paper at working size. ``barrier``: float32 (h, w), L that is crossed on
    the way over a pixel of working size, grain not counted, and thin lines not lost.
    """

    lightness: NDArray[np.uint16]
    alpha: Pixels | None
    small: Floats
    barrier: Floats

    @property
    def shape(self) -> tuple[int, int]:
        return self.lightness.shape[0], self.lightness.shape[1]

    @property
    def nbytes(self) -> int:
        alpha = 0 if self.alpha is None else self.alpha.nbytes
        return self.lightness.nbytes + alpha + self.small.nbytes + self.barrier.nbytes

    def rows(self, top: int, bottom: int) -> Floats:
        """L of rows ``top`` … ``bottom``, float32, 0…100."""
        return self.lightness[top:bottom].astype(np.float32) * np.float32(100 / 65535)


def read_grey(pixels: Pixels) -> GreyPicture:
    """``pixels``: uint8 or uint16 (H, W, 1 grey | 2 grey, alpha | 3 RGB | 4 RGBA)."""
    height, width, channels = pixels.shape
    factor = max(1, max(height, width) // (2 * SIDE))
    kept = np.empty((height, width), np.uint16)
    shape = (-(-height // factor), -(-width // factor))
    light, crossed = np.empty(shape, np.float32), np.empty(shape, np.float32)
    above = None
    for top, bottom in bands(height, width, factor):
        band = pixels[top:bottom]
        exact = lightness(band[..., : channels - 1 + channels % 2])
        kept[top:bottom] = np.rint(exact * np.float32(655.35))
        shown = exact if channels % 2 else lightness(_over_white(band))
        rows = slice(top // factor, -(-bottom // factor))
        light[rows], crossed[rows] = _shrunk(shown, factor), _shrunk(_steps(shown, above), factor)
        above = shown[-1:]
    h, w = working_size(height, width, SIDE, 1)
    small = np.asarray(cv2.resize(light, (w, h), interpolation=cv2.INTER_AREA), np.float32)
    fine = cv2.resize(crossed, (w, h), interpolation=cv2.INTER_AREA) * np.float32(max(height / h, width / w))
    alpha = None if channels % 2 else np.ascontiguousarray(pixels[..., -1])
    return GreyPicture(kept, alpha, small, np.maximum(fine, _slope(small)))


def _over_white(band: Pixels) -> Pixels:
    flat = eight_bit(band).astype(np.float32)
    cover = flat[..., -1:] / 255
    return np.asarray(np.rint(flat[..., :-1] * cover + 255 * (1 - cover)), np.uint8)


def _steps(light: Floats, above: Floats | None) -> Floats:
    """The larger of the differences to the pixels on the left and above, as far as it is more than grain."""
    before = np.concatenate([light[:1] if above is None else above, light[:-1]])
    left = np.concatenate([light[:, :1], light[:, :-1]], 1)
    most = np.maximum(cv2.absdiff(light, left), cv2.absdiff(light, before))
    return np.maximum(most - np.float32(_GRAIN), 0)


def _slope(light: Floats) -> Floats:
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0, ksize=1, scale=0.5, borderType=cv2.BORDER_REPLICATE)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1, ksize=1, scale=0.5, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(np.maximum(cv2.magnitude(across, down) - np.float32(_SOFT), 0), np.float32)


def _shrunk(light: Floats, factor: int) -> Floats:
    if factor == 1:
        return light
    h, w = light.shape
    padded = cv2.copyMakeBorder(light, 0, -h % factor, 0, -w % factor, cv2.BORDER_REPLICATE)
    size = (padded.shape[1] // factor, padded.shape[0] // factor)
    return np.asarray(cv2.resize(padded, size, interpolation=cv2.INTER_AREA), np.float32)
