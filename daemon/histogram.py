"""The colour histogram of a picture or of a whole collection: 8 levels a channel, 512 bins.

A bin's colour is the mean of its members, as in the hints of Stanford's CS229 project on colouring anime line art.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from linewash.errors import BadInput

BINS = 512
_BITS = 3  # of each channel: 8 levels


@dataclass(frozen=True)
class Histogram:
    """``share`` float32 (512,), summing to 1; ``colors`` uint8 (512, 3) sRGB, black where a bin is empty."""

    share: NDArray[np.float32]
    colors: NDArray[np.uint8]

    @classmethod
    def of(cls, swatches: Iterable[Sequence[float]]) -> Histogram:
        """From what `swatches` gives: (red, green, blue, share) with colours of 0…255 and shares of 0 or more.

        Shares need not sum to 1; swatches of one bin become one. Raises `BadInput` (bad_option) when no share is
        above 0.
        """
        table = np.array([list(swatch) for swatch in swatches], np.float64).reshape(-1, 4)
        return _weighted(np.clip(np.rint(table[:, :3]), 0, 255).astype(np.uint8), table[:, 3])

    def swatches(self) -> list[list[float]]:
        """The filled bins, the largest first, as [red, green, blue, share]."""
        filled = np.flatnonzero(self.share)
        order = filled[np.argsort(-self.share[filled], kind="stable")]
        return [[*map(int, self.colors[i]), round(float(self.share[i]), 8)] for i in order]

    def draw(self, rng: Generator, n: int) -> NDArray[np.uint8]:
        """``n`` colours, each bin as often as its share says; uint8 (n, 3)."""
        ends = np.cumsum(self.share, dtype=np.float64)
        return np.asarray(self.colors[np.searchsorted(ends, rng.random(n) * ends[-1], side="right")], np.uint8)


def histogram(pixels: NDArray[np.uint8]) -> Histogram:
    """The histogram of ``pixels``, uint8 (n, 3) sRGB. Raises `BadInput` (bad_option) when there are none."""
    return _weighted(pixels, None)


def _weighted(colors: NDArray[np.uint8], weights: NDArray[np.float64] | None) -> Histogram:
    total, mean = binned(colors, weights, _BITS)
    if not total.sum() > 0:
        raise BadInput("The colour histogram holds no colour.", "Give a picture that shows something.", "bad_option")
    return Histogram((total / total.sum()).astype(np.float32), mean)


def binned(
    colors: NDArray[np.uint8], weights: NDArray[np.float64] | None, bits: int
) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """How much there is of each of 8 ** ``bits`` bins of ``colors``, uint8 (n, 3): float64 (bins,); and the mean of
    each bin's members, uint8 (bins, 3), black where there is none."""
    level, bins = colors.astype(np.int64) >> (8 - bits), 8**bits
    index = level[:, 0] << 2 * bits | level[:, 1] << bits | level[:, 2]
    total = np.bincount(index, weights, bins).astype(np.float64)
    sums = [np.bincount(index, colors[:, c] if weights is None else colors[:, c] * weights, bins) for c in range(3)]
    mean = np.stack(sums, 1) / np.where(total > 0, total, 1)[:, None]
    return total, np.rint(mean).astype(np.uint8)
