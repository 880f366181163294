"""Light over the flats: the generator's, kept off whatever is not painted, off the background and off the sky.

Shade and highlights have one tone each and a clean edge, as on animation cels: there one can paint on, where a soft
gradient would have to be made anew. What the generator makes is soft, and says where that edge runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.measure import label

from linewash.contract import Options

from ..generator import Generator, Semantics
from .lab import to_lab
from .law import Flats
from .parts import taken_for
from .pixels import upscaled
from .prepare import Prepared
from .regions import Regions
from .split import Division

_PAPER = 247 * 257  # of 65535: no channel of plain paper is darker
_CALM = 1 / 500  # of the long side: sigma of the blur that keeps the edge from trembling
_INK = 0.3  # of a line map from which a pixel is ink
_SOFT = 1.5  # px, sigma of the blur before a peak is looked for
_LEAST_PEAK, _DULL = 0.03, 250  # of the generator's highlights; px at working size: what is less does not shine
_SIDES = 2  # of the picture that a background reaches, at least; a figure that leaves it reaches one

Floats = NDArray[np.float32]


class _Tone(NamedTuple):
    """``begins``, ``whole``: of the generator's light, where the tone's edge is; ``depth``: of the light that it takes
    away, or of what lacks to white that it adds; ``speck``: px at working size, less than that is none."""

    begins: float
    whole: float
    depth: float
    speck: int


_TONES = {"shading": _Tone(0.14, 0.17, 0.25, 40), "highlights": _Tone(0.5, 0.6, 0.30, 16)}  # of highlights: of the peak


@dataclass(frozen=True)
class Lighting:
    """``shade``, ``highlights``: float32 (h, w) 0…1 at working size, as the generator has them but calmer, the latter
    None where it has none; ``lit``: bool (labels,), of `Flats.labels` those that light may fall on."""

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
        tone = _TONES[role]
        large = upscaled(small, height, labels.shape[1], top, top + len(labels)).ravel()
        at = np.flatnonzero(large > tone.begins)  # mostly few
        at = at[self.lit[labels.ravel()[at]]]
        edge = np.minimum((large[at] - tone.begins) / (tone.whole - tone.begins), 1)
        light = np.float32(tone.depth) * edge * edge * (3 - 2 * edge)
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
    if light is None:
        return None
    shade = _calm(light.shading, _TONES["shading"])
    lit = _lit(prepared, division, flats, _sky(prepared.depicted(generator), prepared.regions))
    if light.highlights is None:
        return Lighting(shade, None, lit)
    shine = np.where(shade > _TONES["shading"].begins, np.float32(0), light.highlights)  # nothing shines in the shade
    return Lighting(shade, _calm(_of_peak(shine, _pieces(prepared, flats)), _TONES["highlights"]), lit)


def _pieces(prepared: Prepared, flats: Flats) -> NDArray[np.int32]:
    """Connected areas of one colour between the lines, at working size, int32 (h, w), 0 for ink and what is no whole
    form: it touches the picture's border."""
    rows, columns = _at_working(prepared, flats)
    color = flats.row[flats.labels[rows[:, None], columns]] + 1
    piece = np.asarray(label(np.where(prepared.lines > _INK, 0, color), background=0, connectivity=1), np.int32)
    for rim in (piece[0], piece[-1], piece[:, 0], piece[:, -1]):
        piece[np.isin(piece, rim)] = 0
    return piece


def _of_peak(shine: Floats, piece: NDArray[np.int32]) -> Floats:
    """How much each pixel shines of what its ``piece`` does at most, 0…1: where a form shines is known better than how
    much. Pieces that hardly shine, and small ones, don't."""
    soft = np.asarray(cv2.GaussianBlur(shine, (0, 0), _SOFT), np.float32)
    size = np.bincount(piece.ravel())
    peak = np.zeros(len(size), np.float32)
    np.maximum.at(peak, piece.ravel(), soft.ravel())
    peak[(peak < _LEAST_PEAK) | (size < _DULL) | (np.arange(len(size)) == 0)] = np.inf
    return soft / peak[piece]


def _calm(light: Floats, tone: _Tone) -> Floats:
    """Without trembling, and without specks."""
    calm = np.asarray(cv2.GaussianBlur(light, (0, 0), _CALM * max(light.shape)), np.float32)
    _, piece, stats, _ = cv2.connectedComponentsWithStats((calm > tone.begins).astype(np.uint8), connectivity=4)
    speck = stats[:, cv2.CC_STAT_AREA] < tone.speck
    return np.where(speck[piece], np.minimum(calm, np.float32(tone.begins)), calm)


def _lit(prepared: Prepared, division: Division, flats: Flats, sky: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """All but what is left empty, the background, the ``sky``, bool (basins,), and the page: white that reaches the
    picture's border."""
    regions = prepared.regions
    basin = np.concatenate([regions.basin, regions.basin[division.parent]])
    sides = _sides(regions)[basin]
    form = flats.painted[flats.row] & (sides < _SIDES) & ~sky[basin]
    white = np.asarray((flats.colors >= _PAPER).all(1), np.bool_)[flats.row]
    return np.asarray(form & ~(white & (sides > 0)), np.bool_)


def _sky(semantics: Semantics | None, regions: Regions) -> NDArray[np.bool_]:
    """Which basins are sky, bool (basins,): also in a comic's panel, and behind an arm, where none reaches the
    picture's border."""
    basins, speaker = np.unique(regions.basin, return_index=True)
    if semantics is None or "sky" not in semantics.classes:
        return np.zeros(len(basins), bool)
    depicts, _ = taken_for(semantics, speaker)
    return np.asarray(depicts == semantics.classes.index("sky"), np.bool_)


def _sides(regions: Regions) -> NDArray[np.int64]:
    """Of the picture, that each basin reaches."""
    sides = np.zeros(int(regions.basin.max()) + 1, np.int64)
    for rim in (regions.labels[0], regions.labels[-1], regions.labels[:, 0], regions.labels[:, -1]):
        sides[np.unique(regions.basin[np.unique(rim)])] += 1
    return sides


def _working(prepared: Prepared, flats: Flats) -> Floats:
    """The flats at working size, Lab float32 (h, w, 3); what is left empty is white."""
    rows, columns = _at_working(prepared, flats)
    lab = to_lab(np.where(flats.painted[:, None], flats.colors, np.uint16(65535)))
    return np.asarray(lab[flats.row[flats.labels[rows[:, None], columns]]], np.float32)


def _at_working(prepared: Prepared, flats: Flats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which rows and columns of the picture are shown at working size."""
    (h, w), (height, width) = prepared.lines.shape, flats.labels.shape
    rows = ((np.arange(h) + 0.5) * height / h).astype(np.intp)
    return rows, ((np.arange(w) + 0.5) * width / w).astype(np.intp)
