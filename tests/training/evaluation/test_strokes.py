"""Regions of the truth and the evaluation's hints."""

from __future__ import annotations

import cv2
import numpy as np

from linewash_training.evaluation.strokes import markers, simulated_hints
from linewash_training.truth import ink, truth_regions
from tests.training.evaluation.drawings import BLUE, GREEN, PAPER, RED, rooms


def test_each_flat_area_is_one_region_with_its_colour() -> None:
    color, line = rooms()
    regions = truth_regions(color, line)
    assert {tuple(c) for c in regions.colors[1:].tolist()} == {RED, BLUE, GREEN, PAPER}
    assert len(regions) == 4
    assert np.array_equal(regions.areas[1:], np.bincount(regions.labels.ravel())[1:])
    assert not regions.labels[ink(line)].any()


def test_two_areas_of_one_colour_are_two_regions() -> None:
    color, line = rooms()
    color[(color == GREEN).all(-1)] = RED
    assert len(truth_regions(color, line)) == 4


def test_noise_and_specks_make_no_regions() -> None:
    color, line = rooms()
    noisy = np.clip(color + np.random.default_rng(0).integers(-5, 6, color.shape), 0, 255).astype(np.uint8)
    noisy[80:82, 50:52] = (255, 255, 0)
    assert len(truth_regions(noisy, line)) == 4


def test_all_ink_has_no_regions_and_takes_no_hints() -> None:
    line = np.zeros((32, 32), np.uint8)
    color = np.zeros((32, 32, 3), np.uint8)
    regions = truth_regions(color, line)
    assert len(regions) == 0
    assert not simulated_hints(color, line, regions, 16).any()


def test_fewer_hints_are_the_first_of_more() -> None:
    color, line = rooms(256)
    regions = truth_regions(color, line)
    few, some, many = (simulated_hints(color, line, regions, count) for count in (4, 16, 64))
    for fewer, more in ((few, some), (some, many)):
        on = fewer[..., 3] > 0
        assert np.array_equal(fewer[on], more[on])
        assert (more[..., 3] > 0).sum() > on.sum()


def test_hints_are_the_same_every_time_and_others_for_another_seed_or_picture() -> None:
    color, line = rooms()
    regions = truth_regions(color, line)
    assert np.array_equal(simulated_hints(color, line, regions, 8), simulated_hints(color, line, regions, 8))
    assert not np.array_equal(
        simulated_hints(color, line, regions, 8), simulated_hints(color, line, regions, 8, seed=1)
    )
    other = line.copy()
    other[0, 0] = 254
    assert not np.array_equal(simulated_hints(color, line, regions, 8), simulated_hints(color, other, regions, 8))


def test_hints_never_cross_lines_and_have_the_colours_of_the_truth() -> None:
    color, line = rooms()
    hints = simulated_hints(color, line, truth_regions(color, line), 64)
    on = hints[..., 3] > 0
    assert set(np.unique(hints[..., 3])) == {0, 255}
    assert not (on & ink(line)).any()
    assert np.array_equal(hints[on, :3], color[on])


def test_the_first_hint_marks_the_biggest_region_and_four_mark_four() -> None:
    color, line = rooms()
    regions = truth_regions(color, line)
    first = simulated_hints(color, line, regions, 1)[..., 3] > 0
    assert set(regions.labels[first]) == {regions.areas.argmax()}
    sixteen = simulated_hints(color, line, regions, 16)[..., 3] > 0
    assert set(regions.labels[sixteen]) == {1, 2, 3, 4}


def test_no_hints_are_transparent() -> None:
    color, line = rooms()
    assert not simulated_hints(color, line, truth_regions(color, line), 0).any()


def test_a_stroke_is_as_long_and_wide_as_said() -> None:
    line = np.full((512, 512), 255, np.uint8)
    line[:, 256] = 0
    color = np.full((512, 512, 3), RED, np.uint8)
    hints = simulated_hints(color, line, truth_regions(color, line), 1)
    _, (width, height), _ = cv2.minAreaRect(np.argwhere(hints[..., 3] > 0).astype(np.int32))
    length, breadth = max(width, height), min(width, height)
    assert 7 <= length <= 14  # 1.5 % of the side, and the pen's round ends
    assert 2 <= breadth <= 7


def test_markers_give_each_colour_a_label() -> None:
    hints = np.zeros((8, 8, 4), np.uint8)
    hints[0, 0], hints[1, 1], hints[2, 2], hints[3, 3] = (*RED, 255), (*BLUE, 255), (*RED, 200), (*GREEN, 100)
    found = markers(hints)
    assert found.labels[0, 0] == found.labels[2, 2] != found.labels[1, 1]
    assert found.labels[3, 3] == 0  # fainter than half
    assert tuple(found.palette[found.labels[1, 1]].tolist()) == BLUE
    assert tuple(found.palette[0].tolist()) == PAPER
