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
#: (docs/experiments.md, which pairs of parts have one colour)
BY_LIKENESS, BY_PAIRS = 1.5, -0.8
_UNKNOWN = -1.5  # log-odds of what was not compared, beyond that


@dataclass(frozen=True)
class Alike:
    """``basins``: int64 (k,), the largest ones, the largest first; ``area``: float64 (k,) px; ``odds``: float64 (k, k),
    symmetric: log-odds that two have one colour, less what they need to be one part."""

    basins: NDArray[np.int64]
    area: NDArray[np.float64]
    odds: NDArray[np.float64]

    def of_parts(self, parts: Parts) -> NDArray[np.float64]:
        """The same of parts, float64 (parts, parts): the mean over their basins, by the roots of their areas."""
        share = np.zeros((len(self.basins), len(parts.area)))
        share[np.arange(len(self.basins)), parts.of_basin[self.basins]] = np.sqrt(self.area)
        whole = share.sum(0)
        both = whole[:, None] * whole
        return np.where(both > 0, share.T @ self.odds @ share / np.maximum(both, 1e-12), _UNKNOWN)


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
