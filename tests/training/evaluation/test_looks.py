"""Grey, sepia, one thing in one colour, and things in their colours: on colours whose look is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_training.evaluation.lab import to_lab
from linewash_training.evaluation.looks import Depicted, Things, look
from linewash_training.evaluation.metrics import Truth
from linewash_training.pack import PairInfo
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


def depicted(color: NDArray[np.uint8], source: str, name: str = "thing") -> Depicted:
    """Of `rooms` in these colours."""
    line = rooms()[1]
    info = PairInfo(f"{source}/{name}", source, "", "real", "held", 1.0, line.shape[1], line.shape[0])
    return Depicted(Truth.of(color, line), info)


def with_a_face() -> NDArray[np.uint8]:
    color, _ = rooms()
    color[(color == GREEN).all(-1)] = PEACH
    return color


def under_a_sky() -> NDArray[np.uint8]:
    """A green room, and blue above all three."""
    color, line = rooms()
    color[:32][line[:32] == 255] = SKY
    return color


def test_skin_is_judged_where_its_source_names_it_and_is_there() -> None:
    assert depicted(with_a_face(), "dicebear-open-peeps").shown(with_a_face()) == {"skin": 1.0, "not_skin": 0.0}
    assert depicted(with_a_face(), "art4apps").shown(with_a_face()) == {}
    assert depicted(rooms()[0], "dicebear-open-peeps").shown(with_a_face()) == {}


def test_a_blue_face_is_no_skin_and_skin_all_over_is_told() -> None:
    one = depicted(with_a_face(), "dicebear-open-peeps")
    assert one.shown(np.full_like(with_a_face(), SKY)) == {"skin": 0.0, "not_skin": 0.0}
    assert one.shown(np.full_like(with_a_face(), (208, 139, 91))) == {"skin": 1.0, "not_skin": 1.0}


def test_foliage_is_judged_in_scenes_and_in_pictures_of_plants() -> None:
    color, _ = rooms()
    for one in (depicted(color, "bookdash"), depicted(color, "art4apps", "apple_tree")):
        assert one.shown(color) == {"foliage": 1.0, "not_foliage": 0.0}
    assert depicted(color, "art4apps", "frog").shown(color) == {}


def test_the_sky_is_judged_in_scenes_and_what_else_became_blue_is_told() -> None:
    color = under_a_sky()
    truth = {"foliage": 1.0, "not_foliage": 0.0, "sky": 1.0, "not_sky": 0.0}
    assert depicted(color, "bookdash").shown(color) == truth
    assert depicted(color, "bookdash").shown(np.full_like(color, SKY)) == {
        "foliage": 0.0, "not_foliage": 0.0, "sky": 1.0, "not_sky": 1.0,
    }  # fmt: skip
    assert "sky" not in depicted(color, "art4apps", "apple_tree").shown(color)


def test_a_sky_left_white_is_told() -> None:
    color = under_a_sky()
    assert depicted(color, "bookdash").shown(rooms()[0])["sky"] == 0


def test_what_is_white_in_a_figure_is_judged_and_the_paper_around_it_is_not() -> None:
    color, _ = rooms()
    bright = color.copy()
    bright[(color == GREEN).all(-1)] = 255
    one = depicted(bright, "art4apps")
    assert one.shown(bright) == {"white": 1.0, "not_white": 0.0}
    assert one.shown(color) == {"white": 0.0, "not_white": 0.0}
    assert one.shown(np.full_like(color, 255)) == {"white": 1.0, "not_white": 1.0}
