"""What depends on the line art alone, done once: line map, line features, regions."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ..generator import Encoded, Generator, Semantics
from .graph import Graph, read_graph
from .linemap import LineArt
from .regions import Regions, find_regions

_SHORT_SIDE = 64  # px that the short side of a long, narrow drawing keeps at working size


@dataclass(frozen=True)
class Prepared:
    """``lines``: float32 (h, w), 0 paper … 1 ink, at working size. ``gap``, ``model``: what it was prepared for."""

    lineart: LineArt
    lines: NDArray[np.float32]
    encoded: Encoded
    regions: Regions
    gap: float
    model: str
    _depicted: list[Semantics | None] = field(default_factory=list, init=False, repr=False, compare=False)

    @cached_property
    def graph(self) -> Graph:
        return read_graph(self.regions, self.lines, self.encoded)

    def depicted(self, generator: Generator) -> Semantics | None:
        """What the regions depict, as far as the ``generator`` it was prepared for knows; read once, and only where it
        is asked for: with strokes and no light nobody does."""
        assert generator.info.hash == self.model
        if not self._depicted:
            self._depicted.append(generator.semantics(self.lines, self.encoded, self.graph))
        return self._depicted[0]

    @property
    def nbytes(self) -> int:
        graph = self.lines.nbytes + 2432 * self.regions.n  # about what it and what is depicted will take
        return graph + self.lineart.nbytes + self.lines.nbytes + self.encoded.nbytes + self.regions.nbytes


def working_size(height: int, width: int, long_side: int, multiple: int) -> tuple[int, int]:
    """(h, w) that the generator works at: never enlarged beyond the next multiple, never thinner than it can use."""
    scale = max(long_side / max(height, width), _SHORT_SIDE / min(height, width))
    scale = min(1.0, scale)
    h, w = (max(1, round(side * scale / multiple)) * multiple for side in (height, width))
    return h, w


def prepare(lineart: LineArt, generator: Generator, gap: float) -> Prepared:
    """``gap``: px of the full-size line art, 0 for automatic."""
    h, w = working_size(*lineart.shape, generator.long_side, generator.multiple)
    small = cv2.resize(lineart.line, (w, h), interpolation=cv2.INTER_AREA)
    lines = small.astype(np.float32) / np.float32(255)
    encoded = generator.encode(lines)
    regions = find_regions(
        lineart.line, encoded.contours, gap / lineart.factor, lineart.shape, lineart.factor, generator.cells
    )
    return Prepared(lineart, lines, encoded, regions, gap, generator.info.hash)
