"""The line map: whatever a line art is drawn with, "how much line is here", 0 paper … 255 ink.

Dark on white, ink on transparency, coloured pencil, scans with tinted or unevenly lit paper. How the paper and the
ink look is measured on a thinned-out picture; the map is then made in bands of rows, so that memory stays flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .pixels import Pixels, bands, eight_bit

MAX_PIXELS = 24_000_000  # regions are found at up to this many pixels, then enlarged
_SAMPLE = 512  # px, long side of the picture that the paper is measured on
_PAPER_KERNEL = 1 / 6  # of that long side: ink is narrower than this, paper is wider
_WHITE = 250  # paper at least this light is taken as clean white
_COLOURED = 12  # a difference between channels above this is colour, not noise
_TRACE = 0.12  # darkness above this is some sort of line


@dataclass(frozen=True)
class LineArt:
    """A line art as the colorist keeps it.

    ``sheet``: uint8 (H, W) or, when the lines are coloured, (H, W, 3): the drawing over white paper.
    ``line``: uint8 (h, w), 0 paper … 255 ink, where h = ceil(H / factor); ``factor`` is 1 up to `MAX_PIXELS`.
    """

    sheet: NDArray[np.uint8]
    line: NDArray[np.uint8]
    factor: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.sheet.shape[0], self.sheet.shape[1]

    @property
    def nbytes(self) -> int:
        return self.sheet.nbytes + self.line.nbytes


@dataclass(frozen=True)
class _Paper:
    """``level``: uint8 (h, w, c) the paper's lightness, None where it is white; ``curve``: darkness -> line."""

    by_alpha: bool
    level: NDArray[np.uint8] | None
    curve: NDArray[np.uint8]


def factor_for(height: int, width: int) -> int:
    """The power of two by which a picture is shrunk before its regions are sought."""
    factor = 1
    while height * width > MAX_PIXELS * factor * factor:
        factor *= 2
    return factor


def read_lineart(pixels: Pixels) -> LineArt:
    """``pixels``: uint8 or uint16 (H, W, 1 grey | 2 grey, alpha | 3 RGB | 4 RGBA) -> `LineArt`."""
    height, width = pixels.shape[:2]
    factor = factor_for(height, width)
    paper = _measure(pixels)
    sheet = np.empty((height, width), np.uint8)
    line = np.empty((-(-height // factor), -(-width // factor)), np.uint8)
    for top, bottom in bands(height, width, factor):
        flat = _flattened(pixels[top:bottom])
        if sheet.ndim == 2 and _is_coloured(flat):
            sheet = np.repeat(sheet[..., None], 3, 2)
        sheet[top:bottom] = flat if sheet.ndim == 3 else flat[..., 0]
        dark = eight_bit(pixels[top:bottom, :, -1]) if paper.by_alpha else _darkness(flat, paper.level, height, top)
        line[top // factor : -(-bottom // factor)] = _shrunk(paper.curve[dark], factor)
    return LineArt(sheet, line, factor)


def _flattened(pixels: Pixels) -> NDArray[np.uint8]:
    """Over white, uint8 (h, w, 1 or 3)."""
    eight = eight_bit(pixels)
    channels = eight.shape[2]
    if channels in (1, 3):
        return eight
    alpha = np.ascontiguousarray(eight[..., -1])
    dark = cv2.bitwise_not(np.ascontiguousarray(eight[..., :-1]))
    over = cv2.merge([alpha] * 3) if channels == 4 else alpha
    flat = np.asarray(cv2.bitwise_not(cv2.multiply(dark, over, scale=1 / 255)), np.uint8)
    return flat.reshape(*eight.shape[:2], -1)


def _is_coloured(flat: NDArray[np.uint8]) -> bool:
    if flat.shape[2] == 1:
        return False
    red, green, blue = cv2.split(flat)
    return bool(max(cv2.absdiff(red, green).max(), cv2.absdiff(green, blue).max()) > _COLOURED)


def _darkness(flat: NDArray[np.uint8], level: NDArray[np.uint8] | None, height: int, top: int) -> NDArray[np.uint8]:
    """How far the darkest channel lies below the paper, uint8 (h, w): a yellow pencil on white is dark in blue."""
    if level is not None:
        even = cv2.divide(flat, _paper_rows(level, height, top, flat.shape), scale=255)
        flat = np.asarray(even, np.uint8).reshape(flat.shape)
    least = flat[..., 0]
    for channel in range(1, flat.shape[2]):
        least = np.minimum(least, flat[..., channel])
    return ~least


def _paper_rows(level: NDArray[np.uint8], height: int, top: int, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The paper's level for a band of rows, from its small map."""
    h = level.shape[0]
    y = np.clip((np.arange(top, top + shape[0]) + 0.5) * h / height - 0.5, 0, h - 1)
    low = np.floor(y).astype(np.intp)
    part = (y - low)[:, None, None]
    rows = level[low] * (1 - part) + level[np.minimum(low + 1, h - 1)] * part
    out = cv2.resize(rows.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(out, np.uint8).reshape(shape)


def _shrunk(line: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Smaller by ``factor``, with a gain of 2 so that a thin line stays a line."""
    if factor == 1:
        return line
    h, w = line.shape
    padded = cv2.copyMakeBorder(line, 0, -h % factor, 0, -w % factor, cv2.BORDER_REPLICATE)
    size = (padded.shape[1] // factor, padded.shape[0] // factor)
    small = cv2.resize(padded, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.add(small, small), np.uint8)


def _measure(pixels: Pixels) -> _Paper:
    step = max(1, -(-max(pixels.shape[:2]) // _SAMPLE))
    sample = np.ascontiguousarray(pixels[::step, ::step])
    flat = _flattened(sample)
    if pixels.shape[2] in (2, 4):
        alpha = eight_bit(np.ascontiguousarray(sample[..., -1]))
        if _light_ink(flat, alpha):
            return _Paper(True, None, _curve(alpha))
    level = _paper_level(flat)
    return _Paper(False, level, _curve(_darkness(flat, level, flat.shape[0], 0)))


def _light_ink(flat: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> bool:
    """Lines drawn in a light colour on transparency: little is opaque, and hardly any of it dark."""
    opaque = alpha >= 128
    if not 0 < opaque.mean() < 0.35:
        return False
    return bool((flat.min(2)[opaque] < 128).mean() < 0.5)


def _paper_level(flat: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """The paper under the drawing: a morphological closing wide enough to swallow every line, smoothed."""
    high = np.maximum(np.percentile(flat.reshape(-1, flat.shape[2]), 90, axis=0), 128)
    side = max(3, int(max(flat.shape[:2]) * _PAPER_KERNEL)) | 1
    kernel = np.ones((side, side), np.uint8)
    level = cv2.morphologyEx(cv2.medianBlur(flat, 3), cv2.MORPH_CLOSE, kernel).reshape(flat.shape)
    level = np.clip(level, np.rint(high * 0.7), 255).astype(np.uint8)
    if level.min() >= _WHITE:
        return None
    return np.asarray(cv2.GaussianBlur(level, (0, 0), side / 3), np.uint8).reshape(flat.shape)


def _curve(dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Darkness -> line map: paper noise becomes 0, what is commonly the darkest becomes 255."""
    unit = dark.ravel() / 255
    light = unit[unit < 0.5]
    middle = float(np.median(light)) if light.size else 0.0
    spread = float(np.median(np.abs(light - middle))) if light.size else 0.0
    floor = min(0.25, middle + 4 * spread)
    traces = unit[unit > max(_TRACE, floor)]
    ink = max(floor + 0.2, min(1.0, float(np.percentile(traces, 90)))) if traces.size else 1.0
    return (np.clip((np.arange(256) / 255 - floor) / (ink - floor), 0, 1) * 255).astype(np.uint8)
