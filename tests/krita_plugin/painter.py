"""A real daemon process around a colorist that paints at once, as told by the style; see tests/fakes/colorist.py.

Two commands more: ``wait NAME`` waits for a file NAME.gate in the runtime folder, ``empty`` finds no lines. Flats are
of the colour that the seed spells (0xRRGGBB), everything else is grey. What a job brought is written into the folder:
N.json (its options), N.lineart and N.hints (pixels).
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np

from linewash.connection import runtime_folder
from linewash.contract import Blend, Color, Layer, ModelInfo, Notice, Plane, Role
from linewash.errors import Cancelled
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import serve
from tests.fakes.colorist import FakeColorist, Painted

BLENDS: dict[Role, Blend] = {"shading": "multiply", "highlights": "screen", "color": "color"}


class Painter(FakeColorist):
    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)

    def models(self) -> tuple[ModelInfo, ...]:
        return (*super().models(), ModelInfo("photos", "1" * 64, "none", "none", ("color",), modes=("grey",)))

    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        if lineart is not None:
            _note(next(self._numbers), request, lineart, hints)
        painted = super().color(request, lineart, hints, report, cancelled)
        seed, depth = request.options.seed, request.options.depth
        flats = (seed >> 16 & 255, seed >> 8 & 255, seed & 255, 255)
        layers, planes = [], []
        for number, role in enumerate(request.options.layers):
            pixels = np.empty((request.lineart.height, request.lineart.width, 4), np.uint8)
            pixels[:] = flats if role == "flats" else (200, 200, 200, 255)
            data = pixels if depth == 8 else pixels.astype("<u2") * np.uint16(257)
            plane = Plane(request.lineart.width, request.lineart.height, "rgba", depth, number)
            layers.append(Layer(role.capitalize(), role, BLENDS.get(role, "normal"), plane))
            planes.append(memoryview(data.tobytes()))
        return replace(painted, layers=tuple(layers), planes=planes)

    def _obey(
        self,
        command: list[str],
        painted: Painted,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        match command:
            case ["wait", name]:
                gate, deadline = runtime_folder() / f"{name}.gate", time.monotonic() + 30
                while not gate.exists() and time.monotonic() < deadline:
                    if cancelled():
                        raise Cancelled("The job was cancelled.")
                    time.sleep(0.005)
                return painted
            case ["empty"]:
                return replace(painted, notices=(Notice("lineart_empty", "The drawing holds no lines."),))
        return super()._obey(command, painted, report, cancelled)


def _note(number: int, request: Color, lineart: memoryview, hints: memoryview | None) -> None:
    folder = runtime_folder()
    (folder / f"{number}.lineart").write_bytes(lineart)
    if hints is not None:
        (folder / f"{number}.hints").write_bytes(hints)
    draft = folder / f"{number}.draft"
    draft.write_text(json.dumps(asdict(request.options)), "utf-8")
    draft.rename(folder / f"{number}.json")


if __name__ == "__main__":
    serve(Painter, None, Idle(0, 60))
