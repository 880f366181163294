"""The parts of a drawing that get one colour each where nothing was said: its basins, and where a style knows what
regions depict, those basins together that are of one colour. Two sleeves are one part, and a sky between branches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.special import expit

from ..generator import Semantics
from .alike import BY_LIKENESS, Alike
from .regions import Regions

#: chance above which a basin is taken for that, and for whatever exceeds its own the most: chances of what is rare in
#: the school lie lower (docs/experiments.md, likeness read place by place, and fur)
_SURE = {
    "skin": 0.4, "hair": 0.45, "foliage": 0.38, "sky": 0.3, "white": 0.2, "wood": 0.27, "sun": 0.36, "fur": 0.3,
}  # fmt: skip
_PAPER, _WHITE = -2, -3  # kinds beside those that are depicted
_PALE = "white"  # of `Semantics.classes`, what needs no tone


@dataclass(frozen=True)
class Parts:
    """``of_basin``: int64 (basins,), each basin's part; ``owner``: int64 (regions,), each region's; ``pixels``: int64
    (regions,). Of each part ``area``: float64 (parts,) px, ``rim``: bool (parts,), whether more than half of it
    are basins that touch the page's, ``paper``: bool (parts,), whether it may stay paper, ``white``: bool (parts,),
    whether it does, and ``depicts``: int64 (parts,), a row of `Semantics.classes`, or -1."""

    of_basin: NDArray[np.int64]
    owner: NDArray[np.int64]
    pixels: NDArray[np.int64]
    area: NDArray[np.float64]
    rim: NDArray[np.bool_]
    paper: NDArray[np.bool_]
    white: NDArray[np.bool_]
    depicts: NDArray[np.int64]

    @classmethod
    def of(
        cls, regions: Regions, semantics: Semantics | None = None, alike: Alike | None = None,
        paper: NDArray[np.bool_] | None = None,
    ) -> Parts:  # fmt: skip
        """``semantics``: of the regions, the same for all of a basin. ``alike``: which basins are; without them, or
        ``semantics``, each is a part of its own. ``paper``: bool (basins,), those that likely stay paper, and go with
        none that do not; without, any may."""
        basins, speaker = np.unique(regions.basin, return_index=True)
        area = np.bincount(regions.basin, regions.area).astype(np.float64)
        of_basin, depicts, white = np.arange(len(basins)), np.full(len(basins), -1), np.zeros(len(basins), bool)
        if semantics is not None:
            depicts, white = taken_for(semantics, speaker)
            kind = np.where(white, _WHITE, depicts)
            if paper is not None:
                kind = np.where((kind == -1) & paper, _PAPER, kind)
            if alike is not None:
                of_basin = _together(alike, semantics.likeness[speaker], semantics.same, kind)
        count = int(of_basin.max()) + 1
        shown, blank, pale = np.full(count, -1), np.ones(count, bool), np.zeros(count, bool)
        shown[of_basin], pale[of_basin] = depicts, white
        blank[of_basin] = True if paper is None else paper
        whole = np.bincount(of_basin, area, count).astype(np.float64)
        at_rim = np.bincount(regions.basin, regions.touches_border) > 0
        rim = np.bincount(of_basin, area * at_rim, count) > whole / 2
        return cls(
            of_basin, of_basin[regions.basin], regions.area, whole, rim, blank & (shown < 0), pale, shown,
        )  # fmt: skip

    def mean(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """float32 (regions, k) -> float64 (parts, k), weighted by area."""
        summed = [np.bincount(self.owner, self.pixels * column, len(self.area)) for column in values.T]
        return np.asarray(np.stack(summed, 1) / self.area[:, None], np.float64)

    def commonest(self, choice: NDArray[np.int64] | None, colors: int) -> NDArray[np.int64]:
        """The one of so many ``colors`` that most of each part goes with, int64 (parts,); -1 for none.
        ``choice``: see `linewash_daemon.generator.Painting`."""
        if choice is None:
            return np.full(len(self.area), -1)
        key = self.owner * (colors + 1) + choice + 1
        held = np.bincount(key, self.pixels, len(self.area) * (colors + 1)).reshape(-1, colors + 1)
        return np.asarray(held.argmax(1) - 1, np.int64)


def taken_for(semantics: Semantics, speaker: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of each basin, of which a region is the ``speaker``, what it depicts, int64 (basins,), -1 for nothing that is
    known, and whether that is something white, bool (basins,). What the style has no tones for it does not find."""
    sure = semantics.chance[speaker] / np.array([_SURE[name] for name in semantics.classes])
    white = np.array([name == _PALE for name in semantics.classes])
    sure[:, [not len(tones) for tones in semantics.tones] & ~white] = 0  # of what has no colour nothing is known
    likeliest = np.where(sure.max(1) > 1, sure.argmax(1), -1)
    pale = np.append(white, False)[likeliest]
    return np.where(pale, -1, likeliest), pale


def _together(
    alike: Alike, likeness: NDArray[np.float32], same: tuple[float, float], kinds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The part of each basin, int64 (basins,): average linkage, among basins of one kind. Those that were not compared
    join the part that they are likest, or stay alone."""
    place = np.full(len(kinds), -1)
    place[alike.basins] = np.arange(len(alike.basins))
    out = np.full(len(kinds), -1)
    parts = 0
    for kind in np.unique(kinds):
        large = alike.basins[kinds[alike.basins] == kind]
        small = np.flatnonzero((kinds == kind) & (place < 0))
        found = np.zeros(len(large), np.int64)
        if len(large) > 1:
            apart = 1 - expit(alike.odds[np.ix_(place[large], place[large])])
            np.fill_diagonal(apart, 0)
            found = fcluster(linkage(squareform(apart, checks=False), "average"), 0.5, "distance") - 1
        count = int(found.max(initial=-1)) + 1
        out[large], out[small] = parts + found, parts + count + np.arange(len(small))
        if len(small) and count:
            middle = np.stack([likeness[large[found == part]].mean(0) for part in range(count)])
            like = same[0] * likeness[small] @ middle.T + same[1] - BY_LIKENESS
            out[small] = np.where(like.max(1) > 0, parts + like.argmax(1), out[small])
        parts += count + len(small)
    return np.unique(out, return_inverse=True)[1]
