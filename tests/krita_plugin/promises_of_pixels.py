"""What the plug-in takes for granted of Krita's pixels, selections, palettes, settings and frames; see promising.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from .promising import SRGB, Play, Script, hidden, kept_in, layer, pixel, rect, shown, write
else:  # inside Krita, where a script is no part of a package
    from promising import SRGB, Play, Script, hidden, kept_in, layer, pixel, rect, shown, write

PROMISES: dict[str, Script] = {}
promise = kept_in(PROMISES)

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
