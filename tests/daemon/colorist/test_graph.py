"""A drawing's regions as a graph: what its figures promise."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from linewash_daemon.colorist.graph import EDGE, NODE, Graph, read_graph, spoken_for
from linewash_daemon.colorist.regions import Regions, find_regions
from linewash_daemon.generator import Encoded

Line = NDArray[np.uint8]


def working_size(line: Line) -> tuple[int, int]:
    """(width, height) of the smallest multiples of 32, half the drawing's size and at least 32."""
    h, w = (max(32, round(side / 2 / 32) * 32) for side in line.shape)
    return w, h


def planes_of(h: int, w: int) -> NDArray[np.float32]:
    return np.arange(h * w * 2, dtype=np.float32).reshape(-1, 2)


def graph_of(line: Line, contour_column: int | None = None, cells: bool = True) -> tuple[Graph, Regions]:
    """``line``: 0 paper … 255 ink."""
    w, h = working_size(line)
    lines = cv2.resize(line, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    contours = np.zeros((h, w), np.float32)
    if contour_column is not None:
        contours[:, contour_column] = 0.9
    regions = find_regions(line, contours, 0, cells=cells)
    encoded = Encoded(contours, None, contours.nbytes, (planes_of(h // 4, w // 4), planes_of(h // 8, w // 8)))
    return read_graph(regions, np.asarray(lines, np.float32), encoded), regions


def assert_sound(graph: Graph, regions: Regions) -> None:
    n = regions.n
    assert graph.nodes.shape == (n, NODE) and graph.borders.shape == (len(graph.edges), EDGE)
    assert graph.place.shape == (n, 2) and graph.area.shape == graph.basin.shape == (n,)
    for figures in (graph.nodes, graph.borders):
        assert figures.dtype == np.float32
        assert np.isfinite(figures).all()
        assert (np.abs(figures) <= 3).all()
    assert ((graph.place >= 0) & (graph.place <= 1)).all()
    assert np.isclose(graph.area.sum(), 1, atol=1e-4)
    assert np.allclose(graph.pool.sum(1), 1, atol=1e-4)
    assert (graph.edges[:, 0] < graph.edges[:, 1]).all()
    assert len({tuple(pair) for pair in graph.edges.tolist()}) == len(graph.edges)
    assert graph.edges.size == 0 or (graph.edges.min() >= 0 and graph.edges.max() < n)


def square(side: int = 192, opening: int = 0) -> Line:
    line = np.zeros((side, side), np.uint8)
    cv2.rectangle(line, (side // 4, side // 4), (side - side // 4, side - side // 4), 255, 4)
    if opening:
        line[side // 2 : side // 2 + opening, side // 2 :] = 0
    return line


@pytest.mark.parametrize(
    "line",
    [
        np.zeros((96, 96), np.uint8),
        np.full((96, 96), 255, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.full((3, 5), 255, np.uint8),
        np.tile(np.array([0, 255], np.uint8), (7, 4)),
        np.kron(np.eye(8, dtype=np.uint8), np.full((3, 100), 255, np.uint8)),
        np.zeros((8, 900), np.uint8),
    ],
    ids=["blank", "black", "one pixel", "tiny and black", "stripes", "long stairs", "long and thin"],
)
@pytest.mark.parametrize("cells", [True, False])
def test_figures_are_finite_and_bounded(line: Line, cells: bool) -> None:
    assert_sound(*graph_of(line, cells=cells))


@settings(max_examples=30, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(16, 70), st.integers(16, 70)), elements=st.sampled_from([0, 60, 120, 255])),
    st.one_of(st.none(), st.integers(0, 31)),
)
def test_figures_of_any_drawing_are_finite_and_bounded(line: Line, contour_column: int | None) -> None:
    assert_sound(*graph_of(line, contour_column))


def test_a_drawing_of_one_region_has_no_borders() -> None:
    graph, regions = graph_of(np.zeros((64, 64), np.uint8), cells=False)
    assert regions.n == 1
    assert graph.edges.shape == (0, 2) and graph.borders.shape == (0, EDGE)


def between(graph: Graph, a: int, b: int) -> NDArray[np.float32]:
    """The figures of the border of regions ``a`` and ``b``."""
    (at,) = np.flatnonzero((graph.edges == sorted((a, b))).all(1))
    return np.asarray(graph.borders[at], np.float32)


def test_an_ink_border_tells_more_ink_than_an_open_one() -> None:
    graph, regions = graph_of(square())
    mean, least, same_basin = graph.borders[:, 0], graph.borders[:, 1], graph.borders[:, 6] > 0
    inked = ~same_basin
    assert inked.any() and same_basin.any()
    assert mean[inked].min() > 0.5 > 0.05 > np.median(mean[same_basin])
    assert least[inked].min() > 0.4 > 0.1 > np.median(least[same_basin])
    assert np.array_equal(same_basin, regions.basin[graph.edges[:, 0]] == regions.basin[graph.edges[:, 1]])


def test_a_contour_without_ink_tells_of_a_ridge_and_of_no_ink() -> None:
    graph, regions = graph_of(np.zeros((192, 192), np.uint8), contour_column=48, cells=False)
    assert regions.n == 2
    ink, _, ridge, least = between(graph, 0, 1)[:4]
    assert ink == 0
    assert ridge > 0.9 and least > 0.9


def test_a_gap_in_a_line_is_told_by_the_least_ink_and_the_room_in_it() -> None:
    (closed, regions), (opened, others) = (graph_of(square(opening=opening), cells=False) for opening in (0, 2))
    shut = between(closed, int(regions.labels[96, 96]), int(regions.labels[4, 4]))
    ajar = between(opened, int(others.labels[96, 96]), int(others.labels[4, 4]))
    assert shut[1] > 0.8 and ajar[1] < 0.2
    assert ajar[4] > shut[4]


def test_a_regions_middle_and_share_of_the_page_are_its_own() -> None:
    graph, regions = graph_of(square(), cells=False)
    inside = int(regions.labels[96, 96])
    assert np.allclose(graph.place[inside], 0.5, atol=0.02)
    assert np.isclose(graph.area[inside], 0.25, atol=0.02)
    assert graph.nodes[inside, 8] == 0 and graph.nodes[regions.labels[4, 4], 8] == 1  # which of them touches the rim


def test_a_region_too_small_for_working_size_has_a_row_of_the_pixel_at_its_place() -> None:
    line = np.zeros((1024, 1024), np.uint8)
    cv2.circle(line, (496, 304), 6, 255, 4)
    w = h = 64
    lines = np.asarray(cv2.resize(line, (w, h), interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    regions = find_regions(line, np.zeros((h, w), np.float32), 0)
    eye = int(regions.labels[304, 496])
    assert not (regions.working == eye).any()
    graph = read_graph(regions, lines, Encoded(np.zeros((h, w), np.float32), None, 0))
    assert_sound(graph, regions)
    assert np.allclose(graph.place[eye] * 1024, (496, 304), atol=20)
    assert graph.pool[eye].nnz == 1
    around = int(regions.labels[10, 10])
    assert between(graph, eye, around)[0] == 1  # ink, for all that is known


def test_pooling_gives_each_region_the_mean_of_its_pixels() -> None:
    graph, regions = graph_of(square(), cells=False)
    h, w = graph.working.shape
    quarter = np.zeros((h // 4, w // 4), np.float32)
    quarter[6:18, 6:18] = 1  # the square, of a picture of 24 px
    inside, outside = int(regions.labels[96, 96]), int(regions.labels[4, 4])
    pooled = graph.pool @ quarter.ravel()
    assert pooled[inside] > 0.95 and pooled[outside] < 0.1
    assert np.allclose(graph.features[:, :2], graph.pool @ planes_of(h // 4, w // 4), rtol=1e-5)


def test_features_of_coarser_scales_are_pooled_after_the_finest() -> None:
    graph, regions = graph_of(square(), cells=False)
    h, w = graph.working.shape
    assert graph.features.shape == (regions.n, 4)
    twice = np.repeat(np.repeat(planes_of(h // 8, w // 8).reshape(h // 8, w // 8, 2), 2, 0), 2, 1)
    assert np.allclose(graph.features[:, 2:], graph.pool @ twice.reshape(-1, 2), rtol=1e-4)


def test_of_too_many_regions_the_largest_and_the_marked_speak_for_those_near_them() -> None:
    line = square()
    line[::12] = line[:, ::12] = 255
    graph, regions = graph_of(line)
    smallest = np.argsort(graph.area)[:3].astype(np.int64)
    fewer, speaker = spoken_for(graph, smallest, 20)
    assert regions.n > 100
    assert len(fewer.nodes) == len(fewer.basin) == fewer.pool.shape[0] == 20
    assert speaker.shape == (regions.n,) and set(speaker.tolist()) == set(range(20))
    assert len(set(speaker[smallest].tolist())) == 3
    assert np.array_equal(fewer.nodes[speaker[smallest]], graph.nodes[smallest])
    assert np.array_equal(fewer.features[speaker[smallest]], graph.features[smallest])
    assert np.array_equal(fewer.working, speaker[graph.working])
    assert (fewer.edges[:, 0] < fewer.edges[:, 1]).all() and fewer.edges.max(initial=0) < 20
    far = np.linalg.norm(graph.place[:, None] - fewer.place[None], axis=2)
    assert np.allclose(far[np.arange(regions.n), speaker], far.min(1), atol=1e-6)


def test_few_enough_regions_speak_for_themselves() -> None:
    graph, regions = graph_of(square())
    same, speaker = spoken_for(graph, np.zeros(0, np.int64), regions.n)
    assert same is graph
    assert np.array_equal(speaker, np.arange(regions.n))
