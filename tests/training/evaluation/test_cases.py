"""What a pair is as line art, and what as a greyscale picture."""

from __future__ import annotations

import numpy as np

from linewash_training.evaluation.cases import Case, finished, grey
from linewash_training.evaluation.lab import to_lab
from linewash_training.pack import Pair, PairInfo
from tests.training.evaluation.drawings import PAPER, rooms


def pair(kind: str) -> Pair:
    color, line = rooms(96)
    color[line < 255] = PAPER  # colours as they lie under the ink
    return Pair(line, color, PairInfo("a", "drawn", "a", kind, "held", 1.0, 96, 96))


def test_a_finished_picture_has_its_lines_and_a_films_frame_had_them_before() -> None:
    drawing, frame = pair("real"), pair("film")
    assert (finished(drawing)[drawing.line == 0] == 0).all()
    assert np.array_equal(finished(drawing)[drawing.line == 255], drawing.color[drawing.line == 255])
    assert np.array_equal(finished(frame), frame.color)


def test_a_grey_picture_has_the_lightness_of_its_colours() -> None:
    colors = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    levels = np.repeat(grey(colors)[..., None], 3, 2)
    assert np.abs(to_lab(levels)[..., 0] - to_lab(colors)[..., 0]).max() < 0.3  # a level is up to 0.57 of L
    greys = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, 2)
    assert np.array_equal(grey(greys)[0], np.arange(256))


def test_line_art_is_judged_by_the_colours_and_a_grey_picture_by_the_finished_picture() -> None:
    drawing = pair("real")
    lines, picture = Case.of(drawing, "lines"), Case.of(drawing, "grey")
    assert np.array_equal(lines.given, drawing.line)
    assert np.array_equal(lines.known.color, drawing.color)
    assert np.array_equal(picture.given, grey(finished(drawing)))
    assert np.array_equal(picture.known.color, finished(drawing))
