"""The regions of a drawing as a graph: what the network is told of each region, and of each border between two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

from ..generator import Encoded
from .regions import Regions

NODE = 17
EDGE = 8
LENGTH = 5  # of a border's figures, 1/4 of the logarithm of 1 and its length, px at working size
STEP = 4  # working size to that of the network's features
_INK = 0.3  # of a line map from which a pixel is ink

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Graph:
    """``nodes``: float32 (n, `NODE`), ``edges``: int32 (m, 2), ``borders``: float32 (m, `EDGE`), figures about -2…2.
    ``place``: float32 (n, 2), each region's middle, x and y of the long side. ``area``: float32 (n,) of the page.
    ``features``: float32 (n, f), the means of all `Encoded.planes` in each region, finest first, or (n, 0).
    ``pool``: float32 (n, h/4 · w/4) sparse, the share that each pixel of a quarter of the working size has in a region;
    rows sum to 1. ``working``: int32 (h, w), the region at each pixel of working size. ``basin``: as in
    `Regions`.
    """

    nodes: Floats
    edges: NDArray[np.int32]
    borders: Floats
    place: Floats
    area: Floats
    features: Floats
    pool: csr_matrix
    working: NDArray[np.int32]
    basin: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        planes = (self.nodes, self.edges, self.borders, self.place, self.area, self.features)
        return sum(plane.nbytes for plane in (*planes, self.pool.data, self.pool.indices))


def read_graph(regions: Regions, lines: Floats, encoded: Encoded) -> Graph:
    """``lines``: float32 (h, w) at working size, as `Prepared` has them."""
    contours = encoded.contours
    labels, n = regions.working, regions.n
    h, w = labels.shape
    at, of = spots(labels, regions.seeds)
    room = np.minimum(cv2.distanceTransform((lines < _INK).astype(np.uint8), cv2.DIST_L2, 3), 64).astype(np.float32)
    pixels = np.bincount(of, minlength=n).astype(np.float32)
    y, x = np.divmod(at, w)
    long = float(max(h, w))
    place = np.stack([_mean(of, x, pixels), _mean(of, y, pixels)], 1) / long
    area = np.asarray(regions.area / float(regions.labels.size), np.float64)
    edges, borders = _borders(regions, lines, contours, room)
    nodes = _nodes(regions, lines, contours, room, at, of, pixels, place, area)
    pools = pools_of(at, of, labels.shape, n, max(1, len(encoded.planes)))
    pooled = [pool @ plane for pool, plane in zip(pools, encoded.planes, strict=False)]
    features = np.concatenate([np.zeros((n, 0), np.float32), *pooled], 1).astype(np.float32)
    return Graph(
        nodes, edges, borders, place.astype(np.float32), area.astype(np.float32), features, pools[0], labels,
        regions.basin,
    )  # fmt: skip


def spoken_for(graph: Graph, marked: NDArray[np.int64], most: int) -> tuple[Graph, NDArray[np.int64]]:
    """``graph`` with its ``most`` largest regions, those that are ``marked`` before all others; and for each region
    that it had, int64 (n,), the one that speaks for it there: itself, or the nearest."""
    n = len(graph.nodes)
    if n <= most:
        return graph, np.arange(n)
    first = graph.area.copy()
    first[marked] += 1
    kept = np.sort(np.argsort(-first, kind="stable")[:most])
    speaker = np.asarray(cKDTree(graph.place[kept]).query(graph.place)[1], np.int64)
    speaker[kept] = np.arange(most)
    place = np.full(n, -1, np.int64)
    place[kept] = np.arange(most)
    edges = place[graph.edges]
    whole = (edges >= 0).all(1)
    fewer = Graph(
        graph.nodes[kept], edges[whole].astype(np.int32), graph.borders[whole], graph.place[kept], graph.area[kept],
        graph.features[kept], graph.pool[kept], speaker[graph.working].astype(np.int32), graph.basin[kept],
    )  # fmt: skip
    return fewer, speaker


def pools_of(
    at: NDArray[np.int64], of: NDArray[np.int64], shape: tuple[int, ...], n: int, levels: int
) -> list[csr_matrix]:
    """`Graph.pool` for each of so many ``levels``, each half as fine as the one before. ``at``, ``of``: the `spots` of
    ``n`` regions in a page of ``shape`` (h, w)."""
    share = (1 / np.bincount(of, minlength=n)).astype(np.float32)[of]
    pools = [_gathered(of, at, share, shape, STEP, n)]
    for level in range(1, levels):
        finer = pools[-1].tocoo()
        size = shape[0] // STEP >> level - 1, shape[1] // STEP >> level - 1
        pools.append(_gathered(finer.row, finer.col, finer.data, size, 2, n))
    return pools


def _gathered(
    of: NDArray[Any], at: NDArray[Any], share: Floats, size: tuple[int, ...], step: int, n: int
) -> csr_matrix:
    """Shares in ``n`` regions, each at an index of a plane of this ``size``, for one that is ``step`` times smaller."""
    h, w = size[0] // step, size[1] // step
    y, x = np.divmod(at, size[1])
    return csr_matrix((share, (of, y // step * w + x // step)), shape=(n, h * w), dtype=np.float32)


def spots(labels: NDArray[np.int32], seeds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pixels of working size, and the region that each speaks for: for one that is too small to have any, that at its
    place."""
    absent = np.flatnonzero(np.bincount(labels.ravel(), minlength=len(seeds)) == 0)
    at = np.concatenate([np.arange(labels.size), seeds[absent]])
    return at, np.concatenate([labels.ravel().astype(np.int64), absent])


def _mean(of: NDArray[np.int64], values: NDArray[np.generic], pixels: Floats) -> NDArray[np.float64]:
    return np.asarray(np.bincount(of, values.astype(np.float64), len(pixels)) / pixels)


def _nodes(
    regions: Regions, lines: Floats, contours: Floats, room: Floats,
    at: NDArray[np.int64], of: NDArray[np.int64], pixels: Floats, place: NDArray[np.float64], area: NDArray[np.float64],
) -> Floats:  # fmt: skip
    h, w = lines.shape
    long = float(max(h, w))
    boxes = np.array([_size(box) for box in ndimage.find_objects(regions.working + 1, regions.n)], np.float64) / long
    deepest = np.zeros(regions.n, np.float32)
    np.maximum.at(deepest, of, room.ravel()[at])
    basin = np.asarray(np.bincount(regions.basin, area)[regions.basin], np.float64)
    closed = np.asarray(np.bincount(regions.closed_area, area)[regions.closed_area], np.float64)
    rim = np.zeros(int(regions.closed_area.max()) + 1, bool)
    rim[regions.closed_area[regions.touches_border]] = True
    columns = [
        _logarithm(area), _logarithm(basin), _logarithm(closed),
        place[:, 0] - 0.5 * w / long, place[:, 1] - 0.5 * h / long,
        boxes[:, 0], boxes[:, 1], pixels / np.maximum(1, boxes.prod(1) * long * long),
        regions.touches_border, rim[regions.closed_area],
        _mean(of, room.ravel()[at], pixels) / 32, deepest / 32,
        _mean(of, lines.ravel()[at], pixels), _mean(of, contours.ravel()[at], pixels),
        np.full(regions.n, min(regions.n, 500) / 250 - 1), np.full(regions.n, w / long), np.full(regions.n, h / long),
    ]  # fmt: skip
    return np.stack(columns, 1).astype(np.float32)


def _size(box: tuple[slice, slice] | None) -> tuple[int, int]:
    return (1, 1) if box is None else (box[1].stop - box[1].start, box[0].stop - box[0].start)


def _logarithm(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of a share of the page, about -1…1."""
    return np.asarray((np.log(share + 1e-6) + 6) / 4)


def _borders(regions: Regions, lines: Floats, contours: Floats, room: Floats) -> tuple[NDArray[np.int32], Floats]:
    """Pairs of regions that touch at working size or at full size, and what runs between them."""
    labels, n = regions.working, regions.n
    pairs, ink, ridge, width = [], [], [], []
    for first, second in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
        on = labels[first] != labels[second]
        left, right = labels[first][on], labels[second][on]
        pairs.append(np.minimum(left, right).astype(np.int64) * n + np.maximum(left, right))
        ink.append(np.maximum(lines[first][on], lines[second][on]))
        ridge.append(np.maximum(contours[first][on], contours[second][on]))
        width.append(np.minimum(room[first][on], room[second][on]))
    other = regions.edges[:, 0].astype(np.int64) * n + regions.edges[:, 1]
    keys, of = np.unique(np.concatenate([*pairs, other]), return_inverse=True)
    of = of[: len(of) - len(other)]
    inks, ridges, rooms = np.concatenate(ink), np.concatenate(ridge), np.concatenate(width)
    m = len(keys)
    length = np.bincount(of, minlength=m)
    there = np.maximum(1, length)
    least_ink, least, most = np.ones(m, np.float32), np.ones(m, np.float32), np.zeros(m, np.float32)
    np.minimum.at(least_ink, of, inks)
    np.minimum.at(least, of, np.maximum(inks, np.sqrt(ridges)))
    np.maximum.at(most, of, rooms)
    a, b = keys // n, keys % n
    columns = [
        np.where(length > 0, np.bincount(of, inks, m) / there, 1), least_ink,
        np.where(length > 0, np.bincount(of, np.sqrt(ridges), m) / there, 1), least,
        most / 32, np.log1p(length) / 4,
        regions.basin[a] == regions.basin[b], regions.closed_area[a] == regions.closed_area[b],
    ]  # fmt: skip
    return np.stack([a, b], 1).astype(np.int32), np.stack(columns, 1).astype(np.float32)
