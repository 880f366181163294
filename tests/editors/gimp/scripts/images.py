"""Images as artists have them: of every kind, with layers of every kind as line art."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import easel
from gi.repository import Babl, Gegl, Gimp

ROLES = {"flats": True, "shading": False, "highlights": True}  # columns, and the line art as the daemon got it


def kind(stage: Any) -> None:
    """Colour an image of ``base`` and ``precision``, with the ``profile`` of that name in it when there is one."""
    image, ink = easel.drawing(stage.args["base"], stage.args["precision"])
    if stage.args.get("profile"):
        image.set_color_profile(getattr(Gimp.ColorProfile, f"new_{stage.args['profile']}")())
    wanted, profile = easel.read(ink), _profile(image)
    before, was = [easel.entry(layer) for layer in easel.flat(image.get_layers())], easel.state(image)
    group = easel.run(stage, image, ink, **ROLES)
    highlights, flats = group.get_children()
    stage.result.update(
        names=easel.names(image.get_layers()),
        colors=easel.colors(flats),
        line_art_off=_seen_off(wanted, easel.read(highlights)),
        rgb=image.get_base_type() == Gimp.ImageBaseType.RGB,
        precision=[int(image.get_precision()) == was["kind"][1], _component(flats) == _component(ink)],
        profile_kept=_profile(image) == profile,
        kept=easel.others(image, group) == before,
        selected=[layer.get_name() for layer in image.get_selected_layers()],
        dirty=image.is_dirty(),
    )
    group.get_children()[0].set_visible(False)
    seen = easel.visible(image)
    stage.result["shows"] = list(seen[4 * (5 * easel.WIDTH + 10) :][:3])


def indexed(stage: Any) -> None:
    """Colour an image with a colormap of its own."""
    image, ink = easel.drawing()
    image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 8, False, False, "")
    image.clean_all()
    before = {layer.get_name(): bytes(easel.read(layer)) for layer in image.get_layers()}
    group = easel.run(stage, image, ink)
    ours = group.get_id()
    stage.result.update(
        rgb=image.get_base_type() == Gimp.ImageBaseType.RGB,
        names=easel.names(image.get_layers()),
        colors=easel.colors(group.get_children()[-1]),
        kept=before == {one.get_name(): bytes(easel.read(one)) for one in image.get_layers() if one.get_id() != ours},
    )


def line_art(stage: Any) -> None:
    """Colour with a layer of ``kind`` as line art; what the daemon got of it is what was seen."""
    image = easel.new_image()
    line = LAYERS[stage.args["kind"]](image)
    image.set_selected_layers([line, image.get_layers()[-1]])
    selected = {layer.get_id() for layer in image.get_selected_layers()}
    wanted = _alone(image, line)
    before = [easel.entry(layer) for layer in easel.flat(image.get_layers())]
    group = easel.run(stage, image, line, **ROLES)
    parent = group.get_parent()
    stage.result.update(
        siblings=[layer.get_name() for layer in (parent.get_children() if parent else image.get_layers())],
        mode=group.get_mode().value_nick,
        off=_seen_off(wanted, easel.read(group.get_children()[0])),
        images=len(Gimp.get_images()),
        inked=any(wanted[3::4]),
        kept=easel.others(image, group) == before,
        selected_kept={layer.get_id() for layer in image.get_selected_layers()} == selected,
    )


def selection(stage: Any) -> None:
    """Colour within a selection with edges of ``soft`` px."""
    image, ink = easel.drawing(stage.args["base"], stage.args["precision"])
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 30, 12, 90, 36)
    if stage.args["soft"]:
        Gimp.Selection.feather(image, stage.args["soft"])
    shade, plain = easel.state(image)["selection"], easel.run(stage, image, ink, **ROLES)
    within = easel.run(stage, image, ink, selection_only=True, **ROLES)
    whole, part = (easel.read(one.get_children()[-1], easel.SRGB16) for one in (plain, within))
    box = Gegl.Rectangle.new(0, 0, easel.WIDTH, easel.HEIGHT)
    chosen = memoryview(bytes(image.get_selection().get_buffer().get(box, 1.0, "Y u16", Gegl.AbyssPolicy.NONE)))
    shares = chosen.cast("H")
    full = [n for n, share in enumerate(shares) if share == 65535]
    none = [n for n, share in enumerate(shares) if share == 0]
    soft = [n for n, share in enumerate(shares) if 0 < share < 65535]
    stage.result.update(
        parts=[len(full) > 0, len(none) > 0, len(soft) > 0],
        exact=all(part[4 * n : 4 * n + 4] == whole[4 * n : 4 * n + 4] for n in full),
        empty=not any(part[4 * n + 3] for n in none),
        off=max((abs(part[4 * n + 3] - whole[4 * n + 3] * shares[n] / 65535) / 257 for n in soft), default=0.0),
        masks=[layer.get_mask() is not None for layer in within.get_children()],
        kept=easel.state(image)["selection"] == shade,
    )


def several(stage: Any) -> None:
    """Of two images that are open one is coloured."""
    (one, ink), (other, _) = easel.drawing(), easel.drawing("gray")
    before = easel.state(other)
    easel.run(stage, one, ink)
    stage.result["kept"] = easel.state(other) == before
    stage.result["images"] = len(Gimp.get_images())
    stage.result["names"] = easel.names(one.get_layers())


def floating(stage: Any) -> None:
    """Colour while a pasted piece floats over the line art."""
    image, ink = easel.drawing()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 8, 8, 30, 30)
    Gimp.edit_copy([ink])
    Gimp.edit_paste(ink, True)
    stage.result["floats"] = image.get_floating_sel() is not None
    before = [easel.entry(layer) for layer in easel.flat(image.get_layers())]
    group = easel.run(stage, image, ink, **ROLES)
    stage.result["kept"] = easel.others(image, group) == before
    stage.result["names"] = easel.names(image.get_layers())
    stage.result["still"] = image.get_floating_sel() is not None


def _negative(image: Any) -> Any:
    layer = easel.new_layer(image, "Line", (100, 50))
    layer.set_offsets(-20, -5)
    easel.draw(layer, (30, 10, 60, 35))
    return layer


def _beyond(image: Any) -> Any:
    layer = easel.new_layer(image, "Line", (400, 200))
    layer.set_offsets(-100, -80)
    easel.draw(layer, (110, 90, 60, 35))
    return layer


def _hidden(image: Any) -> Any:
    layer = easel.new_layer(image, "Line")
    easel.draw(layer)
    layer.set_visible(False)
    return layer


def _group(image: Any) -> Any:
    group = Gimp.GroupLayer.new(image, "Line")
    image.insert_layer(group, None, 0)
    for number, left in enumerate((5, 80)):
        easel.draw(easel.new_layer(image, f"Part {number}", parent=group), (left, 8, 60, 40))
    return group


def _nested(image: Any) -> Any:
    group = Gimp.GroupLayer.new(image, "Figure")
    image.insert_layer(group, None, 0)
    easel.fill(easel.new_layer(image, "Below", parent=group), (0, 0, 9, 9), (9, 99, 9, 255))
    layer = easel.new_layer(image, "Line", parent=group)
    easel.draw(layer)
    return layer


def _masked(image: Any) -> Any:
    layer = easel.new_layer(image, "Line")
    easel.draw(layer)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    box = (0, 0, 30, easel.HEIGHT)
    buffer = mask.get_buffer()
    buffer.set(Gegl.Rectangle.new(*box), "Y u8", bytes(box[2] * box[3]))
    buffer.flush()
    mask.update(*box)
    return layer


def _passing_through(image: Any) -> Any:
    group = _group(image)
    group.set_mode(Gimp.LayerMode.PASS_THROUGH)
    return group


def _unmasked(image: Any) -> Any:
    layer = _masked(image)
    layer.set_apply_mask(False)
    return layer


def _text(image: Any) -> Any:
    layer = Gimp.TextLayer.new(
        image, "LINE", Gimp.Font.get_by_name("DejaVu Sans") or Gimp.context_get_font(), 40, _px()
    )
    image.insert_layer(layer, None, 0)
    layer.set_offsets(10, 5)
    return layer


def _px() -> Any:
    return Gimp.Unit.pixel()


def _opaque(image: Any) -> Any:
    layer = Gimp.Layer.new(image, "Line", easel.WIDTH, easel.HEIGHT, Gimp.ImageType.RGB_IMAGE, 100, easel.NORMAL)
    image.insert_layer(layer, None, 0)
    layer.fill(Gimp.FillType.WHITE)
    easel.draw(layer)
    return layer


def _bottom(image: Any) -> Any:
    layer = easel.new_layer(image, "Line")
    easel.draw(layer)
    image.reorder_item(layer, None, 1)
    return layer


def _locked(image: Any) -> Any:
    layer = easel.new_layer(image, "Line")
    easel.draw(layer)
    for lock in (layer.set_lock_content, layer.set_lock_position, layer.set_lock_visibility, layer.set_lock_alpha):
        lock(True)
    return layer


def _in_locked_group(image: Any) -> Any:
    layer = _nested(image)
    for lock in (layer.get_parent().set_lock_content, layer.get_parent().set_lock_position):
        lock(True)
    return layer


def _faint(image: Any) -> Any:
    layer = easel.new_layer(image, "Line")
    easel.draw(layer)
    layer.set_opacity(30)
    layer.set_mode(Gimp.LayerMode.DIFFERENCE)
    return layer


LAYERS: dict[str, Callable[[Any], Any]] = {
    "negative": _negative,
    "beyond": _beyond,
    "hidden": _hidden,
    "group": _group,
    "group passing through": _passing_through,
    "nested": _nested,
    "masked": _masked,
    "mask off": _unmasked,
    "text": _text,
    "opaque": _opaque,
    "bottom": _bottom,
    "locked": _locked,
    "in a locked group": _in_locked_group,
    "faint": _faint,
}


def _alone(image: Any, line: Any) -> Any:
    """What is seen of the layer with nothing else in the image, fully opaque."""
    copy = image.duplicate()
    twin = easel.flat(copy.get_layers())[[one.get_id() for one in easel.flat(image.get_layers())].index(line.get_id())]
    for layer in easel.flat(copy.get_layers()):
        layer.set_visible(False)
    above = twin
    while above is not None:
        above.set_lock_visibility(False)
        above.set_visible(True)
        above = above.get_parent()
    for child in easel.flat(twin.get_children()) if twin.is_group() else []:
        child.set_visible(True)
    twin.set_opacity(100)
    twin.set_mode(easel.NORMAL)
    pixels = easel.visible(copy)
    copy.delete()
    return pixels


def _seen_off(one: Any, other: Any) -> int:
    """The largest difference of what shows, with colours weighed by their alpha."""
    one, other = bytes(one), bytes(other)
    worst: int = easel.furthest(one[3::4], other[3::4])
    for part in range(3):
        for a, b, alpha in zip(one[part::4], other[part::4], one[3::4], strict=True):
            worst = max(worst, abs(a - b) * alpha // 255)
    return worst


def _profile(image: Any) -> bytes | None:
    profile = image.get_color_profile()
    return None if profile is None else bytes(profile.get_icc_profile())


def _component(layer: Any) -> str:
    """Such as ``u16``, and whether it is linear."""
    encoding = str(Babl.format_get_encoding(layer.get_format()))
    return f"{encoding.split()[-1]} {'perceptual' if chr(39) in encoding else 'linear'} {'~' in encoding}"
