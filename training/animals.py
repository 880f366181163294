"""Animals drawn in code for `pages`: fur and feathers in any colours, bellies, muzzles and tufts parted by lines. Fur
is neither skin nor hair nor leaves, which the training art, whose animals are mostly emoji, seldom shows at such size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, Canvas, Color, Points, egg, rounded
from .semantic_truth import FUR, WHITE

_NATURAL = ((200, 110, 50), (150, 100, 60), (110, 110, 115), (235, 225, 205), (60, 50, 48), (225, 180, 110))
_EARS = ("pointed", "bent", "round")
_RIDDEN = 0.15  # of those that sit have a bird on their heads


@dataclass(frozen=True)
class _Coat:
    """``fur``, ``pale``: the colours of back and belly, ``dark``: of paws and tips; ``ink`` px."""

    fur: Color
    pale: Color
    dark: Color
    ink: int

    @classmethod
    def drawn(cls, rng: Random) -> _Coat:
        return cls(_fur(rng), _fur(rng), _fur(rng), int(rng.integers(1, 4)))


def sitting(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """From the front or half turned, with a haunch, two forelegs, a tail and a tuft on its chest. ``x``: of its middle,
    ``foot``: y of its lower end, ``size``: its height, px."""
    coat, side = _Coat.drawn(rng), float(rng.choice([-1, 1]))
    wide, head = size * rng.uniform(0.24, 0.34), size * rng.uniform(0.2, 0.3)
    face = np.array([x - side * wide * 0.1, foot - size + head * 1.1])
    _tail(canvas, coat, np.array([x + side * wide * 0.7, foot - size * 0.05]), side, size, rng)
    back = [
        (x - side * wide * 0.5, foot - size * 0.6),
        (x + side * wide * 0.5, foot - size * 0.6),
        (x + side * wide * 0.9, foot - size * 0.3),
        (x + side * wide, foot),
        (x - side * wide * 0.6, foot),
        (x - side * wide * 0.6, foot - size * 0.3),
    ]
    canvas.fill(rounded(np.array(back)), coat.fur, FUR, coat.ink)
    haunch = np.array([x + side * wide * 0.5, foot - size * 0.15])
    if rng.random() < 0.8:
        canvas.fill(egg(haunch, np.array([wide * 0.5, size * 0.16])), coat.fur, FUR, coat.ink)
    if rng.random() < 0.6:
        canvas.fill(
            egg(haunch + np.array([0, size * 0.14]), np.array([wide * 0.5, size * 0.04])), coat.dark, FUR, coat.ink
        )
    for leg in (-0.45, 0.05):
        _leg(canvas, coat, x + leg * wide - side * 0.1 * wide, foot - size * 0.45, foot, wide * 0.17, rng)
    if rng.random() < 0.6:
        chest = np.array([x - side * wide * 0.1, foot - size * 0.52])
        canvas.fill(_tuft(chest, np.array([wide * 0.55, size * 0.2]), rng), coat.pale, FUR, coat.ink)
    _head(canvas, coat, face, head, rng)
    if rng.random() < _RIDDEN:
        bird(canvas, face[0] + rng.uniform(-0.3, 0.3) * head, face[1] - head * 0.75, head * rng.uniform(0.6, 1.1), rng)


def standing(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """From the side, on four legs; places as of `sitting`, ``size``: its length."""
    coat, side, high = _Coat.drawn(rng), float(rng.choice([-1, 1])), size * rng.uniform(0.16, 0.26)
    body, leg = np.array([x, foot - size * rng.uniform(0.3, 0.42)]), size * rng.uniform(0.05, 0.09)
    _tail(canvas, coat, body + np.array([-side * size * 0.33, 0]), -side, size * 0.8, rng)
    for place in (-0.3, -0.18, 0.2, 0.3):
        _leg(canvas, coat, x + side * place * size, body[1], foot, leg * 0.6, rng)
    canvas.fill(egg(body, np.array([size * 0.38, high])), coat.fur, FUR, coat.ink)
    if rng.random() < 0.4:
        canvas.fill(
            egg(body + np.array([0, high * 0.5]), np.array([size * 0.25, high * 0.45])), coat.pale, FUR, coat.ink
        )
    for _ in range(int(rng.choice([0, 0, 3, 6]))):
        spot = body + rng.uniform(-0.5, 0.5, 2) * [size * 0.5, high]
        canvas.fill(egg(spot, high * rng.uniform(0.1, 0.3, 2)), coat.dark, FUR, coat.ink)
    _head(
        canvas,
        coat,
        body + np.array([side * size * 0.36, -high * rng.uniform(0.7, 1.3)]),
        size * rng.uniform(0.14, 0.2),
        rng,
    )


def bird(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """From the side; places as of `sitting`."""
    coat, side = _Coat.drawn(rng), float(rng.choice([-1, 1]))
    body, radii = np.array([x, foot - size * 0.45]), size * np.array([rng.uniform(0.25, 0.36), rng.uniform(0.22, 0.3)])
    for leg in (-0.08, 0.08):
        canvas.stroke(np.array([[x + leg * size, foot - size * 0.25], [x + leg * size, foot]]), coat.ink)
    end = body + np.array([-side * radii[0] * 1.7, rng.uniform(-0.3, 0.3) * size])
    canvas.fill(
        np.array([body + np.array([0, radii[1] * 0.4]), body - np.array([0, radii[1] * 0.3]), end]),
        coat.dark,
        ink=coat.ink,
    )
    canvas.fill(egg(body, radii), coat.fur, ink=coat.ink)
    top = body + np.array([side * radii[0] * 0.7, -radii[1] * 1.05])
    head = size * rng.uniform(0.13, 0.2)
    beak = top + np.array(
        [[side * head * 0.8, -head * 0.3], [side * head * 0.8, head * 0.4], [side * head * 1.8, head * 0.1]]
    )
    canvas.fill(beak, _fur(rng), ink=coat.ink)
    canvas.fill(egg(top, np.full(2, head)), coat.fur, ink=coat.ink)
    _eye(canvas, top + np.array([side * head * 0.35, -head * 0.15]), head * 0.22, coat.ink, rng)
    wing = [
        body + np.array([-side * radii[0] * 0.9, 0]),
        body + np.array([side * radii[0] * 0.4, -radii[1] * 0.4]),
        body + np.array([0, radii[1] * 0.6]),
    ]
    canvas.fill(rounded(np.array(wing)), coat.dark if rng.random() < 0.5 else coat.fur, ink=coat.ink)


def _tail(canvas: Canvas, coat: _Coat, root: Points, side: float, size: float, rng: Random) -> None:
    """Thin or bushy, from its ``root`` outwards and up, its tip in another colour behind a ragged edge now and then.
    ``side``: -1 to the left, 1 to the right; ``size``: the animal's, px."""
    bend, thick = rng.uniform(0.2, 0.9), size * rng.choice([0.03, 0.09, 0.13, 0.18, 0.22])
    curl, reach = rng.uniform(1.6, 3.4), rng.uniform(0.25, 0.5)
    along = np.linspace(0, 1, 14)
    middle = root + np.stack([side * size * reach * np.sin(along * curl), -size * bend * along**1.3], 1)
    half = thick * np.sin(np.pi * np.clip(0.15 + 0.85 * along, 0, 1)) ** rng.uniform(0.5, 0.9)
    way = np.gradient(middle, axis=0)
    across = np.stack([-way[:, 1], way[:, 0]], 1) / np.linalg.norm(way, axis=1, keepdims=True) * half[:, None]
    ragged = 1 + rng.uniform(0, 0.3) * (rng.random() < 0.4) * (np.arange(14) % 2)[:, None]
    shape = np.concatenate([middle - across * ragged, (middle + across * ragged)[::-1]])
    canvas.fill(shape, coat.fur, FUR, coat.ink)
    if rng.random() < 0.6:
        cut = int(rng.integers(6, 11))  # of fourteen points a side: what lies beyond is the tip
        tip = shape[cut : 28 - cut]
        edge = np.linspace(tip[-1], tip[0], 9)[1:-1]
        out = middle[min(cut + 3, 13)] - middle[cut]
        edge += out * np.where(np.arange(7) % 2, 0.6, 0.0)[:, None] * rng.uniform(-1, 1)
        canvas.fill(np.concatenate([tip, edge]), coat.pale, FUR, coat.ink)


def _leg(canvas: Canvas, coat: _Coat, x: float, top: float, foot: float, half: float, rng: Random) -> None:
    canvas.fill(
        np.array([[x - half, top], [x + half, top], [x + half, foot], [x - half, foot]]), coat.fur, FUR, coat.ink
    )
    paw = np.array([x, foot - half * 0.7])
    if rng.random() < 0.6:
        canvas.fill(
            egg(paw, np.array([half * 1.35, half * 0.9])), coat.dark if rng.random() < 0.6 else coat.fur, FUR, coat.ink
        )


def _head(canvas: Canvas, coat: _Coat, at: Points, size: float, rng: Random) -> None:
    """``size``: half its width, px. Ears, cheeks, spots above the eyes, a muzzle."""
    wide, high = size, size * rng.uniform(0.7, 1.0)
    _ears(canvas, coat, at, np.array([wide, high]), rng)
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    cheeks = rng.uniform(0, 0.35) * (np.abs(np.cos(around)) > 0.6) * (np.arange(40) % 2) * (np.sin(around) > -0.2)
    face = at + np.stack([np.cos(around) * wide * (1 + cheeks), np.sin(around) * high], 1)
    canvas.fill(face, coat.fur, FUR, coat.ink)
    if rng.random() < 0.5:
        mask = at + np.array([[-0.8, 0.25], [0, 0.05], [0.8, 0.25], [0.4, 0.9], [-0.4, 0.9]]) * [wide, high]
        canvas.fill(rounded(mask), coat.pale, FUR, coat.ink)
    if rng.random() < 0.7:
        canvas.fill(egg(at + np.array([0, high * 0.5]), np.array([wide * 0.4, high * 0.33])), coat.pale, FUR, coat.ink)
    for side in (-1, 1):
        if rng.random() < 0.3:
            canvas.fill(
                egg(at + np.array([side * wide * 0.4, -high * 0.55]), np.array([wide, high]) * 0.12),
                coat.pale,
                FUR,
                coat.ink,
            )
        _eye(canvas, at + np.array([side * wide * 0.4, -high * 0.08]), size * 0.2, coat.ink, rng)
    canvas.fill(egg(at + np.array([0, high * 0.3]), np.array([wide * 0.14, high * 0.1])), np.full(3, 25), ink=coat.ink)
    if size > 12:
        mouth = [(-0.25, 0.5), (-0.1, 0.6), (0, 0.5), (0.1, 0.6), (0.25, 0.5)]
        canvas.stroke(at + np.array(mouth) * [wide, high], coat.ink)


def _ears(canvas: Canvas, coat: _Coat, at: Points, half: Points, rng: Random) -> None:
    """Pointed, bent as leaves are, or round, with an inner one; some with tufts in it and a tip of another colour.
    ``half``: of the head's width and height, px."""
    kind, long, lean = str(rng.choice(_EARS, p=(0.3, 0.4, 0.3))), rng.uniform(0.5, 1.5), rng.uniform(0.0, 0.3)
    bulge, tipped, tufts = rng.uniform(0.05, 0.35) * (kind == "bent"), rng.random() < 0.4, rng.random() < 0.4
    for side in (-1, 1):
        root = at + half * [side * 0.6, -0.6]
        for share, color in ((1.0, coat.fur), (0.6, coat.pale)):
            tip = root + half * [side * lean, -long * share]
            ends = root - half * [side * 0.35 * share, 0], root + half * [side * 0.35 * share, 0.2]
            if kind == "round":
                canvas.fill(egg((root + tip) / 2, half * [0.33, long * 0.6] * share), color, FUR, coat.ink)
                continue
            out = half * [side * bulge * share, 0]
            shape = np.concatenate([_bow(ends[0], tip, -out), _bow(tip, ends[1], out)])
            canvas.fill(shape, color, FUR, coat.ink)
            if share == 1 and tipped:
                _ear_tip(canvas, coat, shape)
        if tufts:  # in the inner ear
            edge = np.linspace(ends[0], ends[1], 7)
            canvas.stroke(edge - half * np.array([0, long * 0.3]) * (np.arange(7) % 2)[:, None], max(1, coat.ink - 1))


def _ear_tip(canvas: Canvas, coat: _Coat, ear: Points) -> None:
    """The upper half of an ``ear``, eight points (16, 2) up to its tip and eight down from there, ragged below."""
    edge = np.linspace(ear[12], ear[4], 9)[1:-1]
    edge += (ear[8] - edge) * np.where(np.arange(7) % 2, 0.0, -0.35)[:, None]
    canvas.fill(np.concatenate([ear[4:13], edge]), coat.dark, FUR, coat.ink)


def _bow(one: Points, other: Points, out: Points) -> Points:
    """Eight points from ``one`` end on, the middle of the way moved by ``out``, px; the other end is not among them."""
    along = np.linspace(0, 1, 8, endpoint=False)[:, None]
    return np.asarray(one + (other - one) * along + 4 * along * (1 - along) * out)


def _eye(canvas: Canvas, at: Points, size: float, ink: int, rng: Random) -> None:
    """White with an iris, or a dot. ``size``: its radius, px."""
    if size < 4 or rng.random() < 0.4:
        canvas.fill(egg(at, np.full(2, max(1.0, size * 0.5))), np.full(3, 20), ink=1)
        return
    canvas.fill(egg(at, np.array([size, size * rng.uniform(0.7, 1.0)])), np.full(3, 255), WHITE, ink)
    canvas.fill(egg(at, np.full(2, size * 0.6)), rng.integers(30, 220, 3), ink=1)
    canvas.fill(egg(at, np.full(2, size * 0.25)), np.full(3, 15), ink=1)


def _tuft(at: Points, radii: Points, rng: Random) -> Points:
    """A bib that ends in tips, points (n, 2)."""
    around = np.linspace(0, 2 * np.pi, 4 * int(rng.integers(4, 8)), endpoint=False)
    out = 1 + rng.uniform(0.15, 0.35) * (np.arange(len(around)) % 2) * (np.sin(around) > -0.3)
    return np.asarray(at + radii * out[:, None] * np.stack([np.cos(around), np.sin(around)], 1))


def _fur(rng: Random) -> Color:
    """Brown, grey, white or black more often than not, and any colour otherwise."""
    if rng.random() < 0.6:
        natural = np.array(_NATURAL[rng.integers(len(_NATURAL))]) + rng.integers(-12, 13, 3)
        return np.asarray(np.clip(natural, 0, 255))
    return np.asarray(rng.integers(*np.array(ANY)))
