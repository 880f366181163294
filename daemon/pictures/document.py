"""A coloured drawing as layers: what the line art and the result are to each other, whatever file they end up in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linewash.contract import Blend
from linewash.pictures import PaintedLayer

from .pixels import Pixels, depth_of, from_picture, to_depth, to_rgba

LINE_ART, TINTED = "Line art", "Picture"
GROUP = "Linewash"


@dataclass(frozen=True)
class Sheet:
    """One layer: RGBA ``pixels`` placed at ``x``, ``y``; only a ``visible`` one counts in the flattened picture."""

    name: str
    blend: Blend
    pixels: Pixels
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True


@dataclass(frozen=True)
class Document:
    """``painted`` (bottom to top) is the group *Linewash*; all sheets have ``depth`` bits a sample."""

    width: int
    height: int
    depth: Literal[8, 16]
    painted: tuple[Sheet, ...]
    line_art: Sheet
    line_art_on_top: bool

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """All sheets, bottom to top."""
        return (*self.painted, self.line_art) if self.line_art_on_top else (self.line_art, *self.painted)


def layered(line_art: Pixels, layers: Sequence[PaintedLayer]) -> Document:
    """The line art (height, width, channels) together with the layers of a result, bottom to top.

    Lines lie on top, set to multiply, so that paper shows the colour below. Where only *color* layers were asked for
    the drawing lies at the bottom instead and they tint it. A *composite* already holds the lines: alone it is the
    picture itself, beside other layers it is kept hidden. *Regions* are something to look at: hidden too, unless alone.
    """
    height, width = line_art.shape[:2]
    depth: Literal[8, 16] = 16 if 16 in (depth_of(line_art), *(layer.picture.depth for layer in layers)) else 8
    roles = {layer.role for layer in layers}
    only_composite = "composite" in roles and roles <= {"composite", "regions"}
    shown = {"composite": only_composite, "regions": roles == {"regions"}}
    only_tint = bool(layers) and all(layer.blend == "color" for layer in layers)
    painted = tuple(
        Sheet(
            name=layer.name,
            blend=layer.blend,
            pixels=to_depth(to_rgba(from_picture(layer.picture)), depth),
            x=layer.x,
            y=layer.y,
            opacity=layer.opacity,
            visible=shown.get(layer.role, True),
        )
        for layer in layers
    )
    lines = Sheet(
        name=TINTED if only_tint else LINE_ART,
        blend="normal" if only_tint else "multiply",
        pixels=to_depth(to_rgba(line_art), depth),
        visible=not only_composite,
    )
    return Document(width, height, depth, painted, lines, line_art_on_top=not only_tint)
