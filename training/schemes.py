"""The colour schemes of the training art: what colours go together in a finished drawing.

They are those of clothes and things: leaves, sky, skin, hair and wood get tones of their own where they are depicted,
so their colours are left out where it is known that they are theirs (`semantic_truth`).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist.schemes import COLORED, SEPIA
from linewash_daemon.colorist.strokes import merged
from linewash_daemon.histogram import binned
from linewash_daemon.networks.washer import COLORS, SCHEMES

from .flats import Image, near_line
from .pack import Pack, Pair
from .samples import to_lab
from .semantic_truth import WHITE, told

_STEP = 7  # of so many pixels one is looked at
_FEWEST = 200  # of these that are coloured
_BITS = 4  # of each channel: 16 levels, of which pixels are nearly of one colour
_PAPER = 92.0  # L above which what has no chroma is paper
_ONE = 12.0  # ΔE within which colours are one
_LEAST = 0.015  # of a drawing: less of a colour is no part of its scheme
_RICH = 5  # colours that a scheme has at least
_MOST = 0.5  # of a scheme in one colour
_CHROMA, _LOUDEST = (20.0, 46.0), 78.0  # of a scheme's mean, and of any of its colours: neither grey nor gaudy
_SPREAD = 15.0  # standard deviation of a, b: not all of one hue
_BROWN = 0.4  # of its coloured part has hues of sepia, at most
_GREEN, _GREENS = 0.36, (95.0, 170.0)  # … hues of leaves, in degrees: a coat may be green, a page of olive is dull
_LIGHT, _CONTRAST = (52.0, 82.0), 30.0  # L of a scheme's mean, and from its darkest colour to its lightest


def color_schemes(pack: Pack, count: int = SCHEMES) -> NDArray[np.float32]:
    """Schemes of ``count`` drawings to learn from, one of a story or figure, spread evenly over those that have one:
    float32 (count, `COLORS`, 4), Lab and the share of each colour, 0 where there are fewer colours or schemes."""
    by_group: dict[tuple[str, str], NDArray[np.float32]] = {}
    for index in pack.indices("train"):
        group = pack.infos[index].source, pack.infos[index].group
        if group not in by_group and len(scheme := _scheme(pack[index])):
            by_group[group] = scheme
    found = list(by_group.values())
    kept = min(count, len(found))
    out = np.zeros((count, COLORS, 4), np.float32)
    for row, scheme in enumerate(found[i * len(found) // kept] for i in range(kept)):
        out[row, : len(scheme)] = scheme
    return out


def _scheme(pair: Pair) -> NDArray[np.float32]:
    """float32 (c, 4), the commonest colour first, or (0, 4) where there is none to take over."""
    none = np.zeros((0, 4), np.float32)
    depicted = (np.delete(told(pair.color, pair.meta), WHITE, 2) == 1).any(2)
    off = np.flatnonzero(~near_line(pair.line) & ~depicted)[::_STEP]
    lab, count = _counted(np.asarray(cv2.medianBlur(pair.color, 5), np.uint8).reshape(-1, 3)[off])
    if count.sum() < _FEWEST:
        return none
    chosen, member = merged(lab, count, _ONE, COLORS)
    share = np.bincount(member, count, len(chosen)) / count.sum()
    kept = share >= _LEAST
    lab, share = lab[chosen][kept], share[kept] / share[kept].sum()
    return np.concatenate([lab, share[:, None]], 1).astype(np.float32) if _pleases(lab, share) else none


def _counted(pixels: Image) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The mean Lab, (c, 3), of pixels that are nearly of one colour, and how many they are; without paper."""
    count, mean = binned(pixels, None, _BITS)
    lab = to_lab(mean[None])[0]
    kept = (count > 0) & ((lab[:, 0] <= _PAPER) | (np.hypot(lab[:, 1], lab[:, 2]) >= COLORED))
    return lab[kept], count[kept]


def _pleases(lab: NDArray[np.float32], share: NDArray[np.float64]) -> bool:
    """Whether a drawing may be coloured in it: it is rich, light, and neither grey nor gaudy nor all of one hue, nor
    mostly brown or green."""
    if len(lab) < _RICH or share.max() > _MOST or np.ptp(lab[:, 0]) < _CONTRAST:
        return False
    weight = np.sqrt(share) / np.sqrt(share).sum()
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    spread = np.sqrt(weight @ ((lab[:, 1:] - weight @ lab[:, 1:]) ** 2).sum(1))
    if not (_LIGHT[0] < weight @ lab[:, 0] < _LIGHT[1] and _CHROMA[0] < weight @ chroma < _CHROMA[1]):
        return False
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    coloured = chroma >= COLORED
    of_all = weight @ coloured
    brown = weight @ (coloured & (hue >= SEPIA[0]) & (hue <= SEPIA[1]))
    green = weight @ (coloured & (hue >= _GREENS[0]) & (hue <= _GREENS[1]))
    dull = brown > _BROWN * of_all or green > _GREEN * of_all
    return bool(chroma.max() < _LOUDEST and spread > _SPREAD and not dull)
