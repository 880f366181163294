"""What scripts share: images of every kind with line art in them, and what is to stay as it is of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from gi.repository import Babl, Gegl, Gimp
from stage import CallFailed

COLOR, HINTS = "plug-in-linewash-color", "plug-in-linewash-hints"
WIDTH, HEIGHT = 160, 60
SRGB8, SRGB16 = "R'G'B'A u8", "R'G'B'A u16"
NORMAL = Gimp.LayerMode.NORMAL
INK = (0, 0, 0, 255)
GROUP = "Auto color"


def new_image(base: str = "rgb", precision: str = "u8_non_linear", size: tuple[int, int] = (WIDTH, HEIGHT)) -> Any:
    """An image with an opaque white *Background*, nothing to undo yet, and as if just saved."""
    kind = Gimp.ImageBaseType.RGB if base == "rgb" else Gimp.ImageBaseType.GRAY
    image = Gimp.Image.new_with_precision(*size, kind, getattr(Gimp.Precision, precision.upper()))
    paper = new_layer(image, "Background", size)
    paper.fill(Gimp.FillType.WHITE)
    return image


def new_layer(image: Any, name: str, size: tuple[int, int] = (WIDTH, HEIGHT), parent: Any = None) -> Any:
    """Transparent, on top of the others in ``parent``."""
    rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    kind = Gimp.ImageType.RGBA_IMAGE if rgb else Gimp.ImageType.GRAYA_IMAGE
    layer = Gimp.Layer.new(image, name, *size, kind, 100, NORMAL)
    image.insert_layer(layer, parent, 0)
    return layer


def draw(layer: Any, box: tuple[int, int, int, int] = (8, 8, 60, 40), color: tuple[int, ...] = INK) -> None:
    """A rectangle's outline, 2 px wide; ``box``: left, top, width, height in the layer."""
    left, top, width, height = box
    for part in ((left, top, width, 2), (left, top + height - 2, width, 2), (left, top, 2, height)):
        fill(layer, part, color)
    fill(layer, (left + width - 2, top, 2, height), color)


def fill(layer: Any, box: tuple[int, int, int, int], color: tuple[int, ...]) -> None:
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(*box), SRGB8, bytes(color) * (box[2] * box[3]))
    buffer.flush()
    layer.update(*box)


def drawing(base: str = "rgb", precision: str = "u8_non_linear") -> tuple[Any, Any]:
    """An image with *Background*, *Sketch*, *Ink* (the line art, which is selected) and *Notes*; and its line art."""
    image = new_image(base, precision)
    fill(new_layer(image, "Sketch", (50, 30)), (3, 4, 20, 10), (130, 130, 130, 90))
    ink = new_layer(image, "Ink")
    draw(ink)
    notes = new_layer(image, "Notes", (30, 20))
    notes.set_offsets(100, 30)
    notes.set_mode(Gimp.LayerMode.OVERLAY)
    notes.set_opacity(40)
    image.set_selected_layers([ink])
    image.clean_all()
    return image, ink


def run(stage: Any, image: Any, *drawables: Any, **values: Any) -> Any:
    """Auto color without a window; its group. Raises `CallFailed`."""
    values = {"run_mode": Gimp.RunMode.NONINTERACTIVE, "image": image, "drawables": list(drawables), **values}
    return stage.call(COLOR, **values)[0]


def refused(action: Callable[[], Any]) -> list[str]:
    """Status and words with which it ended; empty when it went well."""
    try:
        action()
    except CallFailed as error:
        return [error.status, error.message]
    return []


def state(image: Any) -> dict[str, Any]:
    """All of an image that a filter could change."""
    return {
        "kind": [int(image.get_base_type()), int(image.get_precision()), image.get_width(), image.get_height()],
        "profile": _hash(image.get_effective_color_profile().get_icc_profile()),
        "layers": [entry(layer) for layer in flat(image.get_layers())],
        "channels": [channel.get_id() for channel in image.get_channels()],
        "selection": _pixels(image.get_selection()),
        "selected": [layer.get_id() for layer in image.get_selected_layers()],
        "dirty": image.is_dirty(),
    }


def flat(layers: list[Any]) -> list[Any]:
    found: list[Any] = []
    for layer in layers:
        found += [layer, *(flat(layer.get_children()) if layer.is_group() else [])]
    return found


def others(image: Any, group: Any) -> list[Any]:
    """The entries of all layers but those of the group."""
    ours = {layer.get_id() for layer in flat([group])}
    return [entry(layer) for layer in flat(image.get_layers()) if layer.get_id() not in ours]


def entry(layer: Any) -> dict[str, Any]:
    parent, mask = layer.get_parent(), layer.get_mask()
    return {
        "id": layer.get_id(),
        "name": layer.get_name(),
        "parent": parent.get_id() if parent else None,
        "mode": int(layer.get_mode()),
        "blend": [int(layer.get_blend_space()), int(layer.get_composite_space()), int(layer.get_composite_mode())],
        "opacity": layer.get_opacity(),
        "shown": layer.get_visible(),
        "offsets": list(layer.get_offsets())[1:],
        "locks": [layer.get_lock_content(), layer.get_lock_position(), layer.get_lock_visibility()],
        "alpha_locked": layer.get_lock_alpha(),
        "text": layer.is_text_layer(),
        "format": Babl.format_get_encoding(layer.get_format()),
        "pixels": None if layer.is_group() else _pixels(layer),  # of a group: what lies in it
        "mask": _pixels(mask) if mask else None,
    }


def names(layers: list[Any]) -> list[Any]:
    """From top to bottom; a group as its name and what is in it."""
    return [[one.get_name(), names(one.get_children())] if one.is_group() else one.get_name() for one in layers]


def colors(layer: Any, form: str = SRGB16, row: int = 5, columns: int = 8) -> list[list[int]]:
    """The middle of each column of what the test's daemon paints, as sRGB; 16 bit samples."""
    picture = read(layer, form)
    middles = [int((column + 0.5) * WIDTH / columns) for column in range(columns)]
    return [list(picture[4 * (row * WIDTH + x) : 4 * (row * WIDTH + x) + 4]) for x in middles]


def read(layer: Any, form: str = SRGB8) -> Any:
    """Canvas-sized samples, sRGB, as a flat sequence of numbers."""
    _, left, top = layer.get_offsets()
    size = layer.get_image().get_width(), layer.get_image().get_height()
    data = layer.get_buffer().get(Gegl.Rectangle.new(-left, -top, *size), 1.0, form, Gegl.AbyssPolicy.NONE)
    return memoryview(bytes(data)).cast("H" if form.endswith("u16") else "B")


def visible(image: Any) -> Any:
    """The whole as it is seen: canvas-sized, sRGB with 8 bit."""
    seen = Gimp.Layer.new_from_visible(image, image, "")
    pixels = bytes(read(seen))
    seen.delete()
    return pixels


def furthest(one: Any, other: Any) -> int:
    """The largest difference of two sequences of samples."""
    worst = 0
    for a, b in zip(one, other, strict=True):
        worst = max(worst, abs(a - b))
    return worst


def _pixels(drawable: Any) -> str:
    box = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return _hash(drawable.get_buffer().get(box, 1.0, None, Gegl.AbyssPolicy.NONE))


def _hash(data: Any) -> str:
    return hashlib.sha256(bytes(data)).hexdigest()[:16]
