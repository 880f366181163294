"""Drawings to samples for the light head: the lines as somebody else might draw them, flats, and light on them.

Whoever has painted shade is learned from as painted, if its light comes from above; from the right it is mirrored.
Whoever has none gets some (`relief`). Highlights are always made: what painters have lighter than a region's tone is
mostly the broad side of a soft shade, and not a shine.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .augment import Placement, recolor
from .degrade import degrade
from .flats import Image
from .light_truth import Lit, lean, read_light
from .pack import Pair
from .relief import light_up
from .samples import as_lines, to_lab

T = TypeVar("T", bound=np.generic)
WINDOWS = 3  # of each drawing that is drawn
_SIDE = 416  # px, the longest that light is made for in training: it takes most of the time
_ENOUGH = 0.12  # of the paint is lit or shaded visibly: less is hardly more than the noise of the picture
_BELOW = 0.12  # so far from below, light is taken for something else
_IN_SHADE = 0.1  # shade from which on nothing shines
_RECOLORED = 0.5


@dataclass(frozen=True)
class LightSample:
    """``lines`` float32 (H, W), 0 paper … 1 ink; ``flats`` float32 (H, W, 3) Lab; ``light`` float32 (2, H, W), shading
    and highlights; ``weight`` float32 (H, W) 0…1."""

    lines: NDArray[np.float32]
    flats: NDArray[np.float32]
    light: NDArray[np.float32]
    weight: NDArray[np.float32]


@dataclass
class LightBatch:
    """``lines`` (B, 1, H, W), ``flats`` (B, 3, H, W) Lab, ``light`` (B, 2, H, W), ``weight`` (B, 1, H, W); float32."""

    lines: Tensor
    flats: Tensor
    light: Tensor
    weight: Tensor

    def to(self, device: torch.device) -> LightBatch:
        return LightBatch(*(t.to(device, non_blocking=True) for t in vars(self).values()))


@dataclass(frozen=True)
class LightWindows:
    """Makes samples of a pair: `WINDOWS` windows of ``size`` px, since its light takes longer to make than they do."""

    size: int

    def __call__(self, pair: Pair, rng: np.random.Generator) -> list[LightSample]:
        line, color = _shrunk(pair.line), _shrunk(pair.color)
        if rng.random() < 0.5:
            line, color = _mirrored(line), _mirrored(color)
        lit, turned = light_of(color, line)
        line = _mirrored(line) if turned else line
        return [self._window(line, lit, rng) for _ in range(WINDOWS)]

    def _window(self, line: Image, lit: Lit, rng: np.random.Generator) -> LightSample:
        window = replace(Placement.draw(line.shape, self.size, rng), mirrored=False)
        planes = np.dstack([1 - lit.shading, 1 - lit.highlights, 1 - lit.weight])  # beyond the picture all are 1
        shown = window.apply(np.rint(planes * 255).astype(np.uint8))
        shading, highlights, weight = np.moveaxis(1 - shown.astype(np.float32) / np.float32(255), 2, 0)
        tones = window.apply(lit.tones)
        if rng.random() < _RECOLORED:
            tones = recolor(tones, rng)
        lines = as_lines(degrade(window.apply(line), rng))
        return LightSample(lines, to_lab(tones), np.stack([shading, highlights]), weight)


def light_of(color: Image, line: Image) -> tuple[Lit, bool]:
    """The light to learn from ``color``, uint8 (H, W, 3), and ``line``, uint8 (H, W), and whether it is that of their
    mirror image."""
    lit = read_light(color, line)
    across, down, seen = lean(lit)
    if seen < _ENOUGH or down > _BELOW:
        return light_up(lit.tones, line), False
    turned = across > 0
    if turned:
        line = _mirrored(line)
        lit = Lit(*(_mirrored(plane) for plane in vars(lit).values()))
    shine = light_up(lit.tones, line).highlights * ((lit.weight > 0) & (lit.shading < _IN_SHADE))
    return replace(lit, highlights=shine), turned


def _shrunk(picture: Image) -> Image:
    scale = _SIDE / max(picture.shape)
    if scale >= 1:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _mirrored(plane: NDArray[T]) -> NDArray[T]:
    return np.ascontiguousarray(plane[:, ::-1])


def collate(drawings: list[list[LightSample]]) -> LightBatch:
    samples = list(itertools.chain.from_iterable(drawings))
    return LightBatch(
        torch.from_numpy(np.stack([s.lines for s in samples]))[:, None],
        torch.from_numpy(np.stack([s.flats for s in samples])).permute(0, 3, 1, 2),
        torch.from_numpy(np.stack([s.light for s in samples])),
        torch.from_numpy(np.stack([s.weight for s in samples]))[:, None],
    )
