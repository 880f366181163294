"""What a script can ask of the procedures, and what it gets."""

from __future__ import annotations

import contextlib
from typing import Any

import easel
from gi.repository import Gegl, Gimp

ALL = dict.fromkeys(("flats", "shading", "highlights", "color", "per_color"), True)
PERCEPTUAL = Gimp.LayerColorSpace.RGB_PERCEPTUAL


def layers(stage: Any) -> None:
    """All kinds of layers that can be inserted."""
    image, ink = easel.drawing()
    group = easel.run(stage, image, ink, **ALL)
    children = list(reversed(group.get_children()))
    stage.result.update(
        group=[group.get_name(), group.get_mode().value_nick, group.get_opacity(), group.get_id() in _ids(image)],
        layers=[
            [one.get_name(), one.get_mode().value_nick, list(one.get_offsets())[1:], round(one.get_opacity(), 1)]
            for one in children
        ],
        sizes=[[one.get_width(), one.get_height()] for one in children],
        as_encoded=[
            one.get_blend_space() == PERCEPTUAL for one in children if "normal" not in one.get_mode().value_nick
        ],
    )
    for one in children:
        one.set_visible(one.get_name() in stage.args["shown"])
    seen = easel.visible(image)
    stage.result["seen"] = [list(seen[4 * (y * easel.WIDTH + x) :][:3]) for x, y in stage.args["at"]]


def options(stage: Any) -> None:
    """With everything a script can choose; the test looks at what the daemon was asked for."""
    palette = Gimp.Palette.new("Two for the tests")
    for color in stage.args["palette"]:
        palette.add_entry("", _color(color))
    image, ink = easel.drawing("rgb", stage.args["precision"])
    hints = easel.new_layer(image, "Strokes")
    easel.fill(hints, (20, 20, 10, 10), (9, 200, 9, 255))
    wanted = dict(
        style="sleep 0", seed=7, variety=0.25, strength=1.5, gap=3.0, flats=True, shading=True, highlights=False
    )
    try:
        easel.run(stage, image, ink, palette=palette, hints=hints, **wanted)
    finally:
        palette.delete()


def defaults(stage: Any) -> None:
    """With nothing but image and layer."""
    image, ink = easel.drawing()
    group = easel.run(stage, image, ink)
    stage.result["layers"] = easel.names(group.get_children())


def line_art(stage: Any) -> None:
    """The line art by its own argument, while the drawable is another layer, or the mask of it."""
    image, ink = easel.drawing()
    sketch = image.get_layers()[2]
    group = easel.run(stage, image, sketch, line_art=ink)
    stage.result["by_argument"] = easel.names(image.get_layers())
    image.remove_layer(group)
    mask = ink.create_mask(Gimp.AddMaskType.WHITE)
    ink.add_mask(mask)
    easel.run(stage, image, mask)
    stage.result["by_mask"] = easel.names(image.get_layers())


def twice(stage: Any) -> None:
    """The same again: another group, the older one untouched."""
    image, ink = easel.drawing()
    easel.run(stage, image, ink)
    before = [easel.entry(layer) for layer in easel.flat(image.get_layers())]
    group = easel.run(stage, image, ink, seed=3)
    stage.result["kept"] = easel.others(image, group) == before
    stage.result["groups"] = sum(layer.is_group() for layer in image.get_layers())


def out_of_range(stage: Any) -> None:
    """Values that no argument takes: what the configuration holds after GIMP was given them."""
    config = Gimp.get_pdb().lookup_procedure(easel.COLOR).create_config()
    for name, value in stage.args["values"].items():
        before = config.get_property(name)
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            config.set_property(name, value)
        after = config.get_property(name)
        argument = config.find_property(name)
        stage.result[name] = [after == before, argument.minimum <= after <= argument.maximum]


def described(stage: Any) -> None:
    """What the procedure browser shows."""
    for name in (easel.COLOR, easel.HINTS):
        procedure = Gimp.get_pdb().lookup_procedure(name)
        arguments, returned = procedure.get_arguments(), procedure.get_return_values()
        stage.result[name] = {
            "blurb": procedure.get_blurb(),
            "help": procedure.get_help(),
            "menus": procedure.get_menu_paths(),
            "arguments": {one.name: [one.blurb, one.nick] for one in arguments},
            "returns": [one.name for one in returned],
        }


def hints(stage: Any) -> None:
    """Make a hint layer for *Ink* in an image of this ``base``, paint on it, and colour after it."""
    image, ink = easel.drawing(stage.args["base"])
    before = [easel.entry(layer) for layer in easel.flat(image.get_layers())]
    values = {"run_mode": Gimp.RunMode.NONINTERACTIVE, "image": image, "drawables": [ink]}
    made = stage.call(easel.HINTS, **values)[0]
    stage.result.update(
        names=easel.names(image.get_layers()),
        selected=[layer.get_id() == made.get_id() for layer in image.get_selected_layers()],
        empty=not any(easel.read(made)),
        size=[made.get_width(), made.get_height(), *list(made.get_offsets())[1:]],
        kept=easel.others(image, made) == before,
        rgb=image.get_base_type() == Gimp.ImageBaseType.RGB,
        brush=[Gimp.context_get_brush().get_name(), Gimp.context_get_opacity()],
    )
    easel.fill(made, (20, 20, 10, 10), (9, 200, 9, 255))
    easel.run(stage, image, ink, hints=made)
    stage.result["colored"] = easel.names(image.get_layers())


def no_hints(stage: Any) -> None:
    """A hint layer where no layer is chosen."""
    image = Gimp.Image.new(40, 30, Gimp.ImageBaseType.RGB)
    values = {"run_mode": Gimp.RunMode.NONINTERACTIVE, "image": image, "drawables": []}
    stage.result["said"] = easel.refused(lambda: stage.call(easel.HINTS, **values))
    stage.result["layers"] = len(image.get_layers())


def _ids(image: Any) -> list[int]:
    return [layer.get_id() for layer in image.get_layers()]


def _color(rgb: list[int]) -> Any:
    return Gegl.Color.new("#" + "".join(f"{value:02x}" for value in rgb))
