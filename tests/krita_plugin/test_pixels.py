"""Pixels in Krita's order, cut by selections: in Qt, without Krita."""

from __future__ import annotations

import pytest

from linewash_krita.linewash.pictures import Picture
from linewash_krita.pixels import bounds_of, cut, replaced_by, rgba, swapped

WIDTH, HEIGHT = 37, 11  # odd, so that no row is a multiple of four bytes


def _gray(value: int = 0) -> bytearray:
    return bytearray([value]) * (WIDTH * HEIGHT)


def _mask(data: bytes | bytearray) -> Picture:
    return Picture(WIDTH, HEIGHT, "gray", 8, bytes(data))


@pytest.mark.parametrize("depth", [8, 16])
def test_red_and_blue_change_places_and_nothing_else_does(depth: int) -> None:
    size = depth // 8
    samples = [bytes([channel * 16 + byte for byte in range(size)]) for channel in range(1, 5)]
    red, green, blue, alpha = samples
    pixels = b"".join(samples) * (WIDTH * HEIGHT)
    assert swapped(pixels, WIDTH, HEIGHT, depth) == (blue + green + red + alpha) * (WIDTH * HEIGHT)
    assert swapped(swapped(pixels, WIDTH, HEIGHT, depth), WIDTH, HEIGHT, depth) == pixels


def test_colours_of_transparent_pixels_survive_the_swap() -> None:
    assert swapped(bytes([200, 100, 50, 0]), 1, 1) == bytes([50, 100, 200, 0])


def test_pixels_that_are_fewer_than_told_are_refused_and_not_read_beyond_their_end() -> None:
    with pytest.raises(ValueError, match="bytes"):
        swapped(bytes(WIDTH * HEIGHT), WIDTH, HEIGHT)


def test_an_empty_picture_can_be_swapped() -> None:
    assert swapped(b"", 0, 5) == b""


@pytest.mark.parametrize("depth", [8, 16])
def test_a_grey_layer_becomes_opaque_pixels_of_the_same_grey(depth: int) -> None:
    size = depth // 8
    grey = bytes(range(size * WIDTH * HEIGHT % 251)) + bytes(size * WIDTH * HEIGHT - size * WIDTH * HEIGHT % 251)
    layer = rgba(Picture(WIDTH, HEIGHT, "gray", depth, grey))
    assert (layer.channels, layer.depth) == ("rgba", depth)
    for number in range(0, WIDTH * HEIGHT, 7):
        sample = grey[number * size : (number + 1) * size]
        assert layer.bytes[number * 4 * size : (number + 1) * 4 * size] == sample * 3 + b"\xff" * size


def test_a_layer_of_colours_stays_as_it_is() -> None:
    layer = Picture(1, 1, "rgba", 8, b"\x01\x02\x03\x04")
    assert rgba(layer) is layer


@pytest.mark.parametrize("depth", [8, 16])
def test_a_cut_is_exact_where_the_mask_is_full_or_nothing(depth: int) -> None:
    pixels = bytes(index * 7 % 256 for index in range(WIDTH * HEIGHT * 4 * (depth // 8)))
    layer = Picture(WIDTH, HEIGHT, "rgba", depth, pixels)
    mask = bytes(255 if index % 3 else 0 for index in range(WIDTH * HEIGHT))
    result = cut(layer, _mask(mask), 0, 0).bytes
    pixel, colours = 4 * (depth // 8), 3 * (depth // 8)
    for index, weight in enumerate(mask):
        before, after = (bytes(data[index * pixel : (index + 1) * pixel]) for data in (pixels, result))
        assert after[:colours] == before[:colours]
        assert after[colours:] == (before[colours:] if weight else bytes(depth // 8))


def test_a_soft_mask_scales_alpha() -> None:
    layer = Picture(WIDTH, HEIGHT, "rgba", 8, bytes([9, 8, 7, 200]) * (WIDTH * HEIGHT))
    assert set(cut(layer, _mask(_gray(128)), 0, 0).bytes[3::4]) == {round(200 * 128 / 255)}


def test_a_layer_with_an_offset_is_cut_by_its_part_of_the_mask() -> None:
    mask = _gray()
    mask[5 * WIDTH + 20] = 255
    layer = Picture(4, 3, "rgba", 8, bytes([1, 2, 3, 255]) * 12)
    alphas = bytes(cut(layer, _mask(mask), 18, 4).bytes[3::4])
    assert alphas.index(255) == 1 * 4 + 2
    assert sum(alphas) == 255


def test_the_bounds_of_a_mask_are_what_is_not_zero() -> None:
    mask = _gray()
    mask[2 * WIDTH + 30] = mask[7 * WIDTH + 4] = 1
    assert bounds_of(_mask(mask)) == (4, 2, 27, 6)


def test_an_empty_mask_has_no_bounds() -> None:
    assert bounds_of(_mask(_gray())) is None


def test_inside_of_the_mask_all_goes_even_under_what_is_transparent() -> None:
    layer = Picture(2, 2, "rgba", 8, bytes([0, 0, 0, 255]) * 2 + bytes(8))
    gone = replaced_by(layer, _mask(_gray(255)), 3, 3, (2, 2, 5, 5))
    assert set(gone.bytes[3::4]) == {255}


def test_on_a_soft_edge_an_opaque_layer_takes_nothing_away() -> None:
    layer = Picture(2, 1, "rgba", 8, bytes([0, 0, 0, 255]) + bytes(4))
    gone = replaced_by(layer, _mask(_gray(100)), 3, 3, (3, 3, 2, 1))
    assert list(gone.bytes[3::4]) == [0, 100]


def test_outside_of_the_mask_nothing_goes() -> None:
    layer = Picture(2, 1, "rgba", 8, bytes(8))
    assert not any(replaced_by(layer, _mask(_gray()), 0, 0, (0, 0, 4, 4)).bytes)
