"""The figures by which a colouring is judged against the truth.

A picture is judged off its lines (at least 1 px, at 512, from line art darker than 230), except where noted.
"Inside the drawing" leaves out the background: near-white paper that is joined to the picture's rim.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..flats import Image, Mask, near_line
from ..truth import Regions, ink, scale_of, truth_regions
from .lab import Floats, ciede2000, to_lab

SAMPLE = 4000  # colours of a picture that are compared as a set
_SMALL = 256
_DISTINCT = 10.0  # CIEDE2000 from which two regions are of another colour
_MOST_PSNR = 60.0
_FEWEST_BORDER_PIXELS = 20
_FEWEST_INSIDE_PIXELS = 100
_LEAST_COLORFULNESS = 5.0

_directions = np.random.default_rng(7).normal(size=(64, 3))
_DIRECTIONS = _directions / np.linalg.norm(_directions, axis=1, keepdims=True)
_QUANTILES = (np.arange(512) + 0.5) / 512


@dataclass(frozen=True)
class Borders:
    """Pixels beside a line that has a region of another colour straight across. Each of the n pixels:
    ``ys``, ``xs`` where it is, ``owner`` its region, ``own`` and ``across`` float32 (n, 3) the Lab colour of its region
    and of the other one."""

    ys: NDArray[np.int64]
    xs: NDArray[np.int64]
    owner: NDArray[np.int32]
    own: Floats
    across: Floats


@dataclass(frozen=True)
class Truth:
    """What is known of a pair and does not depend on who colours it."""

    color: Image
    off: Mask
    inside: Mask
    regions: Regions
    lab: Floats  # of the pixels in `off`
    small: Image
    colorfulness: float
    borders: Borders
    sample: NDArray[np.int64]  # flat pixel numbers

    @classmethod
    def of(cls, color: Image, line: Image) -> Truth:
        """``color`` uint8 (H, W, 3) RGB, ``line`` uint8 (H, W), 0 ink to 255 paper."""
        off, regions = ~near_line(line), truth_regions(color, line)
        pixels = np.flatnonzero(off)
        sample = np.random.default_rng(3).choice(pixels, min(SAMPLE, len(pixels)), replace=False)
        return cls(
            color,
            off,
            _inside(color, line, off),
            regions,
            to_lab(color[off]),
            _small(color),
            colorfulness(color),
            _borders(regions, line),
            np.asarray(sample, np.int64),
        )

    def colors_at_sample(self, picture: Image) -> Image:
        """uint8 (n, 3): what ``picture`` has at the sampled pixels, at most 4,000 off the lines."""
        return np.asarray(picture.reshape(-1, 3)[self.sample])


@dataclass(frozen=True)
class Figures:
    """One colouring of one picture; None where a figure has no meaning for it.

    ``inside``, ``all``: mean CIEDE2000 off the lines, inside the drawing and over all of it.
    ``hint``: mean CIEDE2000 between hints and result at the hinted pixels, 0: obeyed.
    ``bleed``: of the pixels within 3 px of a line with a region of another colour (CIEDE2000 of 10 or more) straight
    across it, the share that is nearer to that colour than to its own; of regions that have a hint, or all without
    hints. White left beside white counts too.
    ``swd``: sliced Wasserstein distance of the Lab colours. ``colorfulness``: the result's divided by the truth's.
    ``psnr``, ``ssim``: of the whole picture, RGB, at 256 px.
    """

    inside: float
    all: float
    hint: float | None
    bleed: float | None
    swd: float
    colorfulness: float | None
    psnr: float
    ssim: float


def figures(result: Image, truth: Truth, hints: Image) -> Figures:
    """Judge ``result`` uint8 (H, W, 3) RGB, made from ``hints`` uint8 (H, W, 4) RGBA."""
    lab = to_lab(result[truth.off])
    difference = ciede2000(lab, truth.lab)
    on = hints[..., 3] > 127
    small = _small(result)
    return Figures(
        inside=float(difference[truth.inside[truth.off]].mean()),
        all=float(difference.mean()),
        hint=float(ciede2000(to_lab(result[on]), to_lab(hints[on][:, :3])).mean()) if on.any() else None,
        bleed=bleed(result, truth, on),
        swd=sliced_wasserstein(truth.colors_at_sample(result), truth.colors_at_sample(truth.color)),
        colorfulness=colorfulness(result) / truth.colorfulness if truth.colorfulness > _LEAST_COLORFULNESS else None,
        psnr=psnr(small, truth.small),
        ssim=ssim(small, truth.small),
    )


def bleed(result: Image, truth: Truth, hinted: Mask) -> float | None:
    """See `Figures`; None with fewer than 20 pixels to judge."""
    borders = truth.borders
    judged = np.ones(len(borders.owner), np.bool_)
    if hinted.any():
        judged = np.isin(borders.owner, np.unique(truth.regions.labels[hinted]))
    if judged.sum() < _FEWEST_BORDER_PIXELS:
        return None
    lab = to_lab(result[borders.ys[judged], borders.xs[judged]])
    return float((ciede2000(lab, borders.across[judged]) < ciede2000(lab, borders.own[judged])).mean())


def sliced_wasserstein(one: Image, other: Image) -> float:
    """The sliced 1-Wasserstein distance of two sets of colours, uint8 (n, 3) and (m, 3) RGB, in Lab units: the mean
    over 64 fixed directions and 512 quantiles of how far apart the projections are (Rabin et al. 2011)."""
    return float(np.abs(_quantiles(one) - _quantiles(other)).mean())


def _quantiles(colors: Image) -> NDArray[np.float64]:
    """(64, 512): one direction at a time, for a whole set of pictures has millions of colours."""
    lab, last = to_lab(colors), len(colors) - 1
    sorted_along = (np.sort(lab @ direction) for direction in _DIRECTIONS)
    return np.stack([np.interp(_QUANTILES * last, np.arange(last + 1), values) for values in sorted_along])


def colorfulness(picture: Image) -> float:
    """M of Hasler & Süsstrunk, *Measuring colourfulness in natural images* (2003), section 4; uint8 (H, W, 3) RGB."""
    red, green, blue = np.moveaxis(picture.reshape(-1, 3).astype(np.float32), 1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def psnr(one: Image, other: Image) -> float:
    """Peak signal-to-noise ratio of two pictures in dB, at most 60."""
    squared = float(((one.astype(np.float32) - other.astype(np.float32)) ** 2).mean())
    return _MOST_PSNR if squared == 0 else min(_MOST_PSNR, 10 * float(np.log10(255**2 / squared)))


def ssim(one: Image, other: Image) -> float:
    """Structural similarity (Wang et al. 2004): Gaussian window of 11 px and sigma 1.5, mean over pixels and RGB."""
    x, y = one.astype(np.float32), other.astype(np.float32)
    mean_x, mean_y = _blurred(x), _blurred(y)
    var_x, var_y = _blurred(x * x) - mean_x**2, _blurred(y * y) - mean_y**2
    covariance = _blurred(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    likeness = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return float((likeness / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))).mean())


def _blurred(picture: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(picture, (11, 11), 1.5), np.float32)


def _small(picture: Image) -> Image:
    factor = _SMALL / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _inside(color: Image, line: Image, off: Mask) -> Mask:
    """`off` without the background; all of `off` where hardly anything else is left."""
    lab = to_lab(color)
    paper = (lab[..., 0] > 95) & (np.hypot(lab[..., 1], lab[..., 2]) < 6) & ~ink(line)
    _, areas = cv2.connectedComponents(paper.astype(np.uint8), connectivity=4)
    rim = np.unique(np.concatenate([areas[0], areas[-1], areas[:, 0], areas[:, -1]]))
    inside = off & ~np.isin(areas, rim[rim > 0])
    return np.asarray(inside if inside.sum() >= _FEWEST_INSIDE_PIXELS else off)


def _borders(regions: Regions, line: Image) -> Borders:
    """Walks from each pixel near a line through that line's nearest point to the first region behind it."""
    lines, labels, scale = ink(line), regions.labels, scale_of(line.shape)
    if not lines.any():
        return _border_pixels(regions, *np.zeros((4, 0), np.int64))
    distance, nearest = cv2.distanceTransformWithLabels(
        (~lines).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    point = np.zeros((int(nearest.max()) + 1, 2))
    point[nearest[lines]] = np.argwhere(lines)
    ys, xs = np.nonzero((labels > 0) & (distance <= 4 * scale))
    step = point[nearest[ys, xs]] - np.stack([ys, xs], 1)
    length = np.linalg.norm(step, axis=1)
    step /= length[:, None]
    across = np.zeros(len(ys), np.int64)
    for walked in range(2, round(24 * scale)):
        y, x = np.round(ys + walked * step[:, 0]).astype(int), np.round(xs + walked * step[:, 1]).astype(int)
        on = (y >= 0) & (y < line.shape[0]) & (x >= 0) & (x < line.shape[1]) & (walked > length) & (across == 0)
        across[on] = labels[y[on], x[on]]
    owner = labels[ys, xs].astype(np.int64)
    found = (across > 0) & (across != owner)
    return _border_pixels(regions, ys[found], xs[found], owner[found], across[found])


def _border_pixels(
    regions: Regions,
    ys: NDArray[np.int64],
    xs: NDArray[np.int64],
    owner: NDArray[np.int64],
    across: NDArray[np.int64],
) -> Borders:
    colors = to_lab(regions.colors)
    kept = np.zeros(0, np.bool_)
    if len(ys):
        kept = ciede2000(colors[owner], colors[across]) >= _DISTINCT
    owner, across = owner[kept], across[kept]
    return Borders(ys[kept], xs[kept], owner.astype(np.int32), colors[owner], colors[across])
