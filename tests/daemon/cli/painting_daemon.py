"""A real daemon process around a colorist that paints at once, as told by the style; see tests/fakes/colorist.py.

An empty style paints red flats, a grey shading at (4, 2) and whatever else the options ask for, all red.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Blend, Color, Layer, Notice, Plane, Role
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import serve
from tests.fakes.colorist import FakeColorist, Painted

BLENDS: dict[Role, Blend] = {"shading": "multiply", "highlights": "screen", "color": "color"}


class PaintingColorist(FakeColorist):
    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        painted = super().color(request, lineart, hints, report, cancelled)
        layers, planes = [], []
        for number, role in enumerate(request.options.layers):
            x, y = (4, 2) if role == "shading" else (0, 0)
            width, height, depth = request.lineart.width - x, request.lineart.height - y, request.options.depth
            pixels = _pixels(height, width, depth, grey=role == "shading")
            channels: Plane = Plane(width, height, "rgba", depth, number)
            layers.append(Layer(role.capitalize(), role, BLENDS.get(role, "normal"), channels, x, y))
            planes.append(memoryview(pixels.tobytes()))
        notice = Notice("lineart_empty", "The drawing holds no lines.")
        return Painted(tuple(layers), planes, painted.record, (notice,))


def _pixels(height: int, width: int, depth: int, grey: bool) -> NDArray[np.uint8] | NDArray[np.uint16]:
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[...] = (200, 200, 200, 255) if grey else (250, 20, 30, 255)
    return pixels if depth == 8 else pixels.astype("<u2") * np.uint16(257)


if __name__ == "__main__":
    serve(PaintingColorist, None, Idle(0, 60))
