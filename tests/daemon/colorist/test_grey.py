"""Greyscale pictures: L is kept, strokes are law and reach what looks alike, and nothing leaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from linewash.contract import Rgb
from linewash.errors import BadInput, Cancelled, OutOfMemory
from linewash_daemon.colorist import Colorist
from linewash_daemon.colorist.exactlab import lightness, to_srgb
from linewash_daemon.colorist.greyhints import read_grey_strokes
from linewash_daemon.colorist.lab import to_lab
from linewash_daemon.models import ModelFolder
from tests.daemon.model_files import write_grey

from .drawings import BLUE, GREEN, RED, color, no_hints, plane, request, stroke
from .fake import FakeGenerator, FakeModels

GREY = (50.0, 0.0, 0.0)


def colorist(own: tuple[float, float, float] = GREY, **generator: Any) -> Colorist:
    return Colorist(FakeModels(FakeGenerator(own=own, **generator)))


def halves(side: int = 256, left: int = 90, right: int = 200) -> NDArray[np.uint8]:
    """Two even areas side by side."""
    picture = np.full((side, side, 1), left, np.uint8)
    picture[:, side // 2 :] = right
    return picture


def dot(picture: NDArray[Any], at: tuple[int, int], shade: Rgb = RED, width: int = 9) -> NDArray[Any]:
    return stroke(no_hints(picture), at, at, shade, width)


def ab(samples: NDArray[np.uint16]) -> NDArray[np.float32]:
    """a and b of Lab samples of 16 bits."""
    return np.asarray((samples[..., 1:3].astype(np.float32) - 32896) / 257, np.float32)


def tinted(asked: Colorist, picture: NDArray[Any], hints: NDArray[Any] | None = None, **options: Any) -> Any:
    """a and b all over."""
    chosen: dict[str, Any] = {"layers": ("composite",), "space": "lab", "depth": 16} | options
    return ab(plane(color(asked, picture, hints, mode="grey", **chosen), "composite"))


def noise(rng: np.random.Generator, shape: tuple[int, ...], kind: Any = np.uint8) -> NDArray[Any]:
    return rng.integers(0, np.iinfo(kind).max + 1, shape).astype(kind)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_lab_result_has_exactly_the_l_of_the_picture(kind: Any, channels: int, depth: int) -> None:
    picture = noise(np.random.default_rng(3), (40, 50, channels), kind)
    result = color(colorist((50, 40, -30)), picture, mode="grey", layers=("composite",), space="lab", depth=depth)
    most = 255 if depth == 8 else 65535
    assert np.array_equal(plane(result, "composite")[..., 0], np.rint(lightness(picture) * np.float32(most / 100)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.floats(-110, 110), st.floats(-110, 110), st.sampled_from([1, 3]))
def test_an_rgb_result_has_the_l_of_the_picture_whatever_is_painted(seed: int, a: float, b: float, n: int) -> None:
    picture = noise(np.random.default_rng(seed), (32, 32, n))
    result = color(colorist((50, a, b)), picture, mode="grey", layers=("composite",))
    assert np.abs(lightness(plane(result, "composite")) - lightness(picture)).max() <= 0.6


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_grey_picture_that_nothing_tints_comes_back_as_it_was(kind: Any) -> None:
    picture = noise(np.random.default_rng(1), (60, 40, 1), kind)
    depth = picture.dtype.itemsize * 8
    result = color(colorist((50, 60, 60)), picture, mode="grey", strength=0.0, layers=("composite",), depth=depth)
    assert np.abs(plane(result, "composite").astype(int) - picture).max() <= (0 if kind is np.uint8 else 2)


def test_colours_out_of_gamut_lose_chroma_and_keep_their_hue() -> None:
    lab = np.array([[[50, 80, 30], [90, 80, 30], [97, -60, -60], [3, 50, 50], [50, 5, 5]]], np.float32)
    back = cv2.cvtColor(to_srgb(lab), cv2.COLOR_RGB2Lab)
    assert np.abs(back[..., 0] - lab[..., 0]).max() < 0.4
    for there, asked in zip(back[0, :3], lab[0, :3], strict=True):
        assert abs(np.arctan2(there[2], there[1]) - np.arctan2(asked[2], asked[1])) < 0.05
    assert np.abs(back[0, 4] - lab[0, 4]).max() < 0.5
    assert np.hypot(*back[0, 1, 1:]) < 60


def test_the_network_sees_l_and_its_colours_fill_the_picture() -> None:
    found = tinted(colorist((50, 20, -10)), halves())
    assert np.abs(found - (20, -10)).max() < 0.1


def test_strength_multiplies_what_was_painted_and_not_the_strokes() -> None:
    hints = dot(halves(), (40, 40))
    found = tinted(colorist((50, 20, -10)), halves(), hints, strength=1.5)
    assert np.abs(found[200, 200] - (30, -15)).max() < 0.1
    assert np.allclose(found[40, 40], to_lab(np.array([RED], np.uint16) * np.uint16(257))[0, 1:], atol=0.01)


@settings(max_examples=15, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(8, 240), st.integers(1, 12))
def test_under_a_stroke_a_and_b_are_exactly_the_stroke_s(shade: Rgb, at: int, width: int) -> None:
    picture = noise(np.random.default_rng(at), (256, 256, 1))
    hints = stroke(no_hints(picture), (at, 20), (at, 60), shade, width)
    found = tinted(colorist((50, -40, 30)), picture, hints)[hints[..., 3] > 0]
    assert np.abs(found - to_lab(np.array([shade], np.uint16) * np.uint16(257))[0, 1:]).max() < 0.01


def test_a_stroke_reaches_over_an_even_area_and_fades_with_distance() -> None:
    a = tinted(colorist(), halves(left=120, right=120), dot(halves(), (20, 128)))[128, :, 0]
    assert a[40] > 1.2 * a[90] > 2 * a[160] > 0
    assert (np.diff(a[30:]) <= 0.05).all()
    assert np.abs(a[236:]).max() == 0


def test_no_colour_leaks_over_a_strong_edge() -> None:
    found = tinted(colorist(), halves(), dot(halves(), (120, 128)))
    assert found[128, 110, 0] > 50
    assert np.abs(found[:, 128:]).max() < 0.5


def test_no_colour_leaks_over_a_thin_line_even_in_a_large_picture() -> None:
    picture = np.full((400, 2048, 1), 230, np.uint8)
    picture[:, 1000] = 150  # at working size it is a quarter as dark
    found = tinted(colorist(), picture, dot(picture, (960, 200), width=25))
    assert found[200, 985, 0] > 50
    assert np.abs(found[:, 1008:]).max() < 0.5


def test_two_strokes_share_an_area_without_mixing_at_their_own_places() -> None:
    picture = np.full((256, 256, 1), 120, np.uint8)
    hints = stroke(dot(picture, (100, 128), RED), (156, 128), (156, 128), BLUE, 9)
    found = tinted(colorist(), picture, hints)
    assert found[128, 108, 0] > 50 and found[128, 108, 1] > 20
    assert found[128, 148, 1] < -50


def test_a_stroke_reaches_no_farther_for_another_stroke_beyond_its_border() -> None:
    picture = halves(left=120, right=150)
    alone = tinted(colorist(), picture, dot(picture, (10, 128), RED))
    hints = stroke(dot(picture, (10, 128), RED), (140, 20), (140, 235), BLUE, 9)
    assert np.abs(tinted(colorist(), picture, hints)[:, :126] - alone[:, :126]).max() < 0.5


def test_the_colours_that_are_painted_keep_to_the_edges_of_l() -> None:
    class Coarse(FakeGenerator):
        """Paints each half otherwise, blurred as by a network of few pixels."""

        def tint(self, lightness: NDArray[np.float32], *rest: Any) -> NDArray[np.float32]:
            out = super().tint(lightness, *rest)
            out[..., 1] = cv2.GaussianBlur(np.where(lightness > 60, 40, -40).astype(np.float32), (0, 0), 2)
            return out

    picture = np.ascontiguousarray(halves(2048)[:512])
    a = tinted(Colorist(FakeModels(Coarse(own=GREY))), picture)[256, :, 0]
    assert (a[:1024] < -28).all() and (a[1024:] > 28).all()


def test_strokes_of_the_empty_colour_leave_grey() -> None:
    hints = dot(halves(), (60, 128), GREEN)
    found = tinted(colorist((50, 30, 30)), halves(), hints, empty=GREEN)
    assert np.abs(found[128, 60]).max() < 0.01
    assert np.abs(found[128, 75]).max() < 10
    assert np.abs(found[128, 200] - (30, 30)).max() < 0.1


def test_strokes_reach_a_network_that_takes_hints() -> None:
    generator = FakeGenerator(own=GREY)
    color(Colorist(FakeModels(generator)), halves(), dot(halves(), (60, 128)), mode="grey")
    (hints,) = generator.painted
    assert hints.markers.max() == 1
    assert np.allclose(hints.colors, to_lab(np.array([RED], np.uint16) * np.uint16(257)))


def test_a_thin_stroke_on_a_large_picture_is_not_lost() -> None:
    hints = np.zeros((3000, 3000, 4), np.uint8)
    hints[1500, 1501] = (*RED, 255)
    strokes = read_grey_strokes(hints, (100, 100), lambda colors: np.zeros(len(colors), bool))
    assert (strokes.y.tolist(), strokes.x.tolist()) == ([50], [50])


def test_lightness_moves_l_only_as_far_as_asked_and_only_where_the_style_predicts_it() -> None:
    picture = halves()
    kept = lightness(picture)

    def moved(asked: Colorist, share: float) -> NDArray[np.float32]:
        options: Any = {"layers": ("composite",), "space": "lab", "depth": 16, "lightness": share}
        samples = plane(color(asked, picture, mode="grey", **options), "composite")[..., 0]
        return samples.astype(np.float32) / np.float32(655.35) - kept

    assert np.abs(moved(colorist(moved=8.0), 0.0)).max() < 0.01
    assert np.abs(moved(colorist(moved=8.0), 0.5) - 4).max() < 0.05
    assert np.abs(moved(colorist(moved=8.0), 1.0) - 8).max() < 0.05
    assert np.abs(moved(colorist(), 1.0)).max() < 0.01


def test_what_is_asked_for_by_default_is_the_layer_color_to_lie_above_the_picture() -> None:
    result = color(colorist((50, 20, 20)), halves(), mode="grey")
    (layer,) = result.layers
    assert (layer.role, layer.blend, layer.plane.channels) == ("color", "color", "rgba")
    assert result.notices == ()
    assert (plane(result, "color")[..., 3] == 255).all()


def test_layers_that_a_greyscale_picture_has_not_are_told_in_a_notice() -> None:
    result = color(colorist(), halves(), mode="grey", layers=("flats", "composite"))
    assert [layer.role for layer in result.layers] == ["composite"]
    assert [notice.code for notice in result.notices] == ["layer_unavailable"]
    assert color(colorist(), halves(), mode="grey", layers=("regions",)).layers == ()


@pytest.mark.parametrize(("channels", "kind"), [(2, np.uint8), (4, np.uint8), (4, np.uint16)])
def test_transparency_is_kept(channels: int, kind: Any) -> None:
    picture = noise(np.random.default_rng(5), (64, 48, channels), kind)
    for depth in (8, 16):
        both: Any = ("color", "composite")
        result = color(colorist(), picture, mode="grey", layers=both, depth=depth)
        shift = picture.dtype.itemsize * 8 - depth
        alpha = picture[..., -1].astype(int)
        wanted = alpha >> shift if shift >= 0 else alpha * 257
        for layer, role in zip(result.layers, both, strict=True):
            assert layer.plane.channels == "rgba"
            assert np.array_equal(plane(result, role)[..., 3], wanted)


@pytest.mark.parametrize("size", [(16, 16), (333, 517), (16, 16_384), (16_384, 16)])
@pytest.mark.parametrize("depth", [8, 16])
def test_pictures_of_every_shape_come_back_in_full_size(size: tuple[int, int], depth: int) -> None:
    picture = noise(np.random.default_rng(2), (*size, 3))
    hints = stroke(no_hints(picture), (3, 3), (9, 9), RED, 3)
    both: Any = ("color", "composite")
    result = color(colorist((50, 9, 9)), picture, hints, mode="grey", layers=both, depth=depth)
    for layer in result.layers:
        assert (layer.plane.height, layer.plane.width, layer.plane.depth) == (*size, depth)
        assert layer.plane.frame is not None
        assert result.planes[layer.plane.frame].nbytes == layer.plane.nbytes
        assert result.planes[layer.plane.frame].flags.c_contiguous


def test_a_hint_edit_needs_no_pixels_again_and_line_art_is_held_apart() -> None:
    asked, picture = colorist((50, 20, 20)), halves()
    first = color(asked, picture, dot(picture, (40, 40)), mode="grey")
    again = color(asked, picture, dot(picture, (40, 40)), mode="grey", sent=False)
    assert (first.record.cached, again.record.cached) == (False, True)
    assert np.array_equal(plane(first, "color"), plane(again, "color"))
    with pytest.raises(BadInput) as refused:
        color(asked, picture, sent=False)
    assert refused.value.code == "lineart_unknown"
    color(asked, picture)
    assert color(asked, picture, mode="grey", sent=False).record.cached
    assert asked.status().prepared == 2


def test_an_unknown_picture_is_asked_for() -> None:
    with pytest.raises(BadInput) as refused:
        color(colorist(), halves(), mode="grey", sent=False)
    assert refused.value.code == "lineart_unknown"


def test_a_reference_is_ignored_with_a_notice_by_a_style_that_takes_none() -> None:
    for takes, codes in ((False, ["like_ignored"]), (True, [])):
        for mode in ("grey", "lines"):
            result = color(colorist(takes_like=takes), halves(), mode=mode, like=((9, 9, 9, 1.0),))
            assert [notice.code for notice in result.notices] == codes


def test_a_hint_layer_without_strokes_is_coloured_with_a_notice() -> None:
    result = color(colorist(), halves(), no_hints(halves()), mode="grey")
    assert [notice.code for notice in result.notices] == ["hints_empty"]


def test_a_job_can_be_cancelled_between_all_its_stages_and_its_progress_only_grows() -> None:
    told: list[tuple[str, float]] = []
    large = np.full((900, 900, 1), 99, np.uint8)
    asked = request(large, mode="grey")
    colorist().color(asked, large, None, lambda *stage: told.append(stage), lambda: False)
    assert list(dict.fromkeys(name for name, _ in told)) == ["loading", "prepare", "color", "layers"]
    assert [part for _, part in told] == sorted(part for _, part in told)
    for end in range(len(told)):
        seen: list[tuple[str, float]] = []
        with pytest.raises(Cancelled):
            colorist().color(asked, large, None, *_until(end, seen))
        assert seen == told[:end]


def _until(end: int, seen: list[tuple[str, float]]) -> tuple[Any, Any]:
    """A report, and whether it came ``end`` times."""
    return lambda name, part: seen.append((name, part)), lambda: len(seen) >= end


def test_a_picture_that_does_not_fit_the_memory_is_refused_before_it_is_taken() -> None:
    asked = Colorist(FakeModels(FakeGenerator()), free=lambda: 100 << 20)
    with pytest.raises(OutOfMemory) as refused:
        color(asked, halves(), mode="grey", layers=("color",))
    assert "flats" not in refused.value.remedy


@pytest.mark.parametrize("space", ["ab", "lab", "uv", "rgb"])
def test_a_style_of_every_space_colours_greyscale_pictures(tmp_path: Path, space: str) -> None:
    write_grey(tmp_path, space=space)
    picture = noise(np.random.default_rng(4), (96, 80, 1))
    asked = Colorist(ModelFolder(tmp_path))
    found = tinted(asked, picture)
    assert np.isfinite(found).all() and np.ptp(found) > 0.1
    assert asked.status().model == "grey"
    moved = plane(
        color(asked, picture, mode="grey", layers=("composite",), space="lab", depth=16, lightness=1.0), "composite"
    )[..., 0]
    kept = np.rint(lightness(picture) * np.float32(655.35))
    assert np.array_equal(moved, kept) == (space in ("ab", "uv"))
