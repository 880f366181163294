"""Scenery drawn in code for `pages`: plants, trunks, fences, paths, tables, backdrops, clouds, suns and the
panels of comics, as one draws them for children, with what each of their pixels depicts. No picture of the training art
has a part in it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, GREEN, Canvas, Color, Points, box, egg, leaf, one_of, rounded
from .semantic_truth import FOLIAGE, SUN, WHITE, WOOD

_BROWN = ((90, 60, 30), (150, 110, 80))  # of 255, from and to


def tree(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A crown of lobes or an egg on a trunk, with apples or some strokes now and then."""
    ink = int(rng.integers(1, 4))
    wide, trunk = size * rng.choice([0.01, 0.06, 0.09, 0.12]), foot - size * rng.uniform(0.25, 0.45)
    flare = wide * rng.uniform(1.0, 2.0)
    legs = [[x - wide, trunk - size * 0.1], [x + wide, trunk - size * 0.1], [x + flare, foot], [x - flare, foot]]
    canvas.fill(np.array(legs), one_of(_BROWN, rng), WOOD, ink)
    height = (trunk - foot + size) * rng.uniform(0.5, 0.62)
    middle = np.array([x, trunk - height * 0.75])
    crown = _lobed(middle, np.array([height * rng.uniform(0.8, 1.2), height]), int(rng.choice([1, 6, 9, 14])), rng)
    canvas.fill(crown, one_of(GREEN, rng), FOLIAGE, ink)
    apples = rng.random() < 0.3
    for _ in range(int(rng.integers(0, 7))):
        at = middle + rng.uniform(-0.6, 0.6, 2) * height
        if apples:
            canvas.fill(egg(at, np.full(2, size * 0.03)), one_of(ANY, rng))
        else:
            canvas.stroke(egg(at, np.full(2, size * 0.06))[: int(rng.integers(8, 16))], ink)


def fir(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    ink, tiers = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    color, wide = one_of(GREEN, rng), size * rng.uniform(0.2, 0.35)
    if rng.random() < 0.4:
        canvas.fill(_jagged(x, foot, wide, size, tiers, rng), color, FOLIAGE, ink)
        return
    stem = size * 0.05
    canvas.fill(box(x, foot, stem, size * 0.2), one_of(_BROWN, rng), WOOD, ink)
    for tier in range(tiers):
        low = foot - size * (0.15 + 0.6 * tier / tiers)
        half = wide * (1 - 0.6 * tier / tiers)
        high = foot - size if tier == tiers - 1 else low - size * 0.85 / tiers - size * 0.1
        canvas.fill(np.array([[x - half, low], [x + half, low], [x, high]]), color, FOLIAGE, ink)


def _jagged(x: float, foot: float, wide: float, size: float, tiers: int, rng: Random) -> Points:
    """A fir in one outline, without a stem."""
    waist, side = rng.uniform(0.3, 0.7), [[x + wide * 0.3, foot]]
    for tier in range(tiers + 1):
        up = foot - size * (0.15 + 0.7 * tier / (tiers + 1))
        half = wide * (1 - 0.8 * tier / (tiers + 1))
        side += [[x + half, up], [x + half * waist, up - size * 0.03]]
    right = np.array(side)
    return np.concatenate([right, [[x, foot - size]], (right * [-1, 1] + [2 * x, 0])[::-1]])


def bush(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    size *= 0.5
    radii = np.array([size * rng.uniform(0.6, 1.0), size * 0.45])
    shape = _lobed(np.array([x, foot - size * 0.4]), radii, int(rng.integers(5, 11)), rng)
    shape[:, 1] = np.minimum(shape[:, 1], foot)
    canvas.fill(shape, one_of(GREEN, rng), FOLIAGE, int(rng.integers(1, 4)))


def potted(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Leaves along stems, in a pot or out of the ground."""
    ink, color = int(rng.integers(1, 3)), one_of(GREEN, rng)
    top = foot - size * 0.25
    broad, veins = rng.random() < 0.4, int(rng.choice([0, 0, 1, 3]))
    crowned = rng.random() < 0.5
    for _ in range(int(rng.integers(1, 5))):
        tip = np.array([x + rng.uniform(-0.3, 0.3) * size, foot - size * rng.uniform(0.6, 1.0)])
        stem = np.linspace([x, top], tip, 5 if broad else 8)
        canvas.stroke(stem, ink)
        for knot in stem[1 if broad else 2 :]:
            for side in (-1, 1):
                turn = np.radians(rng.uniform(-70, 20)) if side > 0 else np.radians(180 + rng.uniform(-20, 70))
                long = size * (rng.uniform(0.2, 0.36) if broad else rng.uniform(0.14, 0.28))
                _veined(canvas, knot, long, turn, rng.uniform(0.3, 0.6), color, ink, veins)
        if crowned:
            turn = np.arctan2(*(tip - [x, top])[::-1])
            _veined(canvas, tip, size * rng.uniform(0.16, 0.3), turn, rng.uniform(0.4, 0.6), color, ink, veins)
    for _ in range(int(rng.choice([0, 0, 1, 2]))):  # before all stems
        at = np.array([x + size * rng.uniform(-0.15, 0.15), top - size * rng.uniform(0.05, 0.2)])
        turn = np.radians(rng.uniform(-180, 180))
        _veined(canvas, at, size * rng.uniform(0.16, 0.3), turn, rng.uniform(0.4, 0.6), color, ink, veins)
    if rng.random() < 0.7:
        _pot(canvas, x, foot, top, size * rng.uniform(0.12, 0.2), ink, rng)


def _pot(canvas: Canvas, x: float, foot: float, top: float, wide: float, ink: int, rng: Random) -> None:
    """With a rim now and then. ``wide``: half of its width, px."""
    color, rim = one_of(ANY, rng), (foot - top) * rng.uniform(0.15, 0.3)
    sides = [[x - wide, top], [x + wide, top], [x + wide * 0.7, foot], [x - wide * 0.7, foot]]
    canvas.fill(np.array(sides), color, ink=ink)
    if rng.random() < 0.5:
        canvas.fill(box(x, top + rim, wide * 1.15, rim), color if rng.random() < 0.6 else one_of(ANY, rng), ink=ink)


def _veined(
    canvas: Canvas, root: Points, long: float, turn: float, plump: float, color: Color, ink: int, veins: int,
    pointed: bool = True,
) -> None:  # fmt: skip
    """A leaf, see `leaf`, with its midrib where there are ``veins``, and all but one of these on either side of it."""
    canvas.fill(leaf(root, long, turn, plump, pointed), color, FOLIAGE, ink)
    way = np.array([np.cos(turn), np.sin(turn)])
    if veins:
        canvas.stroke(np.stack([root, root + long * 0.7 * way]), max(1, ink - 1))
    for share in np.linspace(0.3, 0.6, max(0, veins - 1)):
        for side in (-0.7, 0.7):
            out = np.array([np.cos(turn + side), np.sin(turn + side)])
            at = root + long * share * way
            canvas.stroke(np.stack([at, at + long * plump * 0.3 * out]), max(1, ink - 1))


def sprig(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Leaves on both sides of a bent stem, as they stand beside portraits and grow from the ground."""
    ink, color, bend = int(rng.integers(1, 3)), one_of(GREEN, rng), rng.uniform(-0.5, 0.5)
    many, long = int(rng.integers(3, 8)), size * rng.uniform(0.1, 0.16)
    up = np.linspace(0, 1, many + 1)
    stem = np.stack([x + bend * size * up**2, foot - size * up], 1)
    canvas.stroke(stem, ink)
    pointed, veined = rng.random() < 0.5, rng.random() < 0.5
    for knot, rise in zip(stem[1:], up[1:], strict=True):
        for side in (-1, 1):
            turn = np.arctan2(-1, 2 * bend * rise) + side * rng.uniform(0.5, 0.9)
            _veined(canvas, knot, 2 * long, turn, rng.uniform(0.3, 0.55), color, ink, int(veined), pointed)


def fence(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Posts with two rails."""
    ink, color, post, high = int(rng.integers(1, 3)), one_of(_BROWN, rng), size * 0.04, size * rng.uniform(0.2, 0.3)
    places = x + size * np.linspace(-0.5, 0.5, int(rng.integers(3, 7)))
    for share in (0.4, 0.75):
        y = foot - high * share
        rail = [
            [places[0], y - post / 2],
            [places[-1], y - post / 2],
            [places[-1], y + post / 2],
            [places[0], y + post / 2],
        ]
        canvas.fill(np.array(rail), color, WOOD, ink)
    for place in places:
        canvas.fill(box(place, foot, post, high), color, WOOD, ink)


def trunk(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Of a tree that is too tall for the page, with bark and knots, and a bare branch now and then."""
    ink, color, half = int(rng.integers(1, 4)), one_of(_BROWN, rng), size * rng.uniform(0.08, 0.2)
    if rng.random() < 0.5:
        side, y = float(rng.choice([-1, 1])), rng.uniform(0.1, 0.6) * foot
        branch = [(0, half), (side * half * 3, -half), (side * half * 1.4, half * 0.1), (0, 0)]
        canvas.fill(rounded(np.array(branch) + np.array([x + side * half * 0.8, y])), color, WOOD, ink)
    flare = half * rng.uniform(1.0, 1.5)
    legs = [
        [x - half, -9],
        [x + half, -9],
        [x + half, foot * 0.8],
        [x + flare, foot],
        [x - flare, foot],
        [x - half, foot * 0.8],
    ]
    canvas.fill(np.array(legs), color, WOOD, ink)
    for _ in range(int(rng.integers(0, 6))):
        at, long = x + half * rng.uniform(-0.7, 0.7), foot * rng.uniform(0.1, 0.4)
        top = rng.uniform(0, foot - long)
        canvas.stroke(np.array([[at, top], [at + half * 0.05, top + long / 2], [at, top + long]]), max(1, ink - 1))
    if rng.random() < 0.4:
        canvas.fill(egg(np.array([x, foot * rng.uniform(0.2, 0.7)]), half * np.array([0.3, 0.5])), color, WOOD, ink)


def path(canvas: Canvas, edge: float, rng: Random) -> None:
    """A way from ``edge``, y of the horizon, down to the page's lower rim, the wider the nearer; stones on it now and
    then. It is no meadow."""
    height, width = canvas.line.shape
    along = np.linspace(0, 1, 16)
    middle = width * (rng.uniform(0.2, 0.8) + rng.uniform(-0.25, 0.25) * np.sin(along * rng.uniform(2, 6)) * along)
    half = width * (0.01 + rng.uniform(0.05, 0.16) * along**1.5)
    y = edge + (height + 9 - edge) * along
    shape = np.concatenate([np.stack([middle - half, y], 1), np.stack([middle + half, y], 1)[::-1]])
    color, ink = one_of(ANY, rng), int(rng.integers(1, 4))
    canvas.fill(shape, color, ink=ink)
    for _ in range(int(rng.choice([0, 0, 4, 8]))):
        at = int(rng.integers(4, 15))
        stone = np.array([middle[at] + half[at] * rng.uniform(-0.7, 0.7), y[at]])
        canvas.fill(egg(stone, half[at] * np.array([0.12, 0.06])), one_of(ANY, rng), ink=ink)


def panels(canvas: Canvas, rng: Random) -> None:
    """Over a finished page the frames of a comic: paper between them, which may be white."""
    height, width = canvas.line.shape
    gap, ink = max(height, width) * rng.uniform(0.01, 0.03), int(rng.integers(2, 5))
    across = rng.random() < 0.6
    cut = rng.uniform(0.35, 0.65) * (width if across else height)
    bars = [(0, width, 0, gap), (0, width, height - gap, height), (0, gap, 0, height), (width - gap, width, 0, height)]
    bars.append((cut, cut + gap, 0, height) if across else (0, width, cut, cut + gap))
    gutter = np.zeros((height, width), bool)
    for left, right, top, low in bars:
        gutter[round(top) : round(low), round(left) : round(right)] = True
    canvas.color[gutter], canvas.line[gutter], canvas.told[gutter] = 255, 255, 0
    canvas.told[gutter, WHITE] = -1
    rim, _ = cv2.findContours((~gutter).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(canvas.line, rim, -1, 0, ink, cv2.LINE_AA)


def backdrop(canvas: Canvas, rng: Random) -> None:
    """A disc, an egg or a panel behind what stands in the middle, with a rim now and then: it is nobody's hair."""
    height, width = canvas.line.shape
    ink, radii = int(rng.integers(1, 4)), np.array([width, height]) * rng.uniform(0.34, 0.49)
    if rng.random() < 0.7:
        radii = np.minimum(radii, radii[::-1]) if rng.random() < 0.7 else radii
    middle = np.array([width, height]) * rng.uniform(0.42, 0.58, 2)
    round_, rims = rng.random() < 0.75, int(rng.integers(1, 3))
    for rim in range(rims):
        size = radii * (1 - 0.08 * rim)
        shape = egg(middle, size) if round_ else box(middle[0], middle[1] + size[1], size[0], 2 * size[1])
        canvas.fill(shape, one_of(ANY, rng), ink=ink)


def table(canvas: Canvas, edge: float, rng: Random) -> None:
    """A wall, and before it a table or a floor that ends in a straight line: no sky, and no meadow."""
    height, width = canvas.line.shape
    ink = int(rng.integers(1, 4))
    canvas.fill(np.array([[-9, -9], [width + 9, -9], [width + 9, edge], [-9, edge]]), one_of(ANY, rng), ink=ink)
    canvas.fill(
        np.array([[-9, edge], [width + 9, edge], [width + 9, height + 9], [-9, height + 9]]), one_of(ANY, rng), ink=ink
    )
    if rng.random() < 0.4:
        low = height - rng.uniform(0.02, 0.1) * height
        canvas.stroke(np.array([[-9, low], [width + 9, low]]), ink)
    if rng.random() < 0.3:
        x, half = rng.uniform(0.15, 0.85) * width, rng.uniform(0.06, 0.15) * width
        for frame in (1.0, 0.8):
            canvas.fill(box(x, edge * 0.5, half * frame, half * 1.4 * frame), one_of(ANY, rng), ink=ink)


def cloud(canvas: Canvas, x: float, y: float, size: float, rng: Random) -> None:
    shape = _lobed(np.array([x, y]), np.array([size * 0.5, size * 0.2]), int(rng.integers(5, 10)), rng)
    if rng.random() < 0.5:
        shape[:, 1] = np.minimum(shape[:, 1], y + size * rng.uniform(0.03, 0.12))  # flat from below
    canvas.fill(shape, np.full(3, 255), WHITE, int(rng.integers(1, 4)))


def sun(canvas: Canvas, x: float, y: float, size: float, rng: Random) -> None:
    """With rays, or the moon, with craters now and then."""
    radius = size * 0.2
    color, ink = rng.integers((220, 170, 40), (256, 240, 160)), int(rng.integers(1, 4))
    canvas.fill(egg(np.array([x, y]), np.full(2, radius)), color, SUN, ink)
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 6))):
            at = np.array([x, y]) + rng.uniform(-0.5, 0.5, 2) * radius
            canvas.fill(egg(at, np.full(2, radius * rng.uniform(0.08, 0.2))), color, SUN, ink)
        return
    for angle in np.linspace(0, 2 * np.pi, int(rng.choice([0, 8, 12])), endpoint=False):
        way = np.array([np.cos(angle), np.sin(angle)])
        canvas.stroke(np.array([x, y]) + np.outer([1.25, 1.6], way * radius), 2)


def _lobed(middle: Points, radii: Points, lobes: int, rng: Random) -> Points:
    """An ellipse whose rim bulges so many times, points (n, 2)."""
    around = np.linspace(0, 2 * np.pi, 24 * max(3, lobes), endpoint=False)
    bulge = 0.0 if lobes < 2 else rng.uniform(0.06, 0.16)
    out = 1 - bulge + bulge * np.abs(np.sin(around * lobes / 2 + rng.uniform(0, 6)))
    wavering = 1 + 0.06 * np.sin(around * 2 + rng.uniform(0, 6)) + 0.05 * np.sin(around * 3 + rng.uniform(0, 6))
    return np.asarray(middle + radii * (out * wavering)[:, None] * np.stack([np.cos(around), np.sin(around)], 1))
