"""Heads drawn in code for `people`: faces, ears, eyes with their whites, and hair before and behind them, in one piece,
in strands that end in the open, or in locks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, Canvas, Color, Points, egg, one_of, petals, rounded
from .semantic_truth import HAIR, SKIN, WHITE

_SKINS = ((250, 225, 200), (240, 200, 165), (222, 170, 125), (190, 130, 85), (140, 90, 60), (95, 60, 42))
_HAIRS = ((60, 35, 25), (110, 65, 35), (170, 90, 40), (215, 165, 80), (30, 28, 35), (200, 70, 40), (120, 120, 125))
_FANNED = 0.3  # of the heads have strands all over
_UNUSUAL = 0.2  # of the heads have hair of any colour


@dataclass(frozen=True)
class Head:
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


def drawn_head(at: Points, high: float, ink: int, rng: Random) -> Head:
    """Skin, hair and width by chance. ``at``: its middle, ``high``: half of the face's height, px."""
    skin = np.clip(np.array(_SKINS[rng.integers(len(_SKINS))]) + rng.integers(-8, 9), 0, 255)
    usual = np.array(_HAIRS[rng.integers(len(_HAIRS))]) + rng.integers(-10, 11, 3)
    hair = one_of(ANY, rng) if rng.random() < _UNUSUAL else np.clip(usual, 0, 255)
    return Head(at, high * rng.uniform(0.72, 0.95), high, ink, skin, hair, float(rng.random()))


def behind(canvas: Canvas, head: Head, rng: Random) -> None:
    """Hair that hangs behind face and neck, in locks; plaits, tails or a bun; or none."""
    kind = rng.integers(7)
    if kind == 0:
        return
    if kind == 1:
        _plaits(canvas, head, rng)
    if kind == 2:
        _tails(canvas, head, rng)
    if kind == 3 and rng.random() < 0.6:
        bun = rng.uniform(0.25, 0.45)
        canvas.fill(egg(head.point(0, -1.15), bun * np.array([head.wide, head.high])), head.hair, HAIR, head.ink)
    low = rng.uniform(0.7, 2.2) if kind > 3 else 0.6
    half, tips, flips = rng.uniform(1.0, 1.35), int(rng.integers(1, 8)), rng.random() < 0.4
    crown = [head.point(half * np.cos(a), -0.2 + 1.0 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 16)]
    edge = np.linspace(half * rng.uniform(0.8, 1.2), -half * rng.uniform(0.8, 1.2), 2 * tips + 1)
    shift = np.sign(edge) * rng.uniform(0.2, 0.5) * flips
    hanging = [
        head.point(x + (0 if i % 2 else out), low - (0.25 if i % 2 else 0) * rng.uniform(0.3, 1))
        for i, (x, out) in enumerate(zip(edge, shift, strict=True))
    ]
    canvas.fill(np.array(crown + hanging), head.hair, HAIR, head.ink)
    for x in edge[1:-1]:
        if rng.random() < head.locks * 0.6:
            canvas.stroke(head.points((x * 0.9, -0.3), (x * 0.95, 0.4), (x, low - 0.2)), head.ink)


def _plaits(canvas: Canvas, head: Head, rng: Random) -> None:
    """One or two, each a row of knots."""
    many, thick, out = int(rng.integers(3, 8)), rng.uniform(0.14, 0.25), rng.uniform(-0.1, 0.3)
    for side in (-1, 1) if rng.random() < 0.6 else (float(rng.choice([-1, 1])),):
        for knot in range(many, -1, -1):
            at = head.point(side * (0.95 + out * knot / many), 0.3 + knot * thick * 1.3)
            canvas.fill(egg(at, thick * np.array([head.wide, head.high])), head.hair, HAIR, head.ink)
            if knot < many and rng.random() < head.locks:
                canvas.stroke(np.stack([at - thick * head.wide * 0.7, at + thick * head.wide * 0.4]), head.ink)


def _tails(canvas: Canvas, head: Head, rng: Random) -> None:
    """Two tails of hair beside the head, or one."""
    long, wide, up = rng.uniform(0.8, 2.2), rng.uniform(0.25, 0.5), rng.uniform(-0.8, 0.0)
    for side in (-1, 1) if rng.random() < 0.7 else (float(rng.choice([-1, 1])),):
        shape = [(0.9, up), (1.2 + wide, up - 0.2), (1.4 + wide, up + long / 2), (1.2, up + long), (1.1, up + long / 2)]
        canvas.fill(rounded(head.points(*((side * x, y) for x, y in shape))), head.hair, HAIR, head.ink)
        for _ in range(int(rng.integers(0, 4))):
            x = side * (1.15 + wide * rng.uniform(0.2, 0.8))
            canvas.stroke(head.points((x, up + long * 0.15), (x + side * 0.08, up + long * 0.6)), max(1, head.ink - 1))


def face(canvas: Canvas, head: Head, rng: Random) -> None:
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
        color, brim = one_of(ANY, rng), rng.uniform(1.2, 1.9)
        canvas.fill(egg(head.point(0, -0.95), np.array([0.95 * head.wide, 0.65 * head.high])), color, ink=head.ink)
        canvas.fill(egg(head.point(0, -0.6), np.array([brim * head.wide, 0.16 * head.high])), color, ink=head.ink)


def _ears(canvas: Canvas, head: Head, rng: Random) -> None:
    """Round or pointed, or none."""
    pointed, ear, long = rng.random() < 0.25, rng.uniform(0.14, 0.22), rng.uniform(1.3, 1.7)
    if rng.random() < 0.8:
        for side in (-1, 1):
            if pointed:
                shape = head.points((side * 0.9, -0.15), (side * long, -0.4), (side * 0.9, 0.3))
            else:
                shape = egg(head.point(side * 1.0, 0.05), np.array([ear * head.wide, 1.5 * ear * head.high]))
            canvas.fill(shape, head.skin, SKIN, head.ink)
            if head.high > 24 and rng.random() < 0.5:
                fold = egg(head.point(side * 1.04, 0.02), np.array([ear * 0.45 * head.wide, 0.7 * ear * head.high]))
                canvas.stroke(fold[: int(rng.integers(8, 18))], max(1, head.ink - 1))


def _eyes(canvas: Canvas, head: Head, rng: Random) -> None:
    apart, height, down = rng.uniform(0.35, 0.48), rng.uniform(0.1, 0.26), rng.uniform(-0.05, 0.2)
    wide, iris, round_ = height * rng.uniform(0.7, 1.4), rng.integers(30, 200, 3), rng.uniform(0.55, 0.9)
    simple, brow, lashes = rng.random() < 0.3, rng.random() < 0.7, rng.random() < 0.4
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
        if lashes:
            lid = egg(at, np.array([wide * head.wide, height * head.high]) * 1.05)
            canvas.stroke(lid[12:], head.ink + max(1, int(head.high * 0.05)))
        shape = egg(at, np.full(2, min(wide * head.wide, height * head.high) * round_))
        canvas.fill(shape, iris, ink=max(1, head.ink - 1))
        if head.high > 40:
            canvas.fill(egg(at, (shape.max(0) - shape.min(0)) * 0.25), np.full(3, 15), ink=1)
            if lashes:
                glint = at - (shape.max(0) - shape.min(0)) * np.array([0.2, 0.25])
                canvas.fill(egg(glint, np.full(2, head.high * 0.035)), np.full(3, 255), WHITE, ink=1)


def _mouth(canvas: Canvas, head: Head, rng: Random) -> None:
    half, y = rng.uniform(0.1, 0.35), rng.uniform(0.55, 0.68)
    curve = [(u * half, y + 0.1 * (1 - u * u)) for u in np.linspace(-1, 1, 9)]
    if rng.random() < 0.65 or head.high < 16:
        canvas.stroke(head.points(*curve), head.ink)
        return
    deep = [(u * half, y + 0.3 * (1 - u * u)) for u in np.linspace(1, -1, 9)]
    lips = head.points((-half, y), (half, y), *deep)
    inside = np.array([150, 50, 55]) if rng.random() < 0.5 else np.full(3, 255)
    canvas.fill(lips, inside, WHITE if inside.min() == 255 else None, head.ink)


def _fringe(canvas: Canvas, head: Head, rng: Random) -> None:
    """A cap of hair, smooth or of spikes, down to a jagged edge on the brow that may be swept aside; and locks beside
    the face."""
    half, top, low = rng.uniform(1.02, 1.25), rng.uniform(1.0, 1.3), rng.uniform(-0.6, -0.05)
    tips, swept = int(rng.integers(1, 8)), rng.uniform(-0.35, 0.35) * (rng.random() < 0.5)
    around = np.linspace(np.pi, 2 * np.pi, 20)
    spikes = rng.uniform(0.05, 0.35) * (rng.random() < 0.25) * (np.arange(20) % 2)
    crown = [
        head.point(half * np.cos(a) * r, -0.1 + top * np.sin(a) * r) for a, r in zip(around, 1 + spikes, strict=True)
    ]
    places = np.linspace(half, -half, 2 * tips + 1)
    edge = [(x, low + swept * x - (0.3 * rng.uniform(0.3, 1) if i % 2 == 0 else 0)) for i, x in enumerate(places)]
    edge[0], edge[-1] = (half, rng.uniform(-0.2, 0.5)), (-half, rng.uniform(-0.2, 0.5))
    if rng.random() < 0.5:
        _sidelocks(canvas, head, half, rng)
    canvas.fill(np.array(crown + [head.point(*place) for place in edge]), head.hair, HAIR, head.ink)
    for x, y in edge[1:-1]:
        if rng.random() < head.locks:
            canvas.stroke(head.points((x, y), (x * 0.8, y - 0.3), (x * 0.4, -0.1 - top * 0.9)), head.ink)
    _strands(canvas, head, half, top, low, rng)
    if rng.random() < 0.2:
        tuft = [(-0.08, -top), (-0.12, -top - 0.3), (0.15, -top - 0.5), (0.02, -top - 0.2), (0.1, -top)]
        canvas.fill(rounded(head.points(*tuft)), head.hair, HAIR, head.ink)
    if rng.random() < 0.15:
        _flower(canvas, head, half, rng)


def _sidelocks(canvas: Canvas, head: Head, half: float, rng: Random) -> None:
    long, flip = rng.uniform(0.5, 1.9), rng.uniform(0.1, 0.7) * (rng.random() < 0.5)
    for side in (-1, 1):
        lock = [(0.7, -0.5), (half, -0.4), (half * 1.05, long * 0.6), (half + flip, long), (0.95, long * 0.95)]
        shape = head.points(*((side * x, y) for x, y in lock))
        canvas.fill(rounded(shape) if flip else shape, head.hair, HAIR, head.ink)
        if rng.random() < head.locks:
            canvas.stroke(head.points((side * 0.9, -0.2), (side * 0.97, long * 0.5)), max(1, head.ink - 1))


def _strands(canvas: Canvas, head: Head, half: float, top: float, low: float, rng: Random) -> None:
    """Lines from the crown outwards that end in the open, such as rise from the brow, and a fan of them over the whole
    head, as meridians are."""
    ink = max(1, head.ink - int(rng.integers(0, 2)))
    for _ in range(int(rng.choice([0, 0, 4, 8, 14]))):
        x, begin = rng.uniform(-0.85, 0.85), rng.uniform(0, 0.6)
        along = np.linspace(begin, begin + rng.uniform(0.15, 0.4), 6)
        crown, brow = -0.1 - top * 0.95, low - 0.1 + 0.5 * abs(x)
        bent = [(x * half * u**0.6, crown + (brow - crown) * u) for u in along]
        canvas.stroke(head.points(*bent), ink)
    if rng.random() < _FANNED:
        for x in np.linspace(-0.97, 0.97, int(rng.integers(4, 10))):
            turn = np.linspace(rng.uniform(0.03, 0.15), rng.uniform(0.4, 0.95), 8) * np.pi / 2
            over = [(half * x * np.sin(t), -0.1 - top * 0.97 * np.cos(t)) for t in turn]
            canvas.stroke(head.points(*over), ink)


def _flower(canvas: Canvas, head: Head, half: float, rng: Random) -> None:
    at, long = head.point(float(rng.choice([-1, 1])) * half * 0.7, -0.55), head.wide * rng.uniform(0.1, 0.2)
    petals(canvas, at, long, int(rng.integers(4, 7)), one_of(ANY, rng), one_of(ANY, rng), head.ink)
