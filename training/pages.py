"""Pages of several drawings, for what is to be known of skin: art that names its skin tones shows one large figure a
picture, and on an artist's page a face may be small.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator as Random
from numpy.typing import NDArray

from .flats import Image
from .light_truth import page as blank_page
from .pack import Pack, Pair, PairInfo
from .sources import PAINTED, read_sources

_SIZES = ((512, 512), (512, 400), (400, 512), (512, 360))  # px, height and width
_GRIDS = ((1, 1), (1, 2), (2, 1), (1, 3), (2, 2))  # rows and columns of figures
_FILLS = (0.7, 0.98)  # of its place that a figure fills, each way
_GROUND = 0.5  # of the pages have some
_ALONE = 0.5  # of the figures stand before the ground's line, others behind
_LINE = 230  # of 255: darker is line


@dataclass(frozen=True)
class Pages:
    """``groups``: numbers of the pairs to learn from of each source that names skin tones."""

    pack: Pack
    groups: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, pack: Pack) -> Pages:
        named = [source.id for source in read_sources().values() if source.skin and PAINTED not in source.skin]
        groups: dict[str, list[int]] = {source: [] for source in named}
        for number in pack.indices("train"):
            groups.get(pack.infos[number].source, []).append(number)
        return cls(pack, tuple(tuple(group) for group in groups.values() if group))

    def __getitem__(self, number: int) -> Pair:
        """Page ``number``, the same whenever it is asked for: figures of one source, so that its tones are one set."""
        rng = np.random.default_rng([11, number])
        chances = np.sqrt([len(group) for group in self.groups])
        group = self.groups[int(rng.choice(len(self.groups), p=chances / chances.sum()))]
        height, width = _SIZES[rng.integers(len(_SIZES))]
        line, color = np.full((height, width), 255, np.uint8), np.full((height, width, 3), 255, np.uint8)
        if rng.random() < _GROUND:
            _draw_ground(line, color, rng)
        rows, columns = _GRIDS[rng.integers(len(_GRIDS))]
        for place in range(rows * columns):
            top, left = place // columns * height // rows, place % columns * width // columns
            part = np.s_[top : top + height // rows, left : left + width // columns]
            _draw_figure(line[part], color[part], self.pack[int(rng.choice(group))], rng)
        info = self.pack.infos[group[0]]
        return Pair(line, color, PairInfo(f"page/{number}", info.source, "", "real", "train", 1.0, width, height))


def _draw_ground(line: Image, color: Image, rng: Random) -> None:
    """A sky now and then, and a ground that ends in a wavering line."""
    height, width = line.shape
    if rng.random() < 0.6:
        color[:] = rng.integers(120, 256, 3)
    x = np.linspace(0, width, 9)
    y = height * (rng.uniform(0.5, 0.85) + rng.normal(0, 0.02, 9))
    horizon = np.stack([x, y], 1).astype(np.int32)
    below = np.concatenate([horizon, [[width, height], [0, height]]]).astype(np.int32)
    cv2.fillPoly(color, [below], [int(v) for v in rng.integers(60, 230, 3)])
    cv2.polylines(line, [horizon], False, 0, int(rng.integers(1, 4)), cv2.LINE_AA)


def _draw_figure(line: Image, color: Image, pair: Pair, rng: Random) -> None:
    """What of ``pair`` is no page, somewhere on ``line`` and ``color``, which are changed."""
    fills = rng.uniform(*_FILLS, 2) * line.shape
    scale = float(min(fills / pair.line.shape))
    size = max(1, int(pair.line.shape[1] * scale)), max(1, int(pair.line.shape[0] * scale))
    smooth = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    drawn = np.asarray(cv2.resize(pair.line, size, interpolation=smooth), np.uint8)
    paint = np.asarray(cv2.resize(pair.color, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if rng.random() < 0.5:
        drawn, paint = drawn[:, ::-1], np.ascontiguousarray(paint[:, ::-1])
    top, left = (int(rng.integers(room + 1)) for room in np.subtract(line.shape, drawn.shape))
    at = np.s_[top : top + drawn.shape[0], left : left + drawn.shape[1]]
    figure: NDArray[np.bool_] = ~blank_page(paint) | (drawn < _LINE)
    color[at][figure] = paint[figure]
    under = np.minimum(line[at], drawn)
    line[at] = np.where(figure, drawn, under) if rng.random() < _ALONE else under
