"""One exact colour for every region: what the generator and the rules painted, with the hints as law.

The region under a stroke gets exactly the stroke's colour. Any other region that comes out nearly like a stroke of
its closed area, or of the stroke that reached it, gets exactly that colour. What is left is gathered into few flats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Hints
from .allowed import Allowed, allowed_colors
from .lab import difference, to_rgb16
from .paint import Proposal
from .prepare import Prepared
from .regions import Regions
from .rounding import rounded
from .split import Division
from .strokes import Strokes, merged
from .votes import Votes, mostly

SNAP = 22.0  # ΔE (CIE76) within which a painted colour is taken for the stroke's
_FLAT = 7.0  # ΔE within which colours of regions without a stroke become one flat
_MAX_FLATS = 256
_DENSE = 1 << 20  # so many region-label pairs are counted in a table, more by sorting
_INK_WEIGHT = 0.1  # of a pixel under a line, beside 1 for paper, when a region's colour is pooled


@dataclass(frozen=True)
class Flats:
    """``labels``: int32, as in `Regions`, new ones where a region was divided, and rounded (`rounding`). ``row``:
    int64, each label's row of ``colors``: uint16 (m, 3) sRGB 0…65535. ``painted``: bool (m,), False for the colour of
    what is left empty. ``hinted``: bool (labels,), regions under a stroke."""

    labels: NDArray[np.int32]
    row: NDArray[np.int64]
    colors: NDArray[np.uint16]
    painted: NDArray[np.bool_]
    hinted: NDArray[np.bool_]


@dataclass(frozen=True)
class _Pooled:
    """``lab``: float32 (n, 3). ``label``: int64 (n,), the stroke colour (+ 1) that the winning source carried there,
    0 where that was the generator's own."""

    lab: NDArray[np.float32]
    label: NDArray[np.int64]


def decide(
    prepared: Prepared,
    strokes: Strokes,
    votes: Votes,
    division: Division,
    empty: NDArray[np.bool_],
    proposal: Proposal,
    options: Options,
) -> Flats:
    """``empty``: bool (stroke colours,), those that leave their region unpainted."""
    n = prepared.regions.n
    stroke_of = np.full(n, -1, np.int64)
    stroke_of[votes.region] = votes.color  # a contested region's own label is gone from the labels
    hinted = stroke_of >= 0
    pooled = _pool(prepared, proposal)
    stroke_of = np.where(hinted, stroke_of, _snapped(prepared, votes, proposal.hints.colors, pooled))
    row, colors = _gathered(prepared, strokes, stroke_of, pooled.lab, options)
    parts = np.zeros(0, np.int64) if not len(division.color) else division.color
    row = np.concatenate([row, parts])
    return Flats(
        labels=rounded(prepared.regions, division, strokes, row),
        row=row,
        colors=colors,
        painted=np.concatenate([~empty, np.ones(len(colors) - len(empty), bool)]),
        hinted=np.concatenate([hinted, np.ones(len(parts), bool)]),
    )


def mixture(proposal: Proposal) -> NDArray[np.float32]:
    """The colour that was painted at every pixel of working size, Lab float32 (h, w, 3)."""
    gates, choice = proposal.painting.gates, proposal.painting.choice
    if choice is not None:
        chosen = choice[proposal.given.graph.working]
        return np.where(chosen[..., None] >= 0, _with_none(proposal.hints)[chosen], proposal.painting.own)
    if gates is None:
        return proposal.painting.own.copy()
    table = np.concatenate([np.zeros((1, 3), np.float32), proposal.hints.colors])
    total = gates[..., 3:].copy()
    mixed = proposal.painting.own * total
    for k, label in enumerate(_sources(proposal)):
        weight = gates[..., k, None] * (label > 0)[..., None]
        mixed += weight * table[label]
        total += weight
    return np.where(total > 1e-6, mixed / np.maximum(total, 1e-6), proposal.painting.own).astype(np.float32)


def _with_none(hints: Hints) -> NDArray[np.float32]:
    """The strokes' colours, and in the last row, which -1 names, any at all."""
    return np.concatenate([hints.colors, np.zeros((1, 3), np.float32)])


def _sources(proposal: Proposal) -> tuple[NDArray[np.int32], ...]:
    sources = proposal.given.sources
    return sources.watershed, sources.contour_watershed, sources.fill


def _pool(prepared: Prepared, proposal: Proposal) -> _Pooled:
    """Per region: gates by their mean, label sources by their commonest label, own colour by its mean."""
    regions, n = prepared.regions, prepared.regions.n
    region = regions.working.ravel().astype(np.int64)
    present = np.zeros(n, bool)
    present[region] = True
    absent = np.flatnonzero(~present)  # too small for the working size: the pixel at their place speaks for them
    region = np.concatenate([region, absent])
    at = np.concatenate([np.arange(regions.working.size), regions.seeds[absent]])
    weight = np.where(prepared.lines.ravel()[at] < 0.3, 1.0, _INK_WEIGHT)
    size = np.bincount(region, weight, n)

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(region, weight * plane.ravel()[at], n) / size)

    own = np.stack([mean(proposal.painting.own[..., c]) for c in range(3)], 1).astype(np.float32)
    choice = proposal.painting.choice
    if choice is not None:
        choice, own = _settled(choice, own, regions, len(proposal.hints.colors))
        chosen = _with_none(proposal.hints)[choice]
        return _Pooled(np.where(choice[:, None] >= 0, chosen, own), choice + 1)
    planes = proposal.painting.gates
    if planes is None:
        return _Pooled(own, np.zeros(n, np.int64))
    gates = np.stack([mean(planes[..., k]) for k in range(4)], 1)
    table = np.concatenate([np.zeros((1, 3), np.float32), proposal.hints.colors])
    labels = np.zeros((n, 4), np.int64)
    for k, source in enumerate(_sources(proposal)):
        labels[:, k] = _commonest(region, source.ravel()[at], weight, n, len(table))
    gates[:, :3] *= labels[:, :3] > 0
    gates[:, 3] += gates.sum(1) < 1e-6
    gates /= gates.sum(1, keepdims=True)
    parts = np.concatenate([table[labels[:, :3]], own[:, None]], 1)
    lab = np.einsum("nk,nkc->nc", gates, parts).astype(np.float32)
    return _Pooled(lab, labels[np.arange(n), gates.argmax(1)])


def _settled(
    choice: NDArray[np.int64], own: NDArray[np.float32], regions: Regions, colors: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Cells without a stroke's colour in a basin that has one for the most part get it, too; where they stay without,
    all of a basin have one colour of their own."""
    area, basin = regions.area.astype(np.float64), regions.basin.astype(np.int64)
    count = int(basin.max()) + 1
    settled = np.where(choice < 0, mostly(choice, regions, colors)[basin], choice)
    weight = area * (settled < 0)
    total = np.maximum(np.bincount(basin, weight, count), 1e-9)
    mean = np.stack([np.bincount(basin, weight * own[:, c], count) / total for c in range(3)], 1).astype(np.float32)
    return settled, np.where((settled < 0)[:, None], mean[basin], own)


def _commonest(
    region: NDArray[np.int64], label: NDArray[np.int32], weight: NDArray[np.float64], n: int, count: int
) -> NDArray[np.int64]:
    """Each region's commonest label, 0 where it has none at all."""
    keys = region * count + label
    if n * count <= _DENSE:
        held = np.bincount(keys, weight)
        keys = np.flatnonzero(held)
        held = held[keys]
    else:
        keys, at = np.unique(keys, return_inverse=True)
        held = np.bincount(at, weight)
    order = np.argsort(held, kind="stable")
    order = order[keys[order] % count > 0]
    out = np.zeros(n, np.int64)
    out[keys[order] // count] = keys[order] % count
    return out


def _snapped(prepared: Prepared, votes: Votes, colors: NDArray[np.float32], pooled: _Pooled) -> NDArray[np.int64]:
    """For each region the stroke colour that it is meant to have, -1 for none."""
    n = prepared.regions.n
    if not len(colors):
        return np.full(n, -1, np.int64)
    closed = prepared.regions.closed_area
    allowed = np.zeros((int(closed.max()) + 1, len(colors) + 1), bool)
    allowed[closed[votes.region], votes.color] = True
    out = np.full(n, -1, np.int64)
    for first in range(0, n, 4096):
        part = np.arange(first, min(n, first + 4096))
        near = difference(pooled.lab[part, None], colors[None])
        candidate = allowed[closed[part]]
        candidate[np.arange(len(part)), pooled.label[part] - 1] = True  # label 0 falls on the spare last column
        near[~candidate[:, :-1]] = np.inf
        best = near.argmin(1)
        out[part] = np.where(near[np.arange(len(part)), best] <= SNAP, best, -1)
    return out


def _gathered(
    prepared: Prepared, strokes: Strokes, stroke_of: NDArray[np.int64], lab: NDArray[np.float32], options: Options
) -> tuple[NDArray[np.int64], NDArray[np.uint16]]:
    """Each region's row in a table of colours: the strokes' first, exactly, then the few flats of the other regions."""
    row = stroke_of.copy()
    free = np.flatnonzero(stroke_of < 0)
    if not len(free):
        return row, strokes.colors
    area = prepared.regions.area[free].astype(np.float64)
    chosen, member = merged(lab[free], area, _FLAT, _MAX_FLATS)
    total = np.bincount(member, area, len(chosen))
    mean = np.stack([np.bincount(member, area * lab[free, c], len(chosen)) / total for c in range(3)], 1)
    mean[:, 1:] *= options.strength
    flats = _as_flats(mean.astype(np.float32), allowed_colors(options))
    distinct, place = np.unique(flats, axis=0, return_inverse=True)
    row[free] = len(strokes.colors) + place.ravel()[member]
    return row, np.concatenate([strokes.colors, distinct.astype(np.uint16)])


def _as_flats(lab: NDArray[np.float32], allowed: Allowed | None) -> NDArray[np.uint16]:
    """Lab (n, 3) as sRGB uint16 (n, 3): the nearest colours, exactly of those ``allowed`` where there are such."""
    if allowed is None:
        return to_rgb16(lab)
    return np.asarray(allowed.colors[difference(lab[:, None], allowed.lab[None]).argmin(1)], np.uint16)
