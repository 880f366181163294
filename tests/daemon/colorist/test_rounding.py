"""Borders between two colours in open paper are smooth, and nothing else is touched."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash_daemon.colorist.ladder import INK
from linewash_daemon.colorist.regions import Regions, find_regions
from linewash_daemon.colorist.rounding import rounded
from linewash_daemon.colorist.split import Division, divide
from linewash_daemon.colorist.strokes import Strokes, read_strokes
from linewash_daemon.colorist.votes import count_votes

from .drawings import BLUE, RED, no_hints, sheet, stroke, with_square

Labels = NDArray[np.int32]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Colored:
    """A drawing, and each label's colour."""

    regions: Regions
    division: Division
    strokes: Strokes
    row: Rows

    @property
    def before(self) -> Rows:
        """The colour at every pixel, as it was decided."""
        return self.row[self.division.labels]

    @property
    def labels(self) -> Labels:
        return rounded(self.regions, self.division, self.strokes, self.row)

    @property
    def after(self) -> Rows:
        return self.row[self.labels]


def colored(art: NDArray[np.uint8], hints: NDArray[np.uint8], seed: int | None = None, factor: int = 1) -> Colored:
    """Strokes have their regions' colour, each other region that of the stroke nearest to it; a third of them any of
    three where there is a ``seed``."""
    line = np.ascontiguousarray(255 - art[::factor, ::factor, 0])
    shape = art.shape[0], art.shape[1]
    regions = find_regions(line, np.zeros((224, 224), np.float32), 0, shape, factor, cells=True)
    strokes = read_strokes(hints, regions)
    votes = count_votes(strokes, regions, line)
    division = divide(regions, line, strokes, votes)
    y, x = (np.bincount(regions.labels.ravel(), at.ravel()) / regions.area for at in np.indices(line.shape))
    apart = np.hypot(y[:, None] * factor - strokes.y, x[:, None] * factor - strokes.x - strokes.length / 2)
    row = np.zeros(regions.n, np.int64) if strokes.empty else strokes.color[strokes.stroke[apart.argmin(1)]]
    if seed is not None:
        rng = np.random.default_rng(seed)
        row = np.where(rng.random(regions.n) < 0.3, rng.integers(0, 3, regions.n), row)
    row[votes.region] = votes.color
    return Colored(regions, division, strokes, np.concatenate([row, division.color]).astype(np.int64))


def slanted(side: int = 400) -> Colored:
    """Two strokes on an empty page, whose border is a stair."""
    art, far = sheet(side, side), side * 7 // 8
    hints = stroke(no_hints(art), (side // 8, side // 5), (side // 4, side // 5), RED)
    return colored(art, stroke(hints, (far - side // 6, far - side // 4), (far, far - side // 4), BLUE))


def length(colors: Rows) -> float:
    """Of the outline of colour 0, in px."""
    outlines, _ = cv2.findContours((colors == 0).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    return sum(cv2.arcLength(outline, True) for outline in outlines)


def under(drawing: Colored) -> NDArray[np.bool_]:
    """Pixels of strokes."""
    out = np.zeros(drawing.regions.shape, bool)
    for y, x, n in zip(drawing.strokes.y, drawing.strokes.x, drawing.strokes.length, strict=True):
        out[y, x : x + n] = True
    return out


@pytest.mark.parametrize("art", [sheet(), with_square()])
def test_where_no_colours_share_a_basin_the_very_labels_come_back(art: NDArray[np.uint8]) -> None:
    drawing = colored(art, stroke(no_hints(art), (80, 80), (120, 100), RED))
    assert drawing.labels is drawing.division.labels
    bare = colored(art, no_hints(art))
    assert bare.labels is bare.division.labels


@pytest.mark.parametrize("side", [200, 400, 1100])
def test_the_border_of_two_strokes_on_an_empty_page_is_shorter_than_its_stair(side: int) -> None:
    drawing = slanted(side)
    before, after = drawing.before, drawing.after
    assert length(after) < length(before) - 0.05 * side
    assert (before != after).mean() < 0.1
    assert np.array_equal(after[under(drawing)], before[under(drawing)])


def test_each_colour_stays_in_one_piece() -> None:
    after = slanted().after
    for color in (0, 1):
        assert cv2.connectedComponents((after == color).astype(np.uint8), connectivity=4)[0] == 2


@pytest.mark.parametrize("side", [200, 600])
def test_a_single_cell_amid_another_colour_stays(side: int) -> None:
    art = sheet(side, side)
    drawing = colored(art, stroke(no_hints(art), (20, 20), (40, 20), RED))
    row = drawing.row.copy()
    cell = drawing.regions.labels[side * 5 // 8, side * 5 // 8]
    row[cell] = 1
    after = row[rounded(drawing.regions, drawing.division, drawing.strokes, row)] == 1
    assert 0.1 < after.sum() / drawing.regions.area[cell] <= 1


def test_what_was_given_is_not_changed() -> None:
    drawing = slanted()
    kept = drawing.regions.labels.copy()
    assert not np.array_equal(drawing.labels, kept)
    assert np.array_equal(drawing.regions.labels, kept)


def test_no_colour_crosses_a_line() -> None:
    art = sheet(400, 400)
    cv2.line(art, (30, 390), (390, 60), 0, 3)  # open at both ends, so that both sides are one basin
    hints = stroke(no_hints(art), (60, 60), (90, 90), RED)
    drawing = colored(art, stroke(hints, (330, 330), (360, 350), BLUE))
    moved = drawing.before != drawing.after
    near = cv2.dilate((art[..., 0] == 0).astype(np.uint8), np.ones((11, 11), np.uint8)) > 0
    assert not moved[near].any()
    assert np.array_equal(drawing.labels[near], drawing.division.labels[near])


def test_at_a_fraction_of_the_size_strokes_keep_their_pixels_as_well() -> None:
    art = sheet(800, 800)
    hints = stroke(no_hints(art), (100, 160), (300, 170), RED)
    drawing = colored(art, stroke(hints, (500, 600), (700, 500), BLUE), factor=2)
    assert drawing.labels is not drawing.division.labels
    on = under(drawing)[::2, ::2]
    assert np.array_equal(drawing.after[on], drawing.before[on])


PLACES = st.tuples(st.integers(0, 299), st.integers(0, 219))


@settings(max_examples=15, deadline=None)
@given(st.lists(PLACES, max_size=3), st.lists(PLACES, min_size=2, max_size=5), st.integers(0, 99))
def test_whatever_is_drawn_only_open_paper_changes_and_always_the_same(
    lines: list[tuple[int, int]], strokes: list[tuple[int, int]], seed: int
) -> None:
    art, hints = sheet(220, 300), no_hints(sheet(220, 300))
    for x, y in lines:
        cv2.line(art, (x, y), (300 - x // 2, 220 - y), 0, 2)
    for k, (x, y) in enumerate(strokes):
        stroke(hints, (x, y), (x // 2 + 80, y // 2 + 60), (RED, BLUE)[k % 2])
    drawing = colored(art, hints, seed)
    before, after = drawing.division.labels, drawing.labels
    assert np.array_equal(after, drawing.labels)
    changed = before != after
    near = cv2.dilate((255 - art[..., 0] >= INK).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    assert not (changed & (near | under(drawing) | (before >= drawing.regions.n))).any()
    basin = np.concatenate([drawing.regions.basin, drawing.regions.basin[drawing.division.parent]])
    assert np.array_equal(basin[before], basin[after])
    assert (drawing.row[before[changed]] != drawing.row[after[changed]]).all()
