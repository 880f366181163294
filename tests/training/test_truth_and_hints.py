"""Flats, contours and simulated strokes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_training.flats import contours, flats, near_line
from linewash_training.hints import Fields, fields, simulate, stroke_count

Image = NDArray[np.uint8]

RED, BLUE, PAPER = (220, 40, 40), (40, 80, 220), (255, 255, 255)


def two_rooms(side: int = 256) -> tuple[Image, Image]:
    """A box on paper, parted by a line into a red and a blue room; colour with ink in it, and line art."""
    line = np.full((side, side), 255, np.uint8)
    color = np.full((side, side, 3), 255, np.uint8)
    low, high, middle = side // 8, side * 7 // 8, side // 2
    color[low:high, low:middle], color[low:high, middle:high] = RED, BLUE
    cv2.rectangle(line, (low, low), (high, high), 0, 3)
    cv2.line(line, (middle, low), (middle, high), 0, 3)
    color[line == 0] = 0
    return line, color


def test_flats_have_no_ink_left_and_change_nothing_off_the_lines() -> None:
    line, color = two_rooms()
    flat = flats(color, line)
    assert {tuple(c) for c in flat.reshape(-1, 3).tolist()} == {RED, BLUE, PAPER}
    assert np.array_equal(flat[~near_line(line)], color[~near_line(line)])


@pytest.mark.parametrize("gray", [0, 255])
def test_flats_of_nothing_but_line_or_no_line_are_the_colours(gray: int) -> None:
    _, color = two_rooms(64)
    assert np.array_equal(flats(color, np.full((64, 64), gray, np.uint8)), color)


def test_contours_lie_where_colours_change_and_nowhere_else() -> None:
    line, color = two_rooms()
    found = contours(flats(color, line))
    assert found[128, 126:131].any() and found[30:35, 60].any()
    assert not found[60:100, 60:100].any() and not found[:20].any()
    assert found.mean() < 0.05


def test_soft_shading_is_no_contour() -> None:
    ramp = np.linspace(60, 240, 128)[None, :, None].repeat(128, axis=0).repeat(3, axis=2).astype(np.uint8)
    assert not contours(ramp).any()


@pytest.mark.parametrize("count", [1, 4, 16, 64])
def test_careful_strokes_carry_exact_colours_and_stay_in_their_room(count: int) -> None:
    line, color = two_rooms()
    truth = flats(color, line)
    strokes = simulate(truth, line, np.random.default_rng(count), count, careless=False)
    marked = strokes[..., 3] > 0
    assert set(np.unique(strokes[..., 3])) == {0, 255}
    assert np.array_equal(strokes[marked][:, :3], truth[marked])
    assert not (marked & near_line(line)).any()


def test_the_first_stroke_goes_to_the_biggest_region_and_four_reach_every_room() -> None:
    line, color = two_rooms()
    truth = flats(color, line)

    def painted(count: int, seed: int) -> set[tuple[int, ...]]:
        strokes = simulate(truth, line, np.random.default_rng(seed), count, careless=False)
        return {tuple(c) for c in strokes[strokes[..., 3] > 0][:, :3].tolist()}

    assert painted(1, 0) == {PAPER}
    assert sum(painted(4, seed) == {RED, BLUE, PAPER} for seed in range(20)) > 10


def test_careless_strokes_are_longer_and_some_run_over_a_line() -> None:
    line, color = two_rooms()
    truth = flats(color, line)
    areas, over = [], 0
    for careless in (False, True):
        chances = [np.random.default_rng(seed) for seed in range(30)]
        marks = [simulate(truth, line, rng, 12, careless=careless)[..., 3] > 0 for rng in chances]
        areas.append(sum(int(marked.sum()) for marked in marks))
        over = sum(int((marked & (line == 0)).any()) for marked in marks)
    assert areas[1] > 3 * areas[0] and 0 < over < 30


def test_a_stroke_over_a_line_has_the_colour_of_the_room_it_began_in() -> None:
    line, color = two_rooms()
    truth = flats(color, line)
    for seed in range(40):
        strokes = simulate(truth, line, np.random.default_rng(seed), 8)
        used = strokes[strokes[..., 3] > 0][:, :3].astype(int)
        nearest = np.abs(used[:, None] - np.array([RED, BLUE, PAPER])[None]).max(axis=2).min(axis=1)
        assert nearest.max() <= 6


def test_the_same_chance_gives_the_same_strokes() -> None:
    line, color = two_rooms()
    first, second = (simulate(color, line, np.random.default_rng(7), 20) for _ in range(2))
    assert np.array_equal(first, second)


def test_no_strokes_and_no_regions_are_no_error() -> None:
    line, color = two_rooms(64)
    assert not simulate(color, line, np.random.default_rng(0), 0).any()
    assert not simulate(color, np.zeros((64, 64), np.uint8), np.random.default_rng(0), 9).any()


def test_kept_fields_give_the_same_strokes() -> None:
    line, color = two_rooms()
    where = fields(color, line)
    assert isinstance(where, Fields) and where.labels.max() == 3
    kept = simulate(color, line, np.random.default_rng(3), 9, where=where)
    assert np.array_equal(kept, simulate(color, line, np.random.default_rng(3), 9))


def test_seeds_keep_away_from_the_borders_of_their_region() -> None:
    line, color = two_rooms(512)
    where = fields(color, line)
    inside = cv2.erode((where.labels > 0).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    assert (where.seeds > 0).any() and inside[where.seeds > 0].all()
    assert np.array_equal(where.seeds[where.seeds > 0], where.labels[where.seeds > 0])


def test_the_number_of_strokes_covers_none_few_and_many() -> None:
    rng = np.random.default_rng(0)
    counts = np.array([stroke_count(rng) for _ in range(2000)])
    assert counts.min() == 0 and 90 <= counts.max() <= 100
    assert 0.2 < (counts == 0).mean() < 0.3
    assert ((counts > 0) & (counts <= 4)).mean() > 0.2 and (counts > 16).mean() > 0.25
