"""The generator is asked: with the strokes, or a few times over where none says a colour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linewash.contract import Options

from ..generator import Generator, Hints, Marks, Painting
from ..given import Given
from .ladder import INK
from .prepare import Prepared
from .selfhint import imagine

_PAPER_WHITE = np.array([100.0, 0, 0], np.float32)
_NO_COLORS = np.zeros((0, 3), np.float32)


@dataclass(frozen=True)
class Proposal:
    """What the generator and the rules say, before regions and hints decide; all at working size."""

    given: Given
    painting: Painting

    @property
    def hints(self) -> Hints:
        return self.given.hints


def paint(
    generator: Generator, prepared: Prepared, hints: Hints, marks: Marks, options: Options, colorless: bool
) -> Proposal:
    """The generator asked once, or a few times over where no stroke says a colour to go by (`selfhint`).

    ``colorless``: the strokes, if any, only leave their regions unpainted; taken for hints, their white would bleach
    all the rest. Dots are heeded either way. A sheet with neither lines nor strokes stays white, whatever the generator
    makes of it.
    """
    given = Given(prepared.lines, prepared.encoded, prepared.graph, hints, marks, options)
    soft = marks.soft
    if soft.all() and int(prepared.lineart.line.max()) < INK:
        return Proposal(given, Painting(np.broadcast_to(_PAPER_WHITE, (*prepared.lines.shape, 3))))
    if soft.all() or colorless:
        dots = Marks(marks.region[soft], marks.color[soft], soft[soft], marks.drawn[soft])
        return Proposal(given, imagine(generator, prepared, options, hints.colors if soft.any() else _NO_COLORS, dots))
    return Proposal(given, generator.paint(given))
