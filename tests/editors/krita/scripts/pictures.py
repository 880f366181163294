"""The pictures of docs/krita.md: a drawing of ours and its strokes, coloured in the real Krita."""

from __future__ import annotations

import dataclasses
from typing import Any

from artist import Docker, drawing, ink, layers, node, write
from PyQt5.QtCore import QRect, Qt
from PyQt5.QtGui import QImage
from PyQt5.QtWidgets import QDockWidget

DAYLIGHT = (168, 212, 226)
SKY = ((655, 196), (680, 190), (735, 168), (790, 180), (830, 192))  # over the stroke that makes it dark
SEED = 7
DOCKER_HEIGHT = 850  # px of the window in which the docker is shown alone


def story(stage: Any) -> Any:
    """Line art, strokes, colours, regions, Live: the whole window each time."""
    document, docker = yield from _begin(stage)
    yield from _rest(stage)
    stage.shot("line")
    yield from _hint(stage, document, docker)
    yield from _rest(stage)
    stage.shot("strokes")
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == 4, 60, "the group of colours")
    yield docker.idle()
    yield from _rest(stage)
    stage.shot("colored")
    yield from _regions(stage, docker)
    yield from _live(stage, document, docker)
    stage.result["told"] = docker.told()
    stage.result["at"] = [*stage.at(0, 0), *stage.at(document.width(), document.height())]


def _regions(stage: Any, docker: Docker) -> Any:
    yield from docker.click("lines")
    yield from docker.click("regions")
    yield docker.idle()
    yield from _rest(stage)
    stage.shot("regions")
    yield from docker.click("regions")
    yield docker.idle()


def _live(stage: Any, document: Any, docker: Docker) -> Any:
    """Day comes: one stroke by the mouse over the one that made the sky dark."""
    yield from docker.click("live")
    yield stage.until(lambda: docker.flow.view().live, what="live is on")
    yield 0.5
    yield docker.idle()
    document.setActiveNode(node(document, "Hints"))
    yield 0.3
    stage.app.action("KritaShape/KisToolBrush").trigger()
    stage.app.activeWindow().activeView().setBrushSize(36)
    ink(stage, DAYLIGHT)
    flats = node(document, "Auto color", "Flats")
    night = bytes(flats.pixelData(0, 0, 200, 60))
    yield stage.stroke(*(stage.at(x, y) for x, y in SKY))
    yield stage.until(lambda: bytes(flats.pixelData(0, 0, 200, 60)) != night, 20, "the colours follow the stroke")
    yield docker.idle()
    yield from _rest(stage)
    stage.shot("live")
    yield from docker.click("live")


def dockers(stage: Any) -> Any:
    """The docker alone, with what `story` left: in three widths, and in a dark and a light theme."""
    docker = Docker(stage)
    yield from docker.click("layers")
    for theme in ("dark", "bright"):
        _choose_theme(stage, theme)
        yield 1.5
        for width in stage.args["widths"]:
            yield from _alone(stage, docker, width)
            stage.shot(f"docker-{theme}-{width}", docker.dock)
            stage.result[f"{theme} {width}"] = docker.dock.width()
        stage.result[theme] = docker.child("live").palette().button().color().lightness()
    _choose_theme(stage, "dark")
    yield 1.0


def translated(stage: Any) -> Any:
    """The docker in the language that Krita was started in, with a result."""
    document, docker = yield from _begin(stage)
    yield from _hint(stage, document, docker)
    yield from docker.click("color")
    yield stage.until(lambda: docker.flow.view().history, 60, "the result")
    yield docker.idle()
    yield from docker.click("lines")
    yield from docker.click("layers")
    yield from _alone(stage, docker, stage.args["width"])
    stage.shot("docker-translated", docker.dock)


def _alone(stage: Any, docker: Docker, width: int) -> Any:
    yield from docker.settle(width)
    stage.window.findChild(QDockWidget, "KisLayerBox").hide()  # it can't be as narrow as ours
    stage.window.setGeometry(QRect(0, 0, 1600, DOCKER_HEIGHT))
    yield 0.3
    stage.window.resizeDocks([docker.dock], [width], Qt.Orientation.Horizontal)
    yield from _rest(stage)


def _choose_theme(stage: Any, name: str) -> None:
    """*Settings > Themes*."""
    menu = stage.app.action("theme_menu").menu()
    next(action for action in menu.actions() if action.text().replace("&", "") == f"Krita {name}").trigger()


def _begin(stage: Any) -> Any:
    document = drawing(stage, stage.args["line"])
    yield from stage.show(document)
    document.refreshProjection()
    docker = Docker(stage)
    yield from docker.settle(300)
    stage.app.action("zoom_to_fit").trigger()
    document.setActiveNode(node(document, "Ink"))
    flow = docker.flow
    flow.change(dataclasses.replace(flow.view().choices, seed=SEED, seed_locked=True))
    yield stage.until(lambda: docker.child("line").currentText().strip() == "Ink", what="the chooser follows")
    return document, docker


def _hint(stage: Any, document: Any, docker: Docker) -> Any:
    """A hint layer, with all the strokes of a picture."""
    yield from docker.click("new_hint_layer")
    yield stage.until(lambda: docker.flow.view().hints is not None, what="the chooser shows the hint layer")
    name = docker.child("hints").currentText().strip()
    write(node(document, name), QImage(stage.args["hints"]))
    document.refreshProjection()


def _rest(stage: Any) -> Any:
    """Until thumbnails are drawn and messages of Krita's own have faded; the pointer out of the way."""
    yield stage.run("xdotool", "mousemove", "1599", "999")
    yield 2.5
