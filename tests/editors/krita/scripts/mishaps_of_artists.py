"""What artists do that can't go well, and what they do while the daemon works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from artist import Docker, Step, layers, node, prints
from PyQt5.QtCore import QByteArray
from sketches import colored, line_name, names, obey, open_sketch, sketch, state, tell

BUSY = "sleep 3"


def no_document(stage: Any) -> Any:
    yield from stage.close_documents()
    docker = Docker(stage)
    yield stage.until(lambda: docker.flow.view().document is None, what="no document is seen")
    docker.dock.show()
    stage.app.action("linewash_auto_color").trigger()
    yield from tell(stage, docker)
    stage.result["documents"] = len(stage.app.documents())


def line_layer_just_deleted(stage: Any) -> Any:
    """Deleted, and clicked before the docker has seen it."""
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    node(document, "Ink").remove()
    before = state(document)
    stage.app.action("linewash_auto_color").trigger()
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before


def same_layer_twice(stage: Any) -> Any:
    document = sketch(stage)
    docker = yield from open_sketch(stage, document)
    yield from docker.choose("line", "Ink")
    yield from docker.choose("hints", "Ink")
    yield from _click_in_vain(stage, docker, document)


def empty_line_art(stage: Any) -> Any:
    document = sketch(stage, ink=False)
    docker = yield from open_sketch(stage, document)
    yield from _click_in_vain(stage, docker, document)


def one_pixel(stage: Any) -> Any:
    document = sketch(stage, width=1, height=1)
    docker = yield from open_sketch(stage, document)
    yield from _click_in_vain(stage, docker, document)


def out_of_memory(stage: Any) -> Any:
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, "memory")
    yield from _click_in_vain(stage, docker, document)


def fault_of_the_daemon(stage: Any) -> Any:
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, "crash")
    yield from _click_in_vain(stage, docker, document)


def _click_in_vain(stage: Any, docker: Docker, document: Any) -> Step:
    before = state(document)
    yield from docker.click("color")
    yield docker.idle()
    yield from tell(stage, docker)
    yield 0.3
    stage.result["kept"] = state(document) == before


def line_layer_deleted(stage: Any) -> Any:
    document, docker, before = yield from _meanwhile(stage, lambda document: node(document, "Ink").remove())
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before


def canvas_resized(stage: Any) -> Any:
    def resize(document: Any) -> None:
        how = stage.args["how"]
        if how == "scale":
            document.scaleImage(300, 225, 300, 300, "Bicubic")
        elif how == "crop":
            document.crop(20, 20, 100, 80)
        else:
            document.resizeImage(-10, -10, 260, 190)
        document.waitForDone()

    document, docker, before = yield from _meanwhile(stage, resize)
    yield from tell(stage, docker)
    stage.result["kept"] = state(document) == before
    obey(docker, "")
    yield from colored(stage, docker, document)
    flats = node(document, "Auto color", "Flats").bounds()
    stage.result["next"] = [flats.width(), flats.height()] == [document.width(), document.height()]


def line_layer_renamed(stage: Any) -> Any:
    document, docker, before = yield from _meanwhile(stage, lambda document: node(document, "Ink").setName("Lines"))
    yield stage.until(lambda: len(layers(document)) == 3, what="the group")
    yield from _group_taken_away(stage, document, before)
    stage.result["line"] = line_name(docker)


def line_layer_moved_into_a_group(stage: Any) -> Any:
    def move(_document: Any) -> None:
        stage.app.action("create_quick_group").trigger()

    document, _docker, before = yield from _meanwhile(stage, move)
    yield stage.until(lambda: len(node(document).childNodes()[1].childNodes()) == 2, what="the group within the group")
    yield from _group_taken_away(stage, document, before)


def hint_layer_deleted(stage: Any) -> Any:
    document = sketch(stage)
    docker = yield from open_sketch(stage, document, BUSY)
    yield from docker.click("new_hint_layer")
    yield stage.until(lambda: docker.flow.view().hints is not None, what="the hint layer")
    document, docker, before = yield from _meanwhile(
        stage, lambda document: node(document, "Hints").remove(), document, docker
    )
    yield stage.until(lambda: len(layers(document)) == 3, what="the group")
    stage.result["told"] = docker.told()
    stage.result["hints"] = docker.flow.view().hints
    yield from _group_taken_away(stage, document, before)


def _meanwhile(stage: Any, happens: Callable[[Any], None], document: Any = None, docker: Any = None) -> Step:
    """Click, let something happen while the daemon works, wait for the end. Before: as of after it had happened."""
    if document is None:
        document = sketch(stage)
        docker = yield from open_sketch(stage, document, BUSY)
    yield from docker.click("color")
    yield docker.running()
    yield 0.3
    happens(document)
    yield 0.2
    stage.result["still_running"] = docker.flow.view().running is not None
    before = state(document)
    yield docker.idle()
    return document, docker, before


def _group_taken_away(stage: Any, document: Any, before: list[Any]) -> Step:
    """What stands now, and whether one step of undo gives back what was before."""
    yield 0.3
    stage.result["layers"] = layers(document)
    yield stage.keys("ctrl+z")
    yield stage.until(lambda: state(document) == before, what="one undo gives back what was there")


def other_document_in_front(stage: Any) -> Any:
    """Clicked in one, then another one is worked on."""
    first, second = sketch(stage, "first"), sketch(stage, "second")
    yield from open_sketch(stage, second)
    docker = yield from open_sketch(stage, first, BUSY)
    before = state(second)
    yield from docker.click("color")
    yield docker.running()
    next(view for view in stage.app.views() if view.document() == second).setVisible()
    yield stage.until(lambda: stage.app.activeDocument() == second, what="the other one is in front")
    stage.result["still_running"] = docker.flow.view().running is not None
    yield docker.idle()
    yield 0.5
    stage.result.update(first=names(first), others_kept=state(second) == before, told=docker.told())


def huge(stage: Any) -> Any:
    """A canvas of 12,000 px a side: colours or a sentence, and the drawing as it was."""
    side = 12_000
    document = sketch(stage, width=side, height=side, ink=False)
    bar = bytes([30, 18, 20, 255]) * (side * 20)
    for x, y, width, height in ((0, 1000, side, 20), (0, 11_000, side, 20), (1000, 0, 20, side), (11_000, 0, 20, side)):
        node(document, "Ink").setPixelData(QByteArray(bar), x, y, width, height)
    docker = yield from open_sketch(stage, document)
    before = prints(document)
    yield from docker.click("color")
    yield docker.idle(90)
    yield 0.5
    stage.result["kept"] = prints(document) == before
    stage.result["layers"] = names(document)
    stage.result["told"] = docker.told()
    flats = document.rootNode().childNodes()[1]
    stage.result["size"] = [flats.bounds().width(), flats.bounds().height()]


def two_views(stage: Any) -> Any:
    """Of one document; one of them is closed while the daemon works."""
    document = sketch(stage)
    yield from open_sketch(stage, document)
    docker = yield from open_sketch(stage, document, BUSY)
    stage.result["views"] = len(stage.app.views())
    before = state(document)
    yield from docker.click("color")
    yield docker.running()
    stage.app.action("file_close").trigger()
    yield stage.until(lambda: len(stage.app.views()) == 1, what="one view is closed")
    stage.result["still_running"] = docker.flow.view().running is not None
    yield docker.idle()
    yield stage.until(lambda: len(layers(document)) == 3, what="the group")
    stage.result["told"] = docker.told()
    yield from _group_taken_away(stage, document, before)
