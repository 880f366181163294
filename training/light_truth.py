"""The light that a finished picture has: how much its paint is darker or lighter than one flat tone a region.

Shading is multiplied and highlights are screened in sRGB, as the layers are: flats * (1 - shading), and of the rest
to white the share ``highlights``. Grey light leaves the ratios of the channels as they are (of a multiplied pixel those
of the colour, of a screened one those of what it lacks of white), which tells a shade of one colour from another.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .flats import Image, Mask, flats, near_line

Plane = NDArray[np.float32]

_LIT = 0.6  # of a region's paint is darker than its flat tone: the tone is that of the light side
_TURN = 0.03  # change of red's and green's share of the colour over 3 px from which on it is another colour
_STEP = 22.0  # change of L over 3 px that is no shade, but another colour of the same hue
_SAME = 9.0  # ΔE off the tone's line from light to dark at which a pixel counts half
_SMALLEST = 60  # px at 512: smaller pieces have no form to shade
_DEEPEST = 0.75  # shading beyond this is another colour, or ink
_RIM = 0.2  # of the picture's border: what holds more of it is the ground
_SEEN = 0.07  # light that can be seen
_PALE = 0.9  # of a tone's least channel: lighter ones are as good as white
_PAPER = 250  # of 255: no channel of plain paper is darker


@dataclass(frozen=True)
class Lit:
    """A picture taken apart. ``tones``: uint8 (H, W, 3), the flat tone of each pixel's region; ``shading`` and
    ``highlights``: float32 (H, W) 0…1; ``weight``: float32 (H, W) 0…1, how far the three tell the truth: not on ink,
    page and ground, nor where the paint has another hue than its region. ``pieces``: int32 (H, W), the regions, 0 on
    the page."""

    tones: Image
    shading: Plane
    highlights: Plane
    weight: Plane
    pieces: NDArray[np.int32]


def read_light(color: Image, line: Image) -> Lit:
    """``color``: uint8 (H, W, 3) RGB on white; ``line``: uint8 (H, W), 0 ink to 255 paper."""
    paint = np.asarray(cv2.medianBlur(flats(color, line, reach=2.0), 5), np.uint8)
    under = near_line(line, 2.0)
    blank = page(paint)
    pieces, count = _pieces(paint, under, blank)
    tones, known = _tones(paint, pieces, count)
    shading, highlights, off = _parted(paint, tones)
    weight = np.exp2(-((off / _SAME) ** 2)) * (shading < _DEEPEST)
    weight[under | blank | ~known | ground_of(pieces)] = 0
    dark = weight == 0
    shading[dark] = highlights[dark] = 0
    return Lit(tones, shading, highlights, weight.astype(np.float32), pieces)


def ground_of(pieces: NDArray[np.int32]) -> Mask:
    """Where pieces hold so much of the picture's border that they are what lies behind, without a form; bool (H, W)."""
    rim = np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])
    return np.asarray((np.bincount(rim, minlength=int(pieces.max()) + 1) > _RIM * len(rim))[pieces])


def page(color: Image) -> Mask:
    """Plain white that reaches the picture's border, bool (H, W)."""
    white = np.asarray((color >= _PAPER).all(2), np.uint8)
    framed = np.pad(white, 1, constant_values=1)
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.asarray(framed[1:-1, 1:-1] == 2)


def _pieces(paint: Image, under: Mask, blank: Mask) -> tuple[NDArray[np.int32], int]:
    """Areas off the lines without a border of colour, grown over both, 0 on the page: int32 (H, W), and one more than
    the highest."""
    unit = paint.astype(np.float32) / np.float32(255)
    share = (unit + 0.08) / (_over_channels(unit)[..., None] + 0.24)
    light = np.asarray(cv2.cvtColor(unit, cv2.COLOR_RGB2Lab), np.float32)[..., :1]
    told = np.concatenate([share[..., :2] / _TURN, light / _STEP], 2)
    border = np.zeros(under.shape, bool)
    across, down = told[:, 2:] - told[:, :-2], told[2:] - told[:-2]
    border[:, 1:-1] = _over_channels(across**2) > 1
    border[1:-1] |= _over_channels(down**2) > 1
    pieces, count = grown(~(border | under | blank), 0.3 * _SMALLEST)
    pieces[blank] = 0
    return pieces, count


def grown(parted: Mask, smallest: float) -> tuple[NDArray[np.int32], int]:
    """The connected areas of ``parted`` (4 neighbours) of ``smallest`` px at 512 or more, every other pixel given to
    the nearest: int32 (H, W), and one more than the highest."""
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(parted.astype(np.uint8), connectivity=4)
    keep = stats[:, cv2.CC_STAT_AREA] >= smallest * (max(parted.shape) / 512) ** 2
    keep[0] = False
    if not keep.any():
        return np.zeros(parted.shape, np.int32), 1
    kept = keep[pieces]
    _, nearest = cv2.distanceTransformWithLabels(
        (~kept).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of = np.zeros(int(nearest.max()) + 1, np.int32)
    of[nearest[kept]] = pieces[kept]
    return of[nearest], count


def _tones(paint: Image, pieces: NDArray[np.int32], count: int) -> tuple[Image, Mask]:
    """Each pixel's flat tone, and whether its piece is large enough. The tone of a piece is the mean of the pixels
    whose lightness is near the quantile `_LIT`."""
    some, of = np.ascontiguousarray(paint[::2, ::2]), pieces[::2, ::2].ravel()  # one pixel in four tells enough
    luma = np.asarray(cv2.cvtColor(some, cv2.COLOR_RGB2GRAY), np.int32).ravel()
    order = np.argsort(of << 8 | luma)
    size = np.bincount(of, minlength=count)
    first = np.cumsum(size) - size
    total = np.concatenate([np.zeros((1, 3)), np.cumsum(some.reshape(-1, 3)[order], 0, np.float64)])
    low, high = (first + (size * q).astype(np.int64) for q in (_LIT - 0.1, _LIT + 0.1))
    high = np.maximum(high, np.minimum(low + 1, first + size))
    mean = (total[high] - total[low]) / np.maximum(high - low, 1)[:, None]
    smallest = _SMALLEST / 4 * (max(paint.shape) / 512) ** 2
    table, good = mean.round().astype(np.uint8), size >= smallest
    return table[pieces], np.asarray(good[pieces])


def _parted(paint: Image, tones: Image) -> tuple[Plane, Plane, Plane]:
    """Shading, highlights, and by how much (ΔE CIE76) what they make of the tones differs from the paint."""
    p, t = paint.astype(np.float32) / np.float32(255), tones.astype(np.float32) / np.float32(255)
    kept = _over_channels(p * t) / np.maximum(_over_channels(t * t), 1e-3)
    left = _over_channels((1 - p) * (1 - t)) / np.maximum(_over_channels((1 - t) ** 2), 1e-3)
    darker = (_over_channels(p) < _over_channels(t)) | (t.min(2) > _PALE)  # what is white already takes no highlight
    shading = np.where(darker, np.clip(1 - kept, 0, 1), 0).astype(np.float32)
    highlights = np.where(darker, 0, np.clip(1 - left, 0, 1)).astype(np.float32)
    made = lit(t, shading, highlights)
    difference = np.asarray(cv2.cvtColor(made, cv2.COLOR_RGB2Lab) - cv2.cvtColor(p, cv2.COLOR_RGB2Lab))
    return shading, highlights, np.sqrt(_over_channels(difference**2))


def _over_channels(x: Plane) -> Plane:
    """The sum over three channels; NumPy's own is slow for so short an axis."""
    return np.asarray(x[..., 0] + x[..., 1] + x[..., 2], np.float32)


def lit(tones: Plane, shading: Plane, highlights: Plane) -> Plane:
    """``tones`` float32 (H, W, 3) sRGB 0…1 with light over them, as the layers are blended."""
    shaded = tones * (1 - shading[..., None])
    return np.asarray(1 - (1 - shaded) * (1 - highlights[..., None]), np.float32)


def lean(light: Lit) -> tuple[float, float, float]:
    """Where the light comes from, and how much of it there is.

    Returns the correlation of lightness with place within the regions, across and down (negative: from the left, from
    above), and the share of the known paint that is shaded or lit by `_SEEN` or more.
    """
    weight, gain = light.weight, light.highlights - light.shading
    of, n = light.pieces.ravel(), int(light.pieces.max()) + 1
    held = np.maximum(np.bincount(of, weight.ravel(), n), 1e-6)

    def apart(plane: Plane) -> Plane:
        mean = np.bincount(of, (weight * plane).ravel(), n) / held
        return plane - mean.astype(np.float32)[light.pieces]

    ours = apart(gain)
    power = float((weight * ours**2).sum())
    told = []
    for place in (
        np.arange(gain.shape[1], dtype=np.float32)[None],
        np.arange(gain.shape[0], dtype=np.float32)[:, None],
    ):
        along = apart(np.broadcast_to(place, gain.shape))
        scale = np.sqrt(power * float((weight * along**2).sum()) + 1e-9)
        told.append(float((weight * ours * along).sum()) / float(scale))
    seen = float((weight * (np.abs(gain) > _SEEN)).sum()) / max(1.0, float(weight.sum()))
    return told[0], told[1], seen
