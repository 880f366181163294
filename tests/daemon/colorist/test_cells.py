"""Wide regions in cells: where they begin and end."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from linewash_daemon.colorist.cells import cut_into_cells
from linewash_daemon.colorist.regions import find_regions

from .drawings import with_square

Labels = NDArray[np.int32]


def paper(height: int, width: int) -> tuple[Labels, NDArray[np.uint8]]:
    """One basin without any ridge."""
    return np.ones((height, width), np.int32), np.zeros((height, width), np.uint8)


def assert_nested(cells: Labels, owner: NDArray[np.int32], basins: Labels) -> None:
    assert np.array_equal(owner[cells], basins)  # covers everything, and no cell lies in two basins
    assert owner[0] == 0
    assert np.array_equal(np.unique(cells), np.arange(1, len(owner)))


def test_each_cell_lies_in_one_basin() -> None:
    basins, ridges = paper(96, 128)
    basins[:, 60:] = 2
    basins[30:70, 80:110] = 3
    ridges[:, 60] = 255
    cells, owner = cut_into_cells(basins, ridges)
    assert_nested(cells, owner, basins)
    assert {1, 2, 3} == set(owner[1:].tolist())
    assert all((owner == basin).sum() > 3 for basin in (1, 2))


def test_small_basins_stay_whole() -> None:
    basins, ridges = paper(128, 128)
    basins[20:32, 40:52] = 2
    basins[90:102, 10:26] = 3
    cells, owner = cut_into_cells(basins, ridges)
    for small in (2, 3):
        assert (owner == small).sum() == 1
        assert np.array_equal(cells == small, basins == small)
    assert (owner == 1).sum() > 20


@pytest.mark.parametrize(("height", "width"), [(512, 512), (384, 384), (768, 768), (384, 256)])
def test_a_page_is_cut_into_about_as_many_cells_whatever_its_size(height: int, width: int) -> None:
    cells, owner = cut_into_cells(*paper(height, width))
    expected = height * width / (0.035 * max(height, width)) ** 2
    assert 0.6 * expected < len(owner) - 1 < 1.5 * expected
    largest = np.bincount(cells.ravel()).max()
    assert largest < 3 * height * width / expected


def test_cells_of_a_small_page_are_no_smaller_than_twelve_pixels() -> None:
    cells, owner = cut_into_cells(*paper(192, 192))
    expected = 192 * 192 / 12**2
    assert 0.6 * expected < len(owner) - 1 < 1.5 * expected
    assert np.bincount(cells.ravel()).max() < 3 * 12**2


@pytest.mark.parametrize("row", [20, 48, 60])
@pytest.mark.parametrize("column", [70, 86, 90, 97])
@pytest.mark.parametrize("gap", [3, 6])
def test_a_cell_ends_at_a_narrow_neck(gap: int, column: int, row: int) -> None:
    basins, ridges = paper(96, 192)
    ridges[:row, column : column + 4] = ridges[row + gap :, column : column + 4] = 255
    cells, _ = cut_into_cells(basins, ridges)
    left, right = (cells[:, half] for half in (np.s_[:column], np.s_[column + 4 :]))
    assert not set(left.ravel().tolist()) & set(right.ravel().tolist())


def test_a_page_without_paper_is_not_cut() -> None:
    basins, ridges = paper(96, 96)
    ridges[:] = 255
    cells, owner = cut_into_cells(basins, ridges)
    assert np.array_equal(cells, basins)
    assert owner.tolist() == [0, 1]


def ridges_of(noise: NDArray[np.uint8]) -> tuple[Labels, NDArray[np.uint8]]:
    """Basins and ridges of blots of ink; ``noise``: uint8 (h, w), coarse."""
    ridges = cv2.resize(noise, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    _, areas = cv2.connectedComponents((ridges < 128).astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(areas + 1, np.int32), np.asarray(ridges, np.uint8)


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(3, 16), st.integers(3, 16)), elements=st.sampled_from([0, 29, 127, 255])))
def test_any_ridges_give_cells_that_cover_everything_and_are_nested(noise: NDArray[np.uint8]) -> None:
    basins, ridges = ridges_of(noise)
    present, numbered = np.unique(basins, return_inverse=True)
    basins = (numbered.reshape(basins.shape) + 1).astype(np.int32)
    cells, owner = cut_into_cells(basins, ridges)
    assert_nested(cells, owner, basins)
    assert owner[1 : len(present) + 1].tolist() == list(range(1, len(present) + 1))


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(16, 70), st.integers(16, 70)), elements=st.sampled_from([0, 120, 255])))
def test_regions_cut_into_cells_say_which_of_them_only_distance_parts(line: NDArray[np.uint8]) -> None:
    regions = find_regions(line, np.zeros((64, 96), np.float32), 0, cells=True)
    assert set(np.unique(regions.labels).tolist()) == set(range(regions.n))
    assert regions.basin.shape == (regions.n,)
    assert np.array_equal(np.unique(regions.basin), np.arange(int(regions.basin.max()) + 1))


def test_only_with_cells_several_regions_share_a_basin() -> None:
    line = 255 - with_square()[..., 0]
    contours = np.zeros((224, 224), np.float32)
    whole, cut = (find_regions(line, contours, 0, cells=cells) for cells in (False, True))
    assert whole.n == len(set(whole.basin.tolist())) == 2
    assert cut.n > 20 and len(set(cut.basin.tolist())) == 2
    inside = cut.basin[cut.labels[100, 100]]
    assert np.array_equal(cut.basin[cut.labels[60:140, 60:140]], np.full((80, 80), inside))
    assert cut.basin[cut.labels[5, 5]] != inside
    assert np.array_equal(
        cut.closed_area[cut.labels[60:140:79, 60:140:79]].ravel(), [cut.closed_area[cut.labels[100, 100]]] * 4
    )
