"""The light to learn from: taken from pictures that have it, made up for those that have none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from linewash_training.light_batches import WINDOWS, LightSample, LightWindows, collate, light_of
from linewash_training.light_truth import lean, lit, page, read_light
from linewash_training.pack import Pair, PairInfo
from linewash_training.relief import light_up

from .lit_drawings import CENTER, RED, SIDE, ball, shaded

LEFT_ABOVE, RIGHT_BELOW = (CENTER[0] - 40, CENTER[1] - 40), (CENTER[0] + 48, CENTER[1] + 48)


def test_what_was_taken_apart_gives_the_picture_back() -> None:
    picture, line = shaded((-1, -1))
    light = read_light(picture, line)
    back = lit(light.tones.astype(np.float32) / np.float32(255), light.shading, light.highlights) * 255
    off = np.abs(back - picture).max(2)
    assert (light.weight > 0.5).mean() > 0.2
    assert off[light.shading > 0.02].max() < 4  # the shade was painted by multiplying
    assert off[light.weight > 0.5].mean() < 4


def test_a_flat_picture_has_no_light() -> None:
    light = read_light(*ball())
    assert light.shading.max() == light.highlights.max() == 0
    assert lean(light)[2] == 0


def test_paint_is_darker_than_its_tone_or_lighter_but_never_both() -> None:
    light = read_light(*shaded((-1, -1)))
    assert light.shading.max() > 0.1 and light.highlights.max() > 0.05
    assert not ((light.shading > 0) & (light.highlights > 0)).any()


def test_another_hue_is_no_shade() -> None:
    picture, line = ball()
    cv2.rectangle(picture, (110, 110), (146, 146), (60, 60, 160), -1)
    light = read_light(picture, line)
    assert light.shading.max() < 0.02 and (light.tones[128, 128] == (60, 60, 160)).all()


def test_nothing_is_known_of_ink_page_and_ground() -> None:
    for around in ((255, 255, 255), (120, 160, 200)):
        picture, line = ball(around=around)
        weight = read_light(picture, line).weight
        assert (weight[line < 128] == 0).all() and (weight[:20] == 0).all() and weight[CENTER] == 1


def test_the_page_is_white_that_reaches_the_border() -> None:
    picture, _ = ball()
    cv2.circle(picture, CENTER, 20, (255, 255, 255), -1)
    blank = page(picture)
    assert blank[0, 0] and not blank[CENTER] and not blank[CENTER[1], CENTER[0] + 40]


@pytest.mark.parametrize(("towards", "across", "down"), [((-1, 0), -1, 0), ((1, 0), 1, 0), ((0, -1), 0, -1)])
def test_lean_tells_where_the_light_comes_from(towards: tuple[float, float], across: int, down: int) -> None:
    x, y, seen = lean(read_light(*shaded(towards)))
    assert (round(x), round(y)) == (across, down) and seen > 0.3


def test_made_up_light_is_lighter_towards_the_light() -> None:
    light = light_up(*ball())
    assert light.shading[LEFT_ABOVE[::-1]] < 0.02 < 0.2 < light.shading[RIGHT_BELOW[::-1]]
    y, x = np.nonzero(light.highlights > 0.1)
    assert len(x) and (x < CENTER[0]).all() and (y < CENTER[1]).all()


def test_made_up_light_has_a_clean_edge() -> None:
    """Along the line from light to shade, most of the change happens within a tenth of the way, but not at once."""
    shading = light_up(*ball()).shading
    steps = np.array([shading[k, k] for k in range(CENTER[0] - 50, CENTER[0] + 50)])
    change = np.abs(np.diff(steps))
    assert np.sort(change)[-12:].sum() > 0.6 * change.sum() and change.max() < 0.2


@pytest.mark.parametrize("around", [(255, 255, 255), (120, 160, 200)], ids=["page", "ground"])
def test_neither_page_nor_ground_is_given_a_form(around: tuple[int, int, int]) -> None:
    light = light_up(*ball(around=around))
    assert light.shading[:20].max() == light.highlights[:20].max() == 0


def test_the_tone_of_a_picture_without_light_stays() -> None:
    picture, line = ball()
    assert (light_up(picture, line).tones[CENTER] == RED).all()


def test_a_picture_that_has_light_keeps_it_and_one_that_has_none_gets_some() -> None:
    for picture, line in (shaded((-1, -1)), ball()):
        light, turned = light_of(picture, line)
        assert not turned and light.shading.max() > 0.1
    own, _ = light_of(*shaded((-1, -1)))
    assert np.array_equal(own.shading, read_light(*shaded((-1, -1))).shading)


def test_light_from_the_right_is_learned_from_the_other_side() -> None:
    light, turned = light_of(*shaded((1, -0.5)))
    assert turned and lean(light)[0] < 0


def test_light_from_below_is_not_learned() -> None:
    light, _ = light_of(*shaded((0, 1)))
    assert lean(light)[1] < 0


def sampled(seed: int) -> list[LightSample]:
    picture, line = ball()
    pair = Pair(line, picture, PairInfo("own/1", "own", "1", "real", "train", 1.0, SIDE, SIDE))
    return LightWindows(128)(pair, np.random.default_rng(seed))


def test_windows_are_lines_flats_and_light_of_one_place() -> None:
    samples, again = sampled(3), sampled(3)
    assert len(samples) == WINDOWS
    batch = collate([samples, sampled(4)])
    assert batch.lines.shape == batch.weight.shape == (2 * WINDOWS, 1, 128, 128)
    assert batch.flats.shape == (2 * WINDOWS, 3, 128, 128) and batch.light.shape == (2 * WINDOWS, 2, 128, 128)
    for sample, same in zip(samples, again, strict=True):
        assert np.array_equal(sample.lines, same.lines) and np.array_equal(sample.light, same.light)
        white = cv2.erode((sample.flats[..., 0] > 99.5).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
        assert (sample.light[:, white] == 0).all() and (sample.weight[white] == 0).all()


def test_beyond_the_picture_there_is_nothing_to_learn() -> None:
    for seed in range(8):
        for sample in sampled(seed):
            assert sample.weight.mean() < 0.9 and sample.light.max() <= 1 and sample.light.min() >= 0
