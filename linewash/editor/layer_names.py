"""What layers are called in the artist's language."""

from __future__ import annotations

from dataclasses import replace

from ..contract import Role
from ..pictures import PaintedLayer
from .texts import tr


def role_name(role: Role) -> str:
    """The name of a kind of layer, as a checkbox or a layer bears it; "" where layers have names of their own."""
    names: dict[Role, str] = {
        "flats": tr("Flats"),
        "shading": tr("Shading"),
        "highlights": tr("Highlights"),
        "color": tr("Colour"),
        "composite": tr("Composite"),
        "regions": tr("Regions"),
    }
    return names.get(role, "")


def named(layer: PaintedLayer) -> PaintedLayer:
    """The layer under the name of its role in the artist's language; one of many of a role keeps its own."""
    return replace(layer, name=role_name(layer.role) or layer.name)
