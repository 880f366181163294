"""Memory planned before it is taken: what a job needs at its worst, against what there is."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from linewash.contract import Color
from linewash.errors import OutOfMemory

from .linemap import MAX_PIXELS

_FIXED = 200 << 20  # bytes: the network at work, the bands, small maps
_OF_REGIONS = 32  # bytes a pixel of the size that regions are found at, while they are found
_OF_GREY = 2 + 2  # bytes a pixel of a greyscale picture: L and alpha
_OF_LAYER = {
    "flats": 4, "shading": 1, "highlights": 1, "color": 3, "composite": 3, "per_color": 8, "per_region": 8,
    "regions": 4, "painting": 3,
}  # fmt: skip


def available() -> int:
    """Bytes that can be taken without swapping."""
    return int(psutil.virtual_memory().available)


def needed(request: Color) -> int:
    """Bytes that a job takes beyond its own frames; per_color and per_region count as two full layers."""
    pixels = request.lineart.width * request.lineart.height
    if request.options.mode == "grey":
        return _FIXED + pixels * (_OF_GREY + 2 * 4 * request.options.depth // 8)
    layers = sum(_OF_LAYER[role] for role in request.options.layers) * (request.options.depth // 8)
    return _FIXED + pixels * (1 + 3 + layers) + min(pixels, MAX_PIXELS) * _OF_REGIONS


def check(request: Color, free: Callable[[], int] = available) -> None:
    """Raise `OutOfMemory`, saying what would fit, when the job does not."""
    need, have = needed(request), free()
    if need <= have:
        return
    width, height = request.lineart.width, request.lineart.height
    raise OutOfMemory(
        f"Colouring {width} × {height} px needs about {_gigabytes(need)}, and {_gigabytes(have)} of memory are free.",
        _remedy(request, need, have),
    )


def check_layers(nbytes: int, free: Callable[[], int] = available) -> None:
    """Raise `OutOfMemory` when layers of ``nbytes`` together don't fit."""
    have = free()
    if nbytes > have:
        raise OutOfMemory(
            f"These layers need {_gigabytes(nbytes)}, and {_gigabytes(have)} of memory are free.",
            "Ask for flats instead of one layer per colour or region.",
        )


def _remedy(request: Color, need: int, have: int) -> str:
    pixels = request.lineart.width * request.lineart.height
    least = _FIXED + pixels * (4 + _OF_LAYER["flats"]) + min(pixels, MAX_PIXELS) * _OF_REGIONS
    if least <= have and request.options.mode == "lines":
        return "Ask for the flats alone, at 8 bit, or close other programs."
    share = max(0.0, (have - _FIXED) / (need - _FIXED)) ** 0.5
    width, height = int(request.lineart.width * share), int(request.lineart.height * share)
    if min(width, height) < 16:
        return "Close other programs and try again."
    what = "drawing" if request.options.mode == "lines" else "picture"
    return f"A {what} of {width} × {height} px would fit; or close other programs."


def _gigabytes(count: int) -> str:
    return f"{count / (1 << 30):.1f} GB"
