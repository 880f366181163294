"""Strokes brought to working size: what a generator is told of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..generator import Hints, Marks
from .lab import to_lab
from .manner import FIGURES, manner, room
from .prepare import Prepared
from .strokes import Ints, Strokes, spread
from .votes import Votes

_ON_LINE = 0.3  # ink at working size above which a stroke's pixel may leak to both sides of the line
_PAPER_WHITE = np.array([100.0, 0, 0], np.float32)
_NO_COLORS = np.zeros((0, 3), np.float32)


def working_hints(
    prepared: Prepared, strokes: Strokes, votes: Votes, dots: Votes, empty: NDArray[np.bool_]
) -> tuple[Hints, Marks]:
    """What a generator is told: pixels of strokes, and the regions that ``votes`` of strokes and of ``dots`` are for.

    ``empty``: bool (colours,), strokes that leave their region unpainted; to the generator they are paper white, and
    a dot of such a colour says nothing. Labels are rows of ``strokes.colors`` + 1.
    """
    at, stroke = _pixels(prepared, strokes, votes)
    markers = np.zeros(prepared.lines.shape, np.int32)
    markers.ravel()[at] = strokes.color[stroke] + 1
    if not len(at):
        votes = replace(votes, region=votes.region[:0], color=votes.color[:0])
    marks = _marks(votes, dots, empty, _drawn(prepared, strokes, votes, at, stroke))
    colors = to_lab(strokes.colors)
    colors[empty] = _PAPER_WHITE
    return Hints(markers, colors if len(marks.region) else _NO_COLORS), marks


def _marks(votes: Votes, dots: Votes, empty: NDArray[np.bool_], drawn: NDArray[np.float32]) -> Marks:
    """A dot in a region that a stroke of the same colour speaks for adds nothing. ``drawn``: of each of ``votes``."""
    exact, around = (v.region * len(empty) + v.color for v in (votes, dots))
    kept = ~empty[dots.color] & ~np.isin(around, exact)
    return Marks(
        np.concatenate([votes.region, dots.region[kept]]),
        np.concatenate([votes.color, dots.color[kept]]),
        np.arange(len(exact) + int(kept.sum())) >= len(exact),
        np.concatenate([drawn, np.zeros((int(kept.sum()), FIGURES), np.float32)]),
    )


def _drawn(prepared: Prepared, strokes: Strokes, votes: Votes, at: Ints, stroke: Ints) -> NDArray[np.float32]:
    """`Marks.drawn` of each of the ``votes``, the most where several strokes of one colour have it. ``at``, ``stroke``:
    as `_pixels` gives them."""
    depth = np.zeros(len(strokes.area), np.float32)
    np.maximum.at(depth, stroke, room(prepared.lines).ravel()[at])
    figures = manner(strokes.area, depth)
    colors = max(1, len(strokes.colors))
    runs = np.flatnonzero(votes.of_run)
    row = np.searchsorted(
        votes.region * colors + votes.color, strokes.region[runs] * colors + strokes.color[strokes.stroke[runs]]
    )
    out = np.full((len(votes.region), FIGURES), -np.inf, np.float32)
    if len(out):
        np.maximum.at(out, row, figures[strokes.stroke[runs]])
    return out


def _pixels(prepared: Prepared, strokes: Strokes, votes: Votes) -> tuple[Ints, Ints]:
    """Pixels of working size, in reading order of the strokes' runs, that strokes cover in regions that they speak for,
    off the lines where possible; and the stroke that each is of."""
    h, w = prepared.lines.shape
    height, width = prepared.lineart.shape
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
    return at[used], strokes.stroke[run[used]]
