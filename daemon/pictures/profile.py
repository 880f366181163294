"""Embedded colour profiles (ICC) brought to sRGB, the only space that crosses the wire."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

SAME = 2
"""Two profiles count as the same when no probe colour differs by more than this many of 255 levels."""

_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC


class UnusableProfile(Exception):
    """The embedded profile is damaged or does not fit the picture."""


def to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """``picture`` (mode L, LA, RGB, RGBA or CMYK) in sRGB; grey stays grey, alpha is left alone.

    Raises `UnusableProfile`.
    """
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    opaque = picture.convert(picture.mode.removesuffix("A")) if alpha else picture
    converted = _transform(opaque, profile)
    if picture.mode in ("L", "LA"):
        converted = converted.getchannel("G")  # a grey profile maps onto the neutral axis, all channels are alike
    if alpha:
        converted.putalpha(alpha)
    return converted


def is_srgb(profile: bytes, mode: str) -> bool:
    """Whether pixels of ``mode`` (L or RGB) mean the same under ``profile`` as in sRGB.

    Asked of the numbers, not of the profile's name: editors embed their own builds of sRGB, and "sRGB" with a linear
    curve exists too. Raises `UnusableProfile`.
    """
    probes = _probes(mode)
    shifted = _transform(probes, profile)
    difference = np.asarray(shifted, np.int16) - np.asarray(probes.convert("RGB"), np.int16)
    return int(np.abs(difference).max()) <= SAME


def _probes(mode: str) -> Image.Image:
    """All grey levels, or a 6 × 6 × 6 grid of colours, as a picture of ``mode``."""
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[None, :])
    steps = np.linspace(0, 255, 6).astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    return Image.fromarray(grid.reshape(1, -1, 3))


def _transform(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if picture.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            picture = picture.convert("RGB")  # cameras and scanners put colour profiles on grey pictures
        converted = ImageCms.profileToProfile(picture, source, _SRGB, renderingIntent=_INTENT, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise UnusableProfile(str(error)) from error
    assert converted is not None
    return converted
