"""What the painters predict comes back as the colours that were put in."""

from __future__ import annotations

from typing import get_args

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from linewash_daemon.spaces import PLANES, Space, decode, encode

RGB = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)


def lab_of(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab), np.float32)


LAB = lab_of(RGB)


@pytest.mark.parametrize("space", get_args(Space))
def test_a_picture_s_planes_are_few_and_small(space: Space) -> None:
    planes = encode(RGB, space)
    assert planes.shape == (PLANES[space], 40, 50)
    assert np.abs(planes).max() <= 1.001


@pytest.mark.parametrize("space", ["rgb", "lab", "ab"])
def test_colours_come_back_from_their_planes(space: Space) -> None:
    assert np.abs(decode(encode(RGB, space), space, LAB[..., 0]) - LAB).max() < 0.05


def test_uv_brings_the_hue_back_and_leaves_the_lightness_that_was_given() -> None:
    pale = (RGB // 4 + 96).astype(np.uint8)  # no channel is clipped
    lab = lab_of(pale)
    back = decode(encode(pale, "uv"), "uv", lab[..., 0])
    assert np.array_equal(back[..., 0], lab[..., 0])
    hue = np.angle(np.exp(1j * (np.arctan2(back[..., 2], back[..., 1]) - np.arctan2(lab[..., 2], lab[..., 1]))))
    colourful = np.hypot(lab[..., 1], lab[..., 2]) > 10
    assert np.abs(hue[colourful]).max() < 0.2


@pytest.mark.parametrize("space", get_args(Space))
def test_a_grey_picture_has_no_colour_in_any_space(space: Space) -> None:
    grey = np.repeat(RGB[..., :1], 3, 2)
    lightness = lab_of(grey)[..., 0]
    lab = decode(encode(grey, space), space, lightness)
    assert np.abs(lab[..., 1:]).max() < 0.2  # OpenCV's own conversion is off by an eighth
    assert np.abs(lab[..., 0] - lightness).max() < 0.1
