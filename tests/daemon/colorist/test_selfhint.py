"""Drawings without strokes: what is drawn from the network's distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Options
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.parts import Parts
from linewash_daemon.colorist.prepare import Prepared, prepare
from linewash_daemon.colorist.selfhint import _Decided, _sepia, imagine
from linewash_daemon.generator import Painting
from linewash_daemon.given import Given

from .drawings import with_square
from .fake import FakeGenerator

BINS = np.array([[100, 0, 0], [50, 60, 40], [40, 20, -60], [70, -40, 40]], np.float32)


@dataclass
class Undecided(FakeGenerator):
    """A generator that gives every bin ``chances``, and whatever is hinted already the hint's colour."""

    chances: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)
    multiple: int = 32
    long_side: int = 128

    def paint(self, given: Given) -> Painting:
        plain = super().paint(given)
        chances = np.broadcast_to(np.log(np.array(self.chances, np.float32)), (len(given.graph.nodes), len(BINS)))
        return Painting(plain.own, distribution=np.ascontiguousarray(chances), bins=BINS)


def drawing(generator: Undecided) -> Prepared:
    return prepare(read_lineart(with_square()), generator, 0.0)


def colors(painting: Painting) -> NDArray[np.float32]:
    return np.unique(painting.own.reshape(-1, 3), axis=0)


def test_at_variety_0_the_likeliest_colour_wins_whatever_the_seed() -> None:
    generator = Undecided(chances=(0.1, 0.6, 0.2, 0.1))
    for seed in range(5):
        assert np.array_equal(
            colors(imagine(generator, drawing(generator), Options(seed=seed, variety=0.0))), BINS[1:2]
        )


def test_the_same_seed_gives_the_same_colours_and_others_give_others() -> None:
    generator = Undecided()
    first, again, *others = (
        imagine(generator, drawing(generator), Options(seed=seed, variety=1.0)).own for seed in (1, 1, 2, 3, 4, 5)
    )
    assert np.array_equal(first, again)
    assert any(not np.array_equal(first, other) for other in others)


def test_a_palette_is_all_that_is_drawn_from() -> None:
    generator = Undecided()
    palette = ((255, 255, 255), (200, 30, 30))
    for seed in range(4):
        painting = imagine(generator, drawing(generator), Options(seed=seed, variety=1.0, palette=palette))
        near = np.array([[100, 0, 0], [43.6, 63.9, 44.6]], np.float32)
        assert (np.abs(colors(painting)[:, None] - near[None]).max(2).min(1) < 2).all()


def test_what_is_decided_is_told_to_the_network_before_it_decides_the_rest() -> None:
    generator = Undecided()
    imagine(generator, drawing(generator), Options())
    assert generator.painted[0].empty
    assert len(generator.painted) > 1 and not generator.painted[1].empty


def test_a_generator_without_a_distribution_paints_as_it_does() -> None:
    generator = FakeGenerator(own=(30, 1, 2))
    painting = imagine(generator, prepare(read_lineart(with_square()), generator, 0.0), Options())
    assert np.allclose(painting.own, (30, 1, 2))


def test_paper_that_would_stay_white_has_the_lightest_colour_of_a_palette() -> None:
    generator = Undecided(chances=(0.97, 0.01, 0.01, 0.01))
    palette = ((90, 20, 30), (230, 220, 160), (20, 60, 90))
    painting = imagine(generator, drawing(generator), Options(palette=palette))
    assert np.abs(colors(painting) - np.array([[87.5, -3.5, 29]])).max() < 4


def test_regions_of_one_colour_are_told_to_the_network_as_one_stroke_would() -> None:
    generator = Undecided(chances=(0.01, 0.97, 0.01, 0.01))
    imagine(generator, drawing(generator), Options(variety=0.0))
    assert all(len(hints.colors) == 1 for hints in generator.painted[1:])


TAN, SKY = (60.0, 12.0, 22.0), (75.0, -8.0, -25.0)


@pytest.mark.parametrize(
    ("colors", "rim", "looks"),
    [
        ([TAN, TAN], [False, False], True),
        ([TAN, SKY], [False, True], True),  # a brown figure before a sky
        ([TAN, TAN], [True, True], True),  # a page that is brown up to its rim
        ([TAN, SKY], [True, False], False),
        ([TAN, SKY], [False, False], False),
        ([(100.0, 0.0, 0.0), SKY], [False, False], False),
    ],
)
def test_a_page_looks_sepia_or_the_figure_on_it_does(
    colors: list[tuple[float, float, float]], rim: list[bool], looks: bool
) -> None:
    two, pixels, no = np.arange(2), np.full(2, 500), np.zeros(2, bool)
    parts = Parts(two, two, pixels, pixels.astype(np.float64), np.array(rim), no, no, np.full(2, -1))
    decided = _Decided(np.array(colors, np.float32), np.full(2, -1))
    assert _sepia(decided, parts, np.zeros((0, 3), np.float32)) == looks


def test_a_faint_stroke_counts_in_its_own_colour_where_sepia_is_looked_for() -> None:
    two, pixels, no = np.arange(2), np.full(2, 500), np.zeros(2, bool)
    parts = Parts(two, two, pixels, pixels.astype(np.float64), no, no, no, np.full(2, -1))
    decided = _Decided(np.array([TAN, TAN], np.float32), np.array([-1, 0]))
    said = np.array([SKY], np.float32)
    assert not _sepia(decided, parts, said)
    assert _sepia(decided, parts, np.array([TAN], np.float32))
