"""The arguments of the procedures, and what they say: as the dialog, the procedure browser and scripts see them."""

from __future__ import annotations

from typing import Any

from ..linewash.contract import Rgb, Role
from ..linewash.editor.choices import ROLES, Choices
from ..linewash.editor.layer_names import role_name
from ..linewash.editor.texts import tr
from .api import Babl, GObject

_BOTH = GObject.ParamFlags.READWRITE
_LAST_SEED = 2**31 - 1


def argument_of(role: Role) -> str:
    """The name of the argument that asks for this kind of layer."""
    return role.replace("_", "-")


def add_arguments(procedure: Any) -> None:
    """Of `plug-in-linewash-color`, beside run mode, image and drawables."""
    usual = Choices()
    procedure.add_layer_argument(
        "line-art",
        tr("Line _art"),
        tr("The layer with the lines; it is only read. None: the first of the drawables"),
        True,
        _BOTH,
    )
    procedure.add_layer_argument(
        "hints",
        tr("H_ints"),
        tr(
            "The layer with colour strokes; every stroke is obeyed, under half opacity it only suggests. None: no hints"
        ),
        True,
        _BOTH,
    )
    procedure.add_string_argument(
        "style", tr("St_yle"), tr("The trained style that colours the drawing; empty: the default"), usual.style, _BOTH
    )
    procedure.add_palette_argument(
        "palette",
        tr("_Palette"),
        tr("Paint with the colours of this palette only; strokes keep theirs. None: any colour"),
        True,
        None,
        False,
        _BOTH,
    )
    procedure.add_int_argument(
        "seed", tr("See_d"), tr("The same seed gives the same colours again"), 0, _LAST_SEED, usual.seed, _BOTH
    )
    procedure.add_double_argument(
        "variety",
        tr("_Variety"),
        tr("How daring the colours are where no stroke is; at 0 always the likeliest"),
        0.0,
        1.0,
        usual.variety,
        _BOTH,
    )
    procedure.add_double_argument(
        "strength",
        tr("Stren_gth"),
        tr("How colourful the result is; 1 as the style paints it"),
        0.0,
        2.0,
        usual.strength,
        _BOTH,
    )
    procedure.add_double_argument(
        "gap",
        tr("Gap _tolerance"),
        tr("Openings in the lines up to this many pixels wide count as closed; 0: as the drawing's size suggests"),
        0.0,
        64.0,
        usual.gap,
        _BOTH,
    )
    for role in ROLES:
        procedure.add_boolean_argument(
            argument_of(role), role_label(role), role_blurb(role), role in usual.layers, _BOTH
        )
    procedure.add_boolean_argument(
        "selection-only",
        tr("S_election only"),
        tr("Leave the layers transparent outside of the selection"),
        False,
        _BOTH,
    )
    procedure.add_group_layer_return_value(
        "group", tr("Group"), tr("The group of layers that was inserted"), True, _BOTH
    )


def role_label(role: Role) -> str:
    return role_name(role) or tr("One per colour")


def role_blurb(role: Role) -> str:
    return {
        "flats": tr("One even colour in every region"),
        "shading": tr("Shadows, multiplied over the flats"),
        "highlights": tr("Lights, screened over the flats"),
        "color": tr("Hue and saturation only, to lay over a grey drawing"),
        "per_color": tr("A layer of its own for every flat colour"),
    }.get(role, "")


def choices_of(config: Any) -> Choices:
    """What the arguments ask for. ``config``: a `Gimp.ProcedureConfig`."""
    palette = config.get_property("palette")
    return Choices(
        style=config.get_property("style") or "",
        seed=config.get_property("seed"),
        variety=config.get_property("variety"),
        palette="" if palette is None else palette.get_name(),
        strength=config.get_property("strength"),
        gap=config.get_property("gap"),
        layers=tuple(role for role in ROLES if config.get_property(argument_of(role))),
    )


def palette_colors(palette: Any | None) -> tuple[Rgb, ...]:
    """sRGB 0…255. ``palette``: a `Gimp.Palette`."""
    if palette is None:
        return ()
    data, count = palette.get_colormap(Babl.format("R'G'B' u8"))
    flat = bytes(data)[: 3 * count]
    return tuple(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
