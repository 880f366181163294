"""Simulated strokes of an artist who marks regions of the truth with its colours.

What a stroke may mark (`Fields`) depends on the picture alone and can be kept; `simulate` then costs little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from skimage.measure import label

from .flats import near_line

Image = NDArray[np.uint8]
Labels = NDArray[np.uint16]

#: how far two colours may lie apart, in levels of the widest channel, to be one region
STEP = 24
#: smaller regions, in px at 512, are never marked
SMALLEST = 40
#: how far from a region's border a stroke begins where there is room, in px at 512
INSIDE = 3.0
#: a region's chance falls by this with each stroke that it already has
FALL = 4.0
#: length and width of a short dab, as shares of the picture's long side
DAB = (0.015, 0.008)
#: how many of the brush strokes run over a line, and the edge of the square, in px, by which they do
SPILLING, SPILL = 0.25, 7


class Fields(NamedTuple):
    """Where strokes may go.

    `labels`: uint16 (H, W), the number of the region of one colour at each pixel, 0 on lines and where there is none;
    `seeds`: the same, but only where a stroke may begin.
    """

    labels: Labels
    seeds: Labels


def fields(color: Image, line: Image) -> Fields:
    """Regions of `color` (uint8 (H, W, 3)) off the lines of `line` (uint8 (H, W)): connected, of one coarse colour."""
    scale = max(line.shape) / 512
    index = palette_index(np.asarray(cv2.medianBlur(color, 3), np.uint8), ~near_line(line))
    pieces = np.asarray(label(index, background=0, connectivity=1))
    areas = np.bincount(pieces.ravel())
    areas[0] = 0
    large = np.flatnonzero(areas >= max(8, SMALLEST * scale * scale))[:65535]
    lut = np.zeros(len(areas), np.uint16)
    lut[large] = np.arange(1, len(large) + 1)
    labels = lut[pieces]
    return Fields(labels, _seeds(labels, len(large), INSIDE * scale))


def palette_index(color: Image, off: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Each pixel's place in a palette that is built greedily from the commonest colours; 0 where `off` is not set."""
    cells = color.astype(np.int32) // 8
    key = cells[..., 0] << 10 | cells[..., 1] << 5 | cells[..., 2]
    counts = np.bincount(key[off], minlength=1 << 15)
    present = np.flatnonzero(counts)
    present = present[np.argsort(-counts[present], kind="stable")]
    colors = np.stack([present >> 10, present >> 5 & 31, present & 31], axis=1) * 8 + 4
    lut = np.zeros(1 << 15, np.uint8)
    free = np.ones(len(present), bool)
    for number in range(1, 256):
        if not free.any():
            break
        chosen = int(free.argmax())
        near = free & (np.abs(colors - colors[chosen]).max(axis=1) <= STEP)
        lut[present[near]] = number
        free &= ~near
    return np.where(off, lut[key], 0).astype(np.uint8)


def _seeds(labels: Labels, count: int, inside: float) -> Labels:
    """Labels at least `inside` px from their region's border; in regions without such room, on their midline."""
    border = labels == 0
    border[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    border[1:] |= labels[1:] != labels[:-1]
    depth = cv2.distanceTransform((~border).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_3)
    deepest = np.zeros(count + 1, np.float32)
    np.maximum.at(deepest, labels.ravel(), depth.ravel())
    return np.where(depth >= np.minimum(inside, deepest[labels]), labels, 0).astype(np.uint16)


def stroke_count(rng: Generator) -> int:
    """How many strokes a training sample gets: 0 to 100, none for one in four, else spread evenly over the orders."""
    return 0 if rng.random() < 1 / 4 else round(float(np.exp(rng.uniform(0, np.log(100)))))


def simulate(
    truth: Image,
    line: Image,
    rng: Generator,
    count: int | None = None,
    *,
    where: Fields | None = None,
    careless: bool = True,
) -> Image:
    """Strokes in the colours of the truth.

    The first stroke goes to the biggest region (as a rule the background), each next one to a region drawn with weight
    sqrt(area) / 4 ** (strokes that it has), to a place drawn among its seeds.

    Args:
        truth: uint8 (H, W, 3) RGB.
        line: uint8 (H, W), 0 ink to 255 paper.
        rng: the source of chance; the same state gives the same strokes.
        count: number of strokes, drawn by `stroke_count` when not given; fewer come out when there is no region.
        where: the `fields` of this truth and line, when they are at hand.
        careless: half of the strokes are long and curved, some run over a line, and sometimes the colours are a little
            off; without it all strokes are short dabs of the exact colour.

    Returns:
        uint8 (H, W, 4) RGBA, alpha 0 or 255.
    """
    out = np.zeros((*line.shape, 4), np.uint8)
    count = stroke_count(rng) if count is None else count
    if count == 0:
        return out
    where = fields(truth, line) if where is None else where
    tint = rng.integers(-6, 7, 3) if careless and rng.random() < 0.2 else None
    for dab in dabs(truth, where, count, rng, careless=careless):
        paint = dab.color if tint is None else np.clip(dab.color + tint, 0, 255)
        out[dab.patch][dab.marked] = (*paint, 255)
    return out


class Dab(NamedTuple):
    """One stroke: its pixels ``marked``, bool, in a ``patch`` of the picture, and its ``color``, uint8 (3,)."""

    patch: tuple[slice, slice]
    marked: NDArray[np.bool_]
    color: NDArray[np.uint8]


def dabs(truth: Image, where: Fields, count: int, rng: Generator, *, careless: bool) -> Iterator[Dab]:
    """The strokes of `simulate`, one by one."""
    for at in _places(where, count, rng):
        marked, left, top = _stroke(where.labels, at, rng, careless)
        patch = (slice(top, top + marked.shape[0]), slice(left, left + marked.shape[1]))
        inside = truth[patch][marked & (where.labels[patch] == where.labels[at[1], at[0]])]
        yield Dab(patch, marked, np.partition(inside, len(inside) // 2, axis=0)[len(inside) // 2])


def _places(where: Fields, count: int, rng: Generator) -> Iterator[tuple[int, int]]:
    """Where `count` strokes begin, x and y."""
    seeds = np.bincount(where.seeds.ravel())
    order = np.argsort(where.seeds.ravel(), kind="stable")
    ends = np.cumsum(seeds)
    weights = np.sqrt(np.bincount(where.labels.ravel(), minlength=len(seeds))[: len(seeds)]) * (seeds > 0)
    weights[0] = 0
    if not weights.any():
        return
    for number in range(count):
        region = int(weights.argmax()) if number == 0 else _pick(weights, rng)
        weights[region] /= FALL
        place = int(order[ends[region] - seeds[region] + rng.integers(seeds[region])])
        yield place % where.labels.shape[1], place // where.labels.shape[1]


def _pick(weights: NDArray[np.float64], rng: Generator) -> int:
    total = np.cumsum(weights)
    return int(np.searchsorted(total, rng.random() * total[-1], side="right"))


def _stroke(labels: Labels, at: tuple[int, int], rng: Generator, careless: bool) -> tuple[NDArray[np.bool_], int, int]:
    """One stroke through `at` (x, y), cut at its region's border unless it spills.

    Returns its pixels in a patch, and the x and y of the patch's upper left corner.
    """
    height, width = labels.shape
    brush = careless and rng.random() < 0.5
    length, breadth = (rng.uniform(0.02, 0.25), rng.uniform(0.006, 0.03)) if brush else DAB
    thickness = max(1, round(breadth * max(labels.shape)))
    path = np.round(_path(length * max(labels.shape), rng, curved=brush)).astype(np.int32) + at
    left, top = np.maximum(path.min(axis=0) - thickness, 0).tolist()
    right, bottom = np.minimum(path.max(axis=0) + thickness + 1, (width, height)).tolist()
    patch = labels[top:bottom, left:right]
    x, y = at[0] - left, at[1] - top
    mark = np.zeros(patch.shape, np.uint8)
    cv2.polylines(mark, [path - (left, top)], False, 1, thickness)
    mark[y, x] = 1
    allowed = (patch == labels[at[1], at[0]]).view(np.uint8)
    if brush and rng.random() < SPILLING:
        allowed = cv2.dilate(allowed, np.ones((SPILL, SPILL), np.uint8))
    _, parts = cv2.connectedComponents(mark & allowed, connectivity=4)
    return parts == parts[y, x], left, top


_T = np.linspace(0, 1, 8)
#: weights of the three points of a quadratic Bézier curve at 8 places on it, moved so that its middle is the origin
_BEZIER = np.stack([(1 - _T) ** 2, 2 * _T * (1 - _T) - 0.5, _T**2], axis=1)


def _path(length: float, rng: Generator, *, curved: bool) -> NDArray[np.float64]:
    """Points of a stroke through the origin, (n, 2) x and y: straight, or a quadratic Bézier curve."""
    angle = rng.uniform(0, math.pi)
    x, y = math.cos(angle) * length / 2, math.sin(angle) * length / 2
    if not curved:
        return np.array([[-x, -y], [x, y]])
    bend = rng.uniform(-1, 1)
    return np.asarray(_BEZIER @ np.array([[-x, -y], [-y * bend, x * bend], [x, y]]))
