"""In what manner strokes were drawn: what generators that decide by cells are told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.manner import FIGURES, manner, room
from linewash_daemon.generator import Marks, Painting
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, RED, color, no_hints, stroke, with_square
from .fake import FakeGenerator, FakeModels


@dataclass
class Told(FakeGenerator):
    """Keeps what it was told, and paints all in one colour."""

    cells: bool = True
    marks: list[Marks] = field(default_factory=list)

    def paint(self, given: Given) -> Painting:
        self.marks.append(given.marks)
        own = np.broadcast_to(np.array(self.own, np.float32), (*given.lines.shape, 3))
        return Painting(own, choice=np.full(len(given.graph.nodes), -1, np.int64))


def told(art: NDArray[np.uint8], hints: NDArray[np.uint8]) -> Marks:
    generator = Told()
    color(Colorist(FakeModels(generator)), art, hints)
    return generator.marks[-1]


def figures(marks: Marks, row: int) -> NDArray[np.float32]:
    """`Marks.drawn` of the marks in one colour, the most of each."""
    return np.asarray(marks.drawn[marks.color == row].max(0), np.float32)


def hints_of(art: NDArray[np.uint8], factor: int = 1) -> NDArray[np.uint8]:
    """Two strokes of one size, the one in the open, the other along the square's right side, and a short one."""
    hints = no_hints(art)
    for a, b, rgb in (((70, 100), (100, 100), RED), ((143, 80), (143, 110), BLUE), ((10, 10), (14, 10), GREEN)):
        stroke(hints, (a[0] * factor, a[1] * factor), (b[0] * factor, b[1] * factor), rgb, 5 * factor)
    return hints


def rows(hints: NDArray[np.uint8]) -> dict[tuple[int, ...], int]:
    """Colours in the order of how much there is of each, as `strokes.palette` has them."""
    found, count = np.unique(hints[hints[..., 3] > 0][:, :3], axis=0, return_counts=True)
    return {tuple(found[i].tolist()): n for n, i in enumerate(np.argsort(-count, kind="stable"))}


def test_a_small_stroke_is_told_as_small_and_one_along_a_line_as_close_to_it() -> None:
    art = with_square()
    hints = hints_of(art)
    marks, row = told(art, hints), rows(hints)
    red, blue, green = (figures(marks, row[rgb]) for rgb in (RED, BLUE, GREEN))
    assert green[0] < min(red[0], blue[0]) - 0.3
    assert red[0] == pytest.approx(blue[0], abs=0.1)
    assert blue[1] < red[1] - 0.3


def test_the_same_strokes_on_a_larger_canvas_are_told_alike() -> None:
    small, large = (
        told(art, hints_of(art, factor)) for art, factor in ((with_square(), 1), (with_square(800, 0, 12), 4))
    )
    for row in range(3):
        assert figures(small, row) == pytest.approx(figures(large, row), abs=0.15)


def test_dots_are_told_nothing_of() -> None:
    art = with_square()
    hints = stroke(no_hints(art), (70, 70), (100, 70), RED)
    cv2.circle(hints, (110, 120), 8, (*BLUE, 90), -1)
    marks = told(art, hints)
    assert marks.soft.any() and (marks.drawn[marks.soft] == 0).all() and (marks.drawn[~marks.soft] != 0).any()


def test_room_is_none_on_lines_and_counts_in_long_sides() -> None:
    lines = np.zeros((40, 100), np.float32)
    lines[:, 50] = 1
    found = room(lines)
    assert (found[:, 50] == 0).all() and found[20, 0] == pytest.approx(0.5, abs=0.01)


@drawn(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1)), max_size=20), st.floats(0.01, 100))
def test_any_unit_of_area_will_do(strokes: list[tuple[float, float]], unit: float) -> None:
    area, depth = (np.array([one[i] for one in strokes]) for i in (0, 1))
    found = manner(area, depth)
    assert found.shape == (len(strokes), FIGURES) and np.isfinite(found).all() and np.abs(found).max(initial=0) <= 4
    assert found == pytest.approx(manner(area * unit, depth), abs=1e-4)
