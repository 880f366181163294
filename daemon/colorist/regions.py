"""Regions: what an artist would bucket-fill, at full size, with labels grown under the lines.

A watershed over ink, learned contours and the narrowness of openings (the trapped ball of Zhang et al. 2009, as a
relief) gives basins at working size. At full size the ink is law: basins are cut by the connected areas of paper,
and areas too small for the working size become regions of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from skimage.segmentation import watershed

from .cells import cut_into_cells
from .ladder import INK, Labels, Line, lift, pyramid

BASE = 512  # px, side of the square that has as many pixels as the level of the watershed, about
AUTOMATIC_GAP = 0.015  # of the long side
_STEPS = (0.12, 0.24, 0.36, 0.48, 0.6, 0.8)  # rising water: a pool that forms above the others' shores is a basin
_POOL = 48  # px at `BASE`: a smaller pool is a basin only where ink is all around it; half of it where cells are made
_FAINT = 0.08  # a contour less likely than this is none
_NARROW = 0.25  # how much relief an opening just within the tolerance has; at width 0 twice that
_SPECK = 2.5  # px at `BASE`: smaller areas go to a neighbour
_SLIVER = 0.05  # of its basin and of its area of paper: a smaller piece is an error of the enlarging


@dataclass(frozen=True)
class Regions:
    """The regions of one line art, numbered 0 … n-1. ``factor``: full size / size of ``labels`` (1 up to 24 MP).

    ``labels``: int32 (ceil(H / factor), ceil(W / factor)). ``area``: int64 (n,) pixels of ``labels``.
    ``touches_border``: bool (n,). ``closed_area``: int32 (n,), regions joined by openings wider than the gap
    tolerance share one. ``edges``: int32 (m, 2) neighbours, ``saddles``: float32 (m,), 0…1, the lowest ridge between
    them. ``working``: int32 (h, w), the region at each pixel of working size; ``seeds``: int64 (n,), an index into
    ``working.ravel()`` inside or next to each region, for those too small to have a pixel there.
    ``relief``: uint8, the watershed's, at about `BASE` px; ``ridges``: uint8, the same without the rise of narrow
    paper, ink and contours only. ``basin``: int32 (n,), regions that are cells of one basin
    share one: nothing parts them but distance.
    """

    shape: tuple[int, int]
    factor: int
    labels: Labels
    n: int
    area: NDArray[np.int64]
    touches_border: NDArray[np.bool_]
    closed_area: NDArray[np.int32]
    edges: NDArray[np.int32]
    saddles: NDArray[np.float32]
    working: Labels
    seeds: NDArray[np.int64]
    relief: NDArray[np.uint8]
    ridges: NDArray[np.uint8]
    basin: NDArray[np.int32]

    @cached_property
    def boxes(self) -> list[tuple[slice, slice]]:
        """Each region's bounding box in ``labels``: rows, columns."""
        found: list[tuple[slice, slice]] = ndimage.find_objects(self.labels + 1)
        return found

    @property
    def nbytes(self) -> int:
        return self.labels.nbytes + self.working.nbytes + 2 * self.relief.nbytes + 64 * self.n + 12 * len(self.edges)

    def rows(self, top: int, bottom: int) -> Labels:
        """Labels of full-size rows ``top`` … ``bottom``, int32 (bottom - top, W)."""
        return enlarged_rows(self.labels, self.factor, self.shape[1], top, bottom)


def enlarged_rows(labels: Labels, factor: int, width: int, top: int, bottom: int) -> Labels:
    """Full-size rows of ``labels`` that are kept ``factor`` times smaller."""
    if factor == 1:
        return labels[top:bottom]
    rows = labels[np.arange(top, bottom) // factor]
    return np.repeat(rows, factor, axis=1)[:, :width]


def find_regions(
    line: Line,
    contours: NDArray[np.float32],
    gap: float,
    shape: tuple[int, int] | None = None,
    factor: int = 1,
    cells: bool = False,
) -> Regions:
    """``line``: uint8 (H, W), 0 paper … 255 ink. ``contours``: float32 (h, w), 0…1, at working size.

    ``gap``: openings up to this many pixels of ``line`` count as closed; 0: as the size suggests. ``shape``: the full
    size, where ``line`` was made ``factor`` times smaller. ``cells``: whether wide basins are cut into cells.
    """
    levels = max(0, round(np.log2(np.sqrt(line.size) / BASE))) if line.size else 0
    lines = pyramid(line, levels)
    base, scale = lines[-1], 2**levels
    radius = ((gap or AUTOMATIC_GAP * max(line.shape)) / scale + 1) / 2
    clearance = _clearance(base < INK)
    ridges = _ridges(base, contours)
    relief = np.maximum(ridges, _narrows(clearance, radius))
    pooling = np.maximum(ridges, np.uint8(255 * _NARROW) * (clearance <= radius))
    pieces = basins = _basins(relief, pooling, _POOL // 2 if cells else _POOL)
    basin_of = np.arange(int(basins.max()) + 1, dtype=np.int32)
    if cells:
        pieces, basin_of = cut_into_cells(basins, ridges)
    speck = max(2.0, _SPECK * scale * scale)
    labels, middles, cell_of = _cut(lift(pieces, lines), line, speck if line.size > 64 * speck else 0)
    n = max(1, len(middles))
    half = scale // 2
    small = labels[half::scale, half::scale]
    relief_small, clearance = relief[: small.shape[0], : small.shape[1]], clearance[: small.shape[0], : small.shape[1]]
    edges, saddles, openings = _neighbours(n, small, relief_small, clearance)
    h, w = contours.shape
    rows = ((np.arange(h) + 0.5) * line.shape[0] / h).astype(np.intp)
    columns = ((np.arange(w) + 0.5) * line.shape[1] / w).astype(np.intp)
    y, x = np.divmod(middles if len(middles) else np.zeros(1, np.int64), line.shape[1])
    return Regions(
        shape=shape or (line.shape[0], line.shape[1]),
        factor=factor,
        labels=labels,
        n=n,
        area=np.bincount(labels.ravel(), minlength=n),
        touches_border=_on_border(labels, n),
        closed_area=_joined(n, edges[openings > radius]),
        edges=edges,
        saddles=saddles,
        working=labels[rows[:, None], columns],
        seeds=(y * h // line.shape[0]) * w + x * w // line.shape[1],
        relief=relief,
        ridges=ridges,
        basin=np.unique(basin_of[cell_of], return_inverse=True)[1].astype(np.int32)
        if len(middles)
        else np.zeros(1, np.int32),
    )


def _ridges(base: Line, contours: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Ink, and the root of the contours' probability, which lifts faint ones."""
    size = (base.shape[1], base.shape[0])
    likely = cv2.resize(contours, size, interpolation=cv2.INTER_LINEAR)
    likely = np.sqrt(np.where(likely < _FAINT, 0, np.minimum(likely, 1)))
    return np.maximum(base, (229 * likely).astype(np.uint8))


def _narrows(clearance: NDArray[np.float32], radius: float) -> NDArray[np.uint8]:
    """A rise where the paper is narrower than the tolerance, the higher the narrower, so that floods meet in a gap."""
    return np.where(clearance <= radius, 255 * _NARROW * (2 - clearance / radius), 0).astype(np.uint8)


def _clearance(paper: NDArray[np.bool_]) -> NDArray[np.float32]:
    if paper.all():
        return np.full(paper.shape, np.inf, np.float32)
    return np.asarray(cv2.distanceTransform(paper.astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def _basins(relief: NDArray[np.uint8], pooling: NDArray[np.uint8], pool: int) -> Labels:
    """Watershed basins of ``relief``, int32, 1…, one for each pool that forms while water rises over ``pooling``
    by a step. In ``pooling`` narrow places are level, so that a strand of hair is one basin."""
    markers = np.zeros(relief.shape, np.int32)
    n = 0
    for step in _STEPS:
        count, pools = cv2.connectedComponents((pooling < step * 255).astype(np.uint8), connectivity=4)
        fresh = np.bincount(pools.ravel(), minlength=count) >= (pool if step < _STEPS[-1] else 1)
        fresh[0] = False
        fresh[pools[markers > 0]] = False
        if not fresh.any():
            continue
        ids = np.zeros(count, np.int32)
        ids[fresh] = np.arange(n + 1, n + 1 + fresh.sum())
        markers += ids[pools]
        n += int(fresh.sum())
    if n == 0:
        return np.ones(relief.shape, np.int32)
    return flooded(relief, markers)


def flooded(relief: NDArray[np.uint8], markers: Labels) -> Labels:
    """A marker watershed (Meyer 1994): every pixel gets the marker whose flood over ``relief`` reaches it first."""
    return np.asarray(watershed(relief, markers), np.int32)


def _cut(labels: Labels, line: Line, speck: float) -> tuple[Labels, NDArray[np.int64], NDArray[np.int64]]:
    """Basins cut by the areas of paper, specks dropped, labels grown under the lines.

    Returns labels 0 … n-1, the index of a pixel inside each, and the cell that each was cut from. Works on runs of
    equal pixels along rows: there are far fewer of them than pixels.
    """
    paper = (line < INK).astype(np.uint8)
    areas = np.asarray(cv2.connectedComponents(paper, connectivity=4, ltype=cv2.CV_32S)[1], np.int32)
    a, b = areas.ravel(), labels.ravel()
    starts = np.concatenate([[0], np.flatnonzero((a[1:] != a[:-1]) | (b[1:] != b[:-1])) + 1])
    lengths = np.diff(np.append(starts, a.size))
    width = np.int64(b.max()) + 1
    on_paper = a[starts] > 0
    keys = np.where(on_paper, a[starts] * width + b[starts], 0)
    pairs, piece = np.unique(keys, return_inverse=True)
    sizes = np.bincount(piece, lengths).astype(np.float64)
    kept, main = _kept(pairs // width, pairs % width, sizes, speck)
    ids = np.zeros(len(pairs), np.int32)
    ids[kept] = np.arange(1, kept.sum() + 1)
    if not kept.any():
        return np.zeros_like(labels), np.zeros(0, np.int64), np.zeros(0, np.int64)
    out = np.repeat(ids[piece], lengths).reshape(labels.shape)
    owner = np.concatenate([[0], (pairs // width)[kept]])
    fallback = np.zeros(int(a.max()) + 1, np.int32)
    fallback[pairs[main] // width] = ids[main]
    _grow(out, areas, owner, fallback)
    order = np.argsort(np.where(kept[piece], lengths, -1), kind="stable")
    middles = np.zeros(len(pairs), np.int64)
    middles[piece[order]] = (starts + lengths // 2)[order]  # the longest run of a piece is written last
    return out - 1, middles[kept], (pairs % width)[kept]


def _kept(
    area: NDArray[np.int64], basin: NDArray[np.int64], sizes: NDArray[np.float64], speck: float
) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Which (area of paper, basin) pieces become regions, and the index of each kept area's largest piece."""
    in_area, in_basin = np.bincount(area, sizes), np.bincount(basin, sizes)
    order = np.argsort(sizes, kind="stable")
    largest = np.zeros(len(in_area), np.intp)
    largest[area[order]] = order
    main = np.zeros(len(sizes), bool)
    main[largest[area]] = True
    whole = (sizes >= _SLIVER * in_area[area]) | (sizes >= _SLIVER * in_basin[basin])
    kept = (area > 0) & ((main & (in_area[area] >= speck)) | (whole & (sizes >= speck)))
    return kept, np.flatnonzero(kept & main)


def _grow(labels: Labels, areas: Labels, owner: NDArray[np.int64], fallback: NDArray[np.int32]) -> None:
    """Fill the zeros of ``labels`` in place with the nearest label, but never across a line.

    ``owner``: each label's area of paper; ``fallback``: each area's largest label, for paper whose nearest label lies
    in another area. Under a line both sides meet in its middle.
    """
    unknown = np.flatnonzero(labels.ravel() == 0)
    if not len(unknown):
        return
    _, nearest = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    rim = cv2.dilate((labels == 0).astype(np.uint8), np.ones((3, 3), np.uint8))  # the nearest label is always on it
    known = np.flatnonzero(rim.ravel() & (labels.ravel() != 0))
    of = np.zeros(int(nearest.max()) + 1, np.int32)
    of[nearest.ravel()[known]] = labels.ravel()[known]
    found = of[nearest.ravel()[unknown]]
    area = areas.ravel()[unknown]
    astray = (area > 0) & (owner[found] != area) & (fallback[area] > 0)
    labels.ravel()[unknown] = np.where(astray, fallback[area], found)


def _neighbours(
    n: int, labels: Labels, relief: NDArray[np.uint8], clearance: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Pairs of touching regions, the lowest ridge between them (0…1), and the widest clearance on the way (px)."""
    pairs, ridge, room = [], [], []
    for a, b in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        on = labels[a] != labels[b]
        left, right = labels[a][on], labels[b][on]
        pairs.append(np.minimum(left, right).astype(np.int64) * n + np.maximum(left, right))
        ridge.append(np.maximum(relief[a][on], relief[b][on]))
        room.append(np.minimum(clearance[a][on], clearance[b][on]))
    both, heights, rooms = np.concatenate(pairs), np.concatenate(ridge), np.concatenate(room)
    keys, at = np.unique(both, return_inverse=True)
    saddles, openings = np.full(len(keys), 255, np.uint8), np.zeros(len(keys), np.float32)
    np.minimum.at(saddles, at, heights)
    np.maximum.at(openings, at, rooms)
    return np.stack([keys // n, keys % n], 1).astype(np.int32), (saddles / 255).astype(np.float32), openings


def _joined(n: int, open_edges: NDArray[np.int32]) -> NDArray[np.int32]:
    """Regions joined through ``open_edges``, numbered."""
    graph = coo_matrix((np.ones(len(open_edges), np.int8), (open_edges[:, 0], open_edges[:, 1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], np.int32)


def _on_border(labels: Labels, n: int) -> NDArray[np.bool_]:
    out = np.zeros(n, bool)
    for rim in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        out[rim] = True
    return out
