"""What becomes of line art between a clean pen and a real sketch, for training.

All functions take and give uint8 (H, W), 0 ink to 255 paper, and change the picture by chance alone (`Generator`).
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Plane = NDArray[np.float32]


def _noise(shape: tuple[int, ...], cell: float, rng: Generator) -> Plane:
    """Smooth noise, about -1 to 1, that changes over `cell` px; float32."""
    height, width = shape[:2]
    coarse = rng.standard_normal((max(2, round(height / cell) + 1), max(2, round(width / cell) + 1))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def weight(line: Image, rng: Generator) -> Image:
    """Thicker or thinner lines; only lines that bear it are thinned."""
    size = int(rng.integers(2, 4))
    pen = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
    thinner = cv2.dilate(line, pen)
    ink, left = float((255 - line).sum()), float((255 - thinner).sum())
    bold = left > 0.55 * ink
    if bold and rng.random() < 0.7:
        if left > 0.75 * ink:  # very bold: once more
            thinner = cv2.dilate(thinner, pen)
        return np.asarray(thinner, np.uint8)
    return line if bold else np.asarray(cv2.erode(line, pen), np.uint8)


def gaps(line: Image, rng: Generator) -> Image:
    """Lifts the pen here and there: up to 14 gaps of 2 to 7 px radius."""
    ys, xs = np.nonzero(line < 128)
    out = line.copy()
    if len(ys):
        for place in rng.integers(len(ys), size=int(rng.integers(1, 15))):
            cv2.circle(out, (int(xs[place]), int(ys[place])), int(rng.integers(2, 8)), 255, -1)
    return out


def wobble(line: Image, rng: Generator) -> Image:
    """An unsteady hand: lines leave their place by 1.5 px at most, for the most part."""
    height, width = line.shape
    grid_x, grid_y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    reach, cell = rng.uniform(0.3, 0.9), rng.uniform(8, 30)
    moved_x, moved_y = grid_x + reach * _noise(line.shape, cell, rng), grid_y + reach * _noise(line.shape, cell, rng)
    return np.asarray(cv2.remap(line, moved_x, moved_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def pencil(line: Image, rng: Generator) -> Image:
    """Grey, uneven pressure, and the grain of the paper in the stroke."""
    pressure = rng.uniform(0.45, 0.85) + 0.12 * _noise(line.shape, 40, rng)
    grain = 1 - rng.uniform(0, 0.5) * np.abs(_noise(line.shape, 1.5, rng))
    ink = (255 - line) * np.clip(pressure * grain, 0, 1)
    return np.asarray(255 - ink, np.uint8)


def opacity(line: Image, rng: Generator) -> Image:
    """Ink that does not cover, evenly."""
    return (255 - (255 - line) * np.float32(rng.uniform(0.4, 0.95))).astype(np.uint8)


def blur(line: Image, rng: Generator) -> Image:
    """A soft brush, or a picture that was scaled."""
    return np.asarray(cv2.GaussianBlur(line, (0, 0), rng.uniform(0.4, 1.1)), np.uint8)


def paper(line: Image, rng: Generator) -> Image:
    """A scan's background: darker than white, uneven, with noise."""
    sheet = rng.uniform(0.86, 1.0) + 0.02 * _noise(line.shape, 80, rng)
    noise = rng.uniform(0, 5) * _noise(line.shape, 1, rng)
    return np.asarray(np.clip(line * sheet + noise, 0, 255), np.uint8)


def jpeg(line: Image, rng: Generator) -> Image:
    """Ringing around the lines, as in pictures from the web."""
    _, data = cv2.imencode(".jpg", line, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def hard(line: Image, rng: Generator) -> Image:
    """Pen without antialiasing: black or white, nothing between."""
    return np.where(line < int(rng.integers(90, 190)), np.uint8(0), np.uint8(255))


#: what happens, in the order in which it happens to a drawing, and how often
STEPS: tuple[tuple[Callable[[Image, Generator], Image], float], ...] = (
    (weight, 0.5),
    (wobble, 0.3),
    (gaps, 0.35),
    (hard, 0.1),
    (blur, 0.2),
    (pencil, 0.15),
    (opacity, 0.2),
    (paper, 0.2),
    (jpeg, 0.12),
)


def degrade(line: Image, rng: Generator) -> Image:
    """One drawing with a chance of everything; one in five stays as it is."""
    if rng.random() < 0.2:
        return line
    for step, chance in STEPS:
        if rng.random() < chance:
            line = step(line, rng)
    return line
