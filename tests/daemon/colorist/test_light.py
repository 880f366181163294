"""Light over the flats: when it is made, of what, and where it falls."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.generator import Light

from .drawings import BLUE, RED, color, no_hints, plane, sheet, stroke, with_square
from .fake import FakeGenerator, FakeModels

ART = with_square()
WHITE = (255, 255, 255)
SHADE = 191  # of 255: what shade leaves of the light


def lit(**told: Any) -> tuple[FakeGenerator, Colorist]:
    """A generator that shades everything and lights it by a tenth."""
    generator = FakeGenerator(**{"shading": 0.2, "highlights": 0.1} | told)
    return generator, Colorist(FakeModels(generator))


def inside(hue: tuple[int, int, int], around: tuple[int, int, int] | None = None) -> NDArray[np.uint8]:
    hints = stroke(no_hints(ART), (80, 100), (120, 100), hue)
    return hints if around is None else stroke(hints, (20, 20), (180, 20), around)


@pytest.mark.parametrize("layers", [("flats",), ("flats", "color", "per_color"), ("regions",), ("composite",)])
def test_light_is_not_made_for_layers_that_show_none(layers: tuple[str, ...]) -> None:
    generator, colorist = lit()
    color(colorist, ART, inside(RED), layers=layers)
    assert generator.lit == []


@pytest.mark.parametrize(
    "layers", [("shading",), ("highlights",), ("composite", "shading"), ("flats", "shading", "highlights")]
)
def test_light_is_made_once_however_many_layers_show_it(layers: tuple[str, ...]) -> None:
    generator, colorist = lit()
    color(colorist, ART, inside(RED), layers=layers)
    assert len(generator.lit) == 1


def test_the_generator_lights_the_flats_as_they_were_decided() -> None:
    generator, colorist = lit()
    color(colorist, ART, inside(RED, BLUE))
    seen = generator.lit[0]
    for hue, y in ((RED, 0.5), (BLUE, 0.1)):
        expected = to_lab((np.array([hue]) * 257).astype(np.uint16))[0]
        assert np.allclose(seen[int(y * len(seen)), seen.shape[1] // 2], expected, atol=0.1)


def test_flats_are_the_same_with_light_and_without() -> None:
    _, colorist = lit()
    _, dark = lit(shading=None)
    asked = ("flats", "shading", "highlights")
    assert np.array_equal(
        plane(color(colorist, ART, inside(RED), layers=asked), "flats"),
        plane(color(dark, ART, inside(RED), layers=asked), "flats"),
    )


def test_a_style_without_a_light_head_gives_no_layers_of_it() -> None:
    _, colorist = lit(shading=None)
    layers = color(colorist, ART, inside(RED), layers=("flats", "shading", "highlights")).layers
    assert [layer.role for layer in layers] == ["flats"]


def test_no_light_falls_on_what_is_left_empty() -> None:
    _, colorist = lit()
    result = color(colorist, ART, inside(RED, BLUE), empty=BLUE, layers=("flats", "shading", "highlights"))
    empty = plane(result, "flats")[..., 3] == 0
    assert empty.any() and not empty.all()
    assert (plane(result, "shading")[empty] == 255).all() and (plane(result, "highlights")[empty] == 0).all()
    assert set(plane(result, "shading")[~empty].ravel().tolist()) == {SHADE}
    assert set(plane(result, "highlights")[~empty].ravel().tolist()) == {26}


def test_no_light_falls_on_a_white_page_but_on_white_within_a_figure() -> None:
    _, colorist = lit()
    shading = plane(color(colorist, ART, inside(WHITE, WHITE)), "shading")
    assert (shading[5:40] == 255).all() and (shading[90:110, 90:110] == SHADE).all()


def test_where_nothing_is_painted_there_is_no_light() -> None:
    _, colorist = lit()
    result = color(colorist, sheet())
    assert (plane(result, "shading") == 255).all() and (plane(result, "highlights") == 0).all()


def test_light_ends_where_the_figure_does_however_much_it_is_enlarged() -> None:
    art = cv2.resize(ART, (1600, 1600), interpolation=cv2.INTER_NEAREST)[..., None]
    _, colorist = lit()
    hints = np.zeros((1600, 1600, 4), np.uint8)
    stroke(hints, (600, 800), (1000, 800), RED, 20)
    stroke(hints, (100, 100), (1500, 100), BLUE, 20)
    result = color(colorist, art, hints, empty=BLUE, layers=("flats", "shading"))
    assert np.array_equal(plane(result, "flats")[..., 3] > 0, plane(result, "shading")[..., 0] < 255)


def test_the_composite_is_flats_times_shading_screened_with_highlights() -> None:
    _, colorist = lit()
    picture = plane(color(colorist, ART, inside(RED), layers=("composite", "shading", "highlights")), "composite")
    shaded = np.array(RED) * SHADE / 255
    assert np.abs(picture[100, 100] - (shaded + (255 - shaded) * 0.1)).max() <= 1


def test_a_composite_alone_has_no_light_for_nobody_could_take_it_off_again() -> None:
    _, colorist = lit()
    picture = plane(color(colorist, ART, inside(RED), layers=("composite",)), "composite")
    assert (picture[100, 100] == RED).all()


def test_the_amount_scales_both() -> None:
    _, colorist = lit()
    result = color(colorist, ART, inside(RED), shading=2.0)
    assert int(plane(result, "shading")[100, 100, 0]) == pytest.approx(255 - 2 * (255 - SHADE), abs=1)
    assert plane(result, "highlights")[100, 100, 0] == 51


def half_shaded() -> NDArray[np.uint8]:
    """The shading of the square where the generator shades its right half, faintly and in a soft ramp."""
    generator, colorist = lit()
    ramp = np.clip(np.linspace(-0.8, 1.0, 192, dtype=np.float32), 0, 0.25)
    generator.light = lambda lines, flats: Light(np.broadcast_to(ramp, lines.shape).copy(), None)  # type: ignore[method-assign]
    return plane(color(colorist, ART, inside(RED), layers=("shading",)), "shading")[..., 0]


def test_shade_has_one_tone_and_an_edge_as_narrow_as_a_brush() -> None:
    shading = half_shaded()[100, 60:140]
    between = (shading > SHADE) & (shading < 255)
    assert {255, SHADE} <= set(shading.tolist())
    assert 0 < between.sum() <= 10


def test_a_speck_of_shade_is_none() -> None:
    generator, colorist = lit()
    spotted = np.zeros((192, 192), np.float32)
    spotted[100:103, 100:103] = spotted[120:150, 100:120] = 0.3
    generator.light = lambda lines, flats: Light(spotted, None)  # type: ignore[method-assign]
    shading = plane(color(colorist, ART, inside(RED), layers=("shading",)), "shading")[..., 0]
    y, x = np.nonzero(shading < 255)
    scale = 200 / 192
    assert len(y) and y.min() > 115 * scale and y.max() < 155 * scale and x.min() > 95 * scale


def test_a_coloured_background_stays_flat_but_a_figure_that_leaves_the_picture_does_not() -> None:
    art = sheet()
    cv2.line(art, (60, 0), (60, 199), 0, 3)
    cv2.rectangle(art, (100, 120), (160, 260), 0, 3)
    _, colorist = lit()
    hints = stroke(stroke(no_hints(art), (80, 60), (180, 60), BLUE), (120, 160), (140, 160), RED)
    shading = plane(color(colorist, art, hints, layers=("shading",)), "shading")[..., 0]
    assert (shading[20:100, 80:] == 255).all() and (shading[20:180, 5:50] == 255).all()
    assert (shading[135:190, 110:150] == SHADE).all()
