"""Pages of several drawings, for what is to be known of what drawings depict: art whose colours are named shows one
large figure a picture, and on an artist's page a face may be small, with trees behind it, on a meadow under a sky.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator as Random
from numpy.typing import NDArray

from .animals import bird, sitting, standing
from .buildings import cottage, house
from .canvas import Canvas
from .flats import Mask
from .light_truth import page as blank_page
from .pack import Pack, Pair, PairInfo
from .people import bust, person
from .scenery import backdrop, bush, cloud, fence, fir, panels, path, potted, sprig, sun, table, tree, trunk
from .semantic_truth import FOLIAGE, SKY, grows, named_by, told
from .things import balloon, flower, frame, fruit, lamp, mushroom, robot, served, teapot, vessel

_SIZES = ((512, 512), (512, 400), (400, 512), (512, 360), (340, 512))  # px, height and width
_OUTDOORS, _SKY, _MEADOW = 0.55, 0.85, 0.75  # of the pages; of these; of the grounds
_TABLE, _BACKDROP = 0.3, 0.8  # of the pages indoors have one; of the others have one
_LAID = (vessel, teapot, served, served, fruit, lamp, potted, flower, mushroom)  # what stands on tables
_HUDDLED = 0.4  # of the tables have all of it close together: wall and table show between things
_MOON = 0.25  # of the animals have one behind them, or the sun; of those that sit mostly behind their heads
_CROWDED = 0.3  # of the portraits have others before them
_BEFORE, _FLANKED = 0.8, 0.4  # of the backdrops have somebody before them; of these some have leaves on both sides
_MANY = ((1, 0.2), (2, 0.2), (3, 0.2), (4, 0.15), (6, 0.15), (8, 0.1))  # drawings on a page, and how often
# of which a page's first drawing is, and the rest; named is what has a source that names colours of skin, people or not
_MAIN = {"named": 0.2, "plants": 0.08, "others": 0.15, "bust": 0.22, "person": 0.2, "animal": 0.15}
_REST = {"named": 0.2, "plants": 0.2, "others": 0.2, "bust": 0.03, "person": 0.12, "animal": 0.1, "thing": 0.15}
_LARGE, _SMALL = (0.4, 0.9), (0.12, 0.4)  # of the page's long side
_TALL = (0.12, 0.8)  # so is scenery
_PATH, _TRUNK, _PANELS = 0.6, 0.12, 0.12  # of the pages outdoors, twice; of all
_SCENERY = {
    "tree": (tree,), "fir": (fir,), "bush": (bush,), "potted": (potted,), "house": (house, cottage), "sprig": (sprig,),
    "fence": (fence,), "wild": (mushroom, flower),
}  # fmt: skip
_INDOORS = ("potted", "sprig", "wild")
_DRAWN = _SCENERY | {
    "bust": (bust,), "person": (person,), "animal": (sitting, sitting, standing, bird),
    "thing": (vessel, teapot, fruit, mushroom, flower, robot, frame, balloon, served, lamp),
}  # fmt: skip
_LINE = 230  # of 255: darker is line


@dataclass(frozen=True)
class Page:
    """``pair``: line art and colours; ``told``: as `semantic_truth.told`."""

    pair: Pair
    told: NDArray[np.int8]


@dataclass(frozen=True)
class Pages:
    """``groups``: of `_MAIN`'s names, numbers of the pairs to learn from by source."""

    pack: Pack
    groups: dict[str, tuple[tuple[int, ...], ...]]

    @classmethod
    def of(cls, pack: Pack) -> Pages:
        """There are none without a source that names colours of skin."""
        found: dict[str, dict[str, list[int]]] = {name: {} for name in _MAIN}
        for number in pack.indices("train"):
            info = pack.infos[number]
            named = named_by(info.source)
            if named.painted or named.shows == "scenes":
                continue
            name = "plants" if grows(info) else "named" if len(named.skin) else "others"
            found[name].setdefault(info.source, []).append(number)
        return cls(pack, {name: tuple(map(tuple, sources.values())) for name, sources in found.items() if sources})

    @property
    def any(self) -> bool:
        return "named" in self.groups

    def __getitem__(self, number: int) -> Page:
        """Page ``number``, the same whenever it is asked for."""
        rng = np.random.default_rng([11, number])
        height, width = _SIZES[rng.integers(len(_SIZES))]
        canvas, base = Canvas(height, width), height * rng.uniform(0.45, 0.8)
        outdoors, others = rng.random() < _OUTDOORS, True
        if outdoors:
            _draw_land(canvas, base, rng)
        elif rng.random() < _TABLE:
            _draw_table(canvas, base, rng)
        elif rng.random() < _BACKDROP:
            others = not _draw_portrait(canvas, rng) or rng.random() < _CROWDED
        for foot, middle, size, of in self._places(canvas, base if outdoors else None, rng) if others else ():
            if of == "animal" and rng.random() < _MOON:
                behind = np.array([middle, foot - 0.8 * size]) + rng.uniform(-0.4, 0.4, 2) * size
                sun(canvas, behind[0], behind[1], size * rng.uniform(0.6, 1.4), rng)
            if of in _DRAWN:
                draw = _DRAWN[of]
                draw[rng.integers(len(draw))](canvas, middle, foot, size, rng)
            else:
                _draw_figure(canvas, self._pair(of, rng), (foot, middle), size, rng)
        if rng.random() < _PANELS:
            for _ in range(int(rng.integers(0, 4))):
                size = max(height, width) * rng.uniform(0.15, 0.4)
                balloon(canvas, width * rng.uniform(0, 1), height * rng.uniform(0.15, 0.5), size, rng)
            panels(canvas, rng)
        info = PairInfo(f"page/{number}", "page", "", "real", "train", 1.0, width, height)
        return Page(Pair(canvas.line, canvas.color, info), canvas.told)

    def _places(self, canvas: Canvas, base: float | None, rng: Random) -> list[tuple[float, float, float, str]]:
        """Where things stand, those further back first: foot, middle and size in px, and what each is: a drawing of one
        of the groups, or scenery."""
        height, width = canvas.line.shape
        many, often = zip(*_MANY, strict=True)
        count = int(rng.choice(many, p=often))
        places = []
        for nth in range(count):
            chances = _REST if nth else _MAIN
            of = str(rng.choice(list(chances), p=list(chances.values())))
            large = count <= 2 or (nth == 0 and rng.random() < 0.6)
            size = max(height, width) * rng.uniform(*(_LARGE if large else _SMALL))
            bottom = rng.uniform(0.3, 1.02) * height if base is None else base + rng.random() * (height - base)
            places.append(
                (height * rng.uniform(0.85, 1.1) if large else bottom, width * rng.uniform(0.08, 0.92), size, of)
            )
        for _ in range(int(rng.choice([0, 1, 2, 4, 7] if base is not None else [0, 0, 1, 2, 4]))):
            of = str(rng.choice(list(_SCENERY if base is not None else _INDOORS)))
            size = max(height, width) * rng.uniform(*_TALL)
            foot = rng.uniform(base or height * 0.5, height)
            places.append((foot, width * rng.uniform(0, 1), size * (0.5 + foot / height / 2), of))
        return sorted(places)

    def _pair(self, of: str, rng: Random) -> Pair:
        groups = self.groups.get(of) or self.groups["named"]
        chances = np.sqrt([len(group) for group in groups])
        return self.pack[int(rng.choice(groups[int(rng.choice(len(groups), p=chances / chances.sum()))]))]


def _draw_land(canvas: Canvas, base: float, rng: Random) -> None:
    """Sky, grounds one before another, and what lies in them. ``base``: y of the nearest one's upper edge, about."""
    height, width = canvas.line.shape
    _draw_sky(canvas, rng)
    _draw_air(canvas, base, rng)
    for behind in range(int(rng.integers(0, 3)), -1, -1):
        _draw_ground(canvas, base - height * rng.uniform(0.0, 0.15) * (behind > 0), rng)
    if rng.random() < _PATH:
        path(canvas, base + 0.05 * height, rng)  # the edge wavers by so much
    if rng.random() < _TRUNK:
        trunk(canvas, width * rng.uniform(0, 1), rng.uniform(base, height), max(height, width), rng)


def _draw_table(canvas: Canvas, edge: float, rng: Random) -> None:
    """With what stands on it and hangs on the wall. ``edge``: y of its end."""
    height, width = canvas.line.shape
    long = max(height, width)
    table(canvas, edge, rng)
    if rng.random() < 0.5:
        frame(canvas, width * rng.uniform(0.1, 0.9), edge * rng.uniform(0.5, 0.9), long * rng.uniform(0.2, 0.5), rng)
    at, spread = (rng.uniform(0.3, 0.7), 0.2) if rng.random() < _HUDDLED else (0.5, 0.45)
    for foot in sorted(rng.uniform(edge + 0.02 * height, height * 0.98, int(rng.integers(1, 7)))):
        draw = _LAID[rng.integers(len(_LAID))]
        draw(canvas, width * (at + rng.uniform(-spread, spread)), foot, long * rng.uniform(0.15, 0.5), rng)


def _draw_portrait(canvas: Canvas, rng: Random) -> bool:
    """A backdrop, and somebody in front of it more often than not: whether there is."""
    height, width = canvas.line.shape
    backdrop(canvas, rng)
    if rng.random() > _BEFORE:
        return False
    if rng.random() < _FLANKED:
        for x in (0.12, 0.88):
            sprig(canvas, width * x, height * rng.uniform(0.8, 1.0), height * rng.uniform(0.2, 0.5), rng)
    draw = bust if rng.random() < 0.75 else sitting
    draw(canvas, width * rng.uniform(0.4, 0.6), height * rng.uniform(0.95, 1.1), height * rng.uniform(0.55, 0.85), rng)
    return True


def _draw_sky(canvas: Canvas, rng: Random) -> None:
    if rng.random() < _SKY:
        canvas.color[:] = rng.integers((90, 170, 220), (200, 230, 256))
        canvas.told[:] = 0  # no paper is left
        canvas.told[..., SKY] = 1
    else:
        canvas.told[..., SKY] = -1  # left white it may be one


def _draw_air(canvas: Canvas, base: float, rng: Random) -> None:
    width = canvas.line.shape[1]
    for _ in range(int(rng.choice([0, 0, 1, 2, 4]))):
        cloud(canvas, rng.uniform(0, width), rng.uniform(0, base * 0.6), width * rng.uniform(0.1, 0.4), rng)
    if rng.random() < 0.3:
        sun(canvas, rng.uniform(0, width), rng.uniform(0, base * 0.7), width * rng.uniform(0.2, 0.9), rng)


def _draw_ground(canvas: Canvas, top: float, rng: Random) -> None:
    """A ground that ends in a wavering line, over what lies behind, a meadow more often than not; with some grass."""
    height, width = canvas.line.shape
    knots = int(rng.integers(3, 9))
    at = np.interp(
        np.arange(width),
        np.linspace(0, width, knots),
        top + rng.normal(0, height * rng.choice([0.004, 0.02, 0.05]), knots),
    )
    at = cv2.GaussianBlur(at[None].astype(np.float32), (0, 0), width * 0.03)[0]
    horizon = np.stack([np.arange(width), at], 1)
    shape = np.concatenate([horizon, [[width, height + 2], [0, height + 2]]]).astype(np.int32)
    inside = cv2.fillPoly(np.zeros((height, width), np.uint8), [shape], 1) > 0
    meadow = rng.random() < _MEADOW
    canvas.color[inside] = rng.integers((60, 140, 40), (170, 220, 120)) if meadow else rng.integers(90, 235, 3)
    canvas.told[inside] = 0
    canvas.told[inside, FOLIAGE] = 1 if meadow else -1
    canvas.line[inside] = 255
    cv2.polylines(canvas.line, [horizon.astype(np.int32)], False, 0, int(rng.integers(1, 4)), cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 9))):
        x, y, size = (
            int(rng.integers(width)),
            int(rng.uniform(min(top, height - 4), height - 3)),
            int(rng.integers(4, 12)),
        )
        for lean in (-1, 0, 1):
            cv2.line(canvas.line, (x + lean * 2, y), (x + lean * size // 2, y - size), 0, 1, cv2.LINE_AA)


def _draw_figure(canvas: Canvas, pair: Pair, foot: tuple[float, float], size: float, rng: Random) -> None:
    """What of ``pair`` is no page, with its lower end at ``foot``, y and x; what is outside of the page is lost."""
    figure = ~blank_page(pair.color) | (pair.line < _LINE)
    rows, columns = np.flatnonzero(figure.any(1)), np.flatnonzero(figure.any(0))
    if len(rows) < 2 or len(columns) < 2:
        return
    across = slice(columns[0], columns[-1] + 1)
    parts = [
        one[rows[0] : rows[-1] + 1, across] for one in (pair.line, pair.color, told(pair.color, pair.meta), figure)
    ]
    if rng.random() < 0.5:
        parts = [one[:, ::-1] for one in parts]
    scale = size / max(parts[0].shape)
    to = max(8, int(parts[0].shape[1] * scale)), max(8, int(parts[0].shape[0] * scale))
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    drawn = cv2.resize(np.ascontiguousarray(parts[0]), to, interpolation=smooth)
    paint, said, shape = (
        cv2.resize(np.ascontiguousarray(one, np.uint8), to, interpolation=cv2.INTER_NEAREST) for one in parts[1:]
    )
    top, left = int(foot[0] - to[1]), int(foot[1] - to[0] / 2)
    height, width = canvas.line.shape
    y, x = slice(max(0, top), min(height, top + to[1])), slice(max(0, left), min(width, left + to[0]))
    if y.stop - y.start < 8 or x.stop - x.start < 8:
        return
    own = np.s_[y.start - top : y.stop - top, x.start - left : x.stop - left]
    inside: Mask = shape[own] > 0
    canvas.color[y, x][inside], canvas.told[y, x][inside] = paint[own][inside], said[own][inside].view(np.int8)
    canvas.line[y, x] = np.where(inside, drawn[own], np.minimum(canvas.line[y, x], drawn[own]))
