"""Layers merged into one picture look as the editors show them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops

from linewash.contract import Blend
from linewash_daemon.pictures.document import layered
from linewash_daemon.pictures.flatten import flatten, is_opaque, over_white

from .files import drawing, layer, noise


def opaque(seed: int, depth: Any = 8) -> NDArray[Any]:
    pixels = noise((40, 60, 4), depth, seed)
    pixels[..., 3] = np.iinfo(pixels.dtype).max
    return pixels


WHITE = np.full((40, 60, 1), 255, np.uint8)


@pytest.mark.parametrize(("blend", "reference"), [("multiply", ImageChops.multiply), ("screen", ImageChops.screen)])
def test_blend_modes_agree_with_pillow(blend: Blend, reference: Any) -> None:
    below, above = opaque(1), opaque(2)
    merged = flatten(layered(WHITE, [layer("flats", "normal", below), layer("light", blend, above)]))
    expected = reference(*(Image.fromarray(np.ascontiguousarray(p[..., :3])) for p in (below, above)))
    assert np.abs(merged[..., :3].astype(int) - np.asarray(expected)).max() <= 1


def test_color_mode_keeps_the_luminosity_below_and_takes_the_hue_above() -> None:
    grey = np.full((40, 60, 1), 100, np.uint8)
    tint = np.zeros((40, 60, 4), np.uint8)
    tint[...] = (200, 60, 60, 255)
    merged = flatten(layered(grey, [layer("color", "color", tint, "color")]))
    red, green, blue = (float(v) for v in merged[3, 3, :3])
    assert abs(0.3 * red + 0.59 * green + 0.11 * blue - 100) < 2
    assert red > green + 60
    assert abs(green - blue) <= 1


def test_half_transparent_layer_over_transparency_keeps_colour_and_alpha() -> None:
    wash = np.zeros((40, 60, 4), np.uint8)
    wash[...] = (10, 200, 30, 128)
    ink = np.zeros((40, 60, 2), np.uint8)  # fully transparent line art
    merged = flatten(layered(ink, [layer("flats", "normal", wash)]))
    assert np.abs(merged[5, 5].astype(int) - (10, 200, 30, 128)).max() <= 1
    assert not is_opaque(merged)
    assert np.abs(over_white(merged)[5, 5].astype(int) - (132, 227, 142)).max() <= 1


def test_offset_layer_lands_at_its_place_and_nowhere_else() -> None:
    patch = np.zeros((5, 7, 3), np.uint8)
    patch[..., 0] = 255
    merged = flatten(layered(WHITE, [layer("patch", "normal", patch, x=20, y=30)]))
    red = (merged[..., 1] == 0) & (merged[..., 0] == 255)
    assert red[30:35, 20:27].all()
    assert red.sum() == 35


def test_lines_stay_black_and_paper_shows_the_flats() -> None:
    lines = drawing()[..., None]
    flats = np.zeros((40, 60, 3), np.uint8)
    flats[...] = (250, 210, 160)
    merged = flatten(layered(lines, [layer("flats", "normal", flats)]))
    assert tuple(merged[20, 4]) == (0, 0, 0, 255)
    assert tuple(merged[20, 40]) == (250, 210, 160, 255)


def test_composite_layer_is_not_painted_over_twice() -> None:
    lines, picture = drawing()[..., None], opaque(4)
    alone = flatten(layered(lines, [layer("composite", "normal", picture, "composite")]))
    assert (alone == picture).all()
    flats = opaque(5)
    both = [layer("flats", "normal", flats), layer("composite", "normal", picture, "composite")]
    assert (flatten(layered(lines, both)) == flatten(layered(lines, both[:1]))).all()


def test_regions_are_seen_only_alone() -> None:
    lines, regions = drawing()[..., None], layer("regions", "normal", opaque(4), "regions")
    flats, composite = layer("flats", "normal", opaque(5)), layer("composite", "normal", opaque(6), "composite")
    assert layered(lines, [regions]).painted[0].visible
    assert (flatten(layered(lines, [flats, regions])) == flatten(layered(lines, [flats]))).all()
    assert (flatten(layered(lines, [composite, regions])) == flatten(layered(lines, [composite]))).all()


def test_result_without_layers_is_the_drawing() -> None:
    merged = flatten(layered(drawing()[..., None], []))
    assert (merged[..., 0] == drawing()).all()
    assert is_opaque(merged)


def test_16_bit_line_art_gives_a_16_bit_picture_with_exact_flats() -> None:
    lines = np.full((300, 20, 1), 65535, np.uint16)  # taller than one strip of rows
    flats = noise((300, 20, 4), 16)
    flats[..., 3] = 65535
    merged = flatten(layered(lines, [layer("flats", "normal", flats)]))
    assert (merged == flats).all()
    shallow = flatten(layered(lines, [layer("flats", "normal", np.full((300, 20, 3), 7, np.uint8))]))
    assert tuple(shallow[299, 19]) == (7 * 257, 7 * 257, 7 * 257, 65535)
