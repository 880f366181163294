"""Documents as artists have them, coloured through the docker; the daemon paints the columns of columns_daemon.py."""

from __future__ import annotations

import dataclasses
import zlib
from array import array
from typing import Any

from artist import SRGB, Docker, Step, layers, node, write
from krita import Selection
from PyQt5.QtCore import QRect
from PyQt5.QtGui import QColor, QImage, QPainter, QPen
from sketches import line_name

WIDTH, HEIGHT = 160, 96
COLUMNS = 8


def canvas(stage: Any, model: str = "RGBA", depth: str = "U8", profile: str = SRGB, name: str = "drawing") -> Any:
    """White paper and a layer Sketch, half seen, with a colour in it that no step of ours may change."""
    document = stage.app.createDocument(WIDTH, HEIGHT, name, model, depth, profile, 300.0)
    sketch = document.createNode("Sketch", "paintlayer")
    document.rootNode().addChildNode(sketch, None)
    write(sketch, _blots())
    sketch.setOpacity(102)
    sketch.setBlendingMode("multiply")
    return document


def _blots() -> QImage:
    picture = _clear()
    painter = QPainter(picture)
    for i in range(12):
        painter.fillRect(QRect(9 * i, 5 * i, 40, 30), QColor(20 * i, 255 - 17 * i, 90, 60 + 15 * i))
    painter.end()
    return picture


def ink_picture(x: int = 0, y: int = 0) -> QImage:
    """An oval of ink, moved."""
    picture = _clear()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(20, 18, 30), 3))
    painter.drawEllipse(QRect(x, y, WIDTH, HEIGHT).adjusted(20, 12, -20, -12))
    painter.end()
    return picture


def _clear() -> QImage:
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32)
    picture.fill(QColor(0, 0, 0, 0))
    return picture


def add_ink(document: Any, picture: QImage | None = None, name: str = "Ink") -> Any:
    layer = document.createNode(name, "paintlayer")
    document.rootNode().addChildNode(layer, None)
    write(layer, picture or ink_picture())
    document.waitForDone()
    return layer


def open_canvas(stage: Any, document: Any, line: str = "Ink", **choices: Any) -> Step:
    """Shows it, with the layer active and so the line art; returns the docker."""
    yield from stage.show(document)
    docker = Docker(stage)
    if not docker.child("color").isVisible():
        yield from docker.settle()
    yield stage.until(lambda: docker.flow.view().document == document.name(), what="the docker follows")
    docker.flow.dismiss()
    choose(docker, **choices)
    yield from activate(stage, docker, document, line)
    return docker


def activate(stage: Any, docker: Docker, document: Any, name: str) -> Step:
    document.setActiveNode(document.nodeByName(name))
    yield stage.until(lambda: line_name(docker) == name, what=f"the chooser follows to {name}")
    yield stage.until(docker.child("color").isEnabled, what="the button is enabled")


def choose(docker: Docker, **choices: Any) -> None:
    usual = {"layers": ("flats",), "placement": "update", "seed": 0, "seed_locked": True, **choices}
    docker.flow.change(dataclasses.replace(docker.flow.view().choices, **usual))


def color(docker: Docker) -> Step:
    """A click; until its layers are there."""
    yield from docker.click("color")
    yield docker.idle()
    yield 0.1


def facts(document: Any, besides: str = "Auto color") -> list[Any]:
    """All that an artist set or painted, of every layer that isn't ours."""
    return _facts(document, document.rootNode(), besides)


def _facts(document: Any, parent: Any, besides: str) -> list[Any]:
    found = []
    for child in parent.childNodes():
        if child.name() == besides or child.type() == "selectionmask":  # what is selected is a layer to Krita, too
            continue
        pixels = zlib.crc32(bytes(child.pixelData(-200, -200, WIDTH + 400, HEIGHT + 400)))
        kind = [child.colorModel(), child.colorDepth(), child.colorProfile()]
        own = [child.opacity(), child.visible(), child.locked(), child.blendingMode(), child.animated()]
        bounds, place = child.bounds(), child.position()
        where = [place.x(), place.y()]
        if child.type() != "grouplayer":  # a group's are those of all in it, ours as well
            where += [bounds.x(), bounds.y(), bounds.width(), bounds.height()]
        found.append([child.name(), child.type(), kind, own, where, pixels, _facts(document, child, besides)])
    return found


def srgb(stage: Any, layer: Any) -> list[list[int]]:
    """R, G, B, A of 16 bit sRGB in the middle of each column, as Krita converts the layer's pixels."""
    space = layer.colorModel(), layer.colorDepth(), layer.colorProfile()
    hidden = stage.app.createDocument(1, 1, "converted", *space, 300.0)
    copy = hidden.createNode("copy", "paintlayer")
    copy.setPixelData(layer.pixelData(0, 0, WIDTH, HEIGHT), 0, 0, WIDTH, HEIGHT)
    copy.setColorSpace("RGBA", "U16", SRGB)
    pixels = [_words(bytes(copy.pixelData(x, HEIGHT // 2, 1, 1))) for x in middles()]
    hidden.setModified(False)
    hidden.close()
    return pixels


def middles() -> list[int]:
    return [round((column + 0.5) * WIDTH / COLUMNS) for column in range(COLUMNS)]


def _words(data: bytes) -> list[int]:
    blue, green, red, alpha = (int.from_bytes(data[i : i + 2], "little") for i in range(0, 8, 2))
    return [red, green, blue, alpha]


def pixels(layer: Any, x: int = 0, y: int = 0, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    return bytes(layer.pixelData(x, y, width, height))


def alphas(layer: Any) -> bytes:
    """Of a layer of RGBA 8 bit."""
    return pixels(layer)[3::4]


def names(document: Any) -> list[str]:
    return [layer[0] for layer in layers(document)]


def space(stage: Any) -> Any:
    """One click in a document of a space; one step back and one forth again."""
    document = canvas(stage, *stage.args["space"])
    add_ink(document).setLocked(True)
    hidden = add_ink(document, ink_picture(-30, 40), "Hidden")
    hidden.setVisible(False)
    docker = yield from open_canvas(stage, document, layers=("flats", "shading"))
    before = facts(document)
    yield from color(docker)
    flats = node(document, "Auto color", "Flats")
    stage.result["space"] = [flats.colorModel(), flats.colorDepth(), flats.colorProfile()]
    stage.result["documents"] = [document.colorModel(), document.colorDepth(), document.colorProfile()]
    stage.result["colors"] = srgb(stage, flats)
    stage.result["group"] = layers(document)[2]
    stage.result["names"] = names(document)
    stage.result["kept"] = facts(document) == before
    stage.result["told"] = docker.told()
    stage.result["active"] = document.activeNode().name()
    stage.result["shows"] = _composed(document)
    yield 0.3
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: len(names(document)) == 4, what="one step takes the group away")
    stage.result["undone"] = facts(document, "") == before
    yield stage.keys("ctrl+shift+z")
    yield stage.until(lambda: len(names(document)) == 5, what="redo brings it back")
    stage.result["redone"] = [layers(document)[2] == stage.result["group"], _composed(document)]


def _composed(document: Any) -> bool:
    """Whether the canvas is what Krita makes of the layers when it composes them anew."""
    document.waitForDone()
    shown = bytes(document.pixelData(0, 0, WIDTH, HEIGHT))
    document.refreshProjection()
    anew = bytes(document.pixelData(0, 0, WIDTH, HEIGHT))
    if document.colorDepth() != "F32":
        return shown == anew
    # Krita's own two compositions of one document differ by 3e-8.
    return all(abs(one - other) < 1e-6 for one, other in zip(array("f", shown), array("f", anew), strict=True))


def line_art(stage: Any) -> Any:
    """One click with a layer of a certain kind as line art: where the group lies, and what the daemon saw."""
    document = canvas(stage)
    name = yield from KINDS[stage.args["kind"]](stage, document)
    document.waitForDone()
    docker = yield from open_canvas(stage, document, name, layers=("flats", "highlights"), placement="new_group")
    before = facts(document)
    yield from color(docker)
    stage.result["told"] = docker.told()
    group = document.nodeByName("Auto color")
    stage.result["blend"] = group.blendingMode()
    siblings = [child.name() for child in group.parentNode().childNodes()]
    stage.result["siblings"], stage.result["parent"] = siblings, group.parentNode().name()
    stage.result["layers"] = [child.name() for child in group.childNodes()]
    stage.result["kept"] = facts(document) == before
    stage.result["active"] = document.activeNode().name()
    seen = alphas(group.childNodes()[-1])
    stage.result["composed"] = _composed(document)
    stage.result["seen"] = differences(seen, expected(stage.args["kind"]))
    yield 0.3
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: document.nodeByName("Auto color") is None, what="one step takes the group away")
    stage.result["undone"] = facts(document) == before


def differences(one: bytes, other: bytes) -> int:
    """How many differ by more than a rounding."""
    return sum(abs(a - b) > 2 for a, b in zip(one, other, strict=True))


def expected(kind: str) -> bytes:
    """Alpha of what the daemon ought to see."""
    if kind == "opaque":
        return b"\xff" * (WIDTH * HEIGHT)
    picture = ink_picture(*OFFSETS.get(kind, (0, 0)))
    if kind == "masked":
        painter = QPainter(picture)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(QRect(WIDTH // 2, 0, WIDTH, HEIGHT), QColor(0, 0, 0))
        painter.end()
    bits: Any = picture.constBits()
    bits.setsize(picture.sizeInBytes())
    return bytes(bits)[3::4]


OFFSETS = {"negative": (-60, -30), "beyond": (70, 40)}


def _plain(stage: Any, document: Any) -> Step:
    add_ink(document)
    yield 0
    return "Ink"


def _moved(stage: Any, document: Any) -> Step:
    layer = add_ink(document)
    layer.move(*OFFSETS[stage.args["kind"]])
    yield 0
    return "Ink"


def _half(stage: Any, document: Any) -> Step:
    layer = add_ink(document)
    layer.setOpacity(102)
    layer.setLocked(True)
    yield 0
    return "Ink"


def _hidden(stage: Any, document: Any) -> Step:
    add_ink(document).setVisible(False)
    yield 0
    return "Ink"


def _nested(stage: Any, document: Any) -> Step:
    outer, inner = document.createGroupLayer("Outer"), document.createGroupLayer("Inner")
    document.rootNode().addChildNode(outer, None)
    outer.addChildNode(inner, None)
    for name in ("Below", "Ink"):
        layer = document.createNode(name, "paintlayer")
        inner.addChildNode(layer, None)
        if name == "Ink":
            write(layer, ink_picture())
    yield 0
    return "Ink"


def _group(stage: Any, document: Any) -> Step:
    group = document.createGroupLayer("Lines")
    document.rootNode().addChildNode(group, None)
    layer = document.createNode("Part", "paintlayer")
    group.addChildNode(layer, None)
    write(layer, ink_picture())
    document.refreshProjection()
    yield 0
    return "Lines"


def _opaque(stage: Any, document: Any) -> Step:
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32)
    picture.fill(QColor(255, 255, 255))
    painter = QPainter(picture)
    painter.drawImage(0, 0, ink_picture())
    painter.end()
    add_ink(document, picture, "Scan")
    yield 0
    return "Scan"


def _bottom(stage: Any, document: Any) -> Step:
    write(document.nodeByName("Background"), ink_picture())
    yield 0
    return "Background"


def _vector(stage: Any, document: Any) -> Step:
    layer = document.createVectorLayer("Pen")
    document.rootNode().addChildNode(layer, None)
    unit = 72 / 300
    x, y, rx, ry = WIDTH / 2 * unit, HEIGHT / 2 * unit, (WIDTH / 2 - 20) * unit, (HEIGHT / 2 - 12) * unit
    layer.addShapesFromSvg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * unit}pt" height="{HEIGHT * unit}pt" '
        f'viewBox="0 0 {WIDTH * unit} {HEIGHT * unit}"><ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="none" '
        f'stroke="#14121e" stroke-width="{3 * unit}"/></svg>'
    )
    yield 0.5
    return "Pen"


def _file(stage: Any, document: Any) -> Step:
    path = str(stage.folder / "ink.png")
    ink_picture().save(path)
    layer = document.createFileLayer("Linked", path, "None")
    document.rootNode().addChildNode(layer, None)
    yield 1.0
    return "Linked"


def _masked(stage: Any, document: Any) -> Step:
    """With a transparency mask that hides its right half, and a filter mask."""
    layer = add_ink(document)
    mask = document.createTransparencyMask("Mask")
    layer.addChildNode(mask, None)
    selection = Selection()
    selection.select(0, 0, WIDTH // 2, HEIGHT, 255)
    mask.setSelection(selection)
    layer.addChildNode(document.createFilterMask("Invert", stage.app.filter("invert"), Selection()), None)
    document.refreshProjection()
    yield 0.3
    return "Ink"


KINDS = {
    "plain": _plain,
    "negative": _moved,
    "beyond": _moved,
    "half": _half,
    "hidden": _hidden,
    "nested": _nested,
    "group": _group,
    "opaque": _opaque,
    "bottom": _bottom,
    "vector": _vector,
    "file": _file,
    "masked": _masked,
}
