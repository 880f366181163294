from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from linewash_daemon.colorist.ladder import INK, lift, pyramid
from linewash_daemon.colorist.regions import Regions, find_regions
from tests.daemon.colorist.drawings import with_square


def regions_of(line: NDArray[np.uint8], gap: float = 0, working: tuple[int, int] = (224, 224)) -> Regions:
    return find_regions(line, np.zeros(working, np.float32), gap)


def line_of(art: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return 255 - art[..., 0]


def test_inside_and_outside_of_a_square_are_two_regions() -> None:
    regions = regions_of(line_of(with_square()))
    assert regions.n == 2
    assert regions.labels[100, 100] != regions.labels[5, 5]
    assert regions.touches_border[regions.labels[5, 5]]
    assert not regions.touches_border[regions.labels[100, 100]]


def test_labels_meet_in_the_middle_of_a_line_so_that_no_fringe_stays() -> None:
    line = line_of(with_square(width=9))
    regions = regions_of(line)
    inside = regions.labels[100, 100]
    row = regions.labels[100, 40:60]  # across the left side, whose middle is at 50
    assert set(row.tolist()) == {int(inside), int(regions.labels[5, 5])}
    assert abs(int(np.argmax(row == inside)) - 10) <= 1


def test_a_gap_narrower_than_the_tolerance_is_closed_and_a_wider_one_is_not() -> None:
    line = line_of(with_square(gap=12))
    closed, opened = regions_of(line, gap=16), regions_of(line, gap=4)
    assert closed.closed_area[closed.labels[100, 100]] != closed.closed_area[closed.labels[5, 5]]
    assert opened.closed_area[opened.labels[100, 100]] == opened.closed_area[opened.labels[5, 5]]


def test_without_a_tolerance_a_gap_small_for_the_drawing_is_closed() -> None:
    line = line_of(with_square(side=800, gap=9))
    regions = regions_of(line)
    assert regions.labels[400, 400] != regions.labels[10, 10]


def test_a_tiny_closed_area_that_vanishes_at_working_size_is_a_region() -> None:
    line = line_of(with_square(side=2048, width=5))
    cv2.circle(line, (1000, 1000), 9, 255, 3)
    regions = regions_of(line, working=(512, 512))
    eye = regions.labels[1000, 1000]
    assert (regions.labels == eye).sum() < 500
    assert eye not in (regions.labels[900, 900], regions.labels[5, 5])


def test_a_speck_goes_to_its_neighbour() -> None:
    line = line_of(with_square(side=2048, width=5))
    cv2.circle(line, (1000, 1000), 4, 255, 3)
    assert regions_of(line, working=(512, 512)).n == 2


def test_thin_lines_of_one_pixel_hold_at_full_size() -> None:
    line = line_of(with_square(side=2048, width=1))
    regions = regions_of(line, working=(512, 512))
    inside = regions.labels[1024, 1024]
    assert (regions.labels[513:1535, 513:1535] == inside).all()
    assert not (regions.labels[:511] == inside).any()


def test_a_learned_contour_divides_a_closed_area() -> None:
    contours = np.zeros((224, 224), np.float32)
    contours[:, 112] = 0.8
    regions = find_regions(line_of(with_square()), contours, 0)
    assert regions.labels[100, 70] != regions.labels[100, 130]
    assert regions.closed_area[regions.labels[100, 70]] == regions.closed_area[regions.labels[100, 130]]


def test_neighbours_are_listed_with_the_ridge_between_them() -> None:
    regions = regions_of(line_of(with_square()))
    assert regions.edges.tolist() == [[0, 1]]
    assert regions.saddles[0] > 0.9


@pytest.mark.parametrize("value", [0, 255])
def test_blank_and_black_sheets_are_one_region(value: int) -> None:
    regions = regions_of(np.full((100, 60), value, np.uint8))
    assert regions.n == 1
    assert (regions.labels == 0).all()


def test_labels_kept_smaller_are_enlarged_to_the_full_size() -> None:
    line = line_of(with_square())
    regions = find_regions(line, np.zeros((224, 224), np.float32), 0, (399, 397), 2)
    rows = regions.rows(150, 251)
    assert rows.shape == (101, 397)
    assert (rows[0] == np.repeat(regions.labels[75], 2)[:397]).all()


def test_lifted_labels_do_not_cross_a_thin_line() -> None:
    line = np.zeros((256, 256), np.uint8)
    line[:, 129] = 255
    lines = pyramid(line, 3)
    small = np.ones((32, 32), np.int32)
    small[:, 17:] = 2  # one pixel too far right: columns 128…135 belong to both
    labels = lift(small, lines)
    assert (labels[:, :129] == 1).all()
    assert (labels[:, 130:] == 2).all()


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(16, 70), st.integers(16, 70)), elements=st.sampled_from([0, 60, 120, 255])),
    st.floats(0, 64),
)
def test_any_line_map_gives_complete_labels(line: NDArray[np.uint8], gap: float) -> None:
    regions = regions_of(line, gap, (64, 96))
    assert regions.labels.shape == line.shape
    assert set(np.unique(regions.labels).tolist()) == set(range(regions.n))
    assert regions.area.sum() == line.size
    assert len(regions.closed_area) == len(regions.seeds) == len(regions.touches_border) == regions.n
    _, areas = cv2.connectedComponents((line < INK).astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    large = [a for a in range(1, int(areas.max()) + 1) if (areas == a).sum() >= 12]
    shown = [set(regions.labels[areas == a].tolist()) for a in large]
    assert all(not (a & b) for i, a in enumerate(shown) for b in shown[:i])  # no region lies in two areas of paper
