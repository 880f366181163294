"""Drawings and pages to samples for the depiction reader: the lines as somebody else might draw them, and what is known
of what they depict, and of which of their areas have one colour.

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
from .flats import Image, Mask
from .pack import Pair
from .pages import Pages
from .samples import as_lines, to_lab
from .semantic_truth import told

WINDOWS = 2  # of each drawing and page that is drawn
_PAGES = 0.5  # of the samples
_MANY = 1 << 20  # pages there are: no two samples need be of one
_INK = 128  # of 255: darker is line
_HEAVIEST = 5.0  # times the mean weight
AREAS = 128  # of a window, the largest, are asked which have one colour
_LEAST = 3  # places of one
_BORDER = 10.0  # ΔE (CIE76) from place to place from which on two areas meet there without a line
_PLAIN = 6.0  # ΔE (CIE76) that an area's places differ by in the mean at most, if it has a colour to speak of


@dataclass(frozen=True)
class DepictionSample:
    """``lines`` float32 (H, W), 0 paper … 1 ink; ``told`` int8 (H / s, W / s, `CLASSES`), as `semantic_truth.told`, of
    every place of `STEP`; ``weight`` float32 (H / s, W / s), 0 on lines, 1 in the mean; ``area`` int16 (H / s, W / s),
    the numbers of areas of one colour, 0 for none; ``color`` float32 (`AREAS`, 3), Lab of each, NaN of none."""

    lines: NDArray[np.float32]
    told: NDArray[np.int8]
    weight: NDArray[np.float32]
    area: NDArray[np.int16]
    color: NDArray[np.float32]


@dataclass
class DepictedBatch:
    """``lines`` (B, 1, H, W), ``told`` (B, `CLASSES`, h, w), ``weight`` (B, 1, h, w), ``color`` (B, `AREAS`, 3);
    float32; ``area`` int64 (B, h, w)."""

    lines: Tensor
    told: Tensor
    weight: Tensor
    area: Tensor
    color: Tensor

    def to(self, device: torch.device) -> DepictedBatch:
        return DepictedBatch(*(t.to(device, non_blocking=True) for t in vars(self).values()))


@dataclass(frozen=True)
class Views:
    """Makes samples of a pair, or of a page in its stead: `WINDOWS` windows of ``size`` px."""

    size: int
    pages: Pages

    def __call__(self, pair: Pair, rng: np.random.Generator) -> list[DepictionSample]:
        if self.pages.any and rng.random() < _PAGES:
            page = self.pages[int(rng.integers(_MANY))]
            return [self._window(page.pair, page.told, rng) for _ in range(WINDOWS)]
        said = told(pair.color, pair.meta)
        return [self._window(pair, said, rng) for _ in range(WINDOWS)]

    def _window(self, pair: Pair, said: NDArray[np.int8], rng: np.random.Generator) -> DepictionSample:
        place = Placement.draw(pair.line.shape, self.size, rng)
        shown = place.apply(pair.line)
        known = place.apply_nearest(said, -1)[STEP // 2 :: STEP, STEP // 2 :: STEP]
        colored = areas(shown, place.apply(pair.color))
        return DepictionSample(as_lines(degrade(shown, rng)), np.ascontiguousarray(known), weights(shown), *colored)


def _open(line: Image) -> Mask:
    """Of each place of ``line``, uint8 (H, W), whether no line crosses it."""
    height, width = (side // STEP for side in line.shape)
    darkest = line[: height * STEP, : width * STEP].reshape(height, STEP, width, STEP).min((1, 3))
    return np.asarray(darkest >= _INK)


def areas(line: Image, color: Image) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """`DepictionSample.area` and ``color`` of line art uint8 (H, W) and colours uint8 (H, W, 3): places between lines
    and borders of colours."""
    inside = _open(line)
    lab = to_lab(np.ascontiguousarray(color[STEP // 2 :: STEP, STEP // 2 :: STEP]))[: len(inside), : inside.shape[1]]
    for axis in (0, 1):
        jump = np.pad(np.linalg.norm(np.diff(lab, axis=axis), axis=2) > _BORDER, [(0, 1 - axis), (0, axis)])
        inside = inside & ~jump
    count, labels, figures, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    size = np.maximum(figures[:, cv2.CC_STAT_AREA].astype(np.float32), 1)
    mean = np.stack([np.bincount(labels.ravel(), lab[..., c].ravel(), count) / size for c in range(3)], 1)
    off = np.bincount(labels.ravel(), np.linalg.norm(lab - mean[labels], axis=2).ravel(), count) / size
    fit = np.flatnonzero((size >= _LEAST) & (off <= _PLAIN) & (np.arange(count) > 0))
    kept = fit[np.argsort(-size[fit], kind="stable")[: AREAS - 1]]
    number, out = np.zeros(count, np.int16), np.full((AREAS, 3), np.nan, np.float32)
    number[kept] = np.arange(1, len(kept) + 1)
    out[1 : len(kept) + 1] = mean[kept]
    return number[labels], out


def weights(line: Image) -> NDArray[np.float32]:
    """Of each place of ``line``, uint8 (H, W), what it counts: 1 over the root of the area it lies in."""
    _, labels, figures, _ = cv2.connectedComponentsWithStats(_open(line).astype(np.uint8), connectivity=4)
    each = 1 / np.sqrt(np.maximum(figures[:, cv2.CC_STAT_AREA], 1).astype(np.float32))  # there may be no line
    each[0] = 0
    weight = each[labels]
    mean = weight[weight > 0].mean() if (weight > 0).any() else np.float32(1)
    return np.asarray(np.minimum(weight / mean, _HEAVIEST), np.float32)


def collate(drawings: list[list[DepictionSample]]) -> DepictedBatch:
    samples = list(itertools.chain.from_iterable(drawings))
    return DepictedBatch(
        torch.from_numpy(np.stack([s.lines for s in samples]))[:, None],
        torch.from_numpy(np.stack([s.told for s in samples]).astype(np.float32)).permute(0, 3, 1, 2),
        torch.from_numpy(np.stack([s.weight for s in samples]))[:, None],
        torch.from_numpy(np.stack([s.area for s in samples]).astype(np.int64)),
        torch.from_numpy(np.stack([s.color for s in samples])),
    )


def depicted_batches(pages: Pages, count: int, seed: int, size: int) -> Batches[list[DepictionSample], DepictedBatch]:
    return Batches(pages.pack, max(1, count // WINDOWS), seed, Views(size, pages), collate)
