"""The colours that the training art is made of: the bins of the distribution and how rare each is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .pack import Pack

_SMOOTHING = 0.5  # lambda of Zhang, Isola, Efros 2016, section 2.2
_PICTURES, _PIXELS = 1500, 200


def color_bins(
    pack: Pack, indices: list[int], bins: int, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """k-means of Lab colours of the pictures ``indices`` -> centres float32 (bins, 3) and rarity float32 (bins,).

    Rarity is the class weight of rebalanced classification: its mean over the art's pixels is 1.
    """
    rng = np.random.default_rng(seed)
    chosen = rng.choice(indices, min(_PICTURES, len(indices)), replace=False)
    samples = []
    for index in chosen:
        color = pack[int(index)].color
        pixels = color.reshape(-1, 3)[rng.integers(0, color.size // 3, _PIXELS)]
        samples.append(cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0])
    colors = np.concatenate(samples)
    coarse = np.unique(np.round(colors / 6).astype(np.int32), axis=0).astype(np.float32) * 6  # every colour once
    cv2.setRNGSeed(seed)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.1)
    _, _, centres = cv2.kmeans(coarse, bins, np.empty(0, np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)
    nearest = _assign(colors, np.asarray(centres, np.float32))
    count = np.bincount(nearest, minlength=bins)
    means = np.stack([np.bincount(nearest, colors[:, c], bins) for c in range(3)], 1) / np.maximum(count, 1)[:, None]
    means = np.where(count[:, None] > 0, means, centres)  # where the art's own colours lie: the white bin is white
    share = count / len(nearest)
    rarity = 1 / ((1 - _SMOOTHING) * share + _SMOOTHING / bins)
    return means.astype(np.float32), (rarity / (share * rarity).sum()).astype(np.float32)


def _assign(colors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    parts = [
        ((c[:, None] - centres[None]) ** 2).sum(2).argmin(1) for c in np.array_split(colors, len(colors) // 1000 + 1)
    ]
    return np.concatenate(parts)
