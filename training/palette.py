"""The colours that the training art is made of: the bins of the distribution and how rare each is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .pack import Pack

_SMOOTHING = 0.5  # lambda of Zhang, Isola, Efros 2016, section 2.2
_PICTURES, _PIXELS = 1500, 200


def sampled_colors(pack: Pack, indices: list[int], seed: int = 0) -> NDArray[np.float32]:
    """Some pixels of some of the pictures ``indices``: float32 (n, 3) Lab, the same for the same pack and seed."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(indices, min(_PICTURES, len(indices)), replace=False)
    samples = []
    for index in chosen:
        color = pack[int(index)].color
        pixels = color.reshape(-1, 3)[rng.integers(0, color.size // 3, _PIXELS)]
        samples.append(cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_RGB2Lab)[0])
    return np.concatenate(samples)


def color_bins(colors: NDArray[np.float32], bins: int, seed: int = 0) -> NDArray[np.float32]:
    """k-means of colours float32 (n, c), about as large as Lab's -> centres float32 (bins, c)."""
    coarse = np.unique(np.round(colors / 6).astype(np.int32), axis=0).astype(np.float32) * 6  # every colour once
    if len(coarse) < bins:  # very little art: some bins are there twice
        coarse = coarse[np.arange(bins) % len(coarse)]
    cv2.setRNGSeed(seed)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.1)
    _, _, centres = cv2.kmeans(coarse, bins, np.empty(0, np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)
    nearest = _assign(colors, np.asarray(centres, np.float32))
    count = np.bincount(nearest, minlength=bins)
    means = (
        np.stack([np.bincount(nearest, colors[:, c], bins) for c in range(colors.shape[1])], 1)
        / np.maximum(count, 1)[:, None]
    )
    means = np.where(count[:, None] > 0, means, centres)  # where the art's own colours lie: the white bin is white
    return means.astype(np.float32)


def rarity(colors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.float32]:
    """How rare each of the bins ``centres`` (bins, c) is among ``colors`` (n, c) -> float32 (bins,).

    It is the class weight of rebalanced classification: its mean over the colours is 1.
    """
    bins = len(centres)
    share = np.bincount(_assign(colors, centres), minlength=bins) / len(colors)
    weight = 1 / ((1 - _SMOOTHING) * share + _SMOOTHING / bins)
    return np.asarray(weight / (share * weight).sum(), np.float32)


def _assign(colors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    parts = [
        ((c[:, None] - centres[None]) ** 2).sum(2).argmin(1) for c in np.array_split(colors, len(colors) // 1000 + 1)
    ]
    return np.concatenate(parts)


def to_rgb(lab: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Lab float32 (n, 3) -> sRGB uint8 (n, 3)."""
    rgb = cv2.cvtColor(lab[None].astype(np.float32), cv2.COLOR_Lab2RGB)[0]
    return np.asarray(np.clip(rgb, 0, 1) * 255 + 0.5, np.uint8)


class Binned(Protocol):
    """A network that tells colours by bins: ``palette`` (bins, 3) Lab, ``rarity`` (bins,)."""

    palette: Tensor
    rarity: Tensor


def count_bins(pack: Pack, networks: Iterable[Binned], fresh: bool) -> None:
    """Tell ``networks`` how rare each colour bin is in the art to learn from, and ``fresh`` ones the bins too: what a
    network has learned holds for the bins that it has."""
    colors = sampled_colors(pack, pack.indices("train"))
    for network in networks:
        if fresh:
            network.palette.copy_(torch.from_numpy(color_bins(colors, len(network.palette))))
        network.rarity.copy_(torch.from_numpy(rarity(colors, network.palette.cpu().numpy())))
