"""Colours drawn for regions without a stroke, from what the network says of them and from what the artist wishes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from linewash.contract import Options

from ..generator import Skin
from .allowed import allowed_colors
from .lab import difference
from .regions import Regions
from .schemes import spoken_for, suiting
from .skin import SURE, most_like_skin, tone_beside

_SURE, _SURE_AT_BORDER = 0.3, 0.2  # chance of being white above which a region stays white: paper reaches the rim
_WHITE = np.array([[100, 0, 0]], np.float32)
_NO_COLORS = np.zeros((0, 3), np.float32)
_WHITISH = 9.0  # ΔE within which a bin is a white
_LOUD = 0.006  # log-probability that a unit of chroma costs: few colours of a drawing are as vivid as its loudest
_INKY, _INK_PENALTY = 25.0, 3.0  # L below which a colour is as dark as ink, and what that costs: ink is not filled
_HOTTEST = 1.2  # temperature of the draw at variety 1; 0 at variety 0
_SURER = 1.6  # by which the network is surer of its colours than it is right: its log-probabilities are divided by it
_AGREES = 0.3  # how much what was decided counts beside what was said at first: more, and all becomes one colour
_UNHEARD = 1e-3  # chance of a named colour that no bin speaks for: the artist wants it all the same
_SPENT = 0.05  # of its share counts as left of a colour that has had it all
_ANCHORS = 256  # the largest basins have noise of their own; all others mixtures of it
_SHARED = 0.25  # mean correlation of two basins' noise: so often two regions of finished art have one colour
_WIDTHS = np.geomspace(0.02, 5.0, 24)  # of 1 less correlation: how fast noise parts, from each alone to all alike


@dataclass(frozen=True)
class Basins:
    """``owner``: int32 (regions,), each region's basin, ``pixels``: int64 (regions,); of each basin ``area``: float64
    (basins,) px, and ``rim``: bool (basins,), whether it touches the page's."""

    owner: NDArray[np.int32]
    pixels: NDArray[np.int64]
    area: NDArray[np.float64]
    rim: NDArray[np.bool_]

    @classmethod
    def of(cls, regions: Regions) -> Basins:
        count = int(regions.basin.max()) + 1
        rim = np.bincount(regions.basin, regions.touches_border, count) > 0
        area = np.bincount(regions.basin, regions.area, count).astype(np.float64)
        return cls(regions.basin, regions.area, area, rim)

    def mean(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """float32 (regions, k) -> float64 (basins, k), weighted by area."""
        summed = [np.bincount(self.owner, self.pixels * column, len(self.area)) for column in values.T]
        return np.asarray(np.stack(summed, 1) / self.area[:, None], np.float64)

    def commonest(self, choice: NDArray[np.int64] | None, colors: int) -> NDArray[np.int64]:
        """The one of so many ``colors`` that most of each basin goes with, int64 (basins,); -1 for none.
        ``choice``: see `linewash_daemon.generator.Painting`."""
        if choice is None:
            return np.full(len(self.area), -1)
        key = self.owner.astype(np.int64) * (colors + 1) + choice + 1
        held = np.bincount(key, self.pixels, len(self.area) * (colors + 1)).reshape(-1, colors + 1)
        return np.asarray(held.argmax(1) - 1, np.int64)


class Draw:
    """Colours for the basins of one drawing, a few at a time."""

    def __init__(
        self, bins: NDArray[np.float32], first: NDArray[np.float64], basins: Basins, options: Options,
        rng: np.random.Generator, schemes: NDArray[np.float32] | None = None, skin: Skin | None = None,
    ) -> None:  # fmt: skip
        """``bins``: float32 (bins, 3) Lab; ``first``: float64 (basins, bins), log-probabilities before anything is
        decided. Of ``options``, ``variety``, ``palette`` and ``like`` count. ``schemes``: see `Painting`; ``skin``:
        of the regions."""
        self._bins, self._first, self._basins = bins, first, basins
        self._skin = np.zeros(len(first), bool) if skin is None else basins.mean(skin.chance[:, None])[:, 0] > SURE
        chances = self._chances(first)
        tones = skin.tones if skin and self._skin.any() else None
        limits = self._limits(options, chances, rng, schemes, tones)
        self._tone: NDArray[np.float32] | None = None
        if limits is None and tones is not None:
            self._tone = tone_beside(_NO_COLORS, tones, options.variety, rng)
        noise = shared_noise(first, basins.area, len(bins if limits is None else limits.lab), rng)
        self._noise = _HOTTEST * options.variety * (1.0 if limits is None else limits.variety) * noise
        self._limited = None if limits is None else _Limited(limits, bins, chances, basins)

    def _limits(
        self, options: Options, chances: NDArray[np.float64], rng: np.random.Generator,
        schemes: NDArray[np.float32] | None, tones: NDArray[np.float32] | None,
    ) -> _Limits | None:  # fmt: skip
        """``tones``: of skin, where there is some."""
        wished = allowed_colors(options)
        if wished is not None:
            lightest = int(difference(wished.lab, _WHITE).argmin())
            skin = None if tones is None else most_like_skin(wished.lab, tones)
            return _Limits(wished.lab, wished.share, lightest, inked=not options.palette, skin=skin)
        if schemes is None:
            return None
        shown = ~self._blank(chances)
        lab, share = suiting(schemes, self._bins, chances[shown], self._basins.area[shown], options.variety, rng)
        skin = None
        if tones is not None:
            skin, own = len(lab), share.mean() / 2
            lab = np.concatenate([lab, tone_beside(lab, tones, options.variety, rng)[None]])
            share = np.append(share, own) / (1 + own)
        return _Limits(lab, share, len(lab), inked=True, tells=0.5, follows=4.0, variety=0.5, skin=skin)

    def __call__(
        self, said: NDArray[np.float64], now: NDArray[np.int64], carried: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Lab float32 (n, 3) for the basins ``now``, int64 (n,), the largest first.

        ``said``: float64 (basins, bins), as ``first`` but now; ``carried``: float32 (n, 3), the decided colour that the
        network would carry there as a stroke's, NaN for none.
        """
        chances = self._chances(_AGREES * said + (1 - _AGREES) * self._first)
        blank, chances = self._blank(chances)[now], chances[now]
        if self._limited is not None:
            return self._limited.drawn(chances, self._noise[now], now, blank, self._skin[now], carried)
        scores = np.log(chances + 1e-9) - _LOUD * np.hypot(self._bins[:, 1], self._bins[:, 2])
        scores -= _INK_PENALTY * (self._bins[:, 0] < _INKY)
        drawn = self._bins[(_told_apart(scores, self._bins, blank) + self._noise[now]).argmax(1)]
        drawn = np.where(blank[:, None], _WHITE, drawn)
        out = np.where(np.isnan(carried), drawn, carried)
        if self._tone is not None:
            out[self._skin[now]] = self._tone
        return np.asarray(out, np.float32)

    def _blank(self, chances: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of the basins stay paper, bool (basins,)."""
        sure = np.where(self._basins.rim, _SURE_AT_BORDER, _SURE)
        return np.asarray((chances[:, _white(self._bins)].sum(1) > sure) & ~self._skin)

    def _chances(self, said: NDArray[np.float64]) -> NDArray[np.float64]:
        chances = np.exp((said - said.max(1, keepdims=True)) / _SURER)
        return np.asarray(chances / chances.sum(1, keepdims=True))


@dataclass(frozen=True)
class _Limits:
    """The only colours there may be: those that the artist named, or of a scheme. ``lab``: float32 (c, 3); ``share``:
    float64 (c,), how much there should be of each; ``paper``: the row of the one that blank regions get, c for white;
    ``inked``: the darkest may be those of a finished picture's lines. ``tells``: how much it counts what is left of a
    colour's share; ``follows``: log-probability that a colour gains where the network would carry it as a stroke;
    ``variety``: how much of the artist's there is inside of these colours; ``skin``: the row that skin gets, None where
    it is like everything else."""

    lab: NDArray[np.float32]
    share: NDArray[np.float64]
    paper: int
    inked: bool
    tells: float = 1.0
    follows: float = 2.0
    variety: float = 1.0
    skin: int | None = None


class _Limited:
    """How well each colour suits, and how much of the page each has had.

    A colour's chance is divided by its mean chance all over the drawing: what decides is not how usual it is, but where
    it is more so than elsewhere; how much there should be of it is the artist's matter.
    """

    def __init__(
        self, limits: _Limits, bins: NDArray[np.float32], chances: NDArray[np.float64], basins: Basins
    ) -> None:
        self._limits, self._lab, self._area = limits, limits.lab, basins.area
        self._near = spoken_for(bins, limits.lab)
        self._usual = np.average(chances @ self._near + _UNHEARD, axis=0, weights=basins.area)
        self._ink = _INK_PENALTY * (limits.lab[:, 0] < _INKY) * limits.inked
        share = limits.share * np.exp(-self._ink)
        self._share = share / share.sum()
        self._had = np.zeros(len(limits.lab) + 1)  # the last one white paper

    def drawn(
        self, chances: NDArray[np.float64], noise: NDArray[np.float64], now: NDArray[np.int64],
        blank: NDArray[np.bool_], skin: NDArray[np.bool_], carried: NDArray[np.float32],
    ) -> NDArray[np.float32]:  # fmt: skip
        """As `Draw.__call__`; each knows what the larger ones have taken."""
        suits = np.log((chances @ self._near + _UNHEARD) / self._usual) - self._ink + noise
        suits = _told_apart(suits, self._lab, blank)
        suits += self._limits.follows * (difference(carried[:, None], self._lab[None]) < 0.5)
        rows = np.full(len(now), self._limits.paper)
        for i, basin in enumerate(now.tolist()):
            if skin[i] and self._limits.skin is not None:
                rows[i] = self._limits.skin
            elif not blank[i]:
                left = np.maximum(self._share - self._had[:-1], _SPENT * self._share) + 1e-6
                rows[i] = int((suits[i] + self._limits.tells * np.log(left)).argmax())
            self._had[rows[i]] += self._area[basin] / self._area.sum()
        return np.asarray(np.concatenate([self._lab, _WHITE])[rows], np.float32)


def shared_noise(
    said: NDArray[np.float64], area: NDArray[np.float64], colors: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Gumbel noise, float64 (basins, colors), the more the same for two basins the more alike what is said of them is:
    two sleeves get one colour, sleeve and sky seldom do.

    ``said``: float64 (basins, bins); alike is what correlates. How fast noise parts with that is chosen for each
    drawing so that two of its basins, by the root of their areas, share as much as regions of finished art do.
    """
    anchors = np.argsort(-area, kind="stable")[:_ANCHORS]
    apart = said - np.average(said, axis=0, weights=area)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True) + 1e-9
    far = 1 - np.minimum(apart @ apart[anchors].T, 1)
    weight = np.sqrt(area[anchors]) / np.sqrt(area[anchors]).sum()
    low, high = 0, len(_WIDTHS) - 1
    while low < high:
        middle = (low + high + 1) // 2
        mean = weight @ _mixtures(far[anchors], _WIDTHS[middle])
        low, high = (middle, high) if mean @ mean < _SHARED else (low, middle - 1)
    normal = _mixtures(far, _WIDTHS[low]) @ rng.normal(size=(len(anchors), colors))
    return np.asarray(-np.log(-log_ndtr(normal)))


def _mixtures(far: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """How much each basin has of each anchor's noise; rows are of length 1, so that its variance stays."""
    near = np.exp((far.min(1, keepdims=True) - far) / width)
    return np.asarray(near / np.linalg.norm(near, axis=1, keepdims=True))


def _told_apart(
    scores: NDArray[np.float64], colors: NDArray[np.float32], blank: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Without whites where paper does not show."""
    white = _white(colors)
    return scores if white.all() else np.where(white & ~blank[:, None], -np.inf, scores)


def _white(colors: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(difference(colors, _WHITE) < _WHITISH)
