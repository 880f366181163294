"""What is told of two basins to a network that says whether they have one colour: what each depicts and might be, how
large they are and of what form, where they lie, and what border they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..generator import Semantics
from .graph import LENGTH, Graph
from .regions import Regions

PAIR = 61
_INK = 2  # of a border's figures, how much line there is on it
_ALIKE = [7, 10, 11, 12, 13]  # of a region's, how full its box is, its room twice, ink and contours in it
_MANY = 80  # basins: more count as so many
_TWIN, _TURNED, _ACROSS = 2.0, 4.0, 10.0  # how fast two are no twins: by size, by slant, by what they are off a mirror

Floats = NDArray[np.float64]


class _Basins(NamedTuple):
    """Of k basins. ``x``, ``y``: their middles; ``wide``, ``high``: standard deviations, all of the long side;
    ``slant``: -1…1; ``box``: (k, 4), left, top, right, bottom; ``area``: of the page; ``log_area``: about 0…1; ``rim``:
    whether they touch the page's; ``closed``: the closed area each lies in; ``nodes``: (k, 5); ``chance``, ``colors``:
    (k, classes), (k, bins); ``odds``: (k, k), by their likeness. ``number``: (all basins,), which of the k each is, or
    -1."""

    x: Floats
    y: Floats
    wide: Floats
    high: Floats
    slant: Floats
    box: Floats
    area: Floats
    log_area: Floats
    rim: NDArray[np.bool_]
    closed: NDArray[np.int32]
    nodes: Floats
    chance: Floats
    colors: Floats
    odds: Floats
    number: NDArray[np.int64]


def figures(
    graph: Graph, regions: Regions, semantics: Semantics, distribution: NDArray[np.float32], basins: NDArray[np.int64]
) -> NDArray[np.float32]:
    """float32 (pairs, `PAIR`), about -2…2, of each two of the k ``basins``, in the order of ``np.triu_indices(k, 1)``.
    ``distribution``: float32 (n, bins), as `Painting` has it where nothing is decided yet. The two of a pair may be
    changed about."""
    one, other = np.triu_indices(len(basins), 1)
    b = _basins(graph, regions, semantics, distribution, basins)
    groups = (
        [b.odds[one, other] / 3],
        _depict(b, one, other),
        _colored(b, one, other),
        [*_two(b.log_area, one, other), np.abs(b.log_area[one] - b.log_area[other])],
        _bordering(graph, b, one, other),
        _lying(b, one, other, graph.working.shape[1] / max(graph.working.shape)),
        _boxed(b, one, other),
        [b.rim[one] & b.rim[other], b.rim[one] ^ b.rim[other]],
        [*np.abs(b.nodes[one] - b.nodes[other]).T, *(b.nodes[one] + b.nodes[other]).T / 2],
        [np.full(len(one), min(len(basins), _MANY) / (_MANY / 2) - 1)],
    )
    return np.stack([np.asarray(column, np.float32) for group in groups for column in group], 1)


def _basins(
    graph: Graph, regions: Regions, semantics: Semantics, distribution: NDArray[np.float32], basins: NDArray[np.int64]
) -> _Basins:
    k = len(basins)
    number = np.full(int(graph.basin.max()) + 1, -1)
    number[basins] = np.arange(k)
    of = number[graph.basin]
    kept = of >= 0
    area: Floats = np.asarray(np.bincount(of[kept], graph.area[kept].astype(np.float64), k), np.float64)

    def mean(values: NDArray[np.float32]) -> Floats:
        """By area, of what is told of regions."""
        total = np.zeros((k, values.shape[1]))
        np.add.at(total, of[kept], graph.area[kept, None] * values[kept].astype(np.float64))
        return total / np.maximum(area, 1e-12)[:, None]

    speaker = np.unique(graph.basin, return_index=True)[1][basins]
    likeness = semantics.likeness[speaker].astype(np.float64)
    return _Basins(
        *_forms(number[graph.basin[graph.working]], k), area, np.log(area + 1e-5) / 4 + 1,
        np.bincount(of[kept], regions.touches_border[kept], k) > 0, regions.closed_area[speaker],
        mean(graph.nodes[:, _ALIKE]), semantics.chance[speaker].astype(np.float64), mean(np.exp(distribution)),
        semantics.same[0] * likeness @ likeness.T + semantics.same[1], number,
    )  # fmt: skip


def _forms(labels: NDArray[np.int64], k: int) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """The first six of `_Basins`, of ``labels``, int64 (h, w), -1 for none; of one that has no pixel zeros."""
    long = max(labels.shape)
    there = labels >= 0
    y, x = (at / long for at in np.nonzero(there))
    of = labels[there]
    count = np.maximum(np.bincount(of, minlength=k), 1)

    def mean(values: Floats) -> Floats:
        return np.asarray(np.bincount(of, values, k) / count)

    mx, my = mean(x), mean(y)
    wide, high = (np.sqrt(np.maximum(mean(v * v) - m * m, 1e-7)) for v, m in ((x, mx), (y, my)))
    slant = (mean(x * y) - mx * my) / (wide * high)
    slices = ndimage.find_objects(labels + 1, k)
    boxes = [(0, 0, 0, 0) if at is None else (at[1].start, at[0].start, at[1].stop, at[0].stop) for at in slices]
    return mx, my, wide, high, slant, np.array(boxes, np.float64).reshape(k, 4) / long


def _two(values: Floats, one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[Floats, Floats]:
    return np.minimum(values[one], values[other]), np.maximum(values[one], values[other])


def _depict(b: _Basins, one: NDArray[np.int64], other: NDArray[np.int64]) -> list[Floats]:
    both = np.sqrt(b.chance[one] * b.chance[other])
    return [*np.abs(b.chance[one] - b.chance[other]).T, *both.T]


def _colored(b: _Basins, one: NDArray[np.int64], other: NDArray[np.int64]) -> list[Floats]:
    """How near their distributions are to each other (Bhattacharyya, cosine), and how sure they are (entropy)."""
    root, length = np.sqrt(b.colors), np.linalg.norm(b.colors, axis=1) + 1e-9
    unsure = -(b.colors * np.log(b.colors + 1e-9)).sum(1) / 3
    cosine = (b.colors @ b.colors.T) / (length[:, None] * length)
    return [(root @ root.T)[one, other], cosine[one, other], *_two(unsure, one, other)]


def _bordering(graph: Graph, b: _Basins, one: NDArray[np.int64], other: NDArray[np.int64]) -> list[NDArray[np.generic]]:
    k = len(b.area)
    ends, apart = b.number[graph.basin[graph.edges]], graph.basin[graph.edges[:, 0]] != graph.basin[graph.edges[:, 1]]
    length = np.expm1(4 * graph.borders[:, LENGTH].astype(np.float64))
    shared, inked, whole = np.zeros((k, k)), np.zeros((k, k)), np.zeros(k)
    for near, far in ((0, 1), (1, 0)):
        at = apart & (ends[:, near] >= 0)
        np.add.at(whole, ends[at, near], length[at])
        at &= ends[:, far] >= 0
        pair = ends[at, near], ends[at, far]
        np.add.at(shared, pair, length[at])
        np.add.at(inked, pair, length[at] * graph.borders[at, _INK])
    whole, border = np.maximum(whole, 1), shared[one, other]
    of_one, of_other = border / whole[one], border / whole[other]
    return [
        np.minimum(of_one, of_other), np.maximum(of_one, of_other), np.log1p(border) / 4, border > 0,
        inked[one, other] / np.maximum(border, 1), b.closed[one] == b.closed[other],
    ]  # fmt: skip


def _lying(b: _Basins, one: NDArray[np.int64], other: NDArray[np.int64], width: float) -> list[Floats]:
    """Where they lie, whether they mirror each other across the page's middle or the drawing's, and whether they are of
    one form."""
    aside, above = np.abs(b.x[one] - b.x[other]), np.abs(b.y[one] - b.y[other])
    far, sum_x = np.hypot(aside, above), b.x[one] + b.x[other]
    size = b.wide[one] + b.wide[other] + b.high[one] + b.high[other]
    page, figure = np.abs(sum_x - width), np.abs(sum_x - 2 * np.average(b.x, weights=b.area + 1e-12))
    low, high = _two(b.y, one, other)
    wider, higher = (np.abs(np.log(v[one] / v[other])) for v in (b.wide, b.high))
    unlike = wider + higher + 4 * np.abs(b.log_area[one] - b.log_area[other])
    slanted, mirrored = np.abs(b.slant[one] - b.slant[other]), np.abs(b.slant[one] + b.slant[other])
    off = _TURNED * mirrored + _ACROSS * (np.minimum(page, figure) + above)
    twins = [np.exp(-_TWIN * unlike - more) for more in (np.zeros(len(one)), _TURNED * slanted, off)]
    near = np.minimum(far / (size + 0.01), 8) / 2
    return [aside, above, far, near, page, figure, high, low, wider / 2, higher / 2, slanted, mirrored, *twins]


def _boxed(b: _Basins, one: NDArray[np.int64], other: NDArray[np.int64]) -> list[Floats]:
    """How much of each one's box lies in the other's: in the mean, at most, at least."""
    low, high = np.maximum(b.box[one, :2], b.box[other, :2]), np.minimum(b.box[one, 2:], b.box[other, 2:])
    shared = np.maximum(0, high - low).prod(1)
    area = np.maximum((b.box[:, 2:] - b.box[:, :2]).prod(1), 1e-6)
    first, second = shared / area[one], shared / area[other]
    return [(first + second) / 2, np.maximum(first, second), np.minimum(first, second)]
