"""People drawn in code for `pages`, from the bust up or whole, with what each of their pixels depicts: hair of several
locks, open collars, necks and ears, eyes with their whites, which pictures of the training art seldom have drawn so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator as Random
from numpy.typing import NDArray

from .scenery import ANY, Canvas, egg
from .semantic_truth import HAIR, SKIN, WHITE

_SKINS = ((250, 225, 200), (240, 200, 165), (222, 170, 125), (190, 130, 85), (140, 90, 60), (95, 60, 42))
_HAIRS = ((60, 35, 25), (110, 65, 35), (170, 90, 40), (215, 165, 80), (30, 28, 35), (200, 70, 40), (120, 120, 125))
_UNUSUAL = 0.2  # of the heads have hair of any colour

Points = NDArray[np.floating]
Color = NDArray[np.integer]


@dataclass(frozen=True)
class _Head:
    """``at``: the middle; ``wide``, ``high``: half the face's, px; ``ink`` px."""

    at: Points
    wide: float
    high: float
    ink: int
    skin: Color
    hair: Color
    locks: float  # how much hair is parted by lines, 0…1

    def point(self, x: float, y: float) -> Points:
        return np.asarray(self.at + np.array([x * self.wide, y * self.high]))

    def points(self, *places: tuple[float, float]) -> Points:
        return np.stack([self.point(*place) for place in places])


def person(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A figure from hat to boots, three to six heads high. ``x``: of its middle, ``foot``: y of its lower end,
    ``size``: its height, px."""
    ink, heads = int(rng.integers(1, 4)), rng.uniform(3.0, 6.0)
    high = size / heads / 2
    head = _drawn_head(np.array([x, foot - size + high * 1.1]), high, ink, rng)
    cloth, trousers, shoes = (_any(rng) for _ in range(3))
    neck, hip, half = foot - size + 2.1 * high, foot - size * rng.uniform(0.36, 0.5), high * rng.uniform(0.8, 1.2)
    bare = rng.random() < 0.4
    _behind(canvas, head, rng)
    _legs(canvas, head, hip, foot, half, None if bare else trousers, shoes, rng)
    _arms(canvas, head, np.array([x, neck]), half, hip - neck, cloth if rng.random() < 0.7 else None, rng)
    _torso(canvas, head, (neck, hip, foot), half, cloth, rng)
    _face(canvas, head, rng)


def bust(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Head and shoulders; places as of `person`."""
    ink, high = int(rng.integers(1, 4)), size * rng.uniform(0.27, 0.36)
    head = _drawn_head(np.array([x, foot - size + high * 1.15]), high, ink, rng)
    _behind(canvas, head, rng)
    shoulders, cloth = rng.uniform(1.5, 2.3), _any(rng)
    top = head.point(0, rng.uniform(1.15, 1.4))[1]
    left, right = head.point(-shoulders, 0)[0], head.point(shoulders, 0)[0]
    rise = rng.uniform(0.1, 0.4) * high
    body = [
        [x - head.wide * 0.5, top], [x + head.wide * 0.5, top], [right - head.wide * 0.3, top + rise],
        [right, foot], [left, foot], [left + head.wide * 0.3, top + rise],
    ]  # fmt: skip
    canvas.fill(np.array(body), cloth, ink=ink)
    canvas.fill(_box_of(head, rng.uniform(0.28, 0.42), 0.7, top + high * 0.12), head.skin, SKIN, ink)
    _neckline(canvas, head, top, rng)
    if rng.random() < 0.3:
        _bow(canvas, head, top, rng)
    _face(canvas, head, rng)


def _legs(
    canvas: Canvas, head: _Head, hip: float, foot: float, half: float, cloth: Color | None, shoes: Color, rng: Random
) -> None:
    """Bare without ``cloth``; ``half``: of the body's width, px."""
    for side in (-1, 1):
        x = head.at[0] + half * 0.5 * side
        wide = half * rng.uniform(0.22, 0.4)
        column = np.array([[x - wide, hip], [x + wide, hip], [x + wide, foot], [x - wide, foot]])
        canvas.fill(column, head.skin if cloth is None else cloth, SKIN if cloth is None else None, head.ink)
        shoe = np.array([x + side * wide * 0.4, foot - wide * 0.6])
        canvas.fill(egg(shoe, np.array([wide * 1.5, wide * 0.9])), shoes, ink=head.ink)


def _torso(
    canvas: Canvas, head: _Head, heights: tuple[float, float, float], half: float, cloth: Color, rng: Random
) -> None:
    """A coat down to the hip or the knee, with a belt or a scarf now and then. ``heights``: y of neck, hip and foot."""
    x, high, ink = head.at[0], head.high, head.ink
    neck, hip, foot = heights
    flare = rng.uniform(0.9, 1.8)
    canvas.fill(_box_of(head, 0.35, 0.8, neck + high * 0.3), head.skin, SKIN, ink)
    skirt = hip + (foot - hip) * rng.choice([0.0, 0.15, 0.4])
    torso = [[x - half, neck], [x + half, neck], [x + half * flare, skirt], [x - half * flare, skirt]]
    canvas.fill(np.array(torso), cloth, ink=ink)
    if rng.random() < 0.5:
        canvas.fill(_band(x, neck + (hip - neck) * 0.8, half * 1.05, high * 0.15), _any(rng), ink=ink)
    if rng.random() < 0.3:
        canvas.fill(egg(np.array([x, neck]), np.array([half * 0.9, high * 0.3])), _any(rng), ink=ink)


def _neckline(canvas: Canvas, head: _Head, top: float, rng: Random) -> None:
    """An open V, a round one, two wings of a collar, a scarf, or nothing. ``top``: y of the shoulders."""
    x, wide, high = head.at[0], head.wide, head.high
    kind = rng.integers(5)
    if kind == 0:
        low = top + high * rng.uniform(0.3, 0.8)
        canvas.fill(np.array([[x - wide * 0.45, top], [x + wide * 0.45, top], [x, low]]), head.skin, SKIN, head.ink)
    elif kind == 1:
        canvas.fill(egg(np.array([x, top]), np.array([wide * 0.6, high * 0.3])), head.skin, SKIN, head.ink)
    elif kind == 2:
        color = np.full(3, 255) if rng.random() < 0.5 else _any(rng)
        for side in (-1, 1):
            wing = [(0, 0.1), (side * 0.7, -0.1), (side * 0.8, 0.35)]
            shape = np.array([[x + across * wide, top + down * high] for across, down in wing])
            canvas.fill(shape, color, WHITE if color.min() == 255 else None, head.ink)
    elif kind == 3:
        canvas.fill(egg(np.array([x, top]), np.array([wide * 0.9, high * 0.28])), _any(rng), ink=head.ink)


def _bow(canvas: Canvas, head: _Head, top: float, rng: Random) -> None:
    x, wide, high = head.at[0], head.wide, head.high
    color = _any(rng)
    for side in (-1, 1):
        loop = [(0, 0.25), (side * 0.5, 0.05), (side * 0.5, 0.5)]
        canvas.fill(np.array([[x + across * wide, top + down * high] for across, down in loop]), color, ink=head.ink)
    canvas.fill(egg(np.array([x, top + high * 0.27]), np.full(2, wide * 0.12)), color, ink=head.ink)


def _arms(
    canvas: Canvas, head: _Head, neck: Points, half: float, long: float, sleeve: Color | None, rng: Random
) -> None:
    """Hanging, stretched or bent; bare without a ``sleeve``."""
    thick = half * rng.uniform(0.2, 0.32)
    for side in (-1, 1):
        angle = np.radians(rng.uniform(-30, 80))
        start = neck + np.array([side * half * 0.9, thick])
        end = start + long * 0.9 * np.array([side * np.sin(angle), np.cos(angle)])
        across = thick * np.array([np.cos(angle), -side * np.sin(angle)])
        canvas.fill(egg(end, np.full(2, thick * 1.2)), head.skin, SKIN, head.ink)
        arm = np.stack([start - across, start + across, end + across, end - across])
        canvas.fill(arm, head.skin if sleeve is None else sleeve, SKIN if sleeve is None else None, head.ink)


def _drawn_head(at: Points, high: float, ink: int, rng: Random) -> _Head:
    skin = np.clip(np.array(_SKINS[rng.integers(len(_SKINS))]) + rng.integers(-8, 9), 0, 255)
    usual = np.array(_HAIRS[rng.integers(len(_HAIRS))]) + rng.integers(-10, 11, 3)
    hair = _any(rng) if rng.random() < _UNUSUAL else np.clip(usual, 0, 255)
    return _Head(at, high * rng.uniform(0.72, 0.95), high, ink, skin, hair, float(rng.random()))


def _behind(canvas: Canvas, head: _Head, rng: Random) -> None:
    """Hair that hangs behind face and neck, in locks, or none."""
    kind = rng.integers(5)
    if kind == 0:
        return
    low = rng.uniform(0.7, 2.2) if kind > 1 else 0.6
    half, tips = rng.uniform(1.0, 1.35), int(rng.integers(1, 8))
    crown = [head.point(half * np.cos(a), -0.2 + 1.0 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 16)]
    edge = np.linspace(half * rng.uniform(0.8, 1.2), -half * rng.uniform(0.8, 1.2), 2 * tips + 1)
    hanging = [head.point(x, low - (0.25 if i % 2 else 0) * rng.uniform(0.3, 1)) for i, x in enumerate(edge)]
    canvas.fill(np.array(crown + hanging), head.hair, HAIR, head.ink)
    for x in edge[1:-1]:
        if rng.random() < head.locks * 0.6:
            canvas.stroke(head.points((x * 0.9, -0.3), (x * 0.95, 0.4), (x, low - 0.2)), head.ink)


def _face(canvas: Canvas, head: _Head, rng: Random) -> None:
    """Ears, the face and what is in it, and the hair before it."""
    _ears(canvas, head, rng)
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    jaw = rng.uniform(0.0, 0.35)
    x = np.cos(around) * (1 - jaw * np.clip(np.sin(around), 0, 1))
    canvas.fill(np.stack([head.point(u, v) for u, v in zip(x, np.sin(around), strict=True)]), head.skin, SKIN, head.ink)
    _eyes(canvas, head, rng)
    _mouth(canvas, head, rng)
    if rng.random() < 0.7:
        canvas.stroke(head.points((0, 0.2), (rng.uniform(-0.12, 0.12), 0.33), (0.02, 0.36)), max(1, head.ink - 1))
    if rng.random() < 0.9:
        _fringe(canvas, head, rng)
    if rng.random() < 0.2:
        color, brim = _any(rng), rng.uniform(1.2, 1.9)
        canvas.fill(egg(head.point(0, -0.95), np.array([0.95 * head.wide, 0.65 * head.high])), color, ink=head.ink)
        canvas.fill(egg(head.point(0, -0.6), np.array([brim * head.wide, 0.16 * head.high])), color, ink=head.ink)


def _ears(canvas: Canvas, head: _Head, rng: Random) -> None:
    """Round or pointed, or none."""
    pointed, ear = rng.random() < 0.25, rng.uniform(0.14, 0.22)
    if rng.random() < 0.8:
        for side in (-1, 1):
            if pointed:
                shape = head.points((side * 0.9, -0.15), (side * rng.uniform(1.3, 1.7), -0.4), (side * 0.9, 0.3))
            else:
                shape = egg(head.point(side * 1.0, 0.05), np.array([ear * head.wide, 1.5 * ear * head.high]))
            canvas.fill(shape, head.skin, SKIN, head.ink)


def _eyes(canvas: Canvas, head: _Head, rng: Random) -> None:
    apart, height, down = rng.uniform(0.35, 0.48), rng.uniform(0.1, 0.26), rng.uniform(-0.05, 0.2)
    wide, iris = height * rng.uniform(0.7, 1.4), rng.integers(30, 200, 3)
    simple, brow = rng.random() < 0.3, rng.random() < 0.7
    for side in (-1, 1):
        at = head.point(side * apart, down)
        if brow:
            y = down - height - 0.1
            canvas.stroke(
                head.points((side * (apart - 0.17), y), (side * apart, y - 0.05), (side * (apart + 0.17), y)), head.ink
            )
        if simple or head.high < 16:
            canvas.fill(egg(at, np.array([0.08 * head.wide, 0.09 * head.high])), np.full(3, 20), ink=head.ink)
            continue
        canvas.fill(egg(at, np.array([wide * head.wide, height * head.high])), np.full(3, 255), WHITE, head.ink)
        shape = egg(at, np.full(2, min(wide * head.wide, height * head.high) * rng.uniform(0.55, 0.9)))
        canvas.fill(shape, iris, ink=max(1, head.ink - 1))
        if head.high > 40:
            canvas.fill(egg(at, (shape.max(0) - shape.min(0)) * 0.25), np.full(3, 15), ink=1)


def _mouth(canvas: Canvas, head: _Head, rng: Random) -> None:
    half, y = rng.uniform(0.1, 0.35), rng.uniform(0.55, 0.68)
    curve = [(u * half, y + 0.1 * (1 - u * u)) for u in np.linspace(-1, 1, 9)]
    if rng.random() < 0.65 or head.high < 16:
        canvas.stroke(head.points(*curve), head.ink)
        return
    deep = [(u * half, y + 0.3 * (1 - u * u)) for u in np.linspace(1, -1, 9)]
    lips = head.points((-half, y), (half, y), *deep)
    inside = np.array([150, 50, 55]) if rng.random() < 0.5 else np.full(3, 255)
    canvas.fill(lips, inside, WHITE if inside.min() == 255 else None, head.ink)


def _fringe(canvas: Canvas, head: _Head, rng: Random) -> None:
    """A cap of hair down to a jagged edge on the brow, in one piece or parted into locks, and locks beside the face."""
    half, top, low = rng.uniform(1.02, 1.25), rng.uniform(1.0, 1.3), rng.uniform(-0.55, -0.1)
    tips = int(rng.integers(1, 8))
    crown = [head.point(half * np.cos(a), -0.1 + top * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 20)]
    places = np.linspace(half, -half, 2 * tips + 1)
    edge = [(x, low - (0.3 * rng.uniform(0.3, 1) if i % 2 == 0 else 0)) for i, x in enumerate(places)]
    edge[0], edge[-1] = (half, rng.uniform(-0.2, 0.5)), (-half, rng.uniform(-0.2, 0.5))
    if rng.random() < 0.4:
        for side in (-1, 1):
            long = rng.uniform(0.5, 1.6)
            lock = head.points(
                (side * 0.7, -0.5), (side * half, -0.4), (side * half * 1.05, long * 0.6), (side * 0.95, long)
            )
            canvas.fill(lock, head.hair, HAIR, head.ink)
    canvas.fill(np.array(crown + [head.point(*place) for place in edge]), head.hair, HAIR, head.ink)
    for x, y in edge[1:-1]:
        if rng.random() < head.locks:
            canvas.stroke(head.points((x, y), (x * 0.8, y - 0.3), (x * 0.4, -0.1 - top * 0.9)), head.ink)


def _box_of(head: _Head, half: float, top: float, low: float) -> Points:
    """From ``top`` of the head to ``low`` px."""
    left, right = head.point(-half, top), head.point(half, top)
    return np.array([left, right, [right[0], low], [left[0], low]])


def _band(x: float, y: float, half: float, high: float) -> Points:
    return np.array([[x - half, y - high], [x + half, y - high], [x + half, y + high], [x - half, y + high]])


def _any(rng: Random) -> Color:
    return np.asarray(rng.integers(*np.array(ANY)))
