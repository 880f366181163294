"""Strokes as the soft colour maps that painter networks are given: three planes of RGB, white where nothing is known.

In training such a map is the finished picture with small areas taken out, then blurred (`softened`), as deepcolor and
after it a CS229 project did it; in use the strokes are all there is of that picture. Lengths are given at a long side
of 256 px and scale with the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from .histogram import Histogram

Planes = NDArray[np.float32]

#: edge of the box that colours are averaged over
BLUR = 100
#: edge of an area whose colour is taken out, or drawn from a histogram
PATCH = 10
#: how much of its distance from white a stroke's colour keeps in deepcolor's hint
STRENGTH = 0.3


def scaled(length: float, shape: tuple[int, ...]) -> int:
    """A length at 256 px in px of a picture of ``shape`` (h, w, …), 1 at least."""
    return max(1, round(length * max(shape[:2]) / 256))


def softened(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Float32 (h, w) or (h, w, 3) averaged over a box of `BLUR`; the picture goes on mirrored beyond its border."""
    edge = scaled(BLUR, image.shape)
    return np.asarray(cv2.blur(image, (edge, edge)), np.float32)


def as_planes(rgb: NDArray[np.float32]) -> Planes:
    """Float32 (h, w, 3), 0…255 -> float32 (3, h, w), -1…1."""
    return np.ascontiguousarray((rgb / np.float32(127.5) - 1).transpose(2, 0, 1), np.float32)


def blurred_strokes(markers: NDArray[np.int32], colors: NDArray[np.float32]) -> Planes:
    """deepcolor's hint at use: nothing is taken out, colours keep 0.3 of their distance from white.

    Args:
        markers: int32 (h, w), 0 where there is no stroke, else 1 + the row of its colour.
        colors: float32 (n, 3) Lab, L 0…100.

    Returns:
        float32 (3, h, w), -1…1: the mean colour of the strokes within the box around a pixel, paled; 1 where the box
        holds no stroke.
    """
    mean, reached = _spoken_for(markers, colors)
    pale = 255 - STRENGTH * (255 - mean)
    pale[~reached] = 255
    return as_planes(pale)


def histogram_hint(markers: NDArray[np.int32], colors: NDArray[np.float32], fill: Histogram, rng: Generator) -> Planes:
    """The CS229 project's hint at use: what no stroke speaks for counts as taken out.

    There the picture is tiled with areas of 10 px, each of a colour drawn from ``fill``; within the box around a
    stroke it has the mean colour of the strokes. All of it is blurred as in training. ``markers`` and ``colors`` as in
    `blurred_strokes`; without strokes the hint tells the histogram's mean and little more.

    Returns:
        float32 (3, h, w), -1…1.
    """
    edge = scaled(PATCH, markers.shape)
    rows, columns = (-(-side // edge) for side in markers.shape)
    tiles = fill.draw(rng, rows * columns).reshape(rows, columns, 3)
    height, width = markers.shape
    canvas = tiles.repeat(edge, 0).repeat(edge, 1)[:height, :width].astype(np.float32)
    mean, reached = _spoken_for(markers, colors)
    canvas[reached] = mean[reached]
    return as_planes(softened(canvas))


def _spoken_for(
    markers: NDArray[np.int32], colors: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The mean colour of the strokes in the box around each pixel, float32 (h, w, 3) RGB 0…255, and where there is one.

    This is normalised convolution (Knutsson, Westin 1993) with a box.
    """
    on = markers > 0
    if not on.any():
        return np.zeros((*markers.shape, 3), np.float32), on
    painted = np.zeros((*markers.shape, 3), np.float32)
    painted[on] = _rgb(colors)[markers[on] - 1]
    weight = softened(on.astype(np.float32))
    reached = weight > 0.5 / scaled(BLUR, markers.shape) ** 2  # half of what one pixel weighs
    mean = softened(painted) / np.where(reached, weight, 1)[..., None]
    return np.clip(mean, 0, 255), reached


def _rgb(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lab (n, 3) -> sRGB float32 (n, 3), 0…255, clipped to the gamut."""
    unit = cv2.cvtColor(np.ascontiguousarray(lab, np.float32).reshape(1, -1, 3), cv2.COLOR_Lab2RGB)[0]
    return np.asarray(np.clip(unit, 0, 1) * 255, np.float32)
