"""A real daemon process that paints known colours, to be found again in an image of any kind, and tells what it was
asked for: the options of the last job lie in ``asked.json`` in the runtime folder. While there is a file ``hold`` it
waits.

Flats are columns of `COLORS`, with 16 bit a little more than 8 bit can tell; highlights are the line art as it came
in; one per colour are two small layers with offsets, the second half opaque. The style is obeyed first, see
tests/fakes/colorist.py. Line art without a line is told of, as the program does.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from linewash.contract import Blend, Color, Layer, Notice, Plane, Role
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import serve
from tests.editors.place import CHECKOUT
from tests.fakes.colorist import FakeColorist, Painted

COLORS = [  # R, G, B, A
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
EVEN: dict[Role, tuple[str, Blend, tuple[int, int, int]]] = {
    "shading": ("Shading", "multiply", (200, 200, 200)),
    "color": ("Color", "color", (30, 90, 250)),
}
PER_COLOR = [("#fa141e", (250, 20, 30), (10, 20), 1.0), ("#1e5afa", (30, 90, 250), (60, 25), 0.5)]
PER_COLOR_SIZE = (40, 30)
Pixels = NDArray[np.uint8] | NDArray[np.uint16]


class Telling(FakeColorist):
    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        _tell({**dataclasses.asdict(request.options), "hints": None if hints is None else any(hints)})
        hold = _runtime() / "hold"
        while hold.exists() and not cancelled():
            time.sleep(0.02)
        painted = super().color(request, lineart, hints, report, cancelled)
        layers: list[Layer] = []
        planes: list[memoryview] = []
        for layer, pixels in _layers(request, lineart):
            depth: Literal[8, 16] = 16 if pixels.dtype == np.uint16 else 8
            plane = Plane(pixels.shape[1], pixels.shape[0], "rgba", depth, len(planes))
            layers.append(dataclasses.replace(layer, plane=plane))
            planes.append(memoryview(pixels.tobytes()))
        notices = () if lineart is None or any(lineart) else (Notice("lineart_empty", "The drawing holds no lines."),)
        return dataclasses.replace(painted, layers=tuple(layers), planes=planes, notices=notices)


def _layers(request: Color, lineart: memoryview | None) -> Iterator[tuple[Layer, Pixels]]:
    width, height = request.lineart.width, request.lineart.height
    plane = request.lineart
    fine = request.options.depth == 16
    for role in request.options.layers:
        if role == "flats":
            yield Layer("Flats", role, "normal", plane), _deep(_columns(width, height), fine)
        elif role == "highlights":
            echo = np.frombuffer(lineart or b"", np.uint8).reshape(height, width, 4)
            yield Layer("Highlights", role, "screen", plane), echo
        elif role == "per_color":
            for name, color, (x, y), opacity in PER_COLOR:
                layer = Layer(name, role, "normal", plane, x, y, opacity)
                yield layer, _deep(_even(*PER_COLOR_SIZE, color), fine)
        else:
            name, blend, color = EVEN[role]
            yield Layer(name, role, blend, plane), _deep(_even(width, height, color), fine)


def _columns(width: int, height: int) -> NDArray[np.uint8]:
    pixels = np.empty((height, width, 4), np.uint8)
    for x in range(width):
        pixels[:, x] = COLORS[x * len(COLORS) // width]
    return pixels


def _even(width: int, height: int, color: tuple[int, int, int]) -> NDArray[np.uint8]:
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[...] = (*color, 255)
    return pixels


def _deep(pixels: NDArray[np.uint8], fine: bool) -> Pixels:
    if not fine:
        return pixels
    deep = pixels.astype(np.uint16) * 257
    deep[..., :3][pixels[..., 3] > 0] += FINE
    return deep


def _runtime() -> Path:
    return Path(os.environ["LINEWASH_RUNTIME_DIR"])


def _tell(asked: dict[str, Any]) -> None:
    path = _runtime() / "asked.json"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asked))
    draft.rename(path)


def command() -> str:
    """A command line that starts it, for LINEWASH_DAEMON or a shell."""
    return shlex.join(["env", f"PYTHONPATH={CHECKOUT}", sys.executable, "-m", "tests.editors.gimp.telling_daemon"])


if __name__ == "__main__":
    serve(Telling, None, Idle(0, 60))
