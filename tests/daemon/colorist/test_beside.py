"""What lies beside what: it should not run into one colour, unless it is of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from linewash.contract import Options
from linewash_daemon.colorist.beside import others_beside
from linewash_daemon.colorist.drawn import Draw
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.parts import Parts
from linewash_daemon.colorist.prepare import Prepared, prepare
from linewash_daemon.generator import Semantics

from .drawings import with_square
from .fake import FakeGenerator

RED, BLUE = (50.0, 60.0, 40.0), (40.0, 20.0, -60.0)
BINS = np.array([RED, BLUE], np.float32)
UP, ASIDE = (1.0, 0.0), (0.0, 1.0)


def square() -> Prepared:
    """A square on a page: two basins, and one lies all around the other."""
    return prepare(read_lineart(with_square()), FakeGenerator(long_side=128), 0.0)


def parted(likeness: tuple[tuple[float, float], ...], prepared: Prepared) -> tuple[Parts, Semantics]:
    """Each basin a part; ``likeness``: of the two."""
    regions = prepared.regions
    semantics = Semantics(
        ("skin",), np.zeros((regions.n, 1), np.float32), np.array(likeness, np.float32)[regions.basin], (20.0, -10.0),
        (np.zeros((0, 3), np.float32),),
    )  # fmt: skip
    return Parts.of(regions), semantics


def test_of_a_square_all_of_the_border_is_with_the_page() -> None:
    prepared = square()
    parts, _ = parted((UP, UP), prepared)
    assert others_beside(parts, prepared.graph, None).toarray() == pytest.approx(np.array([[0, 1], [1, 0]]))


@pytest.mark.parametrize(("likeness", "expected"), [((UP, ASIDE), 1.0), ((UP, UP), 0.0)])
def test_what_is_likely_of_one_colour_counts_as_no_other(
    likeness: tuple[tuple[float, float], ...], expected: float
) -> None:
    prepared = square()
    parts, semantics = parted(likeness, prepared)
    assert others_beside(parts, prepared.graph, semantics)[0, 1] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("likeness", "same"), [((UP, ASIDE), False), ((UP, UP), True)])
def test_a_colour_is_carried_to_what_is_likely_one_thing_with_it_and_not_to_what_merely_lies_beside(
    likeness: tuple[tuple[float, float], ...], same: bool
) -> None:
    prepared = square()
    parts, semantics = parted(likeness, prepared)
    parts = replace(parts, paper=np.zeros(2, bool))
    said, nothing = np.log(np.full((2, 2), 0.5)), np.full((1, 3), np.nan, np.float32)
    options = Options(variety=0.0, palette=((200, 30, 30), (30, 30, 200)))
    beside = others_beside(parts, prepared.graph, semantics)
    draw = Draw(BINS, said, parts, options, np.random.default_rng(1), beside=beside)
    inner = draw(said, np.array([1]), nothing)
    assert np.allclose(draw(said, np.array([0]), inner), inner) == same
