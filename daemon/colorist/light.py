"""Light over the flats: the generator's, kept off whatever is not painted and off the background.

Shade has one tone and a clean edge, as on animation cels: there one can paint on, where a soft gradient would have to
be made anew. What the generator makes is soft, and says where that edge runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Generator
from .lab import to_lab
from .law import Flats
from .pixels import upscaled
from .prepare import Prepared
from .regions import Regions
from .split import Division

_PAPER = 247 * 257  # of 65535: no channel of plain paper is darker
_BEGINS, _WHOLE = 0.14, 0.17  # of the generator's shading: the edge of shade
_DEPTH = 0.25  # of the light that shade takes away
_CALM = 1 / 500  # of the long side: sigma of the blur that keeps the edge from trembling
_SPECK = 40  # px at working size: less shade than that is none
_SIDES = 2  # of the picture that a background reaches, at least; a figure that leaves it reaches one

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Lighting:
    """``shade``, ``highlights``: float32 (h, w) 0…1 at working size, the one as the generator has it but calmer, the
    other None where there are none; ``lit``: bool (labels,), of `Flats.labels` those that light may fall on."""

    shade: Floats
    highlights: Floats | None
    lit: NDArray[np.bool_]

    def rows(
        self, role: Literal["shading", "highlights"], amount: float, labels: NDArray[np.int32], height: int, top: int
    ) -> Floats | None:
        """The rows from ``top`` on of a picture that is ``height`` high, as many as ``labels`` int32 (rows, width) has,
        which are theirs: the light that is taken away or added, 0…1, ``amount`` times what is usual. None for
        highlights where there are none."""
        small = self.shade if role == "shading" else self.highlights
        if small is None:
            return None
        large = upscaled(small, height, labels.shape[1], top, top + len(labels)).ravel()
        at = np.flatnonzero(large > (_BEGINS if role == "shading" else 0))  # mostly few
        at = at[self.lit[labels.ravel()[at]]]
        light = large[at]
        if role == "shading":
            edge = np.minimum((light - _BEGINS) / (_WHOLE - _BEGINS), 1)
            light = np.float32(_DEPTH) * edge * edge * (3 - 2 * edge)
        out = np.zeros(labels.shape, np.float32)
        out.ravel()[at] = np.clip(light * np.float32(amount), 0, 1)
        return out


def lighting(
    generator: Generator, prepared: Prepared, division: Division, flats: Flats, options: Options
) -> Lighting | None:
    """None where no layer of light was asked for, and where the style makes none."""
    if {"shading", "highlights"}.isdisjoint(options.layers):
        return None
    light = generator.light(prepared.lines, _working(prepared, flats))
    return None if light is None else Lighting(_calm(light.shading), light.highlights, _lit(prepared, division, flats))


def _calm(shading: Floats) -> Floats:
    """Without trembling, and without specks."""
    calm = np.asarray(cv2.GaussianBlur(shading, (0, 0), _CALM * max(shading.shape)), np.float32)
    _, piece, stats, _ = cv2.connectedComponentsWithStats((calm > _BEGINS).astype(np.uint8), connectivity=4)
    speck = stats[:, cv2.CC_STAT_AREA] < _SPECK
    return np.where(speck[piece], np.minimum(calm, np.float32(_BEGINS)), calm)


def _lit(prepared: Prepared, division: Division, flats: Flats) -> NDArray[np.bool_]:
    """All but what is left empty, the background, and the page: white that reaches the picture's border."""
    regions = prepared.regions
    basin = np.concatenate([regions.basin, regions.basin[division.parent]])
    sides = _sides(regions)[basin]
    white = np.asarray((flats.colors >= _PAPER).all(1), np.bool_)[flats.row]
    return np.asarray(flats.painted[flats.row] & (sides < _SIDES) & ~(white & (sides > 0)), np.bool_)


def _sides(regions: Regions) -> NDArray[np.int64]:
    """Of the picture, that each basin reaches."""
    sides = np.zeros(int(regions.basin.max()) + 1, np.int64)
    for rim in (regions.labels[0], regions.labels[-1], regions.labels[:, 0], regions.labels[:, -1]):
        sides[np.unique(regions.basin[np.unique(rim)])] += 1
    return sides


def _working(prepared: Prepared, flats: Flats) -> Floats:
    """The flats at working size, Lab float32 (h, w, 3); what is left empty is white."""
    (h, w), (height, width) = prepared.lines.shape, flats.labels.shape
    rows = ((np.arange(h) + 0.5) * height / h).astype(np.intp)
    columns = ((np.arange(w) + 0.5) * width / w).astype(np.intp)
    lab = to_lab(np.where(flats.painted[:, None], flats.colors, np.uint16(65535)))
    return np.asarray(lab[flats.row[flats.labels[rows[:, None], columns]]], np.float32)
