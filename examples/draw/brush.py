"""A sheet of paper to draw on: tapered ink strokes, inked forms that hide what lies behind them, colour hints.

Forms are laid one over another as a painter would: each covers with paper white what is under it, so that no
hidden line shows through. Everything lands in one of two groups of the SVG, ``line`` or ``hints``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import cos, pi, radians, sin

from .curves import Point, area, directions, lengths, pieces, read, ribbon, thin

INK = "#15131a"
PAPER = "#ffffff"
LIGHT = (-0.5, -0.87)  # light falls from the upper left, so outlines swell on the lower right
TAPER = 0.38  # share of a stroke over which it swells from its tip to full width

Matrix = tuple[float, float, float, float, float, float]


class Sheet:
    """One drawing of `width` x `height` px, built from the back to the front."""

    def __init__(self, title: str, width: int, height: int) -> None:
        self.title, self.width, self.height = title, width, height
        self._line: list[str] = []
        self._hints: list[str] = []
        self._matrix: Matrix = (1, 0, 0, 1, 0, 0)

    @contextmanager
    def placed(
        self, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, flip: bool = False
    ) -> Iterator[None]:
        """What is drawn inside is flipped, scaled, turned (degrees, clockwise) about (0, 0), then moved to (x, y)."""
        before = self._matrix
        c, s = scale * cos(radians(turn)), scale * sin(radians(turn))
        f = -1 if flip else 1
        self._matrix = _joined(before, (c * f, s * f, -s, c, x, y))
        yield
        self._matrix = before

    @contextmanager
    def turned(self, turn: float, x: float, y: float) -> Iterator[None]:
        """What is drawn inside is turned by `turn` degrees about (x, y)."""
        with self.placed(x, y, turn=turn), self.placed(-x, -y):
            yield

    def form(self, path: str, width: float, lit: float = 0.5) -> None:
        """A closed shape: paper inside, an outline that swells by `lit` away from the light."""
        self.mask(path)
        cut = pieces(self._marks(path), closed=True)
        turning = 1 if area([p for piece in cut for p in piece]) > 0 else -1
        for piece in cut:
            widths = [_shaded(width, way, turning, lit) for way in directions(piece)]
            if len(cut) == 1:
                widths[-1] = widths[0]
            self._fill([ribbon(piece, widths)], INK)

    def mask(self, path: str) -> None:
        """Paper over whatever the closed path encloses, without an outline."""
        self._fill([_joint(pieces(self._marks(path), closed=True))], PAPER)

    def blot(self, path: str) -> None:
        """A closed shape filled with ink."""
        self._fill([_joint(pieces(self._marks(path), closed=True))], INK)

    def ink(self, path: str, width: float, start: float = 0.12, end: float = 0.12) -> None:
        """An open stroke, `width` px at its fullest, `start` and `end` of that at its tips."""
        cut = pieces(self._marks(path), closed=False)
        total = sum(lengths(piece)[-1] for piece in cut)
        done = 0.0
        for piece in cut:
            along = [(done + far) / total for far in lengths(piece)]
            self._fill([ribbon(piece, [width * _swell(t, start, end) for t in along])], INK)
            done += lengths(piece)[-1]

    def disc(self, x: float, y: float, rx: float, ry: float, width: float) -> None:
        """An inked ellipse."""
        self.form(oval(x, y, rx, ry), width)

    def dot(self, x: float, y: float, rx: float, ry: float) -> None:
        """An ellipse filled with ink."""
        self.blot(oval(x, y, rx, ry))

    def hint(self, path: str, color: str, width: float = 14) -> None:
        """A stroke of colour with round ends."""
        cut = pieces(self._marks(path), closed=False)
        d = _data([p for piece in cut for p in piece], closed=False)
        self._hints.append(f'<path d="{d}" stroke="{color}" stroke-width="{width:g}"/>')

    def svg(self) -> str:
        """The whole drawing as SVG text."""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        hints = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
                f"<title>{self.title}</title>",
                '<g id="line">',
                *self._line,
                "</g>",
                f'<g id="hints" {hints}>',
                *self._hints,
                "</g>",
                "</svg>\n",
            ]
        )

    def _marks(self, path: str) -> list[tuple[Point, bool]]:
        a, b, c, d, e, f = self._matrix
        return [((a * x + c * y + e, b * x + d * y + f), corner) for (x, y), corner in read(path)]

    def _fill(self, polygons: Sequence[Sequence[Point]], color: str) -> None:
        d = "".join(_data(polygon, closed=True) for polygon in polygons)
        self._line.append(f'<path d="{d}" fill="{color}"/>')


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """The path of an ellipse."""
    turns = [2 * pi * k / 12 for k in range(12)]
    return " ".join(f"{x + rx * cos(t):.2f},{y + ry * sin(t):.2f}" for t in turns)


def _joined(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def _joint(cut: Sequence[Sequence[Point]]) -> list[Point]:
    return [point for piece in cut for point in piece]


def _shaded(width: float, way: Point, turning: int, lit: float) -> float:
    outward = (way[1] * turning, -way[0] * turning)
    facing = outward[0] * LIGHT[0] + outward[1] * LIGHT[1]
    return width * (1 - lit * 0.45 - facing * lit * 0.55)


def _swell(t: float, start: float, end: float) -> float:
    def ease(u: float) -> float:
        u = min(1.0, max(0.0, u))
        return u * (2 - u)

    return (start + (1 - start) * ease(t / TAPER)) * (end + (1 - end) * ease((1 - t) / TAPER))


def _data(points: Sequence[Point], closed: bool) -> str:
    """Path data in tenths of a pixel, relative, so that files stay small and equal everywhere."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in thin(points)]
    (x, y), *rest = tenths
    out = [f"M{x / 10:g},{y / 10:g}l"]
    for u, v in rest:
        out.append(f"{(u - x) / 10:g},{(v - y) / 10:g} ")
        x, y = u, v
    return "".join(out).rstrip() + ("z" if closed else "")
