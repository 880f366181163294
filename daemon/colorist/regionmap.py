"""What one stroke fills, for the artist to see: each such region in a colour of its own, far from those beside it.

Without strokes that is a closed area: one stroke in it, tried on our examples, always took all of it. Strokes of
several colours divide it, so there the colours that were decided on count.

Colours are dealt as on a political map, greedily, the largest area first (Welsh and Powell 1967), so that they depend
on line art and gap alone; where strokes divide an area, its largest part keeps its colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .lab import difference, to_rgb16
from .law import Flats
from .regions import Regions
from .split import Division

APART = 40.0  # ΔE (CIE76) between neighbours, where the other neighbours leave such a colour
_CROWD = 64  # who is beside so many, as a background is, makes nobody the neighbour of a neighbour
_HUES = 12
_LIGHT = ((84.0, 42.0), (66.0, 54.0))  # lightness and chroma of the rings of hues; light, for black lines lie over them
_SPREAD = np.array([8.0, 5.0, 5.0], np.float32)  # L, a, b around a colour for the regions that share it
_GOLDEN = np.array([0.8191725, 0.6710436, 0.5497005])  # steps of the R3 sequence, Roberts 2018


def region_colors(regions: Regions, division: Division, flats: Flats | None = None) -> NDArray[np.uint16]:
    """sRGB 0…65535 for each label of ``division``, (labels, 3). ``flats``: None where there is no stroke."""
    area_of = regions.closed_area[np.concatenate([np.arange(regions.n), division.parent])].astype(np.int64)
    areas = int(area_of.max()) + 1
    beside = _neighbours(regions, areas)
    dealer = _Dealer()
    dealt = np.full(areas, -1, np.int64)
    for area in np.argsort(-np.bincount(regions.closed_area, regions.area, areas), kind="stable").tolist():
        farther = [far for b in beside[area] if len(beside[b]) <= _CROWD for far in beside[b]]
        dealt[area] = dealer.deal(dealt[beside[area]], dealt[farther])
    region_of = area_of.copy()
    colors = dealt.tolist()
    for labels in _parts(division, flats, area_of):
        area = int(area_of[labels[0]])
        siblings = np.unique(region_of[area_of == area])
        near = [colors[region] for region in (*beside[area], *siblings.tolist())]
        region_of[labels] = len(colors)
        colors.append(dealer.deal(np.array(near), np.zeros(0, np.int64)))
    chosen = np.array(colors)
    lab = dealer.lab[chosen] + _SPREAD * ((_turns(chosen)[:, None] * _GOLDEN + 0.5) % 1 - 0.5)
    return np.asarray(to_rgb16(lab.astype(np.float32))[region_of], np.uint16)


class _Dealer:
    """``lab``: float32 (k, 3), the colours; `deal` gives one of them."""

    def __init__(self) -> None:
        rings = []
        for ring, (lightness, chroma) in enumerate(_LIGHT):
            hue = 2 * np.pi * (np.arange(_HUES) + ring / 2) / _HUES
            rings.append(np.stack([np.full(_HUES, lightness), chroma * np.cos(hue), chroma * np.sin(hue)], 1))
        self.lab = np.concatenate(rings).astype(np.float32)
        self._apart = difference(self.lab[:, None], self.lab[None])
        self._used = np.zeros(len(self.lab), np.int64)

    def deal(self, beside: NDArray[np.int64], farther: NDArray[np.int64]) -> int:
        """The colour used least that is far from those ``beside``, and if it can be not used ``farther`` on; -1 in
        either is a neighbour without a colour."""
        distance = self._apart[beside[beside >= 0]].min(0, initial=APART)
        again = np.bincount(farther[farther >= 0], minlength=len(self.lab))
        choice = int(np.lexsort((self._used, again, -distance))[0])
        self._used[choice] += 1
        return choice


def _neighbours(regions: Regions, areas: int) -> list[list[int]]:
    """Of each closed area; those too small to have any in `Regions.edges` are looked at in the labels."""
    beside: list[set[int]] = [set() for _ in range(areas)]
    for a, b in np.unique(regions.closed_area[regions.edges], axis=0).tolist():
        beside[a].add(b)
        beside[b].add(a)
    for region in np.flatnonzero([not beside[area] for area in regions.closed_area]).tolist():
        rows, columns = regions.boxes[region]
        around = regions.labels[max(0, rows.start - 1) : rows.stop + 1, max(0, columns.start - 1) : columns.stop + 1]
        beside[regions.closed_area[region]].update(regions.closed_area[np.unique(around)].tolist())
    return [sorted(others - {area}) for area, others in enumerate(beside)]


def _parts(division: Division, flats: Flats | None, area_of: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Labels of each part but the largest of the areas that strokes divide, area by area, the larger part first."""
    if flats is None:
        return []
    size = np.bincount(division.labels.ravel(), minlength=len(area_of))
    stroked = np.zeros(int(area_of.max()) + 1, bool)
    stroked[area_of[flats.hinted]] = True
    asked = np.flatnonzero(stroked[area_of] & (size > 0))
    pairs, part = np.unique(np.stack([area_of[asked], flats.row[asked]], 1), axis=0, return_inverse=True)
    part = part.ravel()
    order = np.lexsort((-np.bincount(part, size[asked], len(pairs)), pairs[:, 0]))
    first = np.append(True, np.diff(pairs[order, 0]) > 0)[: len(order)]
    return [asked[part == p] for p in order[~first].tolist()]


def _turns(dealt: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 … for the regions that were dealt the same colour."""
    order = np.argsort(dealt, kind="stable")
    first = np.searchsorted(dealt[order], dealt[order])
    turn = np.empty(len(dealt), np.int64)
    turn[order] = np.arange(len(dealt)) - first
    return turn
