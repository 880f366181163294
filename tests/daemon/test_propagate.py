"""The three rules that carry strokes over a drawing."""

from __future__ import annotations

import numpy as np

from linewash_daemon.generator import Hints
from linewash_daemon.propagate import fill, propagate


def two_rooms(door: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """A wall down the middle, with a door ``door`` px high."""
    lines = np.zeros((64, 64), np.float32)
    lines[:, 31:34] = 1
    lines[32 : 32 + door, 31:34] = 0
    return lines


def strokes(*places: tuple[int, int]) -> Hints:
    markers = np.zeros((64, 64), np.int32)
    for number, (y, x) in enumerate(places, 1):
        markers[y : y + 3, x : x + 3] = number
    return Hints(markers, np.zeros((len(places), 3), np.float32))


def no_contours() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.zeros((64, 64), np.float32)


def test_two_strokes_meet_at_the_wall_between_them() -> None:
    carried = propagate(two_rooms(), no_contours(), strokes((10, 10), (10, 50)))
    for labels in (carried.watershed, carried.contour_watershed, carried.fill):
        assert (labels[:, :30] == 1).all()
        assert (labels[:, 35:] == 2).all()


def test_a_fill_leaves_a_room_without_a_stroke_empty() -> None:
    labels = fill(two_rooms(), strokes((10, 10)).markers)
    assert (labels[:, :30] == 1).all()
    assert (labels[:, 36:] == 0).all()


def test_a_fill_leaks_through_a_door_where_the_watershed_does_not() -> None:
    carried = propagate(two_rooms(door=4), no_contours(), strokes((34, 10), (10, 50), (50, 50)))
    assert len(np.unique(carried.fill[:, :28])) == 1
    assert (carried.watershed[:20, :28] == 1).all() and (carried.watershed[:20, 36:] == 2).all()


def test_a_learned_contour_stops_the_flood_where_no_ink_is() -> None:
    contours = no_contours()
    contours[:, 20] = 0.9
    carried = propagate(np.zeros((64, 64), np.float32), contours, strokes((30, 2), (30, 60)))
    assert (carried.contour_watershed[:, :19] == 1).all()
    assert (carried.contour_watershed[:, 22:] == 2).all()
    assert (carried.watershed[:, 25] == 1).all()  # without it the floods meet halfway


def test_no_strokes_carry_nothing() -> None:
    carried = propagate(two_rooms(), no_contours(), strokes())
    assert not carried.watershed.any() and not carried.contour_watershed.any() and not carried.fill.any()
