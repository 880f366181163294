"""What a drawing depicts, where nothing was said: believable skin, hair, leaves and sky, and one colour for what
belongs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.graph import Graph
from linewash_daemon.colorist.lab import difference, to_lab
from linewash_daemon.colorist.semantics import most_like, tones_beside
from linewash_daemon.generator import Encoded, Painting, Semantics
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, sheet, stroke
from .fake import FakeGenerator, FakeModels

WHITE = (255, 255, 255)
TONES: dict[str, tuple[Rgb, ...]] = {
    "skin": ((106, 78, 60), (174, 93, 41), (208, 139, 91), (255, 219, 180)),
    "hair": ((74, 49, 44), (181, 129, 67), (214, 179, 112)),
    "foliage": ((40, 90, 40), (70, 160, 60), (120, 200, 80), (160, 190, 60), (60, 120, 90)),
    "sky": ((170, 215, 250), (110, 175, 235)),
}
NAMES = (*TONES, "white")
QUARTERS = {"skin": (False, True), "hair": (True, True), "foliage": (False, False), "sky": (True, False)}  # right, low
QUARTERS["white"] = (True, True)
ROOMS = [(y, x) for y in (20, 60, 100, 140) for x in (20, 60, 100, 140)]
COLD: tuple[Rgb, ...] = ((60, 110, 170), (150, 200, 220), (40, 60, 90), (110, 150, 120))


def lab(*colors: Rgb) -> NDArray[np.float32]:
    return to_lab(np.array(colors, np.uint16).reshape(-1, 3) * np.uint16(257))


BINS = lab(WHITE, *COLD)
SCHEMES = np.concatenate([lab(*COLD), np.full((4, 1), 0.25, np.float32)], 1)[None]
NO_COLORS = BINS[:0]


@dataclass
class Knowing(FakeGenerator):
    """Takes the quarters of what is ``shown`` for that, and says of everything that it is likely paper, else cold. The
    rooms from the upper left to the lower right are ``kin``, or no two rooms are."""

    multiple: int = 32
    long_side: int = 160
    white: float = 0.1
    sure: float = 0.9
    scheme: bool = True
    shown: tuple[str, ...] = ("skin",)
    kin: bool = False
    toneless: bool = False

    def paint(self, given: Given) -> Painting:
        plain = super().paint(given)
        n = len(given.graph.place)
        chances = np.tile(np.array([self.white, *[(1 - self.white) / 4] * 4], np.float32), (n, 1))
        return Painting(plain.own, distribution=np.log(chances), bins=BINS, schemes=SCHEMES if self.scheme else None)

    def semantics(self, lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics:
        x, y = graph.place.T
        chance = np.full((len(x), len(NAMES)), 0.1, np.float32)
        for row, name in enumerate(NAMES):
            right, low = QUARTERS[name]
            if name in self.shown:
                chance[((x > 0.5) == right) & ((y > 0.5) == low), row] = self.sure
        likeness = np.eye(len(x), dtype=np.float32)
        if self.kin:
            likeness[np.abs(x - y) < 0.1] = likeness[0]
        tones = tuple(lab() if self.toneless else lab(*TONES.get(name, ())) for name in NAMES)
        return Semantics(NAMES, chance, likeness, (8.0, -4.0), tones)


def rooms() -> NDArray[np.uint8]:
    art = sheet(160, 160)
    for line in (0, 39, 79, 119, 158):
        art[line : line + 2] = art[:, line : line + 2] = 0
    return art


def flats(hints: NDArray[np.uint8] | None = None, told: Any = None, **options: Any) -> NDArray[np.uint8]:
    colorist = Colorist(FakeModels(Knowing(**(told or {}))))
    return plane(color(colorist, rooms(), hints, layers=("flats",), **options), "flats")


def quarter(layer: NDArray[np.uint8], name: str) -> set[Rgb]:
    """Colours of the four rooms where that is shown."""
    right, low = QUARTERS[name]
    return {tuple(layer[y, x, :3].tolist()) for y, x in ROOMS if (x > 80) == right and (y > 80) == low}


def rest(layer: NDArray[np.uint8], name: str) -> set[Rgb]:
    """Colours of the twelve other rooms."""
    return set().union(*(quarter(layer, other) for other, at in QUARTERS.items() if at != QUARTERS[name]))


def kin(layer: NDArray[np.uint8]) -> set[Rgb]:
    return {tuple(layer[y, x, :3].tolist()) for y, x in ROOMS if x == y}


def near(one: Rgb, others: tuple[Rgb, ...]) -> bool:
    return any(max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2 for other in others)


@pytest.mark.parametrize("name", ["skin", "hair", "sky"])
@pytest.mark.parametrize("seed", range(5))
def test_all_skin_hair_or_sky_of_a_drawing_has_one_tone_and_the_rest_has_the_schemes_colours(
    name: str, seed: int
) -> None:
    layer = flats(told={"shown": (name,)}, seed=seed)
    (tone,) = quarter(layer, name)
    assert near(tone, TONES[name])
    assert len(rest(layer, name)) >= 2 and all(near(c, COLD) for c in rest(layer, name))


@pytest.mark.parametrize("scheme", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_white_is_left_white_and_nothing_else_is(scheme: bool, seed: int) -> None:
    layer = flats(told={"shown": ("white",), "scheme": scheme}, seed=seed)
    assert quarter(layer, "white") == {WHITE}
    assert WHITE not in rest(layer, "white")


def test_of_a_palette_what_is_white_gets_the_lightest_as_paper_does() -> None:
    light: Rgb = (255, 248, 231)
    layer = flats(told={"shown": ("white",)}, palette=(RED, light, BLUE))
    assert quarter(layer, "white") == {light}


def test_leaves_have_several_greens_but_only_greens() -> None:
    found = [quarter(flats(told={"shown": ("foliage",)}, seed=seed), "foliage") for seed in range(5)]
    assert all(near(green, TONES["foliage"]) for greens in found for green in greens)
    assert all(2 <= len(greens) <= 3 for greens in found)


def test_each_thing_in_a_drawing_has_its_own_colours() -> None:
    layer = flats(told={"shown": tuple(TONES)}, seed=2)
    for name, tones in TONES.items():
        assert all(near(c, tones) for c in quarter(layer, name)), name


@pytest.mark.parametrize("name", ["skin", "hair"])
def test_other_seeds_give_other_tones_dark_and_light(name: str) -> None:
    told = {"shown": (name,)}
    tones = {tone for seed in range(30) for tone in quarter(flats(told=told, seed=seed, variety=1.0), name)}
    assert len(tones) == len(TONES[name])


@pytest.mark.parametrize("name", TONES)
def test_what_is_depicted_is_never_left_as_paper(name: str) -> None:
    layer = flats(told={"white": 0.9, "shown": (name,)}, seed=1)
    assert all(near(tone, TONES[name]) for tone in quarter(layer, name)) and rest(layer, name) == {WHITE}


@pytest.mark.parametrize("scheme", [True, False])
def test_things_of_which_no_tone_is_known_get_such_colours_as_all_the_rest(scheme: bool) -> None:
    layer = flats(told={"toneless": True, "scheme": scheme}, seed=1)
    assert all(near(c, COLD) for c in quarter(layer, "skin"))
    assert quarter(flats(told={"toneless": True, "scheme": scheme, "white": 0.9}, seed=1), "skin") == {WHITE}


@pytest.mark.parametrize(("name", "wished"), [("skin", (235, 180, 140)), ("foliage", (80, 170, 70))])
def test_of_a_palette_skin_and_leaves_get_exactly_the_colour_that_is_most_like_them(name: str, wished: Rgb) -> None:
    layer = flats(told={"shown": (name,)}, palette=(RED, wished, BLUE))
    assert quarter(layer, name) == {wished}
    assert rest(layer, name) <= {RED, wished, BLUE} and rest(layer, name) != {wished}


@pytest.mark.parametrize(
    ("name", "palette"), [("skin", (GREEN, BLUE)), ("foliage", (RED, BLUE)), ("sky", (RED, GREEN))]
)
def test_a_palette_without_such_a_colour_is_obeyed_all_the_same(name: str, palette: tuple[Rgb, ...]) -> None:
    layer = flats(told={"shown": (name,)}, palette=palette)
    assert quarter(layer, name) | rest(layer, name) <= set(palette)


def test_with_a_stroke_nothing_is_guessed() -> None:
    art = rooms()
    layer = flats(stroke(no_hints(art), (15, 100), (25, 100), BLUE))
    assert not any(near(tone, TONES["skin"]) for tone in quarter(layer, "skin"))


@pytest.mark.parametrize("scheme", [True, False])
def test_what_is_not_sure_to_be_skin_or_leaves_is_as_if_nothing_showed_any(scheme: bool) -> None:
    unsure = flats(told={"sure": 0.2, "scheme": scheme}, seed=3)
    assert np.array_equal(unsure, flats(told={"shown": (), "scheme": scheme}, seed=3))


@pytest.mark.parametrize("name", TONES)
@pytest.mark.parametrize("seed", range(3))
def test_a_style_without_schemes_gives_each_thing_one_tone_too(name: str, seed: int) -> None:
    layer = flats(told={"scheme": False, "shown": (name,)}, seed=seed)
    (tone,) = quarter(layer, name)
    assert near(tone, TONES[name]) and not any(near(c, TONES[name]) for c in rest(layer, name))


def test_parts_that_are_alike_get_one_colour_and_others_need_not() -> None:
    alike, apart = (
        [kin(flats(told={"shown": (), "kin": one}, seed=seed, variety=1.0)) for seed in range(6)]
        for one in (True, False)
    )
    assert all(len(colors) == 1 for colors in alike) and len(set().union(*alike)) > 1
    assert any(len(colors) > 1 for colors in apart)


def test_parts_that_are_alike_get_one_colour_of_a_palette_too() -> None:
    told, palette = {"shown": (), "kin": True}, (RED, GREEN, BLUE)
    assert all(len(kin(flats(told=told, seed=seed, palette=palette))) == 1 for seed in range(4))


def chosen(name: str, *colors: Rgb, variety: float = 0.0, seed: int = 0) -> NDArray[np.float32]:
    (found,) = tones_beside(lab(*colors), [(name, lab(*TONES[name]))], variety, np.random.default_rng(seed))
    return found


def test_at_variety_0_the_tone_is_the_one_nearest_to_the_scheme_whatever_the_seed() -> None:
    found = {tuple(chosen("skin", (200, 140, 95), *COLD, seed=seed)[0].tolist()) for seed in range(9)}
    assert found == {tuple(lab(TONES["skin"][2])[0].tolist())}


def test_the_greens_of_a_drawing_are_told_apart_and_the_first_is_near_its_scheme() -> None:
    greens = chosen("foliage", (66, 158, 62))
    assert len(greens) == 3 and np.array_equal(greens[0], lab(TONES["foliage"][1])[0])
    apart = difference(greens[:, None], greens[None])
    assert (apart[~np.eye(3, dtype=bool)] > 10).all()


@pytest.mark.parametrize("seed", range(5))
def test_hair_is_of_another_colour_than_skin_even_where_both_might_be_the_same(seed: int) -> None:
    both = [(name, lab(*TONES["skin"])) for name in ("skin", "hair")]
    skin, hair = tones_beside(NO_COLORS, both, 1.0, np.random.default_rng(seed))
    assert difference(skin, hair).min() > 10


def test_white_is_nobodys_skin_however_near_a_pale_tone_is_but_somebodys_hair() -> None:
    pale = lab((255, 250, 246))
    assert most_like(lab(WHITE, GREEN), "skin", pale).tolist() == []
    assert most_like(lab(WHITE, GREEN), "hair", pale).tolist() == [0]


def test_what_could_be_nobodys_skin_is_not_taken_for_it() -> None:
    assert most_like(lab(*COLD), "skin", lab(*TONES["skin"])).tolist() == []
    assert most_like(lab(BLUE, (250, 215, 180)), "skin", lab(*TONES["skin"])).tolist() == [1]


def test_leaves_may_have_all_greens_of_a_palette_and_skin_has_one_of_its_tones() -> None:
    wished = lab((70, 160, 60), RED, (120, 200, 80), (45, 92, 42))
    assert sorted(most_like(wished, "foliage", lab(*TONES["foliage"])).tolist()) == [0, 2, 3]
    tones = lab(*TONES["skin"])
    assert most_like(tones[::-1], "skin", tones).tolist() == [0]
