from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist.graph import Graph, read_graph
from linewash_daemon.colorist.reach import beyond_reach
from linewash_daemon.colorist.regions import find_regions
from linewash_daemon.generator import Encoded, Hints

from ..asking import marked

SIDE = 256
COLORS = np.array([[98, 0, 0], [70, 25, 70], [40, 10, -50]], np.float32)
NONE = marked([], [], [])
OPEN, HUGGING = (slice(120, 130), slice(40, 50)), (slice(120, 130), slice(185, 188))  # the line is at 180…183


def page(wall: bool = False) -> tuple[NDArray[np.float32], Graph]:
    """A page with one line that parts nothing, or a ``wall`` from rim to rim."""
    lines = np.zeros((SIDE, SIDE), np.float32)
    lines[0 if wall else 60 : SIDE if wall else 200, 180:184] = 1
    contours = np.zeros_like(lines)
    regions = find_regions((lines * 255).astype(np.uint8), contours, 0.0, cells=True)
    return lines, read_graph(regions, lines, Encoded(contours, None, 0))


def strokes(*at: tuple[tuple[slice, slice], int]) -> Hints:
    markers = np.zeros((SIDE, SIDE), np.int32)
    for place, color in at:
        markers[place] = color + 1
    return Hints(markers, COLORS)


def test_a_stroke_that_hugs_a_line_has_a_say_around_itself_alone_where_another_lies_in_the_open() -> None:
    lines, graph = page()
    beyond = beyond_reach(strokes((OPEN, 0), (HUGGING, 1)), NONE, lines, graph)
    away = np.hypot(graph.place[:, 0] * SIDE - 186, np.maximum(0, np.abs(graph.place[:, 1] * SIDE - 125) - 5))
    assert beyond[away > 12, 1].all()
    assert not beyond[away < 5, 1].any() and (away < 5).any()
    assert not beyond[:, [0, 2]].any()


@pytest.mark.parametrize(
    "hints",
    [
        strokes((HUGGING, 1)),
        strokes((OPEN, 0)),
        strokes((HUGGING, 1), ((slice(80, 90), slice(185, 188)), 0)),
        strokes((OPEN, 0), (HUGGING, 1), ((slice(30, 40), slice(40, 50)), 1)),
        strokes((OPEN, 0), ((slice(120, 130), slice(170, 200)), 1)),
        strokes(),
    ],
    ids=["it is alone", "none does", "all do", "its colour is in the open, too", "it goes into the open", "no strokes"],
)
def test_otherwise_every_stroke_has_a_say_everywhere(hints: Hints) -> None:
    lines, graph = page()
    assert not beyond_reach(hints, NONE, lines, graph).any()


def test_a_stroke_beyond_the_line_takes_nothing_from_one_that_hugs_it() -> None:
    lines, graph = page(wall=True)
    assert len(np.unique(graph.basin)) == 2
    assert not beyond_reach(strokes((OPEN, 0), (HUGGING, 1)), NONE, lines, graph).any()


def test_between_two_strokes_of_a_narrow_strip_none_lies_in_the_open() -> None:
    lines, graph = page()
    lines[60:200, 189:193] = 1  # 5 px between two lines, open above and below
    hints = strokes(((slice(120, 130), slice(186, 187)), 0), ((slice(140, 150), slice(184, 185)), 1))
    assert not beyond_reach(hints, NONE, lines, graph).any()


def test_a_faint_stroke_of_its_colour_in_the_open_gives_it_a_say_everywhere() -> None:
    lines, graph = page()
    places = [0, 1], [1, 2]
    hints = strokes((OPEN, 0), (HUGGING, 1))
    assert not beyond_reach(hints, marked(*places, [True, False]), lines, graph).any()
    assert beyond_reach(hints, marked(*places, [False, True]), lines, graph).any()
