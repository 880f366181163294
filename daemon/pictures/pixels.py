"""Pixels as arrays: from what crosses the wire to (height, width, channels) and to RGBA, always in sRGB."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from linewash.contract import CHANNELS, Channels
from linewash.errors import InternalError
from linewash.pictures import Picture

Pixels: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]
"""(height, width, channels), uint8 or uint16, 0…max of the type, alpha (if any) last and not premultiplied."""

_NAMES: dict[int, Channels] = {1: "gray", 2: "graya", 3: "rgb", 4: "rgba"}


def depth_of(pixels: Pixels) -> Literal[8, 16]:
    """Bits of one sample."""
    return 8 if pixels.dtype == np.uint8 else 16


def has_alpha(pixels: Pixels) -> bool:
    return pixels.shape[2] in (2, 4)


def to_picture(pixels: Pixels) -> Picture:
    """As the client takes it; shares memory where the machine's byte order allows."""
    height, width, count = pixels.shape
    packed = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    return Picture(width, height, _NAMES[count], depth_of(pixels), packed.data)


def from_picture(picture: Picture) -> Pixels:
    """The pixels of a layer, sharing memory where the machine's byte order allows.

    Lab pictures are not for files: one raises `InternalError`.
    """
    if picture.channels in ("lab", "laba"):
        raise InternalError("A layer came as Lab where RGB was asked for.", "Please report this.")
    sample = np.dtype("<u2" if picture.depth == 16 else "u1")
    flat = np.frombuffer(picture.bytes, dtype=sample)
    pixels = flat.reshape(picture.height, picture.width, CHANNELS[picture.channels])
    return pixels.astype(sample.newbyteorder("="), copy=False)


def to_rgba(pixels: Pixels) -> Pixels:
    """(height, width, 4) of the same depth; grey is repeated, a missing alpha is opaque."""
    count = pixels.shape[2]
    if count == 4:
        return pixels
    rgba = np.empty((*pixels.shape[:2], 4), dtype=pixels.dtype)
    rgba[..., :3] = pixels[..., :1] if count <= 2 else pixels
    rgba[..., 3] = pixels[..., 1] if count == 2 else np.iinfo(pixels.dtype).max
    return rgba


def to_depth(pixels: Pixels, depth: Literal[8, 16]) -> Pixels:
    """The same picture with 8 or 16 bits a sample; 0 and max stay 0 and max, rounded to nearest."""
    if depth == depth_of(pixels):
        return pixels
    if depth == 16:
        return pixels.astype(np.uint16) * np.uint16(257)
    return ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
