"""Layers merged into one picture, as editors show them.

W3C, *Compositing and Blending Level 1*, sections 5.1 (source over), 9.1 (separable modes) and 10.2 (color).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Blend

from .document import Document, Sheet
from .pixels import Pixels

ROWS = 256
"""Rows merged at a time, so that memory beyond the result itself does not grow with the picture."""

Samples = NDArray[np.float32]


def flatten(document: Document) -> Pixels:
    """(height, width, 4) RGBA of the document's depth: the visible sheets over transparency."""
    sample = np.uint8 if document.depth == 8 else np.uint16
    top = np.float32(np.iinfo(sample).max)
    merged = np.zeros((document.height, document.width, 4), dtype=sample)
    for start in range(0, document.height, ROWS):
        stop = min(start + ROWS, document.height)
        strip = np.zeros((stop - start, document.width, 4), dtype=np.float32)
        for sheet in document.sheets:
            if sheet.visible:
                _merge(strip, sheet, start, top)
        merged[start:stop] = np.rint(strip * top).astype(sample)
    return merged


def over_white(pixels: Pixels) -> Pixels:
    """RGBA on white paper, as (height, width, 3) of the same type."""
    top = np.float32(np.iinfo(pixels.dtype).max)
    paper = np.empty((*pixels.shape[:2], 3), dtype=pixels.dtype)
    for start in range(0, len(pixels), ROWS):
        strip = pixels[start : start + ROWS].astype(np.float32)
        alpha = strip[..., 3:] / top
        paper[start : start + ROWS] = np.rint(strip[..., :3] * alpha + top * (1 - alpha)).astype(pixels.dtype)
    return paper


def is_opaque(pixels: Pixels) -> bool:
    """Whether RGBA ``pixels`` hide all that lies below them."""
    return bool((pixels[..., 3] == np.iinfo(pixels.dtype).max).all())


def _merge(strip: Samples, sheet: Sheet, start: int, top: np.float32) -> None:
    """Lay the part of ``sheet`` that falls on rows ``start``… over ``strip`` (RGBA 0…1), in place."""
    rows, width = strip.shape[:2]
    first, last = max(sheet.y, start), min(sheet.y + sheet.pixels.shape[0], start + rows)
    left, right = max(sheet.x, 0), min(sheet.x + sheet.pixels.shape[1], width)
    if first >= last or left >= right:
        return
    above = sheet.pixels[first - sheet.y : last - sheet.y, left - sheet.x : right - sheet.x].astype(np.float32) / top
    below = strip[first - start : last - start, left:right]
    source, source_alpha = above[..., :3], above[..., 3:] * np.float32(sheet.opacity)
    backdrop, backdrop_alpha = below[..., :3], below[..., 3:]
    if backdrop_alpha.min() == 1:  # nearly always, above the first sheet; a quarter of the work
        blended = _blend(sheet.blend, backdrop, source)
        below[..., :3] = blended if source_alpha.min() == 1 else backdrop + source_alpha * (blended - backdrop)
        return
    _merge_over_transparency(below, source, source_alpha, sheet.blend)


def _merge_over_transparency(below: Samples, source: Samples, source_alpha: Samples, mode: Blend) -> None:
    backdrop, backdrop_alpha = below[..., :3], below[..., 3:]
    alpha = source_alpha + backdrop_alpha * (1 - source_alpha)
    blended = (
        source_alpha * (1 - backdrop_alpha) * source
        + source_alpha * backdrop_alpha * _blend(mode, backdrop, source)
        + (1 - source_alpha) * backdrop_alpha * backdrop
    )
    below[..., :3] = np.divide(blended, alpha, out=np.zeros_like(blended), where=alpha > 0)
    below[..., 3:] = alpha


def _blend(mode: Blend, backdrop: Samples, source: Samples) -> Samples:
    if mode == "multiply":
        return backdrop * source
    if mode == "screen":
        return backdrop + source - backdrop * source
    if mode == "color":
        return _with_luminosity(source, _luminosity(backdrop))
    return source


def _luminosity(color: Samples) -> Samples:
    return color @ np.array([[0.3], [0.59], [0.11]], dtype=np.float32)


def _with_luminosity(color: Samples, luminosity: Samples) -> Samples:
    """SetLum and ClipColor of section 10.2."""
    shifted = color + (luminosity - _luminosity(color))
    low, high = shifted.min(axis=-1, keepdims=True), shifted.max(axis=-1, keepdims=True)
    offset = shifted - luminosity
    lifted = luminosity + offset * luminosity / np.maximum(luminosity - low, np.float32(1e-6))
    shifted = np.where(low < 0, lifted, shifted)
    lowered = luminosity + (shifted - luminosity) * (1 - luminosity) / np.maximum(high - luminosity, np.float32(1e-6))
    return np.clip(np.where(high > 1, lowered, shifted), 0, 1).astype(np.float32)
