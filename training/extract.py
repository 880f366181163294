"""Line extractors: an imitation of the ink for painted pictures that come without a line layer.

Every extractor takes uint8 (H, W, 3) RGB and gives uint8 (H, W) line art, 0 ink to 255 paper. Their parameters vary
with the random generator, because an extracted line is not a drawn line: a model that met one setting only learns it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from skimage.feature import canny

from .sources import Source

Image = NDArray[np.uint8]


def denoise(rgb: Image) -> Image:
    """Takes the block noise of JPEG away that would otherwise line every edge (bilateral, 5 px)."""
    return np.asarray(cv2.bilateralFilter(rgb, 5, 24, 3), np.uint8)


def _luminance(rgb: Image) -> Image:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[..., 0], np.uint8)


def _ellipse(size: int) -> Image:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _without_specks(ink: Image, area: int) -> Image:
    """Clears marks of under `area` px; `ink` is 0 paper to 255 ink."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 60).astype(np.uint8), connectivity=8)
    keep = np.ones(count, bool)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= area
    return np.asarray(ink * keep[labels].astype(np.uint8), np.uint8)


def black_hat(rgb: Image, source: Source, rng: Generator) -> Image:
    """Dark strokes narrower than the kernel: closing minus image, only where the picture is dark there."""
    gray = _luminance(rgb)
    low, high = source.kernel
    kernel = int(rng.integers(low // 2, high // 2 + 1)) * 2 + 1
    hat = cv2.subtract(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, _ellipse(kernel)), gray)
    threshold = source.low * rng.uniform(0.8, 1.3)
    ink = np.clip((hat.astype(np.float32) - threshold) * (255 / (1.4 * threshold)), 0, 255)
    dark = np.clip((rng.uniform(130, 165) - gray.astype(np.float32)) / 40, 0, 1)
    return 255 - _without_specks((ink * dark).astype(np.uint8), 14)


def inked(rgb: Image, source: Source, rng: Generator) -> Image:
    """Black-hat, and the borders of solid black areas instead of the areas: there black is shading."""
    line = black_hat(rgb, source, rng)
    gray = cv2.GaussianBlur(_luminance(rgb), (0, 0), 1.2)
    black = cv2.morphologyEx((gray < 42).astype(np.uint8), cv2.MORPH_OPEN, _ellipse(source.kernel[1]))
    border = cv2.morphologyEx(black, cv2.MORPH_GRADIENT, _ellipse(3)) * 220
    return np.minimum(line, 255 - cv2.GaussianBlur(_without_specks(border.astype(np.uint8), 30), (0, 0), 0.6))


def xdog(rgb: Image, source: Source, rng: Generator) -> Image:
    """Extended difference of Gaussians (Winnemöller, Kyprianidis, Olsen 2012, section 2.3)."""
    gray = _luminance(rgb).astype(np.float32) / 255
    sigma, sharpness = rng.uniform(0.8, 1.5), rng.uniform(14, 24)
    narrow, wide = cv2.GaussianBlur(gray, (0, 0), sigma), cv2.GaussianBlur(gray, (0, 0), sigma * 1.6)
    edge = (1 + sharpness) * (narrow - wide)  # relative to the neighbourhood, not to black: coloured outlines count
    line = 1 + np.tanh(rng.uniform(5, 9) * np.minimum(edge + rng.uniform(0.10, 0.18), 0))
    return 255 - _without_specks((255 * (1 - line)).astype(np.uint8), 20)


def adaptive(rgb: Image, source: Source, rng: Generator) -> Image:
    """Darker than the neighbourhood by a margin: for outlines in a dark shade of the colour beside them."""
    gray = cv2.GaussianBlur(_luminance(rgb), (0, 0), 0.8)
    block = int(rng.integers(7, 12)) * 2 + 1
    mean = cv2.GaussianBlur(gray, (0, 0), block / 4).astype(np.float32)
    ink = np.clip((mean - gray - rng.uniform(7, 11)) * 22, 0, 255)
    return 255 - _without_specks(ink.astype(np.uint8), 25)


def dark(rgb: Image, source: Source, rng: Generator) -> Image:
    """All that is nearly black: for drawings with one thick black line."""
    channel = cv2.GaussianBlur(rgb.max(axis=2), (0, 0), 0.6).astype(np.float32)
    ink = np.clip((rng.uniform(75, 95) - channel) * 6, 0, 255)
    return 255 - _without_specks(ink.astype(np.uint8), 14)


def edges(rgb: Image, source: Source, rng: Generator) -> Image:
    """Borders between colours (Canny on the Lab channels), for flat art that has no outline at all."""
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 5), cv2.COLOR_RGB2LAB)
    found = np.zeros(rgb.shape[:2], np.uint8)
    for channel in cv2.split(lab):
        found = np.maximum(found, np.asarray(cv2.Canny(channel, 30, 70, L2gradient=True), np.uint8))
    thick = np.asarray(cv2.dilate(found, _ellipse(int(rng.choice([2, 3, 4, 5])))), np.uint8)
    return 255 - np.asarray(cv2.GaussianBlur(_without_specks(thick, 20), (0, 0), 0.7), np.uint8)


EXTRACTORS: dict[str, Callable[[Image, Source, Generator], Image]] = {
    "blackhat": black_hat,
    "inked": inked,
    "xdog": xdog,
    "adaptive": adaptive,
    "dark": dark,
    "edges": edges,
}


def extract(rgb: Image, method: str, source: Source, rng: Generator) -> Image:
    """Line art of a denoised picture by the extractor `method`; both uint8, (H, W, 3) to (H, W)."""
    return np.asarray(EXTRACTORS[method](rgb, source, rng), np.uint8)


def threshold_lines(rgb: Image) -> Image:
    """deepcolor's lines: darker by 2 than the mean of the 9 × 9 px around; specks of under 10 px are cleared."""
    ink = cv2.adaptiveThreshold(_gray(rgb), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, blockSize=9, C=2)
    return 255 - _without_specks(np.asarray(ink, np.uint8), 10)


def canny_lines(rgb: Image, sigma: float = 2.5) -> Image:
    """The CS229 project's lines: Canny after a Gaussian of ``sigma`` px at 256 px; all lines are 1 px wide.

    A larger picture has a wider Gaussian and flatter edges, and so lower thresholds, from 0.1 and 0.2 at 256 px.
    """
    scale = max(rgb.shape[:2]) / 256
    found = canny(_gray(rgb), sigma * scale, low_threshold=25.5 / scale, high_threshold=51 / scale)
    return np.where(found, 0, 255).astype(np.uint8)


def coloring_book(rgb: Image) -> Image:
    """The first system's filter: a page as of a colouring book, dark outlines on near-white.

    The filter was a ready-made one and never described; this is a dodge: texture is smoothed away without the edges
    (bilateral), then the grey picture is divided by the lightest grey of its neighbourhood. What is as light as that,
    at whatever tone, becomes white; the dark side of an edge and thin dark strokes stay.
    """
    scale = max(rgb.shape[:2]) / 256
    gray = _gray(rgb)
    for _ in range(2):
        gray = np.asarray(cv2.bilateralFilter(gray, 0, 12, 1.5 * scale), np.uint8)
    tone = gray.astype(np.float32) + 24  # black areas are not divided by next to nothing: their noise is no outline
    reach = 2 * max(1, round(scale)) + 1
    around = cv2.GaussianBlur(cv2.dilate(tone, _ellipse(reach)), (0, 0), scale)
    dodged = np.minimum(tone / around, 1)
    black = float(np.clip(np.percentile(dodged, 2), 0.55, 0.9))  # pale pictures get outlines, too
    page = (dodged - black) / ((1 - black) * 0.84)
    return np.asarray(np.clip(page, 0, 1) * 255, np.uint8)


def _gray(rgb: Image) -> Image:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
