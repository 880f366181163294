"""Colours for a drawing without strokes: the network is asked, some regions are decided, and its answer becomes a hint.

Regression alone would paint every region the mean of all it might be, which is sepia. So the colours of the largest
regions are drawn from the network's distribution over colour bins, given back to it as strokes, and so on for a few
rounds: each region's colour is chosen knowing its neighbours'. Where there are dots, they are told all the while, and
regions for which the network chooses a dot's colour get that.
"""

from __future__ import annotations

import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Generator, Hints, Marks, Painting
from ..given import Given
from .allowed import allowed_colors
from .lab import difference
from .prepare import Prepared
from .votes import mostly

_ROUNDS = 6
_SHARE = 0.4  # of the undecided area that a round decides
_MARK = 0.03  # of the long side: the largest radius of the spot that tells the network of a decided region
_SURE, _SURE_AT_BORDER = 0.3, 0.2  # chance of being white above which a region stays white: paper reaches the rim
_WHITE = np.array([[100, 0, 0]], np.float32)
_WHITISH = 9.0  # ΔE within which a bin is a white
_LOUD = 0.006  # log-probability that a unit of chroma costs: few colours of a drawing are as vivid as its loudest
_INKY, _INK_PENALTY = 25.0, 3.0  # L below which a colour is as dark as ink, and what that costs: ink is not filled
_HOTTEST = 1.2  # temperature of the draw at variety 1; 0 at variety 0
_SHARE_TELLS = 0.5  # how much it counts that a reference has more of one colour than of another
_SURER = 1.6  # by which the network is surer of its colours than it is right: its log-probabilities are divided by it
_AGREES = 0.3  # how much what was decided counts beside what was said at first: more, and all becomes one colour
_TOGETHER = 0.8  # of the noise is shared by the regions of a round: what looks alike is coloured alike


_NO_COLORS = np.zeros((0, 3), np.float32)
_NOWHERE = Marks(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool))


def imagine(
    generator: Generator, prepared: Prepared, options: Options,
    colors: NDArray[np.float32] = _NO_COLORS, dots: Marks = _NOWHERE,
) -> Painting:  # fmt: skip
    """A painting of a drawing without strokes, all of it the network's own colour but for what takes that of a dot.

    ``options.seed`` and ``options.variety`` steer the draw; with ``options.palette`` only its colours are drawn. Cells
    of one basin get one colour. ``dots``: soft marks in some of the ``colors``, float32 (c, 3) Lab; where there are
    any, `Painting.choice` says which regions take one of these.
    """
    rng = np.random.default_rng([options.seed, zlib.crc32(prepared.lines.tobytes())])  # other drawings, other colours
    regions = prepared.regions
    basins = int(regions.basin.max()) + 1
    area = np.bincount(regions.basin, regions.area, basins)
    rim = np.bincount(regions.basin, regions.touches_border, basins) > 0
    chosen = np.full((basins, 3), np.nan, np.float32)
    first: NDArray[np.float64] | None = None  # what was said before anything was decided
    taken = np.full(regions.n, -1, np.int64)  # rows of `colors`
    for turn in range(_ROUNDS):
        hints, marks = _as_hints(prepared, chosen, mostly(taken, regions, len(colors)), colors, dots)
        painting = generator.paint(Given(prepared.lines, prepared.encoded, prepared.graph, hints, marks, options))
        if painting.distribution is None or painting.bins is None:
            return painting
        waiting = np.flatnonzero(np.isnan(chosen[:, 0]))
        if not len(waiting):
            break
        order = waiting[np.argsort(-area[waiting], kind="stable")]
        held = np.cumsum(area[order])
        count = len(order) if turn == _ROUNDS - 1 else int(np.searchsorted(held, _SHARE * held[-1])) + 1
        now = order[:count]
        weighed = [np.bincount(regions.basin, regions.area * s, basins) for s in painting.distribution.T]
        said = np.stack(weighed, 1).astype(np.float64)
        first = said if first is None else first
        scores = (_AGREES * said + (1 - _AGREES) * first)[now] / (_SURER * area[now, None])
        chosen[now] = _drawn(scores, painting.bins, rim[now], options, rng)
        if painting.choice is not None:
            dotted = np.isin(regions.basin, now) & (painting.choice < len(colors))
            taken[dotted] = painting.choice[dotted]
    own = chosen[regions.basin][regions.working]
    return Painting(own, choice=taken if len(dots.region) else None)


def _drawn(
    scores: NDArray[np.float64], bins: NDArray[np.float32], rim: NDArray[np.bool_], options: Options,
    rng: np.random.Generator,
) -> NDArray[np.float32]:  # fmt: skip
    """One Lab colour for each row of ``scores``, log-probabilities over ``bins``; ``rim``: those at the page's."""
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    blank = chances[:, _white(bins)].sum(1) > np.where(rim, _SURE_AT_BORDER, _SURE)
    colors, allowed = bins, allowed_colors(options)
    if allowed is not None:
        colors = allowed.lab
        near = np.exp(-(difference(colors[:, None], bins[None]) ** 2) / 200)
        scores = np.log(chances @ near.T + 1e-6) + _SHARE_TELLS * np.log(allowed.share + 1e-6)
    else:
        chroma = np.hypot(colors[:, 1], colors[:, 2])
        scores = np.log(chances + 1e-9) - _LOUD * chroma
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


def _as_hints(
    prepared: Prepared, chosen: NDArray[np.float32], taken: NDArray[np.int64], colors: NDArray[np.float32], dots: Marks
) -> tuple[Hints, Marks]:
    """A spot in the middle of each decided basin, as if an artist had marked it, beside the ``dots``. ``taken``: int64
    (basins,), the row of ``colors`` that a basin has taken, else -1; the ``chosen`` colours come after those."""
    regions = prepared.regions
    labels = regions.basin[regions.working]
    rows = np.flatnonzero(~np.isnan(chosen[:, 0]))
    drawn = rows[taken[rows] < 0]
    number = (taken + 1).astype(np.int32)
    number[drawn] = len(colors) + np.arange(1, len(drawn) + 1)
    border = (cv2.morphologyEx(labels.astype(np.float32), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0) | (
        prepared.lines > 0.3
    )
    depth = cv2.distanceTransform((~border).astype(np.uint8), cv2.DIST_L2, 5)
    deepest = np.zeros(len(chosen), np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    reach = np.minimum(deepest * 0.4, _MARK * max(labels.shape))
    spot = (depth >= (deepest - reach)[labels]) & (depth > 0)
    markers = np.where(spot, number[labels], 0).astype(np.int32)
    largest = np.zeros(len(chosen), np.int64)
    order = np.argsort(regions.area, kind="stable")
    largest[regions.basin[order]] = order
    marks = Marks(
        np.concatenate([largest[rows], dots.region]),
        np.concatenate([number[rows] - 1, dots.color]).astype(np.int64),
        np.concatenate([np.zeros(len(rows), bool), dots.soft]),
    )
    return Hints(markers, np.concatenate([colors, chosen[drawn]])), marks
