"""Colours for a drawing without strokes: the network is asked, some regions are decided, and its answer becomes a hint.

Regression alone would paint every region the mean of all it might be, which is sepia. So the colours of the largest
regions are drawn from the network's distribution over colour bins, given back to it as strokes, and so on for a few
rounds: each region's colour is chosen knowing its neighbours'.
"""

from __future__ import annotations

import zlib

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from linewash.contract import Options

from ..generator import Generator, Hints, Painting
from ..propagate import propagate
from .lab import difference, to_lab
from .prepare import Prepared
from .regions import Regions

_ROUNDS = 6
_SHARE = 0.4  # of the undecided area that a round decides
_MARK = 0.03  # of the long side: the largest radius of the spot that tells the network of a decided region
_SURE, _SURE_AT_BORDER = 0.65, 0.45  # chance of being white above which a region stays white: paper reaches the rim
_WHITE = np.array([[100, 0, 0]], np.float32)
_WHITISH = 9.0  # ΔE within which a bin is a white
_VIVID = 0.006  # log-probability that a unit of chroma adds: a mean of colours is greyer than each of them
_INKY, _INK_PENALTY = 25.0, 3.0  # L below which a colour is as dark as ink, and what that costs: ink is not filled
_GREY, _GREY_PENALTY = 10.0, 1.2  # chroma below which a colour is a grey, and what that costs
_HOTTEST = 1.2  # temperature of the draw at variety 1; 0 at variety 0
_TOGETHER = 0.8  # of the noise is shared by the regions of a round: what looks alike is coloured alike


def imagine(generator: Generator, prepared: Prepared, options: Options) -> Painting:
    """A painting of a drawing without strokes, all of it the network's own colour.

    ``options.seed`` and ``options.variety`` steer the draw; with ``options.palette`` only its colours are drawn.
    """
    rng = np.random.default_rng([options.seed, zlib.crc32(prepared.lines.tobytes())])  # other drawings, other colours
    regions = prepared.regions
    area = np.bincount(regions.working.ravel(), minlength=regions.n).astype(np.float64)
    chosen = np.full((regions.n, 3), np.nan, np.float32)
    for turn in range(_ROUNDS):
        hints = _as_hints(prepared, chosen)
        sources = propagate(prepared.lines, prepared.encoded.contours, hints)
        painting = generator.paint(prepared.encoded, hints, sources, options)
        if painting.distribution is None or painting.bins is None:
            return painting
        waiting = np.flatnonzero(np.isnan(chosen[:, 0]) & (area > 0))
        if not len(waiting):
            break
        order = waiting[np.argsort(-area[waiting], kind="stable")]
        held = np.cumsum(area[order])
        count = len(order) if turn == _ROUNDS - 1 else int(np.searchsorted(held, _SHARE * held[-1])) + 1
        now = order[:count]
        chosen[now] = _drawn(painting, regions, now, options, rng)
    missing = np.isnan(chosen[:, 0])
    chosen[missing] = painting.own.reshape(-1, 3)[regions.seeds[missing]]
    own = chosen[regions.working]
    gates = np.zeros((*own.shape[:2], 4), np.float32)
    gates[..., 3] = 1
    return Painting(own, gates, painting.shading, painting.highlights)


def _drawn(
    painting: Painting, regions: Regions, which: NDArray[np.int64], options: Options, rng: np.random.Generator
) -> NDArray[np.float32]:
    """One Lab colour for each region of ``which``, float32 (len, 3)."""
    assert painting.distribution is not None and painting.bins is not None
    h, w, bins = painting.distribution.shape
    labels = regions.working
    small = labels[labels.shape[0] // h // 2 :: labels.shape[0] // h, labels.shape[1] // w // 2 :: labels.shape[1] // w]
    pool = csr_matrix((np.ones(h * w, np.float32), (small.ravel(), np.arange(h * w))), shape=(regions.n, h * w))
    size = np.maximum(np.asarray(pool.sum(1)), 1)
    scores = (pool @ painting.distribution.reshape(-1, bins) / size)[which]
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    blank = chances[:, _white(painting.bins)].sum(1)
    blank = blank > np.where(regions.touches_border[which], _SURE_AT_BORDER, _SURE)
    colors = painting.bins
    if options.palette:
        colors = to_lab(np.array(options.palette, np.uint16) * np.uint16(257))
        near = np.exp(-(difference(colors[:, None], painting.bins[None]) ** 2) / 200)
        scores = np.log(chances @ near.T + 1e-6)
    else:
        chroma = np.hypot(colors[:, 1], colors[:, 2])
        scores = np.log(chances + 1e-9) + _VIVID * chroma - _GREY_PENALTY * (chroma < _GREY)
        scores -= _INK_PENALTY * (colors[:, 0] < _INKY)
    white = _white(colors)
    if white.any() and not white.all():
        scores[np.ix_(~blank, white)] = -np.inf
        scores[np.ix_(blank, ~white)] = -np.inf
    noise = _TOGETHER * rng.gumbel(size=scores.shape[1]) + (1 - _TOGETHER) * rng.gumbel(size=scores.shape)
    drawn = colors[(scores + _HOTTEST * options.variety * noise).argmax(1)]
    if options.palette:
        return np.asarray(drawn, np.float32)
    return np.asarray(np.where(blank[:, None], _WHITE, drawn), np.float32)


def _white(colors: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(difference(colors, _WHITE) < _WHITISH)


def _as_hints(prepared: Prepared, chosen: NDArray[np.float32]) -> Hints:
    """A spot in the middle of each decided region, as if an artist had marked it."""
    labels = prepared.regions.working
    rows = np.flatnonzero(~np.isnan(chosen[:, 0]))
    number = np.zeros(len(chosen) + 1, np.int32)
    number[rows] = np.arange(1, len(rows) + 1)
    border = (cv2.morphologyEx(labels.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0) | (
        prepared.lines > 0.3
    )
    depth = cv2.distanceTransform((~border).astype(np.uint8), cv2.DIST_L2, 5)
    deepest = np.zeros(len(chosen), np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    reach = np.minimum(deepest * 0.4, _MARK * max(labels.shape))
    spot = (depth >= (deepest - reach)[labels]) & (depth > 0)
    markers = np.where(spot, number[labels], 0).astype(np.int32)
    return Hints(markers, chosen[rows] if markers.any() else np.zeros((0, 3), np.float32))
