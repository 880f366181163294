"""A scripted generator: it paints what a test tells it to, and counts how often it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from linewash.contract import ModelInfo, Options
from linewash_daemon.colorist.graph import Graph
from linewash_daemon.generator import PLAIN, Encoded, Hints, Light, Painting, Semantics
from linewash_daemon.given import Given


@dataclass
class FakeGenerator:
    own: tuple[float, float, float] = (80.0, 10.0, 20.0)  # Lab of everything it paints by itself
    gates: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 0.0)
    shading: float | None = None
    highlights: float = 0.0
    contour_column: int | None = None  # of working size
    moved: float = 0.0
    info: ModelInfo = field(default_factory=lambda: ModelInfo("fake", "f" * 64, "none", "none", ("flats",)))
    device: str = "cpu"
    multiple: int = 32
    long_side: int = 512
    cells: bool = False
    takes_like: bool = False
    encoded: int = 0
    painted: list[Hints] = field(default_factory=list)
    lit: list[NDArray[np.float32]] = field(default_factory=list)  # the flats that it was asked to light
    wishes: list[Options] = field(default_factory=list)

    def encode(self, lines: NDArray[np.float32]) -> Encoded:
        assert lines.dtype == np.float32
        assert lines.shape[0] % self.multiple == lines.shape[1] % self.multiple == 0
        self.encoded += 1
        contours = np.zeros(lines.shape, np.float32)
        if self.contour_column is not None:
            contours[:, self.contour_column] = 0.9
        return Encoded(contours, None, contours.nbytes)

    def paint(self, given: Given) -> Painting:
        hints = given.hints
        self.painted.append(hints)
        self.wishes.append(given.options)
        shape = hints.markers.shape
        gates = np.broadcast_to(np.array((0, 0, 0, 1) if hints.empty else self.gates, np.float32), (*shape, 4))
        return Painting(np.broadcast_to(np.array(self.own, np.float32), (*shape, 3)), gates)

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics | None:
        return None

    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        return None

    def light(self, lines: NDArray[np.float32], flats: NDArray[np.float32]) -> Light | None:
        assert flats.dtype == np.float32 and flats.shape == (*lines.shape, 3)
        self.lit.append(flats)
        if self.shading is None:
            return None
        return Light(np.full(lines.shape, self.shading, np.float32), np.full(lines.shape, self.highlights, np.float32))

    def tint(self, lightness: NDArray[np.float32], hints: Hints, options: Options = PLAIN) -> NDArray[np.float32]:
        """The given L with ``own``'s a and b; ``moved`` is added to L."""
        assert lightness.dtype == np.float32
        self.painted.append(hints)
        self.wishes.append(options)
        out = np.broadcast_to(np.array(self.own, np.float32), (*lightness.shape, 3)).copy()
        out[..., 0] = lightness + self.moved
        return out


@dataclass
class FakeModels:
    generator: FakeGenerator = field(default_factory=FakeGenerator)
    loaded: int = 0

    def infos(self) -> tuple[ModelInfo, ...]:
        return (self.generator.info,)

    def load(self, style: str, mode: str = "lines") -> FakeGenerator:
        self.loaded += 1
        return self.generator
