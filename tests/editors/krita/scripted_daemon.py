"""A real daemon process around a colorist that paints at once, or obeys the style: see tests/fakes/colorist.py.

Every role that was asked for is painted in a colour of its own, with the blend mode that the program's own layers have.
Line art without a line is told of, as the program does.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import shlex
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from linewash.connection import read_connection
from linewash.contract import Blend, Color, HelloReply, Layer, Notice, Plane, Role
from linewash.errors import LinewashError
from linewash_daemon import lifecycle, ops
from linewash_daemon.idle import Idle
from linewash_daemon.lifecycle import serve
from tests.fakes.colorist import FakeColorist, Painted

CHECKOUT = Path(__file__).parents[3]
PAINTS: dict[Role, list[tuple[str, Blend, tuple[int, int, int]]]] = {
    "flats": [("Flats", "normal", (250, 20, 30))],
    "shading": [("Shading", "multiply", (200, 200, 200))],
    "highlights": [("Highlights", "screen", (40, 40, 40))],
    "color": [("Color", "color", (30, 90, 250))],
    "per_color": [("#fa141e", "normal", (250, 20, 30)), ("#1e5afa", "normal", (30, 90, 250))],
    "regions": [("Regions", "normal", (0, 200, 0))],
}


class ScriptedColorist(FakeColorist):
    def color(
        self,
        request: Color,
        lineart: memoryview | None,
        hints: memoryview | None,
        report: Callable[[str, float], None],
        cancelled: Callable[[], bool],
    ) -> Painted:
        painted = super().color(request, lineart, hints, report, cancelled)
        width, height = request.lineart.width, request.lineart.height
        layers: list[Layer] = []
        planes: list[memoryview] = []
        for role in request.options.layers:
            for name, blend, color in PAINTS[role]:
                grey = role in ("shading", "highlights")  # of one sample a pixel, as the real daemon's
                pixels = np.empty((height, width, 1 if grey else 4), np.uint8)
                pixels[...] = color[:1] if grey else (*color, 255)
                layers.append(
                    Layer(name, role, blend, Plane(width, height, "gray" if grey else "rgba", 8, len(planes)))
                )
                planes.append(memoryview(pixels.tobytes()))
        return dataclasses.replace(painted, layers=tuple(layers), planes=planes, notices=_notices(lineart))


def _notices(lineart: memoryview | None) -> tuple[Notice, ...]:
    if lineart is not None and any(lineart):
        return ()
    return (Notice("lineart_empty", "The drawing holds no lines."),)


def command() -> str:
    """A command line that starts it, for LINEWASH_DAEMON or a shell."""
    return shlex.join(["env", f"PYTHONPATH={CHECKOUT}", sys.executable, "-m", "tests.editors.krita.scripted_daemon"])


def end_daemon(runtime_folder: Path) -> None:
    """End the daemon that listens there, if one does, and wait until it is gone."""
    connection = runtime_folder / "connection.json"
    try:
        info = read_connection(connection)
    except LinewashError:
        info = None
    if info is None or info.pid == os.getpid():
        return
    try:
        os.kill(info.pid, signal.SIGTERM)
    except ProcessLookupError:
        connection.unlink(missing_ok=True)
    deadline = time.monotonic() + 15
    while connection.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("the daemon does not end")
        time.sleep(0.02)


def other_version() -> list[str]:
    """A command that starts one which greets, and writes its connection file, as of another protocol."""
    # By the name among its arguments a process is known for a daemon that may be ended.
    return [sys.executable, "-m", "tests.editors.krita.scripted_daemon", "linewash_daemon", "99"]


def _speak(protocol: int) -> None:
    setattr(lifecycle, "PROTOCOL", protocol)  # noqa: B010
    setattr(ops, "HelloReply", functools.partial(HelloReply, protocol=protocol))  # noqa: B010


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _speak(int(sys.argv[-1]))
    serve(ScriptedColorist, None, Idle(0, 60))
