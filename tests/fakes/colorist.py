"""A colorist that does what the request tells it to, so that tests of the daemon need no network.

The style is the script: commands separated by ``;``. ``sleep S`` (watching for cancellation), ``deaf S`` (not
watching), ``report N``, ``wait NAME`` (until the test opens that gate), ``fail CODE``, ``crash``, ``memory``, ``big N``
(N MiB of result), ``many N`` (N layers), ``misfit``. An empty style paints at once. The result's only layer is the line
art itself, the very buffer that came in, when that is RGBA.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from linewash.contract import Color, Layer, ModelInfo, Notice, Plane, Record
from linewash.errors import BadInput, Cancelled, from_code

SECRET = "a detail that only the log may hold"


@dataclass(frozen=True)
class Painted:
    layers: tuple[Layer, ...]
    planes: list[memoryview]
    record: Record
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Status:
    device: str = "cpu"
    model: str = "fake"
    prepared: int = 0
    prepared_bytes: int = 0


@dataclass
class FakeColorist:
    gates: defaultdict[str, threading.Event] = field(default_factory=lambda: defaultdict(threading.Event))
    painted: list[str] = field(default_factory=list)  # ids of jobs that began, in order
    unloads: int = 0
    model: str = ""
    seen: list[memoryview | None] = field(default_factory=list)

    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        self.model = "fake"
        self.painted.append(request.id)
        self.seen = [lineart, hints]
        if lineart is None:
            raise BadInput("The daemon holds no such line art.", "Send its pixels.", "lineart_unknown")
        plane = Plane(request.lineart.width, request.lineart.height, "rgba", 8, 0)
        pixels = lineart if lineart.nbytes == plane.nbytes else memoryview(bytes(plane.nbytes))
        painted = Painted((Layer("flats", "flats", "normal", plane),), [pixels], _record(request))
        for command in filter(None, request.options.style.split(";")):
            painted = self._obey(command.split(), painted, report, cancelled)
        return painted

    def _obey(
        self,
        command: list[str],
        painted: Painted,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        match command:
            case ["sleep", seconds]:
                _until(threading.Event(), float(seconds), cancelled)
            case ["wait", name]:
                _until(self.gates[name], 30.0, cancelled)
            case ["deaf", seconds]:
                time.sleep(float(seconds))
            case ["report", count]:
                for step in range(int(count)):
                    report("color", step / int(count))
                    report(f"stage {step}", step / int(count))
            case ["fail", code]:
                raise from_code(code, "It failed as it was told.", "Do not tell it to.")
            case ["crash"]:
                raise RuntimeError(SECRET)
            case ["memory"]:
                raise MemoryError
            case ["big", mib]:
                side = 512
                plane = Plane(side, side * int(mib), "rgba", 8, 0)
                layer = Layer("flats", "flats", "normal", plane)
                return Painted((layer,), [memoryview(bytearray(plane.nbytes))], painted.record)
            case ["many", count]:
                return Painted(painted.layers * int(count), painted.planes, painted.record)
            case ["misfit"]:
                return Painted(painted.layers, [memoryview(b"too short")], painted.record)
            case _:
                raise AssertionError(command)
        return painted

    def models(self) -> tuple[ModelInfo, ...]:
        return (ModelInfo("fake", "0" * 64, "none", "none", ("flats",), default=True),)

    def status(self) -> Status:
        return Status(model=self.model)

    def unload(self) -> None:
        self.unloads += 1
        self.model = ""


def _until(event: threading.Event, seconds: float, cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not event.wait(0.005) and time.monotonic() < deadline:
        if cancelled():
            raise Cancelled("The job was cancelled.")


def _record(request: Color) -> Record:
    seconds = {"prepare": 0.0, "color": 0.0, "total": 0.0}
    return Record("fake", "0" * 64, 0, "cpu", request.hash, False, seconds, request.options)
