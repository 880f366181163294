"""Which basins are alike: by what a network says of pairs, or by likeness where it says nothing; and what that does to
colours that are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from linewash.contract import Options
from linewash_daemon.colorist import alike
from linewash_daemon.colorist.alike import BY_LIKENESS, BY_PAIRS, MOST, Alike, PartsAlike, by_likeness
from linewash_daemon.colorist.drawn import Draw
from linewash_daemon.colorist.lab import difference
from linewash_daemon.colorist.pairs import PAIR
from linewash_daemon.colorist.parts import Parts

from .fake import FakeGenerator
from .test_pairs import distribution, prepared, rooms, semantics
from .test_parts import ASIDE, UP, regions
from .test_parts import semantics as of_likeness


@dataclass
class Reader(FakeGenerator):
    """It says of pairs whatever it is told to, in their order."""

    odds: float = 0.0
    asked: int = 0

    def one_color(self, pairs: NDArray[np.float32]) -> NDArray[np.float32] | None:
        assert pairs.shape[1] == PAIR
        self.asked += 1
        return np.asarray(self.odds + np.arange(len(pairs)), np.float32)


def test_what_the_network_says_of_a_pair_is_what_counts_less_what_one_part_needs() -> None:
    drawing = prepared(rooms())
    found = alike.told(Reader(odds=2.0), drawing, semantics(drawing), distribution(drawing))
    assert found is not None and len(found.basins) == int(drawing.regions.basin.max()) + 1
    assert found.odds[0, 1] == pytest.approx(2 - BY_PAIRS) and found.odds[0, 2] == pytest.approx(3 - BY_PAIRS)
    assert (found.odds == found.odds.T).all() and (np.diff(found.area) <= 0).all()


def test_a_network_that_says_nothing_of_pairs_leaves_it_to_likeness() -> None:
    drawing = prepared(rooms())
    said = semantics(drawing)
    found = alike.told(FakeGenerator(), drawing, said, distribution(drawing))
    assert found is not None and np.array_equal(found.odds, by_likeness(drawing.regions, said).odds)
    assert alike.told(Reader(), drawing, None, distribution(drawing)) is None


def test_a_single_area_asks_nobody() -> None:
    drawing = prepared(np.full_like(rooms(), 255))
    reader = Reader()
    found = alike.told(reader, drawing, semantics(drawing), distribution(drawing))
    assert found is not None and len(found.basins) == 1 and not reader.asked


def test_of_very_many_only_the_largest_are_compared() -> None:
    n = MOST + 40
    found = by_likeness(regions(list(range(n, 0, -1))), of_likeness([UP] * n))
    assert found.odds.shape == (MOST, MOST) and found.basins.tolist() == list(range(MOST))


def test_parts_are_as_alike_as_their_areas_are_in_the_mean() -> None:
    kin = Alike(np.arange(3), np.array([9.0, 4.0, 1.0]), np.array([[9, 9, -3], [9, 9, 1], [-3, 1, 9]], float))
    parts = Parts.of(regions([9, 4, 1]), of_likeness([UP] * 3), kin)
    one, other = parts.of_basin[0], parts.of_basin[2]
    assert one == parts.of_basin[1]
    assert kin.of_parts(parts).between(one, other) == pytest.approx((3 * -3 + 2 * 1) / 5)


def test_thousands_of_parts_that_were_not_compared_are_likely_of_other_colours_and_take_no_room() -> None:
    n = MOST + 5000
    kin = by_likeness(regions(list(range(n, 0, -1))), of_likeness([UP] * n))
    found = kin.of_parts(Parts.of(regions(list(range(n, 0, -1)))))
    assert found.odds.shape == (MOST, MOST)
    assert found.between(np.array([0, 0, n - 1]), np.array([1, n - 1, n - 2])).tolist() == [kin.odds[0, 1], -1.5, -1.5]


def test_two_that_are_alike_have_what_their_likeness_says_beyond_what_one_part_needs() -> None:
    found = by_likeness(regions([50, 40]), of_likeness([UP, ASIDE], same=(8.0, -4.0)))
    assert found.odds[0, 0] == pytest.approx(4 - BY_LIKENESS) and found.odds[0, 1] == pytest.approx(-4 - BY_LIKENESS)


BINS = np.array([(50, 60, 40), (40, 20, -60), (60, -40, 40)], np.float32)
SCHEME = np.concatenate([BINS, np.full((3, 1), 1 / 3, np.float32)], 1)[None]
NOTHING = np.full((1, 3), np.nan, np.float32)


def followed(odds: float | None) -> bool:
    """Whether the second of two parts gets the colour of the first, where both may have any of a scheme's; ``odds``
    that they have one."""
    no = np.zeros(2, bool)
    parts = Parts(
        np.arange(2), np.arange(2), np.array([60, 40]), np.array([60.0, 40]), no, no, no, np.full(2, -1)
    )  # fmt: skip
    kin = None if odds is None else PartsAlike(np.arange(2), np.full((2, 2), odds))
    even = np.log(np.full((2, 3), 1 / 3))
    draw = Draw(BINS, even, parts, Options(variety=0.0), np.random.default_rng(1), csr_matrix((2, 2)), kin, SCHEME)
    first = draw(even, np.array([0]), NOTHING)
    return bool(difference(draw(even, np.array([1]), NOTHING), first)[0] < 1)


@pytest.mark.parametrize(("odds", "same"), [(9.0, True), (-9.0, False), (None, False)])
def test_a_colour_of_a_scheme_goes_to_what_is_surely_one_thing_with_what_has_it(odds: float | None, same: bool) -> None:
    assert followed(odds) == same
