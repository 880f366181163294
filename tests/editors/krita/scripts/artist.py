"""What an artist does and sees, for the scripts beside this file: drawings, the docker's buttons, layers."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Generator
from typing import Any

from krita import ManagedColor
from PyQt5.QtCore import QByteArray, QPoint, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtWidgets import QApplication, QComboBox, QDockWidget, QLabel, QWidget

SRGB = "sRGB-elle-V2-srgbtrc.icc"
Step = Generator[Any, Any, None]


class Docker:
    """The plug-in's docker, through its widgets; ``flow`` to see what it thinks, not to push it."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage
        kind = sys.modules["linewash_krita.docker"].DockerPanel
        self.panel = next(widget for widget in QApplication.allWidgets() if isinstance(widget, kind))
        self.flow = self.panel._flow

    @property
    def dock(self) -> QDockWidget:
        widget = self.panel.parent()
        while not isinstance(widget, QDockWidget):
            widget = widget.parent()
        return widget

    def child(self, name: str) -> Any:
        found = self.panel.findChild(QWidget, name)
        if found is None:
            raise LookupError(f"the docker has no {name}")
        return found

    def settle(self, width: int = 300) -> Step:
        """Docked at the right, tall, alone with the layers."""
        window = self._stage.window
        for dock in window.findChildren(QDockWidget):
            if dock.objectName() not in ("KisLayerBox", "ToolBox", self.dock.objectName()):
                dock.hide()
        layers = window.findChild(QDockWidget, "KisLayerBox")
        self.dock.show()
        self.dock.setFloating(False)
        yield 0.3
        window.resizeDocks([self.dock, layers], [700, 230], Qt.Orientation.Vertical)
        window.resizeDocks([self.dock, layers], [width, width], Qt.Orientation.Horizontal)
        yield 0.5

    def click(self, name: str) -> Step:
        """A real click in the middle of one of its controls."""
        button = self.child(name)
        if not button.isVisible() or not button.isEnabled():
            raise AssertionError(f"{name} can't be clicked: visible {button.isVisible()}, enabled {button.isEnabled()}")
        yield self._stage.click(*self._stage.place(button))
        yield 0.15

    def choose(self, name: str, text: str) -> Step:
        """Pick an entry of a combo box by what it shows."""
        box: QComboBox = self.child(name)

        def entry() -> int:
            return next((i for i in range(box.count()) if box.itemText(i).strip() == text), -1)

        yield self._stage.until(lambda: entry() >= 0, what=f"{text} among the entries of {name}")
        index = entry()
        box.setCurrentIndex(index)
        box.activated.emit(index)
        yield 0.2

    def idle(self, limit: float = 60.0) -> Any:
        """Until nothing runs any more."""
        return self._stage.until(lambda: self.flow.view().running is None, limit, "the docker to be idle")

    def running(self) -> Any:
        return self._stage.until(lambda: self.flow.view().running is not None, 10, "the docker to be busy")

    def told(self) -> str:
        """The message that stands in the docker, "" when none does."""
        notice = self.child("notice")
        return self.child("sentence").text() if notice.isVisible() else ""


def ink(stage: Any, color: tuple[int, int, int]) -> None:
    """Paint in this colour (sRGB) from now on."""
    paint = ManagedColor("RGBA", "U8", "")
    red, green, blue = color
    paint.setComponents([blue / 255, green / 255, red / 255, 1.0])
    stage.app.activeWindow().activeView().setForeGroundColor(paint)


def place_widget(stage: Any, widget: QWidget, x: float, y: float) -> tuple[int, int]:
    """A place in a widget, by fractions of its size, on the screen."""
    point = widget.mapToGlobal(QPoint(round(x * widget.width()), round(y * widget.height())))
    return point.x(), point.y()


def drawing(
    stage: Any, file: str, model: str = "RGBA", depth: str = "U8", profile: str = SRGB, scale: float = 1.0
) -> Any:
    """A document as artists have them: white paper, and the ink of a picture on a transparent layer over it."""
    picture = QImage(file).convertToFormat(QImage.Format.Format_Grayscale8)
    if scale != 1.0:
        picture = picture.scaled(round(picture.width() * scale), round(picture.height() * scale))
    picture.invertPixels()
    ink = QImage(picture.size(), QImage.Format.Format_ARGB32)
    ink.fill(QColor(20, 18, 30))
    ink.setAlphaChannel(picture)
    document = stage.app.createDocument(picture.width(), picture.height(), "drawing", model, depth, profile, 300.0)
    layer = document.createNode("Ink", "paintlayer")
    document.rootNode().addChildNode(layer, None)
    write(layer, ink)
    return document


def write(layer: Any, picture: QImage) -> None:
    """Put a picture into a layer, converted to the layer's space by Krita."""
    space = layer.colorModel(), layer.colorDepth(), layer.colorProfile()
    if space[:2] != ("RGBA", "U8"):
        layer.setColorSpace("RGBA", "U8", SRGB)
    picture = picture.convertToFormat(QImage.Format.Format_ARGB32)
    bits: Any = picture.constBits()
    bits.setsize(picture.sizeInBytes())
    layer.setPixelData(QByteArray(bytes(bits)), 0, 0, picture.width(), picture.height())
    if space[:2] != ("RGBA", "U8"):
        layer.setColorSpace(*space)


def layers(document: Any) -> list[Any]:
    """Name, kind, blend mode and children of every layer, bottom to top."""
    return [_layer(node) for node in document.rootNode().childNodes()]


def _layer(node: Any) -> list[Any]:
    children = [_layer(child) for child in node.childNodes()]
    return [node.name(), node.type(), node.blendingMode(), children]


def prints(document: Any, besides: str = "Auto color") -> dict[str, int]:
    """A checksum of each layer's pixels, by path of names; groups called ``besides`` left out."""
    found: dict[str, int] = {}

    def walk(node: Any, path: str) -> None:
        for number, child in enumerate(node.childNodes()):
            if child.name() != besides:
                name = f"{path}/{number if path else ''}{child.name()}"
                data = child.pixelData(0, 0, document.width(), document.height())
                found[name] = zlib.crc32(bytes(data))
                walk(child, name)

    walk(document.rootNode(), "")
    return found


def pixel(layer: Any, x: int, y: int) -> list[int]:
    """Red, green, blue, alpha of a layer of RGBA 8 bit."""
    blue, green, red, alpha = bytes(layer.pixelData(x, y, 1, 1))
    return [red, green, blue, alpha]


def node(document: Any, *path: str) -> Any:
    """A layer by the names that lead to it."""
    found = document.rootNode()
    for name in path:
        found = next(child for child in reversed(found.childNodes()) if child.name() == name)
    return found


def label(panel: QWidget, name: str) -> str:
    found = panel.findChild(QLabel, name)
    return found.text() if found is not None else ""
