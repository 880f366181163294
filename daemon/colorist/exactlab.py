"""L of a picture and back, to the last bit: OpenCV's own conversion is off by up to half a level of 255.

CIE 1976 Lab with the white of sRGB (D65), as everywhere; greys have a = b = 0 exactly.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from .pixels import Pixels

Floats = NDArray[np.float32]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_TO_WHITE = _TO_XYZ / _TO_XYZ.sum(1, keepdims=True)  # X, Y and Z in units of the white's
_FROM_WHITE = np.linalg.inv(_TO_WHITE).astype(np.float32)
_LUMINANCE = _TO_WHITE[1].astype(np.float32)
_KNEE, _SLOPE = 6 / 29, 3 * (6 / 29) ** 2  # where the cube root ends, and the slope of the line below
_HUES, _LEVELS = 361, 201  # of the table of limits: a column a degree, a row for half a unit of L
_INSIDE = 1e-4  # how far a linear channel may lie beyond 0…1


def lightness(rgb: Pixels) -> Floats:
    """uint8 or uint16 (h, w, 1 grey | 3 sRGB) -> L, float32 (h, w), 0…100."""
    linear = _decoding(rgb.dtype == np.uint8)[rgb]
    luminance = linear[..., 0] if rgb.shape[2] == 1 else linear @ _LUMINANCE
    root = np.where(luminance > _KNEE**3, cv2.pow(luminance, 1 / 3), luminance / _SLOPE + 4 / 29)
    return np.asarray(116 * root - 16, np.float32)


def to_srgb(lab: Floats) -> Floats:
    """Lab float32 (h, w, 3) -> sRGB float32 (h, w, 3), 0…1. What is out of gamut loses chroma and keeps hue and L."""
    linear = np.clip(_linear(lab[..., 0], *_fitted(lab)), 0, 1)
    curved = cv2.pow(linear, 1 / 2.4)
    return np.where(linear <= 0.0031308, linear * np.float32(12.92), curved * np.float32(1.055) - np.float32(0.055))


def _linear(lightness: Floats, a: Floats, b: Floats) -> Floats:
    """Lab -> linear sRGB, (h, w, 3), not clipped."""
    y = (lightness + 16) / np.float32(116)
    root = cv2.merge([y + a / np.float32(500), y, y - b / np.float32(200)])
    xyz = np.where(root > _KNEE, root * root * root, np.float32(_SLOPE) * (root - np.float32(4 / 29)))
    return np.asarray(cv2.transform(xyz, _FROM_WHITE), np.float32)


def _fitted(lab: Floats) -> tuple[Floats, Floats]:
    """a and b with no more chroma than sRGB has at that L and hue."""
    a, b = np.ascontiguousarray(lab[..., 1]), np.ascontiguousarray(lab[..., 2])
    chroma, hue = cv2.cartToPolar(a, b, angleInDegrees=True)
    rows = np.clip(lab[..., 0] * np.float32((_LEVELS - 1) / 100), 0, _LEVELS - 1)
    most = cv2.remap(_limits(), np.asarray(hue, np.float32), rows, cv2.INTER_LINEAR)
    share = np.minimum(np.float32(1), most / np.maximum(chroma, np.float32(1e-6)))
    return a * share, b * share


@cache
def _decoding(eight: bool) -> Floats:
    """Each sample's linear light."""
    unit = np.linspace(0, 1, 256 if eight else 65536)
    return np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4).astype(np.float32)


@cache
def _limits() -> Floats:
    """The largest chroma in gamut, float32 (levels of L, hues), by halving: sRGB is star-shaped around grey."""
    angle = np.deg2rad(np.arange(_HUES, dtype=np.float32))[None]
    level = np.linspace(0, 100, _LEVELS, dtype=np.float32)[:, None] + 0 * angle
    low, high = np.zeros_like(level), np.full_like(level, 180)
    for _ in range(16):
        middle = (low + high) / 2
        linear = _linear(level, middle * np.cos(angle), middle * np.sin(angle))
        inside = (linear >= -_INSIDE).all(2) & (linear <= 1 + _INSIDE).all(2)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(low, np.float32)
