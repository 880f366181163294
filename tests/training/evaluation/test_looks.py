"""Grey, sepia, and one thing in one colour: on colours whose look is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_training.evaluation.lab import to_lab
from linewash_training.evaluation.looks import Skin, Things, look
from linewash_training.evaluation.metrics import Truth
from tests.training.evaluation.drawings import BLUE, GREEN, RED, rooms

SEPIA, CREAM, SKY, GREY, ORANGE = (112, 66, 20), (222, 196, 150), (90, 160, 220), (140, 138, 136), (255, 140, 0)
PEACH = (237, 185, 138)


def looks(*colors: tuple[int, int, int]) -> str:
    return look(to_lab(np.array(colors, np.uint8)))


def test_browns_look_sepia_beside_grey_too() -> None:
    assert looks(SEPIA, CREAM, CREAM) == "sepia"
    assert looks(SEPIA, CREAM, GREY, GREY) == "sepia"


def test_a_fifth_of_blue_or_a_strong_orange_is_no_sepia() -> None:
    assert looks(SEPIA, SEPIA, CREAM, CREAM, SKY) == ""
    assert looks(ORANGE, ORANGE, SEPIA) == ""


def test_hardly_any_colour_looks_grey() -> None:
    assert looks(*[GREY] * 19, SKY) == "grey"
    assert looks(*[GREY] * 4, SKY) == ""


def test_the_truth_keeps_together_and_apart_what_belongs_so() -> None:
    color, line = rooms()
    color[(color == GREEN).all(-1)] = RED  # two of three rooms alike
    things = Things(Truth.of(color, line))
    assert things.kept(color) == {"together": 1.0, "apart": 1.0}
    assert things.kept(np.full_like(color, 200)) == {"together": 1.0, "apart": 0.0}
    original, _ = rooms()
    assert things.kept(original) == {"together": 0.0, "apart": 1.0}


def test_pairs_that_a_picture_has_none_of_are_not_judged() -> None:
    color, line = rooms()
    assert things_of(color, line).kept(color) == {"apart": 1.0}
    color[(color == GREEN).all(-1) | (color == BLUE).all(-1)] = RED
    assert things_of(color, line).kept(color) == pytest.approx({"together": 1.0})


def things_of(color: NDArray[np.uint8], line: NDArray[np.uint8]) -> Things:
    return Things(Truth.of(color, line))


def test_skin_is_judged_where_its_source_names_it_and_is_there() -> None:
    color, line = rooms()
    color[(color == GREEN).all(-1)] = PEACH
    known = Truth.of(color, line)
    assert Skin(known, "dicebear-open-peeps").shown(color) == {"skin": 1.0, "not_skin": 0.0}
    assert Skin(known, "art4apps").shown(color) == {}
    assert Skin(Truth.of(*rooms()), "dicebear-open-peeps").shown(color) == {}


def test_a_blue_face_is_no_skin_and_skin_all_over_is_told() -> None:
    color, line = rooms()
    color[(color == GREEN).all(-1)] = PEACH
    skin = Skin(Truth.of(color, line), "dicebear-open-peeps")
    assert skin.shown(np.full_like(color, SKY)) == {"skin": 0.0, "not_skin": 0.0}
    assert skin.shown(np.full_like(color, (208, 139, 91))) == {"skin": 1.0, "not_skin": 1.0}
