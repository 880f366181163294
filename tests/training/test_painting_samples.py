"""What painters are shown: the right way round, with the hint and the truth of the same place."""

from __future__ import annotations

import cv2
import msgspec
import numpy as np
import pytest

from linewash_daemon.spaces import decode
from linewash_training import recipe
from linewash_training.flats import under_lines
from linewash_training.pack import FILM, Pair, PairInfo
from linewash_training.painting_samples import PaintingSampling, shown
from linewash_training.recipe import Given, PaintingData, PaintingRecipe


def pair(kind: str = "real") -> Pair:
    """Left half red, right half blue, a line between them."""
    color = np.full((128, 128, 3), (200, 40, 40), np.uint8)
    color[:, 64:] = (40, 40, 200)
    line = np.full((128, 128), 255, np.uint8)
    line[:, 62:66] = 0
    return Pair(line, color, PairInfo("a/b", "a", "b", kind, "train", 1.0, 128, 128))


def data(name: str) -> PaintingData:
    told = recipe.read(name)
    assert isinstance(told, PaintingRecipe)
    return msgspec.structs.replace(told.data, size=128)


@pytest.mark.parametrize(("name", "turned"), [("coloring-book", False), ("deepcolor", True)])
def test_frames_are_never_mirrored_and_drawings_are(name: str, turned: bool) -> None:
    sampling = PaintingSampling(data(name), None)
    sides = set()
    for seed in range(24):
        _, picture = sampling.cut(pair(), np.random.default_rng(seed))
        red, blue = (np.flatnonzero((picture[..., c] > 150) & (picture[..., 2 - c] < 90)) % 128 for c in (0, 2))
        if len(red) and len(blue):
            sides.add(bool(red.mean() < blue.mean()))
    assert sides == ({True, False} if turned else {True})


def test_a_drawing_s_picture_has_its_lines_and_a_frame_is_left_as_it_is() -> None:
    sampling = PaintingSampling(data("coloring-book"), None)
    line, drawing = sampling.cut(pair(), np.random.default_rng(0))
    _, frame = sampling.cut(pair(FILM), np.random.default_rng(0))
    assert (line < 40).any()
    assert drawing[line < 40].max() < 40
    assert frame[line < 40].max() > 150


def test_truth_and_lightness_are_of_the_same_place() -> None:
    sample = PaintingSampling(data("grey"), None)(pair(), np.random.default_rng(1))
    lightness = (sample.planes[0] + 1) * 50
    lab = decode(sample.truth, "ab", lightness)
    back = cv2.cvtColor(lab, cv2.COLOR_Lab2RGB)
    red = back[..., 0] > back[..., 2] + 0.3
    assert red.any() and np.ptp(lightness[red]) < 60


def test_what_is_given_is_what_the_recipe_names() -> None:
    line, color = pair().line, pair().color
    assert np.array_equal(shown(line, color, "lines"), line / np.float32(127.5) - 1)
    grey = shown(line, color, "grey")
    assert len(np.unique(grey)) == 2 and np.abs(grey).max() < 1  # the L of red, and of blue
    extractors: tuple[Given, ...] = ("threshold", "canny", "coloring-book")
    for extractor in extractors:
        page = shown(line, under_lines(color, line), extractor)
        assert page[:, 56:72].min() < page[:, :32].min()  # ink about the line, and less elsewhere
