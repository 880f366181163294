"""Strokes as the hint planes of painters."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from linewash_daemon.hintmaps import STRENGTH, Planes, blurred_strokes, histogram_hint
from linewash_daemon.histogram import Histogram

RED, BLUE = (220, 30, 30), (20, 40, 200)
NONE = np.zeros((0, 3), np.float32)
GREY = Histogram.of([(128, 128, 128, 1)])


def lab(*colors: tuple[int, int, int]) -> np.ndarray:
    return np.asarray(cv2.cvtColor(np.array([colors], np.float32) / 255, cv2.COLOR_RGB2Lab)[0], np.float32)


def strokes(side: int = 256) -> np.ndarray:
    """A red stroke (1) at the upper left and a blue one (2) at the lower right, each `side` / 16 px wide."""
    markers = np.zeros((side, side), np.int32)
    short = side // 16
    markers[short : 2 * short, short : 2 * short] = 1
    markers[-2 * short : -short, -2 * short : -short] = 2
    return markers


def at(planes: Planes, y: int, x: int) -> np.ndarray:
    return (planes[:, y, x] + 1) * 127.5


def pale(color: tuple[int, int, int]) -> np.ndarray:
    return 255 - STRENGTH * (255 - np.array(color, float))


def test_no_strokes_are_a_white_hint() -> None:
    planes = blurred_strokes(np.zeros((40, 56), np.int32), NONE)
    assert planes.shape == (3, 40, 56) and planes.dtype == np.float32
    assert (planes == 1).all()


def test_a_stroke_speaks_for_the_box_around_it_palely_and_the_rest_is_white() -> None:
    planes = blurred_strokes(strokes(), lab(RED, BLUE))
    assert at(planes, 24, 24) == pytest.approx(pale(RED), abs=1)
    assert at(planes, 24, 70) == pytest.approx(pale(RED), abs=1)
    assert (planes[:, 24, 90] == 1).all() and (planes[:, 128, 128] == 1).all()
    assert at(planes, 230, 230) == pytest.approx(pale(BLUE), abs=1)


def test_between_two_strokes_their_colours_are_mixed() -> None:
    markers = np.zeros((256, 256), np.int32)
    markers[100:104, 100:104], markers[100:104, 140:144] = 1, 2
    middle = at(blurred_strokes(markers, lab(RED, BLUE)), 102, 121)
    assert middle == pytest.approx(pale(((RED[0] + BLUE[0]) // 2, 35, 115)), abs=1)


def test_reach_scales_with_the_picture() -> None:
    small, large = blurred_strokes(strokes(256), lab(RED, BLUE)), blurred_strokes(strokes(512), lab(RED, BLUE))
    halved = large[:, ::2, ::2]
    assert (np.abs(small - halved) > 0.01).mean() < 0.02


@pytest.mark.parametrize("shape", [(1, 1), (3, 256), (17, 30)])
def test_hints_of_odd_sizes_have_the_size_of_the_markers(shape: tuple[int, int]) -> None:
    markers = np.ones(shape, np.int32)
    assert at(blurred_strokes(markers, lab(RED)), 0, 0) == pytest.approx(pale(RED), abs=1)
    assert histogram_hint(markers, lab(RED), GREY, np.random.default_rng(0)).shape == (3, *shape)


def test_what_no_stroke_speaks_for_takes_the_histograms_colours() -> None:
    planes = histogram_hint(strokes(), lab(RED, BLUE), GREY, np.random.default_rng(0))
    assert at(planes, 24, 24) == pytest.approx(RED, abs=1)
    assert at(planes, 20, 236) == pytest.approx((128, 128, 128), abs=1)
    assert planes.min() >= -1 and planes.max() <= 1


def test_without_strokes_the_hint_is_near_the_histograms_mean_and_chance_differs_by_seed() -> None:
    fill = Histogram.of([(255, 0, 0, 0.5), (0, 0, 255, 0.5)])
    empty = np.zeros((256, 256), np.int32)
    first, again, other = (histogram_hint(empty, NONE, fill, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    mean = (first.mean((1, 2)) + 1) * 127.5
    assert mean == pytest.approx((127.5, 0, 127.5), abs=15)
    assert first[0].std() > 0.02
