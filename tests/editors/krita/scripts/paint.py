"""Paint as a hand does."""

from __future__ import annotations

from typing import Any


def _painted(document: Any) -> int:
    """How many pixels of the active layer are not transparent."""
    layer = document.activeNode()
    data = bytes(layer.pixelData(0, 0, document.width(), document.height()))
    return sum(1 for alpha in data[3::4] if alpha)


def stroke(stage: Any) -> Any:
    """A stroke over the canvas, then Ctrl+Z."""
    document = stage.app.createDocument(400, 300, "stroke", "RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc", 300.0)
    yield from stage.show(document)
    layer = document.createNode("ink", "paintlayer")
    document.rootNode().addChildNode(layer, None)
    document.setActiveNode(layer)
    yield lambda: document.activeNode() == layer
    stage.result["before"] = _painted(document)
    stage.mark()
    yield stage.stroke(*(stage.at(x, 75) for x in (100, 150, 200, 250, 300)))
    stage.result["blocked_ms"] = stage.blocked_ms()
    yield stage.until(lambda: _painted(document) > 0, what="the stroke")
    stage.result["painted"] = _painted(document)
    bounds = layer.bounds()
    stage.result["middle"] = [bounds.center().x(), bounds.center().y()]
    stage.shot("painted")
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: _painted(document) == 0, what="the stroke is undone")
    stage.result["left"] = _painted(document)


def picture(stage: Any) -> Any:
    """A document in the window, and a picture of the screen."""
    document = stage.app.createDocument(400, 300, "picture", "RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc", 72.0)
    yield from stage.show(document)
    stage.shot("screen")


def count(stage: Any) -> Any:
    yield
    stage.result["documents"] = len(stage.app.documents())
