"""Strokes on a drawing that is a graph: which are taken, which say *around here*, and in what colours all of it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator as Random
from numpy.typing import NDArray

from linewash_daemon.colorist.manner import FIGURES, manner
from linewash_daemon.colorist.strokes import merged

from .graphs import LONGEST, Drawing
from .samples import to_lab

_RECOLORED = 0.4  # of the samples have other colours
_ONE, _COLORS = 15.0, 24  # ΔE within which colours that are swapped go together, and how many there are at most
_HINTS_TELL = 4  # from so many strokes on, colours need not be believable: the strokes say them
_UNTOLD = 0.15  # of the samples tell nothing of the manner of strokes, as when no artist drew them
_UNEVEN = 0.1  # by how much a hand is: a seventh more or less of a stroke, and a little nearer to lines or farther
_SOFT = (0.3, 0.6, 1.0)  # of their strokes
_ASTRAY = 0.05  # of the long side: how far such a stroke lies from where it would have been exact, on either axis
_ABOUT = 2.5  # of L, a, b each: how far its colour is off, some ΔE 4 in all; 19 in 20 stay right by `region_losses`


@dataclass(frozen=True)
class Habits:
    """Of the samples with strokes, the share that has some of them say *around here* (``around``) and that takes each
    stroke from another of the drawing's sequences (``mixed``); of those in other colours, the share that has the
    drawing's own changed about (``swapped``), while the rest has them turned."""

    around: float = 0.25
    mixed: float = 0.5
    swapped: float = 0.5


USUAL = Habits()


@dataclass(frozen=True)
class Marked:
    """A drawing with strokes. ``colors`` float32 (c, 3) Lab; ``region``, ``color`` int64, ``soft`` bool (k,) and
    ``drawn`` float32 (k, `manner.FIGURES`), zeros where that is not told;
    ``truth`` float32 (n, `graphs.COLORS`, 3) Lab."""

    drawing: Drawing
    colors: NDArray[np.float32]
    region: NDArray[np.int64]
    color: NDArray[np.int64]
    soft: NDArray[np.bool_]
    drawn: NDArray[np.float32]
    truth: NDArray[np.float32]
    believable: bool


def marked(drawing: Drawing, rng: Random, count: int, habits: Habits = USUAL) -> Marked:
    """``count`` strokes of the drawing's sequences, some of them soft, now and then all in other colours."""
    of, nth = _sequence(len(drawing.stroke_color), count, rng, habits.mixed), np.arange(count)
    color, region = drawing.stroke_color[of, nth], drawing.stroke_region[of, nth]
    soft = _softened(rng, region, habits.around)
    region = _astray(region, soft, drawing.place, rng)
    if rng.random() < 0.15:  # a hand that does not quite take the true colour
        color = np.clip(color.astype(np.int16) + rng.integers(-8, 9, 3), 0, 255).astype(np.uint8)
    drawn = _manner(drawing, of, nth, soft) + rng.normal(0, _UNEVEN, (count, 1)).astype(np.float32) * ~soft[:, None]
    if rng.random() < _UNTOLD:
        drawn[:] = 0
    out = _placed(drawing, color, region, soft, drawn)
    truth, colors, believable = out.truth, out.colors, count < _HINTS_TELL or rng.random() >= _RECOLORED
    if not believable:
        weight = drawing.shares * drawing.pixels[:, None]
        swap = rng.random() < habits.swapped
        truth, colors = _swapped(truth, colors, weight, rng) if swap else _turned(truth, colors, rng)
    about = np.bincount(out.color, ~out.soft, len(colors)) == 0  # an exact stroke of the same colour is the truth's
    colors[about] += rng.normal(0, _ABOUT, (int(about.sum()), 3)).astype(np.float32)
    return replace(out, colors=colors, truth=truth, believable=believable)


def plain(drawing: Drawing, count: int) -> Marked:
    """The first ``count`` strokes of the drawing's first sequence, as they are."""
    color, region, soft = drawing.stroke_color[0, :count], drawing.stroke_region[0, :count], np.zeros(count, bool)
    drawn = _manner(drawing, np.zeros(count, np.int64), np.arange(count), soft)
    return _placed(drawing, color, region, soft, drawn)


def _manner(
    drawing: Drawing, of: NDArray[np.int64], nth: NDArray[np.int64], soft: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Float32 (count, `FIGURES`) of the strokes ``nth`` of the sequences ``of``, zeros for those that are ``soft``."""
    area, depth = drawing.stroke_area[of, nth], drawing.stroke_depth[of, nth]
    out, exact = np.zeros((len(of), FIGURES), np.float32), ~soft & (area > 0)
    out[exact] = manner(area[exact], depth[exact])
    return out


def _placed(
    drawing: Drawing, color: NDArray[np.uint8], region: NDArray[np.int32], soft: NDArray[np.bool_],
    drawn: NDArray[np.float32],
) -> Marked:  # fmt: skip
    """What strokes leave on the drawing; ``color``, ``region`` as `Drawing` has them of each, ``soft`` bool, ``drawn``
    as `Marked` has it."""
    used = region >= 0
    distinct, which = np.unique(color[used.any(1)], axis=0, return_inverse=True)
    number = np.zeros(len(color), np.int64)
    number[used.any(1)] = which.ravel()
    stroke = np.nonzero(used)[0]
    keys, at = np.unique(region[used].astype(np.int64) * 4096 + number[stroke], return_inverse=True)
    colors = to_lab(distinct[None])[0] if len(distinct) else np.zeros((0, 3), np.float32)
    faint = np.bincount(at, ~soft[stroke], len(keys)) == 0
    of_mark = np.full((len(keys), FIGURES), -np.inf, np.float32)
    np.maximum.at(of_mark, at.ravel(), drawn[stroke])
    of_mark[faint] = 0
    return Marked(drawing, colors, keys // 4096, keys % 4096, faint, of_mark, to_lab(drawing.colors), True)


def _sequence(sequences: int, count: int, rng: Random, mixed: float) -> NDArray[np.int64]:
    """Which sequence each of ``count`` strokes comes from: all from one, or each from any but the careless last."""
    if rng.random() < mixed:
        return rng.integers(max(1, sequences - 1), size=count)
    return np.full(count, rng.integers(sequences))


def _softened(rng: Random, region: NDArray[np.int32], around: float) -> NDArray[np.bool_]:
    """Which strokes say *around here*, bool (count,): mostly none. ``region``: `Drawing.stroke_region` of each."""
    if rng.random() >= around:
        return np.zeros(len(region), bool)
    return np.asarray((rng.random(len(region)) < rng.choice(_SOFT)) & (region[:, 0] >= 0))


def _astray(
    region: NDArray[np.int32], soft: NDArray[np.bool_], place: NDArray[np.float32], rng: Random
) -> NDArray[np.int32]:
    """``region`` with one region for each soft stroke: the one whose middle is nearest to where it went astray."""
    out = region.copy()
    meant = place[region[soft, 0]]
    there = meant + rng.normal(0, _ASTRAY, meant.shape)
    out[soft] = -1
    out[soft, 0] = np.linalg.norm(there[:, None] - place[None], axis=-1).argmin(1)
    return out


def _swapped(
    truth: NDArray[np.float32], colors: NDArray[np.float32], weight: NDArray[np.float32], rng: Random
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both with the drawing's colours changed about: what was red all over is blue, and the other way round.

    ``weight`` (n, `graphs.COLORS`): how much there is of each. Most of the time what is nearly white stays.
    """
    flat = truth.reshape(-1, 3)
    chosen, _ = merged(flat[weight.ravel() > 0], weight.ravel()[weight.ravel() > 0].astype(np.float64), _ONE, _COLORS)
    palette = flat[weight.ravel() > 0][chosen]
    white = (palette[:, 0] > 95) & (np.abs(palette[:, 1:]).max(1) < 6) & (rng.random() < 0.7)
    moved = palette.copy()
    moved[~white] = rng.permutation(palette[~white])

    def swapped(lab: NDArray[np.float32]) -> NDArray[np.float32]:
        nearest = ((lab[..., None, :] - palette) ** 2).sum(-1).argmin(-1)
        out = lab + (moved - palette)[nearest]
        out[..., 0] = np.clip(out[..., 0], 0, 100)
        return np.asarray(out, np.float32)

    return swapped(truth), swapped(colors)


def _turned(
    truth: NDArray[np.float32], colors: NDArray[np.float32], rng: Random
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both with the hues turned, and more or less chroma and lightness; what is nearly white stays."""
    angle, chroma, light = rng.uniform(0, 2 * np.pi), rng.uniform(0.6, 1.3), rng.uniform(0.8, 1.15)
    turn = chroma * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]], np.float32)

    def turned(lab: NDArray[np.float32]) -> NDArray[np.float32]:
        out = lab.copy()
        out[..., 1:] = lab[..., 1:] @ turn.T
        out[..., 0] = np.clip(50 + (lab[..., 0] - 50) * light, 0, 100)
        white = (lab[..., :1] > 95) & (np.abs(lab[..., 1:]).max(-1, keepdims=True) < 6)
        return np.where(white, lab, out)

    return turned(truth), turned(colors)


def strokes(rng: Random) -> int:
    """How many strokes a sample gets: none for one in five, else 1 to `graphs.LONGEST`, spread over the orders."""
    return 0 if rng.random() < 0.2 else round(float(np.exp(rng.uniform(0, np.log(LONGEST)))))
