"""A small drawing on the screen beside the docker, and what the docker says and leaves; for the scripts beside this."""

from __future__ import annotations

import dataclasses
from typing import Any

from artist import SRGB, Docker, Step, layers, node, prints, write
from PyQt5.QtCore import QRect
from PyQt5.QtGui import QColor, QImage, QPainter, QPen

ROLES = ("flats",)


def sketch(stage: Any, name: str = "sketch", width: int = 200, height: int = 150, ink: bool = True) -> Any:
    """A document with white paper and an oval of ink over it; ``ink`` False: the layer Ink is empty."""
    document = stage.app.createDocument(width, height, name, "RGBA", "U8", SRGB, 300.0)
    layer = document.createNode("Ink", "paintlayer")
    document.rootNode().addChildNode(layer, None)
    if ink:
        picture = QImage(width, height, QImage.Format.Format_ARGB32)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        painter.setPen(QPen(QColor(20, 18, 30), 3))
        painter.drawEllipse(QRect(0, 0, width, height).adjusted(width // 8, height // 8, -width // 8, -height // 8))
        painter.end()
        write(layer, picture)
    document.waitForDone()
    return document


def open_sketch(stage: Any, document: Any, style: str = "", roles: tuple[str, ...] = ROLES) -> Step:
    """Shows it with Ink active; returns the docker, free of messages, with a style that the daemon obeys."""
    yield from stage.show(document)
    docker = Docker(stage)
    if not docker.child("color").isVisible():
        yield from docker.settle()
    docker.flow.dismiss()
    obey(docker, style, roles)
    document.setActiveNode(node(document, "Ink"))
    yield stage.until(lambda: line_name(docker) == "Ink", what="the chooser follows")
    yield stage.until(docker.child("color").isEnabled, what="the button is enabled")
    return docker


def obey(docker: Docker, style: str, roles: tuple[str, ...] = ROLES) -> None:
    """The style is not one of the list, so it is set past the docker's widgets."""
    docker.flow.change(dataclasses.replace(docker.flow.view().choices, style=style, layers=roles))


def line_name(docker: Docker) -> str:
    return str(docker.child("line").currentText()).strip()


def state(document: Any) -> list[Any]:
    """All layers and all pixels."""
    return [layers(document), sorted(prints(document, "").items())]


def names(document: Any) -> list[str]:
    return [layer[0] for layer in layers(document)]


def tell(stage: Any, docker: Docker) -> Step:
    """Puts the sentence of the docker, its code and its buttons into the result, once it has come."""

    def is_told() -> bool:
        message = docker.flow.view().message
        return message is not None and docker.told().startswith(message.sentence)

    yield stage.until(is_told, 20, "a sentence")
    message = docker.flow.view().message
    buttons = [name for name in ("start_daemon", "free_gpu", "copy_diagnostics") if docker.child(name).isVisible()]
    stage.result.update(told=docker.told(), code=message.code, buttons=buttons)


def colored(stage: Any, docker: Docker, document: Any, count: int = 3) -> Step:
    """A click, and its layers."""
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == count, 30, "the group")
    yield docker.idle()
