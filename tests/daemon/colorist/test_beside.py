"""What lies beside what: it should not run into one colour, unless it is of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Options
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.alike import BY_LIKENESS, PartsAlike, by_likeness
from linewash_daemon.colorist.beside import others_beside
from linewash_daemon.colorist.drawn import Draw
from linewash_daemon.colorist.graph import Graph
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.parts import Parts
from linewash_daemon.colorist.prepare import Prepared, prepare
from linewash_daemon.generator import Encoded, Painting, Semantics
from linewash_daemon.given import Given

from .drawings import color, plane, sheet, with_square
from .fake import FakeGenerator, FakeModels

BINS = np.array([(50, 60, 40), (40, 20, -60)], np.float32)
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 40)
UP, ASIDE = (1.0, 0.0), (0.0, 1.0)
SAME = (20.0, -10.0)  # two at right angles are of one colour with log-odds -10, two that are alike with 10
NO_TONES = np.zeros((0, 3), np.float32)


def rooms(cells: bool = True) -> Prepared:
    """A page with two rooms that share a wall, the right one twice as wide."""
    art = sheet()
    cv2.rectangle(art, (40, 40), (160, 160), 0, 3)
    cv2.line(art, (80, 40), (80, 160), 0, 3)
    return prepare(read_lineart(art), FakeGenerator(cells=cells), 0.0)


def square() -> Prepared:
    return prepare(read_lineart(with_square()), FakeGenerator(), 0.0)


def at(prepared: Prepared, *places: tuple[float, float]) -> list[int]:
    """The basins at places (x, y), of both sides."""
    h, w = prepared.regions.working.shape
    return [int(prepared.regions.basin[prepared.regions.working[int(y * h), int(x * w)]]) for x, y in places]


def told(prepared: Prepared, likeness: Sequence[tuple[float, float]], same: tuple[float, float] = SAME) -> Semantics:
    """``likeness``: of each basin."""
    of_region = np.array(likeness, np.float32)[prepared.regions.basin]
    return Semantics(("skin",), np.zeros((len(of_region), 1), np.float32), of_region, same, (NO_TONES,))


def odds(prepared: Prepared, semantics: Semantics, parts: Parts) -> PartsAlike:
    return by_likeness(prepared.regions, semantics).of_parts(parts)


@pytest.mark.parametrize("cells", [False, True])
def test_what_lies_beside_counts_by_how_long_the_border_is(cells: bool) -> None:
    prepared = rooms(cells)
    page, left, right = at(prepared, (0.1, 0.5), (0.3, 0.5), (0.6, 0.5))
    assert len({page, left, right}) == prepared.regions.basin.max() + 1 == 3
    assert (prepared.regions.n > 3) == cells
    strangers = told(prepared, np.eye(3)[:, :2] @ [UP, ASIDE], same=(0.0, -10.0))  # type: ignore[arg-type]
    parts = Parts.of(prepared.regions)
    share = others_beside(parts, prepared.graph, odds(prepared, strangers, parts)).toarray()
    expected = {
        (left, right): 120 / 320, (left, page): 200 / 320, (right, left): 120 / 400, (right, page): 280 / 400,
        (page, left): 200 / 480, (page, right): 280 / 480,
    }  # fmt: skip
    for pair, wanted in expected.items():
        assert share[pair] == pytest.approx(wanted, abs=0.04)
    assert not share.diagonal().any()


def test_basins_of_one_part_do_not_lie_beside_each_other() -> None:
    prepared = rooms()
    page, left, right = at(prepared, (0.1, 0.5), (0.3, 0.5), (0.6, 0.5))
    likeness = np.zeros((3, 2))
    likeness[page], likeness[left], likeness[right] = UP, ASIDE, ASIDE
    semantics = told(prepared, likeness)  # type: ignore[arg-type]
    parts = Parts.of(prepared.regions, semantics, by_likeness(prepared.regions, semantics))
    both, around = parts.of_basin[left], parts.of_basin[page]
    assert both == parts.of_basin[right] != around
    share = others_beside(parts, prepared.graph, odds(prepared, semantics, parts)).toarray()
    assert share == pytest.approx(np.array([[0, 1], [1, 0]]), abs=0.01)


@pytest.mark.parametrize(("even", "expected"), [(-10.0, 1.0), (BY_LIKENESS, 0.5), (10.0, 0.0)])
def test_what_is_likely_of_one_colour_counts_as_no_other(even: float, expected: float) -> None:
    prepared = square()
    semantics = told(prepared, [UP, UP], same=(0.0, even))
    parts = Parts.of(prepared.regions)
    share = others_beside(parts, prepared.graph, odds(prepared, semantics, parts))
    assert share[0, 1] == pytest.approx(expected, abs=0.01)


def test_where_nothing_tells_what_is_of_one_colour_nothing_lies_beside_anything() -> None:
    prepared = square()
    assert others_beside(Parts.of(prepared.regions), prepared.graph, None).nnz == 0


def drawing(prepared: Prepared, likeness: Sequence[tuple[float, float]], options: Options) -> Draw:
    """A page and a square, for both of which red and blue are as likely."""
    semantics = told(prepared, likeness)
    parts = replace(Parts.of(prepared.regions), paper=np.zeros(2, bool))
    beside = others_beside(parts, prepared.graph, odds(prepared, semantics, parts))
    return Draw(BINS, SAID, parts, options, np.random.default_rng(1), beside)


SAID, NOTHING = np.log(np.full((2, 2), 0.5)), np.full((1, 3), np.nan, np.float32)


@pytest.mark.parametrize(("likeness", "same"), [((UP, ASIDE), False), ((UP, UP), True)])
def test_a_colour_is_carried_to_what_is_likely_one_thing_with_it_and_not_to_what_merely_lies_beside(
    likeness: tuple[tuple[float, float], ...], same: bool
) -> None:
    prepared = square()
    page, within = at(prepared, (0.05, 0.05), (0.5, 0.5))
    draw = drawing(prepared, likeness, Options(variety=0.0, palette=(RED, BLUE)))
    inner = draw(SAID, np.array([within]), NOTHING)
    assert np.allclose(draw(SAID, np.array([page]), inner), inner) == same


@pytest.mark.parametrize(("dotted", "pushed_off"), [(False, True), (True, False)])
def test_nothing_is_pushed_off_a_colour_that_a_dot_has_hidden(dotted: bool, pushed_off: bool) -> None:
    prepared = square()
    page, within = at(prepared, (0.05, 0.05), (0.5, 0.5))
    draw = drawing(prepared, (UP, ASIDE), Options(variety=0.0, like=((*RED, 9), (*BLUE, 1))))
    carried = np.array([[60, -50, 40]], np.float32) if dotted else NOTHING
    inner = draw(SAID, np.array([within]), carried)
    assert np.allclose(draw(SAID, np.array([page]), NOTHING), inner) != pushed_off


class Reader(FakeGenerator):
    """It would give a page and what is on it any of two colours, and knows that they are two things."""

    def paint(self, given: Given) -> Painting:
        even = np.log(np.full((len(given.graph.nodes), 2), 0.5, np.float32))
        return Painting(super().paint(given).own, distribution=even, bins=BINS)

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics:
        like = np.array([UP, ASIDE], np.float32)[(graph.basin == graph.basin[graph.working[96, 96]]).astype(int)]
        return Semantics(("skin",), np.zeros((len(like), 1), np.float32), like, SAME, (NO_TONES,))


def test_a_square_stands_out_from_its_page_even_where_a_reference_has_next_to_one_colour_only() -> None:
    colorist, like = Colorist(FakeModels(Reader(takes_like=True))), ((*RED, 97), (*BLUE, 3))
    flats = plane(color(colorist, with_square(), layers=("flats",), variety=0.0, like=like), "flats")
    assert (flats[5, 5] != flats[100, 100]).any()
