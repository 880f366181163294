"""Strokes: what the artist drew on the hint layer, as connected marks of one exact colour each.

Everything works on runs (pixels of one row, colour and region), so the cost follows what is drawn, not the canvas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .lab import difference, to_lab
from .pixels import BAND, Pixels, bands
from .regions import Regions

SAME_COLOR = 3.0  # ΔE below which two colours of the hint layer are one
MAX_COLORS = 512
_MANY = 4096  # more distinct colours than this are counted coarsely: a photo, not strokes
_MAX_RUNS = 300_000  # strokes have far fewer; a photo or a texture is read more coarsely
_FRINGE = 3  # a thin mark touching one this many times its area is that one's soft edge
THIN = 1.6  # px, its width
HALF = 0.5  # opacity from which a pixel counts

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Strokes:
    """Runs of stroke pixels, in reading order, and the strokes they form.

    Of each run: ``y``, ``x`` (full-size px, int64), ``length``, ``region``, ``stroke``. Of each stroke: ``color`` (a
    row of ``colors``), ``area`` and ``width`` in px (its pen's, about). ``colors``: uint16 (n, 3) sRGB 0…65535, exactly
    as drawn (8-bit samples times 257).
    """

    y: Ints
    x: Ints
    length: Ints
    region: Ints
    stroke: Ints
    color: Ints
    area: NDArray[np.float64]
    width: NDArray[np.float64]
    colors: NDArray[np.uint16]

    @property
    def empty(self) -> bool:
        return len(self.y) == 0


@dataclass(frozen=True)
class Runs:
    """Pixels of one row, colour and region, in reading order."""

    y: Ints
    x: Ints
    length: Ints
    region: Ints
    packed: Ints  # red, green, blue as 16-bit fields


def read_strokes(hints: Pixels, regions: Regions) -> Strokes:
    """``hints``: uint8 or uint16 (H, W, 2 grey, alpha | 4 RGBA); pixels at least half opaque count."""
    return strokes_of(runs_of(hints, regions, HALF))


def strokes_of(runs: Runs) -> Strokes:
    """What ``runs`` of whatever opacity form."""
    exact, colors = palette(runs.packed, runs.length)
    a, b, overlap = touching(runs.y, runs.x, runs.length)
    same = exact[a] == exact[b]
    mark = components(len(runs.y), a[same], b[same])
    mark, color = _fringes_joined(runs, mark, exact, a, b, overlap)
    a, b, overlap = a[mark[a] == mark[b]], b[mark[a] == mark[b]], overlap[mark[a] == mark[b]]
    area = _sums(mark, runs.length, len(color))
    return Strokes(
        runs.y, runs.x, runs.length, runs.region, mark, color, area, _widths(runs, mark, area, a, b, overlap), colors
    )


def runs_of(hints: Pixels, regions: Regions, least: float, below: float = 2.0) -> Runs:
    """The runs of the hint layer's pixels of an opacity from ``least`` to ``below`` (1 is opaque); where there are too
    many, of a layer made of ever larger squares of one colour."""
    square = 1
    while (runs := _coarse(hints, regions, (least, below), square)) is None:
        square *= 4
    return runs


def _coarse(hints: Pixels, regions: Regions, opacity: tuple[float, float], square: int) -> Runs | None:
    """None when there are more than `_MAX_RUNS`."""
    height, width = hints.shape[:2]
    least, below = (math.ceil(share * 256**hints.dtype.itemsize) for share in opacity)
    columns = np.minimum(np.arange(width) // square * square + square // 2, width - 1)
    parts = []
    count = 0
    for top, bottom in bands(height, width):
        band = hints[top:bottom]
        if square > 1:
            rows = np.minimum(np.arange(top, bottom) // square * square + square // 2, height - 1)
            band = hints[rows[:, None], columns]
        alpha = band[..., -1]
        at = np.flatnonzero((alpha >= least) & (alpha < below))
        if not len(at):
            continue
        region = regions.rows(top, bottom).ravel()[at].astype(np.int64)
        packed = packed_colors(band.reshape(-1, hints.shape[2])[at])
        fresh = (np.diff(at) != 1) | (at[1:] % width == 0) | (np.diff(region) != 0) | (np.diff(packed) != 0)
        starts = np.concatenate([[0], np.flatnonzero(fresh) + 1])
        length = np.diff(np.append(starts, len(at)))
        first = at[starts]
        parts.append((first // width + top, first % width, length, region[starts], packed[starts]))
        count += len(starts)
        if count > _MAX_RUNS and square < width:
            return None
    if not parts:
        none = np.zeros(0, np.int64)
        return Runs(none, none, none, none, none)
    return Runs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def packed_colors(samples: Pixels) -> Ints:
    """(n, 2 or 4) samples -> their colours, 16 bits a channel, in one integer."""
    wide = samples[:, :-1].astype(np.int64) * (257 if samples.dtype == np.uint8 else 1)
    red, blue = wide[:, 0], wide[:, -1]
    return np.asarray(red << 32 | wide[:, wide.shape[1] // 2] << 16 | blue)


def _sums(at: Ints, weight: NDArray[Any], n: int) -> NDArray[np.float64]:
    return np.bincount(at, weight, n).astype(np.float64)


def unpacked(packed: Ints) -> NDArray[np.uint16]:
    return np.stack([packed >> 32 & 65535, packed >> 16 & 65535, packed & 65535], 1).astype(np.uint16)


def palette(packed: Ints, weight: NDArray[Any]) -> tuple[Ints, NDArray[np.uint16]]:
    """Each of the ``packed`` colours as a row of a palette, and that: uint16 (n, 3), the commonest colours, nearly
    equal ones merged into them."""
    values, at = np.unique(packed, return_inverse=True)
    held = _sums(at, weight, len(values))
    if len(values) > _MANY:
        coarse, cell = np.unique(values & 0xF800_F800_F800, return_inverse=True)
        order = np.argsort(held, kind="stable")
        first = np.zeros(len(coarse), np.int64)
        first[cell[order]] = order  # each cell is stood for by its commonest colour
        values, at, held = values[first], cell[at], _sums(cell, held, len(coarse))
    chosen, row = merged(to_lab(unpacked(values)), held, SAME_COLOR, MAX_COLORS)
    return row[at], unpacked(values[chosen])


def merged(lab: NDArray[np.float32], weight: NDArray[np.float64], reach: float, limit: int) -> tuple[Ints, Ints]:
    """Greedy palette: the heaviest colours stand for all within ΔE ``reach``; past ``limit``, the nearest one does.

    Returns the chosen rows of ``lab`` and, for each row of ``lab``, its place among the chosen.
    """
    chosen: list[int] = []
    best = np.full(len(lab), np.inf, np.float32)
    row = np.zeros(len(lab), np.int64)
    for i in np.argsort(-weight, kind="stable"):
        if best[i] <= reach:
            continue
        if len(chosen) == limit:
            break
        distance = difference(lab, lab[i])
        nearer = distance < best
        best[nearer], row[nearer] = distance[nearer], len(chosen)
        chosen.append(int(i))
    return np.array(chosen, np.int64), row


def parcels(length: Ints) -> list[Ints]:
    """The numbers of runs of these lengths, some `BAND` pixels at a time, whatever the artist filled."""
    parcel = np.cumsum(length) // BAND
    return np.split(np.arange(len(length)), np.flatnonzero(np.diff(parcel)) + 1)


def spread(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All integers of each range ``first`` … ``last`` (inclusive), and the range each comes from."""
    count = last - first + 1
    which = np.repeat(np.arange(len(first)), count)
    return np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + first[which], which


def touching(y: Ints, x: Ints, length: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs of runs, in reading order, that touch, diagonally too, and by how many pixels they face each other up and
    down."""
    n = len(y)
    if n == 0:
        none = np.zeros(0, np.int64)
        return none, none, none
    wide = int((x + length).max()) + 2
    start, end = y * wide + x, y * wide + x + length
    low = np.searchsorted(end, start + wide, "left")  # the first run of the next row that ends at this one's start
    high = np.searchsorted(start, end + wide, "right")
    count = np.maximum(high - low, 0)
    a = np.repeat(np.arange(n), count)
    b = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    facing = np.minimum(end[a] + wide, end[b]) - np.maximum(start[a] + wide, start[b])
    beside = np.flatnonzero(end[:-1] == start[1:])
    return (
        np.concatenate([a, beside]),
        np.concatenate([b, beside + 1]),
        np.concatenate([np.maximum(facing, 0), np.zeros(len(beside), np.int64)]),
    )


def components(n: int, a: Ints, b: Ints) -> Ints:
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64) if n else np.zeros(0, np.int64)


def _fringes_joined(runs: Runs, mark: Ints, exact: Ints, a: Ints, b: Ints, overlap: Ints) -> tuple[Ints, Ints]:
    """Thin marks along a much bigger one are its soft edge and become part of it: (mark of each run, its colour)."""
    n = int(mark.max(initial=-1)) + 1
    color = np.zeros(n, np.int64)
    color[mark] = exact
    area = _sums(mark, runs.length, n)
    same = mark[a] == mark[b]
    width = _widths(runs, mark, area, a[same], b[same], overlap[same])
    inner, outer = np.concatenate([mark[a], mark[b]]), np.concatenate([mark[b], mark[a]])
    edge = (area[outer] >= _FRINGE * area[inner]) & (width[inner] < THIN)
    inner, outer = inner[edge], outer[edge]
    order = np.argsort(area[outer], kind="stable")
    into = np.arange(n)
    into[inner[order]] = outer[order]  # the biggest neighbour is written last
    while (into[into] != into).any():
        into = into[into]
    kept, place = np.unique(into, return_inverse=True)
    return place[mark].astype(np.int64), color[kept]


def _widths(runs: Runs, mark: Ints, area: NDArray[np.float64], a: Ints, b: Ints, overlap: Ints) -> NDArray[np.float64]:
    """A long stroke's width: twice its area over its outline. ``a``, ``b``: touching runs of the same mark."""
    n = len(area)
    beside = overlap == 0
    beside &= runs.y[a] == runs.y[b]
    sides = 2 * np.bincount(mark, minlength=n) - 2 * np.bincount(mark[a[beside]], minlength=n)
    ends = 2 * area - 2 * np.bincount(mark[a], overlap, n)
    return np.asarray(2 * area / np.maximum(sides + ends, 1))
