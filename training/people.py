"""People drawn in code for `pages`, from the bust up or whole, with what each of their pixels depicts: open collars,
necks, hands and bare legs, which pictures of the training art seldom have drawn so. Their heads are those of `faces`.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator as Random

from .canvas import ANY, Canvas, Color, Points, box, egg, one_of, rounded
from .clothes import boot, carried, cloak, seams, staff, staff_of
from .faces import Head, behind, drawn_head, face
from .semantic_truth import SKIN, WHITE

_OPEN = 0.25  # of the coats
_STAFF = 0.4  # of whole figures have one
_AKIMBO, _WAVING = 0.25, 0.1  # of the other arms
_FIST = 0.28  # of half a body's width


def person(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """A figure from hat to boots, three to six heads high. ``x``: of its middle, ``foot``: y of its lower end,
    ``size``: its height, px."""
    ink, heads = int(rng.integers(1, 4)), rng.uniform(3.0, 6.0)
    high = size / heads / 2
    head = drawn_head(np.array([x, foot - size + high * 1.1]), high, ink, rng)
    cloth, trousers, shoes = (one_of(ANY, rng) for _ in range(3))
    neck, hip, half = foot - size + 2.1 * high, foot - size * rng.uniform(0.36, 0.5), high * rng.uniform(0.8, 1.2)
    bare = rng.random() < 0.4
    if rng.random() < 0.15:
        cloak(canvas, head, neck, foot - size * rng.uniform(0.02, 0.3), half, rng)
    behind(canvas, head, rng)
    _legs(canvas, head, hip, foot, half, None if bare else trousers, shoes, rng)
    held = staff_of(head, (neck, foot), half, rng) if rng.random() < _STAFF else None
    _arms(canvas, head, (neck, hip), half, cloth if rng.random() < 0.7 else None, held, rng)
    _torso(canvas, head, (neck, hip, foot), half, cloth, rng)
    face(canvas, head, rng)
    carried(canvas, head, (neck, hip), half, rng)
    if held is not None:
        staff(canvas, head, held, half, rng)
        grip = _grip(held, neck, hip)
        if abs(grip[0] - x) > half * 1.1:  # else its arm is behind the coat
            canvas.fill(egg(grip, np.full(2, half * _FIST)), head.skin, SKIN, ink)


def bust(canvas: Canvas, x: float, foot: float, size: float, rng: Random) -> None:
    """Head and shoulders; places as of `person`."""
    ink, high = int(rng.integers(1, 4)), size * rng.uniform(0.27, 0.36)
    head = drawn_head(np.array([x, foot - size + high * 1.15]), high, ink, rng)
    behind(canvas, head, rng)
    shoulders, cloth = rng.uniform(1.5, 2.3), one_of(ANY, rng)
    top = head.point(0, rng.uniform(1.15, 1.4))[1]
    left, right = head.point(-shoulders, 0)[0], head.point(shoulders, 0)[0]
    rise = rng.uniform(0.1, 0.4) * high
    body = [
        [x - head.wide * 0.5, top], [x + head.wide * 0.5, top], [right - head.wide * 0.3, top + rise],
        [right, foot], [left, foot], [left + head.wide * 0.3, top + rise],
    ]  # fmt: skip
    canvas.fill(rounded(np.array(body)) if rng.random() < 0.5 else np.array(body), cloth, ink=ink)
    if rng.random() < 0.5:
        seams(canvas, head, top + high * 0.5, foot, head.wide * 0.7, 1.3, rng)
    if rng.random() < 0.5:
        _armpits(canvas, head, (left, right), (top + high * rng.uniform(0.7, 1.2), foot), rng)
    canvas.fill(_box_of(head, rng.uniform(0.28, 0.42), 0.7, top + high * 0.12), head.skin, SKIN, ink)
    _neckline(canvas, head, top, rng)
    if rng.random() < 0.3:
        _bow(canvas, head, top, rng)
    face(canvas, head, rng)


def _legs(
    canvas: Canvas, head: Head, hip: float, foot: float, half: float, cloth: Color | None, shoes: Color, rng: Random
) -> None:
    """Bare without ``cloth``; ``half``: of the body's width, px."""
    shaft = (foot - hip) * rng.choice([0.0, 0.0, 0.25, 0.5])
    for side in (-1, 1):
        x = head.at[0] + half * 0.5 * side
        wide = half * rng.uniform(0.22, 0.4)
        column = np.array([[x - wide, hip], [x + wide, hip], [x + wide, foot], [x - wide, foot]])
        canvas.fill(column, head.skin if cloth is None else cloth, SKIN if cloth is None else None, head.ink)
        boot(canvas, np.array([x, foot]), wide, side, shaft, shoes, head.ink, rng)


def _torso(
    canvas: Canvas, head: Head, heights: tuple[float, float, float], half: float, cloth: Color, rng: Random
) -> None:
    """A coat down to the hip or the knee, now and then open, belted or with a scarf. ``heights``: y of neck, hip and
    foot."""
    x, high, ink = head.at[0], head.high, head.ink
    neck, hip, foot = heights
    flare = rng.uniform(0.9, 1.8)
    canvas.fill(_box_of(head, 0.35, 0.8, neck + high * 0.3), head.skin, SKIN, ink)
    skirt = hip + (foot - hip) * rng.choice([0.0, 0.15, 0.4])
    torso = [[x - half, neck], [x + half, neck], [x + half * flare, skirt], [x - half * flare, skirt]]
    canvas.fill(rounded(np.array(torso)) if rng.random() < 0.4 else np.array(torso), cloth, ink=ink)
    if rng.random() < _OPEN:  # both sides of a jacket are of one cloth
        shirt, wide = one_of(ANY, rng), half * rng.uniform(0.15, 0.4)
        front = [[x - wide, neck], [x + wide, neck], [x + wide * flare, skirt], [x - wide * flare, skirt]]
        canvas.fill(np.array(front), shirt, ink=ink)
    seams(canvas, head, neck, skirt, half, flare, rng)
    if rng.random() < 0.5:
        canvas.fill(box(x, neck + (hip - neck) * 0.8, half * 1.05, high * 0.3), one_of(ANY, rng), ink=ink)
    if rng.random() < 0.3:
        canvas.fill(egg(np.array([x, neck]), np.array([half * 0.9, high * 0.3])), one_of(ANY, rng), ink=ink)


def _armpits(canvas: Canvas, head: Head, sides: tuple[float, float], heights: tuple[float, float], rng: Random) -> None:
    """Lines that part the arms of a bust from its breast: they are of one cloth. ``sides``: x, ``heights``: y."""
    inside = rng.uniform(0.15, 0.35) * (sides[1] - sides[0])
    for side, way in zip(sides, (1, -1), strict=True):
        line = [[side + way * inside, heights[0]], [side + way * inside * rng.uniform(0.7, 1.1), heights[1]]]
        canvas.stroke(np.array(line), head.ink)


def _neckline(canvas: Canvas, head: Head, top: float, rng: Random) -> None:
    """An open V, a round one, two wings of a collar, a scarf, or nothing. ``top``: y of the shoulders."""
    x, wide, high = head.at[0], head.wide, head.high
    kind = rng.integers(5)
    if kind == 0:
        low = top + high * rng.uniform(0.3, 0.8)
        canvas.fill(np.array([[x - wide * 0.45, top], [x + wide * 0.45, top], [x, low]]), head.skin, SKIN, head.ink)
    elif kind == 1:
        canvas.fill(egg(np.array([x, top]), np.array([wide * 0.6, high * 0.3])), head.skin, SKIN, head.ink)
    elif kind == 2:
        color = np.full(3, 255) if rng.random() < 0.5 else one_of(ANY, rng)
        for side in (-1, 1):
            wing = [(0, 0.1), (side * 0.7, -0.1), (side * 0.8, 0.35)]
            shape = np.array([[x + across * wide, top + down * high] for across, down in wing])
            canvas.fill(shape, color, WHITE if color.min() == 255 else None, head.ink)
    elif kind == 3:
        canvas.fill(egg(np.array([x, top]), np.array([wide * 0.9, high * 0.28])), one_of(ANY, rng), ink=head.ink)


def _bow(canvas: Canvas, head: Head, top: float, rng: Random) -> None:
    x, wide, high = head.at[0], head.wide, head.high
    color = one_of(ANY, rng)
    for side in (-1, 1):
        loop = [(0, 0.25), (side * 0.5, 0.05), (side * 0.5, 0.5)]
        canvas.fill(np.array([[x + across * wide, top + down * high] for across, down in loop]), color, ink=head.ink)
    canvas.fill(egg(np.array([x, top + high * 0.27]), np.full(2, wide * 0.12)), color, ink=head.ink)


def _arms(
    canvas: Canvas, head: Head, heights: tuple[float, float], half: float, sleeve: Color | None, held: Points | None,
    rng: Random,
) -> None:  # fmt: skip
    """Hanging or stretched, akimbo, waving, or at the staff that is ``held``; bare without a ``sleeve``. Between arm
    and body shows what lies behind. ``heights``: y of neck and hip."""
    thick, (neck, hip), x = half * rng.uniform(0.2, 0.32), heights, head.at[0]
    for side in (-1, 1):
        start = np.array([x + side * half * 0.9, neck + thick])
        elbow, end = _pose(start, side, hip, half, rng)
        if held is not None and (held[:, 0].mean() - x) * side > 0:
            end = _grip(held, neck, hip)
            elbow = (start + end) / 2 + np.array([0, (hip - neck) * rng.uniform(0, 0.25)])
        turn = end - elbow
        _hand(canvas, head, end, thick, float(np.arctan2(turn[0], turn[1])), rng)
        arm = _limb(np.stack([start, elbow, end]), thick)
        canvas.fill(arm, head.skin if sleeve is None else sleeve, SKIN if sleeve is None else None, head.ink)


def _pose(start: Points, side: int, hip: float, half: float, rng: Random) -> tuple[Points, Points]:
    """Where elbow and hand are of an arm that begins at ``start``. ``hip``: its y."""
    long, kind = hip - start[1], rng.random()
    if kind < _AKIMBO:
        elbow = start + np.array([side * rng.uniform(0.35, 0.6) * long, rng.uniform(0.4, 0.6) * long])
        return elbow, np.array([start[0] + side * half * rng.uniform(-0.1, 0.1), hip - long * rng.uniform(0, 0.2)])
    if kind < _AKIMBO + _WAVING:
        elbow = start + long * np.array([side * rng.uniform(0.3, 0.5), rng.uniform(0, 0.3)])
        return elbow, elbow + long * np.array([side * rng.uniform(0, 0.3), -rng.uniform(0.4, 0.6)])
    angle = np.radians(rng.uniform(-30, 80))
    end = start + long * np.array([side * np.sin(angle), np.cos(angle)])
    return (start + end) / 2, end


def _grip(held: Points, neck: float, hip: float) -> Points:
    """Where a hand is at a staff, as `clothes.staff_of` says."""
    upper, lower = held
    share = ((neck + hip) / 2 - upper[1]) / (lower[1] - upper[1])
    return np.asarray(upper + np.clip(share, 0.1, 0.9) * (lower - upper))


def _limb(middle: Points, thick: float) -> Points:
    """What a line of points (n, 2) is when it is ``thick`` to both sides, points (2 n, 2)."""
    way = np.gradient(middle, axis=0)
    across = thick * np.stack([-way[:, 1], way[:, 0]], 1) / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-3)
    return np.concatenate([middle + across, (middle - across)[::-1]])


def _hand(canvas: Canvas, head: Head, at: Points, thick: float, turn: float, rng: Random) -> None:
    """A mitten, or one with fingers. ``turn``: of the arm, radians from straight down."""
    if rng.random() < 0.5:
        for finger in np.linspace(-0.7, 0.7, 4):
            way = np.array([np.sin(turn + finger), np.cos(turn + finger)])
            canvas.fill(egg(at + way * thick * 1.5, np.full(2, thick * 0.42)), head.skin, SKIN, head.ink)
    canvas.fill(egg(at, np.full(2, thick * 1.2)), head.skin, SKIN, head.ink)


def _box_of(head: Head, half: float, top: float, low: float) -> Points:
    """From ``top`` of the head to ``low`` px."""
    left, right = head.point(-half, top), head.point(half, top)
    return np.array([left, right, [right[0], low], [left[0], low]])
