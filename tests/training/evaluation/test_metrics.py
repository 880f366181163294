"""The figures: exact colour differences, and pictures whose figures can be told beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from linewash_training.evaluation.lab import ciede2000, to_lab
from linewash_training.evaluation.metrics import Truth, colorfulness, figures, psnr, sliced_wasserstein, ssim
from linewash_training.evaluation.strokes import simulated_hints
from linewash_training.truth import truth_regions
from tests.training.evaluation.drawings import BLUE, PAPER, RED, rooms, swapped

# Rows of table 1 of Sharma, Wu, Dalal 2005, chosen for where implementations go wrong.
SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, -0.0010, 2.4900), (50, 0.0011, -2.4900), 4.7461),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA)
def test_ciede2000_gives_the_published_differences(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((10, 10, 10), (2.74, 0, 0)),
    ],
)
def test_lab_of_known_colours(rgb: tuple[int, ...], lab: tuple[float, ...]) -> None:
    assert to_lab(np.array(rgb, np.uint8)) == pytest.approx(np.array(lab), abs=0.02)


def test_the_truth_itself_scores_perfectly() -> None:
    color, line = rooms()
    hints = simulated_hints(color, line, truth_regions(color, line), 4)
    found = figures(color, Truth.of(color, line), hints)
    assert (found.inside, found.all, found.hint, found.bleed, found.swd) == (0, 0, 0, 0, 0)
    assert found.colorfulness == pytest.approx(1)
    assert found.psnr == 60
    assert found.ssim == pytest.approx(1)


def test_swapped_colours_bleed_wholly_where_the_two_rooms_meet() -> None:
    color, line = rooms()
    color[(color == (70, 170, 80)).all(-1)] = PAPER  # red and blue alone
    truth = Truth.of(color, line)
    between = np.isin(truth.borders.owner, _regions_of(truth, RED, BLUE))
    other = np.abs(truth.borders.across - to_lab(np.array(PAPER, np.uint8))).max(-1) > 1
    result = figures(swapped(color), truth, np.zeros((*line.shape, 4), np.uint8))
    assert result.bleed == pytest.approx((between & other).mean(), abs=0.02)
    assert 0 < (between & other).mean() < 1
    assert result.swd == pytest.approx(0, abs=0.8)  # the same colours, only elsewhere


def _regions_of(truth: Truth, *colors: tuple[int, int, int]) -> list[int]:
    return [r for r, c in enumerate(truth.regions.colors) if r and tuple(c.tolist()) in colors]


def test_two_rooms_that_fill_the_picture_bleed_wholly_when_swapped() -> None:
    line = np.full((256, 256), 255, np.uint8)
    line[:, 127:130] = 0
    color = np.zeros((256, 256, 3), np.uint8)
    color[:, :128], color[:, 128:] = RED, BLUE
    empty = np.zeros((256, 256, 4), np.uint8)
    assert figures(swapped(color), Truth.of(color, line), empty).bleed == 1
    assert figures(color, Truth.of(color, line), empty).bleed == 0


def test_bleed_judges_hinted_regions_only() -> None:
    color, line = rooms()
    truth = Truth.of(color, line)
    on_red = np.zeros((*line.shape, 4), np.uint8)
    on_red[(color == RED).all(-1)] = (*RED, 255)
    wrong_blue = color.copy()
    wrong_blue[(color == BLUE).all(-1)] = RED
    assert figures(wrong_blue, truth, on_red).bleed == 0
    unhinted = figures(wrong_blue, truth, np.zeros_like(on_red)).bleed
    assert unhinted is not None and unhinted > 0


def test_the_background_is_not_inside_the_drawing() -> None:
    color, line = rooms()
    yellow_paper = color.copy()
    yellow_paper[:8] = (255, 255, 0)
    found = figures(yellow_paper, Truth.of(color, line), np.zeros((*line.shape, 4), np.uint8))
    assert found.inside == 0
    assert found.all > 0


def test_ink_is_not_judged() -> None:
    color, line = rooms()
    inked = color.copy()
    inked[line == 0] = (255, 0, 255)
    assert figures(inked, Truth.of(color, line), np.zeros((*line.shape, 4), np.uint8)).all == 0


def test_hint_difference_is_what_became_of_the_strokes() -> None:
    color, line = rooms()
    hints = np.zeros((*line.shape, 4), np.uint8)
    hints[60:64, 30:34] = (*RED, 255)
    painted = color.copy()
    painted[60:64, 30:34] = BLUE
    expected = float(ciede2000(to_lab(np.array(RED, np.uint8)), to_lab(np.array(BLUE, np.uint8))))
    assert figures(painted, Truth.of(color, line), hints).hint == pytest.approx(expected, rel=1e-5)


def test_sets_of_colours_are_compared_without_their_places() -> None:
    colors = np.random.default_rng(0).integers(0, 256, (500, 3), np.uint8)
    assert sliced_wasserstein(colors, colors[::-1]) == 0
    assert sliced_wasserstein(colors, np.full_like(colors, 128)) > 10
    assert sliced_wasserstein(colors, np.concatenate([colors, colors])) < 0.5


def test_a_grey_shift_moves_the_distance_by_its_mean_projection() -> None:
    dark, light = np.full((9, 3), 100, np.uint8), np.full((5, 3), 140, np.uint8)
    step = float(to_lab(light[0])[0] - to_lab(dark[0])[0])
    assert sliced_wasserstein(dark, light) == pytest.approx(step / 2, rel=0.2)  # E|cos| over the sphere is 1/2


def test_grey_has_no_colourfulness_and_a_flag_has() -> None:
    assert colorfulness(np.full((4, 4, 3), 77, np.uint8)) == 0
    red_cyan = np.zeros((2, 2, 3), np.uint8)
    red_cyan[0], red_cyan[1] = (255, 0, 0), (0, 255, 255)
    assert colorfulness(red_cyan) == pytest.approx(np.hypot(255, 127.5))


def test_psnr_and_ssim_fall_as_noise_grows() -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(60, 190, (64, 64, 3), np.uint8)
    noisy = [np.clip(picture + rng.normal(0, s, picture.shape), 0, 255).astype(np.uint8) for s in (2, 20)]
    assert psnr(picture, picture) == 60 > psnr(picture, noisy[0]) > psnr(picture, noisy[1])
    assert ssim(picture, noisy[0]) > ssim(picture, noisy[1])
    assert psnr(picture, picture + np.uint8(5)) == pytest.approx(20 * np.log10(255 / 5), abs=1e-4)
