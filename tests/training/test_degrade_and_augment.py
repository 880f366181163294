"""Degraded line art, crops and hues."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from linewash_training.augment import Placement, augment, recolor, skin
from linewash_training.degrade import STEPS, degrade, gaps, weight
from tests.training.art_folder import painted

Image = NDArray[np.uint8]


def circle(thickness: int, side: int = 256) -> Image:
    line = np.full((side, side), 255, np.uint8)
    cv2.circle(line, (side // 2, side // 2), side // 3, 0, thickness, cv2.LINE_AA)
    return line


@pytest.mark.parametrize("step", [step for step, _ in STEPS], ids=lambda step: step.__name__)
@pytest.mark.parametrize("thickness", [1, 4, 14])
def test_every_step_keeps_most_of_the_drawing(step: Callable[[Image, Generator], Image], thickness: int) -> None:
    line = circle(thickness)
    for seed in range(10):
        out = step(line.copy(), np.random.default_rng(seed))
        assert out.shape == line.shape and out.dtype == np.uint8
        ring, rest = out[line < 40], out[cv2.erode(line, np.ones((9, 9))) == 255]
        assert ring.mean() < rest.mean() - 25


def test_degradation_varies_and_repeats_with_its_seed() -> None:
    line = circle(4)
    outcomes = [degrade(line, np.random.default_rng(seed)) for seed in range(12)]
    assert len({out.tobytes() for out in outcomes}) > 6
    assert all(np.array_equal(out, degrade(line, np.random.default_rng(seed))) for seed, out in enumerate(outcomes))


def test_thin_lines_only_grow() -> None:
    line = circle(1)
    assert all((weight(line, np.random.default_rng(seed)) <= line).all() for seed in range(12))


def test_bold_lines_also_shrink() -> None:
    line = circle(14)
    assert any(weight(line, np.random.default_rng(seed)).mean() > line.mean() + 1 for seed in range(12))


def test_gaps_open_a_closed_outline() -> None:
    out = gaps(circle(3), np.random.default_rng(1))
    assert cv2.connectedComponents((out > 200).astype(np.uint8))[0] == 2  # paper, in one piece, and ink


def test_an_empty_sheet_degrades_without_error() -> None:
    blank = np.full((64, 96), 255, np.uint8)
    for seed in range(30):
        assert degrade(blank, np.random.default_rng(seed)).mean() > 200


@pytest.mark.parametrize("size", [64, 256])
@pytest.mark.parametrize("shape", [(160, 160), (64, 300), (300, 70)])
def test_line_and_colour_stay_aligned(size: int, shape: tuple[int, int]) -> None:
    line = np.full(shape, 255, np.uint8)
    cv2.rectangle(line, (10, 10), (shape[1] - 10, shape[0] - 10), 0, 4)
    color = line[..., None].repeat(3, axis=2)  # grey keeps its grey whatever the hue
    for seed in range(12):
        placed, colored = augment(line, color, np.random.default_rng(seed), size)
        assert placed.shape == (size, size) and colored.shape == (size, size, 3)
        assert np.abs(placed.astype(int) - colored[..., 1]).max() <= 2


def test_one_window_in_three_shows_the_whole_picture_and_none_is_upside_down() -> None:
    line = np.tile(np.linspace(0, 240, 200).astype(np.uint8)[:, None], (1, 120))
    whole = 0
    for seed in range(60):
        place = Placement.draw(line.shape, 128, np.random.default_rng(seed))
        window = place.apply(line)
        column = window[:, window.min(axis=0) < 250][:, 0]
        inside = column[column < 250]
        assert inside[2] < inside[-3]
        whole += place.scale == 128 / 200
    assert 10 < whole < 35


def test_skin_of_every_tone_keeps_its_hue_while_a_dress_does_not() -> None:
    tones = [(250, 220, 188), (224, 172, 105), (141, 85, 36), (90, 56, 37)]
    for tone in tones:
        picture = np.full((80, 160, 3), tone, np.uint8)
        picture[:, 80:] = (40, 90, 210)
        assert skin(picture)[40, 40] == 1 and skin(picture)[40, 120] == 0
        turned = [recolor(picture, np.random.default_rng(seed)) for seed in range(8)]
        for out in turned:
            assert int(out[40, 40].argmax()) == 0 and out[40, 40, 0] > out[40, 40, 1] > out[40, 40, 2]
        assert len({int(out[40, 120].argmax()) for out in turned}) > 1


def test_black_grey_and_white_stay_so_in_other_hues() -> None:
    picture = np.repeat(np.array([0, 90, 255], np.uint8), 30)[None, :, None].repeat(30, axis=0).repeat(3, axis=2)
    assert np.abs(recolor(picture, np.random.default_rng(5)).astype(int) - picture).max() <= 1


def test_recoloured_pictures_keep_their_borders() -> None:
    picture = painted()
    out = recolor(picture, np.random.default_rng(2))
    assert out.shape == picture.shape and not np.array_equal(out, picture)


@pytest.mark.parametrize("seed", range(30))
def test_what_cant_be_mixed_is_laid_in_the_same_place_as_the_picture(seed: int) -> None:
    """Told apart at their middle: where the picture is black on white, so is the mask."""
    picture = np.full((90, 60), 255, np.uint8)
    picture[20:50, 10:40] = 0
    place = Placement.draw(picture.shape, 64, np.random.default_rng(seed))
    shown, mask = place.apply(picture), place.apply_nearest((picture < 128).astype(np.int8), -1)
    assert mask.shape == shown.shape and mask.dtype == np.int8 and set(np.unique(mask).tolist()) <= {-1, 0, 1}
    sure = (shown < 30) | (shown > 225)
    assert ((mask == 1) == (shown < 128))[sure].mean() > 0.97
