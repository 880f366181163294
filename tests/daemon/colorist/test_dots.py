"""Dots, strokes at less than half opacity: what is one, and what it may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist import Colorist, law
from linewash_daemon.colorist.dots import read_dots
from linewash_daemon.colorist.linemap import read_lineart
from linewash_daemon.colorist.prepare import prepare
from linewash_daemon.colorist.regions import find_regions
from linewash_daemon.colorist.strokes import Strokes, read_strokes
from linewash_daemon.colorist.votes import count_votes
from linewash_daemon.generator import Hints, Marks, Painting
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, sheet, stroke, with_square
from .fake import FakeGenerator, FakeModels

ART = with_square()
LINE = np.ascontiguousarray(255 - ART[..., 0])
REGIONS = find_regions(LINE, np.zeros((224, 224), np.float32), 0)
BINS = np.array([[100, 0, 0], [50, 60, 40], [40, 20, -60], [70, -40, 40]], np.float32)
Choice = Callable[[Given], NDArray[np.int64]]


def nowhere(given: Given) -> NDArray[np.int64]:
    return np.full(len(given.graph.nodes), -1, np.int64)


def middle(given: Given) -> int:
    """The region in the middle of the page."""
    h, w = given.graph.working.shape
    return int(given.graph.working[h // 2, w // 2])


def everywhere(given: Given) -> NDArray[np.int64]:
    """The last colour that marks say."""
    return np.full(len(given.graph.nodes), given.marks.color.max(initial=-1), np.int64)


@dataclass
class Choosing(FakeGenerator):
    """A generator that decides cell by cell, as it is told."""

    choose: Choice = nowhere
    cells: bool = True
    marks: list[Marks] = field(default_factory=list)
    hints: list[Hints] = field(default_factory=list)

    def paint(self, given: Given) -> Painting:
        self.marks.append(given.marks)
        self.hints.append(given.hints)
        own = np.broadcast_to(np.array(self.own, np.float32), (*given.lines.shape, 3))
        chances = np.log(np.tile(np.array([0.1, 0.2, 0.3, 0.4], np.float32), (len(given.graph.nodes), 1)))
        return Painting(own, choice=self.choose(given), distribution=chances, bins=BINS)


def dot(hints: NDArray[Any], at: tuple[int, int], rgb: Rgb, alpha: int = 90, radius: int = 8) -> NDArray[Any]:
    """A soft dot in place."""
    cv2.circle(hints, at, radius, (*rgb, alpha), -1)
    return hints


def found(hints: NDArray[Any]) -> Strokes:
    return read_dots(hints, REGIONS, read_strokes(hints, REGIONS))


def flats(generator: FakeGenerator, hints: NDArray[Any] | None = None, **options: Any) -> NDArray[Any]:
    return plane(color(Colorist(FakeModels(generator)), ART, hints, **options), "flats")


def codes(generator: FakeGenerator, hints: NDArray[Any]) -> list[str]:
    return [notice.code for notice in color(Colorist(FakeModels(generator)), ART, hints).notices]


@pytest.mark.parametrize("alpha", [26, 60, 127])
def test_a_faint_dot_is_read_in_exactly_its_colour(alpha: int) -> None:
    dots = found(dot(no_hints(ART), (100, 100), RED, alpha))
    assert (dots.colors // 257).tolist() == [list(RED)]
    assert dots.area.tolist() == [dots.length.sum()]
    assert count_votes(dots, REGIONS, LINE).region.tolist() == [REGIONS.labels[100, 100]]


@pytest.mark.parametrize("alpha", [25, 128, 255])
def test_what_is_hardly_there_and_what_is_half_opaque_is_no_dot(alpha: int) -> None:
    assert found(dot(no_hints(ART), (100, 100), RED, alpha)).empty


def test_sixteen_bits_and_grey_are_read() -> None:
    deep, grey = np.zeros((200, 200, 4), np.uint16), np.zeros((200, 200, 2), np.uint8)
    deep[90:110, 90:110] = (12345, 54321, 777, 20_000)
    grey[90:110, 90:110] = (77, 60)
    assert found(deep).colors.tolist() == [[12345, 54321, 777]]
    assert found(grey).colors.tolist() == [[77 * 257] * 3]


@settings(max_examples=30, deadline=None)
@drawn(st.integers(30, 170), st.integers(30, 170), st.integers(5, 15), st.floats(0.5, 6))
def test_the_soft_edge_of_a_stroke_is_no_dot_of_its_own(x: int, y: int, width: int, blur: float) -> None:
    hints = stroke(no_hints(ART), (x, y), (100, 100), RED, 2 * width + 1)
    hints[..., :3] = RED
    hints[..., 3] = cv2.GaussianBlur(hints[..., 3], (0, 0), min(blur, width / 2))
    assert not read_strokes(hints, REGIONS).empty
    assert found(hints).empty


def test_a_soft_edge_is_one_in_whatever_colour_it_fades() -> None:
    hints = dot(no_hints(ART), (100, 100), BLUE, 90, 20)
    cv2.circle(hints, (100, 100), 8, (*RED, 255), -1)
    assert found(hints).empty


def test_what_an_eraser_left_is_no_dot() -> None:
    hints = stroke(no_hints(ART), (20, 20), (180, 150), RED, 1)
    hints[hints[..., 3] > 0, 3] = 90
    hints[60:63, 80:83] = hints[120:122, 30:35] = (*BLUE, 70)
    assert found(hints).empty


def test_a_dot_in_nearly_a_strokes_colour_is_of_that_colour() -> None:
    hints = stroke(dot(no_hints(ART), (100, 100), (RED[0], RED[1] + 1, RED[2])), (10, 10), (30, 10), RED)
    dots = found(dot(hints, (150, 20), GREEN))
    assert (dots.colors // 257).tolist() == [list(RED), list(GREEN)]
    assert sorted(dots.color.tolist()) == [0, 1]


def test_a_faint_dot_says_around_here_and_forces_nothing() -> None:
    generator = Choosing()
    hints = dot(no_hints(ART), (100, 100), RED)
    assert np.array_equal(flats(generator, hints), flats(Choosing()))
    marks, told = generator.marks[0], generator.hints[0]
    assert marks.soft.tolist() == [True] * len(marks.region) and len(marks.region) > 0
    assert not told.markers.any() and len(told.colors) == 1


def test_where_the_network_chooses_a_dots_colour_the_flat_is_exactly_that() -> None:
    def inside(given: Given) -> NDArray[np.int64]:
        basin = given.graph.basin
        return np.where(basin == basin[middle(given)], 0, nowhere(given))

    hints = np.zeros((200, 200, 4), np.uint16)
    hints[10:30, 10:30] = (12345, 54321, 777, 20_000)
    got = flats(Choosing(choose=inside), hints, depth=16)
    plain = flats(Choosing(), depth=16)
    assert (got[60:140, 60:140] == (12345, 54321, 777, 65535)).all()
    assert np.array_equal(got[:40], plain[:40])


def under_strokes(hints: NDArray[Any]) -> dict[tuple[int, ...], NDArray[np.bool_]]:
    """Of each stroke's colour its pixels in the regions it speaks for, as a generator that decides by cells has them;
    none where strokes of two colours meet."""
    regions = prepare(read_lineart(ART), Choosing(), 0).regions
    strokes = read_strokes(hints, regions)
    votes = count_votes(strokes, regions, LINE)
    mine = {c: votes.region[votes.color == c] for c in range(len(strokes.colors))}
    return {
        (rgb := tuple((strokes.colors[c] // 257).tolist())): np.isin(regions.labels, np.setdiff1d(of, votes.contested))
        & (hints == (*rgb, 255)).all(2)
        for c, of in mine.items()
    }


def test_a_dot_yields_to_the_stroke_in_its_region() -> None:
    hints = dot(stroke(no_hints(ART), (70, 70), (90, 70), RED), (120, 120), BLUE)
    hints = dot(stroke(hints, (10, 10), (30, 10), GREEN), (80, 78), BLUE, 90, 4)
    for choose in (nowhere, everywhere):
        got = flats(Choosing(choose=choose), hints)
        for rgb, under in under_strokes(hints).items():
            assert under.any() and (got[under, :3] == rgb).all()
    assert (got[115:125, 115:125, :3] == BLUE).all()


def test_a_dot_does_not_divide_a_region_between_itself_and_a_stroke() -> None:
    only = stroke(no_hints(ART), (70, 70), (90, 70), RED)
    both = dot(only.copy(), (120, 120), BLUE)
    colorist = Colorist(FakeModels(Choosing()))
    parts = [color(colorist, ART, hints, layers=("per_region",)) for hints in (only, both)]
    assert len(parts[0].layers) == len(parts[1].layers) > 1
    assert all(np.array_equal(a, b) for a, b in zip(parts[0].planes, parts[1].planes, strict=True))


def test_layers_of_one_colour_each_hold_all_of_the_flats_where_borders_were_rounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def one(given: Given) -> NDArray[np.int64]:
        return np.where(np.arange(len(given.graph.nodes)) == middle(given), 0, 1)

    hints = dot(dot(no_hints(ART), (100, 100), RED), (20, 20), BLUE)
    colorist = Colorist(FakeModels(Choosing(choose=one)))
    whole = plane(color(colorist, ART, hints), "flats")
    joined = np.zeros_like(whole)
    parts = color(colorist, ART, hints, layers=("per_color",))
    for layer in parts.layers:
        assert layer.plane.frame is not None
        pixels = parts.planes[layer.plane.frame]
        box = joined[layer.y : layer.y + pixels.shape[0], layer.x : layer.x + pixels.shape[1]]
        assert not box[pixels[..., 3] > 0].any()
        box += pixels
    assert np.array_equal(joined, whole)
    monkeypatch.setattr(law, "rounded", lambda regions, division, strokes, row: division.labels)
    assert not np.array_equal(plane(color(colorist, ART, hints), "flats"), whole)  # rounding did something here


def test_a_dot_in_the_colour_that_leaves_empty_says_nothing() -> None:
    hints = dot(no_hints(ART), (100, 100), BLUE)
    generator = Choosing(choose=everywhere)
    got = flats(generator, hints, empty=BLUE)
    assert (got[..., 3] == 255).all()
    assert len(generator.marks[0].region) == 0
    assert np.array_equal(got, flats(Choosing(choose=everywhere)))


def test_beside_strokes_that_only_leave_empty_dots_are_heeded() -> None:
    hints = dot(stroke(no_hints(ART), (80, 80), (120, 100), BLUE), (20, 20), RED)
    generator = Choosing(choose=lambda given: np.full(len(given.graph.nodes), 1, np.int64))
    got = flats(generator, hints, empty=BLUE)
    assert generator.marks[0].soft.all()
    assert (got[under_strokes(hints)[BLUE]] == 0).all()
    assert (got[10:30, 10:30] == (*RED, 255)).all()


def test_with_dots_alone_everything_else_is_coloured_as_without_strokes() -> None:
    def near(given: Given) -> NDArray[np.int64]:
        out = nowhere(given)
        out[given.marks.region[given.marks.soft]] = 0
        return out

    generator = Choosing(choose=near)
    got, plain = flats(generator, dot(no_hints(ART), (20, 20), RED), seed=3), flats(Choosing(), seed=3)
    red = (got[..., :3] == RED).all(2)
    assert red[16:32, 16:32].any() and red.mean() < 0.2  # of the cell with the dot, whose corners are rounded off
    assert np.array_equal(got[~red], plain[~red])
    assert len(generator.marks) > 1 and all(m.soft.any() for m in generator.marks)
    assert not generator.marks[-1].soft.all()  # what was decided is told as if a stroke had said it


def test_on_a_sheet_without_lines_a_dot_alone_colours_nothing() -> None:
    blank = sheet()
    result = color(Colorist(FakeModels(Choosing(choose=everywhere))), blank, dot(no_hints(blank), (100, 100), RED))
    assert (plane(result, "flats") == 255).all()


def test_a_style_that_knows_no_dots_says_so_and_colours_as_without() -> None:
    hints = stroke(no_hints(ART), (80, 80), (120, 100), RED)
    dotted = dot(hints.copy(), (20, 20), BLUE)
    assert np.array_equal(flats(FakeGenerator(), dotted), flats(FakeGenerator(), hints))
    assert codes(FakeGenerator(), dotted) == ["around_ignored"]
    assert codes(FakeGenerator(), hints) == codes(Choosing(), dotted) == []


def test_a_layer_of_dots_is_not_called_empty() -> None:
    assert codes(Choosing(), dot(no_hints(ART), (100, 100), RED)) == []
    assert codes(Choosing(), dot(no_hints(ART), (100, 100), RED, 20)) == ["hints_empty"]


PLACES = st.tuples(st.integers(0, 199), st.integers(0, 199))


@settings(max_examples=12, deadline=None)
@drawn(st.lists(PLACES, max_size=3), st.lists(PLACES, max_size=4), st.integers(26, 127), st.integers(0, 99))
def test_whatever_dots_say_what_lies_under_strokes_is_law(
    strokes: list[tuple[int, int]], dots: list[tuple[int, int]], alpha: int, seed: int
) -> None:
    def anyhow(given: Given) -> NDArray[np.int64]:
        return np.random.default_rng(seed).integers(-1, 1 + given.marks.color.max(initial=-1), len(given.graph.nodes))

    hints = no_hints(ART)
    for at in dots:
        dot(hints, at, GREEN, alpha, 6)
    for x, y in strokes:
        stroke(hints, (x, y), (x // 2 + 50, y // 2 + 50), RED, 7)
    first, again = (flats(Choosing(choose=anyhow), hints, seed=seed) for _ in range(2))
    assert np.array_equal(first, again)
    assert (first[..., 3] == 255).all()
    for rgb, under in under_strokes(hints).items():
        assert (first[under, :3] == rgb).all()


@settings(max_examples=10, deadline=None)
@drawn(st.integers(0, 10**6))
def test_any_hint_layer_gives_dots_of_faint_pixels_only(seed: int) -> None:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (25, 25, 4)).astype(np.uint8)
    hints = cv2.resize(coarse, (200, 200), interpolation=rng.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR]))
    dots = found(hints)
    for y, x, length in zip(dots.y, dots.x, dots.length, strict=True):
        assert ((hints[y, x : x + length, 3] >= 26) & (hints[y, x : x + length, 3] < 128)).all()
    assert len(dots.area) == len(dots.color) == len(dots.width) == int(dots.stroke.max(initial=-1)) + 1
    assert dots.color.max(initial=-1) < max(1, len(dots.colors))
