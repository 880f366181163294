"""The colour spaces that painter networks predict, as planes of small numbers, and the way back to Lab.

| space | planes |
|---|---|
| ``rgb`` | sRGB, -1…1 |
| ``ab`` | a and b of Lab, divided by 110 |
| ``lab`` | L / 50 - 1, then as ``ab`` |
| ``uv`` | U and V of BT.601 over sRGB 0…1, about -0.5…0.5 |
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Space = Literal["rgb", "ab", "lab", "uv"]
PLANES: dict[str, int] = {"rgb": 3, "ab": 2, "lab": 3, "uv": 2}
_AB = np.float32(110)
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_U, _V = np.float32(0.492111), np.float32(0.877283)  # of blue and of red minus luma


def encode(rgb: NDArray[np.uint8], space: Space) -> NDArray[np.float32]:
    """uint8 (H, W, 3) sRGB -> float32 (C, H, W)."""
    unit = rgb.astype(np.float32) / np.float32(255)
    if space == "rgb":
        planes = unit * 2 - 1
    elif space == "uv":
        luma = unit @ _LUMA
        planes = np.stack([(unit[..., 2] - luma) * _U, (unit[..., 0] - luma) * _V], -1)
    else:
        lab = cv2.cvtColor(unit, cv2.COLOR_RGB2Lab)
        planes = lab[..., 1:] / _AB
        if space == "lab":
            planes = np.concatenate([lab[..., :1] / 50 - 1, planes], -1)
    return np.ascontiguousarray(planes.transpose(2, 0, 1), np.float32)


def decode(planes: NDArray[np.float32], space: Space, lightness: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (C, h, w) -> float32 (h, w, 3) Lab.

    ``lightness``: float32 (h, w), L 0…100 of what the network was given. ``ab`` and ``uv`` keep it; for ``uv`` it is
    taken for the luma that it was in training, whose grey has the same L. ``rgb`` and ``lab`` bring their own.
    """
    image = np.ascontiguousarray(planes.transpose(1, 2, 0), np.float32)
    if space == "lab":
        return np.concatenate([(image[..., :1] + 1) * 50, image[..., 1:] * _AB], -1)
    if space == "ab":
        return np.concatenate([lightness[..., None], image * _AB], -1)
    if space == "rgb":
        return _lab(np.clip((image + 1) / 2, 0, 1))
    luma = _luma(lightness)
    red, blue = luma + image[..., 1] / _V, luma + image[..., 0] / _U
    green = (luma - _LUMA[0] * red - _LUMA[2] * blue) / _LUMA[1]
    lab = _lab(np.clip(np.stack([red, green, blue], -1), 0, 1))
    lab[..., 0] = lightness
    return lab


def _luma(lightness: NDArray[np.float32]) -> NDArray[np.float32]:
    grey = np.zeros((*lightness.shape, 3), np.float32)
    grey[..., 0] = lightness
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_Lab2RGB)[..., 1], np.float32)


def _lab(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(np.asarray(unit, np.float32), cv2.COLOR_RGB2Lab), np.float32)
