"""Colours for what a drawing depicts where nothing was said: believable skin, hair, leaves, sky and so on.

Which regions are what a style may know (`linewash_daemon.generator.Semantics`). A drawing has one tone of each, and a
few of leaves and fur, drawn evenly from all that such things have in finished art, but rather such as are near its
scheme. Of a palette or a reference picture it is the colour that is nearest to any tone, if one is near enough: those
colours alone are the artist's wish. What is white, as clouds and the whites of eyes are, needs no tone: it stays as
paper does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .lab import difference

_LIKE = 22.0  # ΔE to the nearest tone within which a wished-for colour may be that of skin, say
_PALE = {"skin": 12.0, "hair": 0.0, "fur": 0.0}  # chroma below which a colour is none's: a cream face is a ghost's
_PALER = 6.0  # … that of anything else: what is white or grey is no leaf
_PULL = 15.0  # ΔE to the nearest colour of a scheme that weighs as much as chance at variety 1
_APART = 16.0  # ΔE between the tones of one drawing, at least, where there are such
_SEVERAL = {"foliage": 3, "fur": 3}  # tones of a class in one drawing, where it is not one


def tones_beside(
    colors: NDArray[np.float32], classes: list[tuple[str, NDArray[np.float32]]], variety: float,
    rng: np.random.Generator,
) -> list[NDArray[np.float32]]:  # fmt: skip
    """Of each class a few of its tones, float32 (t, 3) Lab, for a drawing in the ``colors``, float32 (c, 3) Lab."""
    chosen: list[NDArray[np.float32]] = []
    for name, tones in classes:
        here = tones[:0]
        for _ in range(_SEVERAL.get(name, 1)):
            around = np.concatenate([colors, here]) if len(here) else colors
            apart = difference(tones[:, None], around[None]).min(1) if len(around) else np.zeros(len(tones))
            others = np.concatenate([*chosen, here, tones[:0]])
            taken = difference(tones[:, None], others[None]).min(1) < _APART if len(others) else np.zeros(len(tones))
            score = variety * rng.gumbel(size=len(tones)) - apart / _PULL - 10 * taken
            here = np.concatenate([here, tones[[int(score.argmax())]]])
        chosen.append(here)
    return chosen


def most_like(colors: NDArray[np.float32], name: str, tones: NDArray[np.float32]) -> NDArray[np.int64]:
    """The rows of the ``colors`` that may be a class's: a few of leaves or fur, else the one nearest to any of the
    ``tones``; none where none is near."""
    apart = difference(colors[:, None], tones[None]).min(1)
    apart = np.where(np.hypot(colors[:, 1], colors[:, 2]) < _PALE.get(name, _PALER), np.inf, apart)
    near = np.argsort(apart, kind="stable")[: _SEVERAL.get(name, 1)]
    return np.asarray(near[apart[near] < _LIKE], np.int64)
