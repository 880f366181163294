"""Small drawings for tests, and the requests that send them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.contract import Color, Options, Plane, Rgb
from linewash.pictures import Picture, lineart_hash
from linewash_daemon.colorist import Colorist, Painted

NAMES: dict[int, Any] = {1: "gray", 2: "graya", 3: "rgb", 4: "rgba"}
RED, BLUE, GREEN = (230, 41, 55), (20, 60, 201), (11, 140, 52)


def sheet(height: int = 200, width: int = 200) -> NDArray[np.uint8]:
    """White paper, (height, width, 1)."""
    return np.full((height, width, 1), 255, np.uint8)


def with_square(side: int = 200, gap: int = 0, width: int = 3) -> NDArray[np.uint8]:
    """A square around the middle of the sheet, with an opening of ``gap`` px in its right side."""
    art = sheet(side, side)
    low, high = side // 4, side - side // 4
    cv2.rectangle(art, (low, low), (high, high), 0, width)
    if gap:
        middle = side // 2
        art[middle - gap // 2 : middle - gap // 2 + gap, high - width : high + width + 1] = 255
    return art


def no_hints(art: NDArray[Any]) -> NDArray[np.uint8]:
    return np.zeros((*art.shape[:2], 4), np.uint8)


def stroke(hints: NDArray[Any], a: tuple[int, int], b: tuple[int, int], color: Rgb, width: int = 5) -> NDArray[Any]:
    """A stroke from ``a`` to ``b`` (x, y), drawn in place."""
    cv2.line(hints, a, b, (*color, 255), width)
    return hints


def request(
    art: NDArray[Any], hints: NDArray[Any] | None = None, hash: str = "", sent: bool = True, **options: Any
) -> Color:
    channels = NAMES[art.shape[2]]
    depth: Any = art.dtype.itemsize * 8
    digest = hash or lineart_hash(Picture(art.shape[1], art.shape[0], channels, depth, np.ascontiguousarray(art)))
    plane = Plane(art.shape[1], art.shape[0], channels, depth, 0 if sent else None)
    hint_plane = None
    if hints is not None:
        kind: Any = hints.dtype.itemsize * 8
        hint_plane = Plane(hints.shape[1], hints.shape[0], NAMES[hints.shape[2]], kind, 1 if sent else 0)
    return Color("1", plane, digest, hint_plane, Options(**options))


def color(
    colorist: Colorist, art: NDArray[Any], hints: NDArray[Any] | None = None, sent: bool = True, **options: Any
) -> Painted:
    asked = request(art, hints, sent=sent, **options)
    frame = np.ascontiguousarray(art) if sent else None
    return colorist.color(asked, frame, hints, lambda stage, fraction: None, lambda: False)


def plane(painted: Painted, role: str) -> NDArray[Any]:
    """The pixels of the first layer of ``role``."""
    layer = next(layer for layer in painted.layers if layer.role == role)
    assert layer.plane.frame is not None
    return painted.planes[layer.plane.frame]
