"""Colours drawn for regions without a stroke, from what the network says of them and from what the artist wishes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import log_ndtr

from linewash.contract import Options

from ..generator import Semantics
from .alike import PartsAlike
from .allowed import allowed_colors
from .lab import difference
from .parts import Parts
from .schemes import spoken_for, suiting
from .semantics import most_like, tones_beside

_SURE, _SURE_AT_BORDER = 0.3, 0.2  # chance of being white above which a region stays white: paper reaches the rim
_WHITE = np.array([[100, 0, 0]], np.float32)
_NO_COLORS = np.zeros((0, 3), np.float32)
_WHITISH = 9.0  # ΔE within which a bin is a white
_LOUD = 0.006  # log-probability that a unit of chroma costs: few colours of a drawing are as vivid as its loudest
_INKY, _INK_PENALTY = 25.0, 3.0  # L below which a colour is as dark as ink, and what that costs: ink is not filled
_HOTTEST = 1.2  # temperature of the draw at variety 1; 0 at variety 0
_SURER = 1.6  # by which the network is surer of its colours than it is right: its log-probabilities are divided by it
_AGREES = 0.3  # how much what was decided counts beside what was said at first: more, and all becomes one colour
#: log-probability that a unit of chroma of a scheme costs, times the root of a part's share of the page: backgrounds
#: are paler than figures, and by the share alone all but the largest would be as loud as they like
_QUIET = 0.015
#: log-probability that it costs a part to have the colour of all that lies beside it, if that is surely something else;
#: by these, as much of the border between parts is in one colour as in finished art (docs/experiments.md)
_RUNS_INTO = 6.0
_TOLD_APART = 12.0  # ΔE, standard deviation: so far a colour runs into another that is near it
_LIKENESS = 3.0  # log-odds beyond those of one part from which two parts are surely of one colour
_NEW = -0.3  # of surely not: how a colour that nothing has yet suits, as far as likeness goes
_SAME = 0.5  # ΔE within which a colour is another
_UNHEARD = 1e-3  # chance of a named colour that no bin speaks for: the artist wants it all the same
_SPENT = 0.05  # of its share counts as left of a colour that has had it all
_ANCHORS = 256  # the largest parts have noise of their own; all others mixtures of it
_SHARED = 0.25  # mean correlation of two parts' noise: so often two regions of finished art have one colour
_WIDTHS = np.geomspace(0.02, 5.0, 24)  # of 1 less correlation: how fast noise parts, from each alone to all alike


class Draw:
    """Colours for the parts of one drawing, a few at a time."""

    def __init__(
        self, bins: NDArray[np.float32], first: NDArray[np.float64], parts: Parts, options: Options,
        rng: np.random.Generator, beside: csr_matrix, alike: PartsAlike | None = None,
        schemes: NDArray[np.float32] | None = None, semantics: Semantics | None = None, nth: int = 0,
    ) -> None:  # fmt: skip
        """``bins``: float32 (bins, 3) Lab; ``first``: float64 (parts, bins), log-probabilities before anything is
        decided. Of ``options``, ``variety``, ``palette`` and ``like`` count. ``beside``: see
        `beside.others_beside`; ``alike``: see `Alike.of_parts`; ``schemes``: see `Painting`, of which the ``nth`` best
        is taken; ``semantics``: of the regions."""
        self._bins, self._first, self._parts = bins, first, parts
        chances = _chances(first)
        depicted = self._depicted(semantics)
        limits = self._limits(options, chances, rng, schemes, depicted, nth)
        tones = [] if limits else tones_beside(_NO_COLORS, list(depicted.values()), options.variety, rng)
        self._tones = {row: some[0] for row, some in zip(depicted, tones, strict=False)}  # one of each without schemes
        noise = shared_noise(first, parts.area, len(bins if limits is None else limits.lab), rng)
        self._noise = _HOTTEST * options.variety * (1.0 if limits is None else limits.variety) * noise
        self._limited = None if limits is None else _Limited(limits, bins, chances, parts, beside, alike)
        #: whether the colours are those of a scheme, not of the artist's wish
        self.schemed = limits is not None and limits.free is not None

    def _depicted(self, semantics: Semantics | None) -> dict[int, tuple[str, NDArray[np.float32]]]:
        """Name and tones of what is there, by its row."""
        if semantics is None:
            return {}
        there = (row for row in range(len(semantics.classes)) if (self._parts.depicts == row).any())
        return {row: (semantics.classes[row], semantics.tones[row]) for row in there if len(semantics.tones[row])}

    def _limits(
        self, options: Options, chances: NDArray[np.float64], rng: np.random.Generator,
        schemes: NDArray[np.float32] | None, depicted: dict[int, tuple[str, NDArray[np.float32]]], nth: int,
    ) -> _Limits | None:  # fmt: skip
        wished = allowed_colors(options)
        if wished is not None:
            lightest = int(difference(wished.lab, _WHITE).argmin())
            rows = {row: most_like(wished.lab, *one) for row, one in depicted.items()}
            return _Limits(wished.lab, wished.share, lightest, inked=not options.palette, rows=rows)
        if schemes is None:
            return None
        shown = ~self._blank(self._first)
        lab, share = suiting(schemes, self._bins, chances[shown], self._parts.area[shown], options.variety, rng, nth)
        found = tones_beside(lab, list(depicted.values()), options.variety, rng)
        ends = len(lab) + np.cumsum([len(tones) for tones in found], dtype=np.int64)
        rows = {row: np.arange(end - len(own), end) for row, end, own in zip(depicted, ends, found, strict=True)}
        both = np.concatenate([lab, *found])
        share = np.append(share, np.full(len(both) - len(lab), share.mean() / 2))
        return _Limits(
            both,
            share,
            len(both),
            inked=True,
            tells=0.5,
            follows=2.0,
            resembles=3.0,
            variety=0.5,
            quiet=_QUIET,
            rows=rows,
            free=len(lab),
        )

    def __call__(
        self, said: NDArray[np.float64], now: NDArray[np.int64], carried: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Lab float32 (n, 3) for the parts ``now``, int64 (n,), the largest first.

        ``said``: float64 (parts, bins), as ``first`` but now; ``carried``: float32 (n, 3), the decided colour that the
        network would carry there as a stroke's, NaN for none.
        """
        said = _AGREES * said + (1 - _AGREES) * self._first
        blank, chances = self._blank(said)[now], _chances(said)[now]
        if self._limited is not None:
            return self._limited.drawn(chances, self._noise[now], now, blank, carried)
        scores = np.log(chances + 1e-9) - _LOUD * np.hypot(self._bins[:, 1], self._bins[:, 2])
        scores -= _INK_PENALTY * (self._bins[:, 0] < _INKY)
        drawn = self._bins[(_without_whites(scores, self._bins, blank) + self._noise[now]).argmax(1)]
        drawn = np.where(blank[:, None], _WHITE, drawn)
        out = np.where(np.isnan(carried) | self._parts.white[now, None], drawn, carried)
        for row, tone in self._tones.items():
            out[self._parts.depicts[now] == row] = tone
        return np.asarray(out, np.float32)

    def _blank(self, said: NDArray[np.float64]) -> NDArray[np.bool_]:
        return (stays_paper(self._bins, said, self._parts.rim) & self._parts.paper) | self._parts.white


@dataclass(frozen=True)
class _Limits:
    """The only colours there may be: those that the artist named, or of a scheme. ``lab``: float32 (c, 3); ``share``:
    float64 (c,), how much there should be of each; ``paper``: the row of the one that blank regions get, c for white;
    ``inked``: the darkest may be those of a finished picture's lines. ``tells``: how much it counts what is left of a
    colour's share; ``follows``: log-probability that a colour gains where the network would carry it as a stroke;
    ``resembles``: what it gains, or loses, for a part that is surely of one colour with one that has it, or with none;
    ``variety``: how much of the artist's there is inside of these colours; ``quiet``: log-probability that a unit of
    chroma costs a part, times the root of its share of the page; ``rows``: those that a class
    (`Parts.depicts`) may have, if any; ``free``: the first that only these may have."""

    lab: NDArray[np.float32]
    share: NDArray[np.float64]
    paper: int
    inked: bool
    tells: float = 1.0
    follows: float = 2.0
    resembles: float = 0.0
    variety: float = 1.0
    quiet: float = 0.0
    rows: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    free: int | None = None


class _Limited:
    """How well each colour suits, and how much of the page each has had.

    A colour's chance is divided by its mean chance all over the drawing: what decides is not how usual it is, but where
    it is more so than elsewhere; how much there should be of it is the artist's matter.
    """

    def __init__(
        self, limits: _Limits, bins: NDArray[np.float32], chances: NDArray[np.float64], parts: Parts,
        beside: csr_matrix, alike: PartsAlike | None,
    ) -> None:  # fmt: skip
        self._limits, self._lab, self._parts = limits, limits.lab, parts
        self._may = [self._rows(part) for part in range(len(parts.area))]
        self._beside = beside
        self._alike = alike
        self._near_each_other = np.exp(-((difference(self._lab[:, None], self._lab[None]) / _TOLD_APART) ** 2) / 2)
        # of each part the colour that it shows, for its neighbours: -1 for none yet, for white paper and for a dot's
        only = [rows[0] if len(rows) == 1 else -1 for rows in self._may]
        self._shows = np.where(parts.paper | parts.white, -1, only)
        self._area = parts.area / parts.area.sum()
        self._near = spoken_for(bins, limits.lab)
        self._usual = np.average(chances @ self._near + _UNHEARD, axis=0, weights=parts.area)
        self._ink = _INK_PENALTY * (limits.lab[:, 0] < _INKY) * limits.inked
        self._loud = limits.quiet * np.hypot(limits.lab[:, 1], limits.lab[:, 2])
        share = limits.share * np.exp(-self._ink)
        self._share = share / share.sum()
        self._had = np.zeros(len(limits.lab) + 1)  # the last one white paper

    def drawn(
        self, chances: NDArray[np.float64], noise: NDArray[np.float64], now: NDArray[np.int64],
        blank: NDArray[np.bool_], carried: NDArray[np.float32],
    ) -> NDArray[np.float32]:  # fmt: skip
        """As `Draw.__call__`; each knows what the larger ones have taken."""
        suits = np.log((chances @ self._near + _UNHEARD) / self._usual) - self._ink + noise
        suits = _without_whites(suits, self._lab, blank)
        follows = difference(carried[:, None], self._lab[None]) < _SAME
        suits += self._limits.follows * follows
        dotted = ~np.isnan(carried[:, 0]) & ~follows.any(1)
        rows = np.full(len(now), self._limits.paper)
        for i, part in enumerate(now.tolist()):
            may = self._may[part]
            if not blank[i]:
                loud = self._loud * np.sqrt(self._area[part])
                left = np.maximum(self._share - self._had[:-1], _SPENT * self._share) + 1e-6
                score = suits[i] - loud - self._running_into(part) + self._resembling(part)
                score += self._limits.tells * np.log(left)
                rows[i] = may[int(score[may].argmax())]
            self._had[rows[i]] += self._area[part]
            self._shows[part] = -1 if dotted[i] or rows[i] == len(self._lab) else rows[i]
        return np.asarray(np.concatenate([self._lab, _WHITE])[rows], np.float32)

    def _running_into(self, part: int) -> NDArray[np.float64]:
        """What each colour costs where the part would run into others beside it, float64 (c,)."""
        row = slice(*self._beside.indptr[part : part + 2])
        shown, share = self._shows[self._beside.indices[row]], self._beside.data[row]
        known = shown >= 0
        return np.asarray(_RUNS_INTO * share[known] @ self._near_each_other[shown[known]], np.float64)

    def _resembling(self, part: int) -> NDArray[np.float64]:
        """What each colour gains or loses by the part that has it and is most surely of one colour with this ``part``,
        float64 (c,)."""
        if self._alike is None or not self._limits.resembles:
            return np.zeros(len(self._lab))
        most = np.full(len(self._lab), -np.inf)
        shown = np.flatnonzero(self._shows >= 0)
        shown = shown[shown != part]
        sure = np.clip(self._alike.between(np.array(part), shown) / _LIKENESS, -1, 1)
        np.maximum.at(most, self._shows[shown], sure)
        return np.asarray(self._limits.resembles * np.where(np.isfinite(most), most, _NEW), np.float64)

    def _rows(self, part: int) -> NDArray[np.int64]:
        """Rows of the colours that a part may have."""
        rows = self._limits.rows.get(int(self._parts.depicts[part]), np.zeros(0, np.int64))
        return rows if len(rows) else np.arange(len(self._lab))[: self._limits.free]


def stays_paper(bins: NDArray[np.float32], said: NDArray[np.float64], rim: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of n places are likely paper, bool (n,). ``said``: float64 (n, bins), log-probabilities; ``rim``: bool
    (n,), whether they touch the page's."""
    sure = np.where(rim, _SURE_AT_BORDER, _SURE)
    return np.asarray(_chances(said)[:, _white(bins)].sum(1) > sure)


def _chances(said: NDArray[np.float64]) -> NDArray[np.float64]:
    chances = np.exp((said - said.max(1, keepdims=True)) / _SURER)
    return np.asarray(chances / chances.sum(1, keepdims=True))


def shared_noise(
    said: NDArray[np.float64], area: NDArray[np.float64], colors: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Gumbel noise, float64 (parts, colors), the more the same for two parts the more alike what is said of them is:
    two sleeves get one colour, sleeve and sky seldom do.

    ``said``: float64 (parts, bins); alike is what correlates. How fast noise parts with that is chosen for each
    drawing so that two of its parts, by the root of their areas, share as much as regions of finished art do.
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


def _without_whites(
    scores: NDArray[np.float64], colors: NDArray[np.float32], blank: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Without whites where paper does not show."""
    white = _white(colors)
    return scores if white.all() else np.where(white & ~blank[:, None], -np.inf, scores)


def _white(colors: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray(difference(colors, _WHITE) < _WHITISH)
