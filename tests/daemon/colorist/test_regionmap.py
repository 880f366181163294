"""The layer ``regions``: an artist sees what one stroke would fill."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.lab import difference, to_lab
from tests.daemon.colorist.drawings import BLUE, RED, color, no_hints, plane, sheet, stroke, with_square
from tests.daemon.colorist.fake import FakeGenerator, FakeModels

ART = with_square()


def seen(art: NDArray[Any], hints: NDArray[Any] | None = None, **options: Any) -> NDArray[Any]:
    return plane(color(Colorist(FakeModels()), art, hints, layers=("regions",), **options), "regions")


def window(panes: int = 6, side: int = 300) -> NDArray[np.uint8]:
    """A grid of ``panes`` × ``panes`` closed squares."""
    art = sheet(side, side)
    for at in np.linspace(20, side - 20, panes + 1).astype(int).tolist():
        cv2.line(art, (20, at), (side - 20, at), 0, 3)
        cv2.line(art, (at, 20), (at, side - 20), 0, 3)
    return art


def colors_in(pixels: NDArray[Any]) -> set[tuple[int, ...]]:
    return {tuple(color) for color in np.unique(pixels.reshape(-1, 4), axis=0).tolist()}


def test_inside_and_paper_are_seen_as_two_regions_without_a_hole() -> None:
    regions = seen(ART)
    assert regions.shape == (200, 200, 4)
    assert (regions[..., 3] == 255).all()
    assert len(colors_in(regions)) == 2
    assert len(colors_in(regions[60:140, 60:140])) == 1


def test_every_region_has_its_own_colour() -> None:
    assert len(colors_in(seen(window()))) == 37


def test_regions_beside_each_other_differ_strongly() -> None:
    regions = seen(window())[..., :3].astype(np.uint16) * 257
    for a, b in ((regions[1:], regions[:-1]), (regions[:, 1:], regions[:, :-1])):
        meets = (a != b).any(2)
        assert difference(to_lab(a[meets]), to_lab(b[meets])).min() > 25


def test_a_contour_that_a_stroke_flows_over_is_no_border() -> None:
    divided = Colorist(FakeModels(FakeGenerator(contour_column=112)))
    hints = stroke(no_hints(ART), (70, 80), (90, 100), RED)
    filled = plane(color(divided, ART, hints, layers=("flats", "regions")), "flats")
    assert (filled[60:140, 60:140, :3] == RED).all()
    assert len(colors_in(plane(color(divided, ART, layers=("regions",)), "regions")[60:140, 60:140])) == 1


def test_an_opening_wider_than_the_tolerance_joins_two_regions() -> None:
    leaky = with_square(gap=30)
    assert len(colors_in(seen(leaky, gap=4.0))) == 1
    assert len(colors_in(seen(leaky, gap=60.0))) == 2


def test_strokes_divide_a_region_where_their_colours_do() -> None:
    hints = stroke(stroke(no_hints(ART), (65, 60), (65, 140), RED), (135, 60), (135, 140), BLUE)
    result = color(Colorist(FakeModels()), ART, hints, layers=("flats", "regions"))
    flats, regions = plane(result, "flats"), plane(result, "regions")
    inside = np.s_[55:145, 55:145]
    assert len(colors_in(regions[inside])) == 2
    for one in colors_in(regions[inside]):
        assert len(colors_in(flats[inside][(regions[inside] == one).all(2)])) == 1


def test_colours_stay_while_strokes_come() -> None:
    art = window()
    hints = stroke(stroke(no_hints(art), (30, 30), (30, 50), RED), (50, 30), (50, 50), BLUE)
    before, after = seen(art), seen(art, hints)
    changed = (before != after).any(2)
    assert changed[30:50, 25:60].any()
    changed[:70, :70] = False  # the pane under the strokes
    assert not changed.any()


def test_regions_alone_are_not_painted() -> None:
    generator = FakeGenerator()
    color(Colorist(FakeModels(generator)), ART, layers=("regions",))
    assert generator.painted == []


def test_regions_are_the_same_whatever_else_is_asked_for() -> None:
    together = color(Colorist(FakeModels()), ART, layers=("flats", "regions", "composite"))
    assert (plane(together, "regions") == seen(ART)).all()


def test_no_line_at_all_is_one_region() -> None:
    assert len(colors_in(seen(sheet(64, 48)))) == 1


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("space", "channels"), [("rgb", "rgba"), ("lab", "laba")])
def test_regions_come_in_the_form_that_was_asked_for(depth: int, space: str, channels: str) -> None:
    result = color(Colorist(FakeModels()), ART, layers=("regions",), space=space, depth=depth)
    (layer,) = result.layers
    assert (layer.name, layer.blend, layer.plane.channels, layer.plane.depth) == ("Regions", "normal", channels, depth)
    assert len(colors_in(plane(result, "regions"))) == 2
