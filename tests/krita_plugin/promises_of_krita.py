"""What the plug-in takes for granted of Krita's scripts: each a script of tests/editors/krita/run.py.

They are played in the stand-in (test_stand_in.py) and inside the real Krita (tests/editors/krita/test_stand_in.py),
so that the fast tests stand on what Krita does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

SRGB = "sRGB-elle-V2-srgbtrc.icc"
Play = Iterator[Any]
Script = Callable[[Any], Play]
PROMISES: dict[str, Script] = {}


def promise(script: Script) -> Script:
    """Closing a document in the very moment in which a layer was added crashes Krita; no artist is as quick."""

    @functools.wraps(script)
    def settled(stage: Any) -> Play:
        yield from script(stage)
        yield 0.3

    PROMISES[script.__name__] = settled
    return settled


def hidden(stage: Any, model: str = "RGBA", depth: str = "U8", size: tuple[int, int] = (40, 30)) -> Any:
    """Keep it: a hidden document ends with the last reference to it, and using a layer of it then crashes Krita."""
    return stage.app.createDocument(*size, "promises", model, depth, SRGB if model == "RGBA" else "", 72.0)


def shown(stage: Any, **kind: Any) -> Any:
    document = hidden(stage, **kind)
    yield from stage.show(document)
    return document


def layer(document: Any, name: str = "ink", kind: str = "paintlayer") -> Any:
    """A new layer on top of all others."""
    node = document.createNode(name, kind)
    assert document.rootNode().addChildNode(node, None)
    return node


def write(node: Any, pixel: bytes, x: int, y: int, width: int, height: int) -> None:
    """Fill a rectangle with a pixel as the layer's space keeps it."""
    pixels = type(node.pixelData(0, 0, 1, 1))(pixel * (width * height))
    node.setPixelData(pixels, x, y, width, height)


def pixel(node: Any, x: int, y: int) -> bytes:
    return bytes(node.pixelData(x, y, 1, 1))


def rect(node: Any) -> tuple[int, int, int, int]:
    bounds = node.bounds()
    return bounds.x(), bounds.y(), bounds.width(), bounds.height()


def names(document: Any) -> list[str]:
    return [node.name() for node in document.rootNode().childNodes()]


def key(node: Any) -> str:
    return str(node.uniqueId().toString())


def trigger(stage: Any, action: str) -> Play:
    stage.app.action(action).trigger()
    yield 0.3


# Documents.


@promise
def a_new_document_has_one_white_layer(stage: Any) -> Play:
    yield
    document = hidden(stage)
    assert (document.width(), document.height()) == (40, 30)
    assert (document.colorModel(), document.colorDepth(), document.colorProfile()) == ("RGBA", "U8", SRGB)
    assert len(names(document)) == 1
    assert bytes(document.rootNode().childNodes()[0].pixelData(0, 0, 40, 30)) == b"\xff" * 40 * 30 * 4
    assert document.name() == "promises" and document.fileName() == ""


@promise
def a_hidden_document_is_listed_and_in_no_view(stage: Any) -> Play:
    yield
    document = hidden(stage)
    assert document in stage.app.documents()
    assert not any(view.document() == document for view in stage.app.views())
    assert document.activeNode() is None
    front = stage.app.activeDocument()
    assert front is None or front != document


@promise
def a_document_in_a_view_is_the_active_one(stage: Any) -> Play:
    first = yield from shown(stage)
    second = yield from shown(stage)
    assert stage.app.activeDocument() == second != first
    assert sum(view.document() in (first, second) for view in stage.app.views()) == 2
    assert second.activeNode() is not None


@promise
def a_closed_document_is_listed_no_more(stage: Any) -> Play:
    first = yield from shown(stage)
    second = yield from shown(stage)
    root = key(second.rootNode())
    second.setModified(False)
    second.close()
    assert root not in [key(document.rootNode()) for document in stage.app.documents()]
    assert second.rootNode() is None
    yield 0.5
    assert stage.app.activeDocument() == first


@promise
def with_the_last_document_closed_none_is_active(stage: Any) -> Play:
    document = yield from shown(stage)
    document.setModified(False)
    document.close()
    yield 0.5
    assert stage.app.activeDocument() is None
    assert stage.app.documents() == []


@promise
def texts_are_kept_with_a_document_also_in_its_file(stage: Any) -> Play:
    document = yield from shown(stage)
    assert "note" not in document.annotationTypes()
    document.setAnnotation("note", "Linewash", type(document.annotation("note"))(b"some text"))
    assert bytes(document.annotation("note")) == b"some text" and "note" in document.annotationTypes()
    path = str(stage.folder / "annotated.kra")
    document.setBatchmode(True)
    assert document.saveAs(path)
    yield 0.5
    again = stage.app.openDocument(path)
    assert bytes(again.annotation("note")) == b"some text"


@promise
def a_file_gives_its_layers_their_ids_back_and_the_document_another(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.3
    document.setBatchmode(True)
    path = str(stage.folder / "ids.kra")
    assert document.saveAs(path)
    yield 0.5
    again = stage.app.openDocument(path)
    assert again.fileName() == path
    assert key(again.rootNode()) != key(document.rootNode())
    assert key(again.rootNode().childNodes()[-1]) == key(node)


@promise
def resizing_moves_the_canvas_and_keeps_the_layers(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    write(node, bytes([10, 20, 30, 255]), 12, 11, 2, 2)
    document.resizeImage(10, 10, 50, 20)
    yield 0.5
    assert (document.width(), document.height()) == (50, 20)
    assert rect(node) == (2, 1, 2, 2)
    assert key(node) in [key(child) for child in document.rootNode().childNodes()]


# Layers.


@promise
def layers_are_counted_from_below(stage: Any) -> Play:
    document = yield from shown(stage)
    first, second = layer(document, "first"), layer(document, "second")
    between = document.createNode("between", "paintlayer")
    assert document.rootNode().addChildNode(between, first)
    yield 0.3
    assert names(document)[1:] == ["first", "between", "second"]
    assert second.parentNode() == document.rootNode()
    assert document.rootNode().parentNode() is None or key(document.rootNode()) != key(first)


@promise
def what_was_added_becomes_active(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.3
    assert key(document.activeNode()) == key(node)


@promise
def a_layer_can_be_made_active_once_the_added_one_is(stage: Any) -> Play:
    document = yield from shown(stage)
    below = document.rootNode().childNodes()[0]
    node = layer(document)
    document.setActiveNode(below)  # too early: it still is the active one
    yield 0.3
    assert key(document.activeNode()) == key(node)
    document.setActiveNode(below)
    assert key(document.activeNode()) == key(below)
    yield 0.3
    assert key(document.activeNode()) == key(below)


@promise
def when_the_active_layer_is_removed_another_is_active(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.3
    node.remove()
    yield 0.3
    assert key(document.activeNode()) == key(document.rootNode().childNodes()[0])


@promise
def an_id_stays_when_a_layer_is_renamed_or_moved(stage: Any) -> Play:
    document = yield from shown(stage)
    group, node = layer(document, "group", "grouplayer"), layer(document)
    before = key(node)
    node.setName("other")
    node.remove()
    yield 0.3
    assert group.addChildNode(node, None)
    yield 0.3
    assert [key(child) for child in group.childNodes()] == [before]
    assert [child.name() for child in group.childNodes()] == ["other"]


@promise
def a_copy_has_an_id_of_its_own_and_is_nowhere(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    write(node, bytes([1, 2, 3, 255]), 0, 0, 1, 1)
    node.setOpacity(100)
    node.setBlendingMode("multiply")
    node.setLocked(True)
    copy = node.duplicate()
    assert key(copy) != key(node)
    assert (copy.opacity(), copy.blendingMode(), copy.locked()) == (100, "multiply", True)
    assert pixel(copy, 0, 0) == bytes([1, 2, 3, 255])
    write(copy, bytes([9, 9, 9, 255]), 0, 0, 1, 1)
    assert pixel(node, 0, 0) == bytes([1, 2, 3, 255])
    assert len(names(document)) == 2


@promise
def a_layer_is_added_only_beside_what_lies_in_the_same_group(stage: Any) -> Play:
    document = yield from shown(stage)
    group, node = layer(document, "group", "grouplayer"), layer(document)
    assert document.rootNode().addChildNode(document.createNode("new", "paintlayer"), group)
    yield 0.3
    assert node.type() == "paintlayer" and group.type() == "grouplayer"
    assert names(document)[1:] == ["group", "new", "ink"]


# Undo.


@promise
def a_group_built_elsewhere_comes_and_goes_in_one_step(stage: Any) -> Play:
    document = yield from shown(stage)
    builder = hidden(stage, size=(1, 1))
    group = builder.createGroupLayer("colours")
    builder.rootNode().addChildNode(group, None)
    for name in ("flats", "shading"):
        node = builder.createNode(name, "paintlayer")
        group.addChildNode(node, None)
        write(node, bytes([1, 2, 3, 255]), 0, 0, 40, 30)
    copy = group.duplicate()
    assert document.rootNode().addChildNode(copy, None)
    for node in copy.childNodes():  # has Krita compose it; these wrappers still are the hidden document's
        node.setBlendingMode(node.blendingMode())
    builder.setModified(False)
    builder.close()
    yield 0.5
    keys = [key(child) for child in copy.childNodes()]
    assert [child.name() for child in copy.childNodes()] == ["flats", "shading"]
    assert rect(copy.childNodes()[0]) == (0, 0, 40, 30)
    yield from trigger(stage, "edit_undo")
    assert names(document)[1:] == []
    yield from trigger(stage, "edit_redo")
    assert names(document)[1:] == ["colours"]
    assert [key(child) for child in document.rootNode().childNodes()[-1].childNodes()] == keys


@promise
def a_copy_outlives_the_document_that_it_was_made_in(stage: Any) -> Play:
    document = yield from shown(stage)
    builder = hidden(stage, size=(1, 1))
    node = builder.createNode("overlay", "paintlayer")
    write(node, bytes([1, 2, 3, 255]), 0, 0, 40, 30)
    copy = node.duplicate()
    builder.setModified(False)
    builder.close()
    before = key(copy)
    copy.setOpacity(128)
    copy.setLocked(True)
    assert document.rootNode().addChildNode(copy, None)
    yield 0.5
    top = document.rootNode().childNodes()[-1]
    assert (key(top), top.opacity(), top.locked()) == (before, 128, True)
    assert pixel(top, 39, 29) == bytes([1, 2, 3, 255])


@promise
def writing_pixels_is_no_undo_step(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.3
    write(node, bytes([1, 2, 3, 255]), 0, 0, 5, 5)
    yield from trigger(stage, "edit_undo")
    assert len(names(document)) == 1
    yield from trigger(stage, "edit_redo")
    assert pixel(document.rootNode().childNodes()[-1], 0, 0) == bytes([1, 2, 3, 255])


@promise
def texts_and_activating_are_no_undo_steps(stage: Any) -> Play:
    document = yield from shown(stage)
    below = document.rootNode().childNodes()[0]
    layer(document)
    yield 0.3
    document.setAnnotation("note", "Linewash", type(document.annotation("note"))(b"text"))
    document.setActiveNode(below)
    yield 0.3
    yield from trigger(stage, "edit_undo")
    assert len(names(document)) == 1


@promise
def removing_is_an_undo_step(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    before = key(node)
    yield 0.3
    node.remove()
    yield 0.3
    assert len(names(document)) == 1
    yield from trigger(stage, "edit_undo")
    assert key(document.rootNode().childNodes()[-1]) == before


@promise
def converting_a_layer_is_an_undo_step_even_of_a_copy(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.3
    node.duplicate().setColorSpace("RGBA", "U16", SRGB)
    yield 0.3
    yield from trigger(stage, "edit_undo")
    assert len(names(document)) == 2
    yield from trigger(stage, "edit_undo")
    assert len(names(document)) == 1


# Pixels.


@promise
def pixels_lie_where_the_canvas_has_them(stage: Any) -> Play:
    yield
    document = hidden(stage)
    node = layer(document)
    assert rect(node)[2:] == (0, 0)
    write(node, bytes([10, 20, 30, 255]), -3, 28, 5, 4)
    assert rect(node) == (-3, 28, 5, 4)
    assert pixel(node, 0, 29) == bytes([10, 20, 30, 255])
    assert pixel(node, 2, 29) == bytes(4)
    data = bytes(node.pixelData(1, 27, 2, 2))
    assert data == bytes(8) + bytes([10, 20, 30, 255]) + bytes(4)
    assert len(node.pixelData(0, 0, 40, 30)) == 40 * 30 * 4


@promise
def bounds_are_those_of_what_can_be_seen(stage: Any) -> Play:
    yield
    document = hidden(stage)
    node = layer(document)
    write(node, bytes([10, 20, 30, 255]), 5, 5, 10, 10)
    write(node, bytes([0, 0, 0, 0]), 5, 5, 10, 4)
    assert rect(node) == (5, 9, 10, 6)


@promise
def red_lies_third_in_integer_pixels_and_first_in_floats(stage: Any) -> Play:
    yield
    document = hidden(stage)
    node = layer(document)
    write(node, bytes([0, 0, 255, 255]), 0, 0, 1, 1)  # red
    node.setColorSpace("RGBA", "U16", SRGB)
    assert pixel(node, 0, 0) == bytes([0, 0, 0, 0, 255, 255, 255, 255])
    node.setColorSpace("RGBA", "F32", SRGB)
    red = memoryview(pixel(node, 0, 0)).cast("f").tolist()
    assert [round(value, 2) for value in red] == [1, 0, 0, 1]
    node.setColorSpace("RGBA", "U8", SRGB)
    assert pixel(node, 0, 0) == bytes([0, 0, 255, 255])


@promise
def other_spaces_have_pixels_of_their_own_size(stage: Any) -> Play:
    yield
    for model, depth, size, alpha in (
        ("GRAYA", "U8", 2, 1),
        ("GRAYA", "U16", 4, 2),
        ("CMYKA", "U8", 5, 1),
        ("RGBA", "F16", 8, 2),
    ):
        document = hidden(stage, model, depth)
        assert (document.colorModel(), document.colorDepth()) == (model, depth)
        node = layer(document)
        assert (node.colorModel(), node.colorDepth(), node.colorProfile()) == (model, depth, document.colorProfile())
        assert len(node.pixelData(0, 0, 3, 2)) == 6 * size
        assert not any(pixel(node, 0, 0)[-alpha:])


@promise
def grey_and_inks_become_colours_and_back(stage: Any) -> Play:
    yield
    for model, white, black in (
        ("GRAYA", bytes([255, 255]), bytes([0, 255])),
        ("CMYKA", bytes([0, 0, 0, 0, 255]), bytes([255, 255, 255, 255, 255])),
    ):
        document = hidden(stage, model, "U8")
        node = layer(document)
        write(node, white, 0, 0, 1, 1)
        write(node, black, 1, 0, 1, 1)
        node.setColorSpace("RGBA", "U8", SRGB)
        assert all(value >= 250 for value in pixel(node, 0, 0))
        assert all(value <= 40 for value in pixel(node, 1, 0)[:3]) and pixel(node, 1, 0)[3] == 255
        assert pixel(node, 2, 0)[3] == 0


@promise
def a_group_looks_like_what_is_in_it(stage: Any) -> Play:
    document = yield from shown(stage)
    group = layer(document, "group", "grouplayer")
    node = document.createNode("in it", "paintlayer")
    write(node, bytes([10, 20, 30, 255]), 2, 2, 4, 4)
    group.addChildNode(node, None)
    yield 0.3
    document.refreshProjection()
    yield 0.3
    assert bytes(group.projectionPixelData(3, 3, 1, 1)) == bytes([10, 20, 30, 255])
    assert bytes(group.projectionPixelData(0, 0, 1, 1)) == bytes(4)
    eraser = document.createNode("eraser", "paintlayer")
    eraser.setBlendingMode("erase")
    write(eraser, bytes([0, 0, 0, 255]), 3, 3, 1, 1)
    group.addChildNode(eraser, None)
    yield 0.3
    document.refreshProjection()
    yield 0.3
    assert bytes(group.projectionPixelData(3, 3, 1, 1))[3] == 0
    assert bytes(group.projectionPixelData(4, 3, 1, 1)) == bytes([10, 20, 30, 255])


# Selections, palettes, settings, frames.


@promise
def nothing_is_selected_at_first_and_a_selection_lies_on_the_canvas(stage: Any) -> Play:
    import krita

    document = yield from shown(stage)
    assert document.selection() is None
    selection = krita.Selection()
    selection.select(5, 6, 10, 4, 255)
    selection.select(5, 6, 2, 4, 128)
    document.setSelection(selection)
    yield 0.3
    found = document.selection()
    assert (found.width(), found.height()) == (10, 4)
    data = bytes(found.pixelData(0, 0, 40, 30))
    assert len(data) == 40 * 30
    assert [data[6 * 40 + x] for x in (4, 5, 7, 14, 15)] == [0, 128, 255, 255, 0]


@promise
def palettes_are_listed_and_give_their_colours(stage: Any) -> Play:
    import krita

    yield
    palettes = stage.app.resources("palette")
    assert palettes and all(isinstance(name, str) for name in palettes)
    palette = krita.Palette(next(iter(palettes.values())))
    entries = [palette.colorSetEntryByIndex(index) for index in range(palette.numberOfEntries())]
    color = next(entry for entry in entries if entry.isValid()).color()
    color.setColorSpace("RGBA", "U8", SRGB)
    assert len(color.components()) == 4
    assert all(0 <= value <= 1 for value in color.components())


@promise
def settings_are_kept_by_group_and_name(stage: Any) -> Play:
    yield
    assert stage.app.readSetting("promises", "nothing", "") == ""
    stage.app.writeSetting("promises", "something", '{"a": [1, "ü, =;"]}')
    assert stage.app.readSetting("promises", "something", "") == '{"a": [1, "ü, =;"]}'
    assert stage.app.readSetting("others", "something", "x") == "x"


@promise
def a_layer_is_not_animated_at_first(stage: Any) -> Play:
    document = yield from shown(stage)
    node = layer(document)
    yield 0.2
    assert not node.animated() and not node.hasKeyframeAtTime(0)
    assert document.currentTime() == 0
