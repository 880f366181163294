"""Pairs to samples for painters: what the network is shown, its hint, and the finished picture in its own space."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from linewash_daemon.histogram import Histogram
from linewash_daemon.spaces import encode

from .augment import Placement
from .colorhints import whited_out
from .extract import canny_lines, coloring_book, threshold_lines
from .flats import under_lines
from .pack import FILM, Image, Pair
from .recipe import Given, PaintingData


@dataclass(frozen=True)
class PaintingSample:
    """``planes`` float32 (1 or 4, H, W), -1…1: lightness, then the hint's RGB where there are hints; ``truth`` float32
    (C, H, W): planes of the recipe's space."""

    planes: NDArray[np.float32]
    truth: NDArray[np.float32]


@dataclass
class PaintingBatch:
    """``planes`` float32 (B, 1 or 4, H, W), ``truth`` float32 (B, C, H, W), as in `PaintingSample`."""

    planes: torch.Tensor
    truth: torch.Tensor

    def to(self, device: torch.device) -> PaintingBatch:
        return PaintingBatch(self.planes.to(device, non_blocking=True), self.truth.to(device, non_blocking=True))


@dataclass(frozen=True)
class PaintingSampling:
    """Makes a sample of a pair. ``histogram``: what fills the white-outs of hints of that kind."""

    data: PaintingData
    histogram: Histogram | None

    def __call__(self, pair: Pair, rng: np.random.Generator) -> PaintingSample:
        line, picture = self.cut(pair, rng)
        given = self.data.given[int(rng.integers(len(self.data.given)))]
        planes = shown(line, picture, given)[None]
        if self.data.hints != "none":
            fill = self.histogram if self.data.hints == "histogram" else None
            planes = np.concatenate([planes, whited_out(picture, rng, fill)])
        return PaintingSample(planes, encode(picture, self.data.space))

    def cut(self, pair: Pair, rng: np.random.Generator) -> tuple[Image, Image]:
        """A square of the line art, uint8 (H, W), and of the finished picture with its lines, uint8 (H, W, 3)."""
        window = Placement.draw(pair.line.shape, self.data.size, rng)
        window = replace(window, mirrored=window.mirrored and self.data.mirrored)
        line, color = window.apply(pair.line), window.apply(pair.color)
        return line, color if pair.meta.kind == FILM else under_lines(color, line)


def shown(line: Image, picture: Image, given: Given) -> NDArray[np.float32]:
    """The lightness plane that a network is given, float32 (H, W), -1…1."""
    if given == "grey":
        lab = cv2.cvtColor(picture.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
        return np.asarray(lab[..., 0] / 50 - 1, np.float32)
    if given == "threshold":
        line = threshold_lines(picture)
    elif given == "canny":
        line = canny_lines(picture)
    elif given == "coloring-book":
        line = coloring_book(picture)
    return line.astype(np.float32) / np.float32(127.5) - 1


def collate_painting(samples: list[PaintingSample]) -> PaintingBatch:
    planes, truth = np.stack([s.planes for s in samples]), np.stack([s.truth for s in samples])
    return PaintingBatch(torch.from_numpy(planes), torch.from_numpy(truth))
