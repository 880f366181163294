"""What each rival does with a drawing whose right answer is plain."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_training.evaluation.rivals import (
    RIVALS,
    Rival,
    flood,
    levin,
    levin_grey,
    true_flats,
    watershed,
    white,
)
from linewash_training.flats import under_lines
from linewash_training.truth import ink, truth_regions
from tests.training.evaluation.drawings import BLUE, GREEN, PAPER, RED, rooms, stroke

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def inside(color: Image, paint: tuple[int, int, int]) -> Mask:
    return np.asarray((color == paint).all(-1))


def marked(side: int = 256) -> tuple[Image, Image, Image]:
    """(color, line, hints): rooms with one right stroke in each room and on the paper."""
    color, line = rooms(side)
    hints = None
    for paint in (RED, BLUE, GREEN):
        ys, xs = np.nonzero(inside(color, paint))
        hints = stroke(line, (int(xs.mean()), int(ys.mean())), paint, hints)
    return color, line, stroke(line, (5, 5), PAPER, hints)


def test_nothing_done_is_the_line_art_on_white() -> None:
    _, line, hints = marked()
    assert np.array_equal(white(line, hints), np.repeat(line[..., None], 3, 2))


def test_flood_fills_exactly_the_closed_area_that_holds_the_hint() -> None:
    color, line = rooms()
    ys, xs = np.nonzero(inside(color, BLUE))
    filled = flood(line, stroke(line, (int(xs.mean()), int(ys.mean())), RED))
    room = inside(color, BLUE)
    paper = ~ink(line)
    assert (filled[room & paper] == RED).all()
    assert (filled[~room & paper] == 255).all()


def test_flood_takes_the_colour_with_most_pixels() -> None:
    color, line = rooms()
    ys, xs = np.nonzero(inside(color, BLUE))
    x, y = int(xs.mean()), int(ys.mean())
    hints = stroke(line, (x, y), RED)
    hints[y + 8, x] = (*GREEN, 255)
    assert (flood(line, hints)[y + 8, x] == RED).all()


def test_flood_leaks_through_a_gap() -> None:
    color, line = rooms()
    ys, xs = np.nonzero(inside(color, RED))
    line[120:130, :48] = 255  # the outer wall is open
    filled = flood(line, stroke(line, (int(xs.mean()), int(ys.mean())), RED))
    assert (filled[2, 2] == RED).all()


@pytest.mark.parametrize("method", ["flood", "watershed"])
def test_one_right_stroke_in_each_region_colours_it_all(method: str) -> None:
    color, line, hints = marked()
    result = RIVALS[method](line, hints)
    paper = line == 255
    assert (np.abs(result.astype(int) - color)[paper].max(-1) == 0).mean() > 0.99


def test_watershed_meets_halfway_where_no_line_is() -> None:
    line = np.full((40, 81), 255, np.uint8)
    hints = stroke(line, (10, 20), RED, stroke(line, (70, 20), BLUE))
    result = watershed(line, hints)
    assert (result[20, :36] == RED).all()
    assert (result[20, 45:] == BLUE).all()


def test_levin_keeps_hinted_pixels_and_blends_between_them() -> None:
    line = np.full((40, 40), 255, np.uint8)
    hints = stroke(line, (6, 20), RED, stroke(line, (33, 20), BLUE))
    result = levin(line, hints)
    on = hints[..., 3] > 0
    assert np.array_equal(result[on], hints[on][:, :3])
    assert RED[0] > result[20, 20, 0] > BLUE[0]
    assert RED[2] < result[20, 20, 2] < BLUE[2]


def test_levin_stops_at_lines() -> None:
    color, line, hints = marked(128)
    result = levin(line, hints)
    for paint in (RED, BLUE, GREEN):
        room = inside(color, paint) & (line == 255)
        assert np.abs(result[room].astype(int).mean(0) - paint).max() < 30


@pytest.mark.parametrize("method", [levin, levin_grey])
def test_levin_without_hints_does_nothing(method: Rival) -> None:
    _, line = rooms(64)
    assert np.array_equal(method(line, np.zeros((64, 64, 4), np.uint8)), white(line, line))


def test_levin_on_grey_keeps_the_luminance_and_takes_the_strokes_chroma() -> None:
    ramp = np.repeat(np.linspace(90, 150, 40).round().astype(np.uint8)[None], 40, 0)
    result = levin_grey(ramp, stroke(ramp, (20, 20), RED)).astype(float)
    assert np.abs(result @ (0.299, 0.587, 0.114) - ramp).max() < 1
    chroma = np.array(RED) - np.dot(RED, (0.299, 0.587, 0.114))  # R - Y, G - Y, B - Y
    assert np.abs(result - ramp[..., None] - chroma).max() < 1.5  # one stroke: its chroma everywhere


def test_levin_on_grey_changes_colour_where_the_grey_changes() -> None:
    grey = np.full((40, 40), 100, np.uint8)
    grey[:, 20:] = 160
    result = levin_grey(grey, stroke(grey, (4, 20), RED, stroke(grey, (35, 20), BLUE))).astype(int)
    assert (result[..., 0] > result[..., 2])[:, :19].all()
    assert (result[..., 0] < result[..., 2])[:, 21:].all()


def test_true_flats_give_the_truth_off_the_lines_of_a_flat_picture() -> None:
    color, line = rooms()
    result = true_flats(line, truth_regions(color, line))
    assert np.array_equal(result[line == 255], color[line == 255])


def test_colours_lie_under_the_ink() -> None:
    flat = np.full((1, 3, 3), 200, np.uint8)
    assert under_lines(flat, np.array([[0, 51, 255]], np.uint8))[0, :, 0].tolist() == [0, 40, 200]
