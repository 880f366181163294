"""The colour scheme of a drawing for which nothing was said: a few colours that go together.

Colours drawn for each region by itself may each be likely, and are a jumble together. An illustrator keeps to a few.
So a style's file holds schemes, each the colours of one finished drawing and how much it has of each, and one is taken
that suits what the network says of the regions; which region gets which of its colours is decided as with a palette of
the artist's (`drawn`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .lab import difference

_NEAR = 10.0  # ΔE, standard deviation: so far a bin speaks for a colour
_UNHEARD = 1e-4  # chance of a scheme for a region of which no bin speaks for any of its colours
_SUITS = 1.5  # how much it counts that a scheme suits, beside chance at variety 1
_MOST = 256  # regions that are asked, the largest
COLORED = 8.0  # chroma from which on a colour is one
SEPIA = (40.0, 95.0)  # degrees of hue in Lab: orange, brown, ochre
#: … of what is coloured, and the mean chroma below which that is not simply orange: a little more is sepia than
#: `linewash-train wishes` calls so, which looks at pixels, while regions are looked at here
_MOSTLY, _PALE = 0.85, 42.0
_COLORLESS = 0.1  # of the area


def spoken_for(bins: NDArray[np.float32], lab: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much each of the ``bins``, float32 (b, 3) Lab, speaks for each colour ``lab``, (…, 3): (b, …), 0…1."""
    apart = difference(bins.reshape(-1, *[1] * (lab.ndim - 1), 3), lab[None])
    return np.asarray(np.exp(-((apart / _NEAR) ** 2) / 2), np.float64)


def suiting(
    schemes: NDArray[np.float32], bins: NDArray[np.float32], chances: NDArray[np.float64], area: NDArray[np.float64],
    variety: float, rng: np.random.Generator, nth: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:  # fmt: skip
    """Lab float32 (c, 3) of one of the ``schemes`` and how much there should be of each, float64 (c,), summing to 1.

    ``schemes``: as `linewash_daemon.generator.Painting` has them; ``chances``: float64 (parts, bins), of those that are
    not blank; ``area``: float64 (parts,). At ``variety`` 0 it is the one that suits best, or the ``nth`` after that; as
    ``rng`` is at first, each ``nth`` is another one.
    """
    asked = np.argsort(-area, kind="stable")[:_MOST]
    lab, share = schemes[..., :3], _evened(schemes[..., 3])
    speaks = (spoken_for(bins, lab) * share).sum(-1)
    heed = np.sqrt(area[asked])
    suits = heed @ np.log(chances[asked] @ speaks + _UNHEARD) / max(1.0, heed.sum())
    order = np.argsort(-(_SUITS * suits + variety * rng.gumbel(size=len(schemes))), kind="stable")
    chosen = order[nth]
    there = share[chosen] > 0
    return lab[chosen][there], share[chosen][there]


def sepia(lab: NDArray[np.float32], area: NDArray[np.float64]) -> bool:
    """Whether colours, float32 (n, 3) Lab, that cover so much ``area``, float64 (n,), look as an old photograph does:
    hardly any of what is coloured is other than brown, and its mean chroma is low. What is nearly all white or grey
    does not."""
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    colored = area * (chroma >= COLORED)
    if colored.sum() <= _COLORLESS * area.sum():
        return False
    brown = (hue >= SEPIA[0]) & (hue <= SEPIA[1])
    return bool(np.average(brown, weights=colored) >= _MOSTLY and np.average(chroma, weights=colored) < _PALE)


def _evened(share: NDArray[np.float32]) -> NDArray[np.float64]:
    """Less of what there is most of: that is a background more often than not, and here paper may be that."""
    root = np.sqrt(share.astype(np.float64))
    return np.asarray(root / root.sum(-1, keepdims=True))
