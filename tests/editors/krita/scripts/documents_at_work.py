"""Selections, frames, files and several documents, coloured through the docker; see documents.py."""

from __future__ import annotations

import shutil
import zlib
from typing import Any

from artist import Docker, Step, ink, layers, node, write
from documents import (
    HEIGHT,
    WIDTH,
    add_ink,
    alphas,
    canvas,
    choose,
    color,
    facts,
    ink_picture,
    names,
    open_canvas,
    pixels,
)
from krita import Selection

LEFT, TOP, ACROSS, DOWN = 30, 20, 70, 50


def _select(document: Any, soft: int = 0) -> bytes:
    """Selects a rectangle; returns how much each pixel is selected."""
    selection = Selection()
    selection.select(LEFT, TOP, ACROSS, DOWN, 255)
    if soft:
        selection.feather(soft)
    document.setSelection(selection)
    return bytes(selection.pixelData(0, 0, WIDTH, HEIGHT))


def selected(stage: Any) -> Any:
    """A click with a selection: what of the columns came, by how much it was selected."""
    document = canvas(stage)
    add_ink(document)
    docker = yield from open_canvas(stage, document, placement="new_group")
    before = facts(document)
    yield from color(docker)
    whole = pixels(node(document, "Auto color", "Flats"))
    yield 0.3
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: len(names(document)) == 3, what="one step takes the group away")
    mask = _select(document, stage.args["soft"])
    yield 0.2
    yield from color(docker)
    part = pixels(node(document, "Auto color", "Flats"))
    stage.result.update(_compared(whole, part, mask))
    stage.result["soft"] = sum(0 < value < 255 for value in mask)
    stage.result["kept"] = facts(document) == before
    stage.result["told"] = docker.told()


def _compared(whole: bytes, part: bytes, mask: bytes) -> dict[str, Any]:
    """Of all pixels: whether those outside are empty and those inside exact, and how far the edge's alpha is off."""
    empty, exact, off = True, True, 0.0
    for i, weight in enumerate(mask):
        one, other = whole[4 * i : 4 * i + 4], part[4 * i : 4 * i + 4]
        if weight == 0:
            empty &= other[3] == 0
        elif weight == 255:
            exact &= one == other
        else:
            off = max(off, abs(other[3] - one[3] * weight / 255))
    return {"empty": empty, "exact": exact, "off": off}


def updated_within(stage: Any) -> Any:
    """All coloured; then with a selection, in place, in other colours."""
    document = canvas(stage)
    add_ink(document)
    docker = yield from open_canvas(stage, document)
    yield from color(docker)
    flats = node(document, "Auto color", "Flats")
    whole = pixels(flats)
    mask = _select(document, 8)
    yield 0.2
    choose(docker, seed=3)
    yield from color(docker)
    part = pixels(flats)
    outside = [i for i, weight in enumerate(mask) if weight == 0]
    inside = [i for i, weight in enumerate(mask) if weight == 255]
    changed = sum(part[4 * i : 4 * i + 4] != whole[4 * i : 4 * i + 4] for i in inside)
    stage.result["groups"] = names(document).count("Auto color")
    stage.result["outside_kept"] = all(part[4 * i : 4 * i + 4] == whole[4 * i : 4 * i + 4] for i in outside)
    stage.result["inside_changed"] = changed / len(inside)


def selected_nothing(stage: Any) -> Any:
    """A selection that lies beside the canvas, and one that is empty."""
    document = canvas(stage)
    add_ink(document)
    docker = yield from open_canvas(stage, document)
    before = facts(document, "")
    beside = Selection()
    beside.select(WIDTH + 40, 0, 30, 30, 255)
    document.setSelection(beside)
    yield 0.2
    yield from color(docker)
    stage.result["told"] = docker.told()
    stage.result["kept"] = facts(document, "") == before
    docker.flow.dismiss()
    document.setSelection(Selection())
    yield 0.2
    yield from color(docker)
    stage.result["empty"] = [names(document).count("Auto color"), docker.told()]


def many_layers(stage: Any) -> Any:
    document = canvas(stage)
    group = document.createGroupLayer("Many")
    document.rootNode().addChildNode(group, None)
    for number in range(98):
        layer = document.createNode(f"Layer {number}", "paintlayer")
        group.addChildNode(layer, None)
    below = group.childNodes()[49]
    line = document.createNode("Ink", "paintlayer")
    group.addChildNode(line, below)
    write(line, ink_picture())
    docker = yield from open_canvas(stage, document)
    stage.result["choices"] = docker.child("line").count()
    before = facts(document)
    yield from color(docker)
    siblings = [child.name() for child in group.childNodes()]
    stage.result["at"] = siblings[50:52]
    stage.result["kept"] = facts(document) == before


def two_documents(stage: Any) -> Any:
    """Each has its own colours, and an update goes to the one in front."""
    one = canvas(stage, name="one")
    add_ink(one)
    docker = yield from open_canvas(stage, one)
    yield from color(docker)
    other = canvas(stage, name="other")
    add_ink(other)
    docker = yield from open_canvas(stage, other)
    stage.result["can_update"] = docker.flow.view().can_update
    yield from color(docker)
    stage.result["groups"] = [names(document).count("Auto color") for document in (one, other)]
    first, second = (pixels(node(document, "Auto color", "Flats")) for document in (one, other))
    stage.app.action("windows_previous").trigger()
    yield stage.until(lambda: stage.app.activeDocument() == one, what="the first document is in front")
    yield stage.until(lambda: docker.flow.view().document == "one", what="the docker follows")
    choose(docker, seed=5)
    yield from color(docker)
    stage.result["changed"] = [
        pixels(node(one, "Auto color", "Flats")) != first,
        pixels(node(other, "Auto color", "Flats")) != second,
    ]
    stage.result["after"] = [names(document).count("Auto color") for document in (one, other)]


def _animated(stage: Any) -> Step:
    """Ink with frames at 0, 5 and 10, the oval elsewhere in each; a layer Walk with frames of its own below it."""
    document = canvas(stage)
    walk, line = add_ink(document, ink_picture(5, 5), "Walk"), add_ink(document)
    yield from stage.show(document)
    for layer in (walk, line):
        document.setActiveNode(layer)
        yield 0.3
        layer.enableAnimation()
        yield 0.2
        for number, time in enumerate((5, 10)):
            document.setCurrentTime(time)
            document.waitForDone()
            yield 0.2
            stage.app.action("add_blank_frame").trigger()
            yield 0.3
            document.waitForDone()
            write(layer, ink_picture(10 + 10 * number, 4))
    return document


def animated(stage: Any) -> Any:
    """A click on frame 5, then on frame 10, then Live there."""
    document = yield from _animated(stage)
    document.setCurrentTime(5)
    document.waitForDone()
    docker = yield from open_canvas(stage, document)
    before, frames = facts(document), _frames(document)
    stage.result["before"] = [len(set(by_time.values())) for by_time in frames.values()]
    yield from color(docker)
    stage.result["told"] = docker.told()
    stage.result["first"] = names(document)
    flats = node(document, "Auto color", "Flats")
    stage.result["shown"] = yield from _shown_at(document, flats)
    document.setCurrentTime(5)
    yield 0.5
    stage.result["kept"] = [_frames(document) == frames, facts(document) == before]
    choose(docker, seed=2)
    yield from color(docker)
    stage.result["in_place"] = [names(document), docker.told()]
    document.setCurrentTime(10)
    yield 0.5
    yield from color(docker)
    stage.result["second"] = names(document)
    stage.result["told_again"] = docker.told()
    newest = node(document, "Auto color", "Flats")
    stage.result["shown_again"] = yield from _shown_at(document, newest)
    stage.result["frames"] = _frames(document) == frames
    yield from _live_on_frames(stage, document, docker)


def _live_on_frames(stage: Any, document: Any, docker: Docker) -> Step:
    """On frame 10 with colours of its own: repainted in place; looking at other frames brings no groups."""
    document.setCurrentTime(10)
    yield 0.5
    flats = node(document, "Auto color", "Flats")
    before = names(document)
    yield from docker.click("live")
    yield 1.0
    yield docker.idle()
    first = pixels(flats)
    choose(docker, seed=7)
    yield stage.until(lambda: pixels(flats) != first, 20, "the colours follow")
    yield docker.idle()
    for time in (6, 5, 3):
        document.setCurrentTime(time)
        yield 0.6
    yield docker.idle()
    yield from docker.click("live")
    stage.result["live"] = [names(document) == before, docker.told()]


def _frames(document: Any) -> dict[str, dict[int, int]]:
    return {
        name: {
            time: zlib.crc32(bytes(node(document, name).pixelDataAtTime(0, 0, WIDTH, HEIGHT, time)))
            for time in (0, 5, 10)
        }
        for name in ("Walk", "Ink")
    }


def _shown_at(document: Any, layer: Any) -> Step:
    """The frames on which a layer holds something."""
    found = []
    for time in (0, 3, 4, 5, 6, 10, 11, 15):
        document.setCurrentTime(time)
        document.waitForDone()
        yield 0.15
        if any(alphas(layer)):
            found.append(time)
    return found


def undo_beside_an_update(stage: Any) -> Any:
    """A stroke on the hints, Live repaints in place; one step back takes the stroke only."""
    stage.app.action("KritaShape/KisToolBrush").trigger()
    document = canvas(stage)
    add_ink(document)
    docker = yield from open_canvas(stage, document)
    yield from docker.click("new_hint_layer")
    yield stage.until(lambda: docker.flow.view().hints is not None, what="a hint layer")
    yield from color(docker)
    flats, hints = node(document, "Auto color", "Flats"), node(document, "Hints")
    first, layers_before = pixels(flats), layers(document)
    yield from docker.click("live")
    yield 0.5
    yield docker.idle()
    ink(stage, (200, 60, 40))
    yield 0.2
    yield stage.stroke(stage.at(60, 40), stage.at(80, 50), stage.at(100, 40))
    yield stage.until(lambda: pixels(flats) != first, 20, "the colours follow the stroke")
    yield docker.idle()
    stroke, second = pixels(hints), pixels(flats)
    stage.result["stroke"] = any(stroke)
    stage.result["same_layers"] = layers(document) == layers_before
    yield from docker.click("live")
    yield 0.3
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: not any(pixels(hints)), what="one step takes the stroke away")
    stage.result["after_undo"] = [layers(document) == layers_before, pixels(flats) == second]
    yield stage.keys("ctrl+shift+z")
    yield stage.until(lambda: any(pixels(hints)), what="redo brings the stroke back")
    stage.result["redone"] = pixels(hints) == stroke
    yield 0.3
    yield stage.keys("ctrl+z", "ctrl+z")
    yield stage.until(lambda: "Auto color" not in names(document), what="the next step takes the group away")
    yield stage.keys("ctrl+shift+z")
    yield stage.until(lambda: "Auto color" in names(document), what="and redo brings it back")
    stage.result["colors_again"] = pixels(node(document, "Auto color", "Flats")) == second


def saved(stage: Any) -> Any:
    """Coloured, updated, saved, closed and opened again under another name, so that only the file can remember."""
    document = canvas(stage)
    add_ink(document)
    add_ink(document, ink_picture(40, 0), "Other")
    docker = yield from open_canvas(stage, document, "Ink")
    yield from docker.choose("line", "Ink")
    yield from docker.click("new_hint_layer")
    yield from color(docker)
    choose(docker, seed=4)
    yield from color(docker)
    stage.app.action("linewash_show_regions").trigger()
    yield docker.idle()
    yield 0.3
    stage.result["with_overlay"] = len(names(document))
    if not stage.args["overlay"]:
        stage.app.action("linewash_show_regions").trigger()
        yield 0.3
    path, moved = stage.folder / "drawing.kra", stage.folder / f"moved-{stage.args['overlay']}.kra"
    document.setBatchmode(True)
    document.saveAs(str(path))
    document.waitForDone()
    yield 0.5
    yield from stage.close_documents()
    shutil.move(path, moved)
    again = stage.app.openDocument(str(moved))
    yield from stage.show(again)
    yield stage.until(lambda: docker.flow.view().line is not None, what="the docker knows the line art")
    stage.result["names"] = names(again)
    rows = {row.key: row.name for row in docker.flow.view().layers}
    view = docker.flow.view()
    stage.result["rows"], stage.result["regions"] = sorted(rows.values()), view.regions
    stage.result["line"], stage.result["hints"] = rows.get(view.line), rows.get(view.hints)
    again.setActiveNode(again.nodeByName("Other"))
    yield 0.6
    stage.result["still"] = rows.get(docker.flow.view().line)
    flats = pixels(node(again, "Auto color", "Flats"))
    choose(docker, seed=6)
    yield from color(docker)
    stage.result["told"] = docker.told()
    stage.result["updated"] = [names(again), pixels(node(again, "Auto color", "Flats")) != flats]
    if not stage.args["overlay"]:
        stage.app.action("linewash_show_regions").trigger()
        yield docker.idle()
        yield 0.3
    stage.app.action("linewash_show_regions").trigger()
    yield 0.5
    stage.result["hidden"] = names(again)
