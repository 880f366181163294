"""What people wear and carry, drawn in code for `people`: seams, buttons, pockets and folds that part cloth of one
colour, cloaks, bags, scarves, boots, and a staff before it all.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, Canvas, Color, Points, box, egg, one_of, rounded
from .faces import Head
from .semantic_truth import WOOD

_SCARF = 0.35  # of whoever is drawn whole
_WOODEN = ((90, 60, 30), (170, 130, 90))  # of 255, from and to


def cloak(canvas: Canvas, head: Head, neck: float, low: float, half: float, rng: Random) -> None:
    """Behind body and legs, from the shoulders down to ``low``. ``neck``, ``low``: y, ``half``: of the body's width,
    px."""
    x, wide, color = head.at[0], half * rng.uniform(1.3, 2.4), one_of(ANY, rng)
    shape = np.array([[x - half, neck], [x + half, neck], [x + wide, low], [x - wide, low]])
    canvas.fill(shape, color, ink=head.ink)
    for place in np.linspace(-0.8, 0.8, int(rng.integers(0, 5))):
        canvas.stroke(np.array([[x + place * half, neck + (low - neck) * 0.4], [x + place * wide, low]]), head.ink)


def seams(canvas: Canvas, head: Head, top: float, low: float, half: float, flare: float, rng: Random) -> None:
    """On a coat that is ``half`` wide at its ``top``, y, and ``flare`` times that where it ends: an open front, folds,
    a hem, buttons and pockets. What they part is of one colour."""
    x, ink, tall = head.at[0], max(1, head.ink - 1), low - top
    if rng.random() < 0.4:
        front = x + half * rng.uniform(-0.2, 0.2)
        canvas.stroke(np.array([[front, top], [front + half * rng.uniform(-0.1, 0.1), low]]), head.ink)
    for place in rng.uniform(-0.9, 0.9, int(rng.choice([0, 0, 2, 4]))):
        begin = top + tall * rng.uniform(0.2, 0.7)
        canvas.stroke(np.array([[x + place * half, begin], [x + place * half * flare, low]]), ink)
    if rng.random() < 0.3:
        share, y = 1 + (flare - 1) * 0.9, low - tall * 0.1
        canvas.stroke(np.array([[x - half * share, y], [x + half * share, y]]), ink)
    if rng.random() < 0.5:
        color, many = one_of(ANY, rng), int(rng.integers(2, 6))
        for y in np.linspace(top + tall * 0.15, top + tall * 0.75, many):
            canvas.fill(egg(np.array([x, y]), np.full(2, max(1.5, half * 0.07))), color, ink=1)
    if rng.random() < 0.3:
        color = _under(canvas, np.array([x + half * 0.5, low - tall * 0.2]))
        for side in (-1, 1):
            canvas.fill(box(x + side * half * 0.5, low - tall * 0.15, half * 0.25, tall * 0.2), color, ink=ink)


def carried(canvas: Canvas, head: Head, heights: tuple[float, float], half: float, rng: Random) -> None:
    """A bag on a strap, and the ends of a scarf, now and then. ``heights``: y of neck and hip."""
    side, (neck, hip) = float(rng.choice([-1, 1])), heights
    if rng.random() < 0.3:
        _bag(canvas, head, side, (neck, hip), half, rng)
    if rng.random() < _SCARF:
        scarf(canvas, head, side, (neck, hip), half, rng)


def _bag(canvas: Canvas, head: Head, side: float, heights: tuple[float, float], half: float, rng: Random) -> None:
    """With a flap, on one hip, its strap over the other shoulder. ``heights``: y of neck and hip."""
    neck, hip = heights
    color, at = one_of(ANY, rng), np.array([head.at[0] - side * half * 1.1, hip])
    strap, thick = np.array([[head.at[0] + side * half * 0.8, neck], at - [0, half * 0.3]]), np.array([half * 0.1, 0])
    canvas.fill(np.concatenate([strap - thick, (strap + thick)[::-1]]), color, ink=head.ink)
    canvas.fill(box(at[0], at[1] + half * 0.5, half * 0.5, half * 0.8), color, ink=head.ink)
    canvas.fill(box(at[0], at[1], half * 0.52, half * 0.35), _shade(color, rng), ink=head.ink)


def scarf(canvas: Canvas, head: Head, side: float, heights: tuple[float, float], half: float, rng: Random) -> None:
    """Around the neck, one or two ends hanging down or flying in the wind. ``heights``: y of neck and hip."""
    neck, hip = heights
    color = one_of(ANY, rng)
    for _ in range(1 if rng.random() < 0.6 else 2):
        start = np.array([head.at[0] + side * half * rng.uniform(0.2, 0.7), neck])
        angle = np.radians(rng.uniform(-10, 60) if rng.random() < 0.4 else rng.uniform(50, 120))  # 0: straight down
        way = (hip - neck) * rng.uniform(0.3, 1.1) * np.array([side * np.sin(angle), np.cos(angle)])
        _scarf_end(canvas, start, way, half * rng.uniform(0.12, 0.22), color, head.ink, rng)
    canvas.fill(egg(np.array([head.at[0], neck]), half * rng.uniform((0.7, 0.25), (0.9, 0.4))), color, ink=head.ink)
    for place in rng.uniform(-0.6, 0.6, int(rng.choice([0, 1, 3]))):
        fold = np.array([[place, -0.15], [place + rng.uniform(-0.3, 0.3), 0.2]]) * half + [head.at[0], neck]
        canvas.stroke(fold, max(1, head.ink - 1))


def _scarf_end(canvas: Canvas, start: Points, way: Points, thick: float, color: Color, ink: int, rng: Random) -> None:
    """A band that wavers along ``way`` and widens, with stripes or a fringe now and then. ``thick``: half its width
    where it begins, px."""
    along, forward = np.linspace(0, 1, 12), way / max(1e-3, float(np.hypot(*way)))
    across = np.array([-forward[1], forward[0]])
    waver = thick * rng.uniform(0, 1.2) * np.sin(along * rng.uniform(2, 7) + rng.uniform(0, 6)) * along
    middle = start + along[:, None] * way + waver[:, None] * across
    wide = (thick * (1 + along * rng.uniform(0, 0.8)))[:, None] * across
    canvas.fill(np.concatenate([middle - wide, (middle + wide)[::-1]]), color, ink=ink)
    other = color if rng.random() < 0.6 else one_of(ANY, rng)
    for place in sorted(rng.choice(np.arange(4, 10), int(rng.choice([0, 1, 2])), replace=False)):
        here = slice(place, place + 2)
        canvas.fill(np.concatenate([middle[here] - wide[here], (middle[here] + wide[here])[::-1]]), other, ink=ink)
    if rng.random() < 0.5:
        thread = forward * thick * rng.uniform(0.5, 1.2)
        for place in np.linspace(-1, 1, int(rng.integers(3, 8))):
            root = middle[-1] + place * wide[-1]
            canvas.stroke(np.stack([root, root + thread]), max(1, ink - 1))


def staff_of(head: Head, heights: tuple[float, float], half: float, rng: Random) -> Points:
    """The ends of a staff before or beside somebody, the upper one first, (2, 2): from above the head or below it down
    to the ground. ``heights``: y of neck and foot."""
    side, (neck, foot) = float(rng.choice([-1, 1])), heights
    upper = head.at[0] + side * half * rng.uniform(0.6, 2.6)
    lower, top = upper + half * rng.uniform(-0.3, 0.3), neck - (foot - neck) * rng.uniform(-0.1, 0.3)
    return np.array([[upper, top], [lower, foot]])


def staff(canvas: Canvas, head: Head, ends: Points, half: float, rng: Random) -> None:
    """With a knob or a crook now and then. ``ends``: as `staff_of` says, ``half``: of the body's width, px."""
    thick, color = np.array([half * 0.07 + 1, 0]), one_of(_WOODEN, rng)
    canvas.fill(np.concatenate([ends - thick, (ends + thick)[::-1]]), color, WOOD, head.ink)
    kind = rng.random()
    if kind < 0.4:
        canvas.fill(egg(ends[0], np.full(2, thick[0] * rng.uniform(2, 4))), one_of(ANY, rng), ink=head.ink)
    elif kind < 0.7:
        crook = _bent(ends[0], half * rng.uniform(0.15, 0.35), thick[0], float(rng.choice([-1, 1])), rng)
        canvas.fill(crook, color, WOOD, head.ink)


def _bent(at: Points, radius: float, thick: float, side: float, rng: Random) -> Points:
    """The crook of a staff that ends at ``at`` and is twice as wide as ``thick``, px."""
    turn = np.pi - np.linspace(0, rng.uniform(1.0, 1.6) * np.pi, 14)
    way, middle = np.stack([side * np.cos(turn), -np.sin(turn)], 1), at + np.array([side * radius, 0])
    return np.concatenate([middle + (radius + thick) * way, (middle + (radius - thick) * way)[::-1]])


def boot(canvas: Canvas, at: Points, wide: float, side: int, high: float, color: Color, ink: int, rng: Random) -> None:
    """``at``: the middle of its sole, ``wide``: half the leg's width, ``high``: of the shaft, px."""
    if high > wide:
        canvas.fill(box(at[0], at[1], wide * 1.1, high), color, ink=ink)
        if rng.random() < 0.5:
            canvas.fill(box(at[0], at[1] - high * 0.85, wide * 1.25, high * 0.2), _shade(color, rng), ink=ink)
        for place in rng.uniform(0.3, 0.7, int(rng.choice([0, 0, 2]))):
            y = at[1] - high * place
            canvas.stroke(np.array([[at[0] - wide, y], [at[0] + wide, y]]), max(1, ink - 1))
    toe = np.array([at[0] + side * wide * 0.4, at[1] - wide * 0.6])
    canvas.fill(egg(toe, np.array([wide * 1.5, wide * 0.9])), color, ink=ink)
    if rng.random() < 0.3:
        sole = rounded(np.array([[-1.5, -0.1], [1.5, -0.1], [1.4, 0.35], [-1.4, 0.35]]) * wide + [toe[0], at[1]])
        canvas.fill(sole, _shade(color, rng), ink=ink)


def _shade(color: Color, rng: Random) -> Color:
    """The same colour, or another."""
    return color if rng.random() < 0.4 else one_of(ANY, rng)


def _under(canvas: Canvas, at: Points) -> Color:
    height, width = canvas.line.shape
    y, x = int(np.clip(at[1], 0, height - 1)), int(np.clip(at[0], 0, width - 1))
    return np.asarray(canvas.color[y, x].astype(int))
