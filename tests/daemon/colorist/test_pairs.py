"""What is told of two basins: the same whichever comes first, however the page is turned, and never nonsense."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.pairs import PAIR, figures
from linewash_daemon.colorist.prepare import Prepared, prepare
from linewash_daemon.generator import Semantics

from .drawings import sheet
from .fake import FakeGenerator

BINS, CLASSES = 6, ("skin", "hair", "foliage", "sky", "white", "wood", "sun", "fur")
#: of the figures: of what both depict, how alike their boxes and forms are, and what border they share
ODDS, DIFFERS, BOTH, BORDER, SHARED, CLOSED, TWINS = 0, slice(1, 9), slice(9, 17), 24, 27, 29, slice(42, 45)


def prepared(art: NDArray[np.uint8]) -> Prepared:
    return prepare(read_lineart(art), FakeGenerator(cells=True), 0.0)


def rooms() -> NDArray[np.uint8]:
    """Two equal rooms side by side, and a flat one apart from them."""
    art = sheet()
    cv2.rectangle(art, (40, 40), (120, 100), 0, 3)
    cv2.line(art, (80, 40), (80, 100), 0, 3)
    cv2.rectangle(art, (40, 140), (160, 160), 0, 3)
    return art


def semantics(drawing: Prepared, seed: int = 0) -> Semantics:
    """Something of each basin."""
    rng = np.random.default_rng(seed)
    basin = drawing.regions.basin
    n = int(basin.max()) + 1
    like = rng.normal(size=(n, 4)).astype(np.float32)
    like /= np.linalg.norm(like, axis=1, keepdims=True)
    tones = (np.zeros((0, 3), np.float32),) * len(CLASSES)
    return Semantics(CLASSES, rng.random((n, len(CLASSES))).astype(np.float32)[basin], like[basin], (6.0, -2.0), tones)


def distribution(drawing: Prepared, seed: int = 0) -> NDArray[np.float32]:
    said = np.random.default_rng(seed).normal(size=(drawing.regions.n, BINS)).astype(np.float32)
    return np.asarray(said - np.log(np.exp(said).sum(1, keepdims=True)), np.float32)


def told(drawing: Prepared, basins: list[int], seed: int = 0) -> NDArray[np.float32]:
    given = semantics(drawing, seed), distribution(drawing, seed)
    return figures(drawing.graph, drawing.regions, *given, np.array(basins, np.int64))


def at(drawing: Prepared, *places: tuple[int, int]) -> list[int]:
    return [int(drawing.regions.basin[drawing.regions.labels[y, x]]) for x, y in places]


def test_it_makes_no_difference_which_of_two_comes_first() -> None:
    drawing = prepared(rooms())
    a, b, c = at(drawing, (60, 70), (100, 70), (100, 150))
    one, other = told(drawing, [a, b, c]), told(drawing, [c, a, b])
    assert one.shape == (3, PAIR) and one.dtype == np.float32
    assert np.allclose(one, other[[2, 0, 1]], atol=1e-6)  # ab ac bc, and ca cb ab


def test_what_two_depict_and_how_alike_they_are_is_what_was_said_of_them() -> None:
    drawing = prepared(rooms())
    a, b = at(drawing, (60, 70), (100, 150))
    said = semantics(drawing)
    one, other = (np.flatnonzero(drawing.regions.basin == basin)[0] for basin in (a, b))
    (pair,) = told(drawing, [a, b])
    assert pair[ODDS] == pytest.approx((6 * said.likeness[one] @ said.likeness[other] - 2) / 3, abs=1e-4)
    assert pair[DIFFERS] == pytest.approx(abs(said.chance[one] - said.chance[other]), abs=1e-5)
    assert pair[BOTH] == pytest.approx(np.sqrt(said.chance[one] * said.chance[other]), abs=1e-5)


def test_a_wall_is_told_where_two_share_one_and_twins_are_told_from_others() -> None:
    drawing = prepared(rooms())
    left, right, flat = at(drawing, (60, 70), (100, 70), (100, 150))
    twins, strangers, _ = told(drawing, [left, right, flat])
    assert twins[BORDER] > 0.15 and twins[SHARED] == 1 and not twins[CLOSED]
    assert strangers[BORDER] == strangers[SHARED] == 0
    assert (twins[TWINS] > 0.4).all() and (strangers[TWINS] < 0.2).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_whatever_is_drawn_every_figure_is_a_number_of_ordinary_size(seed: int) -> None:
    rng = np.random.default_rng(seed)
    art = sheet()
    for _ in range(int(rng.integers(1, 12))):
        ends = rng.integers(0, art.shape[0], 4).tolist()
        cv2.line(art, tuple(ends[:2]), tuple(ends[2:]), 0, int(rng.integers(1, 4)))
    drawing = prepared(art)
    count = int(drawing.regions.basin.max()) + 1
    found = told(drawing, rng.permutation(count).tolist(), seed)
    assert found.shape == (count * (count - 1) // 2, PAIR)
    assert np.isfinite(found).all() and np.abs(found).max(initial=0) < 20


def test_of_one_basin_there_is_no_pair() -> None:
    drawing = prepared(sheet())
    assert told(drawing, [0]).shape == (0, PAIR)
