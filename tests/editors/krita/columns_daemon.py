"""A real daemon process that paints known colours, to be found again in a document of any colour space.

Flats are columns of `COLORS`, turned by the seed and by what is painted on the hints; shading is a light grey all
over, of one sample a pixel as the real daemon's; highlights are the line art as it came in. With 16 bit every sample is
a little more than 8 bit can tell.
"""

from __future__ import annotations

import dataclasses
import shlex
import sys
import zlib
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Blend, Channels, Color, Layer, Plane, Role
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import serve
from tests.fakes.colorist import FakeColorist, Painted

from .scripted_daemon import CHECKOUT

COLORS = [  # R, G, B, A; muted ones, which ink on paper can show as well
    (200, 120, 110, 255),
    (120, 160, 110, 255),
    (110, 130, 180, 255),
    (240, 205, 180, 255),
    (90, 70, 60, 255),
    (170, 170, 170, 255),
    (220, 180, 90, 128),
    (0, 0, 0, 0),
]
FINE = 100  # what 16 bit has beyond 257 × 8 bit
BLENDS: dict[Role, tuple[str, Blend]] = {
    "flats": ("Flats", "normal"),
    "shading": ("Shading", "multiply"),
    "highlights": ("Highlights", "screen"),
    "regions": ("Regions", "normal"),
}


class Columns(FakeColorist):
    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        painted = super().color(request, lineart, hints, report, cancelled)
        layers: list[Layer] = []
        planes: list[memoryview] = []
        for role in request.options.layers:
            pixels = _pixels(request, role, lineart, hints)
            name, blend = BLENDS[role]
            depth: Literal[8, 16] = 16 if pixels.dtype == np.uint16 else 8
            kind: Channels = "gray" if pixels.shape[2] == 1 else "rgba"
            plane = Plane(request.lineart.width, request.lineart.height, kind, depth, len(planes))
            layers.append(Layer(name, role, blend, plane))
            planes.append(memoryview(pixels.tobytes()))
        return dataclasses.replace(painted, layers=tuple(layers), planes=planes)


def _pixels(
    request: Color, role: Role, lineart: memoryview | None, hints: memoryview | None
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    width, height = request.lineart.width, request.lineart.height
    pixels = np.empty((height, width, 4), np.uint8)
    if role == "highlights" and lineart is not None:
        return np.frombuffer(lineart, np.uint8).reshape(height, width, 4)
    if role == "shading":
        pixels = np.full((height, width, 1), 200, np.uint8)
    else:
        turned = request.options.seed + (zlib.crc32(hints) if hints is not None and any(hints) else 0)
        for x in range(width):
            pixels[:, x] = COLORS[(x * len(COLORS) // width + turned) % len(COLORS)]
    if request.options.depth == 8:
        return pixels
    fine = pixels.astype(np.uint16) * 257
    fine[..., :3][pixels[..., -1] > 0] += FINE
    return fine


def command() -> str:
    return shlex.join(["env", f"PYTHONPATH={CHECKOUT}", sys.executable, "-m", "tests.editors.krita.columns_daemon"])


if __name__ == "__main__":
    serve(Columns, None, Idle(0, 60))
