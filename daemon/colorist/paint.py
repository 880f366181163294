"""Strokes brought to working size, carried over the drawing, and given to the generator."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Options

from ..generator import Generator, Hints, Marks, Painting
from ..given import Given
from .lab import to_lab
from .ladder import INK
from .prepare import Prepared
from .selfhint import imagine
from .strokes import Strokes, spread
from .votes import Votes

_ON_LINE = 0.3  # ink at working size above which a stroke's pixel may leak to both sides of the line
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
        dots = Marks(marks.region[soft], marks.color[soft], soft[soft])
        return Proposal(given, imagine(generator, prepared, options, hints.colors if soft.any() else _NO_COLORS, dots))
    return Proposal(given, generator.paint(given))


def working_hints(
    prepared: Prepared, strokes: Strokes, votes: Votes, dots: Votes, empty: NDArray[np.bool_]
) -> tuple[Hints, Marks]:
    """What a generator is told: pixels of strokes, and the regions that ``votes`` of strokes and of ``dots`` are for.

    ``empty``: bool (colours,), strokes that leave their region unpainted; to the generator they are paper white, and
    a dot of such a colour says nothing. Labels are rows of ``strokes.colors`` + 1.
    """
    markers = _markers(prepared, strokes, votes)
    if not markers.any():
        votes = replace(votes, region=votes.region[:0], color=votes.color[:0])
    marks = _marks(votes, dots, empty)
    colors = to_lab(strokes.colors)
    colors[empty] = _PAPER_WHITE
    return Hints(markers, colors if len(marks.region) else _NO_COLORS), marks


def _marks(votes: Votes, dots: Votes, empty: NDArray[np.bool_]) -> Marks:
    """A dot in a region that a stroke of the same colour speaks for adds nothing."""
    exact, around = (v.region * len(empty) + v.color for v in (votes, dots))
    kept = ~empty[dots.color] & ~np.isin(around, exact)
    return Marks(
        np.concatenate([votes.region, dots.region[kept]]),
        np.concatenate([votes.color, dots.color[kept]]),
        np.arange(len(exact) + int(kept.sum())) >= len(exact),
    )


def _markers(prepared: Prepared, strokes: Strokes, votes: Votes) -> NDArray[np.int32]:
    """Stroke pixels in regions that their stroke speaks for, off the lines where possible, as in `Hints.markers`."""
    h, w = prepared.lines.shape
    height, width = prepared.lineart.shape
    markers = np.zeros((h, w), np.int32)
    on = np.flatnonzero(votes.of_run)
    first, last = (x * w // width for x in (strokes.x[on], strokes.x[on] + strokes.length[on] - 1))
    x, which = spread(first, last)
    at = (strokes.y[on] * h // height)[which] * w + x
    run = on[which]
    inside = prepared.regions.working.ravel()[at] == strokes.region[run]
    clear = inside & (prepared.lines.ravel()[at] < _ON_LINE)
    # a stroke with no pixel off the lines still counts, with those that lie in its region
    has_clear = np.zeros(len(strokes.area), bool)
    has_clear[strokes.stroke[run[clear]]] = True
    used = clear | (inside & ~has_clear[strokes.stroke[run]])
    markers.ravel()[at[used]] = strokes.color[strokes.stroke[run[used]]] + 1
    return markers
