"""Light over the flats: when it is made, of what, and where it falls."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.graph import Graph
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.generator import Encoded, Light, Semantics

from .drawings import BLUE, RED, color, no_hints, plane, sheet, stroke, with_square
from .fake import FakeGenerator, FakeModels

ART = with_square()
WHITE = (255, 255, 255)
SHADE = 191  # of 255: what shade leaves of the light
SHINE = 76  # of 255: what a highlight adds


def lit(**told: Any) -> tuple[FakeGenerator, Colorist]:
    """A generator that shades everything."""
    generator = FakeGenerator(**{"shading": 0.2} | told)
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
    assert (plane(result, "shading")[empty] == 255).all()
    assert set(plane(result, "shading")[~empty].ravel().tolist()) == {SHADE}


def test_no_highlight_falls_on_what_is_left_empty() -> None:
    _, colorist = lit(shading=0.0, highlights=0.2)
    hints = inside(RED, BLUE)
    light = plane(color(colorist, ART, hints, empty=BLUE, layers=("flats", "highlights")), "highlights")[..., 0]
    dark = plane(color(colorist, ART, hints, empty=RED, layers=("flats", "highlights")), "highlights")[..., 0]
    assert (light[80:120, 80:120] == SHINE).all() and not dark.any()


def test_nothing_shines_in_the_shade() -> None:
    _, colorist = lit(highlights=0.2)
    result = color(colorist, ART, inside(RED), layers=("shading", "highlights"))
    assert (plane(result, "shading")[80:120, 80:120] == SHADE).all() and (plane(result, "highlights") == 0).all()


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
    generator, colorist = lit()
    side = np.broadcast_to(np.linspace(0, 1, 192) < 0.5, (192, 192))
    light = Light(np.where(side, np.float32(0), np.float32(0.2)), np.where(side, np.float32(0.2), np.float32(0)))
    generator.light = lambda lines, flats: light  # type: ignore[method-assign]
    picture = plane(color(colorist, ART, inside(RED), layers=("composite", "shading", "highlights")), "composite")
    hue = np.array(RED)
    assert np.abs(picture[100, 130] - hue * SHADE / 255).max() <= 1
    assert np.abs(picture[100, 70] - (hue + (255 - hue) * SHINE / 255)).max() <= 1


def test_a_composite_alone_has_no_light_for_nobody_could_take_it_off_again() -> None:
    _, colorist = lit()
    picture = plane(color(colorist, ART, inside(RED), layers=("composite",)), "composite")
    assert (picture[100, 100] == RED).all()


@pytest.mark.parametrize(
    ("role", "told", "expected"),
    [("shading", {}, 255 - 2 * (255 - SHADE)), ("highlights", {"shading": 0.0, "highlights": 0.2}, 2 * SHINE)],
)
def test_the_amount_scales_both(role: str, told: dict[str, float], expected: int) -> None:
    _, colorist = lit(**told)
    result = color(colorist, ART, inside(RED), shading=2.0, layers=("flats", role))
    assert int(plane(result, role)[100, 100, 0]) == pytest.approx(expected, abs=1)


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


@pytest.mark.parametrize("role", ["shading", "highlights"])
def test_a_speck_of_light_is_none(role: str) -> None:
    seen = shone(role, (slice(100, 102), slice(100, 102)), (slice(110, 125), slice(90, 110)))
    y, x = np.nonzero(seen != (255 if role == "shading" else 0))
    scale = 200 / 192
    assert len(y) and y.min() > 105 * scale and y.max() < 130 * scale and x.min() > 85 * scale


def shone(role: str, *spots: tuple[slice, slice], strength: float = 0.3) -> NDArray[np.uint8]:
    """The layer ``role`` where the generator has light in ``spots`` of working size alone."""
    generator, colorist = lit()
    spotted, none = np.zeros((192, 192), np.float32), np.zeros((192, 192), np.float32)
    for spot in spots:
        spotted[spot] = strength
    light = Light(spotted, None) if role == "shading" else Light(none, spotted)
    generator.light = lambda lines, flats: light  # type: ignore[method-assign]
    return plane(color(colorist, ART, inside(RED), layers=(role,)), role)[..., 0]


def test_a_form_shines_in_one_tone_where_the_generator_says_however_faintly() -> None:
    spot = (slice(80, 100), slice(70, 90))
    bright, faint = shone("highlights", spot), shone("highlights", spot, strength=0.06)
    assert np.array_equal(bright, faint)
    assert (bright[90:98, 80:88] == SHINE).all() and not bright[115:, :].any() and not bright[:, 105:].any()


def test_what_hardly_shines_and_what_leaves_the_picture_does_not_shine() -> None:
    inside_it = (slice(80, 100), slice(70, 90))
    assert not shone("highlights", inside_it, strength=0.01).any()
    assert not shone("highlights", (slice(5, 25), slice(60, 120))).any()


def test_a_coloured_background_stays_flat_but_a_figure_that_leaves_the_picture_does_not() -> None:
    art = sheet()
    cv2.line(art, (60, 0), (60, 199), 0, 3)
    cv2.rectangle(art, (100, 120), (160, 260), 0, 3)
    _, colorist = lit()
    hints = stroke(stroke(no_hints(art), (80, 60), (180, 60), BLUE), (120, 160), (140, 160), RED)
    shading = plane(color(colorist, art, hints, layers=("shading",)), "shading")[..., 0]
    assert (shading[20:100, 80:] == 255).all() and (shading[20:180, 5:50] == 255).all()
    assert (shading[135:190, 110:150] == SHADE).all()


@pytest.mark.parametrize(("what", "expected"), [("sky", 255), ("foliage", SHADE)])
def test_no_light_falls_on_the_sky_wherever_it_shows(what: str, expected: int) -> None:
    def seen(lines: NDArray[np.float32], encoded: Encoded, graph: Graph) -> Semantics:
        asked.append(what)
        inner = graph.basin == graph.basin[graph.working[96, 96]]  # the square, which reaches no border of the picture
        tone, n = np.full((1, 3), 60, np.float32), len(graph.basin)
        return Semantics((what,), inner[:, None].astype(np.float32), np.ones((n, 1), np.float32), (1.0, 0.0), (tone,))

    asked: list[str] = []
    generator, colorist = lit()
    generator.semantics = seen  # type: ignore[method-assign]
    for hue in (RED, BLUE):
        shading = plane(color(colorist, ART, inside(hue), layers=("flats", "shading")), "shading")
        assert (shading[90:110, 90:110] == expected).all()
    assert len(asked) == 1, "what is depicted is read once a line art"
