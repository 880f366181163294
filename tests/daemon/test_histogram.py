"""The 512-bin colour histogram."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewash.errors import BadInput
from linewash_daemon.histogram import BINS, Histogram, histogram


def noise(count: int = 4000, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 3)).astype(np.uint8)


def test_a_bins_colour_is_the_mean_of_its_members_and_its_share_their_number() -> None:
    pixels = np.array([[0, 0, 0], [31, 10, 20], [32, 0, 0], [255, 255, 255]], np.uint8)
    found = histogram(pixels)
    assert found.share.shape == (BINS,) and found.colors.shape == (BINS, 3)
    assert found.share[0] == 0.5 and found.colors[0].tolist() == [16, 5, 10]
    assert found.share[1 << 6] == 0.25 and found.colors[1 << 6].tolist() == [32, 0, 0]
    assert found.share[-1] == 0.25 and found.colors[-1].tolist() == [255, 255, 255]


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_every_colour_lies_in_its_own_bin(count: int, seed: int) -> None:
    found = histogram(noise(count, seed))
    assert found.share.sum() == pytest.approx(1, abs=1e-5)
    level = found.colors[found.share > 0].astype(int) >> 5
    index = level[:, 0] << 6 | level[:, 1] << 3 | level[:, 2]
    assert np.array_equal(index, np.flatnonzero(found.share))


def test_swatches_are_the_filled_bins_and_bring_the_histogram_back() -> None:
    found = histogram(noise(700))
    swatches = json.loads(json.dumps(found.swatches()))
    assert len(swatches) == (found.share > 0).sum() and all(row[3] > 0 for row in swatches)
    assert [row[3] for row in swatches] == sorted((row[3] for row in swatches), reverse=True)
    again = Histogram.of(swatches)
    assert np.array_equal(again.colors, found.colors)
    assert np.allclose(again.share, found.share, atol=1e-6)


def test_swatches_of_one_bin_become_one_by_their_shares() -> None:
    found = Histogram.of([(0, 0, 0, 3), (20, 8, 0, 1)])
    assert found.share[0] == 1 and found.colors[0].tolist() == [5, 2, 0]


def test_colours_are_drawn_as_often_as_their_share_says() -> None:
    found = Histogram.of([(250, 0, 0, 0.75), (0, 0, 250, 0.25), (0, 250, 0, 0)])
    drawn = found.draw(np.random.default_rng(1), 4000)
    assert drawn.shape == (4000, 3) and drawn.dtype == np.uint8
    assert (drawn[:, 0] == 250).mean() == pytest.approx(0.75, abs=0.03)
    assert not (drawn[:, 1] == 250).any()
    assert np.array_equal(drawn, found.draw(np.random.default_rng(1), 4000))


@pytest.mark.parametrize("swatches", [[], [(1, 2, 3, 0)]])
def test_a_histogram_without_colour_is_refused(swatches: list[tuple[float, ...]]) -> None:
    with pytest.raises(BadInput) as caught:
        Histogram.of(swatches)
    assert caught.value.code == "bad_option"
    with pytest.raises(BadInput):
        histogram(np.zeros((0, 3), np.uint8))
