"""Light for art that has none: every region inflated to a form, lit from the upper left, as a cel painter would.

A form's height is the root of a membrane blown up over its region (Poisson's equation with the region's border held at
zero): over a disc that is half a ball, over a stripe half a tube.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from .flats import Image, Mask, flats, near_line
from .light_truth import Lit, Plane, ground_of, grown, page

_LIGHT = np.array([-0.50, -0.58, 0.64], np.float32)  # towards the light: x right, y down, z to the eye
_FLAT, _FIGURE = 0.8, 0.5  # how high forms are, for their width; how much a region leans as the figure does
_SHADE, _STEP = 0.08, 0.26  # strength of the soft shade, and of the step
_STEP_AT, _SOFT = 0.62, 0.10  # how far turned from the light the step is, half width of its edge
_GLANCE, _GLANCE_AT, _GLANCE_SOFT = 0.32, 0.96, 0.010  # strength of a highlight; the mirror's cosine, half its edge
_ASIDE = 0.6  # of the way from the lamp to the eye that counts: 1 is a mirror's
_CAST, _CAST_REACH = 0.28, 0.016  # strength of a cast shadow, and its reach as a share of the long side
_WHITE, _ON_WHITE = 240, 0.5  # of 255: paint that is shaded so much more lightly
_SMALL = 0.006  # of the picture: a smaller region is a detail, it casts no shadow
_DULL = 0.002  # of the picture: a smaller region has no highlight
_DETAIL = 0.3  # how much a detail is shaded, at least, beside a larger region
_BOARD, _FILLED = 0.02, 0.75  # of the picture, of its box's edges: what is so large and fills so much of them is flat
_SPECK = 400  # px at 512: what the lines enclose of less is a detail of the form around it
_STEPS = (160, 60, 25)  # of Jacobi's iteration, at an eighth, a quarter and half of the size


def light_up(color: Image, line: Image) -> Lit:
    """``color``: uint8 (H, W, 3) RGB on white, flat; ``line``: uint8 (H, W), 0 ink to 255 paper."""
    paint = flats(color, line)
    blank, under = page(paint), near_line(line)
    pieces, count = grown(~(near_line(line, 2.0) | blank), _SPECK)
    pieces = np.where(blank, 0, pieces + 1).astype(np.int32)
    area = np.bincount(pieces.ravel(), minlength=count + 1)
    large, ground = (area >= _SMALL * pieces.size)[pieces], ground_of(pieces) | _boards(pieces)
    shiny = (area >= _DULL * pieces.size)[pieces]
    normal = _normals(pieces, blank, ground)
    form = np.clip(area / (_SMALL * pieces.size), _DETAIL, 1).astype(np.float32)[pieces]
    shading = np.maximum(form * _lambert(normal), _CAST * _cast(pieces, area, large))
    shading *= np.where((paint >= _WHITE).all(2), np.float32(_ON_WHITE), np.float32(1))
    highlights = _glance(normal) * (shiny & ~ground)
    shading[blank] = highlights[blank] = 0
    return Lit(paint, shading, highlights, np.where(under | blank, 0, 1).astype(np.float32), pieces)


def _boards(pieces: NDArray[np.int32]) -> Mask:
    """Where large pieces fill the edges of their own box, as panels, pages and doors do, being flat; bool (H, W)."""
    out = np.zeros(pieces.shape, bool)
    for label, box in enumerate(ndimage.find_objects(pieces), 1):
        if box is None:
            continue
        inside = pieces[box] == label
        if inside.sum() < _BOARD * pieces.size or min(inside.shape) < 8:
            continue
        edges = [inside[:4].any(0), inside[-4:].any(0), inside[:, :4].any(1), inside[:, -4:].any(1)]
        if np.concatenate(edges).mean() > _FILLED:
            out[box] |= inside
    return out


def _normals(pieces: NDArray[np.int32], blank: Mask, ground: Mask) -> Plane:
    """float32 (H, W, 3), unit vectors: of each region's form, leaning a little as the figure's does."""
    edge = np.zeros(pieces.shape, bool)
    edge[:, 1:] = pieces[:, 1:] != pieces[:, :-1]
    edge[1:] |= pieces[1:] != pieces[:-1]
    back = blank | ground
    slope = _FLAT * (_slope(edge | back) + _FIGURE * _slope(back))
    normal = np.dstack([-slope, np.ones(pieces.shape, np.float32)])
    normal[ground] = (0, 0, 1)
    return np.asarray(normal / np.linalg.norm(normal, axis=2, keepdims=True), np.float32)


def _slope(low: Mask) -> Plane:
    """Gradient float32 (H, W, 2), x and y, of the forms over all that is not ``low``; beyond the picture they go on."""
    height, width = low.shape
    blown = np.zeros((1, 1), np.float32)
    for part, steps in zip((8, 4, 2), _STEPS, strict=True):
        size = (max(2, width // part), max(2, height // part))
        held = cv2.resize(low.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        if part > 2:  # thin borders must not be lost
            shrunk = cv2.resize(low.astype(np.float32), size, interpolation=cv2.INTER_AREA)
            held = (shrunk > 1.5 / part).astype(np.uint8)
        free = (1 - held).astype(np.float32)
        blown = cv2.resize(blown, size, interpolation=cv2.INTER_LINEAR) * 4 * free
        for _ in range(steps):
            blown = (cv2.filter2D(blown, -1, _AROUND, borderType=cv2.BORDER_REFLECT) + 1) * free
    form = 2 * np.sqrt(blown)
    slope = np.dstack([cv2.Sobel(form, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(form, cv2.CV_32F, 0, 1, scale=1 / 8)])
    return np.asarray(cv2.resize(cv2.GaussianBlur(slope, (0, 0), 1.0), (width, height)), np.float32)


_AROUND = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], np.float32) / 4


def _lambert(normal: Plane) -> Plane:
    """How much darker than a face turned to the eye: a little of it soft, most of it a step."""
    away = np.clip(1 - (normal @ _LIGHT) / _LIGHT[2], 0, 1)
    return np.asarray(_SHADE * away + _STEP * _smooth((away - _STEP_AT) / _SOFT), np.float32)


def _glance(normal: Plane) -> Plane:
    """A light where the form mirrors the lamp (Blinn 1977, section 2), farther out than it would be, as painters do."""
    half = _LIGHT + np.array([0, 0, _ASIDE], np.float32)
    near = normal @ (half / np.linalg.norm(half))
    return np.asarray(_GLANCE * _smooth((near - _GLANCE_AT) / _GLANCE_SOFT), np.float32)


def _cast(pieces: NDArray[np.int32], area: NDArray[np.int64], large: Mask) -> Plane:
    """Where a region up and to the left hides the lamp, 0…1: smaller forms lie before larger ones."""
    reach = max(2, round(_CAST_REACH * max(pieces.shape)))
    aside = reach // 2
    before, after = pieces[:-reach, :-aside], pieces[reach:, aside:]
    hidden = np.zeros(pieces.shape, np.float32)
    hidden[reach:, aside:] = (before != after) & (before > 0) & (area[before] < area[after]) & large[:-reach, :-aside]
    opened = cv2.morphologyEx(hidden, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.GaussianBlur(opened, (0, 0), max(0.8, 0.002 * max(pieces.shape))), np.float32)


def _smooth(x: Plane) -> Plane:
    """0 below -1, 1 above 1, without a corner between."""
    t = np.clip((x + 1) / 2, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
