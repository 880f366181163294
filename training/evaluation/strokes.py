"""The evaluation's simulated hints: the same few short strokes for every method and model.

Unlike the brush strokes of training they are plain and deterministic, so that figures can be compared: each is 1.5 % of
the long side long and 0.8 % wide, in the colour the true picture has there, and is cut at lines and at its region's
border. The first marks the biggest region; each next one a region drawn with weight sqrt(area) / 4 ** n, where n is
how many it has. 4 strokes are the first of 16, those the first of 64.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..flats import Image, Mask
from ..truth import Labels, Regions, ink, scale_of

_HALF_LENGTH, _WIDTH = 3.8, 4.0  # px at 512
_CLEARANCE = 3.0  # a stroke's middle keeps away from lines and borders where it can
_APART = 12.0  # and from other strokes
_TRIES = 20
_FALLOFF = 4.0


def simulated_hints(color: Image, line: Image, regions: Regions, count: int, seed: int = 0) -> Image:
    """``count`` strokes as uint8 (H, W, 4) RGBA, alpha 0 or 255; transparent where the truth has no region.

    ``line`` uint8 (H, W), ``color`` uint8 (H, W, 3) RGB, ``regions`` as `truth_regions` gives for them.
    """
    hints = np.zeros((*line.shape, 4), np.uint8)
    if count == 0 or len(regions) == 0:
        return hints
    digest = hashlib.sha256(line.tobytes()).hexdigest()
    rng = np.random.default_rng([seed, int(digest[:12], 16)])
    places = _places(regions, line)
    weights = np.sqrt(regions.areas.astype(np.float64))
    paper = ~ink(line)
    middles: list[tuple[int, int]] = []
    for nth in range(count):
        region = int(weights.argmax()) if nth == 0 else int(rng.choice(len(weights), p=weights / weights.sum()))
        weights[region] /= _FALLOFF
        middle = _middle(rng.choice(places[region], _TRIES), middles, line.shape)
        middles.append(middle)
        stroke = _stroke(middle, float(rng.uniform(0, np.pi)), (regions.labels == region) & paper)
        hints[stroke, :3] = np.median(color[stroke], axis=0).round()
        hints[stroke, 3] = 255
    return hints


def _places(regions: Regions, line: Image) -> list[NDArray[np.int64]]:
    """Flat pixel numbers where a stroke of each region may have its middle; row 0 is empty."""
    clear = np.minimum(_distance(ink(line)), _distance(_borders(regions.labels))).ravel()
    order = np.argsort(regions.labels.ravel(), kind="stable")
    cuts = np.searchsorted(regions.labels.ravel()[order], np.arange(1, len(regions) + 2))
    places: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    wanted = _CLEARANCE * scale_of(line.shape)
    for start, stop in itertools.pairwise(cuts):
        pixels = order[start:stop]
        room = clear[pixels]
        places.append(pixels[room >= (wanted if (room >= wanted).any() else room.max() - 0.01)])
    return places


def _distance(from_mask: Mask) -> NDArray[np.float32]:
    return np.asarray(cv2.distanceTransform((~from_mask).astype(np.uint8), cv2.DIST_L2, 5), np.float32)


def _borders(labels: Labels) -> Mask:
    """Pixels on either side of a change of label."""
    border = np.zeros(labels.shape, np.bool_)
    border[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    border[1:] |= labels[1:] != labels[:-1]
    border[:, :-1] |= border[:, 1:]
    border[:-1] |= border[1:]
    return border


def _middle(tries: NDArray[np.int64], taken: list[tuple[int, int]], shape: tuple[int, ...]) -> tuple[int, int]:
    """The first of ``tries`` that is far enough from every stroke so far, else the farthest; (y, x)."""
    ys, xs = np.divmod(tries, shape[1])
    if not taken:
        return int(ys[0]), int(xs[0])
    others = np.array(taken)
    squared = ((ys[:, None] - others[:, 0]) ** 2 + (xs[:, None] - others[:, 1]) ** 2).min(1)
    enough = squared >= (_APART * scale_of(shape)) ** 2
    best = int(enough.argmax()) if enough.any() else int(squared.argmax())
    return int(ys[best]), int(xs[best])


def _stroke(middle: tuple[int, int], angle: float, allowed: Mask) -> Mask:
    """The pixels of one stroke: the part that is allowed and joined to its middle."""
    y, x = middle
    scale = scale_of(allowed.shape)
    dx, dy = _HALF_LENGTH * scale * np.cos(angle), _HALF_LENGTH * scale * np.sin(angle)
    drawn = np.zeros(allowed.shape, np.uint8)
    start, end = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
    cv2.line(drawn, start, end, 1, max(1, round(_WIDTH * scale)))
    drawn[y, x] = 1
    drawn[~allowed] = 0
    _, pieces = cv2.connectedComponents(drawn, connectivity=4)
    return np.asarray(pieces == pieces[y, x])


@dataclass(frozen=True)
class Markers:
    """Hints as a label map: ``labels`` int32 (H, W), 0 where there is no stroke, one label a colour; ``palette`` uint8
    (n + 1, 3) RGB, row 0 white."""

    labels: Labels
    palette: Image


def markers(hints: Image) -> Markers:
    """The strokes of ``hints`` uint8 (H, W, 4) RGBA by their colour; a pixel counts from half opacity on."""
    on = hints[..., 3] > 127
    rgb = hints[on][:, :3].astype(np.int32)
    keys, inverse = np.unique(rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2], return_inverse=True)
    labels = np.zeros(on.shape, np.int32)
    labels[on] = inverse.ravel() + 1
    colors = np.stack([keys >> 16, keys >> 8 & 255, keys & 255], 1)
    return Markers(labels, np.concatenate([[[255] * 3], colors]).astype(np.uint8))
