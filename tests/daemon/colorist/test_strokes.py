from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist.ladder import INK
from linewash_daemon.colorist.regions import Regions, find_regions
from linewash_daemon.colorist.split import divide
from linewash_daemon.colorist.strokes import Strokes, read_strokes
from linewash_daemon.colorist.votes import count_votes
from tests.daemon.colorist.drawings import BLUE, RED, no_hints, stroke, with_square

ART = with_square()
LINE = np.ascontiguousarray(255 - ART[..., 0])
REGIONS = find_regions(LINE, np.zeros((224, 224), np.float32), 0)
INSIDE, OUTSIDE = int(REGIONS.labels[100, 100]), int(REGIONS.labels[5, 5])


def colors_of(
    hints: NDArray[np.generic], regions: Regions = REGIONS, line: NDArray[np.uint8] = LINE
) -> dict[int, set[tuple[int, ...]]]:
    """The 8-bit colours that each region has votes for."""
    strokes = read_strokes(np.asarray(hints), regions)
    votes = count_votes(strokes, regions, line)
    out: dict[int, set[tuple[int, ...]]] = {}
    for region, color in zip(votes.region.tolist(), votes.color.tolist(), strict=True):
        out.setdefault(region, set()).add(tuple((strokes.colors[color] // 257).tolist()))
    return out


def test_a_stroke_keeps_its_exact_colour() -> None:
    assert colors_of(stroke(no_hints(ART), (80, 80), (120, 100), RED)) == {INSIDE: {RED}}


def test_a_sixteen_bit_colour_is_kept_to_the_last_bit() -> None:
    hints = np.zeros((200, 200, 4), np.uint16)
    hints[90:100, 90:100] = (12345, 54321, 777, 65535)
    assert read_strokes(hints, REGIONS).colors.tolist() == [[12345, 54321, 777]]


def test_a_grey_hint_layer_is_read() -> None:
    hints = np.zeros((200, 200, 2), np.uint8)
    hints[90:100, 90:100] = (77, 255)
    assert read_strokes(hints, REGIONS).colors.tolist() == [[77 * 257] * 3]


def test_less_than_half_opaque_pixels_are_no_stroke() -> None:
    hints = no_hints(ART)
    hints[90:100, 90:100] = (*RED, 127)
    assert read_strokes(hints, REGIONS).empty


def test_the_soft_edge_of_a_stroke_takes_the_colour_of_its_core() -> None:
    hints = no_hints(ART)
    hints[88:102, 88:112] = (150, 90, 120, 255)
    hints[89:101, 89:111] = (*RED, 255)
    assert colors_of(hints) == {INSIDE: {RED}}


def test_nearly_equal_colours_are_one() -> None:
    hints = no_hints(ART)
    hints[80:100, 80:100] = (*RED, 255)
    hints[110:112, 80:90] = (RED[0] - 1, RED[1], RED[2] + 1, 255)
    assert colors_of(hints) == {INSIDE: {RED}}


def test_a_stroke_that_spills_over_a_line_counts_where_most_of_it_is() -> None:
    assert colors_of(stroke(no_hints(ART), (56, 100), (100, 100), RED, 7)) == {INSIDE: {RED}}
    spilled = stroke(no_hints(ART), (44, 100), (100, 100), RED, 7)
    assert colors_of(spilled) == {INSIDE: {RED}}


def test_a_long_stroke_drawn_across_marks_every_region_that_it_crosses() -> None:
    assert colors_of(stroke(no_hints(ART), (10, 100), (190, 100), RED)) == {INSIDE: {RED}, OUTSIDE: {RED}}


def test_a_canvas_full_of_one_colour_marks_every_region() -> None:
    hints = no_hints(ART)
    hints[:] = (*BLUE, 255)
    assert colors_of(hints) == {INSIDE: {BLUE}, OUTSIDE: {BLUE}}


def test_a_photo_as_hints_is_read_without_harm() -> None:
    hints = np.random.default_rng(0).integers(0, 256, (200, 200, 4)).astype(np.uint8)
    hints[..., 3] = 255
    strokes = read_strokes(hints, REGIONS)
    assert strokes.length.sum() == 200 * 200
    assert len(strokes.colors) <= 512


def test_a_large_photo_as_hints_is_read_coarsely_and_in_its_own_colours() -> None:
    line = np.zeros((600, 1500), np.uint8)
    regions = find_regions(line, np.zeros((224, 512), np.float32), 0)
    hints = np.random.default_rng(0).integers(0, 256, (600, 1500, 4)).astype(np.uint8)
    hints[..., 3] = 255
    strokes = read_strokes(hints, regions)
    assert len(strokes.y) <= 300_000
    assert strokes.length.sum() == line.size
    drawn = {tuple(c) for c in np.unique(hints[..., :3].reshape(-1, 3), axis=0).tolist()}
    assert {tuple(c) for c in (strokes.colors // 257).tolist()} <= drawn


def test_runs_cover_the_opaque_pixels_once_each() -> None:
    hints = no_hints(ART)
    for i in range(20):
        cv2.circle(hints, (13 * i % 200, 37 * i % 200), 7, (i * 12, 255 - i * 9, i * 7, 255), -1)
    strokes = read_strokes(hints, REGIONS)
    shown = np.zeros((200, 200), int)
    for y, x, length in zip(strokes.y, strokes.x, strokes.length, strict=True):
        shown[y, x : x + length] += 1
    assert (shown == (hints[..., 3] > 0)).all()


def along_the_top(color: tuple[int, int, int], width: int = 7) -> NDArray[np.uint8]:
    """A stroke on the square's upper line, from end to end."""
    y, x = np.nonzero(LINE[:100] >= 128)
    top = int(np.bincount(y).argmax())
    return stroke(no_hints(ART), (int(x.min()), top), (int(x.max()), top), color, width)


@pytest.mark.parametrize("color", [(10, 8, 12), (60, 30, 20), (150, 146, 152)], ids=["black", "sepia", "pencil"])
def test_a_stroke_along_a_line_in_an_inks_colour_goes_over_the_line_again_and_colours_nothing_beside_it(
    color: tuple[int, int, int],
) -> None:
    assert colors_of(along_the_top(color)) == {}


@pytest.mark.parametrize("color", [(150, 146, 152), (10, 8, 12)], ids=["pencil", "black"])
@pytest.mark.parametrize(("end", "speaks"), [(64, True), (60, False)])
def test_such_a_stroke_that_only_laps_over_a_line_is_for_what_it_lies_in(
    end: int, speaks: bool, color: tuple[int, int, int]
) -> None:
    """From a quarter of it on it is the line's."""
    hints = stroke(no_hints(ART), (48, 100), (end, 100), color, 7)
    inked = float((LINE[hints[..., 3] > 0] >= INK).mean())
    assert (0.22 < inked < 0.25) if speaks else (0.25 < inked < 0.29)
    assert colors_of(hints) == ({INSIDE: {color}} if speaks else {})


def test_a_dark_stroke_along_a_line_fills_no_area_however_small_the_cells_that_it_is_cut_into() -> None:
    line = np.zeros((600, 600), np.uint8)
    line[296:304] = 255
    regions = find_regions(line, np.zeros((512, 512), np.float32), 0, cells=True)
    assert len(np.unique(regions.basin)) == 2 and regions.n > 100
    hints = np.zeros((600, 600, 4), np.uint8)
    hints[290:311, 20:580] = (10, 8, 12, 255)
    assert colors_of(hints, regions, line) == {}


@pytest.mark.parametrize(
    "color",
    [(240, 200, 60), (42, 140, 125), (214, 212, 205), (165, 139, 122)],
    ids=["yellow", "teal, as an iris may be", "pale fur", "taupe"],
)
def test_a_stroke_along_a_line_that_is_no_inks_colour_is_for_the_paper_beside_it(color: tuple[int, int, int]) -> None:
    assert colors_of(along_the_top(color)) != {}


def test_a_dark_stroke_across_a_line_is_for_the_paper_on_both_sides() -> None:
    dark = (10, 8, 12)
    assert colors_of(stroke(no_hints(ART), (100, 5), (100, 95), dark)) == {INSIDE: {dark}, OUTSIDE: {dark}}


def test_a_dark_stroke_that_fills_a_small_gap_between_lines_is_for_that_gap() -> None:
    dark, line = (10, 8, 12), np.zeros((200, 200), np.uint8)
    line[90:96] = line[100:106] = 255
    line[90:106, 60:66] = line[90:106, 140:146] = 255
    regions = find_regions(line, np.zeros((224, 224), np.float32), 0)
    hints = np.zeros((200, 200, 4), np.uint8)
    hints[94:102, 66:140] = (*dark, 255)
    assert colors_of(hints, regions, line) == {int(regions.labels[98, 100]): {dark}}


def test_strokes_are_held_against_lines_that_are_kept_smaller_than_the_drawing() -> None:
    half = np.ascontiguousarray(LINE[::2, ::2])
    regions = find_regions(half, np.zeros((224, 224), np.float32), 0, (200, 200), 2)
    assert colors_of(along_the_top((10, 8, 12)), regions, half) == {}
    assert colors_of(stroke(no_hints(ART), (80, 80), (120, 100), RED), regions, half) != {}


def test_touching_strokes_of_two_colours_are_two_strokes_and_a_ring_is_one() -> None:
    hints = no_hints(ART)
    hints[80:100, 80:90] = (*RED, 255)
    hints[80:100, 90:100] = (*BLUE, 255)
    cv2.circle(hints, (120, 120), 12, (*RED, 255), 2)
    strokes = read_strokes(hints, REGIONS)
    assert len(strokes.area) == 3
    assert sorted(strokes.area.tolist())[1:] == [200, 200] or 200 in strokes.area.tolist()


def test_a_region_with_two_colours_is_divided_between_them_and_strokes_stay_exact() -> None:
    hints = stroke(stroke(no_hints(ART), (70, 70), (70, 130), RED), (130, 70), (130, 130), BLUE)
    strokes: Strokes = read_strokes(hints, REGIONS)
    votes = count_votes(strokes, REGIONS, LINE)
    assert votes.contested.tolist() == [INSIDE]
    before = REGIONS.labels.copy()
    division = divide(REGIONS, 255 - ART[..., 0], strokes, votes)
    assert (REGIONS.labels == before).all()
    assert division.parent.tolist() == [INSIDE, INSIDE]
    assert not (division.labels == INSIDE).any()
    for color, rgb in enumerate(strokes.colors // 257):
        drawn = (hints[..., :3] == rgb).all(2) & (hints[..., 3] > 0)
        assert set(division.labels[drawn].tolist()) == {REGIONS.n + division.color.tolist().index(color)}
    assert (division.labels[REGIONS.labels == OUTSIDE] == OUTSIDE).all()
