"""Which basins of a drawing are likely of one colour: two sleeves, a sky between branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..generator import Generator, Semantics
from .pairs import figures
from .regions import Regions

if TYPE_CHECKING:
    from .parts import Parts
    from .prepare import Prepared

MOST = 300  # basins that are compared with each other, the largest
#: log-odds of one colour that two basins need to be one part: by likeness alone, where with less a figure is one part
#: from hat to boots, and by all that is told of a pair, where chances are true ones and so joins them fewer than even
#: (docs/experiments.md, which pairs of areas have one colour)
BY_LIKENESS, BY_PAIRS = 1.5, -0.8
_UNKNOWN = -1.5  # log-odds of what was not compared, beyond that


@dataclass(frozen=True)
class Alike:
    """``basins``: int64 (k,), the largest ones, the largest first; ``area``: float64 (k,) px; ``odds``: float64 (k, k),
    symmetric: log-odds that two have one colour, less what they need to be one part."""

    basins: NDArray[np.int64]
    area: NDArray[np.float64]
    odds: NDArray[np.float64]

    def of_parts(self, parts: Parts) -> PartsAlike:
        """The same of parts: the mean over their basins, by the roots of their areas."""
        compared, of = np.unique(parts.of_basin[self.basins], return_inverse=True)
        share = np.zeros((len(self.basins), len(compared)))
        share[np.arange(len(self.basins)), of] = np.sqrt(self.area)
        share /= share.sum(0)
        place = np.full(len(parts.area), -1)
        place[compared] = np.arange(len(compared))
        return PartsAlike(place, share.T @ self.odds @ share)


@dataclass(frozen=True)
class PartsAlike:
    """``place``: int64 (parts,), the row of each in ``odds``, float64 (k, k), as `Alike.odds`, or -1 where none of its
    basins was compared: there may be thousands, of very little."""

    place: NDArray[np.int64]
    odds: NDArray[np.float64]

    def between(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log-odds, beyond what one part needs, that each of the parts ``one`` has a colour with the ``other``."""
        a, b = self.place[one], self.place[other]
        return np.where((a >= 0) & (b >= 0), self.odds[a, b], _UNKNOWN)


def told(
    generator: Generator, prepared: Prepared, semantics: Semantics | None, distribution: NDArray[np.float32]
) -> Alike | None:
    """What the ``generator`` knows of it, None for nothing. ``semantics`` as it told them of the regions,
    ``distribution`` as in `Painting`, where nothing is decided yet."""
    if semantics is None:
        return None
    regions = prepared.regions
    basins, area = _largest(regions)
    said = None
    if len(basins) > 1:
        said = generator.one_color(figures(prepared.graph, regions, semantics, distribution, basins))
    if said is None:
        return by_likeness(regions, semantics)
    odds, pair = np.zeros((len(basins),) * 2), np.triu_indices(len(basins), 1)
    odds[pair] = said - BY_PAIRS
    return Alike(basins, area, odds + odds.T)


def by_likeness(regions: Regions, semantics: Semantics) -> Alike:
    """By what the depiction reader alone says."""
    basins, area = _largest(regions)
    likeness = semantics.likeness[np.unique(regions.basin, return_index=True)[1][basins]].astype(np.float64)
    return Alike(basins, area, semantics.same[0] * likeness @ likeness.T + semantics.same[1] - BY_LIKENESS)


def _largest(regions: Regions) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    area = np.bincount(regions.basin, regions.area).astype(np.float64)
    basins = np.argsort(-area, kind="stable")[:MOST]
    return basins, area[basins]
