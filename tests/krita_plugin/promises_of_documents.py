"""What the plug-in takes for granted of Krita's documents, their layers and undo; see promising.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from .promising import SRGB, Play, Script, hidden, kept_in, key, layer, names, pixel, rect, shown, trigger, write
else:  # inside Krita, where a script is no part of a package
    from promising import SRGB, Play, Script, hidden, kept_in, key, layer, names, pixel, rect, shown, trigger, write

PROMISES: dict[str, Script] = {}
promise = kept_in(PROMISES)

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
