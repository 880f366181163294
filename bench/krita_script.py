"""What `bench.krita` does inside Krita; see tests/editors/krita/run.py for what a script is."""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path
from typing import Any

from PyQt5.QtGui import QImage

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "editors" / "krita" / "scripts"))

from artist import Docker, drawing, ink, node, write


def _begin(stage: Any) -> Any:
    document = drawing(stage, stage.args["line"])
    yield from stage.show(document)
    hints = document.createNode("Hints", "paintlayer")
    document.rootNode().addChildNode(hints, None)
    if "hints" in stage.args:
        write(hints, QImage(stage.args["hints"]))
    docker = Docker(stage)
    yield from docker.choose("hints", "Hints")
    yield from docker.choose("line", "Ink")
    return document, docker


def click(stage: Any) -> Any:
    """Seconds from the click until the last layer is in place, and how long the main thread was away in each phase."""
    document, docker = yield from _begin(stage)
    flow = docker.flow
    flow.change(dataclasses.replace(flow.view().choices, layers=tuple(stage.args["layers"]), placement="new_group"))
    yield 1.5  # Krita makes thumbnails of what was just put in
    away: dict[str, float] = {}
    stage.mark()
    began = time.perf_counter()
    flow.color()
    yield stage.until(lambda: flow._shown.fraction > 0 or flow.view().running is None, 60, "the drawing is read")
    away["reading"] = stage.blocked_ms()
    stage.mark()
    yield stage.until(lambda: flow._shown.inserting or flow.view().running is None, 120, "the daemon")
    away["waiting"] = stage.blocked_ms()
    stage.mark()
    yield docker.idle(120)
    if flow.view().message is not None:
        raise AssertionError(flow.view().message)
    stage.result["seconds"] = time.perf_counter() - began
    yield 1.0
    away["inserting"] = stage.blocked_ms()
    stage.result["away_ms"] = away
    stage.result["layers"] = [child.name() for child in node(document, "Auto color").childNodes()]


def live(stage: Any) -> Any:
    """Seconds from the end of a stroke by the mouse to new pixels in the flats, for each of ``runs`` strokes."""
    document, docker = yield from _begin(stage)
    document.setActiveNode(node(document, "Hints"))
    stage.app.action("KritaShape/KisToolBrush").trigger()
    yield 0.5
    docker.flow.set_live(True)
    yield stage.until(lambda: docker.flow.view().running is not None, 10, "live begins")
    yield docker.idle(60)
    flats = node(document, "Auto color", "Flats")
    took = []
    for number in range(stage.args["runs"]):
        before = _pixels(document, flats)
        x, y = 0.2 + 0.12 * (number % 5), 0.3 + 0.1 * (number // 5)
        ink(stage, (40 * number % 256, 90, 200))
        points = [(x, y), (x + 0.03, y + 0.02), (x + 0.05, y)]
        yield stage.stroke(*(stage.at(fx * document.width(), fy * document.height()) for fx, fy in points))
        began = time.perf_counter()
        yield stage.until(lambda before=before: _pixels(document, flats) != before, 30, "new colours")
        took.append(time.perf_counter() - began)
        yield docker.idle(30)
        yield 0.5
    stage.result["seconds"] = took
    docker.flow.set_live(False)


def _pixels(document: Any, layer: Any) -> bytes:
    return bytes(layer.pixelData(0, 0, document.width(), document.height()))
