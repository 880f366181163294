"""Colour schemes: a drawing for which nothing was said gets few colours that go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.colorist.schemes import sepia, suiting
from linewash_daemon.generator import Painting
from linewash_daemon.given import Given

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, sheet, stroke
from .fake import FakeGenerator, FakeModels

WHITE = (255, 255, 255)
BROWN: tuple[Rgb, ...] = ((150, 112, 80), (196, 160, 120), (105, 80, 55))
PINK: tuple[Rgb, ...] = ((250, 90, 220), (200, 40, 180), (120, 10, 110))
WARM: tuple[Rgb, ...] = ((200, 90, 60), (240, 200, 150), (120, 70, 40))
COLD: tuple[Rgb, ...] = ((60, 110, 170), (150, 200, 220), (40, 60, 90), (110, 150, 120))
BINS = to_lab(np.array([WHITE, *WARM, *COLD], np.uint16) * np.uint16(257))


def scheme(colors: tuple[Rgb, ...], rows: int = 6) -> NDArray[np.float32]:
    out = np.zeros((rows, 4), np.float32)
    out[: len(colors), :3] = to_lab(np.array(colors, np.uint16) * np.uint16(257))
    out[: len(colors), 3] = 1 / len(colors)
    return out


SCHEMES = np.stack([scheme(WARM), scheme(COLD)])


def said(warm: float, cold: float, white: float = 0.0) -> NDArray[np.float64]:
    """Chances of the bins."""
    return np.array([white, *[warm / len(WARM)] * len(WARM), *[cold / len(COLD)] * len(COLD)])


def taken(chances: NDArray[np.float64], variety: float = 0.0, seed: int = 0) -> str:
    area = np.ones(len(chances))
    lab, share = suiting(SCHEMES, BINS, chances, area, variety, np.random.default_rng(seed))
    assert share.sum() == pytest.approx(1) and len(lab) == len(share)
    return "warm" if np.array_equal(lab, SCHEMES[0, : len(WARM), :3]) else "cold" if len(lab) == len(COLD) else "none"


def test_at_variety_0_the_scheme_is_taken_that_suits_best_whatever_the_seed() -> None:
    for seed in range(5):
        assert taken(np.stack([said(0.8, 0.2)] * 3), seed=seed) == "warm"
        assert taken(np.stack([said(0.2, 0.8)] * 3), seed=seed) == "cold"


def test_with_variety_another_seed_may_take_another_scheme_but_seldom_one_that_does_not_suit() -> None:
    even = [taken(np.stack([said(0.5, 0.5)] * 3), 1.0, seed) for seed in range(40)]
    assert {"warm", "cold"} <= set(even)
    clear = [taken(np.stack([said(0.95, 0.05)] * 3), 1.0, seed) for seed in range(40)]
    assert clear.count("warm") >= 36


def test_large_regions_have_more_say_than_small_ones() -> None:
    chances, area = np.stack([said(0.9, 0.1), *[said(0.2, 0.8)] * 3]), np.array([900.0, 1, 1, 1])
    lab, _ = suiting(SCHEMES, BINS, chances, area, 0.0, np.random.default_rng(0))
    assert len(lab) == len(WARM)


def test_where_everything_stays_paper_there_is_a_scheme_all_the_same() -> None:
    assert taken(np.zeros((0, len(BINS)))) in ("warm", "cold")


@given(st.integers(1, 400), st.integers(1, 30), st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_of_any_schemes_one_is_taken_whole(regions: int, count: int, seed: int, variety: float) -> None:
    rng = np.random.default_rng(seed)
    schemes = rng.uniform(0, 90, (count, 6, 4)).astype(np.float32)
    schemes[:, 3:, 3] *= rng.random((count, 3)) < 0.5
    chances = rng.dirichlet(np.full(len(BINS), 0.3), regions)
    lab, share = suiting(schemes, BINS, chances, rng.uniform(1, 1e6, regions), variety, rng)
    whole = [one[one[:, 3] > 0] for one in schemes]
    assert any(np.array_equal(lab, one[:, :3]) for one in whole)
    assert (share > 0).all() and share.sum() == pytest.approx(1)


@dataclass
class Minded(FakeGenerator):
    """Says of the upper half that it is paper, of the rest that it may be anything. ``schemes``: float32
    (schemes, colours, 4), as in `Painting`."""

    schemes: NDArray[np.float32] = field(default_factory=lambda: SCHEMES)
    multiple: int = 32
    long_side: int = 160

    def paint(self, given: Given) -> Painting:
        plain = super().paint(given)
        paper = given.graph.place[:, 1:] < 0.5
        chances = np.where(paper, said(0.1, 0.1, 0.8), said(0.4, 0.5, 0.1)).astype(np.float32)
        return Painting(plain.own, distribution=np.log(chances), bins=BINS, schemes=self.schemes)


def rooms() -> NDArray[np.uint8]:
    art = sheet(160, 160)
    for line in (0, 39, 79, 119, 158):
        art[line : line + 2] = art[:, line : line + 2] = 0
    return art


def flats(hints: NDArray[np.uint8] | None = None, schemes: NDArray[np.float32] = SCHEMES, **options: Any) -> set[Rgb]:
    minded = Minded(schemes=schemes, takes_like=True)
    layer = plane(color(Colorist(FakeModels(minded)), rooms(), hints, layers=("flats",), **options), "flats")
    return {tuple(pixel[:3]) for pixel in layer.reshape(-1, 4).tolist() if pixel[3]}


def near(one: Rgb, others: tuple[Rgb, ...]) -> bool:
    return any(max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 2 for other in others)


@pytest.mark.parametrize("seed", range(6))
def test_all_that_is_not_paper_has_colours_of_one_scheme_and_several_of_them(seed: int) -> None:
    painted = flats(seed=seed) - {WHITE}
    assert len(painted) >= 2
    assert all(near(c, WARM) for c in painted) or all(near(c, COLD) for c in painted)


def test_paper_stays_white() -> None:
    assert WHITE in flats(seed=1)


def test_other_seeds_take_other_schemes() -> None:
    assert {near(max(flats(seed=seed) - {WHITE}), WARM) for seed in range(12)} == {True, False}


def test_what_would_look_sepia_is_drawn_from_the_next_scheme_that_does_not() -> None:
    browns_first = np.stack([scheme(BROWN), scheme(PINK), scheme(BROWN)])  # nothing speaks for pink
    for variety in (0.0, 0.5):
        painted = flats(schemes=browns_first, variety=variety) - {WHITE}
        assert painted and all(near(c, PINK) for c in painted)
        assert painted == flats(schemes=browns_first, variety=variety) - {WHITE}


def test_where_all_would_look_sepia_the_scheme_is_kept_that_suits_best() -> None:
    darker = tuple((red - 40, green - 40, blue - 40) for red, green, blue in BROWN)
    painted = flats(schemes=np.stack([scheme(BROWN), scheme(darker), scheme(BROWN)]), variety=0.0) - {WHITE}
    assert painted and all(near(c, darker) for c in painted)  # nearer to what is warm


def test_each_next_scheme_is_another_one_whatever_the_variety() -> None:
    chances, area = np.stack([said(0.5, 0.5)] * 3), np.ones(3)
    many = np.stack([scheme(WARM), scheme(COLD), scheme(BROWN), scheme(PINK)])
    for seed in range(10):
        taken = [suiting(many, BINS, chances, area, 1.0, np.random.default_rng(seed), nth)[0] for nth in range(4)]
        assert len({colors.tobytes() for colors in taken}) == 4


@pytest.mark.parametrize(
    "wish", [{"palette": BROWN}, {"like": tuple((*c, 1.0) for c in BROWN)}], ids=["palette", "like"]
)
def test_browns_that_the_artist_wished_for_are_not_drawn_again(
    wish: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[NDArray[np.float32]] = []

    def always(lab: NDArray[np.float32], area: NDArray[np.float64]) -> bool:
        asked.append(lab)
        return True

    monkeypatch.setattr("linewash_daemon.colorist.selfhint.sepia", always)
    assert not any(near(c, COLD + PINK) for c in flats(**wish)) and not asked
    assert flats() and asked


@pytest.mark.parametrize(
    ("colors", "area", "looks"),
    [
        (BROWN, (1, 1, 1), True),
        ((*BROWN, WHITE, (60, 60, 60)), (9, 9, 9, 90, 90), True),  # paper and ink have no hue
        ((*BROWN, WHITE, (60, 60, 60)), (1, 1, 1, 90, 90), False),  # a brown strap
        ((*BROWN, COLD[0]), (1, 1, 1, 1), False),
        ((*BROWN, COLD[0]), (9, 9, 9, 1), True),
        (((250, 130, 20), (255, 170, 40)), (1, 1), False),  # a strong orange
        (((60, 60, 60), WHITE), (1, 1), False),
        (BROWN, (0, 0, 0), False),
    ],
    ids=str,
)
def test_pale_browns_look_sepia(colors: tuple[Rgb, ...], area: tuple[int, ...], looks: bool) -> None:
    lab = to_lab(np.array(colors, np.uint16) * np.uint16(257))
    assert sepia(lab, np.array(area, np.float64)) == looks


def test_a_palette_of_the_artists_goes_before_any_scheme() -> None:
    assert flats(palette=(GREEN, BLUE)) <= {GREEN, BLUE}


def test_what_is_large_takes_a_paler_colour_of_a_scheme_but_of_a_palette_whatever_suits() -> None:
    vivid, pale = (200, 90, 60), (240, 200, 150)
    art = sheet(160, 160)
    art[:, :2] = art[:, 158:] = 0
    for line in (0, 79, 158):
        art[line : line + 2] = 0
    art[80:, 125:127] = 0

    def left_and_right(**options: Any) -> tuple[Rgb, Rgb]:
        model = Colorist(FakeModels(Minded(schemes=scheme((vivid, pale))[None])))
        layer = plane(color(model, art, layers=("flats",), variety=0.0, **options), "flats")
        return tuple(layer[120, 60, :3].tolist()), tuple(layer[120, 145, :3].tolist())

    large, small = left_and_right()
    assert near(large, (pale,)) and near(small, (vivid,))
    assert near(left_and_right(palette=(vivid, pale))[0], (vivid,))


def test_with_a_stroke_nothing_is_of_a_scheme() -> None:
    art = rooms()
    painted = flats(stroke(no_hints(art), (15, 100), (25, 100), RED))
    assert not any(near(c, WARM + COLD) for c in painted)
