"""Skin in a drawing for which nothing was said: one believable tone for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.graph import Graph
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.colorist.skin import most_like_skin, tone_beside
from linewash_daemon.generator import Painting, Skin
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, color, no_hints, plane, sheet, stroke
from .fake import FakeGenerator, FakeModels

WHITE = (255, 255, 255)
TONES: tuple[Rgb, ...] = ((106, 78, 60), (174, 93, 41), (208, 139, 91), (255, 219, 180))
COLD: tuple[Rgb, ...] = ((60, 110, 170), (150, 200, 220), (40, 60, 90), (110, 150, 120))


def lab(*colors: Rgb) -> NDArray[np.float32]:
    return to_lab(np.array(colors, np.uint16) * np.uint16(257))


BINS = lab(WHITE, *COLD)
SCHEMES = np.concatenate([lab(*COLD), np.full((4, 1), 0.25, np.float32)], 1)[None]


@dataclass
class Knowing(FakeGenerator):
    """Takes the lower left quarter for skin, and says of everything that it is likely paper, else cold."""

    multiple: int = 32
    long_side: int = 160
    white: float = 0.1
    sure: float | None = 0.9
    scheme: bool = True

    def paint(self, given: Given) -> Painting:
        plain = super().paint(given)
        n = len(given.graph.place)
        chances = np.tile(np.array([self.white, *[(1 - self.white) / 4] * 4], np.float32), (n, 1))
        return Painting(plain.own, distribution=np.log(chances), bins=BINS, schemes=SCHEMES if self.scheme else None)

    def skin(self, graph: Graph) -> Skin | None:
        face = (graph.place[:, 0] < 0.5) & (graph.place[:, 1] > 0.5)
        return None if self.sure is None else Skin(np.where(face, np.float32(self.sure), np.float32(0.1)), lab(*TONES))


def rooms() -> NDArray[np.uint8]:
    art = sheet(160, 160)
    for line in (0, 39, 79, 119, 158):
        art[line : line + 2] = art[:, line : line + 2] = 0
    return art


def flats(hints: NDArray[np.uint8] | None = None, told: Any = None, **options: Any) -> NDArray[np.uint8]:
    colorist = Colorist(FakeModels(Knowing(**(told or {}))))
    return plane(color(colorist, rooms(), hints, layers=("flats",), **options), "flats")


def face(layer: NDArray[np.uint8]) -> set[Rgb]:
    """Colours of the four rooms in the lower left."""
    return {tuple(layer[y, x, :3].tolist()) for y in (100, 140) for x in (20, 60)}


def rest(layer: NDArray[np.uint8]) -> set[Rgb]:
    rooms_left = [(y, x) for y in (20, 60, 100, 140) for x in (20, 60, 100, 140) if y < 80 or x > 80]
    return {tuple(layer[y, x, :3].tolist()) for y, x in rooms_left}


def near(one: Rgb, others: tuple[Rgb, ...]) -> bool:
    return any(max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2 for other in others)


@pytest.mark.parametrize("seed", range(5))
def test_all_skin_of_a_drawing_has_one_tone_and_the_rest_has_the_schemes_colours(seed: int) -> None:
    layer = flats(seed=seed)
    (tone,) = face(layer)
    assert near(tone, TONES)
    assert len({c for c in rest(layer) if near(c, COLD)}) >= 2


def test_other_seeds_give_other_tones_dark_and_light() -> None:
    tones = {tone for seed in range(30) for tone in face(flats(seed=seed, variety=1.0))}
    assert len(tones) == len(TONES)


def test_skin_is_never_left_as_paper() -> None:
    layer = flats(told={"white": 0.9}, seed=1)
    assert all(near(tone, TONES) for tone in face(layer)) and rest(layer) == {WHITE}


def test_of_a_palette_skin_gets_the_colour_that_is_most_like_it() -> None:
    layer = flats(palette=(GREEN, (235, 180, 140), BLUE))
    assert face(layer) == {(235, 180, 140)}


def test_a_palette_without_such_a_colour_is_obeyed_all_the_same() -> None:
    layer = flats(palette=(GREEN, BLUE))
    assert face(layer) | rest(layer) <= {GREEN, BLUE}


def test_with_a_stroke_nothing_is_guessed() -> None:
    art = rooms()
    layer = flats(stroke(no_hints(art), (15, 100), (25, 100), BLUE))
    assert not any(near(tone, TONES) for tone in face(layer))


@pytest.mark.parametrize("scheme", [True, False])
def test_where_nothing_is_surely_skin_a_drawing_is_as_if_nothing_were_known_of_it(scheme: bool) -> None:
    unsure, ignorant = (flats(told={"sure": sure, "scheme": scheme}, seed=3) for sure in (0.4, None))
    assert np.array_equal(unsure, ignorant)


@pytest.mark.parametrize("seed", range(3))
def test_a_style_without_schemes_gives_skin_one_tone_too(seed: int) -> None:
    layer = flats(told={"scheme": False}, seed=seed)
    (tone,) = face(layer)
    assert near(tone, TONES) and not any(near(c, TONES) for c in rest(layer))


def test_white_is_nobodys_skin_however_near_a_pale_tone_is() -> None:
    assert most_like_skin(lab(WHITE, GREEN), lab((255, 250, 246))) is None


def test_at_variety_0_the_tone_is_the_one_nearest_to_the_scheme_whatever_the_seed() -> None:
    colors = lab((200, 140, 95), *COLD)
    chosen = {tuple(tone_beside(colors, lab(*TONES), 0.0, np.random.default_rng(seed)).tolist()) for seed in range(9)}
    assert chosen == {tuple(lab(TONES[2])[0].tolist())}


def test_what_could_be_nobodys_skin_is_not_taken_for_it() -> None:
    assert most_like_skin(lab(*COLD), lab(*TONES)) is None
    assert most_like_skin(lab(BLUE, (250, 215, 180)), lab(*TONES)) == 1
