"""The whole story of an artist with the docker, by mouse and keys."""

from __future__ import annotations

from typing import Any

from artist import Docker, drawing, ink, layers, node, pixel, place_widget, prints


def _paint(stage: Any, color: tuple[int, int, int], *points: tuple[float, float]) -> Any:
    """A stroke of a colour through places of the canvas widget, by fractions of its size."""
    ink(stage, color)
    yield 0.2
    canvas = stage.canvas()
    yield stage.stroke(*(place_widget(stage, canvas, x, y) for x, y in points))
    yield 0.3


SLOW = 2.5  # a scale at which a drawing that the daemon hasn't seen takes seconds


def _begin(stage: Any, scale: float = 1.0) -> Any:
    stage.app.action("KritaShape/KisToolBrush").trigger()
    document = drawing(stage, stage.args["line"], scale=scale)
    yield from stage.show(document)
    docker = Docker(stage)
    yield from docker.settle()
    fit = stage.app.action("zoom_to_fit")  # 5.1 has no such action, and shows new documents fitted
    if fit is not None:
        fit.trigger()
    document.setActiveNode(node(document, "Ink"))
    yield stage.until(lambda: docker.child("line").currentText().strip() == "Ink", what="the chooser follows")
    return document, docker


def first(stage: Any) -> Any:
    """New hint layer, two strokes, Auto color; undo and redo by keys."""
    document, docker = yield from _begin(stage)
    stage.result["line"] = docker.child("line").currentText().strip()
    yield from docker.click("new_hint_layer")
    yield stage.until(lambda: document.activeNode().name() == "Hints", what="the hint layer is active")
    yield stage.until(lambda: docker.flow.view().hints is not None, what="the chooser shows the hint layer")
    stage.result["hints"] = docker.child("hints").currentText().strip()
    yield from _paint(stage, (200, 60, 40), (0.45, 0.30), (0.50, 0.28), (0.55, 0.30))
    yield from _paint(stage, (90, 160, 90), (0.42, 0.90), (0.50, 0.88), (0.58, 0.90))
    before = prints(document)
    stage.shot("strokes")
    stage.mark()
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == 4, 60, "the group of colours")
    yield docker.idle()
    stage.result["blocked_ms"], stage.result["where"] = stage.blocked_ms(), stage.blocked_where()
    yield 1.0
    stage.shot("colored")
    stage.result["layers"] = layers(document)
    stage.result["active"] = document.activeNode().name()
    stage.result["untouched"] = prints(document) == before
    stage.result["under_strokes"] = _under_strokes(document)
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: len(layers(document)) == 3, what="one step takes the group away")
    stage.result["undone"] = prints(document) == before
    yield stage.keys("ctrl+shift+z")
    yield stage.until(lambda: len(layers(document)) == 4, what="redo brings it back")
    stage.result["redone"] = layers(document)
    stage.result["told"] = docker.told()


def _under_strokes(document: Any) -> dict[str, float]:
    """For each colour of strokes, the share of its opaque pixels off the lines under which the flats have just it."""
    hints, flats, ink = node(document, "Hints"), node(document, "Auto color", "Flats"), node(document, "Ink")
    found: dict[str, list[bool]] = {}
    for y in range(0, document.height(), 5):
        for x in range(0, document.width(), 5):
            *color, alpha = pixel(hints, x, y)
            if alpha == 255 and pixel(ink, x, y)[3] == 0:
                name = "#" + bytes(color).hex()
                found.setdefault(name, []).append(pixel(flats, x, y)[:3] == color)
    return {color: sum(same) / len(same) for color, same in found.items()}


def live(stage: Any) -> Any:
    """Live: the colours follow a stroke without a click, latest wins, off means off."""
    document, docker = yield from _begin(stage)
    yield from docker.click("new_hint_layer")
    yield from docker.click("live")
    yield stage.until(lambda: len(layers(document)) == 4, 60, "the first colours")
    yield docker.idle()
    flats = node(document, "Auto color", "Flats")
    first = bytes(flats.pixelData(0, 0, document.width(), document.height()))
    yield from _paint(stage, (250, 120, 20), (0.45, 0.30), (0.50, 0.28), (0.55, 0.30))

    def changed() -> bool:
        return bytes(flats.pixelData(0, 0, document.width(), document.height())) != first

    yield stage.until(changed, 20, "the colours follow the stroke")
    yield docker.idle()
    stage.shot("live")
    stage.result["layers"] = layers(document)
    stage.result["under_strokes"] = _under_strokes(document)
    yield from docker.click("live")
    off = bytes(flats.pixelData(0, 0, document.width(), document.height()))
    yield from _paint(stage, (20, 60, 220), (0.45, 0.55), (0.50, 0.53), (0.55, 0.55))
    yield 2.0
    stage.result["still"] = bytes(flats.pixelData(0, 0, document.width(), document.height())) == off
    stage.result["running"] = docker.flow.view().running
    stage.result["told"] = docker.told()
    for _ in range(2):  # the stroke; then the group: Live itself leaves one undo step
        yield stage.keys("ctrl+z")
        yield 0.5
    stage.result["undone"] = [layer[0] for layer in layers(document)]


def again(stage: Any) -> Any:
    """A second click updates in place without an undo step; what the artist painted on the flats is left alone."""
    document, docker = yield from _begin(stage)
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == 3, 60, "the group")
    yield docker.idle()
    flats = node(document, "Auto color", "Flats")
    one = bytes(flats.pixelData(0, 0, document.width(), document.height()))
    yield from docker.click("dice")
    yield from docker.click("color")
    yield docker.idle()
    stage.result["repainted"] = bytes(flats.pixelData(0, 0, document.width(), document.height())) != one
    stage.result["in_place"] = layers(document)
    document.setActiveNode(flats)
    yield 0.3
    yield from _paint(stage, (255, 0, 255), (0.40, 0.5), (0.6, 0.5))
    painted = bytes(flats.pixelData(0, 0, document.width(), document.height()))
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == 4, 60, "a new group")
    yield docker.idle()
    stage.result["kept"] = bytes(flats.pixelData(0, 0, document.width(), document.height())) == painted
    stage.result["told"] = docker.told()
    yield stage.until(lambda: len(docker.flow.view().history) == 3, 20, "three results in the history")
    stage.shot("again")


def cancelled(stage: Any) -> Any:
    """Cancel while the daemon works: nothing is inserted, and the next click works."""
    document, docker = yield from _begin(stage, SLOW)
    before = prints(document)
    yield from docker.click("color")
    yield docker.running()
    yield from docker.click("cancel")
    yield docker.idle(10)
    yield 1.5
    stage.result["layers"] = [layer[0] for layer in layers(document)]
    stage.result["untouched"] = prints(document) == before
    stage.result["told"] = docker.told()
    yield from docker.click("color")
    yield stage.until(lambda: len(layers(document)) == 3, 60, "colours after all")
    yield docker.idle()
    yield 0.6  # Krita itself crashes when a document is closed in the moment in which a layer was added to it


def closed(stage: Any) -> Any:
    """Closed while the daemon works: the result is kept and lands in no other document."""
    other = drawing(stage, stage.args["line"])
    yield from stage.show(other)
    before = prints(other)
    document, docker = yield from _begin(stage, SLOW * 1.1)
    yield from docker.click("color")
    yield docker.running()
    document.setModified(False)
    document.close()
    yield docker.idle()
    yield 1.0
    stage.result["told"] = docker.told()
    stage.result["others"] = [layer[0] for layer in layers(other)]
    stage.result["untouched"] = prints(other) == before
    other.setModified(False)
    other.close()
    yield stage.until(lambda: docker.flow.view().document is None, what="no document")
    yield 0.5
    stage.result["kept"] = len(docker.flow.view().history)
