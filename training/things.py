"""Things drawn in code for `pages`, in any colours: crockery, lamps, fruit, mushrooms, flowers, robots, frames and
balloons. Only what is plainly so is told: the balloons of a comic are white, leaves are leaves, all the rest is none of
the classes.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, GREEN, Canvas, Points, box, egg, leaf, one_of, petals, rounded
from .semantic_truth import FOLIAGE, WHITE

_WRITTEN = 0.6  # of the balloons have letters


def vessel(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Cup, pot, vase or bottle: turned on a wheel, with bands, handle and spout now and then. ``x``: of its middle,
    ``foot``: y of its lower end, ``size``: its height, px."""
    ink, color = int(rng.integers(1, 4)), one_of(ANY, rng)
    knots, wide = int(rng.integers(3, 6)), size * rng.uniform(0.25, 0.6)
    radii = np.interp(np.linspace(0, 1, 12), np.linspace(0, 1, knots), wide * rng.uniform(0.4, 1.0, knots))
    height = np.linspace(foot, foot - size, 12)
    if rng.random() < 0.5:
        at = np.array([x + radii[6] * 0.8, foot - size * 0.55])
        canvas.fill(_handle(at, np.array([wide * 0.5, size * 0.25]), rng), color, ink=ink)
    if rng.random() < 0.3:
        spout = [(x - radii[4], height[4]), (x - radii[7] - wide * 0.6, height[9]), (x - radii[8], height[8])]
        canvas.fill(np.array(spout), color, ink=ink)
    outline = np.concatenate([np.stack([x - radii, height], 1), np.stack([x + radii, height], 1)[::-1]])
    canvas.fill(outline, color, ink=ink)
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        low, high = sorted(rng.choice(12, 2, replace=False))
        rows = np.r_[low : high + 1]
        band = np.concatenate([np.stack([x - radii, height], 1)[rows], np.stack([x + radii, height], 1)[rows][::-1]])
        canvas.fill(band, one_of(ANY, rng), ink=ink)
    _ornament(canvas, np.array([x, height[6]]), radii[6], ink, rng)
    top = np.array([x, foot - size])
    if rng.random() < 0.4:  # a lid with a knob
        arc = np.linspace(np.pi, 2 * np.pi, 12)
        lid = color if rng.random() < 0.6 else one_of(ANY, rng)
        canvas.fill(egg(top - [0, size * 0.14], np.full(2, size * 0.05)), lid, ink=ink)
        canvas.fill(top + np.stack([radii[-1] * np.cos(arc), size * 0.12 * np.sin(arc)], 1), lid, ink=ink)
    else:
        canvas.fill(egg(top, np.array([radii[-1], size * 0.06])), one_of(ANY, rng), ink=ink)


def teapot(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A belly with spout, handle, lid and knob, all in one colour more often than not, and a band around it now and
    then; places as of `vessel`."""
    ink, color, side = int(rng.integers(1, 4)), one_of(ANY, rng), float(rng.choice([-1, 1]))
    limbs, cover = (color if rng.random() < 0.75 else one_of(ANY, rng) for _ in range(2))
    belly = size * np.array([rng.uniform(0.36, 0.5), rng.uniform(0.28, 0.36)])
    at, round_ = np.array([x, foot - belly[1]]), np.linspace(0, 2 * np.pi, 40, endpoint=False)
    canvas.fill(
        _handle(at - [side * belly[0] * 0.6, 0], np.array([-side * (size * 0.2 + belly[0] * 0.25), size * 0.2]), rng),
        limbs,
        ink=ink,
    )
    spout = [(0.7, 0.0), (1.1, -0.2), (1.25, -0.8), (1.5, -0.9), (1.4, -0.2), (0.8, 0.6)]
    canvas.fill(rounded(np.array([at + belly * [side * a, b] for a, b in spout])), limbs, ink=ink)
    if rng.random() < 0.4:
        canvas.fill(box(x, foot + size * 0.02, belly[0] * 0.6, size * 0.06), limbs, ink=ink)
    canvas.fill(at + belly * np.stack([np.cos(round_), np.sin(round_)], 1), color, ink=ink)
    if rng.random() < 0.5:
        y = np.linspace(rng.uniform(-0.5, -0.1), rng.uniform(0.1, 0.5), 6)
        rim = np.stack([np.sqrt(1 - y**2), y], 1)
        band = color if rng.random() < 0.4 else one_of(ANY, rng)
        canvas.fill(at + belly * np.concatenate([rim, (rim * [-1, 1])[::-1]]), band, ink=ink)
    _ornament(canvas, at, belly[0], ink, rng)
    arc = np.linspace(np.pi, 2 * np.pi, 12)
    top = at - [0, belly[1] * 0.92]
    canvas.fill(egg(top - [0, size * 0.17], np.full(2, size * 0.05)), cover, ink=ink)
    lid = np.stack([belly[0] * 0.42 * np.cos(arc), size * 0.14 * np.sin(arc)], 1)
    canvas.fill(top + lid, cover, ink=ink)


def _handle(at: Points, radii: Points, rng: Random) -> Points:
    """A bow that ends at ``at``, above and below it; bent to the left where ``radii[0]`` is below 0."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, 12)
    arc = radii * np.stack([np.cos(turn), np.sin(turn)], 1)
    return np.concatenate([at + arc, (at + arc * rng.uniform(0.55, 0.75))[::-1]])


def _ornament(canvas: Canvas, at: Points, half: float, ink: int, rng: Random) -> None:
    """A row of flowers or dots around a vessel, or none. ``half``: of its width there, px."""
    if half < 12 or rng.random() < 0.6:
        return
    many, color, middle = int(rng.integers(2, 6)), one_of(ANY, rng), one_of(ANY, rng)
    long, flowers = half * 0.45 / many, rng.random() < 0.5
    for place in np.linspace(-0.75, 0.75, many):
        if flowers and long > 3:
            petals(canvas, at + np.array([place * half, 0]), long, 5, color, middle, max(1, ink - 1))
        else:
            canvas.fill(egg(at + np.array([place * half, 0]), np.full(2, long)), color, ink=max(1, ink - 1))


def served(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A cup on its saucer, or a plate with fruit; places as of `vessel`."""
    ink, wide, color = int(rng.integers(1, 4)), size * rng.uniform(0.4, 0.6), one_of(ANY, rng)
    dish = egg(np.array([x, foot - size * 0.08]), np.array([wide, size * 0.12]))
    canvas.fill(dish, color, ink=ink)
    if rng.random() < 0.5:
        canvas.fill(egg(np.array([x, foot - size * 0.08]), np.array([wide * 0.7, size * 0.07])), color, ink=ink)
    if rng.random() < 0.6:
        half, low, high = wide * 0.55, foot - size * 0.08, foot - size * 0.6
        side = float(rng.choice([-1, 1]))
        at = np.array([x + side * half * 0.8, (low + high) / 2])
        canvas.fill(_handle(at, np.array([side * half * 0.7, size * 0.2]), rng), color, ink=ink)
        bowl = [(-1, high), (1, high), (0.85, low - size * 0.15), (0.4, low), (-0.4, low), (-0.85, low - size * 0.15)]
        canvas.fill(np.array([[x + across * half, y] for across, y in bowl]), color, ink=ink)
        if rng.random() < 0.5:
            up, down = high + size * 0.12, high + size * 0.22
            band = [(-1, up), (1, up), (0.95, down), (-0.95, down)]
            canvas.fill(np.array([[x + across * half, y] for across, y in band]), one_of(ANY, rng), ink=ink)
        rim = np.array([x, high])
        canvas.fill(egg(rim, np.array([half, size * 0.08])), color, ink=ink)
        canvas.fill(egg(rim, np.array([half * 0.85, size * 0.055])), one_of(ANY, rng), ink=ink)
    else:
        fruit(canvas, x, foot - size * 0.1, size * 0.8, rng)


def lamp(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A shade on a stand; places as of `vessel`."""
    ink, half, color = int(rng.integers(1, 4)), size * rng.uniform(0.2, 0.35), one_of(ANY, rng)
    canvas.fill(box(x, foot, size * 0.03, size * 0.7), color, ink=ink)
    canvas.fill(egg(np.array([x, foot - size * 0.04]), np.array([half * 0.8, size * 0.06])), color, ink=ink)
    top, low = half * rng.uniform(0.4, 0.9), foot - size * 0.6
    shade = [[x - top, foot - size], [x + top, foot - size], [x + half, low], [x - half, low]]
    canvas.fill(np.array(shade), one_of(ANY, rng), ink=ink)


def fruit(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Round, long or waisted as pears are, alone or three of them, with a leaf now and then; or a slice."""
    ink, color, many = int(rng.integers(1, 4)), one_of(ANY, rng), int(rng.choice([1, 1, 3]))
    size *= 0.5
    if rng.random() < 0.15:
        _slice(canvas, np.array([x, foot - size * 0.4]), size * 0.4, ink, rng)
        return
    waisted = rng.random() < 0.3
    for nth in range(many):
        radii = size * rng.uniform(0.35, 0.5, 2)
        at = np.array([x + (nth - (many - 1) / 2) * size * 0.7, foot - radii[1]])
        shape, rise = egg(np.zeros(2), radii), 1.0
        if waisted:
            up, rise = np.clip(-shape[:, 1] / radii[1], 0, 1), rng.uniform(1.3, 1.7)
            shape *= np.stack([1 - 0.6 * up**1.5, 1 + (rise - 1) * up], 1)
        canvas.fill(at + shape, color, ink=ink)
        top = at - np.array([0, radii[1] * rise])
        canvas.stroke(np.array([top + np.array([0, size * 0.05]), top + np.array([size * 0.04, -size * 0.15])]), ink)
        if rng.random() < 0.4:
            canvas.fill(leaf(top, size * 0.2, rng.uniform(-1, 0)), one_of(GREEN, rng), FOLIAGE, ink)


def _slice(canvas: Canvas, at: Points, radius: float, ink: int, rng: Random) -> None:
    """Of an orange, say: rind, flesh and what parts it. ``radius``: px."""
    canvas.fill(egg(at, np.full(2, radius)), one_of(ANY, rng), ink=ink)
    canvas.fill(egg(at, np.full(2, radius * 0.8)), one_of(ANY, rng), ink=ink)
    for turn in np.linspace(0, 2 * np.pi, int(rng.integers(6, 10)), endpoint=False):
        canvas.stroke(np.stack([at, at + radius * 0.75 * np.array([np.cos(turn), np.sin(turn)])]), max(1, ink - 1))


def mushroom(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A cap with spots on a stalk."""
    size *= 0.6
    ink, wide, color = int(rng.integers(1, 4)), size * rng.uniform(0.4, 0.6), one_of(ANY, rng)
    stalk = size * rng.uniform(0.08, 0.16)
    brim = foot - size * 0.5
    canvas.fill(
        np.array([[x - stalk, brim], [x + stalk, brim], [x + stalk * 1.4, foot], [x - stalk * 1.4, foot]]),
        one_of(ANY, rng),
        ink=ink,
    )
    arc = np.linspace(np.pi, 2 * np.pi, 16)
    cap = np.stack([x + wide * np.cos(arc), brim + size * 0.5 * np.sin(arc)], 1)
    canvas.fill(
        np.concatenate([cap, [[x + wide * 0.3, brim + size * 0.06], [x - wide * 0.3, brim + size * 0.06]]]),
        color,
        ink=ink,
    )
    spots = one_of(ANY, rng)
    for _ in range(int(rng.integers(0, 6))):
        at = np.array([x + wide * rng.uniform(-0.6, 0.6), brim - size * rng.uniform(0.1, 0.33)])
        canvas.fill(egg(at, np.full(2, size * rng.uniform(0.03, 0.08))), spots, ink=ink)


def flower(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Petals around a middle, on a stem with leaves or by itself."""
    size *= 0.6
    ink, many, color = int(rng.integers(1, 3)), int(rng.integers(4, 9)), one_of(ANY, rng)
    at, long = np.array([x, foot - size * 0.75]), size * rng.uniform(0.16, 0.25)
    if rng.random() < 0.6:
        canvas.stroke(np.array([at, [x, foot]]), ink)
        for side in (-1, 1):
            shape = leaf(np.array([x, foot - size * 0.2]), size * 0.22, -np.pi / 2 + side * rng.uniform(0.5, 1.2))
            canvas.fill(shape, one_of(GREEN, rng), FOLIAGE, ink)
    petals(canvas, at, long, many, color, one_of(ANY, rng), ink)


def robot(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Boxes with a face, arms, feet, knobs and an aerial: nobody's skin."""
    ink, metal = int(rng.integers(1, 4)), one_of(ANY, rng)
    second = metal if rng.random() < 0.5 else one_of(ANY, rng)
    wide = size * rng.uniform(0.16, 0.24)
    head = foot - size * rng.uniform(0.55, 0.65)
    for side in (-1, 1):
        at = x + side * wide
        canvas.fill(box(at - side * wide * 0.45, foot, wide * 0.25, size * 0.22), metal, ink=ink)
        canvas.fill(
            egg(np.array([at - side * wide * 0.4, foot - size * 0.03]), np.array([wide * 0.45, size * 0.05])),
            second,
            ink=ink,
        )
        arm = [(at, head + size * 0.08), (at + side * wide * 0.8, head + size * rng.uniform(-0.1, 0.3))]
        across = np.array([0.0, wide * 0.16])
        canvas.fill(np.array([arm[0] - across, arm[1] - across, arm[1] + across, arm[0] + across]), metal, ink=ink)
        canvas.fill(egg(np.array(arm[1]), np.full(2, wide * 0.25)), second, ink=ink)
    canvas.fill(box(x, foot - size * 0.15, wide, foot - size * 0.15 - head), metal, ink=ink)
    canvas.fill(box(x, head + size * 0.2, wide * 0.6, size * 0.12), one_of(ANY, rng), ink=ink)
    canvas.stroke(np.array([[x, head - size * 0.25], [x, foot - size]]), ink)
    canvas.fill(egg(np.array([x, foot - size]), np.full(2, size * 0.025)), one_of(ANY, rng), ink=ink)
    canvas.fill(box(x, head, wide * rng.uniform(0.8, 1.2), size * 0.28), second, ink=ink)
    canvas.fill(
        box(x, head - size * 0.04, wide * 0.75, size * 0.2), one_of(ANY, rng) if rng.random() < 0.5 else second, ink=ink
    )
    for side in (-1, 1):
        eye = np.array([x + side * wide * 0.35, head - size * 0.15])
        canvas.fill(egg(eye, np.full(2, wide * 0.2)), one_of(ANY, rng), ink=ink)
        canvas.fill(egg(eye, np.full(2, wide * 0.08)), np.full(3, 20), ink=1)
    canvas.stroke(np.array([[x - wide * 0.3, head - size * 0.07], [x + wide * 0.3, head - size * 0.07]]), ink)


def frame(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A picture, a window, a screen or a book: a box in a box, with something drawn in it."""
    size *= 0.6
    ink, wide = int(rng.integers(1, 4)), size * rng.uniform(0.3, 0.8)
    rim = size * rng.uniform(0.06, 0.14)
    inner = wide - rim
    canvas.fill(box(x, foot, wide, size), one_of(ANY, rng), ink=ink)
    canvas.fill(box(x, foot - rim, inner, size - 2 * rim), one_of(ANY, rng), ink=ink)
    if rng.random() < 0.4:  # mitred corners: what they part is of one colour
        for side, end in itertools.product((-1, 1), (0, 1)):
            outer = np.array([x + side * wide, foot - end * size])
            canvas.stroke(np.array([outer, outer + rim * np.array([-side, 2 * end - 1])]), max(1, ink - 1))
    kind = rng.integers(3)
    if kind == 0:
        low = foot - rim - ink
        peaks = [(-0.9, 0), (-0.25, 0.4), (0, 0.2), (0.4, 0.5), (0.9, 0)]
        shape = np.array([[x + across * inner, low - up * size] for across, up in peaks])
        canvas.fill(shape, one_of(ANY, rng), ink=ink)
    elif kind == 1:
        canvas.stroke(np.array([[x, foot - rim], [x, foot - size + rim]]), ink)
        canvas.stroke(np.array([[x - inner, foot - size / 2], [x + inner, foot - size / 2]]), ink)


def balloon(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """What somebody says, in a comic: round with a tail, or a burst; white, with letters in it or marks like these."""
    size *= 0.7
    ink, radii = int(rng.integers(1, 4)), size * np.array([rng.uniform(0.4, 0.7), rng.uniform(0.2, 0.35)])
    at = np.array([x, foot - radii[1] - size * 0.2])
    burst = rng.random() < 0.3
    around = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    out = np.where(np.arange(32) % 2, rng.uniform(0.7, 0.9), 1.0) if burst else np.ones(32)
    shape = at + radii * out[:, None] * np.stack([np.cos(around), np.sin(around)], 1)
    if not burst:
        tail = at + np.array([rng.uniform(-0.8, 0.8) * radii[0], radii[1] + size * 0.2])
        shape[8] = tail
    canvas.fill(shape, np.full(3, 255), WHITE, ink)
    if rng.random() < _WRITTEN:
        letters = "".join(chr(65 + int(n)) for n in rng.integers(26, size=int(rng.integers(2, 7))))
        canvas.write(letters, at, radii[0] * rng.uniform(0.9, 1.4), ink + int(rng.integers(0, 3)))
        return
    for place in np.linspace(-0.5, 0.5, int(rng.integers(2, 7))):
        letter = at + np.array([place * radii[0], 0]) + rng.uniform(-0.25, 0.25, (4, 2)) * radii[1]
        canvas.stroke(letter, ink)
