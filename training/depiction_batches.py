"""Drawings and pages to samples for the depiction reader: the lines as somebody else might draw them, and what is known
of what they depict.

Large areas count more than small ones, but only by the root: the whites of eyes are small.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from linewash_daemon.networks.propagator import STEP

from .augment import Placement
from .batches import Batches
from .degrade import degrade
from .flats import Image
from .pack import Pair
from .pages import Pages
from .samples import as_lines
from .semantic_truth import told

WINDOWS = 2  # of each drawing and page that is drawn
_PAGES = 0.5  # of the samples
_MANY = 1 << 20  # pages there are: no two samples need be of one
_INK = 128  # of 255: darker is line
_HEAVIEST = 5.0  # times the mean weight


@dataclass(frozen=True)
class Depicted:
    """``lines`` float32 (H, W), 0 paper … 1 ink; ``told`` int8 (H / s, W / s, `CLASSES`), as `semantic_truth.told`, of
    every place of `STEP`; ``weight`` float32 (H / s, W / s), 0 on lines, 1 in the mean."""

    lines: NDArray[np.float32]
    told: NDArray[np.int8]
    weight: NDArray[np.float32]


@dataclass
class DepictedBatch:
    """``lines`` (B, 1, H, W), ``told`` (B, `CLASSES`, h, w), ``weight`` (B, 1, h, w); float32."""

    lines: Tensor
    told: Tensor
    weight: Tensor

    def to(self, device: torch.device) -> DepictedBatch:
        return DepictedBatch(*(t.to(device, non_blocking=True) for t in vars(self).values()))


@dataclass(frozen=True)
class Views:
    """Makes samples of a pair, or of a page in its stead: `WINDOWS` windows of ``size`` px."""

    size: int
    pages: Pages

    def __call__(self, pair: Pair, rng: np.random.Generator) -> list[Depicted]:
        if self.pages.any and rng.random() < _PAGES:
            page = self.pages[int(rng.integers(_MANY))]
            return [self._window(page.pair.line, page.told, rng) for _ in range(WINDOWS)]
        said = told(pair.color, pair.meta)
        return [self._window(pair.line, said, rng) for _ in range(WINDOWS)]

    def _window(self, line: Image, said: NDArray[np.int8], rng: np.random.Generator) -> Depicted:
        place = Placement.draw(line.shape, self.size, rng)
        shown = place.apply(line)
        known = place.apply_nearest(said, -1)[STEP // 2 :: STEP, STEP // 2 :: STEP]
        return Depicted(as_lines(degrade(shown, rng)), np.ascontiguousarray(known), weights(shown))


def weights(line: Image) -> NDArray[np.float32]:
    """Of each place of ``line``, uint8 (H, W), what it counts: 1 over the root of the area it lies in."""
    height, width = (side // STEP for side in line.shape)
    darkest = line[: height * STEP, : width * STEP].reshape(height, STEP, width, STEP).min((1, 3))
    _, labels, figures, _ = cv2.connectedComponentsWithStats((darkest >= _INK).astype(np.uint8), connectivity=4)
    each = 1 / np.sqrt(figures[:, cv2.CC_STAT_AREA].astype(np.float32))
    each[0] = 0
    weight = each[labels]
    mean = weight[weight > 0].mean() if (weight > 0).any() else np.float32(1)
    return np.asarray(np.minimum(weight / mean, _HEAVIEST), np.float32)


def collate(drawings: list[list[Depicted]]) -> DepictedBatch:
    samples = list(itertools.chain.from_iterable(drawings))
    return DepictedBatch(
        torch.from_numpy(np.stack([s.lines for s in samples]))[:, None],
        torch.from_numpy(np.stack([s.told for s in samples]).astype(np.float32)).permute(0, 3, 1, 2),
        torch.from_numpy(np.stack([s.weight for s in samples]))[:, None],
    )


def depicted_batches(pages: Pages, count: int, seed: int, size: int) -> Batches[list[Depicted], DepictedBatch]:
    return Batches(pages.pack, max(1, count // WINDOWS), seed, Views(size, pages), collate)
