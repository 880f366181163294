"""The colour schemes of the training art: what colours go together in a finished drawing."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash_daemon.colorist.strokes import merged
from linewash_daemon.networks.washer import COLORS, SCHEMES

from .flats import Image, near_line
from .pack import Pack
from .samples import to_lab

_STEP = 7  # of so many pixels one is looked at
_FEWEST = 200  # of these that are coloured
_ONE = 12.0  # ΔE within which colours are one
_LEAST = 0.015  # of a drawing: less of a colour is no part of its scheme
_RICH = 6  # colours that a scheme has at least
_MOST = 0.45  # of a scheme in one colour
_CHROMA, _LOUDEST = (20.0, 44.0), 66.0  # of a scheme's mean, and of any of its colours: neither grey nor gaudy
_SPREAD = 15.0  # standard deviation of a, b: not all of one hue
_BROWN, _OTHER = (40.0, 95.0), 0.35  # hues in degrees, and how much is of others at least: not sepia
_LIGHT, _CONTRAST = (50.0, 85.0), 35.0  # L of a scheme's mean, and from its darkest colour to its lightest


def color_schemes(pack: Pack, count: int = SCHEMES) -> NDArray[np.float32]:
    """Schemes of ``count`` drawings to learn from, spread evenly over those that have one: float32 (count, `COLORS`,
    4), Lab and the share of each colour, 0 where there are fewer colours or schemes."""
    found = [scheme for index in pack.indices("train") if len(scheme := _scheme(pack[index].color, pack[index].line))]
    kept = min(count, len(found))
    out = np.zeros((count, COLORS, 4), np.float32)
    for row, scheme in enumerate(found[i * len(found) // kept] for i in range(kept)):
        out[row, : len(scheme)] = scheme
    return out


def _scheme(color: Image, line: Image) -> NDArray[np.float32]:
    """float32 (c, 4), the commonest colour first, or (0, 4) where there is none to take over."""
    none = np.zeros((0, 4), np.float32)
    off = np.flatnonzero(~near_line(line))[::_STEP]
    lab, count = _counted(np.asarray(cv2.medianBlur(color, 5), np.uint8).reshape(-1, 3)[off])
    if count.sum() < _FEWEST:
        return none
    chosen, member = merged(lab, count, _ONE, COLORS)
    share = np.bincount(member, count, len(chosen)) / count.sum()
    kept = share >= _LEAST
    lab, share = lab[chosen][kept], share[kept] / share[kept].sum()
    return np.concatenate([lab, share[:, None]], 1).astype(np.float32) if _pleases(lab, share) else none


def _counted(pixels: Image) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The mean Lab, (c, 3), of pixels that are nearly of one colour, and how many they are; without paper."""
    key = (pixels >> 4).astype(np.int64) @ [256, 16, 1]
    counts = np.bincount(key, minlength=4096)
    sums = [np.bincount(key, pixels[:, c], 4096)[counts > 0] for c in range(3)]
    count = counts[counts > 0]
    mean = np.stack(sums, 1) / count[:, None]
    lab = to_lab(mean.round().astype(np.uint8)[None])[0]
    paper = (lab[:, 0] > 92) & (np.hypot(lab[:, 1], lab[:, 2]) < 8)
    return lab[~paper], count[~paper].astype(np.float64)


def _pleases(lab: NDArray[np.float32], share: NDArray[np.float64]) -> bool:
    """Whether a drawing may be coloured in it: it is rich, light, and neither grey nor gaudy nor all of one hue."""
    if len(lab) < _RICH or share.max() > _MOST or np.ptp(lab[:, 0]) < _CONTRAST:
        return False
    weight = np.sqrt(share) / np.sqrt(share).sum()
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    spread = np.sqrt(weight @ ((lab[:, 1:] - weight @ lab[:, 1:]) ** 2).sum(1))
    if not (_LIGHT[0] < weight @ lab[:, 0] < _LIGHT[1] and _CHROMA[0] < weight @ chroma < _CHROMA[1]):
        return False
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    other = weight @ ((chroma > 8) & ((hue < _BROWN[0]) | (hue > _BROWN[1])))
    return bool(chroma.max() < _LOUDEST and spread > _SPREAD and other >= _OTHER)
