"""What can be had without learning.

Each rival takes line art uint8 (H, W), 0 ink to 255 paper, and hints uint8 (H, W, 4) RGBA, and gives uint8 (H, W, 3)
RGB. Its flat colours are put under the line art by multiplying, as artists do. Those of `GREY_RIVALS` take a greyscale
picture in its place.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.linalg import splu
from skimage.segmentation import watershed as flood_markers

from linewash_daemon.propagate import grown

from ..flats import Image, under_lines
from ..truth import Regions, scale_of
from .strokes import markers

_PAPER_FROM = 200  # a bucket fill stops at line art darker than this
_NOISE = 12  # ink paler than this does not steer a watershed
_LUMINANCE = np.array([0.299, 0.587, 0.114])  # Y of BT.601


def white(line: Image, hints: Image) -> Image:
    """Nothing done: the line art on white paper."""
    return np.repeat(line[..., None], 3, axis=2)


def flood(line: Image, hints: Image) -> Image:
    """Bucket fill: each connected area of the paper takes the colour with most hint pixels in it; the rest is white."""
    strokes = markers(hints)
    count, found = cv2.connectedComponents((line >= _PAPER_FROM).astype(np.uint8), connectivity=4)
    areas = np.asarray(found, np.int32)
    on = (strokes.labels > 0) & (areas > 0)
    votes = np.zeros((count, len(strokes.palette)), np.int64)
    np.add.at(votes, (areas[on], strokes.labels[on]), 1)
    return under_lines(strokes.palette[votes.argmax(axis=1)[grown(areas, areas > 0)]], line)


def watershed(line: Image, hints: Image) -> Image:
    """Marker watershed (Meyer 1994) from the hints over the darkness of the line art."""
    strokes = markers(hints)
    relief = 255 - cv2.GaussianBlur(line, (0, 0), 0.7 * scale_of(line.shape))
    relief[relief < _NOISE] = 0
    labels = flood_markers(relief, strokes.labels)
    return under_lines(strokes.palette[labels], line)


def levin(line: Image, hints: Image) -> Image:
    """Levin, Lischinski, Weiss, *Colorization using optimization* (2004), solved exactly.

    RGB is spread, not U and V alone, since line art has no shading to take the luminance from; the weights are
    those of section 2 over the line art's grey. Memory grows faster than the pixels: up to about 1024 px.
    """
    if not (hints[..., 3] > 127).any():
        return white(line, hints)
    return under_lines(_levels(_spread(line, hints, hints[..., :3] / 255)), line)


def levin_grey(grey: Image, hints: Image) -> Image:
    """The same as it was published: on a greyscale picture uint8 (H, W), which stays the luminance Y."""
    if not (hints[..., 3] > 127).any():
        return white(grey, hints)
    rgb, light = hints[..., :3] / 255, grey / 255
    beyond = _spread(grey, hints, rgb[..., ::2] - (rgb @ _LUMINANCE)[..., None])  # V and U, but for their scales
    red, blue = beyond[..., 0], beyond[..., 1]
    green = -(_LUMINANCE[0] * red + _LUMINANCE[2] * blue) / _LUMINANCE[1]
    return _levels(light[..., None] + np.stack([red, green, blue], 2))


def _levels(unit: NDArray[np.float64]) -> Image:
    return np.asarray((np.clip(unit, 0, 1) * 255).round(), np.uint8)


def _spread(grey: Image, hints: Image, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """``values`` (H, W, c) at the hints, and elsewhere each pixel the weighted mean of its neighbours."""
    height, width = grey.shape
    hinted = (hints[..., 3] > 127).ravel()
    system = sparse.identity(height * width, format="csr") - _affinities(grey, ~hinted)
    spread = np.zeros((height * width, values.shape[2]))
    spread[hinted] = values.reshape(height * width, -1)[hinted]
    rows = system[~hinted]
    solver = splu(
        rows[:, ~hinted].tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    known = -(rows[:, hinted] @ spread[hinted])
    for channel in range(values.shape[2]):
        spread[np.flatnonzero(~hinted), channel] = solver.solve(np.ascontiguousarray(known[:, channel]))
    return spread.reshape(values.shape)


def _affinities(line: Image, free: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Row r: how much each of the 8 neighbours of pixel r weighs, summing to 1; empty for pixels that are not free.

    The weight is exp(-(Y(r) - Y(s))² / sigma²) with sigma² from the variance in the 3 x 3 window, and the clamps of the
    authors' published code: no neighbourhood without a neighbour of weight 0.01, no sigma² below 2e-6.
    """
    height, width = line.shape
    gray = line.astype(np.float64) / 255
    steps = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    padded = np.pad(gray, 1, constant_values=np.nan)
    window = np.stack([padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] for dy, dx in steps])
    variance = np.nanvar(window, axis=0)
    squared = (window - gray) ** 2
    squared[4] = np.inf  # the pixel itself
    squared[np.isnan(squared)] = np.inf  # beyond the rim
    sigma = np.maximum(np.maximum(0.6 * variance, -squared.min(axis=0) / np.log(0.01)), 2e-6)
    weights = np.exp(-squared / sigma)
    weights /= weights.sum(axis=0)
    nth, ys, xs = np.nonzero((weights > 1e-12) & free.reshape(height, width))
    offsets = np.array([dy * width + dx for dy, dx in steps])
    here = ys * width + xs
    entries = weights[nth, ys, xs], (here, here + offsets[nth])
    return sparse.csr_matrix(entries, (height * width, height * width))


def true_flats(line: Image, regions: Regions) -> Image:
    """The ceiling for flat colours: every region of the truth in its median colour."""
    return under_lines(regions.colors[grown(regions.labels, regions.labels > 0)], line)


Rival = Callable[[Image, Image], Image]

#: The rivals by name; `levin` is slow. `true_flats` is none of them, for it sees the truth.
RIVALS: dict[str, Rival] = {"white": white, "flood": flood, "watershed": watershed, "levin": levin}
#: Those that are given a greyscale picture instead of line art; the first leaves it as it is.
GREY_RIVALS: dict[str, Rival] = {"grey": white, "levin_grey": levin_grey}
