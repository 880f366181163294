"""Colours for a drawing without strokes: the network is asked, some regions are decided, and its answer becomes a hint.

Regression alone would paint every region the mean of all it might be, which is sepia. So the colours of the largest
regions are drawn from the network's distribution over colour bins (of a scheme's, where the style has `schemes`), given
back to it as strokes, and so on for a few rounds: each region's colour is chosen knowing its neighbours'. Where there
are dots, they are told all the while, and regions for which the network chooses a dot's colour get that. What
looks sepia all the same is drawn again from the next scheme.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Generator, Hints, Marks, Painting
from ..given import Given
from .alike import told as told_alike
from .beside import others_beside
from .drawn import Draw, stays_paper
from .manner import FIGURES
from .parts import Parts
from .prepare import Prepared
from .schemes import sepia
from .votes import mostly

_ROUNDS = 6
_SHARE = 0.4  # of the undecided area that a round decides
_DRAWS = 4  # from as many schemes at most, until nothing looks sepia
_MARK = 0.03  # of the long side: the largest radius of the spot that tells the network of a decided region

_NO_COLORS = np.zeros((0, 3), np.float32)
_NOWHERE = Marks(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool), np.zeros((0, FIGURES), np.float32))


def imagine(
    generator: Generator, prepared: Prepared, options: Options,
    colors: NDArray[np.float32] = _NO_COLORS, dots: Marks = _NOWHERE,
) -> Painting:  # fmt: skip
    """A painting of a drawing without strokes, all of it the network's own colour but for what takes that of a dot.

    ``options.seed`` and ``options.variety`` steer the draw; with ``options.palette`` or ``options.like`` only their
    colours are drawn. Basins of one part get one colour, and what the network would give a decided region's colour, as
    if that were a stroke, gets it rather than another. ``dots``: soft marks in some of the ``colors``, float32 (c, 3)
    Lab; where there are any, `Painting.choice` says which regions take one of these.
    """
    asked, regions = _Asked(generator, prepared, options, colors, dots), prepared.regions
    said = asked.at_first()
    bins, first, schemes = said.painting.bins, said.painting.distribution, said.painting.schemes
    if first is None or bins is None:
        return said.painting
    semantics = prepared.depicted(generator)
    alone = Parts.of(regions)
    alike = told_alike(generator, prepared, semantics, first)
    parts = Parts.of(regions, semantics, alike, stays_paper(bins, alone.mean(first), alone.rim))
    parts_alike = None if alike is None else alike.of_parts(parts)
    beside = others_beside(parts, prepared.graph, parts_alike)
    code, of_parts = zlib.crc32(prepared.lines.tobytes()), parts.mean(first)
    drawn: list[_Decided] = []
    for nth in range(_DRAWS if schemes is None else min(_DRAWS, len(schemes))):
        rng = np.random.default_rng([options.seed, code])  # other drawings, other colours; the same order of schemes
        draw = Draw(bins, of_parts, parts, options, rng, beside, parts_alike, schemes, semantics, nth)
        drawn.append(_decided(asked, parts, draw, said))
        if not draw.schemed or not _sepia(drawn[-1], parts, colors):
            break
    else:
        drawn.append(drawn[0])  # skin and fur may be all there is: then the scheme that suits best
    own = drawn[-1].chosen[parts.owner][regions.working]
    return Painting(own, choice=drawn[-1].taken if len(dots.region) else None)


def at_first(generator: Generator, prepared: Prepared) -> Painting:
    """What the network says where nothing is decided, and nothing told."""
    return _Asked(generator, prepared, Options(), _NO_COLORS, _NOWHERE).at_first().painting


@dataclass(frozen=True)
class _Decided:
    """``chosen``: float32 (parts, 3) Lab, the colour of each part; ``taken``: int64 (n,), the row of the dots' colours
    that each region has taken, or -1."""

    chosen: NDArray[np.float32]
    taken: NDArray[np.int64]


def _sepia(decided: _Decided, parts: Parts, colors: NDArray[np.float32]) -> bool:
    """Whether the page looks so, or the figure on it: a sky behind it makes no brown coat better."""
    lab, dotted = decided.chosen[parts.owner], decided.taken >= 0
    lab[dotted] = colors[decided.taken[dotted]]
    page = parts.pixels.astype(np.float64)
    return sepia(lab, page) or sepia(lab, np.where(parts.rim[parts.owner], 0.0, page))


@dataclass(frozen=True)
class _Said:
    """``painting``: what the network says of a drawing that it was told the ``hints`` of."""

    hints: Hints
    painting: Painting


@dataclass(frozen=True)
class _Asked:
    """Who is asked, and of what; see `imagine`."""

    generator: Generator
    prepared: Prepared
    options: Options
    colors: NDArray[np.float32]
    dots: Marks

    def at_first(self) -> _Said:
        """What the network says where nothing is decided."""
        regions = self.prepared.regions
        nothing = np.full((int(regions.basin.max()) + 1, 3), np.nan, np.float32)
        return self.told(nothing, np.full(regions.n, -1, np.int64))

    def told(self, chosen: NDArray[np.float32], taken: NDArray[np.int64]) -> _Said:
        """What the network says when it knows the colours of some basins, ``chosen`` float32 (basins, 3) Lab, NaN for
        none, and what of ``colors`` regions have ``taken``, int64 (n,), -1 for none."""
        held = mostly(taken, self.prepared.regions, len(self.colors))
        hints, marks = _as_hints(self.prepared, chosen, held, self.colors, self.dots)
        drawing = self.prepared
        given = Given(drawing.lines, drawing.encoded, drawing.graph, hints, marks, self.options, imagined=True)
        return _Said(hints, self.generator.paint(given))


def _decided(asked: _Asked, parts: Parts, draw: Draw, said: _Said) -> _Decided:
    """What is drawn round by round, each knowing what was before; ``said``: at first."""
    chosen = np.full((len(parts.area), 3), np.nan, np.float32)
    taken = np.full(asked.prepared.regions.n, -1, np.int64)
    for turn in range(_ROUNDS):
        painting, hints = said.painting, said.hints
        assert painting.distribution is not None
        now = _next(np.flatnonzero(np.isnan(chosen[:, 0])), parts.area, last=turn == _ROUNDS - 1)
        carried = np.concatenate([hints.colors, np.full((1, 3), np.nan, np.float32)])  # the last row, -1, for none
        of_now = carried[parts.commonest(painting.choice, len(hints.colors))[now]]
        chosen[now] = draw(parts.mean(painting.distribution), now, of_now)
        if painting.choice is not None:
            dotted = np.isin(parts.owner, now) & (painting.choice < len(asked.colors))
            taken[dotted] = painting.choice[dotted]
        if not np.isnan(chosen).any():
            break
        said = asked.told(chosen[parts.of_basin], taken)
    return _Decided(chosen, taken)


def _next(waiting: NDArray[np.int64], area: NDArray[np.float64], last: bool) -> NDArray[np.int64]:
    """The largest of those that wait, the largest first; all of them in the ``last`` round."""
    order = waiting[np.argsort(-area[waiting], kind="stable")]
    held = np.cumsum(area[order])
    return order if last else order[: int(np.searchsorted(held, _SHARE * held[-1])) + 1]


def _as_hints(
    prepared: Prepared, chosen: NDArray[np.float32], taken: NDArray[np.int64], colors: NDArray[np.float32], dots: Marks
) -> tuple[Hints, Marks]:
    """A spot in the middle of each decided basin, as if an artist had marked it, beside the ``dots``. ``taken``: int64
    (basins,), the row of ``colors`` that a basin has taken, else -1; the ``chosen`` colours come after those, equal
    ones as one."""
    regions = prepared.regions
    labels = regions.basin[regions.working]
    rows = np.flatnonzero(~np.isnan(chosen[:, 0]))
    drawn = rows[taken[rows] < 0]
    distinct, which = np.unique(chosen[drawn], axis=0, return_inverse=True)
    number = (taken + 1).astype(np.int32)
    number[drawn] = len(colors) + 1 + which.ravel()
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
        np.concatenate([np.zeros((len(rows), FIGURES), np.float32), dots.drawn]),
    )
    return Hints(markers, np.concatenate([colors, distinct])), marks
