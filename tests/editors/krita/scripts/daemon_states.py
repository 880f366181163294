"""The daemon as it may be when an artist clicks: absent, killed, of another version; what it paints, and the wait."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

from artist import Docker, layers, node, prints
from PyQt5.QtWidgets import QApplication
from sketches import colored, names, obey, open_sketch, sketch, state, tell

BUSY = "report 2;sleep 20"


def _daemon(stage: Any) -> dict[str, Any]:
    """Its connection file."""
    found: dict[str, Any] = json.loads(Path(stage.args["folder"], "connection.json").read_text("utf-8"))
    return found


def absent(stage: Any) -> Any:
    """It can't be started; *Copy diagnostics*; then it can, *Start daemon*, and colours after all."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    before = state(document)
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    stage.shot("absent", docker.dock)
    stage.result["kept"] = state(document) == before
    yield from _copy(stage, docker)
    Path(stage.args["folder"], "daemon.sh").write_text(f"exec {stage.args['command']}\n", "utf-8")
    yield from docker.click("start_daemon")
    yield stage.until(lambda: docker.flow.view().message is None, what="the button is obeyed")
    yield docker.idle()
    yield stage.until(lambda: docker.child("status").text().startswith("Ready"), 40, "the docker knows the daemon")
    stage.result["then"] = [docker.told(), docker.child("status").text()]
    yield from colored(stage, docker, document)
    stage.result["layers"] = names(document)


def _copy(stage: Any, docker: Docker) -> Any:
    clipboard: Any = QApplication.clipboard()
    clipboard.clear()
    yield from docker.click("copy_diagnostics")
    stage.result["copied"] = clipboard.text()


def killed(stage: Any) -> Any:
    """While it works; the next click starts another one."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    yield from colored(stage, docker, document)
    obey(docker, BUSY)
    before = state(document)
    yield from docker.click("color")
    yield docker.running()
    yield stage.until(lambda: docker.flow.view().fraction > 0.4, what="the daemon tells how far it is")
    first = _daemon(stage)["pid"]
    os.kill(first, signal.SIGKILL)
    yield docker.idle()
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before
    obey(docker, "")
    stage.result.update((yield from _next_click(stage, docker, document)))
    stage.result["another"] = _daemon(stage)["pid"] != first


def restarted(stage: Any) -> Any:
    """Between two clicks, politely or not."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    yield from colored(stage, docker, document)
    stage.result["clicks"] = []
    for how in (signal.SIGTERM, signal.SIGKILL):
        first = _daemon(stage)["pid"]
        os.kill(first, how)
        yield 0.5
        then = yield from _next_click(stage, docker, document)
        stage.result["clicks"].append([then["next"], docker.told(), _daemon(stage)["pid"] != first])


def _next_click(stage: Any, docker: Docker, document: Any) -> Any:
    """Click once more, until its result is there."""
    before = len(docker.flow.view().history)
    yield from docker.click("color")
    yield docker.idle()
    yield stage.until(lambda: len(docker.flow.view().history) == before + 1, 20, "another result in the history")
    return {"next": names(document)}


def refused(stage: Any) -> Any:
    """Something listens that won't do: a sentence, and diagnostics without a token."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    before = state(document)
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before
    yield from _copy(stage, docker)


def replaced(stage: Any) -> Any:
    """One of another version, ended by *Start daemon*, and colours after all."""
    yield stage.until(Path(stage.args["folder"], "connection.json").exists, what="the old daemon")
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    before = state(document)
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before
    yield 0.3
    yield from docker.click("start_daemon")
    yield stage.until(lambda: docker.flow.view().message is None, what="the button is obeyed")
    yield docker.idle()
    yield from colored(stage, docker, document)
    stage.result["then"] = names(document)


def gpu_freed(stage: Any) -> Any:
    """Out of memory, and the button that frees it."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, "memory")
    before = state(document)
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    yield stage.until(lambda: '"model": "fake"' in docker.flow.diagnostics(), what="a model is loaded")
    yield from docker.click("free_gpu")
    yield docker.idle()
    yield stage.until(lambda: '"model": ""' in docker.flow.diagnostics(), what="no model is loaded")
    stage.result["then"] = docker.told()
    stage.result["kept"] = state(document) == before


def roles(stage: Any) -> Any:
    """Every kind of layer in one group; opacity; one undo step and one of redo."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, "", ("flats", "shading", "highlights", "color", "per_color"))
    before = state(document)
    yield from colored(stage, docker, document)
    stage.result["layers"] = layers(document)
    group = node(document, "Auto color").childNodes()
    stage.result["opacity"] = [layer.opacity() for layer in group]
    stage.result["composed"] = [_seen(document)]
    after = state(document)
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: state(document) == before, what="one undo takes all of it away")
    yield stage.keys("ctrl+shift+z")
    yield stage.until(lambda: state(document) == after, what="one redo gives all of it back")
    yield 0.3
    stage.result["composed"].append(_seen(document))


def _seen(document: Any) -> list[int]:
    """What the artist sees of the paper within the oval."""
    document.waitForDone()
    blue, green, red, _alpha = bytes(document.pixelData(100, 75, 1, 1))
    return [red, green, blue]


def wait(stage: Any) -> Any:
    """A stroke while the daemon works, and how long the main thread was away before it."""
    stage.app.action("KritaShape/KisToolBrush").trigger()
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, "sleep 3")
    yield from docker.click("color")
    yield docker.running()
    yield 0.5
    stage.mark()
    yield 1.0
    stage.result["blocked_ms"], stage.result["where"] = stage.blocked_ms(), stage.blocked_where()
    before = prints(document)
    yield stage.stroke(stage.at(60, 60), stage.at(100, 80), stage.at(140, 60))
    yield stage.until(lambda: prints(document) != before, what="the stroke")
    stage.result["landed_meanwhile"] = docker.flow.view().running is not None
    yield docker.idle()
    stage.result["layers"] = names(document)
