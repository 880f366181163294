"""Drawings without strokes, from the wish to the layers: seeds, palettes, references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.generator import Painting
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, sheet, stroke
from .fake import FakeGenerator, FakeModels

YELLOW, SAND, WHITE = (240, 210, 40), (222, 203, 164), (255, 255, 255)
PALETTE = (GREEN, YELLOW, SAND, (13, 17, 19))
SIDE = 160
BINS = to_lab(np.array([WHITE, RED, BLUE, GREEN, YELLOW, SAND], np.uint16) * np.uint16(257))
LEFT = (0.02, 0.38, 0.3, 0.05, 0.05, 0.2)  # what is likely in the left half
RIGHT = (0.02, 0.05, 0.05, 0.3, 0.38, 0.2)


@dataclass
class TwoMinded(FakeGenerator):
    """Says one thing of the left half of the page and another of the right. ``carries``: whatever is decided already
    is carried everywhere, as if it were a stroke."""

    takes_like: bool = True
    carries: bool = False
    multiple: int = 32
    long_side: int = SIDE

    def paint(self, given: Given) -> Painting:
        plain = super().paint(given)
        left = given.graph.place[:, :1] < 0.5
        said = np.log(np.where(left, np.array(LEFT), np.array(RIGHT))).astype(np.float32)
        choice = np.zeros(len(said), np.int64) if self.carries and not given.hints.empty else None
        return Painting(plain.own, choice=choice, distribution=said, bins=BINS)


def rooms() -> NDArray[np.uint8]:
    """Sixteen rooms in four rows, without a page around them."""
    art = sheet(SIDE, SIDE)
    for line in (0, 39, 79, 119, 158):
        art[line : line + 2] = art[:, line : line + 2] = 0
    return art


ART = rooms()
MIDDLES = np.arange(4) * 40 + 20


def colored(role: str = "flats", hints: Any = None, carries: bool = False, **options: Any) -> NDArray[np.uint8]:
    """The first layer of a ``role``."""
    painted = color(Colorist(FakeModels(TwoMinded(carries=carries))), ART, hints, layers=(role,), **options)
    return plane(painted, role)


def in_rooms(layer: NDArray[np.uint8]) -> list[list[Rgb]]:
    """The colour in the middle of each room, row by row."""
    return [[tuple(pixel[:3]) for pixel in row] for row in layer[np.ix_(MIDDLES, MIDDLES)].tolist()]


def colors_of(layer: NDArray[np.uint8]) -> set[Rgb]:
    seen = layer[layer[..., 3] > 0] if layer.shape[2] == 4 else layer.reshape(-1, 3)
    return {tuple(pixel[:3]) for pixel in seen.tolist()}


@pytest.mark.parametrize("strength", [0.0, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("role", ["flats", "per_color", "per_region"])
def test_a_palette_is_obeyed_exactly_in_every_layer_of_flats_and_at_any_strength(role: str, strength: float) -> None:
    colorist = Colorist(FakeModels(TwoMinded()))
    for seed in range(3):
        painted = color(colorist, ART, layers=(role,), palette=PALETTE, strength=strength, seed=seed, variety=1.0)
        assert painted.layers
        for pixels in painted.planes:
            assert colors_of(pixels) <= set(PALETTE)


def test_a_finished_picture_has_the_palettes_colours_in_every_room() -> None:
    assert {c for row in in_rooms(colored("composite", palette=PALETTE)) for c in row} <= set(PALETTE)


def test_more_than_one_of_a_palettes_colours_is_used_even_by_a_network_that_would_use_none_of_them() -> None:
    strange = ((120, 30, 160), (200, 60, 190), (90, 20, 90))
    for seed in range(3):
        assert len(colors_of(colored(palette=strange, seed=seed))) >= 2


@pytest.mark.parametrize("role", ["flats", "per_color"])
def test_a_strokes_colour_wins_over_the_palette(role: str) -> None:
    hints = stroke(no_hints(ART), (15, 20), (25, 20), RED)
    painted = color(Colorist(FakeModels(TwoMinded())), ART, hints, layers=(role,), palette=(GREEN, BLUE))
    seen = {c for pixels in painted.planes for c in colors_of(pixels)}
    assert RED in seen and seen <= {RED, GREEN, BLUE}
    assert in_rooms(colored(hints=hints, palette=(GREEN, BLUE)))[0][0] == RED


def test_the_same_seed_gives_the_same_pixels_and_another_one_others_when_there_is_variety() -> None:
    for variety in (0.5, 1.0):
        first, again, *others = (colored(seed=seed, variety=variety) for seed in (1, 1, 2, 3, 4))
        assert np.array_equal(first, again)
        assert any(not np.array_equal(first, other) for other in others)


def test_at_variety_0_the_seed_counts_for_nothing() -> None:
    for wish in ({}, {"palette": PALETTE}, {"like": ((*RED, 0.5), (*GREEN, 0.5))}):
        first, *others = (colored(seed=seed, variety=0.0, **wish) for seed in (1, 2, 3))
        assert all(np.array_equal(first, other) for other in others)


def test_rooms_of_which_the_same_is_said_have_one_colour_and_others_may_have_another() -> None:
    parted = 0
    for seed in range(6):
        rows = in_rooms(colored(seed=seed, variety=1.0))
        left, right = ({c for row in rows for c in row[half]} for half in (slice(2), slice(2, 4)))
        assert len(left) == len(right) == 1
        parted += left != right
    assert parted >= 3


def test_what_the_network_would_carry_as_a_stroke_gets_the_decided_colour() -> None:
    for seed in range(4):
        assert len(colors_of(colored(seed=seed, variety=1.0, carries=True))) <= 2, "those of the first round alone"


def test_a_references_colours_are_taken_over_in_about_its_shares() -> None:
    like = ((*RED, 0.5), (*GREEN, 0.3), (*YELLOW, 0.2))
    for seed in range(3):
        rooms = [c for row in in_rooms(colored(like=like, seed=seed)) for c in row]
        assert set(rooms) <= {RED, GREEN, YELLOW}
        assert rooms.count(RED) >= 5 and rooms.count(GREEN) >= 2, "of 16"


def test_a_references_ink_fills_no_room_and_a_palettes_black_may() -> None:
    black = (5, 5, 5)
    for seed in range(3):
        assert black not in colors_of(colored(like=((*black, 0.3), (*SAND, 0.4), (*RED, 0.3)), seed=seed))
    assert colors_of(colored(palette=(black,))) == {black}
