"""Smooth curves through a few points, and the outline a brush of changing width leaves along them.

A path is written as text: ``"10,20 40,60! 90,60"``. The curve runs smoothly through the points (centripetal
Catmull-Rom; Barry and Goldman 1988); ``!`` marks a corner, and two corners in a row make a straight line.
All numbers are pixels of the drawing, y down.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin

Point = tuple[float, float]

STEP = 2.0  # px between samples of a curve
FLAT = 0.08  # px a drawn polygon may stray from its samples


def read(path: str) -> list[tuple[Point, bool]]:
    """The points of a path with their corner marks."""
    marks = []
    for word in path.split():
        x, y = word.rstrip("!").split(",")
        marks.append(((float(x), float(y)), word.endswith("!")))
    return marks


def pieces(marks: Sequence[tuple[Point, bool]], closed: bool) -> list[list[Point]]:
    """Sampled smooth pieces of a path, cut at its corners; a closed path without corners is one piece."""
    points = [point for point, _ in marks]
    corners = [i for i, (_, corner) in enumerate(marks) if corner]
    if closed and not corners:
        return [_spline([points[-1], *points, points[0], points[1]])]
    if closed:
        first = corners[0]
        points = [*points[first:], *points[:first], points[first]]
        corners = [i - first for i in corners] + [len(points) - 1]
    cuts = sorted({0, len(points) - 1, *corners})
    return [_piece(points[a : b + 1]) for a, b in pairwise(cuts)]


def _piece(points: list[Point]) -> list[Point]:
    """An open piece; the curve's ends get phantom neighbours so that it arrives without a kink."""
    (ax, ay), (bx, by) = points[0], points[1]
    (cx, cy), (dx, dy) = points[-2], points[-1]
    return _spline([(2 * ax - bx, 2 * ay - by), *points, (2 * dx - cx, 2 * dy - cy)])


def _spline(points: list[Point]) -> list[Point]:
    out = [points[1]]
    for a, b, c, d in zip(points, points[1:], points[2:], points[3:], strict=False):
        count = max(2, round(hypot(c[0] - b[0], c[1] - b[1]) / STEP))
        out += [_catmull_rom(a, b, c, d, i / count) for i in range(1, count + 1)]
    return out


def _catmull_rom(a: Point, b: Point, c: Point, d: Point, u: float) -> Point:
    k0 = 0.0
    k1 = k0 + max(1e-6, hypot(b[0] - a[0], b[1] - a[1])) ** 0.5
    k2 = k1 + max(1e-6, hypot(c[0] - b[0], c[1] - b[1])) ** 0.5
    k3 = k2 + max(1e-6, hypot(d[0] - c[0], d[1] - c[1])) ** 0.5
    t = k1 + (k2 - k1) * u

    def mix(p: Point, q: Point, s: float, e: float) -> Point:
        f = (t - s) / (e - s)
        return (p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f)

    ab, bc, cd = mix(a, b, k0, k1), mix(b, c, k1, k2), mix(c, d, k2, k3)
    return mix(mix(ab, bc, k0, k2), mix(bc, cd, k1, k3), k1, k2)


def lengths(points: Sequence[Point]) -> list[float]:
    """Arc length from the first point to each point."""
    out = [0.0]
    for (ax, ay), (bx, by) in pairwise(points):
        out.append(out[-1] + hypot(bx - ax, by - ay))
    return out


def directions(points: Sequence[Point]) -> list[Point]:
    """Unit direction of travel at each point."""
    out = []
    for i in range(len(points)):
        (ax, ay), (bx, by) = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
        size = hypot(bx - ax, by - ay) or 1.0
        out.append(((bx - ax) / size, (by - ay) / size))
    return out


def ribbon(points: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """The polygon a round brush leaves: one side out, a round end, the other side back."""
    ways = directions(points)
    left = [(x - w / 2 * dy, y + w / 2 * dx) for (x, y), (dx, dy), w in zip(points, ways, widths, strict=True)]
    right = [(x + w / 2 * dy, y - w / 2 * dx) for (x, y), (dx, dy), w in zip(points, ways, widths, strict=True)]
    end = _cap(points[-1], ways[-1], widths[-1])
    start = _cap(points[0], (-ways[0][0], -ways[0][1]), widths[0])
    return [*left, *end, *reversed(right), *start]


def _cap(at: Point, way: Point, width: float) -> list[Point]:
    if width < 1:
        return [at]
    angle = atan2(way[1], way[0])
    turns = [pi / 2 - pi * k / 6 for k in range(1, 6)]
    return [(at[0] + width / 2 * cos(angle + t), at[1] + width / 2 * sin(angle + t)) for t in turns]


def thin(points: Sequence[Point], tolerance: float = FLAT) -> list[Point]:
    """Drops points the eye cannot miss (Douglas and Peucker 1973)."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        a, b = spans.pop()
        (ax, ay), (bx, by) = points[a], points[b]
        size = hypot(bx - ax, by - ay)
        worst, where = tolerance, 0
        for i in range(a + 1, b):
            x, y = points[i]
            away = abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / size if size > 1e-9 else hypot(x - ax, y - ay)
            if away > worst:
                worst, where = away, i
        if where:
            keep.add(where)
            spans += [(a, where), (where, b)]
    return [points[i] for i in sorted(keep)]


def area(points: Sequence[Point]) -> float:
    """Signed area of a polygon; its sign tells which way round it runs."""
    turned = [*points[1:], points[0]]
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, turned, strict=True)) / 2
