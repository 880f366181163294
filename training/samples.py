"""Pairs to training samples: a crop, degraded line art, simulated strokes, and the strokes as the rules carry them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from linewash_daemon.propagate import elevation, fill, flood

from .augment import Placement, recolor
from .degrade import degrade
from .flats import Image, contours, flats
from .forward import Batch
from .hints import simulate, stroke_count
from .pack import Pair

MAX_COLORS = 128  # different stroke colours in one sample
_HINTS_TELL = 4  # from so many strokes on, colours need not be believable: the strokes say them
_RECOLORED = 0.4


@dataclass(frozen=True)
class Sample:
    """`Batch` for one drawing, in NumPy."""

    lines: NDArray[np.float32]
    truth: NDArray[np.float32]
    borders: NDArray[np.bool_]
    relief: NDArray[np.uint8]
    markers: NDArray[np.int32]
    watershed: NDArray[np.int32]
    fill: NDArray[np.int32]
    colors: NDArray[np.float32]


@dataclass(frozen=True)
class Sampling:
    """Makes a sample of a pair: a crop of ``size`` px, strokes, and the line art as somebody else might draw it."""

    size: int

    def __call__(self, pair: Pair, rng: np.random.Generator) -> Sample:
        window = Placement.draw(pair.line.shape, self.size, rng)
        line, color = window.apply(pair.line), window.apply(pair.color)
        count = stroke_count(rng)
        if count >= _HINTS_TELL and rng.random() < _RECOLORED:
            color = recolor(color, rng)
        truth = flats(color, line)
        strokes = simulate(truth, line, rng, count)
        return carried(degrade(line, rng), truth, strokes)


def carried(line: NDArray[np.uint8], truth: NDArray[np.uint8], strokes: NDArray[np.uint8]) -> Sample:
    """``line`` uint8 (H, W) dark on white, ``truth`` flats uint8 (H, W, 3), ``strokes`` RGBA uint8 -> a `Sample`."""
    lines = as_lines(line)
    markers, colors = labelled(strokes)
    relief = elevation(lines)
    flooded = flood(relief, markers)
    return Sample(lines, to_lab(truth), contours(truth), relief, markers, flooded, fill(lines, markers), colors)


def labelled(strokes: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Stroke labels int32 (H, W), one a colour, 0 for none, and their colours float32 (n, 3) Lab."""
    on = strokes[..., 3] > 127
    markers = np.zeros(on.shape, np.int32)
    rgb = strokes[..., :3].astype(np.int32)
    keys, inverse = np.unique((rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2])[on], return_inverse=True)
    markers[on] = np.minimum(inverse.ravel() + 1, MAX_COLORS)
    keys = keys[:MAX_COLORS]
    table = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], 1).astype(np.uint8)
    return markers, to_lab(table[None])[0] if len(table) else np.zeros((0, 3), np.float32)


def as_lines(line: Image) -> NDArray[np.float32]:
    """uint8 (H, W), 0 ink … 255 paper, -> float32 (H, W), 0 paper … 1 ink."""
    return np.asarray((255 - line).astype(np.float32) / np.float32(255))


def to_lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab), np.float32)


def collate(samples: list[Sample]) -> Batch:
    colors = np.zeros((len(samples), MAX_COLORS + 1, 3), np.float32)
    for row, sample in zip(colors, samples, strict=True):
        row[1 : len(sample.colors) + 1] = sample.colors

    def stacked(name: str, kind: type[np.generic]) -> torch.Tensor:
        return torch.from_numpy(np.stack([getattr(s, name) for s in samples]).astype(kind))

    return Batch(
        lines=stacked("lines", np.float32).unsqueeze(1),
        truth=stacked("truth", np.float32).permute(0, 3, 1, 2),
        borders=stacked("borders", np.float32).unsqueeze(1),
        relief=stacked("relief", np.uint8),
        markers=stacked("markers", np.int64),
        watershed=stacked("watershed", np.int64),
        fill=stacked("fill", np.int64),
        colors=torch.from_numpy(colors),
    )
