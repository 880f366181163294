"""Parts: which basins of a drawing get one colour where nothing was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage

from linewash_daemon.colorist import parts
from linewash_daemon.colorist.alike import MOST, Alike, by_likeness
from linewash_daemon.colorist.parts import Parts
from linewash_daemon.colorist.regions import Regions
from linewash_daemon.generator import Semantics

CLASSES = ("skin", "hair", "white")
SKIN, HAIR, WHITE = range(len(CLASSES))
SAME = (8.0, -4.0)  # two that are alike have one colour with log-odds 4, two at right angles with -4
UP, ASIDE = (1.0, 0.0), (0.0, 1.0)


def regions(area: Sequence[int], basin: Sequence[int] | None = None, rim: Sequence[bool] | None = None) -> Regions:
    """So many in a row, of so many px; each a basin of its own, and none at the page's rim, if nothing is told."""
    n = len(area)
    labels = np.arange(n, dtype=np.int32)[None]
    relief = np.zeros((1, n), np.uint8)
    return Regions(
        (1, n), 1, labels, n, np.array(area, np.int64), np.zeros(n, bool) if rim is None else np.array(rim, bool),
        np.arange(n, dtype=np.int32), np.zeros((0, 2), np.int32), np.zeros(0, np.float32), labels, np.arange(n),
        relief, relief, np.array(range(n) if basin is None else basin, np.int32),
    )  # fmt: skip


def semantics(
    likeness: Any, depicts: Sequence[int] | None = None, same: tuple[float, float] = SAME, sure: float = 0.9
) -> Semantics:
    """Of regions; ``depicts``: rows of `CLASSES`, -1 for none."""
    like = np.array(likeness, np.float32)
    chance = np.full((len(like), len(CLASSES)), 0.1, np.float32)
    for region, row in enumerate(depicts or ()):
        if row >= 0:
            chance[region, row] = sure
    return Semantics(
        CLASSES, chance, like, same, (np.full((1, 3), 50, np.float32),) * 2 + (np.zeros((0, 3), np.float32),)
    )


def parts_of(given: Regions, told: Semantics | None, paper: NDArray[np.bool_] | None = None) -> Parts:
    """By the likeness that ``told`` has."""
    return Parts.of(given, told, None if told is None else by_likeness(given, told), paper)


def sets(of_basin: NDArray[np.int64]) -> set[frozenset[int]]:
    """The basins of each part."""
    return {frozenset(np.flatnonzero(of_basin == part).tolist()) for part in of_basin.tolist()}


def turned(degrees: float) -> tuple[float, float]:
    return float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))


def test_alike_basins_are_one_part_and_unlike_ones_are_two() -> None:
    found = parts_of(regions([50, 40, 30, 20]), semantics([UP, ASIDE, UP, ASIDE]))
    assert sets(found.of_basin) == {frozenset({0, 2}), frozenset({1, 3})}


def test_without_semantics_each_basin_is_its_own_part_and_depicts_nothing() -> None:
    found = Parts.of(regions([50, 40, 30, 20], [2, 0, 1, 0]))
    assert found.of_basin.tolist() == [0, 1, 2] and found.owner.tolist() == [2, 0, 1, 0]
    assert found.area.tolist() == [60, 30, 50] and found.depicts.tolist() == [-1, -1, -1]


def test_what_is_not_known_to_be_alike_is_no_part_of_anything_else_but_depicts_what_it_does() -> None:
    found = Parts.of(regions([50, 40]), semantics([UP, UP], [1, 1]))
    assert found.of_basin.tolist() == [0, 1] and found.depicts.tolist() == [1, 1]


def test_basins_that_depict_different_things_are_never_one_part_however_alike() -> None:
    found = parts_of(regions([60, 50, 40, 30, 20, 10]), semantics([UP] * 6, [0, 1, -1, 0, 1, -1]))
    assert sets(found.of_basin) == {frozenset({0, 3}), frozenset({1, 4}), frozenset({2, 5})}
    assert found.depicts[found.of_basin].tolist() == [0, 1, -1, 0, 1, -1]


@pytest.mark.parametrize(("odds", "count"), [(0.3, 2), (3.0, 1)])
def test_likeness_has_to_outweigh_that_two_basins_seldom_have_one_colour(odds: float, count: int) -> None:
    assert len(parts_of(regions([50, 40]), semantics([UP, UP], same=(odds, 0.0))).area) == count


def test_a_chain_of_likenesses_does_not_join_its_unlike_ends() -> None:
    found = parts_of(regions([50, 40, 30]), semantics([turned(0), turned(40), turned(80)]))
    assert found.of_basin[0] != found.of_basin[2]


def test_what_is_told_of_pairs_counts_rather_than_likeness() -> None:
    odds = np.array([[9, -4, 4], [-4, 9, -4], [4, -4, 9]], float)
    kin = Alike(np.array([0, 1, 2]), np.array([50.0, 40, 30]), odds)
    found = Parts.of(regions([50, 40, 30]), semantics([UP, UP, ASIDE]), kin)
    assert sets(found.of_basin) == {frozenset({0, 2}), frozenset({1})}


def test_a_basin_depicts_what_is_likeliest_if_that_is_likely_enough() -> None:
    told = semantics([UP, ASIDE], [0, 1])
    told.chance[0] = 0.6, 0.95, 0.1
    assert parts_of(regions([50, 40]), told).depicts.tolist() == [1, 1]
    assert parts_of(regions([50, 40]), semantics([UP, ASIDE], [0, 1], sure=0.25)).depicts.tolist() == [-1, -1]


def test_of_what_is_likely_enough_it_is_what_exceeds_its_own_threshold_the_most() -> None:
    told = semantics([UP, ASIDE], [-1, -1])
    told.chance[0, [SKIN, HAIR]] = 0.42, 0.5  # of 0.4, and of 0.45
    told.chance[1, [SKIN, HAIR]] = 0.48, 0.5
    found = parts_of(regions([50, 40]), told)
    assert found.depicts[found.of_basin].tolist() == [HAIR, SKIN]


def test_what_has_no_tones_is_not_depicted() -> None:
    told = replace(
        semantics([UP, ASIDE], [0, 1]),
        tones=(np.zeros((0, 3), np.float32), np.full((1, 3), 50, np.float32), np.zeros((0, 3), np.float32)),
    )
    assert parts_of(regions([50, 40]), told).depicts.tolist() == [-1, 1]


def test_what_is_white_stays_so_needs_no_tone_and_is_one_part_with_nothing_else() -> None:
    found = parts_of(regions([60, 50, 40, 30]), semantics([UP] * 4, [WHITE, -1, WHITE, 0]), np.array([True] * 4))
    assert sets(found.of_basin) == {frozenset({0, 2}), frozenset({1}), frozenset({3})}
    assert found.white[found.of_basin].tolist() == [True, False, True, False]
    assert found.depicts[found.of_basin].tolist() == [-1, -1, -1, 0]


def test_paper_is_one_part_with_paper_alone_and_nothing_else_may_stay_paper() -> None:
    blank = np.array([True, False, True, False])
    found = parts_of(regions([60, 50, 40, 30]), semantics([UP] * 4), blank)
    assert sets(found.of_basin) == {frozenset({0, 2}), frozenset({1, 3})}
    assert found.paper[found.of_basin].tolist() == blank.tolist()
    assert Parts.of(regions([60, 50])).paper.all()


def test_what_is_depicted_may_not_stay_paper_though_it_looks_like_some() -> None:
    found = parts_of(regions([60, 50]), semantics([UP, UP], [0, -1]), np.array([True, True]))
    assert found.paper[found.of_basin].tolist() == [False, True]


def test_of_very_many_basins_only_the_largest_are_compared_and_the_others_join_what_they_are_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []

    def counted(apart: NDArray[np.float32], how: str) -> Any:
        compared.append(len(apart))
        return linkage(apart, how)

    monkeypatch.setattr(parts, "linkage", counted)
    rng = np.random.default_rng(0)
    kind = np.concatenate([np.arange(7), rng.integers(0, 7, 2990), [7, 8, 8]])  # the last three are like no large one
    area = np.concatenate([np.full(7, 900), rng.integers(20, 800, 2990), [3, 2, 1]])
    depicts = (kind == 6).astype(np.int64) - 1
    found = parts_of(regions(area.tolist()), semantics(np.eye(9)[kind], depicts.tolist()))
    assert max(compared) <= MOST * (MOST - 1) // 2
    assert all(len(set(found.of_basin[kind == one].tolist())) == 1 for one in range(8))
    assert len(found.area) == len(set(found.of_basin[:-3].tolist())) + 3 == 10


@given(st.integers(1, 60), st.integers(0, 2**32 - 1), st.booleans())
def test_whatever_is_told_every_region_is_in_one_part_that_is_made_of_whole_basins(
    n: int, seed: int, knowing: bool
) -> None:
    rng = np.random.default_rng(seed)
    basin = np.unique(rng.integers(0, 1 + n // 2, n), return_inverse=True)[1]
    count = int(basin.max()) + 1
    area, rim = rng.integers(1, 999, n), rng.random(n) < 0.2
    like = rng.normal(size=(count, 3))
    like /= np.linalg.norm(like, axis=1, keepdims=True)
    depicts = rng.integers(-1, WHITE, count)
    told = semantics(like[basin], depicts[basin].tolist()) if knowing else None
    found = parts_of(regions(area.tolist(), basin.tolist(), rim.tolist()), told)
    assert len(found.of_basin) == count and np.array_equal(found.owner, found.of_basin[basin])
    assert np.array_equal(np.unique(found.of_basin), np.arange(len(found.area)))
    assert np.array_equal(found.area, np.bincount(found.owner, area)) and np.array_equal(found.pixels, area)
    touching = np.isin(basin, basin[rim])
    at_rim = [2 * area[touching & (found.owner == part)].sum() for part in range(len(found.area))]
    assert found.rim.tolist() == [bool(rimmed > whole) for rimmed, whole in zip(at_rim, found.area, strict=True)]
    assert np.array_equal(found.depicts[found.of_basin], depicts if knowing else np.full(count, -1))


def test_what_is_said_of_regions_is_said_of_their_part_by_area() -> None:
    found = parts_of(regions([30, 10, 40], [0, 0, 1]), semantics([UP, UP, UP]))
    assert found.mean(np.array([[1, 0], [5, 0], [3, 8]], np.float32)).tolist() == [[2.5, 4.0]]
    apart = parts_of(regions([30, 10, 40], [0, 0, 1]), semantics([UP, UP, ASIDE]))
    assert apart.mean(np.array([[1, 0], [5, 0], [3, 8]], np.float32))[apart.of_basin].tolist() == [[2, 0], [3, 8]]


def test_a_part_goes_with_the_colour_that_most_of_it_goes_with() -> None:
    found = parts_of(regions([30, 20, 40], [0, 1, 2]), semantics([UP, UP, ASIDE]))
    choice = np.array([1, 0, -1])
    assert found.commonest(choice, 2)[found.of_basin].tolist() == [1, 1, -1]
    assert found.commonest(None, 2).tolist() == [-1, -1]
