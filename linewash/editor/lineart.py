"""What a plug-in wants to know of a line art's pixels."""

from __future__ import annotations

import math

from ..pictures import Picture

_OPAQUE = 250  # alpha from which a pixel hides what is under it
_SAMPLES = 96 * 96


def is_opaque(picture: Picture) -> bool:
    """Whether line art hides what lies under it (ink on white paper rather than on transparency): most of it has an
    alpha of nearly 255. ``picture``: "rgba" of 8 bit; a grid of pixels is looked at, whatever its size."""
    step = max(1, picture.width * picture.height // _SAMPLES)
    while math.gcd(step, picture.width) > 1:  # or only a few columns would be looked at
        step += 1
    alphas = picture.bytes[3 :: 4 * step].tobytes()
    return 2 * sum(alpha >= _OPAQUE for alpha in alphas) > len(alphas)
