"""What a generator may go by when it paints: what was encoded, the regions, the strokes, the options."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from .generator import PLAIN, Encoded, Hints, Marks, Sources
from .propagate import propagate

if TYPE_CHECKING:
    from .colorist.graph import Graph


@dataclass(frozen=True)
class Given:
    """``lines``: float32 (h, w), 0 paper … 1 ink, at working size, as `Generator.encode` had them; ``graph``: its
    regions; ``hints`` and ``marks``: the strokes, pixel by pixel and region by region; ``imagined``: they are no
    artist's (`selfhint`)."""

    lines: NDArray[np.float32]
    encoded: Encoded
    graph: Graph
    hints: Hints
    marks: Marks
    options: Options = PLAIN
    imagined: bool = False

    @cached_property
    def sources(self) -> Sources:
        """The strokes as the rules carry them, for those who want to know."""
        return propagate(self.lines, self.encoded.contours, self.hints)
