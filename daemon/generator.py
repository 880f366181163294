"""What the colorist asks of a model: of a `Generator`, to encode a line art once and paint it for every set of hints;
of a `Tinter`, the colours of a greyscale picture.

This file holds the types that cross between the colouring (NumPy) and the network (torch); it imports no torch,
so the daemon can say hello before the network's library is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from linewash.contract import ModelInfo, Options

if TYPE_CHECKING:
    from .colorist.graph import Graph
    from .given import Given

#: The order of `Painting.gates`.
SOURCES = ("watershed", "contour_watershed", "fill", "own")
#: Nothing chosen.
PLAIN = Options()


@dataclass(frozen=True)
class Hints:
    """Strokes at working size: ``markers`` int32 (h, w), 0 where there is none, else 1 + the stroke colour's row
    in ``colors``, float32 (n, 3) Lab (L 0…100)."""

    markers: NDArray[np.int32]
    colors: NDArray[np.float32]

    @property
    def empty(self) -> bool:
        return len(self.colors) == 0


@dataclass(frozen=True)
class Marks:
    """Which regions a stroke speaks for: ``region`` int64 (k,), a region's number, ``color`` int64 (k,), a row of
    `Hints.colors`; a region that strokes of several colours speak for is there several times. ``soft`` bool (k,): the
    stroke says *around here*, and binds nobody. ``drawn`` float32 (k, `colorist.manner.FIGURES`): the manner in which
    its strokes were drawn, zeros where no artist drew any, or softly."""

    region: NDArray[np.int64]
    color: NDArray[np.int64]
    soft: NDArray[np.bool_]
    drawn: NDArray[np.float32]


@dataclass(frozen=True)
class Sources:
    """The strokes carried over the drawing by rules (`propagate`): int32 (h, w) maps, labels as in `Hints.markers`."""

    watershed: NDArray[np.int32]
    contour_watershed: NDArray[np.int32]
    fill: NDArray[np.int32]


@dataclass(frozen=True)
class Encoded:
    """What the line encoder keeps of one line art.

    ``contours``: float32 (h, w), 0…1, the probability that a colour border runs there, with or without ink.
    ``features``: the network's own, opaque to everybody else; ``nbytes`` is what they take. ``planes``: what a
    generator that decides region by region wants to have of each, pooled (`Graph.features`): float32
    (h/s · w/s, f) for s = 4, 8, ….
    """

    contours: NDArray[np.float32]
    features: Any
    nbytes: int
    planes: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True)
class Semantics:
    """What regions depict, and which are alike, the same for all of a basin. ``classes``: names of what may be told, in
    the order of the others; ``chance``: float32 (n, classes) 0…1; ``likeness``: float32 (n, k) of length 1, two regions
    have one colour with log-odds ``same[0]`` · their product + ``same[1]``; ``tones``: float32 (t, 3) Lab for each
    class, colours that such things have."""

    classes: tuple[str, ...]
    chance: NDArray[np.float32]
    likeness: NDArray[np.float32]
    same: tuple[float, float]
    tones: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True)
class Painting:
    """One painting at working size, before regions and hints decide.

    ``own``: float32 (h, w, 3) Lab. Where strokes go is said pixel by pixel or region by region: ``gates``: float32
    (h, w, 4), summing to 1 over `SOURCES`; or ``choice``: int64 (n,), each region's stroke, a row of `Hints.colors`, or
    -1 for its own colour. ``distribution``: float32 (n, bins), each region's log-probabilities over the colours
    ``bins``, float32 (bins, 3) Lab, or None. ``schemes``: float32 (s, c, 4), colours that go together, Lab and how much
    there is of each, 0 for none; or None.
    """

    own: NDArray[np.float32]
    gates: NDArray[np.float32] | None = None
    choice: NDArray[np.int64] | None = None
    distribution: NDArray[np.float32] | None = None
    bins: NDArray[np.float32] | None = None
    schemes: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Light:
    """``shading``, ``highlights``: float32 (h, w) 0…1 at working size, light taken away from the flats and added;
    None for those that the style does not make."""

    shading: NDArray[np.float32]
    highlights: NDArray[np.float32] | None


class Model(Protocol):
    """A loaded model. ``multiple``: sides given to it are multiples of this; ``long_side``: its working long side;
    ``takes_like``: it paints by a histogram, which may be a reference's."""

    info: ModelInfo
    device: str
    multiple: int
    long_side: int
    takes_like: bool


class Generator(Model, Protocol):
    """``cells``: it decides cell by cell, so wide regions are cut into cells, and dots (soft `Marks`) are heeded."""

    cells: bool

    def encode(self, lines: NDArray[np.float32]) -> Encoded:
        """``lines``: float32 (h, w), 0 paper … 1 ink, at working size."""
        ...

    def paint(self, given: Given) -> Painting:
        """Of `Given.options` it heeds what is the network's own matter, as ``seed``, ``lightness``, ``like``."""
        ...

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics | None:
        """Of the regions of ``graph``; ``lines`` as for `encode`, which made ``encoded`` of them. None where the model
        knows nothing of it."""
        ...

    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """``pairs``: float32 (p, `colorist.pairs.PAIR`), what is told of two basins -> the log-odds that both have one
        colour, float32 (p,). None where the model knows nothing of it."""
        ...

    def light(self, lines: NDArray[np.float32], flats: NDArray[np.float32]) -> Light | None:
        """``lines`` as for `encode`; ``flats``: float32 (h, w, 3) Lab at working size, as decided. None where the model
        makes no light."""
        ...


class Tinter(Model, Protocol):
    def tint(self, lightness: NDArray[np.float32], hints: Hints, options: Options = PLAIN) -> NDArray[np.float32]:
        """``lightness``: float32 (h, w), L 0…100 at working size -> Lab float32 (h, w, 3); its L is what the model
        makes of it, the given one where it predicts none."""
        ...
