"""Houses drawn in code for `pages`, from the front and from a corner, with tiled roofs and chimneys, in any colours:
none of it is leaves, and what corners part is of one colour.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, Canvas, Points, box, egg, one_of


def house(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    ink, half = int(rng.integers(1, 4)), size * rng.uniform(0.3, 0.5)
    wall = size * rng.uniform(0.45, 0.65)
    canvas.fill(box(x, foot, half, wall), one_of(ANY, rng), ink=ink)
    roof = [
        [x - half * 1.15, foot - wall],
        [x + half * 1.15, foot - wall],
        [x + half * rng.uniform(0, 0.7), foot - size],
    ]
    tiles = np.array([*roof, [x - half * rng.uniform(0, 0.7), foot - size]])
    chimney = x + half * rng.uniform(-0.6, 0.6)
    if rng.random() < 0.5:
        canvas.fill(box(chimney, foot - wall, half * 0.12, (size - wall) * 1.2), one_of(ANY, rng), ink=ink)
    canvas.fill(tiles, one_of(ANY, rng), ink=ink)
    if rng.random() < 0.5:
        _tiled(canvas, tiles, size * rng.uniform(0.04, 0.09), ink, rng)
    canvas.fill(box(x - half * 0.4, foot, half * 0.2, wall * 0.6), one_of(ANY, rng), ink=ink)
    canvas.fill(box(x + half * 0.45, foot - wall * 0.35, half * 0.25, wall * 0.35), one_of(ANY, rng), ink=ink)


def cottage(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A house seen from a corner: a gable with a door, a wall beside it in the same colour, a roof that runs back from
    the gable, and a chimney on it that smokes now and then. ``x``: of its middle, it is up to 1.4 ``size`` wide."""
    ink, side = int(rng.integers(1, 4)), float(rng.choice([-1, 1]))
    half, long = size * rng.uniform(0.2, 0.3), size * rng.uniform(0.4, 0.8)
    x -= side * long / 2  # of the gable from here on
    wall, ridge = foot - size * rng.uniform(0.35, 0.5), foot - size * rng.uniform(0.75, 0.9)
    paint, tiles = one_of(ANY, rng), one_of(ANY, rng)
    near, far = x + side * half, x + side * (half + long)
    if rng.random() < 0.8:
        at = x + side * long * rng.uniform(0.3, 0.75)
        _chimney(canvas, at, ridge + size * 0.1, size * rng.uniform(0.04, 0.08), size * rng.uniform(0.2, 0.3), ink, rng)
    canvas.fill(np.array([[near, foot], [far, foot], [far, wall], [near, wall]]), paint, ink=ink)
    canvas.fill(
        np.array([[x - half, foot], [x + half, foot], [x + half, wall], [x, ridge], [x - half, wall]]), paint, ink=ink
    )
    eaves = size * rng.uniform(0.0, 0.06)
    roof = np.array([[near, wall + eaves], [far + side * eaves, wall + eaves], [x + side * long, ridge], [x, ridge]])
    canvas.fill(roof, tiles, ink=ink)
    if rng.random() < 0.6:
        _tiled(canvas, roof if side > 0 else roof[[1, 0, 3, 2]], size * rng.uniform(0.04, 0.09), ink, rng)
    if rng.random() < 0.5:  # the roof's end, over the gable
        for way in (-1, 1):
            verge = np.array([[x, ridge], [x + way * half * 1.15, wall + 0.15 * (wall - ridge)]])
            canvas.fill(np.concatenate([verge, verge[::-1] - [0, size * 0.07]]), tiles, ink=ink)
    _openings(canvas, (x, near, far), foot, (wall, ridge), half, ink, rng)


def _chimney(canvas: Canvas, x: float, foot: float, half: float, high: float, ink: int, rng: Random) -> None:
    color = one_of(ANY, rng)
    canvas.fill(box(x, foot, half, high), color, ink=ink)
    if rng.random() < 0.5:
        canvas.fill(box(x, foot - high, half * 1.4, half), color, ink=ink)
    if rng.random() < 0.4:
        up = np.linspace(0, 1, 12)
        drift = half * rng.uniform(1, 4)
        smoke = [x + drift * up + half * np.sin(up * rng.uniform(5, 9)), foot - high - half * 1.2 - up * high * 1.5]
        canvas.stroke(np.stack(smoke, 1), max(1, ink - 1))


def _openings(
    canvas: Canvas, sides: tuple[float, float, float], foot: float, heights: tuple[float, float], half: float, ink: int,
    rng: Random,
) -> None:  # fmt: skip
    """Door and windows of a `cottage`. ``sides``: x of the gable's middle and of the wall's two ends, ``heights``: y of
    eaves and ridge."""
    (x, near, far), (wall, ridge) = sides, heights
    door, tall = one_of(ANY, rng), (foot - wall) * rng.uniform(0.6, 0.85)
    shape = box(x, foot, half * 0.35, tall)
    if rng.random() < 0.5:
        arc = np.linspace(np.pi, 2 * np.pi, 10)
        arch = np.array([x, foot - tall]) + half * 0.35 * np.stack([np.cos(arc), np.sin(arc)], 1)
        shape = np.concatenate([arch, [[x + half * 0.35, foot], [x - half * 0.35, foot]]])
    canvas.fill(shape, door, ink=ink)
    if rng.random() < 0.6:
        canvas.fill(egg(np.array([x, wall * 0.6 + ridge * 0.4]), np.full(2, half * 0.2)), one_of(ANY, rng), ink=ink)
    middle, wide = (near + far) / 2, abs(far - near) * rng.uniform(0.15, 0.25)
    low, high = foot - (foot - wall) * 0.3, (foot - wall) * 0.4
    canvas.fill(box(middle, low, wide, high), one_of(ANY, rng), ink=ink)
    if rng.random() < 0.5:
        canvas.stroke(np.array([[middle, low], [middle, low - high]]), ink)
        canvas.stroke(np.array([[middle - wide, low - high / 2], [middle + wide, low - high / 2]]), ink)


def _tiled(canvas: Canvas, roof: Points, size: float, ink: int, rng: Random) -> None:
    """Rows of arcs on a ``roof`` of four points, the lower two first, lower left before lower right. ``size``: of a
    tile, px; it is larger where such a one would be all ink."""
    (left, low), (right, _), (end, high), (begin, _) = roof
    size = max(size, 4.0 * ink + 2)
    drawn = rng.choice([1.0, 1.0, 0.4])  # of the tiles: a few stand for all
    for row, y in enumerate(np.arange(low - size, high, -size)):
        up = (low - np.array([y, min(low, y + size)])) / (low - high)  # an arc hangs from a row to the next one
        first, last = max(left + (begin - left) * up), min(right + (end - right) * up)
        for x in np.arange(first + size * (0.8 if row % 2 else 0.3), last - size, size * 1.2):
            if rng.random() > drawn:
                continue
            around = np.linspace(0, np.pi, 6)
            canvas.stroke(
                np.array([x, y]) + size * 0.6 * (1 + np.stack([-np.cos(around), np.sin(around)], 1)) - size * 0.3, ink
            )
