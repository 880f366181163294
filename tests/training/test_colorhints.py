"""The hints that painters are trained with."""

from __future__ import annotations

import numpy as np
import pytest

from linewash_daemon.histogram import Histogram
from linewash_training.colorhints import whited_out


def halves(side: int) -> np.ndarray:
    """Left half red, right half blue."""
    color = np.zeros((side, side, 3), np.uint8)
    color[:, : side // 2], color[:, side // 2 :] = (200, 20, 20), (20, 20, 200)
    return color


def test_a_hint_is_the_picture_blurred_beyond_recognition() -> None:
    hint = whited_out(halves(256), np.random.default_rng(0))
    assert hint.shape == (3, 256, 256) and hint.dtype == np.float32
    assert hint.min() >= -1 and hint.max() <= 1
    assert hint[0, 128, 20] > hint[0, 128, 235] + 0.8 and hint[2, 128, 235] > hint[2, 128, 20] + 0.8
    assert np.abs(np.diff(hint, axis=2)).max() < 0.05


@pytest.mark.parametrize("side", [128, 256, 512])
def test_thirty_areas_are_whited_out_whatever_the_size(side: int) -> None:
    black = np.zeros((side, side, 3), np.uint8)
    lightened = [(whited_out(black, np.random.default_rng(seed)).mean() + 1) / 2 for seed in range(30)]
    assert np.mean(lightened) == pytest.approx(1 - (1 - (10 / 256) ** 2) ** 30, rel=0.12)


def test_areas_lie_elsewhere_with_another_seed_and_in_place_with_the_same() -> None:
    color = halves(128)
    first, again, other = (whited_out(color, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert np.array_equal(color, halves(128))


def test_areas_are_filled_with_the_histograms_colours() -> None:
    black = np.zeros((256, 256, 3), np.uint8)
    hint = whited_out(black, np.random.default_rng(0), Histogram.of([(0, 250, 0, 1)]))
    assert (hint[[0, 2]] == -1).all()
    assert hint[1].max() > -0.95


def test_a_flat_picture_of_the_histograms_colour_stays_flat() -> None:
    color = np.full((100, 60, 3), (90, 120, 30), np.uint8)
    hint = whited_out(color, np.random.default_rng(0), Histogram.of([(90, 120, 30, 1)]))
    assert np.ptp(hint, axis=(1, 2)).max() < 1e-4


def test_a_picture_smaller_than_an_area_is_no_trouble() -> None:
    assert whited_out(np.zeros((1, 2, 3), np.uint8), np.random.default_rng(0)).shape == (3, 1, 2)
