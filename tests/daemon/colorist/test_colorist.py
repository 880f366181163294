from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash.contract import Options
from linewash.errors import BadInput, Cancelled, LinewashError, OutOfMemory, ProtocolError
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.ladder import INK
from tests.daemon.colorist.drawings import (
    BLUE,
    GREEN,
    RED,
    color,
    no_hints,
    plane,
    request,
    sheet,
    stroke,
    with_square,
)  # fmt: skip
from tests.daemon.colorist.fake import FakeGenerator, FakeModels

ART = with_square()
BOTH = stroke(stroke(no_hints(ART), (80, 80), (120, 100), RED), (10, 10), (30, 15), BLUE)


def colorist(**generator: Any) -> Colorist:
    return Colorist(FakeModels(FakeGenerator(**generator)))


def colors_in(flats: NDArray[Any]) -> set[tuple[int, ...]]:
    return {tuple(c) for c in np.unique(flats.reshape(-1, flats.shape[2]), axis=0).tolist()}


def test_hinted_regions_get_exactly_their_colours_and_no_fringe_stays() -> None:
    flats = plane(color(colorist(), ART, BOTH), "flats")
    assert colors_in(flats) == {(*RED, 255), (*BLUE, 255)}
    assert (flats[60:140, 60:140, :3] == RED).all()
    assert (flats[:40, :, :3] == BLUE).all()


def test_a_leave_empty_stroke_keeps_its_region_transparent() -> None:
    flats = plane(color(colorist(), ART, BOTH, empty=BLUE), "flats")
    assert (flats[:40] == 0).all()
    assert (flats[60:140, 60:140] == (*RED, 255)).all()


def test_a_leave_empty_stroke_is_paper_white_to_the_generator() -> None:
    generator = FakeGenerator()
    color(Colorist(FakeModels(generator)), ART, BOTH, empty=BLUE)
    (hints,) = generator.painted
    assert [100.0, 0.0, 0.0] in hints.colors.tolist()


def test_beside_strokes_that_only_leave_empty_the_rest_is_coloured_as_without_strokes() -> None:
    generator = FakeGenerator()
    only_empty = stroke(no_hints(ART), (80, 80), (120, 100), BLUE)
    flats = plane(color(Colorist(FakeModels(generator)), ART, only_empty, empty=BLUE), "flats")
    assert generator.painted[0].empty
    assert (flats[60:140, 60:140] == 0).all()
    assert np.array_equal(flats[:40], plane(color(colorist(), ART), "flats")[:40])


def test_a_region_painted_nearly_like_a_stroke_of_its_closed_area_becomes_exactly_that() -> None:
    hints = stroke(no_hints(ART), (70, 80), (90, 100), (200, 120, 80))
    near = colorist(contour_column=112, gates=(0, 0, 0, 1), own=(60.0, 30.0, 38.0))  # ΔE to the stroke: about 5
    flats = plane(color(near, ART, hints), "flats")
    assert (flats[60:140, 60:140, :3] == (200, 120, 80)).all()
    far = colorist(contour_column=112, gates=(0, 0, 0, 1), own=(60.0, -40.0, 38.0))
    flats = plane(color(far, ART, hints), "flats")
    assert (flats[60:140, 60:90, :3] == (200, 120, 80)).all()
    assert not (flats[60:140, 124:140, :3] == (200, 120, 80)).all(2).any()


def test_without_hints_the_generators_own_colour_fills_the_drawing() -> None:
    result = color(colorist(own=(50.0, 0.0, 0.0)), ART)
    assert colors_in(plane(result, "flats")) == {(119, 119, 119, 255)}
    assert result.notices == ()


def test_strength_multiplies_the_chroma_of_what_was_not_hinted() -> None:
    flats = plane(color(colorist(own=(50.0, 60.0, 20.0)), ART, strength=0.0), "flats")
    assert colors_in(flats) == {(119, 119, 119, 255)}
    assert colors_in(plane(color(colorist(), ART, BOTH, strength=0.0), "flats")) == {(*RED, 255), (*BLUE, 255)}


def test_a_palette_is_all_that_is_used_beside_the_hints() -> None:
    hints = stroke(no_hints(ART), (80, 80), (120, 100), RED)
    asked = colorist(gates=(0, 0, 0, 1), own=(52.0, -30.0, 30.0))
    flats = plane(color(asked, ART, hints, palette=(GREEN, (255, 255, 255))), "flats")
    assert colors_in(flats) == {(*RED, 255), (*GREEN, 255)}


def test_sixteen_bit_hints_are_exact_in_sixteen_bit_layers() -> None:
    hints = np.zeros((200, 200, 4), np.uint16)
    hints[90:100, 90:100] = (12345, 54321, 777, 65535)
    flats = plane(color(colorist(), ART, hints, depth=16), "flats")
    assert flats.dtype == np.uint16
    assert flats[100, 100].tolist() == [12345, 54321, 777, 65535]


def test_lab_layers_hold_l_a_b_as_the_contract_says() -> None:
    flats = plane(color(colorist(own=(50.0, 0.0, 0.0)), ART, space="lab", depth=16), "flats")
    assert np.abs(flats[100, 100, :3].astype(int) - (0.5 * 65535, 32896, 32896)).max() < 300
    assert flats[100, 100, 3] == 65535


@pytest.mark.parametrize("size", [(16, 16), (333, 517), (16, 16_384), (16_384, 16), (200, 1), (15, 20)])
def test_layers_have_the_full_size_of_the_input_or_the_size_is_refused(size: tuple[int, int]) -> None:
    art = sheet(*size)
    art[size[0] // 2] = 0
    roles = ("flats", "shading", "color", "composite")
    if min(size) < 16:
        with pytest.raises(BadInput) as refused:
            color(colorist(), art)
        assert refused.value.code == "bad_size"
        return
    result = color(colorist(shading=0.25), art, no_hints(art), layers=roles)
    assert {layer.role for layer in result.layers} == set(roles)
    for layer in result.layers:
        assert (layer.plane.height, layer.plane.width) == size
        assert layer.plane.frame is not None
        assert result.planes[layer.plane.frame].nbytes == layer.plane.nbytes
        assert result.planes[layer.plane.frame].flags.c_contiguous


def test_composite_is_the_line_art_over_the_flats_on_white_paper() -> None:
    result = color(colorist(), ART, BOTH, empty=BLUE, layers=("composite",))
    picture = plane(result, "composite")
    assert (picture[ART[..., 0] == 0] == 0).all()
    assert (picture[:40] == 255).all()
    assert (picture[60:140, 60:140] == RED).all()


def test_coloured_lines_stay_coloured_in_the_composite() -> None:
    art = np.repeat(ART, 3, axis=2)
    art[ART[..., 0] == 0] = (120, 60, 10)
    picture = plane(color(colorist(own=(100.0, 0.0, 0.0)), art, layers=("composite",), depth=16), "composite")
    assert (picture[100, 50] == np.array([120, 60, 10]) * 257).all()


def test_shading_is_scaled_as_asked_and_missing_where_the_generator_makes_none() -> None:
    result = color(colorist(shading=0.25), ART, shading=2.0)
    shading = next(layer for layer in result.layers if layer.role == "shading")
    assert shading.blend == "multiply"
    assert set(np.unique(plane(result, "shading")).tolist()) == {128, 255}  # the square's, the background's
    assert [layer.role for layer in color(colorist(), ART).layers] == ["flats"]


def test_layers_nobody_can_make_are_told_in_a_notice() -> None:
    result = color(colorist(), ART, layers=("shading",))
    assert result.layers == ()
    assert [notice.code for notice in result.notices] == ["layer_unavailable"]


@pytest.mark.parametrize("role", ["per_color", "per_region"])
def test_one_layer_each_adds_up_to_the_flats(role: Any) -> None:
    hints = stroke(BOTH.copy(), (130, 60), (130, 140), GREEN)
    result = color(colorist(), ART, hints, layers=("flats", role))
    whole = np.zeros((200, 200, 4), np.uint8)
    parts = [layer for layer in result.layers if layer.role == role]
    assert len(parts) == 3
    for layer in parts:
        assert layer.plane.frame is not None
        part = result.planes[layer.plane.frame]
        spot = whole[layer.y : layer.y + layer.plane.height, layer.x : layer.x + layer.plane.width]
        assert not (spot[part[..., 3] > 0]).any()
        spot += part
    assert (whole == plane(result, "flats")).all()


def test_the_color_layer_is_blended_as_color_and_exact_under_strokes() -> None:
    hints = stroke(no_hints(ART), (80, 80), (120, 100), RED)
    result = color(colorist(gates=(0, 0, 0, 1)), ART, hints, layers=("color",))
    assert result.layers[0].blend == "color"
    assert (plane(result, "color")[60:140, 60:140] == (*RED, 255)).all()


@pytest.mark.parametrize(("value", "code"), [(255, "lineart_empty"), (0, "lineart_black")])
def test_an_empty_or_black_line_art_is_coloured_with_a_notice(value: int, code: str) -> None:
    result = color(colorist(), np.full((64, 48, 1), value, np.uint8))
    assert [notice.code for notice in result.notices] == [code]
    assert plane(result, "flats").shape == (64, 48, 4)


def test_an_empty_sheet_without_hints_stays_white() -> None:
    paper = plane(color(colorist(own=(50.0, 60.0, 20.0)), np.full((64, 48, 1), 255, np.uint8)), "flats")
    assert colors_in(paper) == {(255, 255, 255, 255)}


def test_strokes_wholly_outside_the_figure_colour_the_paper_alone() -> None:
    hints = stroke(no_hints(ART), (10, 10), (30, 15), BLUE)
    flats = plane(color(colorist(gates=(0, 0, 0, 1), own=(50.0, 0.0, 0.0)), ART, hints), "flats")
    assert (flats[:40, :, :3] == BLUE).all()
    assert (flats[60:140, 60:140, :3] == 119).all()


def test_a_hint_layer_without_strokes_is_coloured_with_a_notice() -> None:
    result = color(colorist(), ART, no_hints(ART))
    assert [notice.code for notice in result.notices] == ["hints_empty"]


def test_a_hint_edit_needs_no_pixels_and_encodes_nothing_again() -> None:
    generator = FakeGenerator()
    asked = Colorist(FakeModels(generator))
    first = color(asked, ART, BOTH)
    again = color(asked, ART, BOTH, sent=False)
    assert generator.encoded == 1
    assert not first.record.cached
    assert again.record.cached
    assert (plane(first, "flats") == plane(again, "flats")).all()
    assert set(again.record.seconds) == {"prepare", "color", "total"}


def test_another_gap_prepares_anew_from_the_line_art_that_is_held() -> None:
    asked = colorist()
    color(asked, ART)
    assert not color(asked, ART, sent=False, gap=9.0).record.cached
    assert asked.status().prepared == 1


def test_an_unknown_line_art_is_asked_for() -> None:
    with pytest.raises(BadInput) as refused:
        color(colorist(), ART, sent=False)
    assert refused.value.code == "lineart_unknown"


def test_a_hash_that_is_not_of_the_pixels_is_refused() -> None:
    with pytest.raises(ProtocolError):
        colorist().color(request(ART, hash="0" * 64), ART, None, lambda *a: None, lambda: False)


def test_frames_that_do_not_fit_what_was_announced_are_refused() -> None:
    with pytest.raises(LinewashError):
        colorist().color(request(ART), ART[:-1], None, lambda *a: None, lambda: False)
    with pytest.raises(ProtocolError):
        colorist().color(request(ART, BOTH), ART, None, lambda *a: None, lambda: False)


def test_hints_of_another_size_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        color(colorist(), ART, no_hints(sheet(100, 200)))
    assert refused.value.code == "size_mismatch"


def test_the_cache_is_bounded_and_lets_the_oldest_go() -> None:
    asked = colorist()
    color(asked, ART)
    one = asked.status().prepared_bytes
    asked = Colorist(FakeModels(), cache_bytes=2 * one + one // 2)
    arts = [with_square(width=w) for w in (3, 7, 11)]
    for art in arts:
        color(asked, art)
        assert asked.status().prepared_bytes <= 2 * one + one // 2
    assert asked.status().prepared == 2
    with pytest.raises(BadInput):
        color(asked, arts[0], sent=False)
    assert color(asked, arts[2], sent=False).record.cached


def test_a_drawing_larger_than_the_cache_is_coloured_and_not_kept() -> None:
    asked = Colorist(FakeModels(), cache_bytes=1000)
    assert plane(color(asked, ART), "flats").any()
    assert asked.status().prepared_bytes == 0


def test_the_same_job_gives_the_same_pixels_in_a_fresh_colorist() -> None:
    hints = stroke(BOTH.copy(), (130, 60), (130, 140), GREEN)
    first, second = (color(colorist(), ART, hints, layers=("flats", "composite")) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first.planes, second.planes, strict=True))


def test_progress_rises_and_a_cancelled_job_ends() -> None:
    seen: list[tuple[str, float]] = []
    colorist().color(request(ART), ART, None, lambda stage, part: seen.append((stage, part)), lambda: False)
    assert [stage for stage, _ in seen] == ["loading", "prepare", "color", "color", "layers"]
    assert [part for _, part in seen] == sorted(part for _, part in seen)
    for allowed in range(5):
        answers = iter([False] * allowed + [True] * 9)
        with pytest.raises(Cancelled):
            colorist().color(request(ART), ART, None, lambda *a: None, lambda answers=answers: next(answers))  # type: ignore[misc]


def test_a_job_that_does_not_fit_is_refused_and_told_what_would() -> None:
    art = sheet(2048, 2048)
    with pytest.raises(OutOfMemory) as refused:
        color(Colorist(FakeModels(), free=lambda: 300 << 20), art, layers=("flats", "per_region"), depth=16)
    assert "px would fit" in refused.value.remedy
    with pytest.raises(OutOfMemory) as refused:
        color(
            Colorist(FakeModels(), free=lambda: 400 << 20), art, layers=("flats", "per_region", "composite"), depth=16
        )
    assert "flats alone" in refused.value.remedy


def test_unloading_gives_the_model_back_and_the_next_job_loads_it() -> None:
    models = FakeModels()
    asked = Colorist(models)
    assert asked.status().model == ""
    color(asked, ART)
    assert asked.status().model == "fake"
    asked.unload()
    assert asked.status().model == ""
    color(asked, ART)
    assert models.loaded == 2


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(16, 80), st.integers(16, 80), st.sampled_from([1, 2, 3, 4]), st.booleans())
def test_any_drawing_and_strokes_give_full_layers_with_exact_colours(
    seed: int, height: int, width: int, channels: int, wide: bool
) -> None:
    rng = np.random.default_rng(seed)
    art = np.full((height, width, channels), 255, np.uint8)
    for _ in range(rng.integers(0, 6)):
        a, b = (rng.integers(0, (width, height)) for _ in range(2))
        art = stroke_gray(art, a, b)
    hints = no_hints(art)
    for _ in range(rng.integers(0, 5)):
        a, b = (rng.integers(0, (width, height)) for _ in range(2))
        stroke(
            hints,
            tuple(a.tolist()),
            tuple(b.tolist()),
            tuple(rng.integers(0, 256, 3).tolist()),
            int(rng.integers(1, 9)),
        )
    result = color(colorist(), art.astype(np.uint16) * 257 if wide else art, hints, layers=("flats", "composite"))
    flats = plane(result, "flats")
    assert flats.shape == (height, width, 4)
    assert (flats[..., 3] == 255).all()


def stroke_gray(art: NDArray[np.uint8], a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.uint8]:
    steps = int(max(abs(a - b))) + 1
    x, y = (np.linspace(a[i], b[i], steps).round().astype(int) for i in (0, 1))
    art[y, x, : max(1, art.shape[2] - 1)] = 0
    return art


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
def test_pixels_of_one_uniform_stroke_inside_a_region_keep_their_colour(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hints = no_hints(ART)
    shade = tuple(rng.integers(0, 256, 3).tolist())
    a, b = (tuple(rng.integers(60, 140, 2).tolist()) for _ in range(2))
    stroke(hints, a, b, shade, int(rng.integers(1, 12)))
    flats = plane(color(colorist(), ART, hints), "flats")
    assert (flats[..., :3][(hints[..., 3] > 0) & (255 - ART[..., 0] < INK)] == shade).all()


def test_the_shipped_model_colours_when_there_is_one() -> None:
    models = pytest.importorskip("linewash_daemon.models")
    if not list(Path(models.SHIPPED).glob("*.safetensors")):
        pytest.skip("no weights are here yet")
    pytest.importorskip("torch")
    result = color(Colorist(models.ModelFolder()), ART, BOTH, style=os.environ.get("LINEWASH_TEST_STYLE", ""))
    assert (plane(result, "flats")[60:140, 60:140, :3] == RED).all()
    assert result.record.options == Options()
