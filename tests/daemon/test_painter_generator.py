"""Painters behind the face of a generator: what they are given, and what is made of what they paint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linewash.errors import ModelError
from linewash_daemon.colorist import Colorist
from linewash_daemon.generator import Hints, Painting
from linewash_daemon.models import ModelFolder
from linewash_daemon.painter_generator import PainterGenerator
from tests.daemon.colorist.drawings import BLUE, RED, color, no_hints, plane, stroke, with_square

from .asking import asked
from .model_files import UNET, write_painter

LINES = np.zeros((64, 96), np.float32)
LINES[20:24] = 1
NONE = Hints(np.zeros((64, 96), np.int32), np.zeros((0, 3), np.float32))
WITH_HINTS = UNET | {"into": 4}
TANDEM = {"channels": 4, "depth": 3}


def red_hint() -> Hints:
    markers = np.zeros((64, 96), np.int32)
    markers[40:50, 40:50] = 1
    return Hints(markers, np.array([[53, 80, 67]], np.float32))


def opened(folder: Path, **changes: Any) -> PainterGenerator:
    write_painter(folder, **changes)
    generator = ModelFolder(folder).load("painter")
    assert isinstance(generator, PainterGenerator)
    return generator


def painted(generator: PainterGenerator, hints: Hints = NONE, **options: Any) -> Painting:
    return asked(generator, LINES, hints, **options)


def test_a_painter_paints_the_same_twice_and_nothing_but_its_own_colours(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    first, again = painted(generator), painted(generator)
    assert first.own.shape == (64, 96, 3)
    assert np.array_equal(first.own, again.own)
    assert first.gates is None and first.choice is None
    assert first.distribution is None
    assert not generator.encode(LINES).contours.any()


def test_where_only_a_and_b_are_painted_the_lines_keep_their_lightness(tmp_path: Path) -> None:
    generator = opened(tmp_path, settings=UNET | {"out": 2}, paints={"given": "coloring-book", "space": "ab"})
    own = painted(generator).own
    assert np.array_equal(own[..., 0], 100 * (1 - LINES))
    assert own[..., 1:].any()
    assert np.array_equal(painted(generator, lightness=1.0).own, own)


def test_lightness_moves_l_towards_the_predicted_one_by_its_share(tmp_path: Path) -> None:
    generator = opened(tmp_path, paints={"space": "lab"})
    none, half, all_ = (painted(generator, lightness=share).own for share in (0.0, 0.5, 1.0))
    assert np.array_equal(none[..., 0], 100 * (1 - LINES))
    assert not np.allclose(all_[..., 0], none[..., 0])
    assert np.allclose(half[..., 0], (none[..., 0] + all_[..., 0]) / 2, atol=1e-3)
    assert np.array_equal(none[..., 1:], all_[..., 1:])


@pytest.mark.parametrize("hints", ["blurred", "histogram"])
def test_strokes_reach_a_painter_that_takes_hints(tmp_path: Path, hints: str) -> None:
    generator = opened(tmp_path, settings=WITH_HINTS, paints={"hints": hints})
    assert not np.allclose(painted(generator, red_hint()).own, painted(generator).own)


def test_a_painter_without_hints_does_not_see_strokes(tmp_path: Path) -> None:
    generator = opened(tmp_path)
    assert np.array_equal(painted(generator, red_hint()).own, painted(generator).own)


def test_a_reference_takes_the_place_of_the_model_s_own_histogram(tmp_path: Path) -> None:
    generator = opened(tmp_path, settings=WITH_HINTS, paints={"hints": "histogram"})
    assert generator.takes_like
    own = painted(generator).own
    green = painted(generator, like=((0, 200, 0, 1.0),)).own
    assert not np.allclose(green, own)
    assert np.array_equal(painted(generator, like=((0, 200, 0, 1.0),)).own, green)


def test_another_seed_draws_other_colours_of_the_histogram(tmp_path: Path) -> None:
    generator = opened(tmp_path, settings=WITH_HINTS, paints={"hints": "histogram"})
    assert np.array_equal(painted(generator, seed=3).own, painted(generator, seed=3).own)
    assert not np.array_equal(painted(generator, seed=3).own, painted(generator, seed=4).own)


def test_a_tandem_imagines_hints_unless_there_are_strokes_a_reference_or_it_is_told_not_to(tmp_path: Path) -> None:
    generator = opened(tmp_path, network="tandem", settings=TANDEM, paints={"hints": "histogram"})
    imagined = painted(generator).own
    assert np.array_equal(painted(generator, seed=5).own, imagined)  # nothing is drawn
    for other in (
        painted(generator, tandem=False),
        painted(generator, red_hint()),
        painted(generator, like=((0, 200, 0, 1.0),)),
    ):
        assert not np.allclose(other.own, imagined)


@pytest.mark.parametrize(
    "changes",
    [
        {"paints": {"space": "ab"}},
        {"paints": {"hints": "blurred"}},
        {"settings": UNET | {"into": 2}},
        {"network": "propagator", "settings": {"encoder": [8] * 4, "decoder": [8] * 4, "blocks": 1, "bins": 5}},
    ],
    ids=repr,
)
def test_a_network_that_paints_otherwise_than_its_file_says_is_refused(tmp_path: Path, changes: Any) -> None:
    write_painter(tmp_path, **changes)
    with pytest.raises(ModelError) as refused:
        ModelFolder(tmp_path).load("painter")
    assert refused.value.code == "model_unusable"


@pytest.mark.parametrize("hints", ["none", "blurred", "histogram"])
def test_a_painter_s_style_colours_a_drawing_with_strokes_as_law(tmp_path: Path, hints: str) -> None:
    write_painter(tmp_path, settings=UNET if hints == "none" else WITH_HINTS, paints={"hints": hints})
    art = with_square()
    strokes = stroke(stroke(no_hints(art), (80, 80), (120, 100), RED), (10, 10), (30, 15), BLUE)
    roles = ("painting", "flats", "composite", "per_color")
    result = color(Colorist(ModelFolder(tmp_path)), art, strokes, style="painter", layers=roles)
    flats = plane(result, "flats")
    assert (flats[60:140, 60:140] == (*RED, 255)).all() and (flats[:40] == (*BLUE, 255)).all()
    assert plane(result, "painting").shape == (200, 200, 3)


def test_the_painting_lies_above_the_flats_is_opaque_and_knows_no_regions(tmp_path: Path) -> None:
    write_painter(tmp_path, settings=UNET | {"out": 2}, paints={"space": "ab"})
    art = with_square()
    art[..., 0][50:53] = 0
    colorist = Colorist(ModelFolder(tmp_path))
    result = color(colorist, art, style="painter", layers=("painting", "flats"))
    assert [layer.role for layer in result.layers] == ["flats", "painting"]
    painting = plane(result, "painting")
    assert len(np.unique(painting.reshape(-1, 3), axis=0)) > 100
    grey = plane(color(colorist, art, style="painter", layers=("painting",), strength=0.0), "painting")
    assert np.ptp(grey.astype(int), axis=2).max() <= 1
